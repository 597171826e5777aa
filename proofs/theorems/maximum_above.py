"""The largest of n standard normals is seldom b or more, and n - 1 of them are below b hardly more often than n."""

import sympy as sp

from proofs.language import All, Below, Claim, E, NormalTail, eq, le, prob_at_least, prob_below
from proofs.model import IDEAL, NormalMax, Score, d, j, m, n, t
from proofs.records import Step, Theorem, Variable

b = sp.Symbol("b", positive=True)
_p, _z = sp.Symbol("p", real=True), sp.Symbol("z", nonnegative=True)

_keys = (j, 0, n - 1)
_below_score, _below_max = Below(Score(j, n, d), b), prob_below(NormalMax(n), b)
_tail, _two = NormalTail(b), (le(2, b**2),)
_above = Claim(le(prob_at_least(NormalMax(n), b), n * sp.exp(-(b**2) / 2)))
_fewer = Claim(le((1 - _tail) ** (n - 1), 2 * _below_max), _two)
_statement = All((_above, _fewer))

THEOREM = Theorem(
    id="maximum-above",
    title="The upper tail of the largest of n normals, at any level",
    prose=(
        "For the largest M of n independent standard normals and b > 0: P(M >= b) <= n exp(-b^2/2); and Phi(b)^(n-1) "
        "<= 2 P(M < b) if b^2 >= 2."
    ),
    statement=_statement,
    variables=(Variable(n, "number of normals"), Variable(b, "a threshold")),
    assumptions=IDEAL,
    depends_on=("ideal-setting",),
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
        Step(
            "bernoulli",
            Claim(le(1 - (1 - _p) ** m, m * _p), (le(0, _p), le(_p, 1))),
            "derivatives",
            args={"variable": _p, "left": 0, "order": 2},
        ),
        Step("tail at most 1", Claim(le(_tail, 1)), "sign"),
        Step(
            "one above",
            Claim(le(1 - (1 - _tail) ** n, n * _tail)),
            "specialise",
            ("bernoulli", "tail at most 1"),
            {"put": {m: n, _p: _tail}},
        ),
        Step(
            "tail",
            Claim(le(_tail, sp.exp(-(b**2) / 2))),
            "specialise",
            ("cite:normal-upper-tail",),
            {"put": {t: b}},
        ),
        Step(
            "above",
            _above,
            "combination",
            ("maximum law", "one above", "tail"),
            {"weights": (-1, 1, n)},
        ),
        Step("two", Claim(_two[0], _two), "sign"),
        Step("high", Claim(le(-(b**2) / 2, -1), _two), "combination", ("two",), {"weights": (sp.Rational(1, 2),)}),
        Step("decay", Claim(le(sp.exp(-(b**2) / 2), sp.exp(-1)), _two), "monotone", ("high",), {"function": "exp"}),
        Step("1/e", Claim(le(sp.exp(-1), sp.Rational(1, 2))), "sign"),
        Step(
            "half", Claim(le(1, 2 * (1 - _tail)), _two), "combination", ("tail", "decay", "1/e"), {"weights": (2, 2, 2)}
        ),
        Step(
            "fewer",
            _fewer,
            "combination",
            ("half", "maximum law"),
            {"weights": ((1 - _tail) ** (n - 1), -2)},
        ),
        Step("statement", _statement, "conjunction", ("above", "fewer")),
    ),
)
