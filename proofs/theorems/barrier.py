"""The barrier: no keys and no head dimension lift the expected rank above that of uniform picks."""

import sympy as sp

from proofs.language import KEYS, All, Claim, E, eq, le
from proofs.model import Rank, barrier_of, chance, d, hit, i, j, m, n, over_keys
from proofs.records import Step, Theorem, Variable

_rows = (i, 0, m - 1)
_rank = Rank(n, m, d)
_miss = sp.Product(1 - hit(i, j), _rows)
_mean_miss = sp.Product(E(1 - hit(i, j), KEYS), _rows)
_bound = barrier_of(n, m)
_v = sp.Symbol("v", real=True)

GIVEN_KEYS = over_keys(1 - (1 - chance(j)) ** m)
"""The expected rank given the keys."""

_total = Claim(eq(over_keys(chance(j)), 1))
_given = Claim(eq(E(_rank, KEYS), GIVEN_KEYS))
_given_bound = Claim(le(E(_rank, KEYS), _bound))
_mean_bound = Claim(le(E(_rank), _bound))
_at_least = Claim(le(1, E(_rank)))
_most = Claim(le(chance(j), 1))
_statement = All((_given, _given_bound, _mean_bound, _total, _at_least, _most))

THEOREM = Theorem(
    id="barrier",
    title="The barrier",
    prose=(
        "For n keys and m queries whose picks are independent and identically distributed given the keys, with p_j the "
        "chance of key j: E[rank | keys] = sum of 1 - (1 - p_j)^m <= n (1 - (1 - 1/n)^m) for all keys, hence "
        "E[rank] <= n (1 - (1 - 1/n)^m) at every head dimension. (The p_j are at most 1 and add up to 1, and E[rank] "
        "is at least 1.)"
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(j, "a key"),
    ),
    assumptions=("independent-queries", "identical-queries"),
    depends_on=("rank-is-occupancy",),
    references=("Jensen (1906); occupancy numbers: Feller, An Introduction to Probability Theory I (1968), IV.2",),
    steps=(
        Step(
            "linearity",
            Claim(eq(E(_rank, KEYS), over_keys(1 - E(_miss, KEYS)))),
            "expectation",
            ("theorem:rank-is-occupancy#2",),
            {"given": KEYS},
            "the expectation of a sum of indicators",
        ),
        Step(
            "independent queries",
            Claim(eq(E(_miss, KEYS), _mean_miss)),
            "independence",
            ("assumption:independent-queries.independent",),
        ),
        Step("linear miss", Claim(eq(E(1 - hit(i, j), KEYS), 1 - E(hit(i, j), KEYS))), "identity"),
        Step(
            "identical queries",
            Claim(eq(_mean_miss, (1 - chance(j)) ** m)),
            "rewrite",
            ("linear miss", "assumption:identical-queries.chance"),
        ),
        Step(
            "given keys",
            _given,
            "rewrite",
            ("linearity", "independent queries", "identical queries"),
        ),
        Step(
            "mean of one row",
            Claim(eq(over_keys(E(hit(i, j), KEYS)), 1)),
            "expectation",
            ("assumption:one-pick-per-row.one",),
            {"given": KEYS},
        ),
        Step(
            "total chance",
            _total,
            "rewrite",
            ("mean of one row", "assumption:identical-queries.chance"),
            {"base": True},
        ),
        Step("a hit is at most 1", Claim(le(hit(i, j), 1)), "sign"),
        Step("mean hit", Claim(le(E(hit(i, j), KEYS), 1)), "expectation", ("a hit is at most 1",), {"given": KEYS}),
        Step(
            "chance at most 1",
            _most,
            "rewrite",
            ("mean hit", "assumption:identical-queries.chance"),
            {"base": True},
        ),
        Step(
            "jensen",
            Claim(le(GIVEN_KEYS, _bound)),
            "jensen-sum",
            ("total chance", "chance at most 1"),
            {"function": 1 - (1 - _v) ** m, "variable": _v, "point": chance(j), "over": (j, 0, n - 1)},
            "1 - (1 - p)^m is concave in p",
        ),
        Step("bound given keys", _given_bound, "combination", ("given keys", "jensen"), {"weights": (1, 1)}),
        Step("bound", _mean_bound, "expectation", ("bound given keys",), because="average over the keys"),
        Step("rank at least 1", _at_least, "expectation", ("theorem:rank-is-occupancy#3",)),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("given keys", "bound given keys", "bound", "total chance", "rank at least 1", "chance at most 1"),
        ),
    ),
)
