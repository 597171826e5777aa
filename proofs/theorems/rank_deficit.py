"""Beyond head_dim of order log^2 n the rank falls short of the barrier by n log^2 n / (e head_dim), to first order."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, Eventually, Lim, NormalTail, eq, le, lt, prob_below
from proofs.literature_pairs import narrow
from proofs.model import IDEAL, NormalMax, d, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems import maximum_above, pair_gap
from proofs.theorems.deficit_above import DEFICIT, NARROW_SPREAD
from proofs.theorems.deficit_numbers import RELATIVE as ABOVE
from proofs.theorems.deficit_numbers import SMALL
from proofs.theorems.deficit_rate_below import RELATIVE as BELOW
from proofs.theorems.maximum_moments import EXCESS, r
from proofs.theorems.window_error import L, top
from proofs.theorems.window_necessary import delta, mu
from proofs.theorems.window_rate import VERY_LOW
from proofs.theorems.window_scores import VERY_LOW_BOUND

_log, _E = sp.log(n), sp.exp(1)
_root = sp.sqrt(_log)
_tenth = sp.Rational(1, 10)
_two, _one = le(2, n), le(mu, 1)
_large = (_two, le(10000, _log))
_wide = le(_log**2 / mu, d)
_put = {r: _root, top: mu}
_dim = sp.ceiling(_log**2 / (2 * mu))
"""A head dimension at which two queries agree nearly as seldom as their independence would have it."""
_spread = NARROW_SPREAD.xreplace({narrow: _dim})
_very_low = VERY_LOW.xreplace({L: _log})
_rare = VERY_LOW_BOUND.xreplace({L: _log})
_missed = (1 - NormalTail(_very_low)) ** (n - 1)
_pairs = (n - 1) * sp.exp(-sp.Rational(38, 11) * _log) + 4 * _rare + sp.exp(-3 * _log)
_small = SMALL.xreplace(_put)
_above, _below, _excess = (one.xreplace(_put) for one in (ABOVE, BELOW, EXCESS))
RATIO = _E * d * DEFICIT / _log**2
"""What the rank lacks of the barrier, in units of ``n log^2 n / (e head_dim)``."""
_scales = 1 / (2 * mu) + 1 / _log**2
_error = (1 + _excess) * _above + 6 / _log - 1 - _small + _E * n * (n - 1) / 2 * _scales * _pairs
_lack = 1 - _small - _below
_inside = (*_large, _one, _wide)
_at_most = Claim(Eventually(n, d, _wide, lt(RATIO - 1 - _small, delta)), (_one,))
_at_least = Claim(Eventually(n, d, _wide, lt(1 - RATIO - _small, delta)), (_one,))
_statement = All((_at_most, _at_least))


def _combined(name: str, sides: tuple[Any, Any], weights: dict[str, Any], where: tuple[Any, ...]) -> Step:
    return Step(name, Claim(le(*sides), where), "combination", tuple(weights), {"weights": tuple(weights.values())})


_DOMAIN = (
    Step("large", Claim(_large[1], _large), "sign"),
    _combined("large enough", (4, _log), {"large": 1}, _large),
    _combined("large enough to halve", (2, _very_low**2), {"large": 1}, _large),
    Step("one", Claim(_one, (_one,)), "sign"),
    Step("wide", Claim(_wide, (_two, _wide)), "sign"),
    Step(
        "root",
        Claim(le(100, _root), _large),
        "monotone",
        ("large",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    _combined("scale", (_log**2, mu * d), {"wide": mu}, (_two, _wide)),
    Step("dimension, below", Claim(le(_log**2 / (2 * mu), _dim), (_two,)), "sign"),
    Step("dimension, above", Claim(le(_dim, _log**2 / (2 * mu) + 1), (_two,)), "sign"),
    _combined(
        "one more",
        (1, _log**2 / (2 * mu)),
        {"large": (_log + 10000) / (2 * mu), "one": 50000000 / mu},
        (*_large, _one),
    ),
    _combined("narrower", (_dim, d), {"dimension, above": 1, "one more": 1, "wide": 1}, _inside),
)

_PAIRS = (
    Step(
        "pairs",
        Claim(
            le(
                _spread,
                (n - 1) * sp.exp(-sp.Rational(38, 11) * _log) + 2 * _missed + sp.exp(-_dim / 200),
            ),
            _large,
        ),
        "specialise",
        ("theorem:pair-gap",),
        {"put": {d: _dim, pair_gap.a: _very_low, pair_gap.q: _tenth}},
    ),
    Step(
        "very low",
        Claim(le(_missed, 2 * prob_below(NormalMax(n), _very_low)), _large),
        "specialise",
        ("theorem:maximum-above#2", "large enough to halve"),
        {"put": {maximum_above.b: _very_low}},
    ),
    Step(
        "very rare",
        Claim(le(prob_below(NormalMax(n), _very_low), _rare), _large),
        "specialise",
        ("theorem:window-scores#3", "large enough"),
        {"put": {L: _log}},
    ),
    _combined(
        "cap, exponent",
        (-_dim / 200, -3 * _log),
        {"dimension, below": sp.Rational(1, 200), "large": _log / (400 * mu), "one": 25 * _log / mu},
        (*_large, _one),
    ),
    Step(
        "cap",
        Claim(le(sp.exp(-_dim / 200), sp.exp(-3 * _log)), (*_large, _one)),
        "monotone",
        ("cap, exponent",),
        {"function": "exp"},
    ),
    _combined(
        "spread",
        (_spread, _pairs),
        {"pairs": 1, "very low": 2, "very rare": 4, "cap": 1},
        (*_large, _one),
    ),
)
_ABOVE = (
    Step(
        "above",
        Claim(
            le(
                _E * DEFICIT,
                _log**2 / d * ((1 + _excess) * _above + 6 / _log) + _E * n * (n - 1) / 2 * _dim / d * _spread,
            ),
            _inside,
        ),
        "specialise",
        ("theorem:deficit-rate-above", "root", "one", "scale", "narrower"),
        {"put": {**_put, narrow: _dim}},
    ),
    _combined(
        "error above",
        (RATIO - 1 - _small, _error),
        {
            "above": d / _log**2,
            "spread": _E * n * (n - 1) / 2 * _dim / _log**2,
            "dimension, above": _E * n * (n - 1) / 2 * _pairs / _log**2,
        },
        _inside,
    ),
    Step("error above vanishes", Claim(eq(Lim(_error, n), 0)), "power-log-limit"),
    Step("at most", _at_most, "uniformly-eventually", ("error above", "error above vanishes")),
)
_BELOW = (
    Step(
        "below",
        Claim(le(_log**2 / d * _below, _E * DEFICIT), _inside),
        "specialise",
        ("theorem:deficit-rate-below", "root", "one", "scale"),
        {"put": _put},
    ),
    _combined("error below", (1 - RATIO - _small, _lack), {"below": d / _log**2}, _inside),
    Step("error below vanishes", Claim(eq(Lim(_lack, n), 0)), "power-log-limit"),
    Step("at least", _at_least, "uniformly-eventually", ("error below", "error below vanishes")),
)

THEOREM = Theorem(
    id="rank-deficit",
    title="The deficit beyond the window",
    prose=(
        "With as many queries as keys, b(n) = n (1 - (1 - 1/n)^n) and q = (b(n) - E[rank]) e head_dim / (n log^2(n)): "
        "for all T in (0, 1] and delta > 0 there is n0 such that for all n >= n0 and every head_dim >= log^2(n) / T, "
        "1 - 1000 T - delta < q < 1 + 1000 T + delta. So b(n) - E[rank] = (1 + o(1)) n log^2(n) / (e head_dim) "
        "whenever head_dim / log^2(n) -> infinity."
    ),
    statement=_statement,
    variables=(Variable(mu, "at least log^2(n) / head_dim"), Variable(delta, "any positive number")),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "pair-gap",
        "maximum-above",
        "window-scores",
        "deficit-rate-above",
        "deficit-rate-below",
    ),
    references=("O'Donnell, Analysis of Boolean Functions (2014)",),
    steps=(
        *_DOMAIN,
        *_PAIRS,
        *_ABOVE,
        *_BELOW,
        Step("statement", _statement, "conjunction", ("at most", "at least")),
    ),
)
