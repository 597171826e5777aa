"""No multiple of log n is enough: at head_dim = ceil(c log n) the rank is a vanishing part of n, for every c."""

import sympy as sp

from proofs.language import All, Claim, Lim, eq, lt
from proofs.model import IDEAL, c, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_exponent import MEAN_AT

_vanishes = Claim(eq(Lim(MEAN_AT / n, n), 0))
_positive = Claim(lt(0, 1 - 1 / sp.E))
_statement = All((_vanishes, _positive))

THEOREM = Theorem(
    id="paper-log-n-sufficient",
    title="A head_dim of c log n is not enough, whatever c",
    prose=(
        "With as many queries as keys: for every c > 0, E[rank] / n -> 0 at head_dim = ceil(c log n), while "
        "1 - 1/e > 0. This negates 'there is c such that E[rank] ~ (1 - 1/e) n whenever head_dim >= c log n'."
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"),),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "log-n-exponent",
    ),
    establishes="negation",
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        Step(
            "vanishes",
            _vanishes,
            "exponent-below-one",
            ("theorem:log-n-exponent#1", "theorem:log-n-exponent#2", "theorem:log-n-exponent#3"),
        ),
        Step("positive", _positive, "sign"),
        Step("statement", _statement, "conjunction", ("vanishes", "positive")),
    ),
)
