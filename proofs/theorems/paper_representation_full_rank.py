"""The reading that heads of dimension below n miss some attention matrix on tokens that are linearly independent."""

from proofs.language import Claim, le
from proofs.literature_matrices import LOG_RANK
from proofs.model import d, j, l, n, w
from proofs.records import Step, Theorem, Variable
from proofs.theorems.representation_threshold import REACHED

_wide = le(n, d + 1)
_statement = Claim(REACHED.conclusion, (_wide, *REACHED.where[1:]))

THEOREM = Theorem(
    id="paper-representation-full-rank",
    title="Heads of dimension n - 1 reach every attention matrix",
    prose=(
        "If d >= n - 1, X has full column rank and P is positive with columns that sum to 1, then some head of "
        "dimension d has attention P on X. At d = n - 1 this negates 'for every d < n some P is not the attention of "
        "any head of dimension d on tokens X of full column rank'. That is one reading of the second half of Theorem 1 "
        "of Bhojanapalli et al. (2020), and not what the paper says: there d < n is the embedding dimension too, so "
        "that X cannot have full column rank (paper-representation-narrow). For d <= n - 2 the reading holds "
        "(representation-threshold)."
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
    establishes="negation",
    references=("Bhojanapalli et al., Low-rank bottleneck in multi-head attention models (2020), Theorem 1",),
    steps=(
        Step(
            "wide enough",
            Claim(le(LOG_RANK, d), (_wide,)),
            "combination",
            ("theorem:representation-threshold#3",),
            because="the rank is at most n - 1",
        ),
        Step("statement", _statement, "specialise", ("theorem:representation-threshold#1", "wide enough")),
    ),
)
