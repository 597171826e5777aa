"""The series of the barrier n (1 - (1 - 1/n)^n) in 1/n, with a remainder that cannot be improved."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.language import All, Claim, Lim, eq, le, lt
from proofs.model import barrier_of, n, x
from proofs.records import Step, Theorem, Variable

_COEFFICIENTS = ("1/2", "5/24", "5/48", "337/5760", "137/3840")
_REMAINDER = 1 - sum((sp.Rational(one) for one in _COEFFICIENTS), sp.Integer(0))


def _series(point: Any) -> Any:
    """Return e times what the barrier exceeds (1 - 1/e) n by, to five terms, at ``point`` = 1/n."""
    return sum((sp.Rational(one) * point**power for power, one in enumerate(_COEFFICIENTS)), sp.Integer(0))


def _below(point: Any) -> Any:
    """Return e (1 - x)^(1/x) to its fifth power of x, which is too much: the other coefficients are negative."""
    return 1 - point * _series(point)


def _above(point: Any) -> Any:
    """Return the same less the remainder, which is too little: equal at 1, where both are 0."""
    return _below(point) - _REMAINDER * point**6


_unit = (lt(0, x), lt(x, 1))
_two = (le(2, n),)
_line = (1 - 1 / sp.E) * n
_b = barrier_of(n, n)
_gap = _b - _line
_next = _gap.xreplace({n: n + 1})
_power = (1 - 1 / n) ** n
_logs = n * sp.log(1 - 1 / n)
_five = _line + _series(1 / n) / sp.E
_more = _five + _REMAINDER / (sp.E * n**5)
_five_at_1 = (1 - 1 / sp.E) + _series(sp.Integer(1)) / sp.E
_more_at_1 = _five_at_1 + _REMAINDER / sp.E

_lower = Claim(lt(_five, _b))
_upper = Claim(le(_b, _more))
_strict = Claim(lt(_b, _more), _two)
_one = Claim(eq(_b, _more), (le(n, 1),))
_decreasing = Claim(lt(_next, _gap))
_limit = Claim(eq(Lim(_gap, n), 1 / (2 * sp.E)))
_statement = All((_lower, _upper, _strict, _one, _decreasing, _limit))

_lower_2 = Claim(_lower.conclusion, _two)
_upper_2 = Claim(_upper.conclusion, _two)
_twice = {"variable": x, "left": 0, "order": 2}

THEOREM = Theorem(
    id="barrier-series",
    title="The series of the barrier",
    prose=(
        "Let b(n) = n (1 - (1 - 1/n)^n) and S(n) = 1/2 + 5/(24n) + 5/(48n^2) + 337/(5760n^3) + 137/(3840n^4). For "
        "every n >= 1: (1 - 1/e) n + S(n)/e < b(n) <= (1 - 1/e) n + S(n)/e + K/(e n^5), where K = 215/2304, with "
        "equality on the right at n = 1 and strict inequality for n >= 2. The excess b(n) - (1 - 1/e) n decreases "
        "strictly in n and tends to 1/(2e), so neither constant of barrier-constants can be improved."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and of queries"),),
    assumptions=(),
    steps=(
        Step(
            "lower in x",
            Claim(lt(x + sp.log(1 - x), x * sp.log(_below(x))), _unit),
            "derivatives",
            args=_twice,
            because="the difference and its derivative vanish at 0; the second derivative is x^5 times something "
            "positive; with other coefficients this step or the next fails",
        ),
        Step(
            "upper in x",
            Claim(lt(x * sp.log(_above(x)), x + sp.log(1 - x)), _unit),
            "derivatives",
            args=_twice,
        ),
        Step(
            "lower at 1/n",
            Claim(lt(1 / n + sp.log(1 - 1 / n), sp.log(_below(1 / n)) / n), _two),
            "specialise",
            ("lower in x",),
            {"put": {x: 1 / n}},
        ),
        Step(
            "upper at 1/n",
            Claim(lt(sp.log(_above(1 / n)) / n, 1 / n + sp.log(1 - 1 / n)), _two),
            "specialise",
            ("upper in x",),
            {"put": {x: 1 / n}},
        ),
        Step(
            "lower times n",
            Claim(lt(_logs, sp.log(_below(1 / n)) - 1), _two),
            "combination",
            ("lower at 1/n",),
            {"weights": (n,)},
        ),
        Step(
            "upper times n",
            Claim(lt(sp.log(_above(1 / n)) - 1, _logs), _two),
            "combination",
            ("upper at 1/n",),
            {"weights": (n,)},
        ),
        Step("power", Claim(eq(sp.exp(_logs), _power), _two), "power-as-exponential"),
        Step(
            "lower exponential",
            Claim(lt(sp.exp(_logs), _below(1 / n) / sp.E), _two),
            "monotone",
            ("lower times n",),
            {"function": "exp"},
        ),
        Step(
            "upper exponential",
            Claim(lt(_above(1 / n) / sp.E, sp.exp(_logs)), _two),
            "monotone",
            ("upper times n",),
            {"function": "exp"},
        ),
        Step(
            "lower power",
            Claim(lt(_power, _below(1 / n) / sp.E), _two),
            "combination",
            ("lower exponential", "power"),
            {"weights": (1, -1)},
        ),
        Step(
            "upper power",
            Claim(lt(_above(1 / n) / sp.E, _power), _two),
            "combination",
            ("upper exponential", "power"),
            {"weights": (1, 1)},
        ),
        Step("lower from 2", _lower_2, "combination", ("lower power",), {"weights": (n,)}),
        Step("strict from 2", _strict, "combination", ("upper power",), {"weights": (n,)}),
        Step("upper from 2", _upper_2, "combination", ("strict from 2",)),
        Step("lower at 1", Claim(lt(_five_at_1, 1)), "sign"),
        Step("value at 1", Claim(eq(1, _more_at_1)), "identity"),
        Step("upper at 1", Claim(le(1, _more_at_1)), "sign"),
        Step("lower", _lower, "integer-cases", ("lower from 2", "lower at 1"), {"variable": n}),
        Step("upper", _upper, "integer-cases", ("upper from 2", "upper at 1"), {"variable": n}),
        Step("equality at 1", _one, "integer-at-one", ("value at 1",), {"variable": n}),
        Step(
            "upper at the next",
            Claim(le(barrier_of(n + 1, n + 1), _more.xreplace({n: n + 1}))),
            "specialise",
            ("upper",),
            {"put": {n: n + 1}},
        ),
        Step(
            "decreasing",
            _decreasing,
            "combination",
            ("lower", "upper at the next"),
            because="the first term falls by 5/(24 n (n + 1)), more than the whole remainder at n + 1",
        ),
        Step("excess from below", Claim(lt(_series(1 / n) / sp.E, _gap)), "combination", ("lower",)),
        Step(
            "excess from above",
            Claim(le(_gap, _series(1 / n) / sp.E + _REMAINDER / (sp.E * n**5))),
            "combination",
            ("upper",),
        ),
        Step("limit", _limit, "limit-with-rate", ("excess from below", "excess from above")),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("lower", "upper", "strict from 2", "equality at 1", "decreasing", "limit"),
        ),
    ),
)
