"""The rank saturates at head_dim of order log^2 n: the limit law there, and what follows for wider heads."""

import sympy as sp

from proofs.language import All, Claim, E, Eventually, Lim, eq, le, lt
from proofs.model import IDEAL, Rank, barrier_of, d, m, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.window_error import L, top
from proofs.theorems.window_expansion import WINDOW, lam
from proofs.theorems.window_necessary import STATEMENT as NARROW
from proofs.theorems.window_necessary import delta, mu
from proofs.theorems.window_scores import ABOVE, BELOW

_E = sp.exp(-1)
_log = sp.log(n)
_two = le(2, n)

_dim = sp.ceiling(_log**2 / mu)
_at_dim = {L: _log, d: _dim, lam: mu, top: mu}
_large = (_two, le(4, _log), le(600 * mu, _log))
_above_n, _below_n = (one.xreplace({L: _log, top: mu}) for one in (ABOVE, BELOW))
SHARE = E(Rank(n, n, _dim)) / n
WINDOW_AT = WINDOW.xreplace({lam: mu})
_limit = Claim(eq(Lim(SHARE, n), WINDOW_AT))

_wide = le(_log**2 / mu, d)
_ratio = _log**2 / d
_anywhere = {L: _log, lam: _ratio, top: mu}
_small = le(12 * mu, 1)
_short = 1 - _E - _E * mu - 5 * mu**2 - E(Rank(n, n, d)) / n
_strict = Claim(lt(WINDOW_AT, 1 - _E))
_enough = Claim(Eventually(n, d, _wide, lt(_short, delta)), (_small,))
_most = Claim(le(E(Rank(n, n, d)) / n, 1 - _E + _E / n))
_statement = All((_limit, _strict, _enough, NARROW, _most))

_LIMIT = (
    Step("dimension, below", Claim(le(_log**2 / mu, _dim), (_two,)), "sign"),
    Step("dimension, above", Claim(le(_dim, _log**2 / mu + 1), (_two,)), "sign"),
    Step(
        "scale",
        Claim(le(_log**2, mu * _dim), (_two,)),
        "combination",
        ("dimension, below",),
        {"weights": (mu,)},
    ),
    Step(
        "excess",
        Claim(le(mu * _dim, _log**2 + mu), (_two,)),
        "combination",
        ("dimension, above",),
        {"weights": (mu,)},
    ),
    Step(
        "upper at n",
        Claim(le(SHARE, WINDOW_AT + _above_n), _large),
        "specialise",
        ("theorem:window-scores#1", "scale", "excess"),
        {"put": _at_dim},
    ),
    Step(
        "lower at n",
        Claim(le(WINDOW_AT - _below_n, SHARE), _large),
        "specialise",
        ("theorem:window-scores#2", "scale", "excess"),
        {"put": _at_dim},
    ),
    Step("limit", _limit, "limit-with-rate", ("lower at n", "upper at n")),
)

_ENOUGH = (
    Step("quarter", Claim(lt(sp.exp(-mu / 4), 1)), "sign"),
    Step(
        "below saturation",
        Claim(le(WINDOW_AT, 1 - _E - _E * (1 - sp.exp(-mu / 4)))),
        "specialise",
        ("theorem:window-expansion#5",),
        {"put": {lam: mu}},
    ),
    Step("strict", _strict, "combination", ("below saturation", "quarter"), {"weights": (1, _E)}),
    Step("wide", Claim(_wide, (_wide,)), "sign"),
    Step("wide scale", Claim(le(_log**2, mu * d), (_wide,)), "combination", ("wide",), {"weights": (mu,)}),
    Step("ratio", Claim(le(_ratio, mu), (_wide,)), "combination", ("wide",), {"weights": (mu / d,)}),
    Step(
        "lower anywhere",
        Claim(le(WINDOW.xreplace({lam: _ratio}) - _below_n, E(Rank(n, n, d)) / n), (*_large, _wide)),
        "specialise",
        ("theorem:window-scores#2", "wide scale", "ratio"),
        {"put": _anywhere},
    ),
    Step("small", Claim(_small, (_small,)), "sign"),
    Step(
        "small ratio",
        Claim(le(12 * _ratio, 1), (_wide, _small)),
        "combination",
        ("ratio", "small"),
        {"weights": (12, 1)},
    ),
    Step(
        "window from below",
        Claim(le(1 - _E - _E * _ratio - 5 * _ratio**2, WINDOW.xreplace({lam: _ratio})), (_two, _wide, _small)),
        "specialise",
        ("theorem:window-expansion#4", "small ratio"),
        {"put": {lam: _ratio}},
    ),
    Step(
        "shortfall",
        Claim(le(_short, _below_n), (*_large, _wide, _small)),
        "combination",
        ("lower anywhere", "window from below", "ratio"),
        {"weights": (1, 1, _E + 5 * (mu + _ratio))},
    ),
    Step("error vanishes", Claim(eq(Lim(_below_n, n), 0)), "power-log-limit"),
    Step("enough", _enough, "uniformly-eventually", ("shortfall", "error vanishes")),
)

_MOST = (
    Step(
        "barrier",
        Claim(le(E(Rank(n, n, d)), barrier_of(n, n))),
        "specialise",
        ("theorem:barrier#3",),
        {"put": {m: n}},
    ),
    Step(
        "most",
        _most,
        "combination",
        ("barrier", "theorem:barrier-constants#2"),
        {"weights": (1 / n, 1 / n)},
    ),
)

THEOREM = Theorem(
    id="saturation-window",
    title="The saturation window: head_dim of order log^2 n",
    prose=(
        "With as many queries as keys and head_dim = ceil(log^2(n) / lambda), lambda > 0 fixed: E[rank]/n -> "
        "F(lambda) = E[1 - exp(-exp(sqrt(2 lambda) Z - lambda))], Z standard normal, and F(lambda) < 1 - 1/e. For "
        "every delta > 0 there is n0 such that for all n >= n0, E[rank]/n > 1 - 1/e - lambda/e - 5 lambda^2 - delta "
        "for every head_dim >= log^2(n) / lambda, if lambda <= 1/12, and E[rank]/n < 1 - 1/e - (1 - "
        "exp(-lambda/4))/e + delta for every head_dim <= log^2(n) / lambda; and E[rank]/n <= 1 - 1/e + 1/(e n) always. "
        "So E[rank] ~ (1 - 1/e) n exactly if head_dim / log^2(n) -> infinity."
    ),
    statement=_statement,
    variables=(
        Variable(mu, "log^2(n) / head_dim"),
        Variable(delta, "any positive number"),
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "barrier-constants",
        "window-expansion",
        "window-scores",
        "window-necessary",
    ),
    steps=(
        *_LIMIT,
        *_ENOUGH,
        *_MOST,
        Step("statement", _statement, "conjunction", ("limit", "strict", "enough", "theorem:window-necessary", "most")),
    ),
)
