"""How far the barrier n (1 - (1 - 1/n)^n) lies above (1 - 1/e) n."""

import sympy as sp

from proofs.language import All, Claim, eq, le, lt
from proofs.model import barrier_of, n, x
from proofs.records import Step, Theorem, Variable

_unit = (lt(0, x), lt(x, 1))
_two = (le(2, n),)
_line = (1 - 1 / sp.E) * n
_b = barrier_of(n, n)
_power = (1 - 1 / n) ** n
_logs = n * sp.log(1 - 1 / n)

_lower = Claim(lt(_line + 1 / (2 * sp.E), _b))
_upper = Claim(le(_b, _line + 1 / sp.E))
_strict = Claim(lt(_b, _line + 1 / sp.E), _two)
_one = Claim(eq(_b, _line + 1 / sp.E), (le(n, 1),))
_statement = All((_lower, _upper, _strict, _one))


_lower_2 = Claim(_lower.conclusion, _two)
_upper_2 = Claim(_upper.conclusion, _two)
_lower_1 = Claim(lt((1 - 1 / sp.E) + 1 / (2 * sp.E), 1))
_upper_1 = Claim(le(1, (1 - 1 / sp.E) + 1 / sp.E))

THEOREM = Theorem(
    id="barrier-constants",
    title="The constants of the barrier",
    prose=(
        "For every n >= 1: (1 - 1/e) n + 1/(2e) < n (1 - (1 - 1/n)^n) <= (1 - 1/e) n + 1/e, with equality on the right "
        "at n = 1 and strict inequality for n >= 2."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and of queries"),),
    assumptions=(),
    steps=(
        Step(
            "lower in x",
            Claim(lt(x + sp.log(1 - x), x * sp.log(1 - x / 2)), _unit),
            "derivatives",
            args={"variable": x, "left": 0, "order": 2},
            because="the difference and its derivative vanish at 0, the second derivative is positive",
        ),
        Step(
            "upper in x",
            Claim(lt(x * sp.log(1 - x), x + sp.log(1 - x)), _unit),
            "derivatives",
            args={"variable": x, "left": 0, "order": 2},
        ),
        Step(
            "lower at 1/n",
            Claim(lt(1 / n + sp.log(1 - 1 / n), sp.log(1 - 1 / (2 * n)) / n), _two),
            "specialise",
            ("lower in x",),
            {"put": {x: 1 / n}},
        ),
        Step(
            "upper at 1/n",
            Claim(lt(sp.log(1 - 1 / n) / n, 1 / n + sp.log(1 - 1 / n)), _two),
            "specialise",
            ("upper in x",),
            {"put": {x: 1 / n}},
        ),
        Step(
            "lower times n",
            Claim(lt(_logs, sp.log(1 - 1 / (2 * n)) - 1), _two),
            "combination",
            ("lower at 1/n",),
            {"weights": (n,)},
        ),
        Step(
            "upper times n",
            Claim(lt(sp.log(1 - 1 / n) - 1, _logs), _two),
            "combination",
            ("upper at 1/n",),
            {"weights": (n,)},
        ),
        Step("power", Claim(eq(sp.exp(_logs), _power), _two), "power-as-exponential"),
        Step(
            "lower exponential",
            Claim(lt(sp.exp(_logs), (1 - 1 / (2 * n)) / sp.E), _two),
            "monotone",
            ("lower times n",),
            {"function": "exp"},
        ),
        Step(
            "upper exponential",
            Claim(lt((1 - 1 / n) / sp.E, sp.exp(_logs)), _two),
            "monotone",
            ("upper times n",),
            {"function": "exp"},
        ),
        Step(
            "lower power",
            Claim(lt(_power, (1 - 1 / (2 * n)) / sp.E), _two),
            "combination",
            ("lower exponential", "power"),
            {"weights": (1, -1)},
        ),
        Step(
            "upper power",
            Claim(lt((1 - 1 / n) / sp.E, _power), _two),
            "combination",
            ("upper exponential", "power"),
            {"weights": (1, 1)},
        ),
        Step("lower from 2", _lower_2, "combination", ("lower power",), {"weights": (n,)}),
        Step("strict from 2", _strict, "combination", ("upper power",), {"weights": (n,)}),
        Step("upper from 2", _upper_2, "combination", ("strict from 2",)),
        Step("lower at 1", _lower_1, "sign"),
        Step("upper at 1", _upper_1, "sign"),
        Step("lower", _lower, "integer-cases", ("lower from 2", "lower at 1"), {"variable": n}),
        Step("upper", _upper, "integer-cases", ("upper from 2", "upper at 1"), {"variable": n}),
        Step("value at 1", Claim(eq(1, (1 - 1 / sp.E) + 1 / sp.E)), "identity"),
        Step("equality at 1", _one, "integer-at-one", ("value at 1",), {"variable": n}),
        Step("statement", _statement, "conjunction", ("lower", "upper", "strict from 2", "equality at 1")),
    ),
)
