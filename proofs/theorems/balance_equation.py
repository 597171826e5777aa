"""The balance of the two tails: v - 1 - log(v) is the same at y and at y - s for one y alone."""

import sympy as sp

from proofs.language import All, Claim, eq, lt
from proofs.records import Step, Theorem, Variable
from proofs.theorems.chernoff_rate import rate

s = sp.Symbol("s", positive=True)
y = sp.Symbol("y", positive=True)

LEVEL = s / (1 - sp.exp(-s))
"""The level at which the two exponents balance."""

_balanced = (lt(s, y), eq(rate(y - s), rate(y)))
_unique = Claim(eq(y, LEVEL), _balanced)
_solution = Claim(eq(rate(LEVEL - s), rate(LEVEL)))
_above = Claim(lt(1, LEVEL))
_positive = Claim(lt(0, LEVEL - s))
_below = Claim(lt(LEVEL - s, 1))
_statement = All((_unique, _solution, _above, _positive, _below))

THEOREM = Theorem(
    id="balance-equation",
    title="The balance of the two tails",
    prose=(
        "For s > 0 and I(v) = v - 1 - log v, the one y > s with I(y - s) = I(y) is y = s / (1 - exp(-s)); there y > 1 "
        "and 0 < y - s < 1."
    ),
    statement=_statement,
    variables=(Variable(s, "the distance of the two levels"), Variable(y, "the upper level")),
    assumptions=(),
    steps=(
        Step(
            "logarithms",
            Claim(eq(sp.log(y - s), sp.log(y) - s), _balanced),
            "sign",
            because="what the balance says, written out",
        ),
        Step(
            "exponentials",
            Claim(eq(y - s, y * sp.exp(-s)), _balanced),
            "monotone",
            ("logarithms",),
            {"function": "exp"},
        ),
        Step("unique", _unique, "combination", ("exponentials",), {"weights": (1 / (1 - sp.exp(-s)),)}),
        Step("solution", _solution, "identity", because="y - s = y exp(-s)"),
        Step("1 - exp(-s)", Claim(lt(1 - sp.exp(-s), s)), "derivatives", args={"variable": s, "left": 0, "order": 2}),
        Step("above 1", _above, "combination", ("1 - exp(-s)",), {"weights": (1 / (1 - sp.exp(-s)),)}),
        Step("positive", _positive, "sign"),
        Step("exp(s) - 1", Claim(lt(s, sp.exp(s) - 1)), "derivatives", args={"variable": s, "left": 0, "order": 2}),
        Step(
            "below 1",
            _below,
            "combination",
            ("exp(s) - 1",),
            {"weights": (sp.exp(-s) / (1 - sp.exp(-s)),)},
        ),
        Step("statement", _statement, "conjunction", ("unique", "solution", "above 1", "positive", "below 1")),
    ),
)
