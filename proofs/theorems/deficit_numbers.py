"""The two polynomials that bound the deficit, in terms of lambda = log^2 n / head_dim and sqrt(log n)."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, le
from proofs.model import n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.maximum_moments import LEVEL, r
from proofs.theorems.tilt_moments import tilt_bound
from proofs.theorems.window_error import top

lam, pace, load, excess = (sp.Symbol(name, positive=True) for name in ("lambda", "c", "p", "z"))
FAR, ONE, TWO = le(100, r), le(top, 1), le(2, n)
SMALL = 1000 * top
RELATIVE = 1 + 23 / r + 12 / n + SMALL
"""What the bound from above is, relative to ``lambda``."""

_load_bound = 4 * lam * (1 + 23 / r)
_above_1 = le(1, pace)
_domain = {
    "two": TWO,
    "far": FAR,
    "top": ONE,
    "small": le(lam, top),
    "rate above 1": _above_1,
    "rate": le(pace, 1 + 2 / n),
    "load": le(load, _load_bound),
    "stretch": le(excess, lam),
}
_where = tuple(_domain.values())
_cubed = (3 * pace**2 - pace**3 - pace) / 6
_terms = {
    "first term": (pace * load / 4, lam * (1 + 23 / r) + 5 * lam / (2 * n)),
    "second term": ((pace**2 - pace) * (load**2 / 16 + load / 2) / 2, 9 * lam / n),
    "third term": (_cubed * excess * load, 5 * lam * top / 2),
    "fourth term": (8 * (load**4 / 256 + 3 * load**3 / 16 + 15 * load**2 / 4), 960 * lam * top),
}
_half = sp.Rational(1, 2)


def _combined(name: str, sides: tuple[Any, Any], weights: dict[str, Any]) -> Step:
    return Step(name, Claim(le(*sides), _where), "combination", tuple(weights), {"weights": tuple(weights.values())})


_upper = Claim(le(tilt_bound(pace, excess, load / excess**2) - 1, lam * RELATIVE), _where)
_UPPER = (
    *(Step(name, Claim(one, _where), "sign") for name, one in _domain.items() if one != _above_1),
    _combined("inverse of r", (1 / r, sp.Rational(1, 100)), {"far": 1 / (100 * r)}),
    _combined("five", (load, 5 * lam), {"load": 1, "inverse of r": 92 * lam}),
    *(
        Step(
            f"load, power {order}",
            Claim(le(load**order, (5 * lam) ** order), _where),
            "monotone",
            ("five",),
            {"function": "power", "exponent": order},
        )
        for order in (2, 3, 4)
    ),
    _combined("rate at most 2", (pace, 2), {"rate": 1, "two": 1 / n}),
    _combined("squared rate", (pace**2 - pace, 4 / n), {"rate": pace, "rate at most 2": 2 / n}),
    _combined("at most 1", (lam, 1), {"small": 1, "top": 1}),
    _combined("square by top", (lam**2, lam * top), {"small": lam}),
    _combined("cube by top", (lam**3, lam * top), {"square by top": 1, "at most 1": lam**2}),
    _combined("fourth by top", (lam**4, lam * top), {"cube by top": 1, "at most 1": lam**3}),
    Step("cubed rate in c", Claim(le(_cubed, _half), (le(1, pace), le(pace, 2))), "sign"),
    Step("cubed rate", Claim(le(_cubed, _half), _where), "specialise", ("cubed rate in c", "rate at most 2")),
    _combined("first term", _terms["first term"], {"rate": load / 4, "load": sp.Rational(1, 4), "five": 1 / (2 * n)}),
    _combined(
        "second term",
        _terms["second term"],
        {
            "squared rate": (load**2 / 16 + load / 2) / 2,
            "load, power 2": 1 / (8 * n),
            "five": 1 / n,
            "at most 1": 25 * lam / (8 * n),
        },
    ),
    _combined(
        "third term",
        _terms["third term"],
        {
            "cubed rate": excess * load,
            "stretch": load / 2,
            "five": lam / 2,
            "square by top": sp.Rational(5, 2),
        },
    ),
    _combined(
        "fourth term",
        _terms["fourth term"],
        {
            "load, power 4": sp.Rational(1, 32),
            "load, power 3": sp.Rational(3, 2),
            "load, power 2": 30,
            "fourth by top": sp.Rational(625, 32),
            "cube by top": sp.Rational(375, 2),
            "square by top": 750,
        },
    ),
    _combined("upper", _upper.conclusion.args, dict.fromkeys(_terms, 1)),
)

dim = sp.Symbol("h", positive=True)
"""The head dimension."""


def cubic(slope: Any, level: Any, degrees: Any) -> Any:
    """Return the cubic part of the bound from below, ``level`` for ``M^2 + 1``."""
    return slope**3 * (level**3 / 8 + 3 * degrees * level / 4 + degrees) / 6


def quartic(slope: Any, level: Any, degrees: Any) -> Any:
    """Return the quartic part."""
    inner = level**4 / 16 + 3 * degrees * level**2 / 4 + 2 * degrees * level + 3 * degrees**2 / 4 + 3 * degrees
    return 8 * slope**4 * inner


_below = (FAR, ONE, le(r**4, top * dim), le(1, dim))
_ratio, _slope = r**4 / dim, 2 * r**2 / dim
_lower = Claim(le(sum(part(_slope, LEVEL, dim - 1) for part in (cubic, quartic)), _ratio * SMALL), _below)
_near = sp.Rational(41, 20) * r**2


def _under(name: str, sides: tuple[Any, Any], weights: dict[str, Any]) -> Step:
    return Step(name, Claim(le(*sides), _below), "combination", tuple(weights), {"weights": tuple(weights.values())})


_LOWER = (
    *(
        Step(f"below, {name}", Claim(condition, _below), "sign")
        for name, condition in zip(("far", "top", "scale"), _below[:3], strict=True)
    ),
    Step(
        "square of r",
        Claim(le(10000, r**2), _below),
        "monotone",
        ("below, far",),
        {"function": "power", "exponent": 2},
    ),
    Step("level", Claim(le(LEVEL, _near), _below), "sign"),
    *(
        Step(
            f"level, power {order}",
            Claim(le(LEVEL**order, _near**order), _below),
            "monotone",
            ("level",),
            {"function": "power", "exponent": order},
        )
        for order in (2, 3, 4)
    ),
    _under("ratio", (_ratio, top), {"below, scale": 1 / dim}),
    _under("ratio at most 1", (_ratio, 1), {"ratio": 1, "below, top": 1}),
    _under("squared ratio", (_ratio**2, _ratio * top), {"ratio": _ratio}),
    _under("cubed ratio", (_ratio**3, _ratio * top), {"squared ratio": 1, "ratio at most 1": _ratio**2}),
    _under("fourth ratio", (_ratio**4, _ratio * top), {"cubed ratio": 1, "ratio at most 1": _ratio**3}),
    _under("sixth power", (r**6 / dim**2, _ratio**2), {"square of r": r**6 / dim**2}),
    _under("tenth power", (r**10 / dim**3, _ratio**3 / 10000), {"square of r": r**10 / dim**3 / 10000}),
    _under("dimension", (100, dim), {"below, scale": 1, "below, top": dim, "square of r": r**2}),
    _under("few", (r**8 / dim**3, _ratio**2 / 100), {"dimension": r**8 / dim**3 / 100}),
    _under(
        "cubic",
        (cubic(_slope, LEVEL, dim - 1), 5 * _ratio * top),
        {
            "level, power 3": _slope**3 / 48,
            "level": _slope**3 * (dim - 1) / 8,
            "sixth power": sp.Rational(4, 3),
            "cubed ratio": sp.Rational(3, 2),
            "squared ratio": sp.Rational(7, 2),
        },
    ),
    _under(
        "quartic",
        (quartic(_slope, LEVEL, dim - 1), 700 * _ratio * top),
        {
            "level, power 4": _slope**4 / 2,
            "level, power 2": 6 * _slope**4 * (dim - 1),
            "level": 16 * _slope**4 * (dim - 1),
            "tenth power": 525,
            "few": 384,
            "fourth ratio": 142,
            "cubed ratio": 405,
            "squared ratio": 100,
        },
    ),
    _under("lower", _lower.conclusion.args, {"cubic": 1, "quartic": 1}),
)

THEOREM = Theorem(
    id="deficit-numbers",
    title="The polynomials of the deficit",
    prose=(
        "Let r >= 100 and 0 < T <= 1. With B the bound of tilt-moments as a function of c, p and z: B - 1 <= lambda (1 "
        "+ 23/r + 12/n + 1000 T) for n >= 2, lambda <= T, 1 <= c <= 1 + 2/n, p <= 4 lambda (1 + 23/r), z <= lambda. "
        "And with y = 2 r^2/D, l = 2 r^2 + 4 r + 1, k = D - 1, r^4 <= T D, D >= 1: y^3 (l^3/8 + 3 k l/4 + k)/6 + 8 y^4 "
        "(l^4/16 + 3 k l^2/4 + 2 k l + 3 k^2/4 + 3 k) <= 1000 T r^4/D."
    ),
    statement=All((_upper, _lower)),
    variables=(
        Variable(n, "number of keys"),
        Variable(r, "the square root of log n, in the end"),
        Variable(lam, "log^2(n) / head_dim, in the end"),
        Variable(top, "at least that"),
        Variable(pace, "a rate"),
        Variable(load, "head_dim z^2"),
        Variable(excess, "z"),
        Variable(dim, "head dimension"),
    ),
    assumptions=(),
    steps=(*_UPPER, *_LOWER, Step("statement", All((_upper, _lower)), "conjunction", ("upper", "lower"))),
)
