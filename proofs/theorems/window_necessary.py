"""Heads of at most a multiple of log^2 n do not saturate the rank."""

from typing import Any

import sympy as sp

from proofs.language import Below, Claim, E, Eventually, Lim, eq, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, Rank, d, k, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.window_error import L, top
from proofs.theorems.window_expansion import WINDOW, lam
from proofs.theorems.window_rate import VERY_LOW
from proofs.theorems.window_scores import ABOVE, VERY_LOW_BOUND

mu = sp.Symbol("lambda", positive=True)
delta = sp.Symbol("delta", positive=True)
h = sp.Symbol("h", positive=True)
b = sp.Symbol("b", positive=True)

_E, _log, _WIDEST = sp.exp(-1), sp.log(n), 20
_C, _D, _M = ChiSquare(d), ChiSquare(d - 1), NormalMax(n)
_two, _ten = le(2, n), le(10, L)
_share = E(Rank(n, n, d)) / n
_half_way = 19 * L / 20 - sp.Rational(1, 2)
_narrow, _wider = le(d, _log**2 / _WIDEST), le(_log**2 / _WIDEST, d)
_below = le(d, _log**2 / mu)
_ratio = _log**2 / d
TARGET = 1 - _E - _E * (1 - sp.exp(-mu / 4))
"""What the share does not exceed in the limit: less than 1 - 1/e."""
_large = (_two, le(600 * _WIDEST, _log))
_few_error, _wide_error = VERY_LOW_BOUND.xreplace({L: _log}), ABOVE.xreplace({L: _log, top: sp.Integer(_WIDEST)})
_error = _few_error + _wide_error
_bound = le(_share - TARGET, _error)
STATEMENT = Claim(Eventually(n, d, _below, lt(_share - TARGET, delta)))


def chebyshev(name: str, variable: Any, degrees: Any, event: Any, level: Any) -> tuple[Step, ...]:
    """Return the steps to ``P(event) <= 2 degrees / h^2``."""
    mean, square = E(variable), E(variable**2)
    return (
        Step(f"{name}, indicator", Claim(le(event, (variable - degrees) ** 2 / h**2)), "event-cases"),
        Step(
            f"{name}, mean",
            Claim(le(E(event), (square - 2 * degrees * mean + degrees**2) / h**2)),
            "expectation",
            (f"{name}, indicator",),
        ),
        *(
            Step(
                f"{name}, moment {part}",
                Claim(eq(value, moment)),
                "specialise",
                (f"cite:chi-square-moments#{part}",),
                {"put": {k: degrees}},
            )
            for part, value, moment in ((1, mean, degrees), (2, square, degrees**2 + 2 * degrees))
        ),
        Step(
            name,
            Claim(le(E(event), 2 * degrees / h**2)),
            "rewrite",
            (f"{name}, mean", f"{name}, moment 2", f"{name}, moment 1"),
            {"base": True},
        ),
    )


_NARROW = (
    *chebyshev("long", _C, d, 1 - Below(_C, d + h), d + h),
    *chebyshev("short", _D, d - 1, Below(_D, d - 1 - h), d - 1 - h),
    Step(
        "winner events",
        Claim(le(Below(_M**2 + _D, x), Below(_M, b) + Below(_D, x - b**2))),
        "events",
        args={"weights": {_M: _M + b, _D: 1}},
        because="M >= b and C >= x - b^2 give M^2 + C >= x",
    ),
    Step(
        "winner mean",
        Claim(le(E(Below(_M**2 + _D, x)), prob_below(_M, b) + prob_below(_D, x - b**2))),
        "expectation",
        ("winner events",),
    ),
    Step(
        "three terms",
        Claim(
            le(
                E(Rank(n, m, d)),
                n * prob_at_least(_C, x) + m * (prob_below(_M, b) + prob_below(_D, x - b**2)),
            )
        ),
        "combination",
        ("theorem:truncation-bound#2", "winner mean"),
        {"weights": (1, m)},
    ),
    Step("ten", Claim(_ten, (_ten,)), "sign"),
    Step(
        "half way",
        Claim(le(9 * L / 10, _half_way), (_ten,)),
        "combination",
        ("ten",),
        {"weights": (sp.Rational(1, 20),)},
    ),
    Step(
        "half way positive", Claim(lt(0, _half_way), (_ten,)), "combination", ("half way", "ten"), {"weights": (1, 0)}
    ),
    Step(
        "three terms at the levels",
        Claim(
            le(
                E(Rank(n, n, d)),
                n * prob_at_least(_C, d + _half_way)
                + n * (prob_below(_M, VERY_LOW) + prob_below(_D, d - 1 - _half_way)),
            )
        ),
        "specialise",
        ("three terms",),
        {"put": {m: n, x: d + _half_way, b: VERY_LOW}},
    ),
    *(
        Step(
            f"{name} at the level",
            Claim(le(E(event), 2 * degrees / _half_way**2), (_ten,)),
            "specialise",
            (name, "half way positive"),
            {"put": {h: _half_way}},
        )
        for name, event, degrees in (
            ("long", 1 - Below(_C, d + _half_way), d),
            ("short", Below(_D, d - 1 - _half_way), d - 1),
        )
    ),
    Step(
        "square of half way",
        Claim(le(81 * L**2 / 100, _half_way**2), (_ten,)),
        "monotone",
        ("half way",),
        {"function": "power", "exponent": 2},
    ),
    Step(
        "inverse square",
        Claim(le(1 / _half_way**2, 100 / (81 * L**2)), (_ten,)),
        "combination",
        ("square of half way",),
        {"weights": (100 / (81 * L**2 * _half_way**2),)},
    ),
    Step(
        "very low",
        Claim(le(prob_below(_M, VERY_LOW), VERY_LOW_BOUND), (_ten,)),
        "specialise",
        ("theorem:window-scores#3",),
    ),
    Step(
        "few dimensions",
        Claim(le(_share, 400 * d / (81 * L**2) + VERY_LOW_BOUND), (_ten,)),
        "combination",
        (
            "three terms at the levels",
            "long at the level",
            "short at the level",
            "inverse square",
            "very low",
        ),
        {"weights": (1 / n, 1, 1, 4 * d - 2, 1)},
    ),
    Step("large", Claim(_large[1], _large), "sign"),
    *(Step(f"at least {number}", Claim(le(number, _log), _large), "combination", ("large",)) for number in (4, 10)),
    Step(
        "few dimensions at n",
        Claim(le(_share, 400 * d / (81 * _log**2) + _few_error), _large),
        "specialise",
        ("few dimensions", "at least 10"),
        {"put": {L: _log}},
    ),
    Step("narrow", Claim(_narrow, (_narrow,)), "sign"),
    Step("constants", Claim(le(sp.Rational(20, 81), 1 - 2 * _E)), "sign"),
    Step("error of the others", Claim(le(0, _wide_error), (_two,)), "sign"),
    Step("narrow exponential", Claim(le(0, sp.exp(-mu / 4))), "sign"),
    Step(
        "narrow heads",
        Claim(_bound, (*_large, _narrow, _below)),
        "combination",
        ("few dimensions at n", "narrow", "constants", "error of the others", "narrow exponential"),
        {"weights": (1, 400 / (81 * _log**2), 1, 1, _E)},
    ),
)

_WIDER = (
    Step("wider", Claim(_wider, (_wider,)), "sign"),
    Step("scale", Claim(le(_log**2, _WIDEST * d), (_wider,)), "combination", ("wider",), {"weights": (_WIDEST,)}),
    Step("ratio", Claim(le(_ratio, _WIDEST), (_wider,)), "combination", ("scale",), {"weights": (1 / d,)}),
    Step(
        "by the window",
        Claim(le(_share, WINDOW.xreplace({lam: _ratio}) + _wide_error), (*_large, _wider)),
        "specialise",
        ("theorem:window-scores#1", "scale", "ratio", "at least 4"),
        {"put": {L: _log, lam: _ratio, top: _WIDEST}},
    ),
    Step(
        "window below saturation",
        Claim(le(WINDOW.xreplace({lam: _ratio}), 1 - _E - _E * (1 - sp.exp(-_ratio / 4))), (_two,)),
        "specialise",
        ("theorem:window-expansion#5",),
        {"put": {lam: _ratio}},
    ),
    Step("below", Claim(_below, (_below,)), "sign"),
    Step(
        "exponent",
        Claim(le(-_ratio / 4, -mu / 4), (_below,)),
        "combination",
        ("below",),
        {"weights": (mu / (4 * d),)},
    ),
    Step(
        "exponential",
        Claim(le(sp.exp(-_ratio / 4), sp.exp(-mu / 4)), (_below,)),
        "monotone",
        ("exponent",),
        {"function": "exp"},
    ),
    Step("error of the very low", Claim(le(0, _few_error), (_two,)), "sign"),
    Step(
        "wider heads",
        Claim(_bound, (*_large, _wider, _below)),
        "combination",
        ("by the window", "window below saturation", "exponential", "error of the very low"),
        {"weights": (1, 1, _E, 1)},
    ),
    Step("all heads", Claim(_bound, (*_large, _below)), "two-sides", ("narrow heads", "wider heads")),
    Step("error vanishes", Claim(eq(Lim(_error, n), 0)), "power-log-limit"),
    Step("eventually", STATEMENT, "uniformly-eventually", ("all heads", "error vanishes")),
)

THEOREM = Theorem(
    id="window-necessary",
    title="A multiple of log^2 n is not enough",
    prose=(
        "With as many queries as keys, for all lambda, delta > 0 there is n0 such that for all n >= n0 and every "
        "head_dim <= log^2(n) / lambda, E[rank]/n < 1 - 1/e - (1 - exp(-lambda/4))/e + delta. So E[rank] ~ (1 - 1/e) n "
        "only if head_dim / log^2(n) -> infinity."
    ),
    statement=STATEMENT,
    variables=(Variable(mu, "log^2(n) / head_dim, at least"), Variable(delta, "any positive number")),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "truncation-bound", "window-expansion", "window-scores"),
    steps=(*_NARROW, *_WIDER),
)
