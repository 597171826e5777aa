"""As the head dimension grows the picks become independent and uniform, and the barrier is attained."""

import sympy as sp

from proofs.language import All, Claim, E, Lim, PicksConverge, eq, le
from proofs.model import IDEAL, Occupied, Pick, Rank, UniformPick, barrier_of, d, i, k, m, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.occupancy_moments import PMF, VARIANCE

_rank, _occ = Rank(n, m, d), Occupied(n, m)
_limit_law = Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), PMF), (le(k, n),))
_limit_mean = Claim(eq(Lim(E(_rank), d), barrier_of(n, m)))
_limit_variance = Claim(eq(Lim(E(_rank**2) - E(_rank) ** 2, d), VARIANCE))
_statement = All((_limit_mean, _limit_law, _limit_variance))
_convergence = ("picks converge", "theorem:rank-is-occupancy#2", "assumption:uniform-occupancy.count")

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
    depends_on=("ideal-setting", "rank-is-occupancy", "occupancy-moments"),
    references=("Van der Vaart, Asymptotic Statistics (1998), chapter 2",),
    steps=(
        Step(
            "picks converge",
            Claim(PicksConverge(Pick(i, n, m, d), UniformPick(i, n), i, d)),
            "clt-picks",
            ("assumption:gaussian-queries-and-keys.query-moments", "assumption:gaussian-queries-and-keys.key-moments"),
        ),
        Step("limit of mean", Claim(eq(Lim(E(_rank), d), E(_occ))), "limit-of-mean", _convergence),
        Step("limit of square", Claim(eq(Lim(E(_rank**2), d), E(_occ**2))), "limit-of-mean", _convergence),
        Step(
            "limit of law",
            Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), E(sp.KroneckerDelta(_occ, k)))),
            "limit-of-mean",
            _convergence,
        ),
        Step("limit mean", _limit_mean, "rewrite", ("limit of mean", "theorem:occupancy-moments#1")),
        Step(
            "limit of variance",
            Claim(eq(Lim(E(_rank**2) - E(_rank) ** 2, d), E(_occ**2) - E(_occ) ** 2)),
            "limit-algebra",
            ("limit of square", "limit of mean"),
        ),
        Step("limit variance", _limit_variance, "rewrite", ("limit of variance", "theorem:occupancy-moments#2")),
        Step("limit law", _limit_law, "rewrite", ("limit of law", "theorem:occupancy-moments#3")),
        Step("statement", _statement, "conjunction", ("limit mean", "limit law", "limit variance")),
    ),
)
