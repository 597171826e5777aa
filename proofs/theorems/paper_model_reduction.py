"""The reading "eventually, wider heads gain little" of the model-reduction effect."""

import sympy as sp

from proofs.language import All, Claim, E, Lim, eq, le
from proofs.model import IDEAL, Rank, barrier_of, d, m, n
from proofs.records import Step, Theorem, Variable

_wider = sp.Symbol("d_1", integer=True, positive=True)
_bound = barrier_of(n, n)
_rank, _rank_wider = E(Rank(n, n, d)), E(Rank(n, n, _wider))
_gain = Claim(le(_rank_wider - _rank, _bound - _rank))
_vanishes = Claim(eq(Lim(_bound - _rank, d), 0))
_statement = All((_gain, _vanishes))

THEOREM = Theorem(
    id="paper-model-reduction",
    title="Beyond some head dimension, wider heads gain arbitrarily little",
    prose=(
        "With as many queries as keys, n fixed: whatever head_dim d_1 takes the place of d, the expected rank gains at "
        "most n (1 - (1 - 1/n)^n) - E[rank at d], and that tends to 0 as d -> infinity."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(_wider, "another head dimension"),
    ),
    assumptions=(*IDEAL, "uniform-occupancy"),
    depends_on=("ideal-setting", "barrier", "wide-head-limit"),
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        Step(
            "barrier",
            Claim(le(_rank_wider, _bound)),
            "specialise",
            ("theorem:barrier#3",),
            {"put": {m: n, d: _wider}},
        ),
        Step("gain", _gain, "combination", ("barrier",)),
        Step("limit", Claim(eq(Lim(_rank, d), _bound)), "specialise", ("theorem:wide-head-limit#1",), {"put": {m: n}}),
        Step("vanishes", _vanishes, "limit-algebra", ("limit",)),
        Step("statement", _statement, "conjunction", ("gain", "vanishes")),
    ),
)
