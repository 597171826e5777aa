"""How each quantity is written: the notation of the theorems, one line a quantity.

``n`` is always the number of keys, ``m`` that of queries, ``d`` the head dimension and ``w`` the length of a token.
Where the parameters of a quantity are these symbols themselves, they are left out: ``D`` stands for ``D^{(n, m, d)}``.
"""

from __future__ import annotations

from dataclasses import dataclass

from proofs.language import ALIGNED, KEYS, NORM, PAIR, PLANE


@dataclass(frozen=True, slots=True)
class Notation:
    """A letter, the number of arguments that are its indices, and the usual names of the others.

    ``form`` is used for quantities that are written in another way; its fields are the arguments.
    """

    letter: str = ""
    indices: int = 0
    parameters: tuple[str, ...] = ()
    form: str = ""


QUANTITIES = {
    "Pick": Notation("J", 1, ("n", "m", "d")),
    "OppositePick": Notation(r"\bar{J}", 1, ("n", "m", "d")),
    "LargestKey": Notation("L", 1),
    "SmallestKey": Notation("L'", 1),
    "PickChance": Notation("p", 1, ("n", "d")),
    "Rank": Notation("D", 0, ("n", "m", "d")),
    "Entry": Notation("A", 2, ("n", "m", "d")),
    "SoftEntry": Notation("P", 2, ("n", "m", "d")),
    "SingularValue": Notation(r"\sigma", 1, ("n", "m", "d")),
    "SoftSingularValue": Notation(r"\hat{\sigma}", 1, ("n", "m", "d")),
    "KeyNorm2": Notation(r"\Lambda", 1, ("n", "d")),
    "Radius": Notation("R", 0, ("d",)),
    "Cosine": Notation("C", 0, ("d",)),
    "SecondCosine": Notation("C'", 0, ("d",)),
    "QueryCosine": Notation(r"\varrho", 0, ("d",)),
    "QueryTurn": Notation(r"\tau", 0, ("d",)),
    "QueryAlong": Notation("B", 0, ("d",)),
    "QueryAcross2": Notation("T", 0, ("d",)),
    "Score": Notation("S", 1, ("n", "d")),
    "SecondScore": Notation("S'", 1, ("n", "d")),
    "WinnerNorm2": Notation("V", 0, ("n", "m", "d")),
    "ChiSquare": Notation(form=r"\chi^{{2}}_{{{0}}}"),
    "NormalMax": Notation("M", 1),
    "UniformPick": Notation("U", 1, ("n",)),
    "Occupied": Notation(r"\mathrm{Occ}", 0, ("n", "m")),
    "WindowPick": Notation("W", 1, ("w",)),
    "WindowOccupied": Notation(r"\mathrm{Occ}'", 0, ("n", "w")),
    "MaskedPick": Notation("J'", 1, ("n", "w", "d")),
    "MaskedEntry": Notation("A'", 2, ("n", "w", "d")),
    "MaskedRank": Notation("D'", 0, ("n", "w", "d")),
    "QueryEntry": Notation(r"\hat{Q}", 1, ("d",)),
    "KeyEntry": Notation(r"\hat{K}", 1, ("d",)),
    "Token": Notation("X", 2, ("w",)),
    "ColumnShare": Notation("P'", 2, ("n",)),
    "LeftInverse": Notation(r"\bar{X}", 2, ("n", "w")),
    "LeftFactor": Notation(r"\hat{U}", 2, ("n", "d")),
    "RightFactor": Notation(r"\hat{V}", 2, ("n", "d")),
    "HeadKey": Notation(r"\hat{k}", 2),
    "HeadQuery": Notation(r"\hat{q}", 2),
    "LogSingularValue": Notation(r"\bar{\sigma}", 1, ("n",)),
    "LogRightVector": Notation(r"\bar{V}", 2, ("n",)),
    "LayerKeyWeight": Notation(form=r"(W_{{\mathrm{{k}}}}^{{({0})}})_{{{1}, {2}}}"),
    "LayerQueryWeight": Notation(form=r"(W_{{\mathrm{{q}}}}^{{({0})}})_{{{1}, {2}}}"),
    "LayerValueWeight": Notation(form=r"(W_{{\mathrm{{v}}}}^{{({0})}})_{{{1}, {2}}}"),
    "LayerOutputWeight": Notation(form=r"(W_{{\mathrm{{o}}}}^{{({0})}})_{{{1}, {2}}}"),
    "OtherOutput": Notation(form=r"(\bar{{W}}_{{\mathrm{{o}}}}^{{({0})}})_{{{1}}}"),
    "OtherValue": Notation(form=r"(\bar{{W}}_{{\mathrm{{v}}}}^{{({0})}})_{{{1}}}"),
    "OtherScore": Notation(form=r"(\bar{{A}}^{{({0})}})_{{{1}, {2}}}"),
    "QueryWeight": Notation(form=r"(W_{{\mathrm{{q}}}})_{{{0}, {1}}}"),
    "KeyWeight": Notation(form=r"(W_{{\mathrm{{k}}}})_{{{0}, {1}}}"),
    "QueryCoordinate": Notation("Q", 2, ("w",)),
    "KeyCoordinate": Notation("K", 2, ("w",)),
    "AttentionScore": Notation("S''", 2, ("d", "w")),
    "KeyProduct": Notation(r"\hat{\Lambda}", 2, ("d", "w")),
    "KeySquare": Notation(r"\bar{\Lambda}", 1, ("d", "w")),
    "KeyGap2": Notation(r"\Lambda'", 0, ("d", "w")),
    "QueryDownWeight": Notation(form=r"(U_{{\mathrm{{q}}}})_{{{0}, {1}}}"),
    "KeyDownWeight": Notation(form=r"(U_{{\mathrm{{k}}}})_{{{0}, {1}}}"),
    "QueryUpWeight": Notation(form=r"(V_{{\mathrm{{q}}}})_{{{0}, {1}}}"),
    "KeyUpWeight": Notation(form=r"(V_{{\mathrm{{k}}}})_{{{0}, {1}}}"),
    "QueryLatent": Notation("Q'", 2, ("w",)),
    "KeyLatent": Notation("K'", 2, ("w",)),
    "LatentScore": Notation(r"\hat{S}", 2),
    "AbsorbedKey": Notation(r"\bar{K}", 2),
    "KeyFrame": Notation("F", 3, ("d", "w")),
    "RotatedQuery": Notation("G", 2, ("d", "w")),
    "ReducedKey": Notation("Y", 2, ("d", "w")),
    "KeyFactor": Notation("H", 2, ("d", "w")),
    "IsVertex": Notation(r"\nu", 1, ("n", "d")),
    "Vertices": Notation("f", 2),
    "Facets": Notation(r"\hat{f}", 2),
    "PlaneDistance": Notation("N", 0, ("d",)),
    "Height": Notation("Z", 1, ("n", "d")),
    "SimplexAngle": Notation(r"\beta", 1),
    "OuterAngle": Notation(r"\gamma", 2),
    "Stirling": Notation(form=r"\genfrac{{\{{}}{{\}}}}{{0pt}}{{}}{{{0}}}{{{1}}}"),
    "Eulerian": Notation(form=r"\mathcal{{A}}\left({0}, {1}\right)"),
    "NormalTail": Notation(form=r"\bar{{\Phi}}\left({0}\right)"),
    "BivariateBelow": Notation(form=r"\Phi_{{{2}}}\left({0}, {1}\right)"),
}
"""By the name of the head in :mod:`proofs.language` or :mod:`proofs.model`, whose docstring says what it is."""

KNOWLEDGE = {
    KEYS: (),
    NORM: ("Radius",),
    ALIGNED: ("Radius", "Cosine"),
    PLANE: ("PlaneDistance",),
    PAIR: ("Radius", "Cosine", "SecondCosine", "QueryCosine"),
}
"""The quantities that an expectation is given; for all keys there is one letter, :data:`ALL_KEYS`."""

ALL_KEYS = r"\mathcal{K}"
