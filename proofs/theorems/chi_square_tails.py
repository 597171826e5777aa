"""Chernoff's bounds on the two tails of chi-square, with room for one degree of freedom."""

import sympy as sp

from proofs.language import All, Claim, le, lt, prob_at_least, prob_below
from proofs.model import ChiSquare, d, k, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.chernoff_rate import rate

y = sp.Symbol("y", positive=True)
w = sp.Symbol("w", positive=True)
r = sp.Symbol("r", positive=True)
h = sp.Symbol("h", real=True)
theta = sp.Symbol("theta", nonnegative=True)

_up, _down = (1 - 1 / y) / 2, (1 / w - 1) / 2
_few, _many = (lt(1, y), le(d, r + 1)), (lt(w, 1), le(r, k + 1))

_high, _low = r * y, r * w + h
_upper, _lower = prob_at_least(ChiSquare(d), _high), prob_below(ChiSquare(k), _low)
_upper_exponent = -_up * _high + d / 2 * sp.log(y)
_lower_exponent = _down * _low + k / 2 * sp.log(w)
_upper_bound = sp.log(y) / 2 - r / 2 * rate(y)
_lower_bound = -sp.log(w) / 2 - r / 2 * rate(w) + _down * h

_upper_tail = Claim(le(_upper, sp.exp(_upper_bound)), _few)
_lower_tail = Claim(le(_lower, sp.exp(_lower_bound)), _many)
_statement = All((_upper_tail, _lower_tail))

THEOREM = Theorem(
    id="chi-square-tails",
    title="The tails of chi-square",
    prose=(
        "With I(v) = v - 1 - log v: P(chi^2_d >= r y) <= sqrt(y) exp(-r I(y) / 2) for y > 1 and 0 < d <= r + 1; and "
        "P(chi^2_k < r w + h) <= exp(-r I(w) / 2 + (1/w - 1) h / 2) / sqrt(w) for 0 < w < 1, k >= r - 1 and every h."
    ),
    statement=_statement,
    variables=(
        Variable(d, "degrees of freedom"),
        Variable(k, "degrees of freedom"),
        Variable(r, "about as many degrees of freedom"),
        Variable(y, "a level above the mean, in multiples of it"),
        Variable(w, "a level below the mean, in multiples of it"),
        Variable(h, "what is added to the level"),
    ),
    assumptions=(),
    references=("Boucheron, Lugosi and Massart, Concentration Inequalities (2013)",),
    steps=(
        Step(
            "upper tilted",
            Claim(le(_upper, sp.exp(-_up * _high) * sp.exp(d / 2 * sp.log(y))), (lt(1, y),)),
            "specialise",
            ("cite:chi-square-upper-tail",),
            {"put": {theta: _up, x: _high}},
            "the tilt that minimises the bound at d = r",
        ),
        Step("upper exponent", Claim(le(_upper_exponent, _upper_bound), _few), "sign"),
        Step(
            "upper exponential",
            Claim(le(sp.exp(_upper_exponent), sp.exp(_upper_bound)), _few),
            "monotone",
            ("upper exponent",),
            {"function": "exp"},
        ),
        Step("upper", _upper_tail, "combination", ("upper tilted", "upper exponential")),
        Step(
            "lower tilted",
            Claim(le(_lower, sp.exp(_down * _low) * sp.exp(k / 2 * sp.log(w))), (lt(w, 1),)),
            "specialise",
            ("cite:chi-square-lower-tail",),
            {"put": {theta: _down, x: _low}},
            "the tilt that minimises the bound at k = r, h = 0",
        ),
        Step("lower exponent", Claim(le(_lower_exponent, _lower_bound), _many), "sign"),
        Step(
            "lower exponential",
            Claim(le(sp.exp(_lower_exponent), sp.exp(_lower_bound)), _many),
            "monotone",
            ("lower exponent",),
            {"function": "exp"},
        ),
        Step("lower", _lower_tail, "combination", ("lower tilted", "lower exponential")),
        Step("statement", _statement, "conjunction", ("upper", "lower")),
    ),
)
