"""The convex hull of the keys: vertices, facets and angles."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import KEYS, PLANE, Below, RandomVariable
from proofs.model.symbols import j


class IsVertex(RandomVariable):
    """``IsVertex(j, n, d)``: 1 if key ``j`` is a vertex of the convex hull of the ``n`` keys, else 0."""

    least = (0, 1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class Vertices(RandomVariable):
    """``Vertices(n, d)``: how many of ``n`` keys are vertices of their convex hull."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class Facets(RandomVariable):
    """``Facets(n, d)``: how many facets (faces of dimension ``d - 1``) the convex hull of ``n`` keys has."""

    least = (1, 1)
    finite = True
    is_integer = True
    is_nonnegative = True
    known = frozenset({KEYS})


class PlaneDistance(RandomVariable):
    """``PlaneDistance(d)``: the signed distance from 0 of the plane through ``d`` keys, times the square root of ``d``.

    The distance of the hyperplane through the first ``d`` keys is the inner product of these keys with its unit normal,
    whose sign is fixed by the differences between them.
    """

    least = (1,)
    known = frozenset({KEYS, PLANE})


class Height(RandomVariable):
    """``Height(j, n, d)``: the inner product of key ``j`` with the unit normal of the plane through the first ``d``."""

    least = (0, 1, 1)


class SimplexAngle(sp.Function):  # type: ignore[misc]
    """``SimplexAngle(l)``: the angle at a vertex of the regular simplex with ``l`` vertices; 1 is all directions."""

    least = (1,)
    is_positive = True


class OuterAngle(sp.Function):  # type: ignore[misc]
    """``OuterAngle(l, n)``: the external angle at a face of ``l`` vertices of the regular simplex with ``n``."""

    least = (1, 1)
    is_positive = True


def is_facet(keys: Any, dim: Any) -> Any:
    """1 if the first ``dim`` of ``keys`` keys are those of a facet: all the others lie on one side; else 0."""
    height, distance, others = Height(j, keys, dim), PlaneDistance(dim) / sp.sqrt(dim), (j, dim, keys - 1)
    return sp.Product(Below(height, distance), others) + sp.Product(Below(-height, -distance), others)
