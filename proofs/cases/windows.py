"""Uniform picks among the keys that each query sees, pattern by pattern.

Query ``i`` sees the last ``seen`` of the keys ``0..i``. All patterns of picks are equally likely; the rank is found by
elimination on the matrix itself. Limits in the head dimension refer to these picks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, outermost_means, weighted, whole
from proofs.cases.picks import PATTERN, PickLaw, rank_of_picks
from proofs.language import TRIVIAL, E, Lim, RandomVariable
from proofs.model import MaskedEntry, MaskedPick, MaskedRank, WindowOccupied, WindowPick, d, n, w

_PLACES = {WindowPick: 1, WindowOccupied: 0, MaskedPick: 1, MaskedEntry: 2, MaskedRank: 0}
"""How many arguments come before the sizes."""


@cache
def picks_in_windows(keys: int, seen: int) -> PickLaw:
    """Return the law of as many queries as keys that pick uniformly among the keys they see."""
    return PickLaw(dict.fromkeys(product(*(range(max(0, row - seen + 1), row + 1) for row in range(keys))), 1))


@dataclass(frozen=True)
class Windows:
    """``n`` keys and queries, each of which sees ``w`` keys at most."""

    keys: int
    seen: int

    @property
    def setting(self) -> str:
        """The model in words."""
        return f"n = {self.keys}, w = {self.seen}, independent picks, uniform among the keys seen"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The values of the symbols for sizes."""
        return {n: Fraction(self.keys), w: Fraction(self.seen)}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the patterns of picks, where something outside expectations depends on them."""
        if relation.xreplace({mean: sp.Dummy() for mean in outermost_means(relation)}).has(RandomVariable):
            yield from ({PATTERN: pattern} for pattern in picks_in_windows(self.keys, self.seen).counts)
        else:
            yield {}

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, E) and expr.given == TRIVIAL:
            law = picks_in_windows(*self._sizes_of(expr, env)).patterns
            return weighted(
                (chance, evaluate(expr.value, {**env, PATTERN: pattern}, self.head)) for pattern, chance in law.items()
            )
        if isinstance(expr, Lim) and expr.args[1] == d:
            return evaluate(expr.args[0], {**env, d: Fraction(1)}, self.head)
        if type(expr) in _PLACES and PATTERN in env:
            return Fraction(self._quantity(expr, env))
        raise UnsupportedError(f"{expr} has no value among picks in windows")

    def _sizes_of(self, mean: Any, env: Env) -> tuple[int, int]:
        """Return the numbers of keys, and of keys seen, of which the words in an expectation speak."""
        found = {self._own_sizes(word, env) for word in mean.value.atoms(RandomVariable)}
        if len(found) != 1:
            raise UnsupportedError(f"{mean} is of several sizes")
        return found.pop()

    def _own_sizes(self, word: Any, env: Env) -> tuple[int, int]:
        if type(word) not in _PLACES:
            raise UnsupportedError(f"{word} has no value among picks in windows")
        sizes = [whole(evaluate(arg, env, self.head)) for arg in word.args[_PLACES[type(word)] :]]
        return (self.keys, sizes[0]) if isinstance(word, WindowPick) else (sizes[0], sizes[1])

    def _quantity(self, expr: Any, env: Env) -> int:
        pattern = env[PATTERN]
        if isinstance(expr, WindowOccupied):
            return len(set(pattern))
        if isinstance(expr, MaskedRank):
            return rank_of_picks(pattern)
        row, *column = (whole(evaluate(arg, env, self.head)) for arg in expr.args[: _PLACES[type(expr)]])
        if row >= len(pattern):
            raise UnsupportedError(f"there is no query {row} among {len(pattern)}")
        return int(pattern[row] == column[0]) if isinstance(expr, MaskedEntry) else pattern[row]
