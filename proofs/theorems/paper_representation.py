"""Bhojanapalli et al., Theorem 1, for heads of dimension n or more: every attention matrix is reached."""

from proofs.language import Claim, le
from proofs.literature_matrices import LOG_RANK
from proofs.model import d, j, l, n, w
from proofs.records import Step, Theorem, Variable
from proofs.theorems.representation_threshold import REACHED

_statement = Claim(REACHED.conclusion, (le(n, d), *REACHED.where[1:]))

THEOREM = Theorem(
    id="paper-representation",
    title="Heads of dimension n reach every attention matrix",
    prose=(
        "Bhojanapalli et al. (2020), Theorem 1, first half: if d >= n, X has full column rank and P is positive with "
        "columns that sum to 1, then some head of dimension d has attention P on X; the weights are those of "
        "representation-threshold. The paper has d as the embedding dimension too (w = d), which is one case."
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
    depends_on=("representation-threshold",),
    references=("Bhojanapalli et al., Low-rank bottleneck in multi-head attention models (2020), Theorem 1",),
    steps=(
        Step(
            "wide enough",
            Claim(le(LOG_RANK, d), (le(n, d),)),
            "combination",
            ("theorem:representation-threshold#3",),
            because="the rank is at most n - 1",
        ),
        Step("statement", _statement, "specialise", ("theorem:representation-threshold#1", "wide enough")),
    ),
)
