"""At head_dim = ceil(c log n) the expected rank is n^(e(c) + o(1)): the two halves together."""

import sympy as sp

from proofs.language import Claim, Lim, eq
from proofs.model import IDEAL, c, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_exponent import EXPONENT, MEAN_AT

_statement = Claim(eq(Lim(sp.log(MEAN_AT) / sp.log(n), n), EXPONENT))

THEOREM = Theorem(
    id="log-n-exponent-limit",
    title="The exponent of the rank at head_dim = ceil(c log n)",
    prose=(
        "With as many queries as keys and head_dim = ceil(c log n), c > 0 fixed: log E[rank] / log n -> e(c) = "
        "1 - (c/2) (y - 1 - log y), y = (2/c) / (1 - exp(-2/c)); that is, E[rank] = n^(e(c) + o(1))."
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"),),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "log-n-exponent", "log-n-exponent-attained"),
    steps=(
        Step(
            "limit",
            _statement,
            "limit-from-both-sides",
            ("theorem:log-n-exponent#1", "theorem:log-n-exponent-attained"),
        ),
    ),
)
