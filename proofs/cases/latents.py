"""Latent attention from its weights: down projections are drawn as plain weights are, the others are fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from proofs.cases.evaluation import Env, evaluate, whole
from proofs.cases.weights import KEY_WEIGHTS, QUERY_WEIGHTS, Matrix, Weights, times
from proofs.model import (
    AbsorbedKey,
    KeyCoordinate,
    KeyDownWeight,
    KeyLatent,
    KeyWeight,
    LatentScore,
    QueryCoordinate,
    QueryDownWeight,
    QueryLatent,
    QueryWeight,
    d,
    key_rank,
    query_rank,
)

_PLAIN = {
    QueryLatent: QueryCoordinate,
    KeyLatent: KeyCoordinate,
    QueryDownWeight: QueryWeight,
    KeyDownWeight: KeyWeight,
}
"""A latent is to its down projection what a query or a key is to its weights."""


@dataclass(frozen=True)
class Latents:
    """Down projections with a law of their entries, and the matrices that make queries and keys of latents."""

    down: Weights
    query_up: Matrix
    key_up: Matrix

    @property
    def setting(self) -> str:
        """The model in words."""
        return f"{self.down.words}; W_UQ = {_rows(self.query_up)}, W_UK = {_rows(self.key_up)}"

    @property
    def sizes(self) -> Mapping[Any, Any]:
        """The lengths of tokens, latents and queries."""
        lengths = (query_rank, len(self.query_up)), (key_rank, len(self.key_up)), (d, len(self.query_up[0]))
        return {**self.down.sizes, **{symbol: Fraction(length) for symbol, length in lengths}}

    def outcomes(self, relation: Any) -> Iterator[Env]:
        """Yield the down projections, if a claim is about them and not about means alone."""
        if relation.has(LatentScore, AbsorbedKey):
            for query, key in product(self.down.draws, repeat=2):
                yield {QUERY_WEIGHTS: query[1], KEY_WEIGHTS: key[1]}
        else:
            yield from self.down.outcomes(_in_plain_words(relation))

    def head(self, expr: Any, env: Env) -> Any:
        """Value a head that depends on chance."""
        if isinstance(expr, (LatentScore, AbsorbedKey)):
            row, column, *_ = (whole(evaluate(arg, env, self.head)) for arg in expr.args)
            keys = times(times(self.down.tokens, env[KEY_WEIGHTS]), self.key_up)
            if isinstance(expr, AbsorbedKey):
                return times(self.query_up, _turned(keys))[column][row]
            queries = times(times(self.down.tokens, env[QUERY_WEIGHTS]), self.query_up)
            return times(queries, _turned(keys))[row][column]
        return self.down.head(_in_plain_words(expr), env)


def _in_plain_words(expr: Any) -> Any:
    words = expr.atoms(*_PLAIN)
    return expr.xreplace({word: _PLAIN[type(word)](*word.args) for word in words}) if words else expr


def _turned(rows: Matrix) -> Matrix:
    return tuple(zip(*rows, strict=True))


def _rows(rows: Matrix) -> str:
    return "(" + "; ".join(" ".join(map(str, row)) for row in rows) + ")"
