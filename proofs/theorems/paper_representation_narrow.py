"""Bhojanapalli et al., Theorem 1, for heads of dimension below n: on some tokens some attention matrix is missed."""

import sympy as sp

from proofs.language import All, Claim, eq, le, lt
from proofs.model import HeadKey, LayerQueryWeight, Token, a, d, e, i, j, n, softmax, w
from proofs.records import Step, Theorem, Variable

_query = sp.Sum(LayerQueryWeight(i, e, a) * Token(0, a, w), (a, 0, w - 1))
_attention = softmax(sp.Sum(HeadKey(j, e) * _query / sp.sqrt(d), (e, 0, d - 1)))
_uniform = Claim(eq(_attention, 1 / n))
_own = _attention.xreplace({j: sp.Integer(0)})
_missed = Claim(lt(_own, 2 / (n + 1)), (le(2, n),))
_statement = All((_uniform, _missed))

THEOREM = Theorem(
    id="paper-representation-narrow",
    title="A token of zeros attends to all tokens alike",
    prose=(
        "Bhojanapalli et al. (2020), Theorem 1, second half: for d < n there are X, with d rows, and P that no head of "
        "dimension d reaches. If a token is zero (X has a column of zeros, as n vectors of d < n coordinates may), "
        "then the column of its attention is 1/n throughout, whatever W_q and the keys are. So no head reaches "
        "P_jl = (1 + [j = l])/(n + 1), n >= 2, in which that token would take 2/(n + 1) > 1/n from itself. This is so "
        "for every d and w, also for d >= n: what fails here is due to X, not to the head."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a head"),
        Variable(j, "a key"),
        Variable(n, "number of tokens"),
        Variable(d, "head dimension"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=("zero-token",),
    references=("Bhojanapalli et al., Low-rank bottleneck in multi-head attention models (2020), Theorem 1",),
    steps=(
        Step("uniform", _uniform, "rewrite", ("assumption:zero-token.zero",), because="the query is zero"),
        Step(
            "own share",
            Claim(eq(_own, 1 / n)),
            "specialise",
            ("uniform",),
            {"put": {j: 0}},
        ),
        Step("missed", _missed, "combination", ("own share",)),
        Step("statement", _statement, "conjunction", ("uniform", "missed")),
    ),
)
