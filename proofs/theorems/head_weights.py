"""Steps that are shared: heads on tokens that are linearly independent, and the centred logarithm of attention."""

from typing import Any

import sympy as sp

from proofs.language import Claim, eq, le
from proofs.model import LeftInverse, Token, a, c, centred, d, e, f, i, j, k, l, n, softmax, w, x
from proofs.records import Step

ROW = sp.Symbol("p", integer=True, nonnegative=True)
"""Another row than ``j``."""
FITS = le(n, w)
"""That the tokens have enough coordinates to be linearly independent."""
_COORDINATES, _ROWS = (e, 0, d - 1), (ROW, 0, n - 1)


def made(vector: Any, token: Any) -> Any:
    """Return what the weights ``sum over f of vector_f LeftInverse(f, a)`` make of a token, its coordinates ``a``."""
    weight = sp.Sum(vector * LeftInverse(f, a, n, w), (f, 0, n - 1))
    return sp.Sum(weight * Token(token, a, w), (a, 0, w - 1))


def scores(key: Any, query: Any) -> Any:
    """Return the score of token ``j`` as a key and token ``l`` as a query, divided by the root of the head dimension.

    ``key`` and ``query`` are coordinates ``e`` of the wanted key and query of token ``f``; those of the keys are
    multiplied by that root first.
    """
    return sp.Sum(made(sp.sqrt(d) * key, j) * made(query, l) / sp.sqrt(d), _COORDINATES)


def weights(name: str, vector: Any, token: Any) -> tuple[Step, ...]:
    """Return the steps to: the weights make of token ``token`` the vector whose coordinate for token ``f`` is given."""
    inside = (le(token, n - 1), FITS)
    body = vector * LeftInverse(f, a, n, w) * Token(token, a, w)
    inverse = sp.Sum(LeftInverse(f, a, n, w) * Token(token, a, w), (a, 0, w - 1))
    by_places, over_tokens = made(vector, token), sp.Sum(vector * inverse, (f, 0, n - 1))
    picked = sp.Sum(vector * sp.KroneckerDelta(f, token), (f, 0, n - 1))
    return (
        Step(
            f"{name}, left inverse",
            Claim(eq(inverse, sp.KroneckerDelta(f, token)), (le(f, n - 1), *inside)),
            "specialise",
            ("assumption:independent-tokens.left-inverse",),
            {"put": {i: f, j: token}},
        ),
        Step(
            f"{name}, exchanged",
            Claim(eq(by_places, over_tokens)),
            "sum-exchange",
            args={"body": body, "first": (f, 0, n - 1), "second": (a, 0, w - 1)},
        ),
        Step(
            f"{name}, one token",
            Claim(eq(by_places, picked), inside),
            "rewrite",
            (f"{name}, exchanged", f"{name}, left inverse"),
        ),
        Step(
            f"{name}, picked",
            Claim(eq(picked, vector.xreplace({f: token})), inside),
            "delta-sum",
            args={"sum": picked, "at": token},
        ),
        Step(
            name,
            Claim(eq(by_places, vector.xreplace({f: token})), inside),
            "combination",
            (f"{name}, one token", f"{name}, picked"),
        ),
    )


def attention(name: str, key: Any, query: Any) -> tuple[Step, ...]:
    """Return the steps to: the head with these weights has the attention of the wanted keys and queries."""
    plain = sp.Sum(key.xreplace({f: j}) * query.xreplace({f: l}), _COORDINATES)
    return (
        *weights(f"{name}, keys", sp.sqrt(d) * key, j),
        *weights(f"{name}, keys in the sum", sp.sqrt(d) * key, k),
        *weights(f"{name}, queries", query, l),
        Step(
            name,
            Claim(eq(softmax(scores(key, query)), softmax(plain)), (le(j, n - 1), le(l, n - 1), FITS)),
            "rewrite",
            (f"{name}, keys", f"{name}, keys in the sum", f"{name}, queries"),
        ),
    )


def centred_terms(key: Any, query: Any) -> Any:
    """Return the sum of the products of keys less their mean with queries, for keys ``j`` and queries ``l``."""
    return sp.Sum((key - sp.Sum(key.xreplace({j: ROW}), _ROWS) / n) * query, _COORDINATES)


def centred_log(key: Any, query: Any) -> Any:
    """Return the logarithm of the attention of keys ``j`` and queries ``l``, less its mean over the keys."""
    return centred(sp.log(softmax(sp.Sum(key * query, _COORDINATES))), j, n, ROW)


def centred_attention(name: str, key: Any, query: Any) -> tuple[Step, ...]:
    """Return the steps to: the centred logarithm of attention is the scores with keys less their mean."""
    score = sp.Sum(key * query, _COORDINATES)
    log_share = sp.log(softmax(score))
    other, term = score.xreplace({j: ROW}), (key * query).xreplace({j: ROW})
    share = 1 / sp.Sum(sp.exp(score.xreplace({j: k})), (k, 0, n - 1))
    normaliser = sp.log(share)
    return (
        Step(f"{name}, logs", Claim(eq(sp.log(sp.exp(x) * c), x + sp.log(c))), "identity"),
        Step(
            f"{name}, log",
            Claim(eq(log_share, score + normaliser)),
            "specialise",
            (f"{name}, logs",),
            {"put": {x: score, c: share}},
        ),
        Step(
            f"{name}, other log",
            Claim(eq(log_share.xreplace({j: ROW}), other + normaliser)),
            "specialise",
            (f"{name}, log",),
            {"put": {j: ROW}},
        ),
        Step(
            f"{name}, logs in a column",
            Claim(
                eq(sp.Sum(log_share.xreplace({j: ROW}), _ROWS), sp.Sum(other, _ROWS) + n * normaliser),
            ),
            "sum-both-sides",
            (f"{name}, other log",),
            {"over": _ROWS},
        ),
        Step(
            f"{name}, sum over keys inside",
            Claim(eq(sp.Sum(other, _ROWS), sp.Sum(sp.Sum(term, _ROWS), _COORDINATES))),
            "sum-exchange",
            args={"body": term, "first": _COORDINATES, "second": _ROWS},
        ),
        Step(
            name,
            Claim(eq(centred_log(key, query), centred_terms(key, query))),
            "combination",
            tuple(f"{name}, {step}" for step in ("log", "logs in a column", "sum over keys inside")),
            {"weights": (1, -1 / n, -1 / n)},
        ),
    )
