"""Which attention matrices a head of a given dimension can have: those whose centred logarithm has no larger rank."""

import sympy as sp

from proofs.language import All, Claim, MatrixRank, eq, le
from proofs.literature_matrices import LOG_RANK
from proofs.model import (
    ColumnShare,
    HeadKey,
    HeadQuery,
    LeftFactor,
    RightFactor,
    a,
    b,
    centred,
    centred_log_share,
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
from proofs.theorems.head_weights import FITS, attention, centred_attention, centred_log, centred_terms, scores

_inside = (le(j, n - 1), le(l, n - 1))
_keys, _coordinates = (i, 0, n - 1), (e, 0, d - 1)
_log = centred_log_share(j, l)

# The head that reaches P.
_left, _right = LeftFactor(f, e, n, d), RightFactor(f, e, n, d)
_product = sp.Sum(LeftFactor(j, e, n, d) * RightFactor(l, e, n, d), _coordinates)
_wide = le(LOG_RANK, d)
REACHED = Claim(eq(softmax(scores(_left, _right)), ColumnShare(j, l, n)), (_wide, *_inside, FITS))
_REACHED = (
    *attention("attention", _left, _right),
    Step(
        "product",
        Claim(eq(_product, _log), (_wide, *_inside)),
        "combination",
        ("cite:rank-factorisation",),
        {"weights": (-1,)},
    ),
    Step(
        "product in the sum",
        Claim(eq(_product.xreplace({j: k}), centred_log_share(k, l)), (_wide, le(k, n - 1), le(l, n - 1))),
        "specialise",
        ("product",),
        {"put": {j: k}},
    ),
    Step(
        "softmax of centred logs",
        Claim(eq(softmax(_log), ColumnShare(j, l, n) / sp.Sum(ColumnShare(k, l, n), (k, 0, n - 1)))),
        "identity",
        because="softmax forgets what is constant in a column",
    ),
    Step(
        "column",
        Claim(eq(sp.Sum(ColumnShare(k, l, n), (k, 0, n - 1)), 1), (le(l, n - 1),)),
        "rewrite",
        ("assumption:column-stochastic.sum",),
        {"base": True},
    ),
    Step(
        "softmax is P",
        Claim(eq(softmax(_log), ColumnShare(j, l, n)), (le(l, n - 1),)),
        "rewrite",
        ("softmax of centred logs", "column"),
    ),
    Step(
        "softmax of factors",
        Claim(eq(softmax(_product), softmax(_log)), (_wide, *_inside)),
        "rewrite",
        ("product", "product in the sum"),
    ),
    Step(
        "reached",
        REACHED,
        "combination",
        ("attention", "softmax of factors", "softmax is P"),
    ),
)

# Any head.
_key, _query = HeadKey(j, e), HeadQuery(l, e) / sp.sqrt(d)
_entry = {j: a, l: b}
_log_attention, _terms = (one.xreplace(_entry) for one in (centred_log(_key, _query), centred_terms(_key, _query)))
_any_head = Claim(le(MatrixRank(_log_attention, a, b, n, n), d))
_ANY = (
    *centred_attention("centred log of attention", _key, _query),
    Step(
        "entry of the centred log",
        Claim(eq(_log_attention, _terms)),
        "specialise",
        ("centred log of attention",),
        {"put": _entry},
    ),
    Step("any head", _any_head, "rank-of-sum", ("entry of the centred log",), {"terms": _terms}),
)

# Every P: n - 1 terms do.
_last = sp.log(ColumnShare(n - 1, b, n))
_share = sp.log(ColumnShare(e, b, n))
_all = sp.Sum((sp.KroneckerDelta(e, a) - 1 / n) * (_share - _last), (e, 0, n - 1))
_few = sp.Sum((sp.KroneckerDelta(e, a) - 1 / n) * (_share - _last), (e, 0, n - 2))
_row = sp.Sum(sp.KroneckerDelta(e, a) * (_share - _last), (e, 0, n - 1))
_every = Claim(le(LOG_RANK, n - 1))
_EVERY = (
    Step(
        "own row",
        Claim(eq(_row, sp.log(ColumnShare(a, b, n)) - _last), (le(a, n - 1),)),
        "delta-sum",
        args={"sum": _row, "at": a},
    ),
    Step(
        "n terms",
        Claim(eq(centred_log_share(a, b), _all), (le(a, n - 1),)),
        "combination",
        ("own row",),
        {"weights": (-1,)},
    ),
    Step(
        "last term",
        Claim(eq(_all, _few)),
        "end-term",
        args={"of": _all, "end": "last"},
        because="it has a factor 0",
    ),
    Step(
        "n - 1 terms",
        Claim(eq(centred_log_share(a, b), _few), (le(a, n - 1),)),
        "combination",
        ("n terms", "last term"),
    ),
    Step("every P", _every, "rank-of-sum", ("n - 1 terms",), {"terms": _few}),
)

# A matrix that needs them all: each token takes twice as much from itself as from each other.
_doubled = sp.log((1 + sp.KroneckerDelta(a, b)) / (n + 1))
_log_doubled = centred(_doubled, a)
_double_rank = MatrixRank(_log_doubled, a, b, n, n)
_sharp = Claim(le(n - 1, _double_rank))
_two = sp.log(2) * sp.KroneckerDelta(a, b)
_others = sp.Sum(sp.KroneckerDelta(i, b), _keys)
_mean_term = sp.Sum(sp.log(2) / n, (e, 0, 0))
_SHARP = (
    Step("doubled", Claim(eq(_doubled, _two - sp.log(n + 1))), "delta-cases"),
    Step(
        "other doubled",
        Claim(eq(_doubled.xreplace({a: i}), _two.xreplace({a: i}) - sp.log(n + 1))),
        "specialise",
        ("doubled",),
        {"put": {a: i}},
    ),
    Step("one in the column", Claim(eq(_others, 1), (le(b, n - 1),)), "delta-sum", args={"sum": _others, "at": b}),
    Step(
        "doubled in the column",
        Claim(eq(sp.Sum(_doubled.xreplace({a: i}), _keys), sp.log(2) * _others - n * sp.log(n + 1))),
        "sum-both-sides",
        ("other doubled",),
        {"over": _keys},
    ),
    Step("one term", Claim(eq(_mean_term, sp.log(2) / n)), "written-out", args={"sum": _mean_term}),
    Step(
        "identity",
        Claim(eq(_two, _log_doubled + _mean_term), (le(b, n - 1),)),
        "combination",
        ("doubled", "doubled in the column", "one in the column", "one term"),
        {"weights": (-1, 1 / n, sp.log(2) / n, -1)},
    ),
    Step("rank of identity", Claim(eq(MatrixRank(_two, a, b, n, n), n)), "rank-of-identity"),
    Step(
        "one more",
        Claim(le(MatrixRank(_two, a, b, n, n), _double_rank + 1)),
        "rank-of-sum",
        ("identity",),
        {"terms": _mean_term, "rest": _log_doubled},
    ),
    Step("sharp", _sharp, "combination", ("one more", "rank of identity"), {"weights": (1, -1)}),
)

_statement = All((REACHED, _any_head, _every, _sharp))

THEOREM = Theorem(
    id="representation-threshold",
    title="The attention that a head can have",
    prose=(
        "P is positive with n columns that sum to 1, X has the n tokens as columns, C takes the mean from each column. "
        "Attention is softmax, column by column, of (W_k X)^T (W_q X)/sqrt(d). If rank(C log P) <= d and X has full "
        "column rank, then the head with weights W_k = sqrt(d) U^T X^+ and W_q = V^T X^+ has attention P, where "
        "C log P = U V^T has d columns each and X^+ is a left inverse. Whatever its keys and queries of length d are, "
        "the attention A of a head has rank(C log A) <= d. So P is the attention of some head on X if and only if "
        "d >= rank(C log P). That rank is at most n - 1 for every P, so that d = n - 1 suffices; and it is at least "
        "n - 1 for P_jl = (1 + [j = l])/(n + 1), which no head of a smaller dimension has as its attention, on any X."
    ),
    statement=_statement,
    variables=(
        Variable(j, "a key"),
        Variable(l, "a query"),
        Variable(n, "number of tokens"),
        Variable(d, "head dimension"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=("column-stochastic", "independent-tokens"),
    references=(
        "Bhojanapalli, Yun, Rawat, Reddi and Kumar, Low-rank bottleneck in multi-head attention models (2020)",
    ),
    steps=(
        *_REACHED,
        *_ANY,
        *_EVERY,
        *_SHARP,
        Step("statement", _statement, "conjunction", ("reached", "any head", "every P", "sharp")),
    ),
)
