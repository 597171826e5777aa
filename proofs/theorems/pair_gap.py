"""Two queries pick one key hardly more often than if their choices were independent given its length."""

from typing import Any

import sympy as sp

from proofs.language import NORM, Below, BivariateBelow, Claim, E, NormalTail, eq, le, lt
from proofs.literature_pairs import correlation, share
from proofs.model import IDEAL, Cosine, QueryCosine, Radius, SecondCosine, d, k, n, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.second_moment_bound import S
from proofs.theorems.variance_gap import SPREAD

a = sp.Symbol("a", nonnegative=True)
q = sp.Symbol("q", nonnegative=True)
_y, _z = sp.Symbol("y", real=True), sp.Symbol("z", real=True)
_b, _u, _v, _gap = (sp.Symbol(name, nonnegative=True) for name in "buvg")

_first, _second, _cosine = Radius(d) * Cosine(d), Radius(d) * SecondCosine(d), QueryCosine(d)
_both = BivariateBelow(_first, _second, _cosine)
_apart_power = (1 - NormalTail(_first)) ** (n - 1) * (1 - NormalTail(_second)) ** (n - 1)
_low, _low2, _apart = Below(_first, a), Below(_second, a), Below(_cosine, q)
_events = (1 - _low, 1 - _low2, _apart)
_high = sp.Mul(*_events)
_decay = sp.exp(-(a**2) / (1 + q))
_phi = (1 - NormalTail(a)) ** (n - 1)

_numbers = BivariateBelow(_y, _z, correlation)
_apart_product = (1 - NormalTail(_y)) * (1 - NormalTail(_z))
_apart_numbers = (1 - NormalTail(_y)) ** (n - 1) * (1 - NormalTail(_z)) ** (n - 1)
_correlated = (le(-1, correlation), le(correlation, 1))
_range = ("cite:key-along-two-queries#3", "cite:key-along-two-queries#4")
_unit = (le(_b, 1), le(_u, 1), le(_v, 1), le(_b, _u * _v + _gap))
_powers = le(_b**k, _u**k * _v**k + k * _gap)
BOUND = (n - 1) * sp.exp(-2 * a**2 / (1 + q)) + 2 * _phi + sp.exp(-d * q**2 / 2)
_statement = Claim(le(SPREAD, BOUND))


def _marginal(name: str, part: str, event: Any, symbol: Any) -> tuple[Step, ...]:
    """Return the steps that bound the chance of the pair where one score is below ``a``."""
    where = (*_correlated, lt(symbol, a))
    return (
        Step(f"{name} low", Claim(le(symbol, a), (lt(symbol, a),)), "sign"),
        Step(
            f"{name} tail",
            Claim(le(NormalTail(a), NormalTail(symbol)), (lt(symbol, a),)),
            "monotone",
            (f"{name} low",),
            {"function": "normal-tail"},
        ),
        Step(
            f"{name} marginal",
            Claim(le(_numbers, 1 - NormalTail(symbol)), _correlated),
            "specialise",
            (f"cite:bivariate-normal#{part}",),
            {"put": {x: _y, t: _z}},
        ),
        Step(
            f"{name} bound",
            Claim(le(_numbers, 1 - NormalTail(a)), where),
            "combination",
            (f"{name} marginal", f"{name} tail"),
        ),
        Step(
            f"{name} powers",
            Claim(le(_numbers ** (n - 1), _phi), where),
            "monotone",
            (f"{name} bound",),
            {"function": "power", "exponent": n - 1},
        ),
        Step(
            f"{name} below a",
            Claim(le(event * _both ** (n - 1), event * _phi)),
            "on-events",
            (f"{name} powers", *_range),
            {"events": (event,), "put": {_y: _first, _z: _second, correlation: _cosine}},
        ),
    )


_POWERS = (
    Step("zeroth power", Claim(le(1, 1), _unit), "sign"),
    *(
        Step(f"{name} at most 1", Claim(le(value, 1), _unit), "sign")
        for name, value in (("b", _b), ("u", _u), ("v", _v))
    ),
    Step("b by u v", Claim(le(_b, _u * _v + _gap), _unit), "sign"),
    *(
        Step(
            f"power of {name}",
            Claim(le(value**k, 1), _unit),
            "monotone",
            (f"{name} at most 1",),
            {"function": "power", "exponent": k},
        )
        for name, value in (("u", _u), ("v", _v))
    ),
    Step("at k", Claim(_powers, (*_unit, _powers)), "sign"),
    Step(
        "at k + 1",
        Claim(le(_b ** (k + 1), _u ** (k + 1) * _v ** (k + 1) + (k + 1) * _gap), (*_unit, _powers)),
        "combination",
        ("at k", "b at most 1", "b by u v", "power of u", "power of v"),
        {"weights": (_b, k * _gap, _u**k * _v**k, _gap * _v**k, _gap)},
        "b^(k+1) <= b ((u v)^k + k g) <= (u v + g) (u v)^k + k g",
    ),
    Step("powers", Claim(_powers, _unit), "induction", ("zeroth power", "at k + 1"), {"variable": k, "start": 0}),
)

_high_where = (*_correlated, le(a, _y), le(a, _z), lt(correlation, q))
_sum_decay = sp.exp(-((_y + _z) ** 2) / (4 * (1 + q)))
_HIGH = (
    Step("y high", Claim(le(a, _y), _high_where), "sign"),
    Step("z high", Claim(le(a, _z), _high_where), "sign"),
    Step("sum high", Claim(le(2 * a, _y + _z), _high_where), "combination", ("y high", "z high")),
    Step(
        "square high",
        Claim(le(4 * a**2, (_y + _z) ** 2), _high_where),
        "monotone",
        ("sum high",),
        {"function": "power", "exponent": 2},
    ),
    Step(
        "exponent high",
        Claim(le(-((_y + _z) ** 2) / (4 * (1 + q)), -(a**2) / (1 + q)), _high_where),
        "combination",
        ("square high",),
        {"weights": (1 / (4 * (1 + q)),)},
    ),
    Step("decay", Claim(le(_sum_decay, _decay), _high_where), "monotone", ("exponent high",), {"function": "exp"}),
    Step("sum nonnegative", Claim(le(0, _y + _z), _high_where), "combination", ("sum high",)),
    Step(
        "union",
        Claim(le(_numbers, 1 - NormalTail(_y) - NormalTail(_z) + _sum_decay), _high_where),
        "specialise",
        ("cite:bivariate-normal#3", "sum nonnegative"),
        {"put": {x: _y, t: _z, share: q}},
    ),
    Step(
        "pair by product",
        Claim(le(_numbers, _apart_product + _decay), _high_where),
        "combination",
        ("union", "decay"),
    ),
    Step(
        "pair marginal",
        Claim(le(_numbers, 1 - NormalTail(_y)), _correlated),
        "specialise",
        ("cite:bivariate-normal#1",),
        {"put": {x: _y, t: _z}},
    ),
    Step("pair at most 1", Claim(le(_numbers, 1), _correlated), "combination", ("pair marginal",)),
    Step("y at most 1", Claim(le(1 - NormalTail(_y), 1)), "sign"),
    Step("z at most 1", Claim(le(1 - NormalTail(_z), 1)), "sign"),
    Step(
        "pair to the power",
        Claim(le(_numbers ** (n - 1), _apart_numbers + (n - 1) * _decay), _high_where),
        "specialise",
        ("powers", "pair by product", "pair at most 1", "y at most 1", "z at most 1"),
        {"put": {k: n - 1, _b: _numbers, _u: 1 - NormalTail(_y), _v: 1 - NormalTail(_z), _gap: _decay}},
    ),
    Step(
        "high",
        Claim(le(_high * _both ** (n - 1), _high * (_apart_power + (n - 1) * _decay))),
        "on-events",
        ("pair to the power", *_range),
        {"events": _events, "put": {_y: _first, _z: _second, correlation: _cosine}},
    ),
)

_both_power = _both ** (n - 1)
_CASES = (
    Step(
        "near",
        Claim(le(_numbers ** (n - 1), 1), _correlated),
        "monotone",
        ("pair at most 1",),
        {"function": "power", "exponent": n - 1},
    ),
    Step(
        "near queries",
        Claim(le((1 - _apart) * _both_power, 1 - _apart)),
        "on-events",
        ("near", *_range),
        {"events": (1 - _apart,), "put": {_y: _first, _z: _second, correlation: _cosine}},
    ),
    Step("some event", Claim(le(1, _high + _low + _low2 + 1 - _apart)), "event-cases"),
    Step("high at most 1", Claim(le(_high, 1)), "event-cases"),
    Step("low at most 1", Claim(le(_low + _low2, 2)), "event-cases"),
    Step(
        "cases",
        Claim(le(_both_power, _apart_power + (n - 1) * _decay * _high + 2 * _phi + 1 - _apart)),
        "combination",
        ("some event", "high", "first below a", "second below a", "near queries", "high at most 1", "low at most 1"),
        {"weights": (_both_power, 1, 1, 1, 1, _apart_power, _phi)},
    ),
    Step(
        "mean",
        Claim(
            le(
                E(_both_power),
                E(_apart_power) + (n - 1) * _decay * E(_high) + 2 * _phi + E(1 - _apart),
            )
        ),
        "expectation",
        ("cases",),
    ),
    Step("pair", Claim(eq(E(S), E(_both_power))), "identity"),
    Step(
        "apart given length",
        Claim(eq(E(_apart_power, NORM), G**2)),
        "specialise",
        ("cite:key-along-two-queries#2",),
        {"put": {k: n - 1}},
    ),
    Step(
        "apart",
        Claim(eq(E(_apart_power), E(G**2))),
        "expectation",
        ("apart given length",),
    ),
    Step(
        "both high",
        Claim(le(E(_high), _decay)),
        "specialise",
        ("cite:key-along-two-queries#1",),
        {"put": {t: a, share: q}},
    ),
    Step("cap", Claim(le(E(1 - _apart), sp.exp(-d * q**2 / 2))), "specialise", ("cite:spherical-cap",)),
    Step(
        "gap",
        _statement,
        "combination",
        ("mean", "pair", "apart", "both high", "cap"),
        {"weights": (1, -1, 1, (n - 1) * _decay, 1)},
    ),
)

THEOREM = Theorem(
    id="pair-gap",
    title="Two queries pick one key nearly independently, given its length",
    prose=(
        "With R the length of a key and g(R), s(R) as in norm-conditioned-barrier and second-moment-bound: for all "
        "a, q >= 0, E[s(R)] - E[g(R)^2] <= (n - 1) exp(-2 a^2/(1 + q)) + 2 Phi(a)^(n-1) + exp(-d q^2/2)."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(d, "head dimension"),
        Variable(a, "a score that the winner seldom stays below"),
        Variable(q, "a cosine that two queries seldom exceed"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting",),
    references=("Ball (1997)",),
    steps=(
        *_POWERS,
        *_HIGH,
        *_marginal("first", "1", _low, _y),
        *_marginal("second", "2", _low2, _z),
        *_CASES,
    ),
)
