"""The reading that log n is necessary: below c log n with c < 2 the rank is a vanishing part of n."""

from proofs.model import IDEAL, c
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_necessary import STATEMENT, delta

THEOREM = Theorem(
    id="paper-log-n-necessary",
    title="The reading that log n is necessary",
    prose=(
        "With as many queries as keys: for every 0 < c < 2 and every delta > 0 there is n0 such that for all n >= n0 "
        "and every head_dim <= c log n, E[rank] / n < delta. With delta = 1/2: E[rank] ~ (1 - 1/e) n along a sequence "
        "only if head_dim > c log n from some point on."
    ),
    statement=STATEMENT,
    variables=(Variable(c, "any number below 2"), Variable(delta, "any positive number")),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "log-n-necessary"),
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(Step("statement", STATEMENT, "specialise", ("theorem:log-n-necessary",), because="it is that theorem"),),
)
