"""The literal reading E[rank] <= (1 - 1/e) n for all head dimensions fails at every n."""

import sympy as sp

from proofs.language import Claim, E, Exists, Lim, eq, lt
from proofs.model import IDEAL, Rank, barrier_of, d, m, n
from proofs.records import Step, Theorem, Variable

_mean = E(Rank(n, n, d))
_line = (1 - 1 / sp.E) * n
_statement = Claim(Exists(d, lt(_line, _mean)))

THEOREM = Theorem(
    id="paper-barrier-literal",
    title="At every n some head dimension exceeds (1 - 1/e) n",
    prose=(
        "With as many queries as keys: for every n there is a head_dim with E[rank] > (1 - 1/e) n. This negates "
        "'E[rank] <= (1 - 1/e) n for all n and all head_dim'."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and of queries"),),
    assumptions=(*IDEAL, "uniform-occupancy"),
    depends_on=("ideal-setting", "barrier-constants", "wide-head-limit"),
    establishes="negation",
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        Step(
            "limit",
            Claim(eq(Lim(_mean, d), barrier_of(n, n))),
            "specialise",
            ("theorem:wide-head-limit#1",),
            {"put": {m: n}},
        ),
        Step("above the line", Claim(lt(_line, barrier_of(n, n))), "combination", ("theorem:barrier-constants#1",)),
        Step("statement", _statement, "exists-from-limit", ("limit", "above the line")),
    ),
)
