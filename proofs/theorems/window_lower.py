"""The expected rank is at least the mean of 1 - exp(-w) under chi-square, w the tilt, up to explicit errors."""

import sympy as sp

from proofs.language import NORM, Below, Claim, E, eq, le
from proofs.model import IDEAL, ChiSquare, Radius, Rank, chance, d, j, k, m, n, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import pair_gap
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.variance_gap import SPREAD
from proofs.theorems.window_upper import LAW, MEAN_SHARE
from proofs.theorems.winner_tilt import DOMAIN, LOWER_ERROR, TO_B, a, b
from proofs.theorems.winner_weight import s, tilt

q = pair_gap.q
ceiling = sp.Symbol("y", positive=True)
low = sp.Symbol("z", nonnegative=True)
"""A score that two queries seldom have their winners below."""
_v, _g = sp.Symbol("v", real=True), sp.Symbol("g", real=True)
_w, _z, _c = sp.Symbol("w", positive=True), sp.Symbol("r", real=True), sp.Symbol("c", nonnegative=True)

_C, _R2 = ChiSquare(d), Radius(d) ** 2
_weight, _tilted = tilt(s, _R2), tilt(s, _C)
_short = Below(_R2, ceiling)
_chance = n * G
_kept = sp.exp(-_chance)
_missed = sp.exp(-_weight)
_two, _wide = le(2, n), le(3, d)
_pair_bound = pair_gap.BOUND.xreplace({pair_gap.a: low})
_error = LOWER_ERROR + d / ceiling + n * (n - 1) / 2 * _pair_bound
_where = (*DOMAIN, TO_B, _wide)
_share = E(Rank(n, n, d)) / n
STATEMENT = Claim(le(MEAN_SHARE - _error, _share), _where)

_POINTWISE = (
    Step("exp in c", Claim(le(1 + _c, sp.exp(_c))), "derivatives", args={"variable": _c, "left": 0, "order": 2}),
    Step("exp in -c", Claim(le(1 - _c, sp.exp(-_c))), "derivatives", args={"variable": _c, "left": 0, "order": 2}),
    Step("exp at r", Claim(le(1 + _z, sp.exp(_z)), (le(0, _z),)), "specialise", ("exp in c",), {"put": {_c: _z}}),
    Step("exp at -r", Claim(le(1 + _z, sp.exp(_z)), (le(_z, 0),)), "specialise", ("exp in -c",), {"put": {_c: -_z}}),
    Step("exp", Claim(le(1 + _z, sp.exp(_z))), "two-sides", ("exp at r", "exp at -r")),
    Step(
        "tangent",
        Claim(le(1 + _g - _w, sp.exp(_g - _w))),
        "specialise",
        ("exp",),
        {"put": {_z: _g - _w}},
    ),
    Step(
        "by tangent",
        Claim(le(1 - sp.exp(-_w) - _w * sp.exp(-_g), 1 - sp.exp(-_g) - _g * sp.exp(-_g))),
        "combination",
        ("tangent",),
        {"weights": (sp.exp(-_g),)},
        "the function 1 - exp(-g) is concave; its tangent at g is above it at w",
    ),
    Step("exp at g", Claim(le(1 + _g, sp.exp(_g))), "specialise", ("exp",), {"put": {_z: _g}}),
    Step(
        "nonnegative",
        Claim(le(0, 1 - sp.exp(-_g) - _g * sp.exp(-_g))),
        "combination",
        ("exp at g",),
        {"weights": (sp.exp(-_g),)},
    ),
    *(
        Step(
            f"{name} at the key",
            Claim(claim),
            "specialise",
            (name,),
            {"put": {_g: _chance} if name == "nonnegative" else {_g: _chance, _w: _weight}},
        )
        for name, claim in (
            ("by tangent", le(1 - _missed - _weight * _kept, 1 - _kept - _chance * _kept)),
            ("nonnegative", le(0, 1 - _kept - _chance * _kept)),
        )
    ),
    Step("short at most 1", Claim(le(_short, 1)), "sign"),
    Step("missed at least 0", Claim(le(0, _missed)), "sign"),
    Step(
        "missed by long keys",
        Claim(le((1 - _short) * (1 - _missed), 1 - _short)),
        "combination",
        ("missed at least 0",),
        {"weights": (1 - _short,)},
    ),
    Step(
        "below any ceiling",
        Claim(le(_short * (1 - _missed - _weight * _kept), 1 - _kept - _chance * _kept)),
        "combination",
        ("by tangent at the key", "nonnegative at the key"),
        {"weights": (_short, 1 - _short)},
    ),
    Step(
        "seldom missed",
        Claim(le(1 - _missed - (1 - _short) - _short * _weight * _kept, 1 - _kept - _chance * _kept)),
        "combination",
        ("below any ceiling", "missed by long keys"),
    ),
    Step(
        "mean",
        Claim(
            le(
                E(1 - _missed) - E(1 - _short) - E(_short * _weight * _kept),
                E(1 - _kept) - E(_chance * _kept),
            )
        ),
        "expectation",
        ("seldom missed",),
    ),
)

_LAYERS = (
    *LAW,
    Step(
        "law of R^2 at t",
        Claim(eq(E(Below(_R2, t)), E(Below(_C, t)))),
        "specialise",
        ("law of R^2",),
        {"put": {x: t}},
    ),
    Step(
        "tilt by law",
        Claim(eq(E(_weight * Below(_R2, x)), E(_tilted * Below(_C, x)))),
        "same-law",
        ("law of R^2 at t",),
        {"function": tilt(s, _v) * Below(_v, x), "variable": _v},
    ),
    Step(
        "cut tilt",
        Claim(le(_weight * _short * Below(_R2, x), _weight * Below(_R2, x))),
        "combination",
        ("short at most 1",),
        {"weights": (_weight * Below(_R2, x),)},
    ),
    Step(
        "cut tilt, mean",
        Claim(le(E(_weight * _short * Below(_R2, x)), E(_weight * Below(_R2, x)))),
        "expectation",
        ("cut tilt",),
    ),
    Step(
        "by any length",
        Claim(
            le(E(_weight * _short * Below(_R2, x)), E(_chance * Below(_R2, x)) + LOWER_ERROR),
            (*DOMAIN, TO_B),
        ),
        "combination",
        ("cut tilt, mean", "tilt by law", "theorem:winner-tilt#2"),
        {"weights": (1, 1, 1)},
    ),
    Step(
        "by the chance",
        Claim(le(E(_weight * _short * _kept), E(_chance * _kept) + LOWER_ERROR), (*DOMAIN, TO_B, _wide)),
        "layers-by-length",
        ("by any length", "theorem:chance-grows-with-length", "cite:query-along-key#1"),
        {"level": x, "chance": G, "rate": n},
        "a longer key is picked more often, so that exp(-n g(R)) decreases with the length",
    ),
    Step(
        "missed by law",
        Claim(eq(E(1 - _missed), MEAN_SHARE)),
        "same-law",
        ("law of R^2",),
        {"function": 1 - sp.exp(-tilt(s, _v)), "variable": _v},
    ),
    Step(
        "long by law",
        Claim(eq(E(1 - _short), E(1 - Below(_C, ceiling)))),
        "same-law",
        ("law of R^2",),
        {"function": 1 - Below(_v, ceiling), "variable": _v},
    ),
    Step("markov", Claim(le(1 - Below(_C, ceiling), _C / ceiling)), "event-cases"),
    Step("markov, mean", Claim(le(E(1 - Below(_C, ceiling)), E(_C) / ceiling)), "expectation", ("markov",)),
    Step(
        "mean of chi-square",
        Claim(eq(E(_C), d)),
        "specialise",
        ("cite:chi-square-moments#1",),
        {"put": {k: d}},
    ),
)

_RANK = (
    Step("chance at most 1", Claim(le(chance(0), 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
    Step(
        "mean chance at most 1", Claim(le(E(chance(0), NORM), 1)), "expectation", ("chance at most 1",), {"given": NORM}
    ),
    Step(
        "g at most 1",
        Claim(le(G, 1)),
        "rewrite",
        ("mean chance at most 1", "theorem:norm-conditioned-barrier#5"),
        {"base": True},
    ),
    Step("c at most 1", Claim(le(1 - _c, sp.exp(-_c)), (le(_c, 1),)), "combination", ("exp in -c",)),
    Step(
        "powers",
        Claim(le((1 - _c) ** n, sp.exp(-n * _c)), (le(_c, 1),)),
        "monotone",
        ("c at most 1",),
        {"function": "power", "exponent": n},
    ),
    Step(
        "missed by all",
        Claim(le((1 - G) ** n, _kept)),
        "specialise",
        ("powers", "g at most 1"),
        {"put": {_c: G}},
    ),
    Step(
        "share by chance",
        Claim(le(1 - _kept, 1 - (1 - G) ** n)),
        "combination",
        ("missed by all",),
    ),
    Step(
        "share by chance, mean",
        Claim(le(E(1 - _kept), E(1 - (1 - G) ** n))),
        "expectation",
        ("share by chance",),
    ),
    Step(
        "gap",
        Claim(le(n * E(1 - (1 - G) ** n) - n * (n * (n - 1) / 2) * SPREAD, E(Rank(n, n, d)))),
        "specialise",
        ("theorem:variance-gap",),
        {"put": {m: n}},
    ),
    Step(
        "spread",
        Claim(le(SPREAD, _pair_bound)),
        "specialise",
        ("theorem:pair-gap",),
        {"put": {pair_gap.a: low}},
    ),
    Step(
        "share",
        STATEMENT,
        "combination",
        (
            "gap",
            "spread",
            "share by chance, mean",
            "mean",
            "by the chance",
            "missed by law",
            "long by law",
            "markov, mean",
            "mean of chi-square",
        ),
        {"weights": (1 / n, n * (n - 1) / 2, 1, 1, 1, -1, 1, 1, 1 / ceiling)},
    ),
)

THEOREM = Theorem(
    id="window-lower",
    title="The rank by a tilt of chi-square: from below",
    prose=(
        "With as many queries as keys and head_dim d >= 3, under the conditions and with the second error of "
        "winner-tilt, for all y > 0 and z, q >= 0: E[rank]/n >= E[1 - exp(-w(C))] - error - d/y - (n (n - 1)/2) B, C "
        "~ chi^2_d, w(v) = s^(d/2) exp((1 - s) v / 2), where B = (n - 1) exp(-2 z^2/(1 + q)) + 2 Phi(z)^(n-1) + "
        "exp(-d q^2/2)."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(s, "a factor"),
        Variable(a, "a score that the winner seldom stays below"),
        Variable(b, "a score that the winner seldom reaches"),
        Variable(ceiling, "a squared length that a key seldom reaches"),
        Variable(low, "a score that the winner very seldom stays below"),
        Variable(q, "a cosine that two queries seldom exceed"),
    ),
    assumptions=IDEAL,
    depends_on=(
        "ideal-setting",
        "barrier",
        "norm-conditioned-barrier",
        "chance-grows-with-length",
        "variance-gap",
        "pair-gap",
        "winner-tilt",
    ),
    steps=(*_POINTWISE, *_LAYERS, *_RANK),
)
