"""Which key a query picks, and what is counted of that: ranks, entries, occupied columns."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import KEYS, RandomVariable
from proofs.model.symbols import d, i, j, m, n, w


class Pick(RandomVariable):
    """``Pick(i, n, m, d)``: the key that query ``i`` picks."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class OppositePick(RandomVariable):
    """``OppositePick(i, n, m, d)``: the key that the opposite of query ``i`` would pick."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class LargestKey(RandomVariable):
    """``LargestKey(n)``: the place of the largest of ``n`` keys on a line, that is at head dimension 1."""

    least = (1,)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class SmallestKey(RandomVariable):
    """``SmallestKey(n)``: the place of the smallest of ``n`` keys on a line, that is at head dimension 1."""

    least = (1,)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class PickChance(RandomVariable):
    """``PickChance(j, n, d)``: the probability, given all keys, that a query picks key ``j``."""

    least = (0, 1, 1)
    is_nonnegative = True
    known = frozenset({KEYS})


class Rank(RandomVariable):
    """``Rank(n, m, d)``: the rank of the ``m`` by ``n`` attention matrix at head dimension ``d``."""

    least = (1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class Entry(RandomVariable):
    """``Entry(i, j, n, m, d)``: the entry of the attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)


class SoftEntry(RandomVariable):
    """``SoftEntry(i, j, n, m, d)``: the entry of the softmax attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)
    is_nonnegative = True


class SingularValue(RandomVariable):
    """``SingularValue(k, n, m, d)``: the ``k``-th largest singular value of the attention matrix, or 0."""

    least = (1, 1, 1, 1)
    is_nonnegative = True


class SoftSingularValue(RandomVariable):
    """``SoftSingularValue(k, n, m, d)``: the ``k``-th largest singular value of softmax attention, or 0."""

    least = (1, 1, 1, 1)
    is_nonnegative = True


class UniformPick(RandomVariable):
    """``UniformPick(i, n)``: independent picks, uniform over the ``n`` keys."""

    least = (0, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class Occupied(RandomVariable):
    """``Occupied(n, m)``: how many of ``n`` cells hold one of ``m`` independent uniform balls."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class WindowPick(RandomVariable):
    """``WindowPick(i, w)``: independent picks, uniform over the last ``w`` of the keys ``0..i``."""

    least = (0, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class WindowOccupied(RandomVariable):
    """``WindowOccupied(n, w)``: how many of ``n`` keys are picked by ``n`` queries with such picks."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class MaskedPick(RandomVariable):
    """``MaskedPick(i, n, w, d)``: the key of largest score for query ``i`` among the last ``w`` of keys ``0..i``."""

    least = (0, 1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class MaskedEntry(RandomVariable):
    """``MaskedEntry(i, j, n, w, d)``: the entry of the masked attention matrix in row ``i``, column ``j``."""

    least = (0, 0, 1, 1, 1)


class MaskedRank(RandomVariable):
    """``MaskedRank(n, w, d)``: the rank of the ``n`` by ``n`` attention matrix whose query sees ``w`` keys at most."""

    least = (1, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True


class Stirling(sp.Function):  # type: ignore[misc]
    """``Stirling(m, k)``: the number of partitions of ``m`` things into ``k`` blocks, evaluated at integers."""

    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, things: Any, blocks: Any) -> Any:
        """Evaluate at integers only."""
        if things.is_Integer and blocks.is_Integer:
            return sp.functions.combinatorial.numbers.stirling(int(things), int(blocks))
        return None


class Eulerian(sp.Function):  # type: ignore[misc]
    """``Eulerian(n, k)``: the number of permutations of ``n`` things with ``k - 1`` descents, evaluated at integers."""

    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, things: Any, runs: Any) -> Any:
        """Evaluate at integers only, by inclusion and exclusion."""
        if things.is_Integer and runs.is_Integer:
            terms = (
                (-1) ** cut * sp.binomial(things + 1, cut) * (runs - cut) ** things for cut in range(int(runs) + 1)
            )
            return sp.Add(*terms)
        return None


def hit(row: Any, column: Any, queries: Any = m) -> Any:
    """1 if query ``row`` picks key ``column``, else 0."""
    return sp.KroneckerDelta(Pick(row, n, queries, d), column)


def masked_hit(row: Any, column: Any, seen: Any = w) -> Any:
    """1 if query ``row``, which sees the last ``seen`` of the keys up to its own place, picks ``column``, else 0."""
    return sp.KroneckerDelta(MaskedPick(row, n, seen, d), column)


def window_hit(row: Any, column: Any, seen: Any = w) -> Any:
    """1 if the uniform pick of query ``row`` among the keys it sees is ``column``, else 0."""
    return sp.KroneckerDelta(WindowPick(row, seen), column)


def used(body: Any) -> Any:
    """Return the number of columns in which some of as many rows has its one."""
    return sp.Sum(1 - sp.Product(1 - body, (i, 0, n - 1)), (j, 0, n - 1))


def opposite_hit(row: Any, column: Any, dim: Any = d) -> Any:
    """1 if the opposite of query ``row`` would pick key ``column``, else 0."""
    return sp.KroneckerDelta(OppositePick(row, n, m, dim), column)


def extreme(column: Any) -> Any:
    """Return in how many of two ways, largest and smallest, key ``column`` is the outermost one on a line."""
    return sp.KroneckerDelta(LargestKey(n), column) + sp.KroneckerDelta(SmallestKey(n), column)


def both_pick(column: Any) -> Any:
    """1 if queries 0 and 1 both pick key ``column``, else 0.

    The queries are a sequence without end, whose first ``m`` make up the matrix: query 1 is there for ``m = 1`` too.
    """
    return sp.Product(hit(i, column), (i, 0, 1))


def chance(column: Any) -> Any:
    """Return the probability, given the keys, that a query picks ``column``."""
    return PickChance(column, n, d)


def occupied(body: Any) -> Any:
    """Return the number of columns in which some row has its one: a sum of 1 - product of (1 - hit)."""
    return sp.Sum(1 - sp.Product(1 - body, (i, 0, m - 1)), (j, 0, n - 1))


def over_keys(body: Any) -> Any:
    """Return the sum over all keys ``j``."""
    return sp.Sum(body, (j, 0, n - 1))


def barrier_of(keys: Any, queries: Any) -> Any:
    """``n (1 - (1 - 1/n)^m)``."""
    keys = sp.sympify(keys)  # 1/1 of plain integers would be a float
    return keys * (1 - (1 - 1 / keys) ** queries)
