"""Attention from its weights, enumerated: tokens are rational vectors, weights take finitely many rational values.

Queries are ``X W_q`` and keys ``X W_k``; with weights of mean 0 and variance 1 that are not normal, all that is said of
moments in the ideal setting holds, and what needs the normal law need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm, prod
from typing import Any

import sympy as sp

from proofs.cases.evaluation import Env, UnsupportedError, evaluate, outermost_means, weighted, whole
from proofs.cases.picks import PickLaw, Picks
from proofs.language import TRIVIAL, E
from proofs.model import KeyCoordinate, KeyWeight, QueryCoordinate, QueryWeight, Token, a, b, e, f, i, j, l, w

Matrix = tuple[tuple[Fraction, ...], ...]
QUERY_WEIGHTS, KEY_WEIGHTS = "query weights", "key weights"
"""What an outcome remembers."""


def matrix(rows: Sequence[Sequence[Any]]) -> Matrix:
    """Return a matrix of fractions."""
    return tuple(tuple(Fraction(entry) for entry in row) for row in rows)


def times(left: Matrix, right: Matrix) -> Matrix:
    """Return the product of two matrices."""
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(sum((x * y for x, y in zip(row, column, strict=True)), start=Fraction(0)) for column in columns)
        for row in left
    )


@dataclass(frozen=True)
class Weights:
    """Tokens (rows), the law of one entry of either weight matrix (values with chances), and the head dimension."""

    tokens: Matrix
    entry: Mapping[Fraction, Fraction]
    head_dim: int
    words: str

    @property
    def setting(self) -> str:
        """The model in words."""
        return self.words

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The number of coordinates of a token."""
        return {w: Fraction(len(self.tokens[0]))}

    @property
    def ranges(self) -> Mapping[str, range]:
        """The values of the symbols for tokens and coordinates."""
        found = dict.fromkeys((str(one) for one in (i, j, l)), range(len(self.tokens)))
        found |= dict.fromkeys((str(one) for one in (e, f)), range(self.head_dim))
        return found | dict.fromkeys((str(one) for one in (a, b)), range(len(self.tokens[0])))

    @cached_property
    def draws(self) -> list[tuple[Fraction, Matrix]]:
        """Every value of a weight matrix with its chance."""
        width = len(self.tokens[0])
        found = []
        for values in product(self.entry.items(), repeat=width * self.head_dim):
            entries = [value for value, _ in values]
            rows = [entries[row * self.head_dim : (row + 1) * self.head_dim] for row in range(width)]
            found.append((prod((chance for _, chance in values), start=Fraction(1)), matrix(rows)))
        return found

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the weights, if a claim is about them and not about means alone."""
        if any(mean.given != TRIVIAL for mean in outermost_means(relation)):
            return
        outside = relation.xreplace({mean: sp.Dummy() for mean in outermost_means(relation)})
        for query, key in self._drawn(outside):
            yield {QUERY_WEIGHTS: query[1], KEY_WEIGHTS: key[1]}

    def _drawn(self, expr: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the weight matrices that an expression depends on, each with its chance."""
        nothing = [(Fraction(1), None)]
        queries = self.draws if expr.has(QueryWeight, QueryCoordinate) else nothing
        keys = self.draws if expr.has(KeyWeight, KeyCoordinate) else nothing
        return product(queries, keys)

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, E) and expr.given == TRIVIAL:
            return self._mean(expr.value, env)
        places = [whole(evaluate(arg, env, self.head)) for arg in expr.args]
        if isinstance(expr, QueryWeight):
            return env[QUERY_WEIGHTS][places[0]][places[1]]
        if isinstance(expr, KeyWeight):
            return env[KEY_WEIGHTS][places[0]][places[1]]
        if isinstance(expr, Token):
            return self.tokens[places[0]][places[1]]
        if isinstance(expr, QueryCoordinate):
            return times(self.tokens, env[QUERY_WEIGHTS])[places[0]][places[1]]
        if isinstance(expr, KeyCoordinate):
            return times(self.tokens, env[KEY_WEIGHTS])[places[0]][places[1]]
        raise UnsupportedError(f"{expr} has no value among weights")

    def _mean(self, value: Any, env: Env) -> Any:
        """Return the mean over the weight matrices that ``value`` depends on."""
        return weighted(
            (one * other, evaluate(value, {**env, QUERY_WEIGHTS: query, KEY_WEIGHTS: key}, self.head))
            for (one, query), (other, key) in self._drawn(value)
        )

    def picks(self) -> Picks:
        """Return the picks: for each value of W_k, the joint law over the values of W_q.

        Raises
        ------
        ValueError
            If a row has two largest scores.
        """
        scale = lcm(*(chance.denominator for chance, _ in self.draws))
        laws = []
        for weight, key_weights in self.draws:
            keys = times(self.tokens, key_weights)
            counts: dict[tuple[int, ...], int] = {}
            for chance, query_weights in self.draws:
                scores = times(times(self.tokens, query_weights), tuple(zip(*keys, strict=True)))
                pattern = tuple(_largest(row) for row in scores)
                counts[pattern] = counts.get(pattern, 0) + int(chance * scale)
            laws.append(PickLaw(counts, weight))
        return Picks(len(self.tokens), len(self.tokens), tuple(laws), self.words, self.head_dim)


def _largest(row: Sequence[Fraction]) -> int:
    (place,) = [at for at, score in enumerate(row) if score == max(row)]
    return place
