"""A key's chance given its length is, in the mean below any length, close to the tilt of chi-square."""

from typing import Any

import sympy as sp

from proofs.language import All, Below, Claim, E, NormalTail, le, lt, prob_at_least, prob_below
from proofs.model import IDEAL, ChiSquare, NormalMax, Radius, d, k, n, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import normal_shift
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.winner_weight import LONGER, s, tilt

a = sp.Symbol("a", positive=True)
b = sp.Symbol("b", positive=True)
_y, _v, _u = sp.Symbol("y", real=True), sp.Symbol("v", nonnegative=True), sp.Symbol("u", real=True)

_HALF = sp.Rational(1, 2)
_C, _D, _M = ChiSquare(d), ChiSquare(d - 1), NormalMax(n)
_longer, _scaled = prob_below(LONGER, x), E(Below(_C, s * x))
_low, _high = prob_below(_M, a), prob_at_least(_M, b)
_spread = sp.sqrt(2 * (d - 1))
_level = (s * x - d) / sp.sqrt(2 * d)
"""The level of ``C < s x`` in standard deviations of ``C``."""
STRETCH = sp.sqrt(d) / (sp.sqrt(d - 1) * s)
MEAN = d / s - d + 1
"""What the squared score of the winner must be for the two laws to have one mean."""
_stretched = STRETCH * _level


def _across(score: Any) -> Any:
    """Return the level of ``C' < x - score^2`` in standard deviations of ``C'``, chi-square with one degree less."""
    return (x - score**2 - (d - 1)) / _spread


_normal = 2 / sp.sqrt(d - 1) + 2 / sp.sqrt(d) + (STRETCH - 1) / 2
UPPER_ERROR = _low + _normal + (MEAN - a**2) / (2 * _spread)
LOWER_ERROR = _low + _high + _normal + (b**2 - MEAN) / (2 * _spread)
_two, _tilts = le(2, d), lt(s, 1)
FROM_A, TO_B = le(a**2, MEAN), le(MEAN, b**2)
DOMAIN = (_two, _tilts)

_G_part, _C_part = n * E(G * Below(Radius(d) ** 2, x)), E(tilt(s, _C) * Below(_C, x))
_above = Claim(le(_G_part, _C_part + UPPER_ERROR), (*DOMAIN, FROM_A))
_below = Claim(le(_C_part, _G_part + LOWER_ERROR), (*DOMAIN, TO_B))
_statement = All((_above, _below))

_WINNER = (
    Step(
        "short winner",
        Claim(le(Below(LONGER, x), Below(_M, a) + Below(_D, x - a**2))),
        "events",
        args={"weights": {_M: _M + a, _D: 1}},
        because="M >= a and C' >= x - a^2 give M^2 + C' >= x",
    ),
    Step(
        "short winner, mean",
        Claim(le(_longer, _low + prob_below(_D, x - a**2))),
        "expectation",
        ("short winner",),
    ),
    Step("y below b", Claim(lt(_y, b), (lt(_y, b),)), "sign"),
    Step("v short", Claim(lt(_v, x - b**2), (lt(_v, x - b**2),)), "sign"),
    Step(
        "square of y",
        Claim(le(_y**2, b**2), (le(-b, _y), lt(_y, b))),
        "combination",
        ("y below b",),
        {"weights": (b + _y,)},
    ),
    Step(
        "sum of squares",
        Claim(lt(_y**2 + _v, x), (le(-b, _y), lt(_y, b), lt(_v, x - b**2))),
        "combination",
        ("square of y", "v short"),
    ),
    Step(
        "winner within",
        Claim(le((1 - Below(_M, -b)) * Below(_M, b) * Below(_D, x - b**2), Below(LONGER, x))),
        "event-inclusion",
        ("sum of squares",),
        {"events": (1 - Below(_M, -b), Below(_M, b), Below(_D, x - b**2)), "put": {_y: _M, _v: _D}},
    ),
    Step(
        "cases",
        Claim(
            le(
                Below(_D, x - b**2),
                (1 - Below(_M, -b)) * Below(_M, b) * Below(_D, x - b**2) + Below(_M, -b) + 1 - Below(_M, b),
            )
        ),
        "event-cases",
    ),
    Step(
        "long winner",
        Claim(le(Below(_D, x - b**2), Below(LONGER, x) + Below(_M, -b) + 1 - Below(_M, b))),
        "combination",
        ("winner within", "cases"),
    ),
    Step(
        "very low maximum",
        Claim(le(Below(_M, -b), Below(_M, a))),
        "events",
        args={"weights": {_M: 1}},
    ),
    Step(
        "long winner, by a",
        Claim(le(Below(_D, x - b**2), Below(LONGER, x) + Below(_M, a) + 1 - Below(_M, b))),
        "combination",
        ("long winner", "very low maximum"),
    ),
    Step(
        "long winner, mean",
        Claim(le(prob_below(_D, x - b**2), _longer + _low + _high)),
        "expectation",
        ("long winner, by a",),
    ),
)

_NORMAL = (
    Step(
        "across a",
        Claim(le(prob_below(_D, x - a**2), 1 - NormalTail(_across(a)) + 2 / sp.sqrt(d - 1)), (_two,)),
        "specialise",
        ("cite:chi-square-berry-esseen#1",),
        {"put": {k: d - 1, t: _across(a)}},
    ),
    Step(
        "across b",
        Claim(le(1 - NormalTail(_across(b)) - 2 / sp.sqrt(d - 1), prob_below(_D, x - b**2)), (_two,)),
        "specialise",
        ("cite:chi-square-berry-esseen#2",),
        {"put": {k: d - 1, t: _across(b)}},
    ),
    Step(
        "scaled from above",
        Claim(le(_scaled, 1 - NormalTail(_level) + 2 / sp.sqrt(d))),
        "specialise",
        ("cite:chi-square-berry-esseen#1",),
        {"put": {k: d, t: _level}},
    ),
    Step(
        "scaled from below",
        Claim(le(1 - NormalTail(_level) - 2 / sp.sqrt(d), _scaled)),
        "specialise",
        ("cite:chi-square-berry-esseen#2",),
        {"put": {k: d, t: _level}},
    ),
    Step("fewer degrees", Claim(le(d - 1, d), (_two,)), "sign"),
    Step(
        "fewer degrees, root",
        Claim(le(sp.sqrt(d - 1), sp.sqrt(d)), (_two,)),
        "monotone",
        ("fewer degrees",),
        {"function": "power", "exponent": _HALF},
    ),
    Step("tilts", Claim(le(s, 1), DOMAIN), "sign"),
    Step(
        "stretches",
        Claim(le(1, STRETCH), DOMAIN),
        "combination",
        ("fewer degrees, root", "tilts"),
        {"weights": (1 / (sp.sqrt(d - 1) * s), 1 / s)},
    ),
    *(
        Step(
            f"stretch {name}",
            Claim(le(first - second, (STRETCH - 1) / 2), DOMAIN),
            "specialise",
            (f"theorem:normal-shift#{part}", "stretches"),
            {"put": {t: _level, normal_shift.c: STRETCH}},
        )
        for name, part, first, second in (
            ("up", 2, NormalTail(_level), NormalTail(_stretched)),
            ("down", 3, NormalTail(_stretched), NormalTail(_level)),
        )
    ),
    *(
        step
        for name, score, condition, ends in (
            ("a", a, FROM_A, (_stretched, _across(a))),
            ("b", b, TO_B, (_across(b), _stretched)),
        )
        for step in (
            Step(f"mean and {name}", Claim(condition, (_two, condition)), "sign"),
            Step(
                f"levels at {name}",
                Claim(le(*ends), (_two, condition)),
                "combination",
                (f"mean and {name}",),
                {"weights": (1 / _spread,)},
            ),
            Step(
                f"shift to {name}",
                Claim(
                    le(NormalTail(ends[0]) - NormalTail(ends[1]), (ends[1] - ends[0]) / 2),
                    (_two, condition),
                ),
                "specialise",
                ("theorem:normal-shift#1", f"levels at {name}"),
                {"put": {normal_shift.u: ends[0], normal_shift.v: ends[1]}},
            ),
        )
    ),
)

THEOREM = Theorem(
    id="winner-tilt",
    title="A key's chance given its length is close to a tilt",
    prose=(
        "With R the length of a key, g(R) as in norm-conditioned-barrier, C ~ chi^2_d, w(v) = s^(d/2) exp((1 - s) v "
        "/ 2), M the largest of n standard normals, and N = d/s - d + 1: for every x, d >= 2 and 0 < s < 1, n "
        "E[g(R); R^2 < x] <= E[w(C); C < x] + P(M < a) + e + (N - a^2)/(2 sqrt(2(d-1))) if 0 < a^2 <= N, and E[w(C); "
        "C < x] <= n E[g(R); R^2 < x] + P(M < a) + P(M >= b) + e + (b^2 - N)/(2 sqrt(2(d-1))) if b^2 >= N, b > 0; "
        "where e = 2/sqrt(d-1) + 2/sqrt(d) + (c - 1)/2, c = sqrt(d/(d-1))/s."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(d, "head dimension"),
        Variable(x, "a squared length"),
        Variable(s, "a factor"),
        Variable(a, "a score that the winner seldom stays below"),
        Variable(b, "a score that the winner seldom reaches"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "normal-shift", "winner-weight"),
    references=("Shevtsova (2011)",),
    steps=(
        *_WINNER,
        *_NORMAL,
        Step(
            "above",
            _above,
            "combination",
            (
                "theorem:winner-weight#1",
                "short winner, mean",
                "across a",
                "shift to a",
                "stretch up",
                "scaled from below",
                "theorem:winner-weight#3",
            ),
        ),
        Step(
            "below",
            _below,
            "combination",
            (
                "theorem:winner-weight#1",
                "long winner, mean",
                "across b",
                "shift to b",
                "stretch down",
                "scaled from above",
                "theorem:winner-weight#2",
            ),
            {"weights": (-1, 1, 1, 1, 1, 1, 1)},
        ),
        Step("statement", _statement, "conjunction", ("above", "below")),
    ),
)
