"""The deficit from below in units of n log^2 n / (e head_dim): at least 1, up to explicit errors."""

from typing import Any

import sympy as sp

from proofs.language import Claim, E, le
from proofs.model import IDEAL, NormalMax, Rank, barrier_of, d, k, m, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import deficit_numbers
from proofs.theorems.deficit_above import DEFICIT
from proofs.theorems.deficit_below import BOUND, OTHERS
from proofs.theorems.deficit_numbers import FAR, TWO, cubic, quartic
from proofs.theorems.deficit_rate_above import DOMAIN, RATIO, moment
from proofs.theorems.maximum_moments import EXCESS, LEVEL, SHORTFALL, r
from proofs.theorems.tilt_moments import mean_bound, slope
from proofs.theorems.window_error import top

_x = sp.Symbol("x", nonnegative=True)
_g, _b, _c = sp.Symbol("g", real=True), sp.Symbol("b", real=True), sp.Symbol("c", positive=True)

_square = NormalMax(n) ** 2
_slope = 2 * r**2 / d
_most = (2 * r**2 - 2 * r) * (1 - SHORTFALL)
RELATIVE = (2 - 2 / r) * (1 - SHORTFALL) - 1 / r**2 - 1 - 66 / n - deficit_numbers.SMALL * (1 + EXCESS)
"""What the bound from below is, relative to ``r^4/d``."""
STATEMENT = Claim(le(RATIO * RELATIVE, sp.exp(1) * DEFICIT), DOMAIN)


def _parts(level: Any, degrees: Any) -> Any:
    return cubic(slope, level, degrees) + quartic(slope, level, degrees)


def _bound(square: Any, degrees: Any) -> Any:
    """Return a bound on the polynomial, with powers of ``square + 1`` beyond the first term."""
    return 1 - slope * (square - 1) / 2 + _parts(square + 1, degrees)


def _polynomial(square: Any, degrees: Any) -> Any:
    return mean_bound(sp.Integer(1), degrees, slope * (square - 1) / 2, slope)


_small = _parts(LEVEL, d - 1).xreplace({slope: _slope})
_MEAN = (
    Step("numbers", Claim(le(_polynomial(_x, k), _bound(_x, k))), "sign"),
    Step(
        "at the maximum",
        Claim(le(BOUND, _bound(_square, d - 1))),
        "specialise",
        ("numbers",),
        {"put": {_x: _square, k: d - 1}},
    ),
    Step(
        "mean",
        Claim(le(E(BOUND), 1 - slope * (E(_square) - 1) / 2 + E(_parts(_square + 1, d - 1)))),
        "expectation",
        ("at the maximum",),
    ),
    *(step for order in (1, 2, 3, 4) for step in moment(order)),
    Step(
        "parts",
        Claim(le(E(_parts(_square + 1, d - 1)), (1 + EXCESS) * _parts(LEVEL, d - 1)), (FAR,)),
        "combination",
        ("moment 4", "moment 3", "moment 2", "moment 1"),
        {
            "weights": (
                slope**4 / 2,
                slope**3 / 48,
                6 * slope**4 * (d - 1),
                slope**3 * (d - 1) / 8 + 16 * slope**4 * (d - 1),
            )
        },
    ),
    Step(
        "far enough",
        Claim(le(_most, E(_square)), (FAR,)),
        "specialise",
        ("theorem:maximum-moments#2",),
    ),
    Step(
        "by the slope",
        Claim(
            le(
                OTHERS
                * (
                    slope * (_most - 1) / 2
                    - slope**2 * d / 4
                    - 33 * slope**2 * d / (2 * n)
                    - (1 + EXCESS) * _parts(LEVEL, d - 1)
                ),
                DEFICIT,
            ),
            (TWO, FAR),
        ),
        "combination",
        ("theorem:deficit-below", "mean", "parts", "far enough"),
        {"weights": (1, OTHERS, OTHERS, OTHERS * slope / 2)},
    ),
    Step(
        "at the slope",
        Claim(
            le(
                OTHERS
                * (_slope * (_most - 1) / 2 - _slope**2 * d / 4 - 33 * _slope**2 * d / (2 * n) - (1 + EXCESS) * _small),
                DEFICIT,
            ),
            (TWO, FAR),
        ),
        "specialise",
        ("by the slope",),
        {"put": {slope: _slope}},
    ),
)

_signs = (le(0, _g), le(_c * _b, _g), le(sp.exp(-1), _c))
_RATE = (
    *(Step(f"signs, {number}", Claim(one, _signs), "sign") for number, one in enumerate(_signs, 1)),
    Step("loss", Claim(le(_b, 0), (*_signs, le(_b, 0))), "sign"),
    Step(
        "if positive",
        Claim(le(sp.exp(-1) * _b, _g), (*_signs, le(0, _b))),
        "combination",
        ("signs, 2", "signs, 3"),
        {"weights": (1, _b)},
    ),
    Step(
        "if negative",
        Claim(le(sp.exp(-1) * _b, _g), (*_signs, le(_b, 0))),
        "combination",
        ("signs, 1", "loss"),
        {"weights": (1, sp.exp(-1))},
    ),
    Step("in any case", Claim(le(sp.exp(-1) * _b, _g), _signs), "two-sides", ("if positive", "if negative")),
    Step(
        "barrier",
        Claim(le(E(Rank(n, m, d)), barrier_of(n, m))),
        "combination",
        ("theorem:norm-conditioned-barrier#1", "theorem:norm-conditioned-barrier#3"),
    ),
    Step(
        "barrier at n",
        Claim(le(E(Rank(n, n, d)), barrier_of(n, n))),
        "specialise",
        ("barrier",),
        {"put": {m: n}},
    ),
    Step("deficit", Claim(le(0, DEFICIT)), "combination", ("barrier at n",), {"weights": (1 / n,)}),
    Step(
        "others",
        Claim(le(sp.exp(-1), OTHERS), (TWO,)),
        "combination",
        ("theorem:barrier-constants#2",),
        {"weights": (1 / (n - 1),)},
    ),
    *(Step(name, Claim(one, DOMAIN), "sign") for name, one in zip(("far", "scale", "top"), DOMAIN[1:], strict=True)),
    Step("degrees", Claim(le(1, d)), "sign"),
    Step(
        "small parts",
        Claim(le(_small, RATIO * deficit_numbers.SMALL), DOMAIN),
        "specialise",
        ("theorem:deficit-numbers#2", "far", "top", "scale", "degrees"),
        {"put": {deficit_numbers.dim: d}},
    ),
    Step(
        "by others",
        Claim(le(OTHERS * RATIO * RELATIVE, DEFICIT), DOMAIN),
        "combination",
        ("at the slope", "small parts"),
        {"weights": (1, OTHERS * (1 + EXCESS))},
    ),
    Step(
        "by 1/e",
        Claim(le(sp.exp(-1) * RATIO * RELATIVE, DEFICIT), DOMAIN),
        "specialise",
        ("in any case", "deficit", "by others", "others"),
        {"put": {_g: DEFICIT, _b: RATIO * RELATIVE, _c: OTHERS}},
    ),
    Step("rate", STATEMENT, "combination", ("by 1/e",), {"weights": (sp.exp(1),)}),
)

THEOREM = Theorem(
    id="deficit-rate-below",
    title="The deficit from below, with explicit errors",
    prose=(
        "With as many queries as keys, n >= 2, b(n) = n (1 - (1 - 1/n)^n), let r >= 100, 0 < T <= 1 and r^4 <= T d, d "
        "the head_dim. Then e (b(n) - E[rank])/n >= (r^4/d) ((2 - 2/r) (1 - 7 exp(r^2)/(n r)) - 1/r^2 - 1 - 66/n - "
        "1000 T (1 + 15 n exp(-r^2)/r))."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(r, "the square root of log n, in the end"),
        Variable(top, "at least r^4 / d"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier-constants",
        "norm-conditioned-barrier",
        "deficit-below",
        "maximum-moments",
        "deficit-numbers",
    ),
    steps=(*_MEAN, *_RATE),
)
