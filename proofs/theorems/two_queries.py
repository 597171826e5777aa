"""Steps that several proofs share: the rank and the picks of two queries of two keys, from their scores."""

from typing import Any

import sympy as sp

from proofs.language import Below, Claim, eq, le
from proofs.model import AttentionScore, Pick, Rank, d, i, j, m, n, w
from proofs.records import Step

_two = {n: sp.Integer(2), m: sp.Integer(2)}
_pair = ((0, 1), (1, 0))
WIDE = (le(2, w),)
"""Two tokens have at least two coordinates."""
RANK = Rank(2, 2, d)


def pick(row: int, column: int) -> Any:
    """1 if query ``row`` of two picks key ``column`` of two, else 0."""
    return sp.KroneckerDelta(Pick(row, 2, 2, d), column)


def score(row: int, column: int) -> Any:
    """Query ``row`` times key ``column``."""
    return AttentionScore(row, column, d, w)


def beats(row: int, column: int) -> Any:
    """1 if key ``column`` of two has the larger score for query ``row``, else 0."""
    return Below(score(row, 1 - column), score(row, column))


def _used(column: int) -> Any:
    return 1 - sp.Product(1 - sp.KroneckerDelta(Pick(i, 2, 2, d), column), (i, 0, 1))


def steps(rows: tuple[int, ...], picks: tuple[tuple[int, int], ...]) -> tuple[Step, ...]:
    """Return the steps to ``"rank by picks"``, to ``"one pick 0"`` for rows, and to ``"pick 0 1"``, a pick from scores.

    They need the assumption ``largest-scores`` and the theorem ``rank-is-occupancy``.
    """
    columns = sp.Sum(1 - sp.Product(1 - sp.KroneckerDelta(Pick(i, 2, 2, d), j), (i, 0, 1)), (j, 0, 1))
    found = [
        Step("columns", Claim(eq(RANK, columns)), "specialise", ("theorem:rank-is-occupancy#2",), {"put": _two}),
        Step("two columns", Claim(eq(columns, _used(0) + _used(1))), "written-out", args={"sum": columns}),
    ]
    for column in (0, 1):
        missed = sp.Product(1 - sp.KroneckerDelta(Pick(i, 2, 2, d), column), (i, 0, 1))
        found.append(
            Step(
                f"queries that miss key {column}",
                Claim(eq(missed, (1 - pick(0, column)) * (1 - pick(1, column)))),
                "written-out",
                args={"sum": missed},
            )
        )
    found.append(
        Step(
            "rank by picks",
            Claim(eq(RANK, 2 - sum((1 - pick(0, column)) * (1 - pick(1, column)) for column in (0, 1)))),
            "rewrite",
            ("columns", "two columns", "queries that miss key 0", "queries that miss key 1"),
        )
    )
    for row in rows:
        found += _one_pick(row)
    for row, column in picks:
        found += _picked(row, column)
    return tuple(found)


def _one_pick(row: int) -> list[Step]:
    every = sp.Sum(sp.KroneckerDelta(Pick(row, 2, 2, d), j), (j, 0, 1))
    return [
        Step(
            f"row {row}",
            Claim(eq(every, 1)),
            "specialise",
            ("assumption:one-pick-per-row.one",),
            {"put": {**_two, i: sp.Integer(row)}},
        ),
        Step(f"keys of row {row}", Claim(eq(every, pick(row, 0) + pick(row, 1))), "written-out", args={"sum": every}),
        Step(
            f"one pick {row}",
            Claim(eq(pick(row, 0) + pick(row, 1), 1)),
            "combination",
            (f"row {row}", f"keys of row {row}"),
            {"weights": (1, -1)},
        ),
    ]


def _picked(row: int, column: int) -> list[Step]:
    place = f"{row} {column}"
    own = Below(score(row, column), score(row, column))
    k = sp.Symbol("k", integer=True, nonnegative=True)
    largest = sp.Product(
        Below(AttentionScore(row, k, d, w), score(row, column)) + sp.KroneckerDelta(column, k), (k, 0, 1)
    )
    return [
        Step(
            f"largest score {place}",
            Claim(eq(pick(row, column), largest), WIDE),
            "specialise",
            ("assumption:largest-scores.picks",),
            {"put": {**_two, i: sp.Integer(row), j: sp.Integer(column)}},
        ),
        Step(
            f"two scores {place}",
            Claim(eq(largest, (own + 1) * beats(row, column))),
            "written-out",
            args={"sum": largest},
        ),
        Step(f"not below itself {place}", Claim(le(own, 0)), "event-cases"),
        Step(f"itself {place}", Claim(le(0, own)), "sign"),
        Step(
            f"no score is below itself {place}",
            Claim(eq(own, 0)),
            "antisymmetry",
            (f"not below itself {place}", f"itself {place}"),
        ),
        Step(
            f"pick {place}",
            Claim(eq(pick(row, column), beats(row, column)), WIDE),
            "rewrite",
            (f"largest score {place}", f"two scores {place}", f"no score is below itself {place}"),
        ),
    ]
