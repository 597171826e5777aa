"""The rank under a causal mask as the head dimension grows: mean, variance and law."""

import sympy as sp

from proofs.language import All, Claim, E, Lim, PicksConverge, eq, le
from proofs.model import (
    IDEAL,
    MaskedPick,
    MaskedRank,
    WindowOccupied,
    WindowPick,
    d,
    i,
    j,
    k,
    masked_hit,
    n,
    used,
    w,
    window_hit,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.causal_law import PMF
from proofs.theorems.causal_occupancy import of_causal

_rank, _occ = MaskedRank(n, n, d), WindowOccupied(n, n)
_two = (le(2, n),)
_limit_mean = Claim(eq(Lim(E(_rank), d), (n + 1) / 2))
_limit_variance = Claim(eq(Lim(E(_rank**2) - E(_rank) ** 2, d), (n + 1) / 12), _two)
_limit_law = Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), PMF))
_statement = All((_limit_mean, _limit_variance, _limit_law))
_masked = Claim(PicksConverge(MaskedPick(i, n, w, d), WindowPick(i, w), i, d))
PICKS_CONVERGE = Step(
    "masked picks converge",
    _masked,
    "clt-picks",
    ("assumption:gaussian-queries-and-keys.query-moments", "assumption:gaussian-queries-and-keys.key-moments"),
)
"""As the head dimension grows, the picks among the keys of a window become independent and uniform."""
_convergence = ("picks converge", "rank", "count")

THEOREM = Theorem(
    id="causal-rank",
    title="The rank under a causal mask, for wide heads",
    prose=(
        "Query i of n sees the keys 0..i. For n fixed and head_dim -> infinity: E[rank] -> (n + 1) / 2; for n >= 2, "
        "Var[rank] -> (n + 1) / 12; P(rank = k) -> A(n, k) / n!, with A(n, k) the number of permutations of n things "
        "with k - 1 descents (Eulerian numbers)."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and queries"), Variable(k, "a value of the rank")),
    assumptions=(*IDEAL, "one-pick-per-masked-row", "uniform-window-picks"),
    depends_on=("ideal-setting", "masked-rank-is-occupancy", "causal-occupancy", "causal-variance", "causal-law"),
    references=("Van der Vaart, Asymptotic Statistics (1998), chapter 2",),
    steps=(
        PICKS_CONVERGE,
        Step(
            "picks converge",
            Claim(PicksConverge(MaskedPick(i, n, n, d), WindowPick(i, n), i, d)),
            "specialise",
            ("masked picks converge",),
            {"put": {w: n}},
        ),
        Step(
            "rank",
            Claim(eq(_rank, used(masked_hit(i, j, n)))),
            "specialise",
            ("theorem:masked-rank-is-occupancy#2",),
            {"put": {w: n}},
        ),
        of_causal("count", eq(_occ, used(window_hit(i, j, n)))),
        Step("limit of mean", Claim(eq(Lim(E(_rank), d), E(_occ))), "limit-of-mean", _convergence),
        Step("limit of square", Claim(eq(Lim(E(_rank**2), d), E(_occ**2))), "limit-of-mean", _convergence),
        Step(
            "limit of law",
            Claim(eq(Lim(E(sp.KroneckerDelta(_rank, k)), d), E(sp.KroneckerDelta(_occ, k)))),
            "limit-of-mean",
            _convergence,
        ),
        Step("limit mean", _limit_mean, "rewrite", ("limit of mean", "theorem:causal-occupancy#1")),
        Step(
            "limit of variance",
            Claim(eq(Lim(E(_rank**2) - E(_rank) ** 2, d), E(_occ**2) - E(_occ) ** 2)),
            "limit-algebra",
            ("limit of square", "limit of mean"),
        ),
        Step("limit variance", _limit_variance, "combination", ("limit of variance", "theorem:causal-variance#1")),
        Step("limit law", _limit_law, "rewrite", ("limit of law", "theorem:causal-law#1")),
        Step("statement", _statement, "conjunction", ("limit mean", "limit variance", "limit law")),
    ),
)
