"""Softmax rows close to hardmax rows: the hardmax rank is the number of large singular values."""

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, eq, le
from proofs.model import Entry, Rank, SingularValue, SoftEntry, SoftSingularValue, d, hit, i, j, l, m, n
from proofs.records import Step, Theorem, Variable

_q = sp.Symbol("q", integer=True, positive=True)
_a, _b = (sp.Symbol(name, real=True) for name in ("a", "b"))
_rows, _columns, _others = (i, 0, m - 1), (j, 0, n - 1), (l, 0, n - 1)
_key = (le(j, n - 1),)
_hit, _share = hit(i, j), SoftEntry(i, j, n, m, d)
_missing = 1 - sp.Sum(hit(i, l) * SoftEntry(i, l, n, m, d), _others)
"""What the entry at the column of the hardmax row lacks of 1."""
_spread, _lack = (1 - _hit) * _share, _hit * (1 - _share)
_square = (_share - _hit) ** 2
_row = Claim(le(sp.Sum(_square, _columns), 2 * _missing**2))
_distance2, _certificate2 = sp.Sum(sp.Sum(_square, _columns), _rows), 2 * sp.Sum(_missing**2, _rows)
_matrix = Claim(le(_distance2, _certificate2))
_soft, _hard = SoftSingularValue(_q, n, m, d), SingularValue(_q, n, m, d)
_beyond = Below(Rank(n, m, d), _q)
_small = Claim(le(_beyond * _soft, _beyond * sp.sqrt(_certificate2)))
_large = Claim(le((1 - _beyond) * (1 - sp.sqrt(_certificate2)), (1 - _beyond) * _soft))
_statement = All((_row, _matrix, _small, _large))


def _at_most_sum(
    name: str, term: Any, positive: Step, total: tuple[str, ...], weights: tuple[Any, ...], bound: Any
) -> Any:
    """Return the steps to ``term`` being at most ``bound``, the sum of such terms, which are nonnegative."""
    other = term.xreplace({j: l})
    picked = sp.Sum(sp.KroneckerDelta(l, j) * other, _others)
    return (
        positive,
        Step(
            f"{name}, summed",
            Claim(le(picked, sp.Sum(other, _others))),
            "sum-both-sides",
            (positive.name,),
            {"over": _others},
        ),
        Step(f"{name}, one term", Claim(eq(picked, term), _key), "delta-sum", args={"sum": picked, "at": j}),
        Step(
            name,
            Claim(le(term, bound), _key),
            "combination",
            (f"{name}, summed", f"{name}, one term", *total),
            {"weights": (1, -1, *weights)},
        ),
    )


_same = sp.KroneckerDelta(l, j)
_l = {j: l}
_sum, _one = "shares", "picks"
_other_sum = sp.Sum(SoftEntry(i, l, n, m, d), _others)
_ENTRIES = (
    Step(_sum, Claim(eq(_other_sum, 1)), "rewrite", ("assumption:softmax-rows.sum",), {"base": True}),
    Step(
        _one, Claim(eq(sp.Sum(hit(i, l), _others), 1)), "rewrite", ("assumption:one-pick-per-row.one",), {"base": True}
    ),
    *_at_most_sum(
        "at most 1",
        _share,
        Step("some share", Claim(le(_same * _share.xreplace(_l), _share.xreplace(_l))), "sign"),
        (_sum,),
        (1,),
        sp.Integer(1),
    ),
    *_at_most_sum(
        "spread",
        _spread,
        Step(
            "some spread",
            Claim(le(_same * _spread.xreplace(_l), _spread.xreplace(_l))),
            "combination",
            ("some share",),
            {"weights": (1 - hit(i, l),)},
        ),
        (_sum,),
        (1,),
        _missing,
    ),
    Step(
        "other at most 1", Claim(le(_share.xreplace(_l), 1), (le(l, n - 1),)), "specialise", ("at most 1",), {"put": _l}
    ),
    *_at_most_sum(
        "lack",
        _lack,
        Step(
            "some lack",
            Claim(le(_same * _lack.xreplace(_l), _lack.xreplace(_l)), (le(l, n - 1),)),
            "combination",
            ("other at most 1",),
            {"weights": ((1 - _same) * hit(i, l),)},
        ),
        (_one,),
        (1,),
        _missing,
    ),
    Step("two parts", Claim(eq(_square, _spread**2 + _lack**2)), "delta-cases"),
    Step("square", Claim(le(_a**2, _a * _b), (le(0, _a), le(_a, _b))), "sign"),
    Step("positive lack", Claim(le(0, _lack), _key), "combination", ("at most 1",), {"weights": (_hit,)}),
)
_LACK = Step(
    "square of lack",
    Claim(le(_lack**2, _lack * _missing), _key),
    "specialise",
    ("square", "positive lack", "lack"),
    {"put": {_a: _lack, _b: _missing}},
)
_bounded = _missing * (_spread + _lack)
_MATRIX = (
    _LACK,
    Step(
        "one entry",
        Claim(le(_square, _bounded), _key),
        "combination",
        ("two parts", "spread", "square of lack"),
        {"weights": (1, _spread, 1)},
    ),
    Step(
        "row by parts",
        Claim(le(sp.Sum(_square, _columns), sp.Sum(_bounded, _columns))),
        "sum-both-sides",
        ("one entry",),
        {"over": _columns},
    ),
    Step(
        "row",
        _row,
        "combination",
        ("row by parts", _sum, _one),
        {"weights": (1, _missing, _missing)},
    ),
    Step("matrix", _matrix, "sum-both-sides", ("row",), {"over": _rows}),
)
_weyl = "cite:singular-values-move"
_apart2 = sp.Sum(sp.Sum((_share - Entry(i, j, n, m, d)) ** 2, _columns), _rows)
_root, _distance = sp.sqrt(_certificate2), sp.sqrt(_distance2)
_VALUES = (
    Step("distance", Claim(eq(_apart2, _distance2)), "rewrite", ("assumption:one-pick-per-row.entries",)),
    Step(
        "root",
        Claim(le(_distance, _root)),
        "monotone",
        ("matrix",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    Step("from above", Claim(le(_soft, _hard + _distance)), "rewrite", (f"{_weyl}#1", "distance"), {"base": True}),
    Step("from below", Claim(le(_hard, _soft + _distance)), "rewrite", (f"{_weyl}#2", "distance"), {"base": True}),
    Step(
        "small",
        _small,
        "combination",
        ("from above", "root", "cite:singular-values-of-columns#1"),
        {"weights": (_beyond, _beyond, 1)},
        "beyond the rank the singular values of hardmax attention are 0",
    ),
    Step(
        "large",
        _large,
        "combination",
        ("from below", "root", "cite:singular-values-of-columns#2"),
        {"weights": (1 - _beyond, 1 - _beyond, 1)},
        "up to the rank they are at least 1, being square roots of numbers of picks",
    ),
)

THEOREM = Theorem(
    id="temperature-certificate",
    title="Softmax rows close to hardmax rows",
    prose=(
        "P has nonnegative entries and rows that sum to 1; A has a 1 in each row (hardmax) and D is its rank. With "
        "e_i = 1 - P_ij, j the column of the 1 in row i of A: the squares in row i of P - A add up to at most 2 e_i^2, "
        "all of them to at most c^2 = 2 (sum of e_i^2). The singular values of P beyond the D-th are at most c, the "
        "first D at least 1 - c: if c < 1/2, exactly D exceed a threshold from c to below 1 - c."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(i, "a query"),
        Variable(_q, "the place of a singular value"),
    ),
    assumptions=("softmax-rows",),
    depends_on=("rank-is-occupancy",),
    references=("Horn and Johnson, Matrix Analysis (2nd ed., 2013), section 7.3",),
    steps=(
        *_ENTRIES,
        *_MATRIX,
        *_VALUES,
        Step("statement", _statement, "conjunction", ("row", "matrix", "small", "large")),
    ),
)
