"""The largest of n standard normals is below sqrt(z log n), z < 2, with a chance smaller than any power of n."""

import sympy as sp

from proofs.language import All, Below, Claim, E, NormalTail, eq, le, prob_below
from proofs.model import IDEAL, NormalMax, Score, d, j, n, t
from proofs.records import Step, Theorem, Variable
from proofs.theorems.chernoff_rate import v

a = sp.Symbol("a", positive=True)
b = sp.Symbol("b", positive=True)
q = sp.Symbol("q", positive=True)
u = sp.Symbol("u", positive=True)

ROOT = sp.sqrt(2 * sp.pi)
_keys = (j, 0, n - 1)
_below_score = Below(Score(j, n, d), b)
_below_max = prob_below(NormalMax(n), b)
_tail = NormalTail(b)
_mills = b / (1 + b**2) * sp.exp(-(b**2) / 2) / ROOT
_wide = (le(1, b**2),)
_least = n * sp.exp(-(b**2) / 2) / (2 * b * ROOT)
_log_least = sp.log(n) - b**2 / 2 - sp.log(2 * ROOT) - sp.log(b)
_power_of_u = a * sp.log(a) - a - a * sp.log(u)
_power = sp.exp(a * sp.log(a) - a - a * _log_least)

_exponential_bound = Claim(le(_below_max, sp.exp(-_least)), _wide)
_power_bound = Claim(le(_below_max, _power), _wide)
_statement = All((_exponential_bound, _power_bound))

THEOREM = Theorem(
    id="gaussian-maximum",
    title="The lower tail of the largest of n normals",
    prose=(
        "For the largest M of n independent standard normals, b >= 1 and l = n exp(-b^2/2) / (2 b sqrt(2 pi)): "
        "P(M < b) <= exp(-l), and so P(M < b) <= (a / (e l))^a for every a > 0."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of normals"),
        Variable(b, "a threshold"),
        Variable(a, "any positive order"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "chernoff-rate"),
    references=("Gordon (1941)",),
    steps=(
        Step(
            "maximum mean",
            Claim(eq(_below_max, E(sp.Product(_below_score, _keys)))),
            "specialise",
            ("assumption:gaussian-queries-and-keys.maximum",),
            {"put": {t: b}},
        ),
        Step(
            "scores independent",
            Claim(eq(E(sp.Product(_below_score, _keys)), sp.Product(E(_below_score), _keys))),
            "independence",
            ("cite:scores-along-direction#1",),
        ),
        Step(
            "score at b",
            Claim(eq(E(_below_score), 1 - _tail)),
            "specialise",
            ("cite:scores-along-direction#2",),
            {"put": {t: b}},
        ),
        Step(
            "maximum law",
            Claim(eq(_below_max, (1 - _tail) ** n)),
            "rewrite",
            ("maximum mean", "scores independent", "score at b"),
        ),
        Step("exp in q", Claim(le(1 - q, sp.exp(-q))), "derivatives", args={"variable": q, "left": 0, "order": 2}),
        Step("exp of tail", Claim(le(1 - _tail, sp.exp(-_tail))), "specialise", ("exp in q",), {"put": {q: _tail}}),
        Step(
            "exp of n tails",
            Claim(le((1 - _tail) ** n, sp.exp(-n * _tail))),
            "monotone",
            ("exp of tail",),
            {"function": "power", "exponent": n},
        ),
        Step("tail", Claim(le(_mills, _tail)), "specialise", ("cite:mills-ratio",), {"put": {t: b}}),
        Step(
            "n tails",
            Claim(le(-n * _tail, -_least), _wide),
            "combination",
            ("tail",),
            {"weights": (n,)},
            "b / (1 + b^2) >= 1 / (2 b)",
        ),
        Step(
            "exp of least",
            Claim(le(sp.exp(-n * _tail), sp.exp(-_least)), _wide),
            "monotone",
            ("n tails",),
            {"function": "exp"},
        ),
        Step(
            "exponential",
            _exponential_bound,
            "combination",
            ("maximum law", "exp of n tails", "exp of least"),
        ),
        Step(
            "log of quotient",
            Claim(le(0, u / a - 1 - sp.log(u / a))),
            "specialise",
            ("theorem:chernoff-rate#1",),
            {"put": {v: u / a}},
        ),
        Step("exponent of u", Claim(le(-u, _power_of_u)), "combination", ("log of quotient",), {"weights": (a,)}),
        Step(
            "exp of u",
            Claim(le(sp.exp(-u), sp.exp(_power_of_u))),
            "monotone",
            ("exponent of u",),
            {"function": "exp"},
            "exp(-u) decays faster than any power",
        ),
        Step("power of least", Claim(le(sp.exp(-_least), _power)), "specialise", ("exp of u",), {"put": {u: _least}}),
        Step("power", _power_bound, "combination", ("exponential", "power of least")),
        Step("statement", _statement, "conjunction", ("exponential", "power")),
    ),
)
