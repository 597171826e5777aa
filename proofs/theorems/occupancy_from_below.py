"""A key of chance p is picked by one of m queries with a chance of at least mp / (1 + mp)."""

import sympy as sp

from proofs.language import All, Claim, le
from proofs.model import m
from proofs.records import Step, Theorem, Variable

p = sp.Symbol("p", real=True)
q = sp.Symbol("q", nonnegative=True)
f = sp.Symbol("f", real=True)

_unit = (le(0, p), le(p, 1))
_least, _at_most_one = le(f, q), le(f, 1)
_picked = Claim(le(m * p / (1 + m * p), 1 - (1 - p) ** m), _unit)
_half = Claim(le(f / 2, q / (1 + q)), (_least, _at_most_one))
_statement = All((_picked, _half))

THEOREM = Theorem(
    id="occupancy-from-below",
    title="The chance to be picked, from below",
    prose=(
        "For 0 <= p <= 1 and m >= 1: 1 - (1 - p)^m >= mp / (1 + mp). For q >= 0: q / (1 + q) >= f / 2 for every f that "
        "is at most q and at most 1."
    ),
    statement=_statement,
    variables=(
        Variable(p, "the chance that one query picks the key"),
        Variable(m, "number of queries"),
        Variable(q, "an expected number"),
        Variable(f, "at most that and at most 1"),
    ),
    assumptions=(),
    steps=(
        Step(
            "1 - p",
            Claim(le(1 - p, sp.exp(-p)), _unit),
            "derivatives",
            args={"variable": p, "left": 0, "order": 2},
        ),
        Step(
            "power",
            Claim(le((1 - p) ** m, sp.exp(-m * p)), _unit),
            "monotone",
            ("1 - p",),
            {"function": "power", "exponent": m},
        ),
        Step("1 + q", Claim(le(1 + q, sp.exp(q))), "derivatives", args={"variable": q, "left": 0, "order": 2}),
        Step(
            "reciprocal",
            Claim(le(sp.exp(-q), 1 / (1 + q))),
            "combination",
            ("1 + q",),
            {"weights": (sp.exp(-q) / (1 + q),)},
        ),
        Step(
            "reciprocal at mp",
            Claim(le(sp.exp(-m * p), 1 / (1 + m * p)), _unit),
            "specialise",
            ("reciprocal",),
            {"put": {q: m * p}},
        ),
        Step("picked", _picked, "combination", ("power", "reciprocal at mp")),
        Step("at most q", Claim(_least, _half.where), "sign"),
        Step("at most 1", Claim(_at_most_one, _half.where), "sign"),
        Step(
            "half",
            _half,
            "combination",
            ("at most q", "at most 1"),
            {"weights": (1 / (2 * (1 + q)), q / (2 * (1 + q)))},
        ),
        Step("statement", _statement, "conjunction", ("picked", "half")),
    ),
)
