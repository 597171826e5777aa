"""The rank of masked hardmax attention is the number of keys that some query picks."""

import sympy as sp

from proofs.language import All, Claim, eq
from proofs.model import MaskedEntry, MaskedRank, d, i, j, l, masked_hit, n, over_keys, used, w
from proofs.records import Step, Theorem, Variable

_rows = (i, 0, n - 1)
_one, _other = masked_hit(i, j), masked_hit(i, l)
_count = sp.Sum(_one, _rows)
_product = MaskedEntry(i, j, n, w, d) * MaskedEntry(i, l, n, w, d)
_same = sp.KroneckerDelta(j, l)
_gram = Claim(eq(sp.Sum(_product, _rows), _same * _count))
_rank = Claim(eq(MaskedRank(n, w, d), used(_one)))
_nonzero = 1 - sp.KroneckerDelta(_count, 0)
_some = 1 - sp.Product(1 - _one, _rows)
_statement = All((_gram, _rank))

THEOREM = Theorem(
    id="masked-rank-is-occupancy",
    title="Rank is occupancy under a mask",
    prose=(
        "A masked attention matrix A with a single 1 in each row has A^T A = diag(column counts), so its rank is the "
        "number of columns that contain a 1: the sum over keys of 1 - product over queries of (1 - [query picks key])."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys and queries"),
        Variable(w, "number of keys that a query sees; n for the causal mask"),
        Variable(d, "head dimension"),
        Variable(j, "a key"),
        Variable(l, "a key"),
    ),
    assumptions=("one-pick-per-masked-row",),
    references=("Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.6",),
    steps=(
        Step(
            "one column a row",
            Claim(eq(_one * _other, _same * _one)),
            "delta-cases",
            because="a row has its 1 in both columns only if the columns are the same",
        ),
        Step(
            "other column",
            Claim(eq(MaskedEntry(i, l, n, w, d), _other)),
            "specialise",
            ("assumption:one-pick-per-masked-row.entries",),
            {"put": {j: l}},
        ),
        Step(
            "entries",
            Claim(eq(_product, _same * _one)),
            "rewrite",
            ("assumption:one-pick-per-masked-row.entries", "other column", "one column a row"),
        ),
        Step("gram", _gram, "sum-both-sides", ("entries",), {"over": _rows}, "sum over the rows"),
        Step(
            "rank counts",
            Claim(eq(MaskedRank(n, w, d), over_keys(_nonzero))),
            "gram-rank",
            ("gram",),
            {"columns": (j, l)},
        ),
        Step("nonzero", Claim(eq(_nonzero, _some)), "zero-one-sum", because="a count is 0 when no query picks the key"),
        Step("rank", _rank, "rewrite", ("rank counts", "nonzero"), because="put the two together"),
        Step("statement", _statement, "conjunction", ("gram", "rank")),
    ),
)
