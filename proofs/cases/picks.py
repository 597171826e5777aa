"""Models in which everything is finite: the picks of the queries, pattern by pattern.

Given the keys, the queries pick with a joint law on the ``n^m`` patterns; the keys take finitely many configurations.
The rank is found by elimination over the integers on the matrix itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from itertools import product
from math import lcm, prod
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, outermost_means, weighted, whole
from proofs.language import KEYS, TRIVIAL, E, Lim, RandomVariable
from proofs.model import Entry, Occupied, Pick, PickChance, Rank, UniformPick, d, m, n

Pattern = tuple[int, ...]
"""The key that each query picks."""
LAW, PATTERN, RANK, BALLS, CELLS = "law", "pattern", "rank", "balls", "cells"
"""What an outcome remembers: the law of the picks given the keys, the picks, the rank; uniform picks, their number."""


def rank_of(matrix: Sequence[Sequence[int]]) -> int:
    """Return the rank of an integer matrix by fraction-free elimination (Bareiss 1968)."""
    rows = [list(row) for row in matrix]
    rank, before = 0, 1
    for column in range(len(rows[0])):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank]
        for row in range(rank + 1, len(rows)):
            factor = rows[row][column]
            rows[row] = [
                (head[column] * entry - factor * top) // before for entry, top in zip(rows[row], head, strict=True)
            ]
        before = head[column]
        rank += 1
    return rank


def matrix_of(pattern: Pattern, keys: int) -> list[list[int]]:
    """Return the attention matrix: a single 1 in each row, in the column of the key picked."""
    return [[int(column == picked) for column in range(keys)] for picked in pattern]


@cache
def _rank_of_renamed(pattern: Pattern) -> int:
    return rank_of(matrix_of(pattern, max(pattern) + 1))


def rank_of_picks(pattern: Pattern) -> int:
    """Return the rank of the attention matrix; renaming keys permutes its columns, so each shape is eliminated once."""
    names: dict[int, int] = {}
    return _rank_of_renamed(tuple([names.setdefault(picked, len(names)) for picked in pattern]))


@dataclass(frozen=True, eq=False)
class PickLaw:
    """The joint law of the picks given one configuration of the keys: a whole number for each pattern."""

    counts: Mapping[Pattern, int]
    weight: Fraction = Fraction(1)

    @cached_property
    def total(self) -> int:
        """The sum of the whole numbers."""
        return sum(self.counts.values())

    @cached_property
    def ranks(self) -> dict[int, Fraction]:
        """The law of the rank."""
        return self._law_of(rank_of_picks)

    @cached_property
    def cells(self) -> dict[int, Fraction]:
        """The law of the number of different keys picked."""
        return self._law_of(lambda pattern: len(set(pattern)))

    def _law_of(self, number: Callable[[Pattern], int]) -> dict[int, Fraction]:
        found: dict[int, int] = {}
        for pattern, count in self.counts.items():
            value = number(pattern)
            found[value] = found.get(value, 0) + count
        return {value: Fraction(count, self.total) for value, count in sorted(found.items()) if count}

    @property
    def patterns(self) -> dict[Pattern, Fraction]:
        """The patterns that may occur, with their chances."""
        return {pattern: Fraction(count, self.total) for pattern, count in self.counts.items() if count}

    def chance(self, query: int, key: int) -> Fraction:
        """Return the probability that a query picks a key."""
        return Fraction(sum(count for pattern, count in self.counts.items() if pattern[query] == key), self.total)

    def is_identical(self) -> bool:
        """Whether every query has the same chance to pick a given key."""
        queries, keys = _extent(self.counts)
        return all(self.chance(query, key) == self.chance(0, key) for query in range(queries) for key in range(keys))

    def is_independent(self) -> bool:
        """Whether the picks of the queries are independent."""
        queries, keys = _extent(self.counts)
        chances = [[self.chance(query, key) for key in range(keys)] for query in range(queries)]
        return all(
            Fraction(self.counts.get(pattern, 0), self.total)
            == prod((chances[query][key] for query, key in enumerate(pattern)), start=Fraction(1))
            for pattern in product(range(keys), repeat=queries)
        )


def _extent(patterns: Iterable[Pattern]) -> tuple[int, int]:
    listed = list(patterns)
    return len(listed[0]), 1 + max(max(pattern) for pattern in listed)


@lru_cache(maxsize=256)
def independent_picks(chances: tuple[Fraction, ...], queries: int, weight: Fraction = Fraction(1)) -> PickLaw:
    """Return the law of queries that pick independently, each with the same chances."""
    scale = lcm(*(chance.denominator for chance in chances))
    scaled = [int(chance * scale) for chance in chances]
    possible = [key for key, chance in enumerate(scaled) if chance]
    counts = {pattern: prod([scaled[key] for key in pattern]) for pattern in product(possible, repeat=queries)}
    return PickLaw(counts, weight)


def uniform(keys: int) -> tuple[Fraction, ...]:
    """Return equal chances."""
    return (Fraction(1, keys),) * keys


@dataclass(frozen=True, eq=False)
class Picks:
    """``n`` keys, ``m`` queries, and for each configuration of the keys the law of the picks."""

    keys: int
    queries: int
    laws: tuple[PickLaw, ...]
    words: str
    head_dim: int | None = None
    in_the_limit: bool = False
    """Whether the picks have the law to which a limit in the head dimension refers."""

    @property
    def setting(self) -> str:
        """The model in words."""
        return f"n = {self.keys}, m = {self.queries}, {self.words}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        sizes = {n: Fraction(self.keys), m: Fraction(self.queries)}
        return sizes if self.head_dim is None else {**sizes, d: Fraction(self.head_dim)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the outcomes that the random quantities outside expectations can tell apart."""
        means = outermost_means(relation)
        outside = relation.xreplace({mean: sp.Dummy() for mean in means})
        if outside.has(Occupied, UniformPick):
            for balls in product(range(self.keys), repeat=self.queries):
                yield {BALLS: balls}
        elif any(KEYS not in one.known for one in outside.atoms(RandomVariable)):
            for law in self.laws:
                yield from ({LAW: law, PATTERN: pattern} for pattern, count in law.counts.items() if count)
        elif outside.has(RandomVariable) or any(mean.given != TRIVIAL for mean in means):
            yield from ({LAW: law} for law in self.laws)
        else:
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, E):
            if expr.free_symbols <= {*self.sizes, d}:
                return self._mean_once(expr, env.get(LAW))
            return self._mean(expr, env)
        if isinstance(expr, Occupied) and CELLS in env:
            return Fraction(env[CELLS])
        if isinstance(expr, Lim) and self.in_the_limit and expr.args[1] == d:
            return evaluate(expr.args[0], {d: Fraction(1), **env}, self.head)
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        return Fraction(self._quantity(expr, places, env))

    def _quantity(self, expr: Any, places: list[int], env: Env) -> Any:
        """Value a random quantity at an outcome; its sizes must be the model's."""
        self._same_sizes(expr, places)
        if isinstance(expr, Rank):
            return env[RANK] if RANK in env else rank_of_picks(env[PATTERN])
        if isinstance(expr, Occupied):
            return len(set(env[BALLS]))
        if isinstance(expr, Pick):
            return _entry(env[PATTERN], places[0])
        if isinstance(expr, UniformPick):
            return _entry(env[BALLS], places[0])
        if isinstance(expr, Entry):
            return int(_entry(env[PATTERN], places[0]) == places[1])
        if isinstance(expr, PickChance):
            return env[LAW].chance(0, places[0])
        raise UnsupportedError(f"{expr} has no value among picks")

    def _same_sizes(self, expr: Any, places: list[int]) -> None:
        counted = {Rank: 0, Occupied: 0, Pick: 1, UniformPick: 1, Entry: 2, PickChance: 1}.get(type(expr))
        if counted is None:
            raise UnsupportedError(f"{expr} has no value among picks")
        given = places[counted:]
        named: list[int | None] = [self.keys, self.queries, self.head_dim]
        if isinstance(expr, PickChance):
            named = [self.keys, self.head_dim]
        if any(size not in (None, value) for size, value in zip(named, given, strict=False)):
            raise UnsupportedError(f"{expr} is of another size")

    @cache  # noqa: B019 - kept as long as the model, of which there are few
    def _mean_once(self, expr: Any, law: PickLaw | None) -> Any:
        """Return a mean that only the sizes and the law given the keys determine."""
        return self._mean(expr, {d: Fraction(1), **self.sizes, **({} if law is None else {LAW: law})})

    def _mean(self, expr: Any, env: Env) -> Any:
        if expr.given == KEYS and LAW in env:
            return self._over_picks(expr.value, env, env[LAW])
        if expr.given != TRIVIAL:
            raise UnsupportedError(f"an expectation given {expr.given}")
        if expr.value.has(Occupied, UniformPick):
            return self._over_balls(expr.value, env)
        return weighted((law.weight, self._over_picks(expr.value, {**env, LAW: law}, law)) for law in self.laws)

    def _over_picks(self, value: Any, env: Env, law: PickLaw) -> Any:
        """Return the mean over the ranks if nothing else matters, else over the patterns."""
        if all(isinstance(one, Rank) for one in value.atoms(RandomVariable)):
            return self._over(value, env, RANK, law.ranks)
        return self._over(value, env, PATTERN, law.patterns)

    def _over_balls(self, value: Any, env: Env) -> Any:
        """Return the mean over uniform balls; as many as are asked for, where only their cells matter."""
        counts = value.atoms(Occupied)
        if value.atoms(RandomVariable) == counts and len(counts) == 1:
            cells, balls = (whole(evaluate(arg, env, self.head)) for arg in counts.pop().args)
            return self._over(value, env, CELLS, independent_picks(uniform(cells), balls).cells)
        law = independent_picks(uniform(self.keys), self.queries)
        return self._over(value, env, BALLS, law.patterns)

    def _over(self, value: Any, env: Env, name: str, law: Mapping[Any, Fraction]) -> Any:
        return weighted((chance, evaluate(value, {**env, name: one}, self.head)) for one, chance in law.items())


def _entry(values: Sequence[Any], place: int) -> Any:
    if not 0 <= place < len(values):
        raise UnsupportedError(f"there is no entry {place} among {len(values)}")
    return values[place]
