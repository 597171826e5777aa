"""Orthonormal tokens and independent Gaussian weights give independent standard normal queries and keys."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, E, StandardNormals, eq
from proofs.model import IDEAL, KeyCoordinate, KeyWeight, QueryCoordinate, QueryWeight, Token, a, b, e, f, i, j, l, w
from proofs.records import Step, Theorem, Variable

_first, _second = (a, 0, w - 1), (b, 0, w - 1)
_same = sp.KroneckerDelta(e, f)
_identity = sp.KroneckerDelta(i, l) * _same
_weights = sp.KroneckerDelta(a, b) * _same
_inside = (sp.Le(a, w - 1, evaluate=False),)
_rows = (sp.Le(i, w - 1, evaluate=False), sp.Le(l, w - 1, evaluate=False))
"""At most as many tokens as coordinates are orthonormal."""


_PLURAL = {"query": "queries", "key": "keys"}


def row(token: Any, weight: Any, index: Any = a, column: Any = e) -> Any:
    """Return a coordinate of a row of the product of the tokens with a matrix of weights."""
    return sp.Sum(Token(token, index, w) * weight(index, column), (index, 0, w - 1))


def _pairs(body: Any) -> Any:
    return sp.Sum(sp.Sum(Token(i, a, w) * Token(l, b, w) * body, _second), _first)


def covariance(owner: str, name: str, coordinate: Any, weight: Any) -> tuple[tuple[Step, ...], Claim]:
    """Return the steps to the covariance of one family from what an assumption grants, and their claim."""
    defined = f"assumption:{owner}.{_PLURAL[name]}"
    left, right = coordinate(i, e, w), coordinate(l, f, w)
    claim = Claim(eq(E(left * right), _identity), _rows)
    steps = (
        Step(
            f"other {name}",
            Claim(eq(right, row(l, weight, a, f))),
            "specialise",
            (defined,),
            {"put": {i: l, e: f}},
        ),
        Step(
            f"{name} pair",
            Claim(eq(left * right, _pairs(weight(a, e) * weight(b, f)))),
            "rewrite",
            (defined, f"other {name}"),
        ),
        Step(
            f"{name} mean",
            Claim(eq(E(left * right), _pairs(E(weight(a, e) * weight(b, f))))),
            "mean-of-sum",
            (f"{name} pair",),
            {"body": Token(i, a, w) * Token(l, b, w) * weight(a, e) * weight(b, f), "over": (_second, _first)},
        ),
        Step(
            f"{name} moments",
            Claim(eq(E(left * right), _pairs(_weights))),
            "rewrite",
            (f"{name} mean", f"assumption:{owner}.{name}-moments"),
        ),
        Step(
            f"{name} covariance",
            claim,
            "rewrite",
            (f"{name} moments", "one index", "assumption:orthonormal-tokens.gram"),
            because="orthonormal tokens",
        ),
    )
    return steps, claim


_inner = sp.Sum(Token(l, b, w) * sp.KroneckerDelta(a, b), _second)


def one_index() -> tuple[Step, ...]:
    """Return the steps from a double sum over two indices that are equal to one sum, which ``covariance`` needs."""
    return (
        Step("one term", Claim(eq(_inner, Token(l, a, w)), _inside), "delta-sum", args={"sum": _inner, "at": a}),
        Step(
            "one row",
            Claim(eq(Token(i, a, w) * _inner, Token(i, a, w) * Token(l, a, w)), _inside),
            "combination",
            ("one term",),
            {"weights": (Token(i, a, w),)},
        ),
        Step(
            "one index",
            Claim(eq(_pairs(sp.KroneckerDelta(a, b)), sp.Sum(Token(i, a, w) * Token(l, a, w), _first))),
            "sum-both-sides",
            ("one row",),
            {"over": _first},
        ),
    )


def standard_normals(
    owner: str, independent: str, query: tuple[Any, Any], key: tuple[Any, Any]
) -> tuple[tuple[Step, ...], tuple[Claim, Claim, Claim, Claim]]:
    """Return the steps to the rows of two products with the tokens being independent standard normals, and the claims.

    ``query`` and ``key`` are a coordinate of a row and an entry of its weights; the assumption ``owner`` defines the
    rows and grants the moments of the weights, ``independent`` that the two matrices are independent.
    """
    (query_coordinate, query_weight), (key_coordinate, key_weight) = query, key
    query_steps, queries = covariance(owner, "query", query_coordinate, query_weight)
    key_steps, _ = covariance(owner, "key", key_coordinate, key_weight)
    mixed = query_coordinate(i, e, w) * key_coordinate(l, f, w)
    cross = Claim(eq(E(mixed), 0))
    other_covariance = Claim(
        eq(E(key_coordinate(j, e, w) * key_coordinate(l, f, w)), sp.KroneckerDelta(j, l) * _same),
        (sp.Le(j, w - 1, evaluate=False), sp.Le(l, w - 1, evaluate=False)),
    )
    normals = Claim(StandardNormals(query_coordinate(i, e, w), key_coordinate(j, e, w), i, j, e, w - 1))
    steps = (
        *one_index(),
        *query_steps,
        *key_steps,
        Step(
            "other key coordinate",
            other_covariance,
            "specialise",
            ("key covariance",),
            {"put": {i: j}},
        ),
        Step(
            "mixed pair",
            Claim(eq(mixed, _pairs(query_weight(a, e) * key_weight(b, f)))),
            "rewrite",
            (f"assumption:{owner}.queries", "other key"),
        ),
        Step(
            "mixed mean",
            Claim(eq(E(mixed), _pairs(E(query_weight(a, e) * key_weight(b, f))))),
            "mean-of-sum",
            ("mixed pair",),
            {
                "body": Token(i, a, w) * Token(l, b, w) * query_weight(a, e) * key_weight(b, f),
                "over": (_second, _first),
            },
        ),
        Step(
            "mixed covariance",
            cross,
            "rewrite",
            ("mixed mean", f"assumption:{independent}.product", f"assumption:{owner}.query-mean"),
        ),
        Step(
            "normals",
            normals,
            "uncorrelated-normals",
            (
                f"assumption:{owner}.queries",
                f"assumption:{owner}.keys",
                f"assumption:{independent}.product",
                "query covariance",
                "other key coordinate",
                "mixed covariance",
            ),
            {"other": (l, f)},
        ),
    )
    return steps, (queries, other_covariance, cross, normals)


_steps, _claims = standard_normals(
    "gaussian-weights", "independent-weights", (QueryCoordinate, QueryWeight), (KeyCoordinate, KeyWeight)
)
_statement = All(_claims)

THEOREM = Theorem(
    id="ideal-setting",
    title="Queries and keys in the ideal setting",
    prose=(
        "With orthonormal token vectors (X X^T = I, at most as many as they have coordinates) and independent W_q, W_k "
        "of independent standard normal entries, the coordinates of the queries X W_q and of the keys X W_k are all "
        "together independent standard normals."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a query"),
        Variable(j, "a key"),
        Variable(l, "a query or key"),
        Variable(e, "a coordinate"),
        Variable(f, "a coordinate"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=IDEAL,
    references=("Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2",),
    steps=(
        *_steps,
        Step(
            "statement",
            _statement,
            "conjunction",
            ("query covariance", "other key coordinate", "mixed covariance", "normals"),
        ),
    ),
)
