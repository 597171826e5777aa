"""The rank of a hardmax attention matrix is the number of keys that some query picks."""

import sympy as sp

from proofs.language import All, Claim, eq, le
from proofs.model import Entry, Rank, d, hit, i, j, l, m, n, occupied, over_keys
from proofs.records import Step, Theorem, Variable

_rows = (i, 0, m - 1)
_count = sp.Sum(hit(i, j), _rows)
_product = Entry(i, j, n, m, d) * Entry(i, l, n, m, d)
_entry = eq(Entry(i, l, n, m, d), hit(i, l))
_gram = Claim(eq(sp.Sum(_product, _rows), sp.KroneckerDelta(j, l) * _count))
_rank = Claim(eq(Rank(n, m, d), occupied(hit(i, j))))
_one = Claim(le(1, Rank(n, m, d)))
_nonzero = 1 - sp.KroneckerDelta(_count, 0)
_some = 1 - sp.Product(1 - hit(i, j), _rows)

THEOREM = Theorem(
    id="rank-is-occupancy",
    title="Rank is occupancy",
    prose=(
        "A matrix A with a single 1 in each row has A^T A = diag(column counts), so its rank is the number of columns "
        "that contain a 1: the sum over keys of 1 - product over queries of (1 - [query picks key]). It is at least 1."
    ),
    statement=All((_gram, _rank, _one)),
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(j, "a key"),
        Variable(l, "a key"),
    ),
    assumptions=("one-pick-per-row",),
    references=("Horn and Johnson, Matrix Analysis (2nd ed., 2013), 0.4.6",),
    steps=(
        Step(
            "one column a row",
            Claim(eq(hit(i, j) * hit(i, l), sp.KroneckerDelta(j, l) * hit(i, j))),
            "delta-cases",
            because="a row has its 1 in both columns only if the columns are the same",
        ),
        Step("other column", Claim(_entry), "specialise", ("assumption:one-pick-per-row.entries",), {"put": {j: l}}),
        Step(
            "entries",
            Claim(eq(_product, sp.KroneckerDelta(j, l) * hit(i, j))),
            "rewrite",
            ("assumption:one-pick-per-row.entries", "other column", "one column a row"),
        ),
        Step("gram", _gram, "sum-both-sides", ("entries",), {"over": _rows}, "sum over the rows"),
        Step(
            "rank counts",
            Claim(eq(Rank(n, m, d), over_keys(_nonzero))),
            "gram-rank",
            ("gram",),
            {"columns": (j, l)},
        ),
        Step("nonzero", Claim(eq(_nonzero, _some)), "zero-one-sum", because="a count is 0 when no query picks the key"),
        Step("rank", _rank, "rewrite", ("rank counts", "nonzero"), because="put the two together"),
        Step("first query", Claim(le(hit(0, j), _some)), "union-contains"),
        Step(
            "sum of first",
            Claim(le(over_keys(hit(0, j)), occupied(hit(i, j)))),
            "sum-both-sides",
            ("first query",),
            {"over": (j, 0, n - 1)},
        ),
        Step(
            "picks one",
            Claim(eq(over_keys(hit(0, j)), 1)),
            "specialise",
            ("assumption:one-pick-per-row.one",),
            {"put": {i: 0}},
        ),
        Step(
            "at least one",
            _one,
            "combination",
            ("sum of first", "picks one", "rank"),
            {"weights": (1, -1, -1)},
            "query 0 picks some key",
        ),
        Step("statement", All((_gram, _rank, _one)), "conjunction", ("gram", "rank", "at least one")),
    ),
)
