"""Every sign of the formulas: what kind it is of, its character in Unicode and its name in Typst."""

# ruff: noqa: RUF001 - signs that look like letters are meant
from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters

from rankbound.appendix.formulas.tree import Big, Function, Letter, Mark, Operator, Punctuation, Relation


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: the class of the tree it belongs to, what shows it, and how wide it is in em (of Computer Modern)."""

    kind: type[Letter | Operator | Relation | Punctuation | Mark | Function | Big]
    unicode: str
    typst: str
    width: float


_LETTER_WIDTHS = (  # in thousandths of an em, of a to z and A to Z
    *(529, 429, 433, 520, 466, 597, 513, 576, 345, 469, 552, 318, 878),
    *(600, 485, 503, 482, 479, 469, 361, 572, 521, 743, 572, 526, 509),
    *(750, 809, 786, 856, 796, 782, 786, 912, 518, 651, 921, 681, 1079),
    *(912, 791, 781, 791, 767, 671, 723, 792, 806, 1083, 907, 803, 754),
)
_GREEK = "αβγδζηθικμλνξπρστχψωΓΔΘΛΞΠΣΦΨΩ"
_GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "zeta", "eta", "theta", "iota", "kappa"),
    *("mu", "lambda", "nu", "xi", "pi", "rho", "sigma", "tau", "chi"),
    *("psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma"),
    *("Phi", "Psi", "Omega"),
)
_GREEK_WIDTHS = (
    *(643, 618, 573, 482, 511, 532, 497, 354, 576, 603, 583, 558, 484, 606, 517),
    *(607, 550, 626, 687, 658, 625, 833, 778, 694, 667, 750, 722, 722, 778, 722),
)

SIGNS = {
    **{
        letter: Sign(Letter, letter, letter, width / 1000)
        for letter, width in zip(ascii_letters, _LETTER_WIDTHS, strict=True)
    },
    **{
        name: Sign(Letter, character, name, width / 1000)
        for name, character, width in zip(_GREEK_NAMES, _GREEK, _GREEK_WIDTHS, strict=True)
    },
    # LaTeX's plain and variant forms are the other way round in Unicode.
    "epsilon": Sign(Letter, "ϵ", "epsilon.alt", 0.406),
    "phi": Sign(Letter, "ϕ", "phi.alt", 0.596),
    "varepsilon": Sign(Letter, "ε", "epsilon", 0.466),
    "varphi": Sign(Letter, "φ", "phi", 0.654),
    "vartheta": Sign(Letter, "ϑ", "theta.alt", 0.591),
    "varrho": Sign(Letter, "ϱ", "rho.alt", 0.517),
    "upsilon": Sign(Letter, "υ", "upsilon", 0.540),
    "+": Sign(Operator, "+", "+", 0.778),
    "-": Sign(Operator, "−", "-", 0.778),
    "cdot": Sign(Operator, "⋅", "dot.op", 0.278),
    "times": Sign(Operator, "×", "times", 0.778),
    "/": Sign(Operator, "/", "slash", 0.5),
    "=": Sign(Relation, "=", "=", 0.778),
    "<": Sign(Relation, "<", "<", 0.778),
    ">": Sign(Relation, ">", ">", 0.778),
    "leq": Sign(Relation, "≤", "<=", 0.778),
    "geq": Sign(Relation, "≥", ">=", 0.778),
    "neq": Sign(Relation, "≠", "eq.not", 0.778),
    "sim": Sign(Relation, "∼", "tilde.op", 0.778),
    "approx": Sign(Relation, "≈", "approx", 0.778),
    "mid": Sign(Relation, "∣", "divides", 0.278),
    "to": Sign(Relation, "→", "->", 1.0),
    "in": Sign(Relation, "∈", "in", 0.667),
    ":": Sign(Relation, ":", ":", 0.278),
    ",": Sign(Punctuation, ",", "comma", 0.278),
    ";": Sign(Punctuation, ";", "semi", 0.278),
    "infty": Sign(Mark, "∞", "infinity", 1.0),
    "ldots": Sign(Mark, "…", 'class("normal", . thin . thin .)', 1.17),
    "cdots": Sign(Mark, "⋯", 'class("normal", dot.op thin dot.op thin dot.op)', 1.17),
    "*": Sign(Mark, "∗", "ast.op", 0.5),
    "..": Sign(Mark, "..", 'class("normal", . .)', 0.556),
    "!": Sign(Mark, "!", "!", 0.278),
    "top": Sign(Mark, "⊤", "top", 0.778),
    "bot": Sign(Mark, "⊥", "bot", 0.778),
    "forall": Sign(Mark, "∀", "forall", 0.556),
    "exists": Sign(Mark, "∃", "exists", 0.556),
    "log": Sign(Function, "log", "log", 1.278),
    "exp": Sign(Function, "exp", "exp", 1.528),
    "min": Sign(Function, "min", "min", 1.667),
    "max": Sign(Function, "max", "max", 1.861),
    "sup": Sign(Function, "sup", "sup", 1.5),
    "inf": Sign(Function, "inf", "inf", 1.139),
    "sum": Sign(Big, "∑", "sum", 1.444),
    "prod": Sign(Big, "∏", "product", 1.278),
    "int": Sign(Big, "∫", "integral", 1.0),
    "lim": Sign(Big, "lim", "lim", 1.389),
    "limsup": Sign(Big, "lim sup", "limsup", 3.06),
    "liminf": Sign(Big, "lim inf", "liminf", 2.72),
}
"""By their names in the tree, which are LaTeX's without the backslash."""

SPACES = {",": (3 / 18, "thin"), ";": (5 / 18, "thick"), "quad": (1.0, "quad"), "qquad": (2.0, "wide")}
"""White space by its name in the tree: its width in em, and its name in Typst."""

DELIMITERS = {
    "(": ("(", "paren.l"),
    ")": (")", "paren.r"),
    "[": ("[", "bracket.l"),
    "]": ("]", "bracket.r"),
    r"\{": ("{", "brace.l"),
    r"\}": ("}", "brace.r"),
    r"\lceil": ("⌈", "ceil.l"),
    r"\rceil": ("⌉", "ceil.r"),
    "|": ("|", "bar.v"),
    r"\lvert": ("|", "bar.v"),
    r"\rvert": ("|", "bar.v"),
    r"\lVert": ("‖", "bar.v.double"),
    r"\rVert": ("‖", "bar.v.double"),
}
"""By their tokens in LaTeX: the character in Unicode and the name in Typst."""

OPENING = ("(", "[", r"\{", r"\lceil", r"\lvert", r"\lVert")
CLOSING = (")", "]", r"\}", r"\rceil", r"\rvert", r"\rVert")
SIZES = (1.0, 1.2, 1.8, 2.4, 3.0)
"""The heights in em of delimiters of a fixed size."""

FONTS = ("mathrm", "mathbf", "mathbb", "mathcal")
ACCENTS = {"bar": ("¯", "macron"), "hat": ("ˆ", "hat")}
"""By their names: the character in Unicode and the name in Typst."""
