"""A longer key is picked more often."""

from typing import Any

import sympy as sp

from proofs.language import Claim, Integral, NormalTail, eq, le
from proofs.literature import alignment_density
from proofs.model import IDEAL, d, n, t
from proofs.records import Step, Theorem, Variable
from proofs.theorems.alignment_integral import CHANCE, r, u, v

s = sp.Symbol("s", real=True)
p = sp.Symbol("p", real=True)
q = sp.Symbol("q", real=True)

_half = sp.Rational(1, 2)
_longer = CHANCE.xreplace({r: s})
_density = alignment_density(u, d)


def _one_sided(chance: Any) -> Any:
    """Return the chance that ``n - 1`` independent trials all succeed or all fail."""
    return chance ** (n - 1) + (1 - chance) ** (n - 1)


def _at(length: Any) -> Any:
    return _one_sided(NormalTail(length * u))


def _mean(function: Any) -> Any:
    """Return the mean over the cosine ``u``."""
    return Integral(function * _density, u, -1, 1)


_above = _mean((1 - NormalTail(r * u)) ** (n - 1))
_turned = _mean((1 - NormalTail(-r * u)) ** (n - 1))
_below = _mean(NormalTail(r * u) ** (n - 1))
_slope = (n - 1) * (v ** (n - 2) - (1 - v) ** (n - 2))
_rise = Integral(_slope, v, p, q)

_two, _wide = le(2, n), le(3, d)
_lengths = (le(0, r), le(r, s))
_upper_half = (_two, le(_half, v), le(v, 1))
_ends = (_two, le(_half, p), le(p, q), le(q, 1))
_right, _left = le(0, u), le(u, 0)
_pointwise = le(_at(r), _at(s))
_statement = Claim(le(CHANCE, _longer), (_wide, *_lengths))


def _tails(name: str, smaller: Any, larger: Any, where: tuple[Any, ...]) -> tuple[Step, Step]:
    """Return the steps that order two arguments and, the other way, their tails."""
    return (
        Step(name, Claim(le(smaller, larger), where), "sign"),
        Step(
            f"{name}, tails",
            Claim(le(NormalTail(larger), NormalTail(smaller)), where),
            "monotone",
            (name,),
            {"function": "normal-tail"},
        ),
    )


THEOREM = Theorem(
    id="chance-grows-with-length",
    title="A longer key is picked more often",
    prose=(
        "With u the cosine of a key with an independent query and g(r) = E[Phi(r u)^(n-1)], at head_dim >= 3: g(r) <= "
        "g(s) for 0 <= r <= s."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(d, "head dimension"),
        Variable(r, "length of a key"),
        Variable(s, "length of a longer key"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "alignment-integral"),
    steps=(
        Step("complement", Claim(le(1 - v, v), (le(_half, v),)), "sign"),
        Step(
            "powers",
            Claim(le((1 - v) ** (n - 2), v ** (n - 2)), _upper_half),
            "monotone",
            ("complement",),
            {"function": "power", "exponent": n - 2},
        ),
        Step("slope", Claim(le(0, _slope), _upper_half), "combination", ("powers",), {"weights": (n - 1,)}),
        Step("rise", Claim(le(0, _rise), _ends), "integral-comparison", ("slope",)),
        Step(
            "rise by ends",
            Claim(eq(_rise, _one_sided(q) - _one_sided(p)), _ends),
            "fundamental-theorem",
            args={"antiderivative": _one_sided(v)},
        ),
        Step(
            "one-sided",
            Claim(le(_one_sided(p), _one_sided(q)), _ends),
            "combination",
            ("rise", "rise by ends"),
            because="n - 1 scores lie on one side more often the less likely the other side is",
        ),
        Step(
            "tail at 0 by symmetry",
            Claim(eq(NormalTail(0), 1 - NormalTail(0))),
            "specialise",
            ("cite:normal-symmetry",),
            {"put": {t: 0}},
        ),
        Step(
            "tail at 0",
            Claim(eq(NormalTail(0), _half)),
            "combination",
            ("tail at 0 by symmetry",),
            {"weights": (_half,)},
        ),
        *_tails("right", sp.Integer(0), r * u, (le(0, r), _right)),
        *_tails("further right", r * u, s * u, (*_lengths, _right)),
        *_tails("left", r * u, sp.Integer(0), (le(0, r), _left)),
        *_tails("further left", s * u, r * u, (*_lengths, _left)),
        Step(
            "right half",
            Claim(le(NormalTail(r * u), _half), (le(0, r), _right)),
            "combination",
            ("right, tails", "tail at 0"),
        ),
        Step(
            "left half",
            Claim(le(_half, NormalTail(r * u)), (le(0, r), _left)),
            "combination",
            ("left, tails", "tail at 0"),
            {"weights": (1, -1)},
        ),
        Step(
            "on the right",
            Claim(_pointwise, (_two, *_lengths, _right)),
            "specialise",
            ("one-sided", "right half", "further right, tails"),
            {"put": {p: 1 - NormalTail(r * u), q: 1 - NormalTail(s * u)}},
        ),
        Step(
            "on the left",
            Claim(_pointwise, (_two, *_lengths, _left)),
            "specialise",
            ("one-sided", "left half", "further left, tails"),
            {"put": {p: NormalTail(r * u), q: NormalTail(s * u)}},
        ),
        Step("at every cosine", Claim(_pointwise, (_two, *_lengths)), "two-sides", ("on the right", "on the left")),
        Step(
            "times density",
            Claim(le(_at(r) * _density, _at(s) * _density), (_two, _wide, *_lengths, le(-1, u), le(u, 1))),
            "combination",
            ("at every cosine",),
            {"weights": (_density,)},
        ),
        Step(
            "means",
            Claim(le(_mean(_at(r)), _mean(_at(s))), (_two, _wide, *_lengths)),
            "integral-comparison",
            ("times density",),
        ),
        Step("u to -u", Claim(eq(_above, _turned), (_wide,)), "substitution", args={"put": -u}),
        Step(
            "symmetry",
            Claim(eq(NormalTail(-r * u), 1 - NormalTail(r * u))),
            "specialise",
            ("cite:normal-symmetry",),
            {"put": {t: r * u}},
        ),
        Step("other side", Claim(eq(_above, _below), (_wide,)), "rewrite", ("u to -u", "symmetry"), {"base": True}),
        Step("both sides", Claim(eq(_mean(_at(r)), _above + _below), (_wide,)), "integral-linearity"),
        Step(
            "twice",
            Claim(eq(2 * CHANCE, _mean(_at(r))), (_wide,)),
            "combination",
            ("theorem:alignment-integral#4", "other side", "both sides"),
            {"weights": (2, 1, -1)},
        ),
        Step(
            "twice, longer",
            Claim(eq(2 * _longer, _mean(_at(s))), (_wide,)),
            "specialise",
            ("twice",),
            {"put": {r: s}},
        ),
        Step(
            "from two keys on",
            Claim(_statement.conclusion, (_two, _wide, *_lengths)),
            "combination",
            ("means", "twice", "twice, longer"),
            {"weights": (_half, _half, -_half)},
        ),
        Step("one key", Claim(le(1, 1)), "sign", because="a single key is always picked"),
        Step("statement", _statement, "integer-cases", ("from two keys on", "one key"), {"variable": n}),
    ),
)
