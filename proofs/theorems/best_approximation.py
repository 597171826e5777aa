"""How near a head of a given dimension comes to an attention matrix, in centred logarithms."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, eq, le
from proofs.literature_matrices import LOG_LEFT, place
from proofs.model import (
    HeadKey,
    HeadQuery,
    LogRightVector,
    LogSingularValue,
    b,
    centred,
    centred_log_share,
    d,
    e,
    f,
    j,
    l,
    n,
    softmax,
    w,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.head_weights import (
    FITS,
    ROW,
    attention,
    centred_attention,
    centred_log,
    centred_terms,
    scores,
)

_rows, _columns, _coordinates = (j, 0, n - 1), (l, 0, n - 1), (e, 0, d - 1)
_narrow = le(d, n)
_log = centred_log_share(j, l)
_least = sp.Sum(LogSingularValue(place, n) ** 2, (place, d + 1, n))


def _apart(other: Any) -> Any:
    return sp.Sum(sp.Sum((_log - other) ** 2, _columns), _rows)


# No head is nearer.
_key, _query = HeadKey(j, e), HeadQuery(l, e) / sp.sqrt(d)
_any_log = centred_log(_key, _query)
_none_nearer = Claim(le(_least, _apart(_any_log)), (_narrow,))

# One head is as near.
_left, _right = LOG_LEFT, LogRightVector(l, e, n)
_plain = sp.Sum(_left * _right, _coordinates)
_wanted = LOG_LEFT.xreplace({j: f}), LogRightVector(f, e, n)
_best = softmax(scores(*_wanted))
_best_log = centred(sp.log(_best), j, n, ROW)
_attained = Claim(eq(_apart(_best_log), _least), (_narrow, FITS))
_inside = (le(j, n - 1), le(l, n - 1), FITS)
_other_row = {j: ROW}
_column_sum = sp.Sum(_left.xreplace(_other_row), (ROW, 0, n - 1))
_same = (_log - _best_log) ** 2, (_log - _plain) ** 2
_ATTAINED = (
    *attention("attention", *_wanted),
    Step(
        "attention of other keys",
        Claim(
            eq(_best.xreplace(_other_row), softmax(_plain).xreplace(_other_row)),
            (le(ROW, n - 1), le(l, n - 1), FITS),
        ),
        "specialise",
        ("attention",),
        {"put": _other_row},
    ),
    Step(
        "log of attention",
        Claim(eq(_best_log, centred_log(_left, _right)), _inside),
        "rewrite",
        ("attention", "attention of other keys"),
    ),
    *centred_attention("centred log", _left, _right),
    Step(
        "column",
        Claim(eq(_column_sum, 0)),
        "sum-exchange",
        args={
            "body": centred_log_share(ROW, b) * LogRightVector(b, e, n),
            "first": (b, 0, n - 1),
            "second": (ROW, 0, n - 1),
        },
        because="the columns of the centred log P sum to 0",
    ),
    Step(
        "centred scores",
        Claim(eq(centred_terms(_left, _right), _plain)),
        "rewrite",
        ("column",),
        because="and so do those of its products",
    ),
    Step(
        "nearest log",
        Claim(eq(_best_log, _plain), _inside),
        "combination",
        ("log of attention", "centred log", "centred scores"),
    ),
    Step(
        "one square",
        Claim(eq(*_same), _inside),
        "combination",
        ("nearest log",),
        {"weights": (_best_log + _plain - 2 * _log,)},
    ),
    Step(
        "squares in a row",
        Claim(eq(*(sp.Sum(one, _columns) for one in _same)), (le(j, n - 1), FITS)),
        "sum-both-sides",
        ("one square",),
        {"over": _columns},
    ),
    Step(
        "all squares",
        Claim(eq(_apart(_best_log), _apart(_plain)), (FITS,)),
        "sum-both-sides",
        ("squares in a row",),
        {"over": _rows},
    ),
    Step("attained", _attained, "combination", ("all squares", "cite:singular-value-decomposition")),
)
_statement = All((_none_nearer, _attained))

THEOREM = Theorem(
    id="best-approximation",
    title="The head that is nearest in centred logarithms",
    prose=(
        "P is any positive matrix of n rows and columns, X has the n tokens as columns, C takes the mean from each "
        "column. For d <= n and any keys and queries of length d, the attention A of the head has ||C log P - C log "
        "A||^2 at least the sum of the squared singular values of C log P beyond the d-th (Frobenius norm). If X has "
        "full column rank, the head with weights W_k = sqrt(d) (C log P V)^T X^+ and W_q = V^T X^+ attains it, where V "
        "has the first d right singular vectors as its columns and X^+ is a left inverse."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of tokens"),
        Variable(d, "head dimension"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=("independent-tokens",),
    references=("Eckart and Young, The approximation of one matrix by another of lower rank, Psychometrika 1 (1936)",),
    steps=(
        *centred_attention("centred log of any attention", _key, _query),
        Step(
            "none nearer",
            _none_nearer,
            "low-rank-distance",
            ("centred log of any attention",),
            {"terms": centred_terms(_key, _query), "row": j, "column": l, "place": place, "size": n},
        ),
        *_ATTAINED,
        Step("statement", _statement, "conjunction", ("none nearer", "attained")),
    ),
)
