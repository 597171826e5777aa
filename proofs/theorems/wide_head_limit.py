"""As the head dimension grows the picks become independent and uniform, and the barrier is attained."""

import sympy as sp

from proofs.language import All, Claim, E, Lim, PicksConverge, eq, le
from proofs.model import (
    IDEAL,
    Occupied,
    Pick,
    Rank,
    Stirling,
    UniformPick,
    barrier_of,
    d,
    i,
    j,
    k,
    l,
    m,
    n,
    over_keys,
)
from proofs.records import Step, Theorem, Variable

_rows = (i, 0, m - 1)
_rank, _occ = Rank(n, m, d), Occupied(n, m)
_ball = sp.KroneckerDelta(UniformPick(i, n), j)
_other = sp.KroneckerDelta(UniformPick(i, n), l)
_empty = sp.Product(1 - _ball, _rows)
_both = sp.Product((1 - _ball) * (1 - _other), _rows)
_law = sp.KroneckerDelta(_occ, k)
_same = sp.KroneckerDelta(j, l)
_keys = (le(j, n - 1),)
_two_keys = (le(j, n - 1), le(l, n - 1))
_missed = (1 - 1 / n) ** m
_two_missed = (1 - 2 / n + _same / n) ** m
_second = n * _missed + n * (n - 1) * (1 - 2 / n) ** m
PMF = sp.factorial(n) / sp.factorial(n - k) * Stirling(m, k) / n**m
_mean_occ = Claim(eq(E(_occ), barrier_of(n, m)))
_second_occ = Claim(eq(E(_occ**2), n**2 - 2 * n**2 * _missed + _second))
_variance = _second - n**2 * (1 - 1 / n) ** (2 * m)


_limit_law = Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), PMF), (le(k, n),))
_limit_mean = Claim(eq(Lim(E(_rank), d), barrier_of(n, m)))
_limit_variance = Claim(eq(Lim(E(_rank**2) - E(_rank) ** 2, d), _variance))
_statement = All((_limit_mean, _limit_law, _limit_variance))


THEOREM = Theorem(
    id="wide-head-limit",
    title="Wide heads attain the barrier",
    prose=(
        "For n keys and m queries fixed and head_dim -> infinity: E[rank] -> n (1 - (1 - 1/n)^m); P(rank = k) -> "
        "n!/(n-k)! S(m,k) / n^m for k <= n; Var[rank] -> n (1-1/n)^m + n (n-1) (1-2/n)^m - n^2 (1-1/n)^(2m): the "
        "law of the number of occupied cells."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(k, "a value of the rank"),
    ),
    assumptions=(*IDEAL, "uniform-occupancy"),
    depends_on=(
        "ideal-setting",
        "rank-is-occupancy",
    ),
    references=(
        "Van der Vaart, Asymptotic Statistics (1998), chapter 2",
        "Stanley, Enumerative Combinatorics I (2nd ed., 2012), section 1.9",
    ),
    steps=(
        Step(
            "picks converge",
            Claim(PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d)),
            "clt-picks",
            ("assumption:gaussian-queries-and-keys.query-moments", "assumption:gaussian-queries-and-keys.key-moments"),
        ),
        Step(
            "limit of mean",
            Claim(eq(Lim(E(_rank), d), E(_occ))),
            "limit-of-mean",
            ("picks converge", "theorem:rank-is-occupancy#2", "assumption:uniform-occupancy.count"),
        ),
        Step(
            "limit of square",
            Claim(eq(Lim(E(_rank**2), d), E(_occ**2))),
            "limit-of-mean",
            ("picks converge", "theorem:rank-is-occupancy#2", "assumption:uniform-occupancy.count"),
        ),
        Step(
            "limit of law",
            Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), E(_law))),
            "limit-of-mean",
            ("picks converge", "theorem:rank-is-occupancy#2", "assumption:uniform-occupancy.count"),
        ),
        Step(
            "one ball",
            Claim(eq(E(1 - _ball), 1 - 1 / n), _keys),
            "rewrite",
            ("assumption:uniform-occupancy.chance",),
        ),
        Step(
            "empty cell",
            Claim(eq(E(_empty), sp.Product(E(1 - _ball), _rows))),
            "independence",
            ("assumption:uniform-occupancy.independent",),
        ),
        Step("chance of empty", Claim(eq(E(_empty), _missed), _keys), "rewrite", ("empty cell", "one ball")),
        Step(
            "mean by cells",
            Claim(eq(E(_occ), over_keys(1 - E(_empty)))),
            "expectation",
            ("assumption:uniform-occupancy.count",),
        ),
        Step("mean", _mean_occ, "rewrite", ("mean by cells", "chance of empty")),
        Step(
            "two cells",
            Claim(eq((1 - _ball) * (1 - _other), 1 - _ball - _other + _same * _ball)),
            "delta-cases",
            because="one ball is not in two cells",
        ),
        Step(
            "mean of two cells",
            Claim(eq(E((1 - _ball) * (1 - _other)), 1 - E(_ball) - E(_other) + _same * E(_ball))),
            "expectation",
            ("two cells",),
        ),
        Step(
            "other chance",
            Claim(eq(E(_other), 1 / n), (le(l, n - 1),)),
            "specialise",
            ("assumption:uniform-occupancy.chance",),
            {"put": {j: l}},
        ),
        Step(
            "one ball misses two",
            Claim(eq(E((1 - _ball) * (1 - _other)), 1 - 2 / n + _same / n), _two_keys),
            "rewrite",
            ("mean of two cells", "assumption:uniform-occupancy.chance", "other chance"),
        ),
        Step(
            "both empty",
            Claim(eq(E(_both), sp.Product(E((1 - _ball) * (1 - _other)), _rows))),
            "independence",
            ("assumption:uniform-occupancy.independent",),
        ),
        Step(
            "chance of both",
            Claim(eq(E(_both), _two_missed), _two_keys),
            "rewrite",
            ("both empty", "one ball misses two"),
        ),
        Step(
            "square",
            Claim(eq(over_keys(_empty) ** 2, over_keys(sp.Sum(_both, (l, 0, n - 1))))),
            "square-of-sum",
            args={"sum": over_keys(_empty), "other": l, "merged": _both},
        ),
        Step(
            "mean square",
            Claim(eq(E(over_keys(_empty) ** 2), over_keys(sp.Sum(E(_both), (l, 0, n - 1))))),
            "expectation",
            ("square",),
        ),
        Step(
            "pairs",
            Claim(eq(over_keys(sp.Sum(_two_missed, (l, 0, n - 1))), _second)),
            "double-sum",
            args={"first": j, "second": l, "number": n, "body": _two_missed},
        ),
        Step(
            "mean square of empty",
            Claim(eq(E(over_keys(_empty) ** 2), _second)),
            "rewrite",
            ("mean square", "chance of both", "pairs"),
        ),
        Step("complement", Claim(eq(_occ, n - over_keys(_empty))), "rewrite", ("assumption:uniform-occupancy.count",)),
        Step(
            "square of complement",
            Claim(eq(_occ**2, n**2 - 2 * n * over_keys(_empty) + over_keys(_empty) ** 2)),
            "rewrite",
            ("complement",),
        ),
        Step(
            "mean square by cells",
            Claim(eq(E(_occ**2), n**2 - 2 * n * over_keys(E(_empty)) + E(over_keys(_empty) ** 2))),
            "expectation",
            ("square of complement",),
        ),
        Step(
            "second moment", _second_occ, "rewrite", ("mean square by cells", "mean square of empty", "chance of empty")
        ),
        Step("limit mean", _limit_mean, "rewrite", ("limit of mean", "mean")),
        Step(
            "limit second moment",
            Claim(eq(Lim(E(_rank**2), d), _second_occ.conclusion.rhs)),
            "rewrite",
            ("limit of square", "second moment"),
        ),
        Step("limit variance", _limit_variance, "limit-algebra", ("limit second moment", "limit mean")),
        Step(
            "count maps",
            Claim(eq(sp.binomial(n, k), sp.factorial(n) / sp.factorial(k) / sp.factorial(n - k)), (le(k, n),)),
            "binomial",
        ),
        Step("law", Claim(eq(E(_law), PMF), (le(k, n),)), "rewrite", ("cite:occupancy-law", "count maps")),
        Step("limit law", _limit_law, "rewrite", ("limit of law", "law")),
        Step("statement", _statement, "conjunction", ("limit mean", "limit law", "limit variance")),
    ),
)
