"""The mean of 1 - exp(-w) under chi-square, w the tilt, is close to the window's limit law."""

import sympy as sp

from proofs.language import All, Below, Claim, E, NormalTail, eq, le, lt
from proofs.model import ChiSquare, NormalMax, d, k, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.window_expansion import SLOPE, WEIGHT, WINDOW, lam
from proofs.theorems.window_upper import MEAN_SHARE
from proofs.theorems.winner_weight import s, tilt

_u, _e = sp.Symbol("u", nonnegative=True), sp.Symbol("e", nonnegative=True)
_c, _w, _v = sp.Symbol("c", real=True), sp.Symbol("w", positive=True), sp.Symbol("v", real=True)
_y, _r = sp.Symbol("y", positive=True), sp.Symbol("r", positive=True)

_HALF = sp.Rational(1, 2)
_root = sp.sqrt(lam) / sp.sqrt(d)
TILT = 1 - 2 * _root
"""The factor ``s`` that puts the mean of the tilted chi-square above ``d`` by about ``2 sqrt(lambda d)``."""
_C, _Z = ChiSquare(d), NormalMax(1)
_normal = d + sp.sqrt(2 * d) * _Z
"""The normal variable with mean and variance of chi-square."""
_level = (x - d) / sp.sqrt(2 * d)
_near = 2 / sp.sqrt(d)
_shift = 4 * lam * _root
_share = MEAN_SHARE.xreplace({s: TILT})
_function = sp.exp(-tilt(TILT, _v))
_missed, _missed_normal = sp.exp(-tilt(TILT, _C)), sp.exp(-tilt(TILT, _normal))
_constant = sp.sqrt(lam) * sp.sqrt(d) + d / 2 * sp.log(TILT)
_tilted = sp.exp(SLOPE * _Z + _constant)
_wide = le(64 * lam, d)
_moved = sp.exp(-_shift)
_WHERE = (lt(0, TILT), _wide)
_upper = Claim(le(_share, WINDOW + _near), _WHERE)
_lower = Claim(le(WINDOW - _shift - _near, _share), _WHERE)
_positive = Claim(lt(0, TILT), (_wide,))
_statement = All((_upper, _lower, _positive))

_LAWS = (
    *(
        step
        for name, one, other, weight in (
            ("up", Below(_Z, _level), Below(_normal, x), 1 / sp.sqrt(2 * d)),
            ("down", Below(_normal, x), Below(_Z, _level), sp.sqrt(2 * d)),
        )
        for step in (
            Step(
                f"standardised {name}",
                Claim(le(one, other)),
                "events",
                args={"weights": {other.args[0]: weight}},
            ),
            Step(f"standardised {name}, mean", Claim(le(E(one), E(other))), "expectation", (f"standardised {name}",)),
        )
    ),
    Step(
        "normal law",
        Claim(eq(E(Below(_Z, _level)), 1 - NormalTail(_level))),
        "specialise",
        ("cite:standard-normal#1",),
        {"put": {t: _level}},
    ),
    Step(
        "chi-square from above",
        Claim(le(E(Below(_C, x)), 1 - NormalTail(_level) + _near)),
        "specialise",
        ("cite:chi-square-berry-esseen#1",),
        {"put": {k: d, t: _level}},
    ),
    Step(
        "chi-square from below",
        Claim(le(1 - NormalTail(_level) - _near, E(Below(_C, x)))),
        "specialise",
        ("cite:chi-square-berry-esseen#2",),
        {"put": {k: d, t: _level}},
    ),
    Step(
        "chi-square below normal",
        Claim(le(E(Below(_C, x)), E(Below(_normal, x)) + _near)),
        "combination",
        ("chi-square from above", "normal law", "standardised up, mean"),
        {"weights": (1, -1, 1)},
    ),
    Step(
        "normal below chi-square",
        Claim(le(E(Below(_normal, x)), E(Below(_C, x)) + _near)),
        "combination",
        ("chi-square from below", "normal law", "standardised down, mean"),
    ),
    Step(
        "small share",
        Claim(le(lam / d, sp.Rational(1, 64)), (_wide,)),
        "combination",
        ("wide",),
        {"weights": (1 / (64 * d),)},
    ),
    Step(
        "small root",
        Claim(le(_root, sp.Rational(1, 8)), (_wide,)),
        "monotone",
        ("small share",),
        {"function": "power", "exponent": _HALF},
    ),
    Step("positive", _positive, "combination", ("small root",), {"weights": (2,)}),
    *(
        Step(
            f"missed {name}",
            Claim(le(first, second + _near), _WHERE),
            "layer-cake",
            (name,),
            {"function": _function, "variable": _v, "level": x},
        )
        for name, first, second in (
            ("chi-square below normal", E(_missed), E(_missed_normal)),
            ("normal below chi-square", E(_missed_normal), E(_missed)),
        )
    ),
)
_LAWS = (Step("wide", Claim(_wide, (_wide,)), "sign"), *_LAWS)

_EXPONENT = (
    Step(
        "logarithm from above",
        Claim(le(sp.log(1 - _u), -_u - _u**2 / 2), (lt(_u, 1),)),
        "derivatives",
        args={"variable": _u, "left": 0, "order": 3},
    ),
    Step(
        "logarithm from below",
        Claim(le(-_u - _u**2 / 2 - _u**3, sp.log(1 - _u)), (le(_u, sp.Rational(1, 4)),)),
        "derivatives",
        args={"variable": _u, "left": 0, "order": 3},
    ),
    Step("root below 1", Claim(lt(2 * _root, 1), (_wide,)), "combination", ("small root",), {"weights": (2,)}),
    Step(
        "root below 1/4",
        Claim(le(2 * _root, sp.Rational(1, 4)), (_wide,)),
        "combination",
        ("small root",),
        {"weights": (2,)},
    ),
    Step(
        "logarithm of the tilt, above",
        Claim(le(sp.log(TILT), -2 * _root - 2 * lam / d), _WHERE),
        "specialise",
        ("logarithm from above", "root below 1"),
        {"put": {_u: 2 * _root}},
    ),
    Step(
        "logarithm of the tilt, below",
        Claim(le(-2 * _root - 2 * lam / d - 8 * lam * _root / d, sp.log(TILT)), _WHERE),
        "specialise",
        ("logarithm from below", "root below 1/4"),
        {"put": {_u: 2 * _root}},
    ),
    Step(
        "constant from above",
        Claim(le(_constant, -lam), _WHERE),
        "combination",
        ("logarithm of the tilt, above",),
        {"weights": (d / 2,)},
    ),
    Step(
        "constant from below",
        Claim(le(-lam - _shift, _constant), _WHERE),
        "combination",
        ("logarithm of the tilt, below",),
        {"weights": (d / 2,)},
    ),
    Step(
        "exponent from above",
        Claim(le(SLOPE * _Z + _constant, SLOPE * _Z - lam), _WHERE),
        "combination",
        ("constant from above",),
    ),
    Step(
        "exponent from below",
        Claim(le(SLOPE * _Z - lam - _shift, SLOPE * _Z + _constant), _WHERE),
        "combination",
        ("constant from below",),
    ),
    Step(
        "weight from above",
        Claim(le(_tilted, WEIGHT), _WHERE),
        "monotone",
        ("exponent from above",),
        {"function": "exp"},
    ),
    Step(
        "weight from below",
        Claim(le(sp.exp(SLOPE * _Z - lam - _shift), _tilted), _WHERE),
        "monotone",
        ("exponent from below",),
        {"function": "exp"},
    ),
    Step("minus weight from above", Claim(le(-WEIGHT, -_tilted), _WHERE), "combination", ("weight from above",)),
    Step(
        "minus weight from below",
        Claim(le(-_tilted, -_moved * WEIGHT), _WHERE),
        "combination",
        ("weight from below",),
    ),
    Step(
        "missed from below",
        Claim(le(sp.exp(-WEIGHT), _missed_normal), _WHERE),
        "monotone",
        ("minus weight from above",),
        {"function": "exp"},
    ),
    Step(
        "missed from above",
        Claim(le(_missed_normal, sp.exp(-_moved * WEIGHT)), _WHERE),
        "monotone",
        ("minus weight from below",),
        {"function": "exp"},
    ),
    Step(
        "chord",
        Claim(le(sp.exp(-_c * _w), 1 - _c + _c * sp.exp(-_w)), (le(0, _c), le(_c, 1))),
        "convex-combination",
        (),
        {"function": sp.exp(-_w * _v), "variable": _v, "first": 0, "second": 1, "weight": _c},
    ),
    Step("moved", Claim(le(sp.exp(-_e), 1)), "sign"),
    Step(
        "chord at e",
        Claim(le(sp.exp(-sp.exp(-_e) * _w), 1 - sp.exp(-_e) + sp.exp(-_e) * sp.exp(-_w))),
        "specialise",
        ("chord", "moved"),
        {"put": {_c: sp.exp(-_e)}},
    ),
    Step("linear", Claim(le(1 - _e, sp.exp(-_e))), "derivatives", args={"variable": _e, "left": 0, "order": 2}),
    Step(
        "moved a little",
        Claim(le(sp.exp(-sp.exp(-_e) * _w), sp.exp(-_w) + _e)),
        "combination",
        ("chord at e", "linear"),
        {"weights": (1, 1 - sp.exp(-_w))},
    ),
    Step(
        "moved weight",
        Claim(le(sp.exp(-_moved * WEIGHT), sp.exp(-WEIGHT) + _shift)),
        "specialise",
        ("moved a little",),
        {"put": {_e: _shift, _w: WEIGHT}},
    ),
    Step(
        "missed from above, moved",
        Claim(le(_missed_normal, sp.exp(-WEIGHT) + _shift), _WHERE),
        "combination",
        ("missed from above", "moved weight"),
    ),
    Step(
        "mean missed from below",
        Claim(le(E(sp.exp(-WEIGHT)), E(_missed_normal)), _WHERE),
        "expectation",
        ("missed from below",),
    ),
    Step(
        "mean missed from above",
        Claim(le(E(_missed_normal), E(sp.exp(-WEIGHT)) + _shift), _WHERE),
        "expectation",
        ("missed from above, moved",),
    ),
)

THEOREM = Theorem(
    id="window-limit",
    title="The tilt of chi-square tends to a log-normal weight",
    prose=(
        "With C ~ chi^2_d, s = 1 - 2 sqrt(lambda/d), w(v) = s^(d/2) exp((1 - s) v / 2) and F as in window-expansion: "
        "for d >= 64 lambda, where s > 0: F(lambda) - 4 lambda sqrt(lambda/d) - 2/sqrt(d) <= E[1 - exp(-w(C))] <= "
        "F(lambda) + 2/sqrt(d)."
    ),
    statement=_statement,
    variables=(Variable(d, "degrees of freedom"), Variable(lam, "log^2(n) / head_dim, in the limit")),
    assumptions=(),
    depends_on=(),
    references=("Shevtsova (2011)",),
    steps=(
        *_LAWS,
        *_EXPONENT,
        Step(
            "upper",
            _upper,
            "combination",
            ("missed normal below chi-square", "mean missed from below"),
        ),
        Step(
            "lower",
            _lower,
            "combination",
            ("missed chi-square below normal", "mean missed from above"),
        ),
        Step("statement", _statement, "conjunction", ("upper", "lower", "positive")),
    ),
)
