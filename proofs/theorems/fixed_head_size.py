"""Every multi-head layer is one of a larger head size, by zeros."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, eq, le
from proofs.model import (
    LayerKeyWeight,
    LayerOutputWeight,
    LayerQueryWeight,
    LayerValueWeight,
    Token,
    a,
    b,
    d,
    e,
    f,
    i,
    j,
    k,
    l,
    n,
    softmax,
    w,
)
from proofs.records import Step, Theorem, Variable

_heads, _small = (sp.Symbol(name, integer=True, positive=True) for name in ("h", "r"))
_g, _s, _t = (sp.Symbol(name, integer=True, nonnegative=True) for name in ("g", "s", "t"))
"""A coordinate of a key and a query, one of the larger ones, and another row in a product."""
_places, _keys = (a, 0, w - 1), (j, 0, n - 1)
_fits = le(_small, d)


def _rows(index: Any) -> Any:
    return (index, 0, _small - 1)


def _padded(value: Any, row: Any, index: Any) -> Any:
    """Return row ``row`` of a matrix with rows ``index < r`` as given and zeros below."""
    return sp.Sum(sp.KroneckerDelta(row, index) * value, _rows(index))


def _of_token(weight: Any, token: Any) -> Any:
    return sp.Sum(weight * Token(token, a, w), _places)


_key, _query = LayerKeyWeight(i, _g, a), LayerQueryWeight(i, _g, a)
_value, _output = LayerValueWeight(i, f, a), LayerOutputWeight(i, b, f)
_stretch = sp.sqrt(d) / sp.sqrt(_small)
_plain_score = sp.Sum(_of_token(_key, j) * _of_token(_query, l) / sp.sqrt(_small), _rows(_g))
_wide_score = sp.Sum(
    _of_token(_padded(_key, _s, _g), j) * _of_token(_stretch * _padded(_query, _s, _g), l) / sp.sqrt(d), (_s, 0, d - 1)
)
_plain, _wide = softmax(_plain_score), softmax(_wide_score)
_plain_sum = sp.Sum(_of_token(_value, j) * _plain, _keys)
_wide_sum = sp.Sum(_of_token(_padded(_value, e, f), j) * _wide, _keys)
_plain_head = sp.Sum(_output * _plain_sum, _rows(f))
_wide_head = sp.Sum(_padded(_output, e, f) * _wide_sum, (e, 0, d - 1))
_over_heads = (i, 0, _heads - 1)
_attention = Claim(eq(_wide, _plain), (_fits,))
_layer = Claim(eq(sp.Sum(_wide_head, _over_heads), sp.Sum(_plain_head, _over_heads)), (_fits,))
_statement = All((_attention, _layer))


def _pairs(name: str, first: Any, second: Any, row: Any, index: Any) -> tuple[Step, ...]:
    """Return the steps to: the products of two padded rows add up as those of the rows themselves."""
    rows, inside = _rows(index), (le(index, _small - 1), _fits)
    delta, over = sp.KroneckerDelta(row, index), (row, 0, d - 1)
    other = sp.Sum(sp.KroneckerDelta(row, _t) * second.xreplace({index: _t}), (_t, 0, _small - 1))
    own = other.xreplace({row: index})
    at_row = sp.Sum(delta * other, over)
    padded = sp.Sum(_padded(first, row, index) * _padded(second, row, index), over)
    return (
        Step(
            f"{name}, exchanged",
            Claim(eq(padded, sp.Sum(first * at_row, rows)), (_fits,)),
            "sum-exchange",
            args={"body": delta * first * other, "first": rows, "second": over},
        ),
        Step(f"{name}, first", Claim(eq(at_row, own), inside), "delta-sum", args={"sum": at_row, "at": index}),
        Step(
            f"{name}, second",
            Claim(eq(own, second), (le(index, _small - 1),)),
            "delta-sum",
            args={"sum": own, "at": index},
        ),
        Step(
            f"{name}, one row",
            Claim(eq(first * at_row, first * second), inside),
            "combination",
            (f"{name}, first", f"{name}, second"),
            {"weights": (first, first)},
        ),
        Step(
            f"{name}, all rows",
            Claim(eq(sp.Sum(first * at_row, rows), sp.Sum(first * second, rows)), (_fits,)),
            "sum-both-sides",
            (f"{name}, one row",),
            {"over": rows},
        ),
        Step(
            name,
            Claim(eq(padded, sp.Sum(first * second, rows)), (_fits,)),
            "combination",
            (f"{name}, exchanged", f"{name}, all rows"),
        ),
    )


def _token_step(name: str, weight: Any, token: Any, row: Any, index: Any, factor: Any = 1) -> Step:
    """Return the step to: what padded weights, times a factor, make of a token is padded."""
    body = factor * sp.KroneckerDelta(row, index) * weight * Token(token, a, w)
    made = _of_token(factor * _padded(weight, row, index), token)
    return Step(
        name,
        Claim(eq(made, factor * _padded(_of_token(weight, token), row, index))),
        "sum-exchange",
        args={"body": body, "first": _rows(index), "second": _places},
    )


_padded_pairs = sp.Sum(
    _padded(_of_token(_key, j), _s, _g) * _padded(_of_token(_query, l), _s, _g) / sp.sqrt(_small), (_s, 0, d - 1)
)
_SCORES = (
    _token_step("key", _key, j, _s, _g),
    _token_step("query", _query, l, _s, _g, _stretch),
    Step("padded scores", Claim(eq(_wide_score, _padded_pairs)), "rewrite", ("key", "query")),
    *_pairs("pairs of coordinates", _of_token(_key, j), _of_token(_query, l), _s, _g),
    Step(
        "scores",
        Claim(eq(_wide_score, _plain_score), (_fits,)),
        "combination",
        ("padded scores", "pairs of coordinates"),
        {"weights": (1, 1 / sp.sqrt(_small))},
    ),
    Step(
        "scores in the sum",
        Claim(eq(_wide_score.xreplace({j: k}), _plain_score.xreplace({j: k})), (_fits,)),
        "specialise",
        ("scores",),
        {"put": {j: k}},
    ),
    Step("attention", _attention, "rewrite", ("scores", "scores in the sum")),
)
_LAYER = (
    _token_step("value", _value, j, e, f),
    Step(
        "values",
        Claim(eq(_wide_sum, sp.Sum(_padded(_of_token(_value, j), e, f) * _plain, _keys)), (_fits,)),
        "rewrite",
        ("value", "scores", "scores in the sum"),
    ),
    Step(
        "sum over keys inside",
        Claim(eq(sp.Sum(_padded(_of_token(_value, j), e, f) * _plain, _keys), _padded(_plain_sum, e, f))),
        "sum-exchange",
        args={"body": sp.KroneckerDelta(e, f) * _of_token(_value, j) * _plain, "first": _rows(f), "second": _keys},
    ),
    Step(
        "padded values",
        Claim(eq(_wide_sum, _padded(_plain_sum, e, f)), (_fits,)),
        "combination",
        ("values", "sum over keys inside"),
    ),
    Step(
        "padded head",
        Claim(eq(_wide_head, sp.Sum(_padded(_output, e, f) * _padded(_plain_sum, e, f), (e, 0, d - 1))), (_fits,)),
        "rewrite",
        ("padded values",),
    ),
    *_pairs("pairs of values", _output, _plain_sum, e, f),
    Step("head", Claim(eq(_wide_head, _plain_head), (_fits,)), "combination", ("padded head", "pairs of values")),
    Step("layer", _layer, "sum-both-sides", ("head",), {"over": _over_heads}),
)

THEOREM = Theorem(
    id="fixed-head-size",
    title="A layer of larger heads does what one of smaller heads does",
    prose=(
        "A layer of h heads of size r, with any weights W_q, W_k, W_v (r rows) and W_o (r columns), adds up over its "
        "heads W_o W_v X A, A being softmax, column by column, of (W_k X)^T (W_q X)/sqrt(r). Let r <= d, add d - r "
        "zero rows, or columns, to the weights, and multiply W_q by sqrt(d/r). Then each head of this layer of head "
        "size d has the attention that it had, and the layers have one output for every X."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a head"),
        Variable(j, "a key"),
        Variable(l, "a query"),
        Variable(b, "a coordinate of the output"),
        Variable(n, "number of tokens"),
        Variable(w, "number of coordinates of a token"),
        Variable(_heads, "number of heads"),
        Variable(_small, "head size of the given layer; w/h in a standard one"),
        Variable(d, "head size of the other layer"),
    ),
    assumptions=(),
    references=(
        "Bhojanapalli, Yun, Rawat, Reddi and Kumar, Low-rank bottleneck in multi-head attention models (2020)",
    ),
    steps=(*_SCORES, *_LAYER, Step("statement", _statement, "conjunction", ("attention", "layer"))),
)
