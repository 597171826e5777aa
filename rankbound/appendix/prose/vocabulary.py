"""The names that ASCII mathematics in prose uses, and how each is written in LaTeX."""

from __future__ import annotations

_SMALL_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
)
_LARGE_GREEK = ("Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega")

GREEK = {name: rf"\{name}" for name in (*_SMALL_GREEK, *_LARGE_GREEK)} | {"eps": r"\varepsilon"}
"""Greek letters by the names they go by in prose."""

ARGUMENT_FOLLOWS = {"log": r"\log", "lim": r"\lim", "limsup": r"\limsup", "liminf": r"\liminf"}
"""Functions whose argument may stand after a space: ``log n``."""

BRACKET_FOLLOWS = {
    "exp": r"\exp",
    "max": r"\max",
    "min": r"\min",
    "sup": r"\sup",
    "inf": r"\inf",
    "diag": r"\mathrm{diag}",
}
"""Functions only where a parenthesis, or an index, follows at once; words (or nothing) elsewhere."""

ENCLOSING = {"sqrt": (r"\sqrt{", "}"), "ceil": (r"\lceil ", r" \rceil")}
"""What a function puts in place of the parentheses around its argument."""

OPERATOR_SIGNS = {"sum": r"\sum"}
"""Words that are signs with an index: ``sum_i``."""

QUANTITIES = {
    "rank": r"\mathrm{rank}",
    "Occ": r"\mathrm{Occ}",
    "Var": r"\mathrm{Var}",
    "head_dim": r"\mathrm{head\_dim}",
}
"""Quantities with names of several letters."""

ALWAYS_QUANTITIES = frozenset({"Occ", "head_dim"})
"""Those that are no words of the language, so that they are set as formulas even when they stand alone."""

MEANS = {"E": r"\mathbb{E}", "P": r"\mathbb{P}", "Var": r"\mathrm{Var}"}
"""What takes an event or a quantity in brackets, which may be told in words."""

INFINITY = frozenset({"infinity", "oo"})

RELATIONS = {
    "<=": r"\leq",
    ">=": r"\geq",
    "!=": r"\neq",
    "->": r"\to",
    "<": "<",
    ">": ">",
    "=": "=",
    "~": r"\sim",
}

SIGNS = {
    "<=": "\N{LESS-THAN OR EQUAL TO}",
    ">=": "\N{GREATER-THAN OR EQUAL TO}",
    "!=": "\N{NOT EQUAL TO}",
    "->": "\N{RIGHTWARDS ARROW}",
    "~": "\N{TILDE OPERATOR}",
    "...": "\N{HORIZONTAL ELLIPSIS}",
    "..": "\N{HORIZONTAL ELLIPSIS}",
}
"""How relations and dots are written among words."""

MINUS, EN_DASH, APOSTROPHE = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{RIGHT SINGLE QUOTATION MARK}"

QUOTES = {
    "'": ("\N{LEFT SINGLE QUOTATION MARK}", APOSTROPHE),
    '"': ("\N{LEFT DOUBLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}"),
}
"""What opens and what closes a quotation, for each straight mark."""

ROMAN_INDICES = frozenset("qkvo")
"""The indices of weight matrices that abbreviate words: query, key, value and output."""

SHORT_WORDS = frozenset(
    (
        *("ad", "al", "am", "an", "as", "at", "be", "by", "do", "ed", "eq", "et", "ex", "go", "he", "hi", "ie", "if"),
        *("in", "is", "it", "ll", "me", "my", "nd", "no", "of", "on", "or", "so", "th", "to", "up", "us", "vs", "we"),
    )
)
"""Words of two letters; other pairs of letters in a formula are products."""

AFTER_A_VARIABLE = frozenset(("and", "are", "at", "being", "for", "has", "in", "is", "makes", "of", "or", "the", "to"))
"""Words that may follow the letter ``a`` as a variable, but not the article."""
