"""Bhojanapalli et al., Theorem 2: layers of a fixed head size do all that standard ones do, and more."""

from proofs.language import All
from proofs.records import Step, Theorem
from proofs.theorems.fixed_head_size import THEOREM as LARGER
from proofs.theorems.fixed_head_size_strict import THEOREM as STRICT

_statement = All((*LARGER.statement.parts, *STRICT.statement.parts))

THEOREM = Theorem(
    id="paper-fixed-head-size",
    title="Layers of a fixed head size are strictly more expressive",
    prose=(
        "Bhojanapalli et al. (2020), Theorem 2, on layers of a fixed head size d_p >= d/h beside standard ones of head "
        "size d/h: every standard layer is one of head size d_p (fixed-head-size, for all sizes), and not conversely. "
        "The latter is shown for embedding dimension 2, two heads and d_p = 2, by a layer that no standard one equals "
        "on two tokens (fixed-head-size-strict); other sizes are no part of this statement."
    ),
    statement=_statement,
    variables=(*LARGER.variables,),
    assumptions=STRICT.assumptions,
    depends_on=(LARGER.id, STRICT.id),
    references=LARGER.references,
    steps=(Step("statement", _statement, "conjunction", tuple(f"theorem:{one.id}" for one in (LARGER, STRICT))),),
)
