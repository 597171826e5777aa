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


def _row(token: Any, weight: Any, index: Any, column: Any) -> Any:
    return sp.Sum(Token(token, index, w) * weight(index, column), (index, 0, w - 1))


def _pairs(body: Any) -> Any:
    return sp.Sum(sp.Sum(Token(i, a, w) * Token(l, b, w) * body, _second), _first)


def _covariance(name: str, coordinate: Any, weight: Any, grants: str) -> tuple[tuple[Step, ...], Claim]:
    """Return the steps to the covariance of one family, and their claim."""
    left, right = coordinate(i, e, w), coordinate(l, f, w)
    claim = Claim(eq(E(left * right), _identity), _rows)
    steps = (
        Step(
            f"other {name}",
            Claim(eq(right, _row(l, weight, a, f))),
            "specialise",
            (f"assumption:gaussian-weights.{grants}",),
            {"put": {i: l, e: f}},
        ),
        Step(
            f"{name} pair",
            Claim(eq(left * right, _pairs(weight(a, e) * weight(b, f)))),
            "rewrite",
            (f"assumption:gaussian-weights.{grants}", f"other {name}"),
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
            (f"{name} mean", f"assumption:gaussian-weights.{name}-moments"),
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


_query_steps, _queries = _covariance("query", QueryCoordinate, QueryWeight, "queries")
_key_steps, _keys = _covariance("key", KeyCoordinate, KeyWeight, "keys")
_inner = sp.Sum(Token(l, b, w) * sp.KroneckerDelta(a, b), _second)
_mixed = QueryCoordinate(i, e, w) * KeyCoordinate(l, f, w)
_cross = Claim(eq(E(_mixed), 0))
_key_covariance = Claim(
    eq(E(KeyCoordinate(j, e, w) * KeyCoordinate(l, f, w)), sp.KroneckerDelta(j, l) * _same),
    (sp.Le(j, w - 1, evaluate=False), sp.Le(l, w - 1, evaluate=False)),
)
_normals = Claim(StandardNormals(QueryCoordinate(i, e, w), KeyCoordinate(j, e, w), i, j, e, w - 1))
_statement = All((_queries, _key_covariance, _cross, _normals))

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
        *_query_steps,
        *_key_steps,
        Step(
            "other key coordinate",
            _key_covariance,
            "specialise",
            ("key covariance",),
            {"put": {i: j}},
        ),
        Step(
            "mixed pair",
            Claim(eq(_mixed, _pairs(QueryWeight(a, e) * KeyWeight(b, f)))),
            "rewrite",
            ("assumption:gaussian-weights.queries", "other key"),
        ),
        Step(
            "mixed mean",
            Claim(eq(E(_mixed), _pairs(E(QueryWeight(a, e) * KeyWeight(b, f))))),
            "mean-of-sum",
            ("mixed pair",),
            {
                "body": Token(i, a, w) * Token(l, b, w) * QueryWeight(a, e) * KeyWeight(b, f),
                "over": (_second, _first),
            },
        ),
        Step(
            "mixed covariance",
            _cross,
            "rewrite",
            ("mixed mean", "assumption:independent-weights.product", "assumption:gaussian-weights.query-mean"),
        ),
        Step(
            "normals",
            _normals,
            "uncorrelated-normals",
            (
                "assumption:gaussian-weights.queries",
                "assumption:gaussian-weights.keys",
                "assumption:independent-weights.product",
                "query covariance",
                "other key coordinate",
                "mixed covariance",
            ),
            {"other": (l, f)},
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("query covariance", "other key coordinate", "mixed covariance", "normals"),
        ),
    ),
)
