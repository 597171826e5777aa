"""The deficit from above in units of n log^2 n / (e head_dim): at most 1, up to explicit errors."""

from typing import Any

import sympy as sp

from proofs.language import Below, Claim, E, le, prob_below
from proofs.literature_pairs import narrow
from proofs.model import IDEAL, ChiSquare, NormalMax, d, k, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import deficit_numbers
from proofs.theorems.deficit_above import BOUND, DEFICIT, NARROW_SPREAD, RATE
from proofs.theorems.deficit_numbers import FAR, ONE, RELATIVE, TWO
from proofs.theorems.maximum_moments import EXCESS, LEVEL, r
from proofs.theorems.mixed_tilt import low
from proofs.theorems.tilt_moments import tilt_bound
from proofs.theorems.window_error import top
from proofs.theorems.window_necessary import chebyshev, h

_M, _D = NormalMax(n), ChiSquare(d - 1)
_load = _M**2 + 1
_missed = (1 - 1 / n) ** n

SCALE = le(r**4, top * d)
_narrower = le(narrow, d)
DOMAIN = (TWO, FAR, SCALE, ONE)
_inside = (*DOMAIN, le(3, d), _narrower)
RATIO = r**4 / d
_stretch = (2 * r**2 + 14 * r) / d
_low = LEVEL / _stretch
_least = d - 1 - d / r
_shorter = le(_low, _least)
_short = prob_below(_D, _low)
_number = tilt_bound(RATE, _stretch, d)
SPREAD_PART = n * (n - 1) / 2 * narrow / d * NARROW_SPREAD
STATEMENT = Claim(
    le(sp.exp(1) * DEFICIT, RATIO * ((1 + EXCESS) * RELATIVE + 6 / r**2) + sp.exp(1) * SPREAD_PART),
    (*DOMAIN, _narrower),
)


def _combined(name: str, sides: tuple[Any, Any], weights: dict[str, Any], where: tuple[Any, ...] = DOMAIN) -> Step:
    return Step(name, Claim(le(*sides), where), "combination", tuple(weights), {"weights": tuple(weights.values())})


_NUMBERS = (
    *(Step(name, Claim(one, DOMAIN), "sign") for name, one in zip(("two", "far", "scale", "top"), DOMAIN, strict=True)),
    _combined("dimension", (r**4, d), {"scale": 1, "top": d}),
    _combined("degrees", (3, d), {"dimension": 1, "far": r**3}),
    _combined("roots", (r, d), {"dimension": 1, "far": r**3}),
    Step("pace, below", Claim(le(1, RATE), DOMAIN), "sign"),
    _combined("pace", (RATE, 1 + 2 / n), {"two": 1 / (n * (n - 1))}),
    Step("stretch, relative", Claim(le(2 * r**2 + 14 * r, r**4), DOMAIN), "sign"),
    _combined("stretch", (_stretch, RATIO), {"stretch, relative": 1 / d}),
    _combined("ratio", (RATIO, top), {"scale": 1 / d}),
    Step("load, relative", Claim(le((1 + 7 / r) ** 2, 1 + 23 / r), DOMAIN), "sign"),
    _combined("load", (d * _stretch**2, 4 * RATIO * (1 + 23 / r)), {"load, relative": 4 * RATIO}),
    Step(
        "numbers",
        Claim(le(_number - 1, RATIO * RELATIVE), DOMAIN),
        "specialise",
        ("theorem:deficit-numbers#1", "pace, below", "pace", "stretch", "ratio", "load"),
        {
            "put": {
                deficit_numbers.lam: RATIO,
                deficit_numbers.pace: RATE,
                deficit_numbers.load: d * _stretch**2,
                deficit_numbers.excess: _stretch,
            }
        },
    ),
)


def moment(order: int) -> tuple[Step, Step]:
    """Return the steps to a bound on a moment of ``M^2 + 1``."""
    relative = (_load / LEVEL) ** order
    return (
        Step(
            f"relative moment {order}",
            Claim(le(E(relative), 1 + EXCESS), (FAR,)),
            "specialise",
            ("theorem:maximum-moments#1",),
            {"put": {k: order}},
        ),
        Step(
            f"moment {order}",
            Claim(le(E(_load**order), LEVEL**order * (1 + EXCESS)), (FAR,)),
            "combination",
            (f"relative moment {order}",),
            {"weights": (LEVEL**order,)},
        ),
    )


_q, _pace = sp.Symbol("q", positive=True), deficit_numbers.pace
_mixed = tilt_bound(_pace, _load / low, d)
_polynomial = sp.Poly(tilt_bound(_pace, _q / low, d), _q)
_orders = tuple(order for (order,) in _polynomial.monoms() if order)
_rates = (le(1, _pace), le(_pace, 2))
_MOMENTS = (
    *(step for order in _orders for step in moment(order)),
    Step(
        "mixture in c",
        Claim(le(E(_mixed) - 1, (1 + EXCESS) * (tilt_bound(_pace, LEVEL / low, d) - 1)), (FAR, *_rates)),
        "combination",
        tuple(f"moment {order}" for order in _orders),
        {"weights": tuple(_polynomial.coeff_monomial(_q**order) for order in _orders)},
    ),
    _combined("rate at most 2", (RATE, 2), {"two": 1 / (n - 1)}),
    Step(
        "mixture",
        Claim(le(E(BOUND) - 1, (1 + EXCESS) * (tilt_bound(RATE, LEVEL / low, d) - 1)), DOMAIN),
        "specialise",
        ("mixture in c", "far", "pace, below", "rate at most 2"),
        {"put": {_pace: RATE}},
    ),
    Step(
        "deficit by polynomial",
        Claim(
            le(
                DEFICIT,
                _missed * (1 + EXCESS) * (tilt_bound(RATE, LEVEL / low, d) - 1) + prob_below(_D, low) + SPREAD_PART,
            ),
            _inside,
        ),
        "combination",
        ("theorem:deficit-above", "mixture"),
        {"weights": (1, _missed)},
    ),
    Step(
        "deficit",
        Claim(le(DEFICIT, _missed * (1 + EXCESS) * (_number - 1) + _short + SPREAD_PART), _inside),
        "specialise",
        ("deficit by polynomial",),
        {"put": {low: _low}},
    ),
)
_MEAN = (
    Step(
        "missed",
        Claim(le(_missed, sp.exp(-1))),
        "combination",
        ("theorem:barrier-constants#1",),
        {"weights": (1 / n,)},
    ),
    *chebyshev("short", _D, d - 1, Below(_D, d - 1 - h), d - 1 - h),
    Step("gap, relative", Claim(le(2 / r, 1 - LEVEL / (2 * r**2 + 14 * r)), DOMAIN), "sign"),
    _combined("gap", _shorter.args, {"gap, relative": d, "roots": 1 / r}),
    Step(
        "shorter, indicator",
        Claim(le(Below(_D, _low), Below(_D, _least)), (_shorter,)),
        "events",
        args={"weights": {_D: 1}},
    ),
    Step(
        "shorter, mean", Claim(le(_short, prob_below(_D, _least)), (_shorter,)), "expectation", ("shorter, indicator",)
    ),
    Step("shorter", Claim(le(_short, prob_below(_D, _least)), DOMAIN), "specialise", ("shorter, mean", "gap")),
    Step(
        "short at the level",
        Claim(le(prob_below(_D, _least), 2 * (d - 1) / (d / r) ** 2)),
        "specialise",
        ("short",),
        {"put": {h: d / r}},
    ),
    _combined("seldom short", (_short, 2 * r**2 / d), {"shorter": 1, "short at the level": 1}),
    Step("number", Claim(le(sp.exp(1), 3)), "sign"),
    _combined(
        "rate inside",
        STATEMENT.conclusion.args,
        {
            "deficit": sp.exp(1),
            "numbers": sp.exp(1) * _missed * (1 + EXCESS),
            "missed": sp.exp(1) * (1 + EXCESS) * RATIO * RELATIVE,
            "seldom short": sp.exp(1),
            "number": 2 * r**2 / d,
        },
        _inside,
    ),
    Step("rate", STATEMENT, "specialise", ("rate inside", "degrees")),
)

THEOREM = Theorem(
    id="deficit-rate-above",
    title="The deficit from above, with explicit errors",
    prose=(
        "With as many queries as keys, n >= 2, b(n) = n (1 - (1 - 1/n)^n), let r >= 100, 0 < T <= 1, r^4 <= T d, d the "
        "head_dim, and D <= d. Then e (b(n) - E[rank])/n <= (r^4/d) ((1 + 15 n exp(-r^2)/r) (1 + 23/r + 12/n + 1000 T) "
        "+ 6/r^2) + e (n (n - 1)/2) (D/d) V, V as in deficit-above."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(narrow, "a head dimension, no larger"),
        Variable(r, "the square root of log n, in the end"),
        Variable(top, "at least r^4 / d"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier-constants", "deficit-above", "maximum-moments", "deficit-numbers"),
    steps=(*_NUMBERS, *_MOMENTS, *_MEAN),
)
