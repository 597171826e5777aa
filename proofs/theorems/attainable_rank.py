"""The rank that can be attained: only vertices of the keys' convex hull can win, and their mean number is known."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, eq, le
from proofs.literature import faces, mean_vertices, outer_angle, q, r
from proofs.model import (
    IDEAL,
    Facets,
    IsVertex,
    OuterAngle,
    Rank,
    Vertices,
    d,
    hit,
    i,
    j,
    m,
    n,
    over_keys,
)
from proofs.records import Step, Theorem, Variable

_half = sp.Rational(1, 2)
_rows, _keys = (i, 0, m - 1), (j, 0, n - 1)
_miss = sp.Product(1 - hit(i, j), _rows)

_rank = Claim(le(Rank(n, m, d), Vertices(n, d)))
_mean_rank = Claim(le(E(Rank(n, m, d)), E(Vertices(n, d))))
_line, _plane, _space = (le(2, n),), (le(3, n),), (le(4, n),)
_flat, _solid = outer_angle(2, n), outer_angle(3, n)
_vertices = (
    Claim(eq(E(Vertices(n, 1)), 2), _line),
    Claim(eq(E(Vertices(n, 2)), n * (n - 1) * _flat), _plane),
    Claim(eq(E(Vertices(n, 3)), 2 + sp.binomial(n, 3) * _solid), _space),
)
_bounds = (
    Claim(le(E(Rank(n, m, 2)), n * (n - 1) * _flat), _plane),
    Claim(le(E(Rank(n, m, 3)), 2 + sp.binomial(n, 3) * _solid), _space),
)
_even = Claim(eq(E(Vertices(n, 2 * r)), mean_vertices(2 * q, (q, 1, r))), (le(2 * r + 1, n),))
_odd = Claim(eq(E(Vertices(n, 2 * r - 1)), mean_vertices(2 * q - 1, (q, 1, r))), (le(2 * r, n),))
_of_line, _of_plane, _of_space = (
    mean_vertices(2 * q - 1, (q, 1, 1)),
    mean_vertices(2 * q, (q, 1, 1)),
    mean_vertices(2 * q - 1, (q, 1, 2)),
)
_agree = (
    Claim(eq(_of_line, 2), _line),
    Claim(eq(_of_plane, n * (n - 1) * _flat), _plane),
    Claim(eq(_of_space, 2 + sp.binomial(n, 3) * _solid), _space),
)
_statement = All((_rank, _mean_rank, *_vertices, *_bounds, _even, _odd, *_agree))
_scores = outer_angle(1, n)


def _written_out(total: Any, name: str, *places: Any) -> Step:
    (inner,) = total.atoms(sp.Sum)
    terms = sp.Add(*(inner.function.xreplace({q: sp.Integer(place)}) for place in places))
    return Step(name, Claim(eq(inner, terms)), "written-out", args={"sum": inner})


def _outer(name: str, size: int, where: tuple[Any, ...]) -> Step:
    """Return the step to the external angle at a face with ``size`` vertices."""
    claim = Claim(eq(OuterAngle(size, n), outer_angle(size, n)), where)
    return Step(name, claim, "specialise", ("cite:simplex-angles#1",), {"put": {faces: size}})


THEOREM = Theorem(
    id="attainable-rank",
    title="The attainable rank",
    prose=(
        "A key that some query picks is a vertex of the convex hull of the keys; so with f_0 the number of vertices, "
        "rank <= f_0 and E[rank] <= E[f_0]. With I_l(n) the integral of phi(x) Phi(x / sqrt(l))^(n-l), phi and Phi "
        "the standard normal density and distribution function, and d = head_dim, E[f_0] = 2 at d = 1 (n >= 2); n "
        "(n-1) I_2(n) at d = 2 (n >= 3); 2 + C(n, 3) I_3(n) at d = 3 (n >= 4); so E[rank] is at most these. For every "
        "d < n, E[f_0] is twice the sum over l = d, d - 2, ... >= 1 of C(n, l) l beta(l) gamma(l, n), beta and gamma "
        "the angle at a vertex of the regular simplex with l vertices and the external angle of that with n at a face "
        "with l (for even and for odd d; cited); at d = 1, 2 and 3 this sum is 2, n (n-1) I_2(n) and 2 + C(n, 3) "
        "I_3(n)."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(r, "half of an even head dimension, or of an odd one plus 1"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "rank-is-occupancy", "alignment-integral", "gaussian-facets"),
    references=(
        "Affentranger and Schneider, Random projections of regular simplices, Discrete and Computational Geometry 7 "
        "(1992) 219-226",
        "Kabluchko and Zaporozhets, Advances in Applied Probability 52 (2020) 588-616",
    ),
    steps=(
        Step(
            "column is a vertex",
            Claim(le(1 - _miss, IsVertex(j, n, d))),
            "union-at-most",
            ("assumption:gaussian-queries-and-keys.vertex",),
            because="a query's best key is a vertex of the hull",
        ),
        Step(
            "columns are vertices",
            Claim(le(over_keys(1 - _miss), over_keys(IsVertex(j, n, d)))),
            "sum-both-sides",
            ("column is a vertex",),
            {"over": _keys},
        ),
        Step(
            "rank",
            _rank,
            "combination",
            (
                "columns are vertices",
                "theorem:rank-is-occupancy#2",
                "assumption:gaussian-queries-and-keys.vertices",
            ),
            {"weights": (1, 1, -1)},
        ),
        Step("mean rank", _mean_rank, "expectation", ("rank",)),
        # The line.
        Step(
            "mean of a power",
            Claim(eq(_scores, 1 / n)),
            "combination",
            ("theorem:alignment-integral#1", "theorem:alignment-integral#2"),
            {"weights": (-1, 1)},
        ),
        Step(
            "facets on a line",
            Claim(eq(E(Facets(n, 1)), 2 * n * _scores), _line),
            "specialise",
            ("theorem:gaussian-facets#1",),
            {"put": {d: 1}},
        ),
        Step(
            "ends",
            Claim(eq(E(Vertices(n, 1)), E(Facets(n, 1))), _line),
            "expectation",
            ("cite:polytopes-of-low-dimension#1",),
        ),
        Step(
            "vertices on a line",
            _vertices[0],
            "combination",
            ("ends", "facets on a line", "mean of a power"),
            {"weights": (1, 1, 2 * n)},
        ),
        # The plane.
        Step(
            "pairs in factorials",
            Claim(eq(sp.binomial(n, 2), sp.factorial(n) / (2 * sp.factorial(n - 2))), (le(2, n),)),
            "binomial",
        ),
        Step(
            "factorials of pairs",
            Claim(eq(sp.factorial(n) / (2 * sp.factorial(n - 2)), n * (n - 1) / 2), (le(2, n),)),
            "factorials",
            args={"base": n - 2},
        ),
        Step(
            "pairs",
            Claim(eq(sp.binomial(n, 2), n * (n - 1) / 2), (le(2, n),)),
            "combination",
            ("pairs in factorials", "factorials of pairs"),
        ),
        Step(
            "edges",
            Claim(eq(E(Facets(n, 2)), 2 * sp.binomial(n, 2) * _flat), _plane),
            "specialise",
            ("theorem:gaussian-facets#1",),
            {"put": {d: 2}},
        ),
        Step(
            "corners",
            Claim(eq(E(Vertices(n, 2)), E(Facets(n, 2))), _plane),
            "expectation",
            ("cite:polytopes-of-low-dimension#2",),
        ),
        Step(
            "vertices in the plane",
            _vertices[1],
            "combination",
            ("corners", "edges", "pairs"),
            {"weights": (1, 1, 2 * _flat)},
        ),
        # Space.
        Step(
            "triangles",
            Claim(eq(E(Facets(n, 3)), 2 * sp.binomial(n, 3) * _solid), _space),
            "specialise",
            ("theorem:gaussian-facets#1",),
            {"put": {d: 3}},
        ),
        Step(
            "euler",
            Claim(eq(E(Facets(n, 3)), 2 * E(Vertices(n, 3)) - 4), _space),
            "expectation",
            ("cite:polytopes-of-low-dimension#3",),
        ),
        Step(
            "vertices in space",
            _vertices[2],
            "combination",
            ("triangles", "euler"),
            {"weights": (_half, -_half)},
        ),
        Step(
            "rank in the plane at most vertices",
            Claim(le(E(Rank(n, m, 2)), E(Vertices(n, 2)))),
            "specialise",
            ("mean rank",),
            {"put": {d: 2}},
        ),
        Step(
            "rank in the plane",
            _bounds[0],
            "combination",
            ("rank in the plane at most vertices", "vertices in the plane"),
        ),
        Step(
            "rank in space at most vertices",
            Claim(le(E(Rank(n, m, 3)), E(Vertices(n, 3)))),
            "specialise",
            ("mean rank",),
            {"put": {d: 3}},
        ),
        Step("rank in space", _bounds[1], "combination", ("rank in space at most vertices", "vertices in space")),
        # The cited sum where it is known otherwise.
        _written_out(_of_line, "one end", 1),
        _outer("angle at an end", 1, _line),
        Step(
            "sum on a line",
            _agree[0],
            "rewrite",
            ("one end", "cite:simplex-angles#2", "angle at an end", "mean of a power"),
        ),
        _written_out(_of_plane, "one edge", 1),
        _outer("angle at an edge", 2, _plane),
        Step(
            "sum in the plane",
            _agree[1],
            "rewrite",
            ("one edge", "cite:simplex-angles#3", "angle at an edge", "pairs"),
        ),
        _written_out(_of_space, "end and triangle", 1, 2),
        _outer("angle at a triangle", 3, _space),
        Step(
            "sum in space",
            _agree[2],
            "rewrite",
            (
                "end and triangle",
                "cite:simplex-angles#2",
                "angle at an end",
                "mean of a power",
                "cite:simplex-angles#4",
                "angle at a triangle",
            ),
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                "rank",
                "mean rank",
                "vertices on a line",
                "vertices in the plane",
                "vertices in space",
                "rank in the plane",
                "rank in space",
                "cite:gaussian-polytope",
                "sum on a line",
                "sum in the plane",
                "sum in space",
            ),
        ),
    ),
)
