"""The expected rank in the window, between bounds with explicit errors; ``L`` stands for log n, which enters later."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, NormalTail, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, NormalMax, Rank, d, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import pair_gap, window_lower
from proofs.theorems.window_error import CENTRE, L, top
from proofs.theorems.window_expansion import WINDOW, lam
from proofs.theorems.window_limit import TILT
from proofs.theorems.window_lower import STATEMENT as LOWER
from proofs.theorems.window_upper import STATEMENT as UPPER
from proofs.theorems.winner_tilt import a, b
from proofs.theorems.winner_weight import s

_TENTH = sp.Rational(1, 10)
_r = sp.sqrt(L)
LOW, HIGH = (2 * _r - 1) / sp.sqrt(2), sp.sqrt(2 * L + 2 * _r + 8 * top + 1)
"""Scores between which the winner's nearly always is."""
VERY_LOW = sp.sqrt(19 * L / 10)
"""A score that the winner's is below with a chance smaller than any power of n."""
_fewer = sp.sqrt(2) * sp.sqrt(d - 1)
_width = 2 * _r + 8 * top + 1
SMALL = 10 * sp.sqrt(top) / L + 2 * top / L + _width * sp.sqrt(top) / (sp.sqrt(2) * L)
"""What both bounds have in common, beside the winner's score."""
_low, _high = prob_below(NormalMax(n), LOW), prob_at_least(NormalMax(n), HIGH)
PAIRS = (n - 1) * sp.exp(-sp.Rational(38, 11) * L) + 2 * (1 - NormalTail(VERY_LOW)) ** (n - 1) + sp.exp(-3 * L)

_two, _four, _far, _some = le(2, n), le(4, L), le(600 * top, L), lt(0, lam)
_scale, _few = le(L**2, top * d), le(lam, top)
_from_below, _from_above = le(L**2, lam * d), le(lam * d, L**2 + lam)
DOMAIN = (_two, _four, _far, _some, _scale, _few, _from_below, _from_above)
_degrees, _wide, _tilts = le(3, d), le(64 * lam, d), lt(0, TILT)
_inside = (*DOMAIN, _degrees, _wide, _tilts)
SHARE = E(Rank(n, n, d)) / n
_upper = le(SHARE, WINDOW + _low + SMALL + 1 / (n - 1))
_lower = le(
    WINDOW - _low - _high - SMALL - 4 * top**2 / L - top / L**2 - n * (n - 1) / 2 * PAIRS,
    SHARE,
)
_statement = All((Claim(_upper, DOMAIN), Claim(_lower, DOMAIN)))
_put = {s: TILT, a: LOW}
_put_below = {**_put, b: HIGH, window_lower.ceiling: d**2, window_lower.low: VERY_LOW, pair_gap.q: _TENTH}


def _is(name: str, condition: Any) -> Step:
    return Step(name, Claim(condition, (condition,)), "sign")


def _at(claim: Claim, put: dict[Any, Any]) -> Any:
    """Return the claim's relation with values put in."""
    relation = claim.conclusion
    return le(relation.lhs.xreplace(put), relation.rhs.xreplace(put))


_DOMAIN = (
    _is("four", _four),
    _is("far", _far),
    _is("scale", _scale),
    _is("few", _few),
    Step(
        "degrees",
        Claim(_degrees, DOMAIN),
        "combination",
        ("scale", "far", "four"),
        {"weights": (1 / top, L / top, 600)},
    ),
    Step(
        "wide",
        Claim(_wide, DOMAIN),
        "combination",
        ("scale", "far", "few"),
        {"weights": (1 / top, (L + 600 * top) / top, 64)},
    ),
    Step("tilts", Claim(_tilts, DOMAIN), "specialise", ("theorem:window-limit#3", "wide")),
    Step(
        "root of 4",
        Claim(le(2, _r), (_four,)),
        "monotone",
        ("four",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    Step("low score", Claim(lt(0, LOW), (_four,)), "combination", ("root of 4",), {"weights": (sp.sqrt(2),)}),
    Step(
        "low score and centre",
        Claim(le(LOW**2, CENTRE), _inside),
        "combination",
        ("theorem:window-error#5", "root of 4"),
    ),
    Step(
        "high score and centre",
        Claim(le(CENTRE, HIGH**2), _inside),
        "combination",
        ("theorem:window-error#6",),
    ),
)

_BOUNDS = (
    Step(
        "from above, by the tilt",
        Claim(_at(UPPER, _put), _inside),
        "specialise",
        ("theorem:window-upper", "low score", "low score and centre"),
        {"put": _put},
    ),
    Step(
        "upper inside",
        Claim(_upper, _inside),
        "combination",
        (
            "from above, by the tilt",
            "theorem:window-limit#1",
            "theorem:window-error#1",
            "theorem:window-error#2",
            "theorem:window-error#4",
            "theorem:window-error#6",
        ),
        {"weights": (1, 1, 4, 2 + _width / (2 * sp.sqrt(2)), 1, 1 / (2 * _fewer))},
    ),
    Step("upper", Claim(_upper, DOMAIN), "specialise", ("upper inside", "degrees", "wide", "tilts")),
    Step(
        "from below, by the tilt",
        Claim(_at(LOWER, _put_below), _inside),
        "specialise",
        ("theorem:window-lower", "low score", "high score and centre"),
        {"put": _put_below},
    ),
    Step("share", Claim(le(1 / d, top / L**2), DOMAIN), "combination", ("scale",), {"weights": (1 / (d * L**2),)}),
    Step(
        "cap exponent",
        Claim(le(-d / 200, -3 * L), DOMAIN),
        "combination",
        ("scale", "far"),
        {"weights": (1 / (200 * top), L / (200 * top))},
    ),
    Step(
        "cap", Claim(le(sp.exp(-d / 200), sp.exp(-3 * L)), DOMAIN), "monotone", ("cap exponent",), {"function": "exp"}
    ),
    Step(
        "lower inside",
        Claim(_lower, _inside),
        "combination",
        (
            "from below, by the tilt",
            "theorem:window-limit#2",
            "theorem:window-error#1",
            "theorem:window-error#2",
            "theorem:window-error#4",
            "theorem:window-error#5",
            "theorem:window-error#3",
            "few",
            "share",
            "cap",
        ),
        {
            "weights": (
                1,
                1,
                4,
                2 + _width / (2 * sp.sqrt(2)),
                1,
                1 / (2 * _fewer),
                4 * lam,
                4 * top / L,
                1,
                n * (n - 1) / 2,
            )
        },
    ),
    Step("lower", Claim(_lower, DOMAIN), "specialise", ("lower inside", "degrees", "wide", "tilts")),
)

THEOREM = Theorem(
    id="window-rate",
    title="The rank in the window, with explicit errors",
    prose=(
        "With as many queries as keys, n >= 2, let T > 0, L >= max(4, 600 T), L^2 <= T d, 0 < lambda <= T and L^2 <= "
        "lambda d <= L^2 + lambda. With F as in window-expansion, M the largest of n standard normals and r = "
        "sqrt(L): E[rank]/n <= F(lambda) + P(low) + e + 1/(n - 1), and E[rank]/n >= F(lambda) - P(low) - P(high) - e "
        "- 4 T^2/L - T/L^2 - (n (n - 1)/2) B, where low is M < sqrt(2) (r - 1/2), high is M >= sqrt(2L + 2r + 8T + "
        "1), e = (10 sqrt(T) + 2T + (2r + 8T + 1) sqrt(T/2))/L, and B = (n - 1) exp(-38L/11) + 2 Phi(sqrt(1.9 "
        "L))^(n-1) + exp(-3L)."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(L, "log n, in the end"),
        Variable(lam, "about L^2/d"),
        Variable(top, "at least lambda and L^2/d"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "window-upper", "window-lower", "window-limit", "window-error"),
    steps=(*_DOMAIN, *_BOUNDS, Step("statement", _statement, "conjunction", ("upper", "lower"))),
)
