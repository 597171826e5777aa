"""The errors of the window's two bounds on the rank, in terms of log n: all but those of the largest of n normals."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, le, lt
from proofs.model import d
from proofs.records import Step, Theorem, Variable
from proofs.theorems.window_expansion import lam
from proofs.theorems.window_limit import TILT
from proofs.theorems.winner_tilt import MEAN, STRETCH
from proofs.theorems.winner_weight import s

L = sp.Symbol("L", positive=True)
top = sp.Symbol("T", positive=True)
"""The largest ``lambda``, a bound on ``L^2/d``."""

_HALF, _THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
_root, _degrees, _fewer = sp.sqrt(lam) / sp.sqrt(d), sp.sqrt(d), sp.sqrt(d - 1)
STRETCHED, CENTRE = STRETCH.xreplace({s: TILT}), MEAN.xreplace({s: TILT})
_product = sp.sqrt(lam) * sp.sqrt(d)
_two, _positive, _wide = le(2, d), lt(0, TILT), le(64 * lam, d)
_scale, _few, _one = le(L**2, top * d), le(lam, top), le(1, L)
_from_below, _from_above = le(L**2, lam * d), le(lam * d, L**2 + lam)
_tilts = (_positive, _wide)

_inverse = Claim(le(1 / _degrees, sp.sqrt(top) / L), (_scale,))
_inverse_fewer = Claim(le(1 / _fewer, 2 * sp.sqrt(top) / L), (_scale, _two))
_root_bound = Claim(le(_root, top / L), (_scale, _few))
_stretch_bound = Claim(le((STRETCHED - 1) / 2, 2 * sp.sqrt(top) / L + 2 * top / L), (*_tilts, _two, _scale, _few))
_centre_below = Claim(le(2 * L, CENTRE), (*_tilts, _from_below))
_centre_above = Claim(le(CENTRE, 2 * L + 8 * top + 1), (*_tilts, _from_above, _few, _one))
_parts = (_inverse, _inverse_fewer, _root_bound, _stretch_bound, _centre_below, _centre_above)
_statement = All(_parts)


def _is(name: str, condition: Any) -> Step:
    return Step(name, Claim(condition, (condition,)), "sign")


THEOREM = Theorem(
    id="window-error",
    title="The errors in the window",
    prose=(
        "Let L, T > 0, L^2 <= T d, lambda <= T, s = 1 - 2 sqrt(lambda/d), d >= 64 lambda. Then 1/sqrt(d) <= "
        "sqrt(T)/L and, for d >= 2, 1/sqrt(d-1) <= 2 sqrt(T)/L and (c - 1)/2 <= 2 sqrt(T)/L + 2T/L, c = "
        "sqrt(d/(d-1))/s; sqrt(lambda/d) <= T/L; and N = d/s - d + 1 is at least 2L if lambda d >= L^2, and at most "
        "2L + 8T + 1 if lambda d <= L^2 + lambda and L >= 1."
    ),
    statement=_statement,
    variables=(
        Variable(d, "head dimension"),
        Variable(L, "log n, in the end"),
        Variable(lam, "about L^2/d"),
        Variable(top, "at least lambda and L^2/d"),
    ),
    assumptions=(),
    steps=(
        _is("scale", _scale),
        _is("few", _few),
        _is("wide", _wide),
        _is("two", _two),
        _is("from below", _from_below),
        _is("from above", _from_above),
        _is("one", _one),
        Step(
            "share", Claim(le(1 / d, top / L**2), (_scale,)), "combination", ("scale",), {"weights": (1 / (d * L**2),)}
        ),
        Step("inverse", _inverse, "monotone", ("share",), {"function": "power", "exponent": _HALF}),
        Step(
            "fewer degrees",
            Claim(le(1 / (d - 1), 4 * top / L**2), (_scale, _two)),
            "combination",
            ("share", "two"),
            {"weights": (2, 1 / (d * (d - 1)))},
            "1/(d-1) <= 2/d",
        ),
        Step(
            "inverse, fewer", _inverse_fewer, "monotone", ("fewer degrees",), {"function": "power", "exponent": _HALF}
        ),
        Step(
            "squared root",
            Claim(le(lam / d, top**2 / L**2), (_scale, _few)),
            "combination",
            ("few", "share"),
            {"weights": (1 / d, top)},
        ),
        Step("root", _root_bound, "monotone", ("squared root",), {"function": "power", "exponent": _HALF}),
        Step(
            "small share",
            Claim(le(lam / d, sp.Rational(1, 64)), (_wide,)),
            "combination",
            ("wide",),
            {"weights": (1 / (64 * d),)},
        ),
        Step(
            "small root",
            Claim(le(_root, sp.Rational(1, 8)), (_wide,)),
            "monotone",
            ("small share",),
            {"function": "power", "exponent": _HALF},
        ),
        Step(
            "least tilt",
            Claim(le(sp.Rational(3, 4), TILT), (_wide,)),
            "combination",
            ("small root",),
            {"weights": (2,)},
        ),
        Step(
            "inverse tilt",
            Claim(le(1 / TILT, sp.Rational(4, 3)), _tilts),
            "combination",
            ("least tilt",),
            {"weights": (sp.Rational(4, 3) / TILT,)},
        ),
        Step("at least one degree", Claim(le(1, d)), "sign"),
        Step(
            "at least one degree, root",
            Claim(le(1, _degrees)),
            "monotone",
            ("at least one degree",),
            {"function": "power", "exponent": _HALF},
        ),
        Step(
            "roots",
            Claim(le(_degrees - _fewer, 1), (_two,)),
            "combination",
            ("at least one degree, root",),
            {"weights": (1 / (_degrees + _fewer),)},
        ),
        Step(
            "stretch by tilt",
            Claim(le(STRETCHED - 1, (1 / _fewer + 2 * _root) / TILT), (*_tilts, _two)),
            "combination",
            ("roots",),
            {"weights": (1 / (_fewer * TILT),)},
        ),
        Step(
            "stretch",
            Claim(le((STRETCHED - 1) / 2, _THIRD * 2 * (1 / _fewer + 2 * _root)), (*_tilts, _two)),
            "combination",
            ("stretch by tilt", "inverse tilt"),
            {"weights": (_HALF, (1 / _fewer + 2 * _root) / 2)},
        ),
        Step(
            "stretch bound",
            _stretch_bound,
            "combination",
            ("stretch", "inverse, fewer", "root"),
            {"weights": (1, 2 * _THIRD, 4 * _THIRD)},
        ),
        Step(
            "score from below",
            Claim(le(L, _product), (_from_below,)),
            "monotone",
            ("from below",),
            {"function": "power", "exponent": _HALF},
        ),
        Step("root nonnegative", Claim(le(0, _root)), "sign"),
        Step(
            "tilt at most 1",
            Claim(le(1, 1 / TILT), _tilts),
            "combination",
            ("root nonnegative",),
            {"weights": (2 / TILT,)},
        ),
        Step(
            "centre, below",
            _centre_below,
            "combination",
            ("tilt at most 1", "score from below"),
            {"weights": (2 * _product, 2)},
        ),
        Step(
            "square of the score",
            Claim(le(lam * d, (L + lam) ** 2), (_from_above, _one)),
            "combination",
            ("from above", "one"),
            {"weights": (1, 2 * lam)},
        ),
        Step(
            "score from above",
            Claim(le(_product, L + lam), (_from_above, _one)),
            "monotone",
            ("square of the score",),
            {"function": "power", "exponent": _HALF},
        ),
        Step(
            "centre, above",
            _centre_above,
            "combination",
            ("inverse tilt", "score from above", "few"),
            {"weights": (4 * lam, 2, 2 + sp.Rational(16, 3))},
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("inverse", "inverse, fewer", "root", "stretch bound", "centre, below", "centre, above"),
        ),
    ),
)
