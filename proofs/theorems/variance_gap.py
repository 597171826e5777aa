"""The norm-conditioned barrier exceeds the expected rank by the spread of a key's chance at one length, or less."""

from typing import Any

import sympy as sp

from proofs.language import NORM, Claim, E, le
from proofs.model import IDEAL, Rank, chance, d, j, m, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.second_moment_bound import S

a, x = sp.Symbol("a", real=True), sp.Symbol("x", real=True)
_p = chance(0)
_unit = (le(0, a), le(a, 1), le(0, x), le(x, 1))
_curved = m * (m - 1) / 2


def _taylor(power: Any) -> Any:
    """Return the bound on ``x^power`` by its tangent at ``a`` and the greatest curvature."""
    return a**power + power * (x - a) * a ** (power - 1) + power * (power - 1) / 2 * (x - a) ** 2


_at_power = le(x**m, _taylor(m))
_tangent = (1 - G) ** m - m * (_p - G) * (1 - G) ** (m - 1) + _curved * (_p - G) ** 2
SPREAD = E(S) - E(G**2)
"""The mean variance of a key's chance given its length."""
_statement = Claim(le(n * E(1 - (1 - G) ** m) - n * _curved * SPREAD, E(Rank(n, m, d))))

THEOREM = Theorem(
    id="variance-gap",
    title="The norm-conditioned barrier is attained up to the spread of a key's chance",
    prose=(
        "With R the length of a key, g(R) and s(R) as in norm-conditioned-barrier and second-moment-bound, and h(p) "
        "= 1 - (1 - p)^m: n E[h(g(R))] - n (m (m - 1) / 2) (E[s(R)] - E[g(R)^2]) <= E[rank]."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(m, "number of queries"), Variable(d, "head dimension")),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier", "norm-conditioned-barrier", "second-moment-bound"),
    steps=(
        Step("first power", Claim(le(x, a + (x - a)), _unit), "sign"),
        Step("a at most 1", Claim(le(a, 1), _unit), "sign"),
        Step("x at most 1", Claim(le(x, 1), _unit), "sign"),
        Step(
            "power at most 1",
            Claim(le(a ** (m - 1), 1), _unit),
            "monotone",
            ("a at most 1",),
            {"function": "power", "exponent": m - 1},
        ),
        Step("at m", Claim(_at_power, (*_unit, _at_power)), "sign"),
        Step(
            "at m + 1",
            Claim(le(x ** (m + 1), _taylor(m + 1)), (*_unit, _at_power)),
            "combination",
            ("at m", "power at most 1", "x at most 1"),
            {"weights": (x, m * (x - a) ** 2, _curved * (x - a) ** 2)},
            "the difference is m v^2 (1 - a^(m-1)) + (m (m - 1) / 2) v^2 (1 - x), v = x - a",
        ),
        Step(
            "taylor",
            Claim(_at_power, _unit),
            "induction",
            ("first power", "at m + 1"),
            {"variable": m, "start": 1},
        ),
        Step("chance at most 1", Claim(le(_p, 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
        Step("mean chance at most 1", Claim(le(E(_p, NORM), 1)), "expectation", ("chance at most 1",), {"given": NORM}),
        Step(
            "g at most 1",
            Claim(le(G, 1)),
            "rewrite",
            ("mean chance at most 1", "theorem:norm-conditioned-barrier#5"),
            {"base": True},
        ),
        Step(
            "tangent at g",
            Claim(le((1 - _p) ** m, _tangent)),
            "specialise",
            ("taylor", "chance at most 1", "g at most 1"),
            {"put": {x: 1 - _p, a: 1 - G}},
        ),
        Step(
            "tangent given length",
            Claim(
                le(
                    E((1 - _p) ** m, NORM),
                    (1 - G) ** m
                    - m * (E(_p, NORM) - G) * (1 - G) ** (m - 1)
                    + _curved * (E(_p**2, NORM) - 2 * G * E(_p, NORM) + G**2),
                )
            ),
            "expectation",
            ("tangent at g",),
            {"given": NORM},
        ),
        Step(
            "missed given length",
            Claim(le(E((1 - _p) ** m, NORM), (1 - G) ** m + _curved * (S - G**2))),
            "rewrite",
            ("tangent given length", "theorem:norm-conditioned-barrier#5", "theorem:second-moment-bound#5"),
            {"base": True},
        ),
        Step(
            "missed",
            Claim(le(E((1 - _p) ** m), E((1 - G) ** m) + _curved * SPREAD)),
            "expectation",
            ("missed given length",),
        ),
        Step(
            "gap",
            _statement,
            "combination",
            ("missed", "theorem:norm-conditioned-barrier#4"),
            {"weights": (n, -1)},
        ),
    ),
)
