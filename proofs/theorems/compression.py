"""The score matrix is a product of independent factors: normal queries, and the triangular factor of normal keys."""

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, E, StandardNormals, eq, le
from proofs.model import (
    IDEAL,
    ChiSquare,
    KeyCoordinate,
    KeyFactor,
    KeyFrame,
    QueryCoordinate,
    ReducedKey,
    RotatedQuery,
    a,
    b,
    d,
    e,
    i,
    j,
    l,
    w,
    x,
)
from proofs.records import Step, Theorem, Variable

_over_a, _over_b, _over_e = (a, 0, d - 1), (b, 0, d - 1), (e, 0, d - 1)
_key, _square = (le(j, w - 1),), (le(j, d - 1), le(j, w - 1))
_inside = (le(a, d - 1),)
_query, _reduced, _factor = RotatedQuery(i, e, d, w), ReducedKey(j, e, d, w), KeyFactor(j, e, d, w)
_diagonal = KeyFactor(j, j, d, w)
_score = sp.Sum(QueryCoordinate(i, a, w) * KeyCoordinate(j, a, w), _over_a)
_compressed = sp.Sum(_query * _factor, _over_e)
_tail = sp.Sum(_reduced**2, (e, j, d - 1))

_product = Claim(eq(_score, _compressed), _key)
_short = Claim(eq(_score, sp.Sum(_query * _factor, (e, 0, j))), _square)
_upper = Claim(eq(_factor, 0), (le(j + 1, e), le(e, d - 1), le(j, w - 1)))
_lower = Claim(eq(_factor, _reduced), (le(e + 1, j), le(e, d - 1), le(j, w - 1)))
_on_diagonal = Claim(eq(_diagonal**2, _tail), _square)
_sign = Claim(le(0, _diagonal), _square)
_chi = Claim(eq(E(Below(_diagonal**2, x)), E(Below(ChiSquare(d - j), x))), _square)
_normals = Claim(StandardNormals(_query, _reduced, i, j, e, w - 1, d - 1))
_statement = All((_product, _short, _upper, _lower, _on_diagonal, _sign, _chi, _normals))


def _frame(keys: Any, place: Any) -> Any:
    return KeyFrame(keys, e, place, d, w)


def _read(name: str, product: Any, first: Any, second: Any, keys: Any, *definitions: str) -> tuple[Step, ...]:
    """Return the steps to: an inner product of two vectors, given by coordinates ``a``, may be taken in a basis.

    ``product`` is that of their coordinates for vector ``e`` of the basis made of the keys before ``keys``. The last
    step, called ``name``, claims that its sum over ``e`` is the sum of ``first * second`` over ``a``.
    """
    where = () if keys == w else _key
    other = second.xreplace({a: b})
    plain = first * _frame(keys, a) * other * _frame(keys, b)
    columns = sp.Sum(_frame(keys, a) * _frame(keys, b), _over_e)
    one_place = sp.Sum(first * other * columns, _over_b)
    terms = sp.Sum(sp.Sum(plain, _over_b), _over_a)
    by_places = sp.Sum(sp.Sum(sp.Sum(plain, _over_b), _over_e), _over_a)
    delta = sp.Sum(other * sp.KroneckerDelta(a, b), _over_b)
    same = sp.Sum(sp.Sum(first * other * sp.KroneckerDelta(a, b), _over_b), _over_a)
    total, inner = sp.Sum(product, _over_e), sp.Sum(first * second, _over_a)
    return (
        Step(f"{name}, one vector", Claim(eq(product, terms), (le(e, d - 1), *where)), "rewrite", definitions),
        Step(
            f"{name}, all vectors",
            Claim(eq(total, sp.Sum(terms, _over_e)), where),
            "sum-both-sides",
            (f"{name}, one vector",),
            {"over": _over_e},
        ),
        Step(
            f"{name}, places outside",
            Claim(eq(sp.Sum(terms, _over_e), by_places)),
            "sum-exchange",
            args={"body": sp.Sum(plain, _over_b), "first": _over_a, "second": _over_e},
        ),
        Step(
            f"{name}, one place",
            Claim(eq(sp.Sum(sp.Sum(plain, _over_b), _over_e), one_place)),
            "sum-exchange",
            args={"body": plain, "first": _over_b, "second": _over_e},
        ),
        Step(
            f"{name}, all places",
            Claim(eq(by_places, sp.Sum(one_place, _over_a))),
            "sum-both-sides",
            (f"{name}, one place",),
            {"over": _over_a},
        ),
        Step(
            f"{name}, columns",
            Claim(eq(columns, sp.KroneckerDelta(a, b)), (*where, le(a, d - 1), le(b, d - 1))),
            "specialise",
            ("assumption:key-frames.complete",),
            {"put": {l: keys}},
        ),
        Step(
            f"{name}, complete",
            Claim(eq(total, same), where),
            "rewrite",
            tuple(f"{name}, {step}" for step in ("all vectors", "places outside", "all places", "columns")),
        ),
        Step(f"{name}, one term", Claim(eq(delta, second), _inside), "delta-sum", args={"sum": delta, "at": a}),
        Step(
            f"{name}, one row",
            Claim(eq(first * delta, first * second), _inside),
            "combination",
            (f"{name}, one term",),
            {"weights": (first,)},
        ),
        Step(
            f"{name}, one index",
            Claim(eq(same, inner)),
            "sum-both-sides",
            (f"{name}, one row",),
            {"over": _over_a},
        ),
        Step(name, Claim(eq(total, inner), where), "combination", (f"{name}, complete", f"{name}, one index")),
    )


_key_place = KeyCoordinate(j, a, w)
_squares = sp.Sum(_key_place**2, _over_a)
_factors = sp.Sum(_factor**2, _over_e)
_start, _rest = sp.Sum(_factor**2, (e, 0, j)), sp.Sum(_factor**2, (e, j + 1, d - 1))
_before, _reduced_before = sp.Sum(_factor**2, (e, 0, j - 1)), sp.Sum(_reduced**2, (e, 0, j - 1))
_beyond = sp.Sum(_query * _factor, (e, j + 1, d - 1))

THEOREM = Theorem(
    id="compression",
    title="The scores are a product of independent factors",
    prose=(
        "For up to w queries and keys at any head_dim d, let an orthonormal basis be made of the keys by the "
        "Gram-Schmidt process, H the matrix of the keys and G that of the queries in it. Then the score of query i and "
        "key j is the sum over e < d of G_ie H_je, for j < d the sum over e <= j. H_je = 0 for e > j; H_je = Y_je for "
        "e < j; for j < d, H_jj >= 0 and H_jj^2 is the sum of Y_je^2 over j <= e < d, chi-square with d - j degrees of "
        "freedom. All G_ie and Y_je with i, j < w and e < d are together independent standard normals (Bartlett's law: "
        "the scores are G times the transpose of a triangular factor H, trapezoidal if there are more keys than d)."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a query"),
        Variable(j, "a key"),
        Variable(e, "a vector of the basis"),
        Variable(d, "head dimension"),
        Variable(w, "number of coordinates of a token, at least the number of queries and of keys"),
        Variable(x, "a level"),
    ),
    assumptions=(*IDEAL, "key-frames"),
    depends_on=("ideal-setting",),
    references=(
        "Bartlett, On the theory of statistical regression, Proceedings of the Royal Society of Edinburgh 53 (1933) "
        "260-283",
        "Muirhead, Aspects of Multivariate Statistical Theory (1982), Theorem 3.2.14",
    ),
    steps=(
        # The scores in the basis.
        *_read(
            "product",
            _query * _factor,
            QueryCoordinate(i, a, w),
            _key_place,
            w,
            "assumption:key-frames.query",
            "assumption:key-frames.factor",
        ),
        Step("scores", _product, "combination", ("product",), {"weights": (-1,)}),
        Step(
            "split of scores",
            Claim(eq(_compressed, sp.Sum(_query * _factor, (e, 0, j)) + _beyond), (le(j, d - 1),)),
            "sum-split",
            args={"sum": _compressed, "last": j},
        ),
        Step(
            "no term beyond",
            Claim(eq(_query * _factor, 0), _upper.where),
            "combination",
            ("assumption:key-frames.triangular",),
            {"weights": (_query,)},
        ),
        Step(
            "no terms beyond",
            Claim(eq(_beyond, 0), _square),
            "sum-both-sides",
            ("no term beyond",),
            {"over": (e, j + 1, d - 1)},
        ),
        Step(
            "short scores",
            _short,
            "combination",
            ("scores", "split of scores", "no terms beyond"),
            because="the row of H of key j ends at j",
        ),
        # The factor.
        Step(
            "lower in the basis",
            Claim(eq(_factor, sp.Sum(_key_place * _frame(j, a), _over_a)), _lower.where),
            "rewrite",
            ("assumption:key-frames.factor", "assumption:key-frames.nested"),
            because="the vectors of the earlier keys are kept",
        ),
        Step(
            "lower",
            _lower,
            "combination",
            ("lower in the basis", "assumption:key-frames.reduced"),
            {"weights": (1, -1)},
        ),
        # The squared length of a key in either basis gives the diagonal.
        *_read("length", _factor**2, _key_place, _key_place, w, "assumption:key-frames.factor"),
        *_read("reduced length", _reduced**2, _key_place, _key_place, j, "assumption:key-frames.reduced"),
        Step(
            "split of length",
            Claim(eq(_factors, _start + _rest), (le(j, d - 1),)),
            "sum-split",
            args={"sum": _factors, "last": j},
        ),
        Step("end of row", Claim(eq(_start, _diagonal**2 + _before)), "end-term", args={"of": _start, "end": "last"}),
        Step(
            "no square beyond",
            Claim(eq(_factor**2, 0), _upper.where),
            "combination",
            ("assumption:key-frames.triangular",),
            {"weights": (_factor,)},
        ),
        Step(
            "no squares beyond",
            Claim(eq(_rest, 0), _square),
            "sum-both-sides",
            ("no square beyond",),
            {"over": (e, j + 1, d - 1)},
        ),
        Step(
            "square before",
            Claim(eq(_factor**2, _reduced**2), _lower.where),
            "combination",
            ("lower",),
            {"weights": (_factor + _reduced,)},
        ),
        Step(
            "squares before",
            Claim(eq(_before, _reduced_before), _square),
            "sum-both-sides",
            ("square before",),
            {"over": (e, 0, j - 1)},
        ),
        Step(
            "split of reduced length",
            Claim(eq(sp.Sum(_reduced**2, _over_e), _reduced_before + _tail), (le(j, d - 1),)),
            "sum-split",
            args={"sum": sp.Sum(_reduced**2, _over_e), "last": j - 1},
        ),
        Step(
            "diagonal",
            _on_diagonal,
            "combination",
            (
                "length",
                "reduced length",
                "split of length",
                "end of row",
                "no squares beyond",
                "squares before",
                "split of reduced length",
            ),
            {"weights": (1, -1, -1, -1, -1, -1, 1)},
            "the key has one length",
        ),
        # The laws.
        Step(
            "normals",
            _normals,
            "rotated-normals",
            (
                "theorem:ideal-setting#4",
                "assumption:key-frames.orthonormal",
                "assumption:key-frames.query",
                "assumption:key-frames.reduced",
            ),
        ),
        Step(
            "sum of squares",
            Claim(eq(E(Below(_tail, x)), E(Below(ChiSquare(d - j), x))), (le(j, d), le(j, w - 1))),
            "chi-square-sum",
            ("normals",),
        ),
        Step("chi-square", _chi, "rewrite", ("diagonal", "sum of squares")),
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                "scores",
                "short scores",
                "assumption:key-frames.triangular",
                "lower",
                "diagonal",
                "assumption:key-frames.diagonal",
                "chi-square",
                "normals",
            ),
        ),
    ),
)
