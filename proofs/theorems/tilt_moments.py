"""The mean share of missed keys under chi-square if the logarithm of a key's weight is linear in its squared length."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, le
from proofs.model import ChiSquare, d, k
from proofs.records import Step, Theorem, Variable
from proofs.theorems.missed_expansion import CUBIC, MISSED, QUARTIC, rate, v
from proofs.theorems.winner_weight import tilt

mean = sp.Symbol("u", real=True)
slope = sp.Symbol("y", nonnegative=True)
z = sp.Symbol("z", positive=True)
"""The factor of the tilt is ``1/(1 + z)``."""

RATES = (le(1, rate), le(rate, 2))
_half = sp.Rational(1, 2)
_C = ChiSquare(k)


def log_weight(variable: Any, degrees: Any, centre: Any, factor: Any) -> Any:
    """Return the logarithm of a weight that is linear in chi-square and has the mean ``centre``."""
    return centre + factor * (variable - degrees) / 2


def moments(degrees: Any, centre: Any, factor: Any) -> tuple[Any, Any, Any, Any]:
    """Return the first four moments of :func:`log_weight`."""
    square, cube = factor**2 * degrees / 2, factor**3 * degrees
    fourth = factor**4 * (3 * degrees**2 / 4 + 3 * degrees)
    return (
        centre,
        centre**2 + square,
        centre**3 + 3 * centre * square + cube,
        centre**4 + 6 * centre**2 * square + 4 * centre * cube + fourth,
    )


def mean_bound(pace: Any, degrees: Any, centre: Any, factor: Any) -> Any:
    """Return the bound on the mean share of missed keys, relative to ``exp(-pace)``."""
    first, second, third, fourth = moments(degrees, centre, factor)
    return (
        1 - pace * first + (pace**2 - pace) * second / 2 + (3 * pace**2 - pace**3 - pace) * third / 6 + QUARTIC * fourth
    )


def tilt_bound(pace: Any, excess: Any, dim: Any) -> Any:
    """Return the bound for a tilt by ``1/(1 + excess)``."""
    load = dim * excess**2
    return (
        1
        + pace * load / 4
        + (pace**2 - pace) * (load**2 / 16 + load / 2) / 2
        + (3 * pace**2 - pace**3 - pace) * excess * load / 6
        + QUARTIC * (load**4 / 256 + 3 * load**3 / 16 + 15 * load**2 / 4)
    )


def missed(pace: Any, factor: Any, value: Any) -> Any:
    """Return ``exp(-pace (w - 1))``, ``w`` the tilt at a squared length."""
    return sp.exp(pace - pace * tilt(factor, value))


_linear = log_weight(_C, k, mean, slope)
_at_weight = MISSED.xreplace({v: _linear})
_polynomial = (CUBIC + QUARTIC * v**4).xreplace({v: _linear})


def _by_moments(polynomial: Any) -> Any:
    """Return the mean of a polynomial in chi-square, term by term."""
    name = sp.Symbol("_c", real=True)
    terms = sp.Poly(sp.expand(polynomial.xreplace({_C: name})), name).terms()
    return sp.Add(*(factor * (E(_C**power) if power else 1) for (power,), factor in terms))


_any = Claim(le(E(_at_weight), mean_bound(rate, k, mean, slope)), (RATES[1],))
_scale = 1 / (1 + z)
_centre = d * (1 - _scale - sp.log(1 + z)) / 2
_tilted = E(missed(rate, _scale, ChiSquare(d)))
_load = d * z**2
_narrow = Claim(le(_tilted, tilt_bound(rate, z, d)), RATES)
_statement = All((_any, _narrow))

_lag = sp.Symbol("x", nonnegative=True)
"""What the mean of the logarithm lacks of 0."""
_small = (*RATES, le(_lag, _load / 4), le(slope, z))


def _powers(name: str, known: str, sides: tuple[Any, Any], orders: tuple[int, ...]) -> tuple[Step, ...]:
    return tuple(
        Step(
            f"{name}, power {order}",
            Claim(le(sides[0] ** order, sides[1] ** order), _small),
            "monotone",
            (known,),
            {"function": "power", "exponent": order},
        )
        for order in orders
    )


_cubed = (3 * rate**2 - rate**3 - rate) / 6
_NUMBERS = (
    *(Step(name, Claim(one, _small), "sign") for name, one in zip(("lag", "stretch"), _small[2:], strict=True)),
    *_powers("lag", "lag", (_lag, _load / 4), (2, 4)),
    *_powers("stretch", "stretch", (slope, z), (2, 3, 4)),
    Step(
        "third moment",
        Claim(le(moments(d, -_lag, slope)[2], z * _load), _small),
        "combination",
        ("stretch, power 3",),
        {"weights": (d,)},
    ),
    Step(
        "second moment",
        Claim(le(moments(d, -_lag, slope)[1], _load**2 / 16 + _load / 2), _small),
        "combination",
        ("lag, power 2", "stretch, power 2"),
        {"weights": (1, d / 2)},
    ),
    Step(
        "fourth moment",
        Claim(le(moments(d, -_lag, slope)[3], _load**4 / 256 + 3 * _load**3 / 16 + 15 * _load**2 / 4), _small),
        "combination",
        ("lag, power 4", "lag, power 2", "stretch, power 2", "stretch, power 4"),
        {"weights": (1, 3 * slope**2 * d, 3 * d * (_load / 4) ** 2, 3 * d**2 / 4 + 3 * d)},
    ),
    Step(
        "numbers",
        Claim(le(mean_bound(rate, d, -_lag, slope), tilt_bound(rate, z, d)), _small),
        "combination",
        ("lag", "second moment", "third moment", "fourth moment"),
        {"weights": (rate, (rate**2 - rate) / 2, _cubed, QUARTIC)},
    ),
)

THEOREM = Theorem(
    id="tilt-moments",
    title="The mean share of missed keys under a tilt",
    prose=(
        "Let C ~ chi^2_k, v = u + y (C - k)/2, y >= 0, 0 < c <= 2: E[exp(-c (exp(v) - 1))] <= 1 - c m_1 + (c^2 - c) "
        "m_2/2 + (3 c^2 - c^3 - c) m_3/6 + 8 m_4, with m_1, ..., m_4 the moments of v: u, u^2 + y^2 k/2, u^3 + 3 u y^2 "
        "k/2 + y^3 k, u^4 + 3 u^2 y^2 k + 4 u y^3 k + y^4 (3 k^2/4 + 3 k). And if w(C) = s^(d/2) exp((1 - s) C/2), k = "
        "d, s = 1/(1 + z), z > 0, 1 <= c <= 2, p = d z^2: E[exp(-c (w(C) - 1))] <= 1 + c p/4 + (c^2 - c) (p^2/16 + "
        "p/2)/2 + (3 c^2 - c^3 - c) z p/6 + 8 (p^4/256 + 3 p^3/16 + 15 p^2/4)."
    ),
    statement=_statement,
    variables=(
        Variable(k, "degrees of freedom"),
        Variable(d, "head dimension"),
        Variable(mean, "the mean of the logarithm"),
        Variable(slope, "twice its slope"),
        Variable(z, "how much the tilt stretches"),
        Variable(rate, "a rate"),
    ),
    assumptions=(),
    depends_on=("missed-expansion",),
    references=("Johnson, Kotz and Balakrishnan (1994)",),
    steps=(
        Step(
            "at the weight",
            Claim(le(_at_weight, _polynomial), (RATES[1],)),
            "specialise",
            ("theorem:missed-expansion#1",),
            {"put": {v: _linear}},
        ),
        Step("rate at most 2", Claim(RATES[1], (RATES[1],)), "sign"),
        Step(
            "exponent",
            Claim(le(rate - rate * sp.exp(_linear), 2), (RATES[1],)),
            "combination",
            ("rate at most 2",),
        ),
        Step(
            "at most e^2",
            Claim(le(_at_weight, sp.exp(2)), (RATES[1],)),
            "monotone",
            ("exponent",),
            {"function": "exp"},
        ),
        Step("e^2", Claim(le(sp.exp(2), 8)), "sign"),
        Step("at most 8", Claim(le(_at_weight, 8), (RATES[1],)), "combination", ("at most e^2", "e^2")),
        Step("at least 0", Claim(le(0, _at_weight)), "sign"),
        Step(
            "mean",
            Claim(le(E(_at_weight), _by_moments(_polynomial)), (RATES[1],)),
            "expectation",
            ("at the weight", "at most 8", "at least 0"),
        ),
        Step(
            "any weight",
            _any,
            "rewrite",
            ("mean", *(f"cite:chi-square-moments#{order}" for order in (1, 2, 3, 4))),
            {"base": True},
        ),
        *_NUMBERS,
        Step(
            "centre, above",
            Claim(le(z / (1 + z), sp.log(1 + z))),
            "derivatives",
            args={"variable": z, "left": 0, "order": 1},
        ),
        Step(
            "centre, below",
            Claim(le(sp.log(1 + z), z / (1 + z) + z**2 / 2)),
            "derivatives",
            args={"variable": z, "left": 0, "order": 1},
        ),
        Step("lag, below", Claim(le(0, -_centre)), "combination", ("centre, above",), {"weights": (d / 2,)}),
        Step("lag, above", Claim(le(-_centre, _load / 4)), "combination", ("centre, below",), {"weights": (d / 2,)}),
        Step("slope", Claim(le(z / (1 + z), z)), "sign"),
        Step(
            "bound at the tilt",
            Claim(le(mean_bound(rate, d, _centre, 1 - _scale), tilt_bound(rate, z, d)), RATES),
            "specialise",
            ("numbers", "lag, below", "lag, above", "slope"),
            {"put": {_lag: -_centre, slope: z / (1 + z)}},
        ),
        Step(
            "at the tilt",
            Claim(le(_tilted, mean_bound(rate, d, _centre, 1 - _scale)), RATES),
            "specialise",
            ("any weight",),
            {"put": {k: d, mean: _centre, slope: z / (1 + z)}},
        ),
        Step("narrow", _narrow, "combination", ("at the tilt", "bound at the tilt")),
        Step("statement", _statement, "conjunction", ("any weight", "narrow")),
    ),
)
