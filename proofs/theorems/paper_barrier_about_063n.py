"""The reading "about 0.63 n at most, whatever the head dimension" of the barrier."""

import sympy as sp

from proofs.language import Claim, E, le
from proofs.model import IDEAL, Rank, barrier_of, d, m, n
from proofs.records import Step, Theorem, Variable

_mean = E(Rank(n, n, d))
_statement = Claim(le(_mean, (1 - 1 / sp.E) * n + 1 / sp.E))

THEOREM = Theorem(
    id="paper-barrier-about-063n",
    title="The expected rank is at most (1 - 1/e) n + 1/e at every head dimension",
    prose="With as many queries as keys: for every n and every head_dim, E[rank] <= (1 - 1/e) n + 1/e.",
    statement=_statement,
    variables=(Variable(n, "number of keys and of queries"), Variable(d, "head dimension")),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier", "barrier-constants"),
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        Step("square", Claim(le(_mean, barrier_of(n, n))), "specialise", ("theorem:barrier#3",), {"put": {m: n}}),
        Step("statement", _statement, "combination", ("square", "theorem:barrier-constants#2")),
    ),
)
