"""What the rank lacks of the barrier in the window: a share of lambda/e, up to a multiple of lambda^2."""

import sympy as sp

from proofs.language import All, Claim, Lim, eq, le
from proofs.model import IDEAL, barrier_of, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.saturation_window import SHARE, WINDOW_AT
from proofs.theorems.window_expansion import lam
from proofs.theorems.window_necessary import mu

_E = sp.exp(-1)
_missed = (1 - 1 / n) ** n
_share_of_barrier = barrier_of(n, n) / n
_small = (le(12 * mu, 1),)
_gap = 1 - _E - WINDOW_AT
_limit = Claim(eq(Lim(_share_of_barrier - SHARE, n), _gap))
_above = Claim(le(_gap, _E * mu + 5 * mu**2), _small)
_below = Claim(le(_E * mu - 2 * mu**2, _gap), _small)
_statement = All((_limit, _above, _below))

THEOREM = Theorem(
    id="window-deficit",
    title="The deficit in the window",
    prose=(
        "With as many queries as keys, head_dim = ceil(log^2(n) / lambda) and b(n) = n (1 - (1 - 1/n)^n): (b(n) - "
        "E[rank])/n -> 1 - 1/e - F(lambda), which for lambda <= 1/12 is between lambda/e - 2 lambda^2 and lambda/e + 5 "
        "lambda^2. So the deficit is n log^2(n) / (e head_dim) to first order, n growing before lambda falls to 0."
    ),
    statement=_statement,
    variables=(Variable(mu, "log^2(n) / head_dim"),),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier-constants", "saturation-window", "window-expansion"),
    steps=(
        Step(
            "missed from above",
            Claim(le(_missed, _E)),
            "combination",
            ("theorem:barrier-constants#1",),
            {"weights": (1 / n,)},
        ),
        Step(
            "missed from below",
            Claim(le(_E - _E / n, _missed)),
            "combination",
            ("theorem:barrier-constants#2",),
            {"weights": (1 / n,)},
        ),
        Step("missed", Claim(eq(Lim(_missed, n), _E)), "limit-with-rate", ("missed from below", "missed from above")),
        Step("limit", _limit, "limit-algebra", ("missed", "theorem:saturation-window#1")),
        Step(
            "window from below",
            Claim(le(1 - _E - _E * mu - 5 * mu**2, WINDOW_AT), _small),
            "specialise",
            ("theorem:window-expansion#4",),
            {"put": {lam: mu}},
        ),
        Step(
            "window from above",
            Claim(le(WINDOW_AT, 1 - _E - _E * mu + 2 * mu**2), _small),
            "specialise",
            ("theorem:window-expansion#3",),
            {"put": {lam: mu}},
        ),
        Step("above", _above, "combination", ("window from below",)),
        Step("below", _below, "combination", ("window from above",)),
        Step("statement", _statement, "conjunction", ("limit", "above", "below")),
    ),
)
