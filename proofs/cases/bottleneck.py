"""Cases of the low-rank bottleneck: targets, heads and layers at small sizes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product

import sympy as sp

from proofs.cases.evaluation import ball
from proofs.cases.heads import Agreeing, Head
from proofs.cases.reading import read
from proofs.cases.record import SmallCase
from proofs.cases.weights import Matrix, matrix
from proofs.language import All
from proofs.records import Theorem

Cases = Iterator[SmallCase]
_HALF = Fraction(1, 2)
_TARGETS = (
    ([[0]], 1),
    ([[0, 3], [1, 1]], 1),
    ([[0, 1, 5], [2, 3, 7], [1, 2, 6]], 1),  # of rank 1
    ([[0, 1, 0], [2, 0, 0], [0, 0, 1]], 1),
    ([[0, 1, 0], [2, 0, 0], [0, 0, 1]], 2),
    ([[0, 1, 0], [2, 0, 0], [0, 0, 1]], 3),
    ([[0, 2, 1, 0], [1, 0, 0, 3], [0, 1, 1, 0], [2, 2, 0, 1]], 3),
)
"""Exponents of targets, and head dimensions, too small for some."""


def _tokens(number: int, more: int) -> Matrix:
    """Return tokens that are linearly independent, with more coordinates than there are tokens."""
    return matrix(
        [[1 + 2 * (row == column) - (row + column) % 2 for column in range(number + more)] for row in range(number)]
    )


def _reached(theorem: Theorem) -> Cases:
    """Yield targets that the head reaches and those that it need not, and attention of any keys."""
    for exponents, head_dim in _TARGETS:
        size = len(exponents)
        model = Head(_tokens(size, 0 if head_dim % 2 else 1), matrix(exponents), head_dim)
        yield from read(theorem, model, dict.fromkeys("jl", range(size)))
    for size, head_dim in ((3, 1), (5, 1), (6, 4)):
        model = Head(_tokens(size, 0), matrix([[0] * size] * size), head_dim, in_logs=True)
        yield from read(theorem, model)


def _nearest(theorem: Theorem) -> Cases:
    """Yield a target of two tokens, and one of four with three singular values."""
    root = ball(_HALF).sqrt()
    for head_dim in (1, 2):
        two = ((Fraction(2), (root, -root)), (Fraction(0), (root, root)))
        yield from read(theorem, Head(_tokens(2, 1), matrix([[1, -1], [-1, 1]]), head_dim, spectrum=two))
    halves = matrix([[_HALF * sign for sign in signs] for signs in product((1, -1), repeat=4) if signs[0] == 1])
    even = [row for row in halves if sum(row) == 0]
    values = (Fraction(12), Fraction(8), Fraction(4))
    terms = list(zip(values, even, even[::-1], strict=True))
    exponents = matrix(
        [[sum(value * left[at] * right[to] for value, left, right in terms) for to in range(4)] for at in range(4)]
    )
    four = (*((value, right) for value, _, right in terms), (Fraction(0), (_HALF,) * 4))
    narrow = dataclasses.replace(theorem, statement=All((theorem.statement.parts[0],)))
    for head_dim in (1, 2, 3, 4):
        yield from read(narrow, Head(_tokens(4, 0), exponents, head_dim, spectrum=four))


def _layers(theorem: Theorem) -> Cases:
    """Yield layers of two heads that are padded by none, one and two; then the layers that agree."""
    heads, small = (sp.Symbol(name, integer=True, positive=True) for name in ("h", "r"))
    for size, head_dim in ((1, 1), (1, 2), (2, 3), (1, 3)):
        model = Head(_tokens(2, 0), matrix([[0, 0], [0, 0]]), head_dim, others={heads: 2, small: size})
        yield from read(theorem, model, {"i": range(2), "j": range(2), "l": range(2), "b": range(2)}, ranged_only=True)


def _agreeing(theorem: Theorem) -> Cases:
    for columns in ([[1, 0], [0, 1]], [[2, 1], [-3, 4]]):
        yield from read(theorem, Agreeing(matrix(columns)), {"i": range(2)})


def _zero(theorem: Theorem) -> Cases:
    for size, head_dim in ((1, 1), (2, 1), (3, 2), (3, 4)):
        tokens = matrix([[row * (column + 1) for column in range(2)] for row in range(size)])
        model = Head(tokens, matrix([[0] * size] * size), head_dim)
        yield from read(theorem, model, {"i": range(2), "j": range(size)})


def _paper_layers(theorem: Theorem) -> Cases:
    yield from _layers(theorem)
    yield from _agreeing(theorem)


MAKERS: Mapping[str, Callable[[Theorem], Cases]] = {
    "representation-threshold": _reached,
    "best-approximation": _nearest,
    "fixed-head-size": _layers,
    "fixed-head-size-strict": _agreeing,
    "paper-representation": _reached,
    "paper-representation-narrow": _zero,
    "paper-representation-full-rank": _reached,
    "paper-fixed-head-size": _paper_layers,
}
"""By the id of the theorem."""
