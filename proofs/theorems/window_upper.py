"""The expected rank is at most the mean of 1 - exp(-w) under chi-square, w the tilt, up to explicit errors."""

import sympy as sp

from proofs.language import NORM, Below, Claim, E, eq, le
from proofs.model import IDEAL, ChiSquare, KeyNorm2, Radius, Rank, chance, d, j, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G
from proofs.theorems.winner_tilt import DOMAIN, FROM_A, UPPER_ERROR, a
from proofs.theorems.winner_weight import s, tilt

BASE, POINT = sp.Symbol("A", real=True), sp.Symbol("b", real=True)
"""Where the tangent of a power touches it, and where it is looked at."""
_A, _b, _p = BASE, POINT, sp.Symbol("p", real=True)
_v = sp.Symbol("v", real=True)
_w = sp.Symbol("w", positive=True)
_z = sp.Symbol("z", nonnegative=True)

_C, _R2 = ChiSquare(d), Radius(d) ** 2
_weight = tilt(s, _R2)
MEAN_SHARE = E(1 - sp.exp(-tilt(s, _C)))
"""The mean share of picked keys if ``n`` times the chance of a key of squared length ``v`` were its tilt ``w(v)``."""
_two = le(2, n)
_unit = (le(0, _b), le(0, _A))
_power = le(_A**m + m * (_b - _A) * _A ** (m - 1), _b**m)
_missed = sp.exp(-_w)
_tangent = 1 - _missed - _w * _missed + 1 / (n - 1) + n * _p * _missed
_chance_at = sp.exp(-_weight)
_once = _weight * _chance_at
_tilted_once = tilt(s, _C) * sp.exp(-tilt(s, _C))
_error = UPPER_ERROR + 1 / (n - 1)
_where = (*DOMAIN, FROM_A, _two)
_share = E(Rank(n, n, d)) / n
STATEMENT = Claim(le(_share, MEAN_SHARE + _error), _where)

POWERS = (
    Step("first power", Claim(le(_A + (_b - _A), _b), _unit), "sign"),
    Step("power nonnegative", Claim(le(0, _A ** (m - 1)), _unit), "sign"),
    Step("at m", Claim(_power, (*_unit, _power)), "sign"),
    Step(
        "at m + 1",
        Claim(le(_A ** (m + 1) + (m + 1) * (_b - _A) * _A**m, _b ** (m + 1)), (*_unit, _power)),
        "combination",
        ("at m", "power nonnegative"),
        {"weights": (_b, m * (_b - _A) ** 2)},
    ),
    Step("powers", Claim(_power, _unit), "induction", ("first power", "at m + 1"), {"variable": m, "start": 1}),
    Step("powers at n", Claim(_power.xreplace({m: n}), _unit), "specialise", ("powers",), {"put": {m: n}}),
)
"""The tangent of a power."""
_TANGENT = (
    *POWERS,
    Step("p at most 1", Claim(le(_p, 1), (le(_p, 1),)), "sign"),
    Step(
        "powers at z",
        Claim(
            le(
                sp.exp(-n * _z) * (1 - n) + n * (1 - _p) * sp.exp(-(n - 1) * _z),
                (1 - _p) ** n,
            ),
            (le(_p, 1),),
        ),
        "specialise",
        ("powers at n", "p at most 1"),
        {"put": {_A: sp.exp(-_z), _b: 1 - _p}},
    ),
    Step(
        "powers at w",
        Claim(
            le(sp.exp(-n * _w / (n - 1)) * (1 - n) + n * (1 - _p) * _missed, (1 - _p) ** n),
            (_two, le(_p, 1)),
        ),
        "specialise",
        ("powers at z",),
        {"put": {_z: _w / (n - 1)}},
    ),
    Step(
        "exponential",
        Claim(le(_z - _z**2 / 2, 1 - sp.exp(-_z))),
        "derivatives",
        args={"variable": _z, "left": 0, "order": 3},
    ),
    Step(
        "exponential, missed",
        Claim(
            le(
                (n - 1) * sp.exp(-(n - 1) * _z) * (_z - _z**2 / 2),
                (n - 1) * (sp.exp(-(n - 1) * _z) - sp.exp(-n * _z)),
            )
        ),
        "combination",
        ("exponential",),
        {"weights": ((n - 1) * sp.exp(-(n - 1) * _z),)},
    ),
    Step(
        "exponential at w",
        Claim(
            le(
                _missed * (_w - _w**2 / (2 * (n - 1))),
                (n - 1) * (_missed - sp.exp(-n * _w / (n - 1))),
            ),
            (_two,),
        ),
        "specialise",
        ("exponential, missed",),
        {"put": {_z: _w / (n - 1)}},
    ),
    Step("square in z", Claim(le(_z**2, 2 * sp.exp(_z))), "derivatives", args={"variable": _z, "left": 0, "order": 3}),
    Step("square", Claim(le(_w**2, 2 * sp.exp(_w))), "specialise", ("square in z",), {"put": {_z: _w}}),
    Step(
        "tangent",
        Claim(le(1 - (1 - _p) ** n, _tangent), (_two, le(_p, 1))),
        "combination",
        ("powers at w", "exponential at w", "square"),
        {"weights": (1, 1, _missed / (2 * (n - 1)))},
        "the tangent of 1 - (1 - p)^n where its slope is n exp(-w)",
    ),
    Step("linear in z", Claim(le(_z, sp.exp(_z))), "derivatives", args={"variable": _z, "left": 0, "order": 2}),
    Step("linear", Claim(le(_w, sp.exp(_w))), "specialise", ("linear in z",), {"put": {_z: _w}}),
    Step("once", Claim(le(_w * _missed, 1)), "combination", ("linear",), {"weights": (_missed,)}),
)

LAW = (
    Step(
        "law of the length",
        Claim(eq(E(1 - Below(KeyNorm2(0, n, d), x)), E(1 - Below(_C, x)))),
        "specialise",
        ("assumption:gaussian-queries-and-keys.radius",),
        {"put": {j: 0}},
    ),
    Step(
        "law of R^2, above",
        Claim(eq(E(1 - Below(_R2, x)), E(1 - Below(_C, x)))),
        "rewrite",
        ("law of the length", "assumption:gaussian-queries-and-keys.length"),
        {"base": True},
    ),
    Step(
        "law of R^2",
        Claim(eq(E(Below(_R2, x)), E(Below(_C, x)))),
        "combination",
        ("law of R^2, above",),
        {"weights": (-1,)},
    ),
)
"""The squared length of a key is chi-square."""

THEOREM = Theorem(
    id="window-upper",
    title="The rank by a tilt of chi-square: from above",
    prose=(
        "With as many queries as keys, n >= 2, under the conditions and with the first error of winner-tilt: "
        "E[rank]/n <= E[1 - exp(-w(C))] + error + 1/(n - 1), C ~ chi^2_d, w(v) = s^(d/2) exp((1 - s) v / 2)."
    ),
    statement=STATEMENT,
    variables=(
        Variable(n, "number of keys and of queries"),
        Variable(d, "head dimension"),
        Variable(s, "a factor"),
        Variable(a, "a score that the winner seldom stays below"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "barrier", "norm-conditioned-barrier", "winner-tilt"),
    steps=(
        *_TANGENT,
        Step("chance at most 1", Claim(le(chance(0), 1)), "specialise", ("theorem:barrier#6",), {"put": {j: 0}}),
        Step(
            "tangent at the tilt",
            Claim(
                le(
                    1 - (1 - chance(0)) ** n,
                    1 - _chance_at - _once + 1 / (n - 1) + n * chance(0) * _chance_at,
                ),
                (_two,),
            ),
            "specialise",
            ("tangent", "chance at most 1"),
            {"put": {_p: chance(0), _w: _weight}},
        ),
        *(
            step
            for name, value in (("R", _R2), ("C", _C))
            for step in (
                Step(
                    f"once at {name}",
                    Claim(le(tilt(s, value) * sp.exp(-tilt(s, value)), 1)),
                    "specialise",
                    ("once",),
                    {"put": {_w: tilt(s, value)}},
                ),
                Step(f"once at {name}, sign", Claim(le(0, tilt(s, value) * sp.exp(-tilt(s, value)))), "sign"),
            )
        ),
        Step(
            "mean tangent",
            Claim(
                le(
                    E(1 - (1 - chance(0)) ** n),
                    E(1 - _chance_at) - E(_once) + 1 / (n - 1) + n * E(chance(0) * _chance_at),
                ),
                (_two,),
            ),
            "expectation",
            ("tangent at the tilt", "once at R", "once at R, sign"),
        ),
        Step(
            "chance given length",
            Claim(eq(n * E(chance(0), NORM) * _chance_at, n * G * _chance_at)),
            "combination",
            ("theorem:norm-conditioned-barrier#5",),
            {"weights": (n * _chance_at,)},
        ),
        Step(
            "chance by g",
            Claim(eq(n * E(chance(0) * _chance_at), E(n * G * _chance_at))),
            "expectation",
            ("chance given length",),
        ),
        Step(
            "by any length",
            Claim(le(E(n * G * Below(_R2, x)), E(tilt(s, _C) * Below(_C, x)) + UPPER_ERROR), (*DOMAIN, FROM_A)),
            "combination",
            ("theorem:winner-tilt#1",),
        ),
        Step(
            "by the tilt",
            Claim(le(E(n * G * _chance_at), E(_tilted_once) + UPPER_ERROR), (*DOMAIN, FROM_A)),
            "layer-cake",
            ("by any length", "once at C", "once at C, sign"),
            {"function": sp.exp(-tilt(s, _v)), "variable": _v, "level": x},
            "exp(-w) decreases with the length",
        ),
        *LAW,
        Step(
            "missed by law",
            Claim(eq(E(1 - _chance_at), MEAN_SHARE)),
            "same-law",
            ("law of R^2",),
            {"function": 1 - sp.exp(-tilt(s, _v)), "variable": _v},
        ),
        Step(
            "once by law",
            Claim(eq(E(_once), E(_tilted_once))),
            "same-law",
            ("law of R^2", "once at R", "once at R, sign", "once at C", "once at C, sign"),
            {"function": tilt(s, _v) * sp.exp(-tilt(s, _v)), "variable": _v},
        ),
        Step(
            "one key",
            Claim(eq(E(Rank(n, n, d)), n * E(1 - (1 - chance(0)) ** n))),
            "specialise",
            ("theorem:norm-conditioned-barrier#4",),
            {"put": {m: n}},
        ),
        Step(
            "share",
            STATEMENT,
            "combination",
            ("one key", "mean tangent", "chance by g", "by the tilt", "missed by law", "once by law"),
            {"weights": (1 / n, 1, 1, 1, 1, -1)},
        ),
    ),
)
