"""The chance that m draws hit a column, from below: the column's chance times a tangent of their quotient."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, eq, le
from proofs.model import k, m
from proofs.records import Step, Theorem, Variable

p, a, b, x = (sp.Symbol(name, real=True) for name in ("p", "a", "b", "x"))
_y, _z = (sp.Symbol(name, nonnegative=True) for name in ("y", "z"))
_q = sp.Symbol("q", integer=True, positive=True)
_unit = (le(0, p), le(p, 1), le(0, a), le(a, 1))
_later = (_q, 1, m - 1)


def psi(point: Any) -> Any:
    """Return the sum of ``(1 - point)^k`` over ``k < m``, which times ``point`` is ``1 - (1 - point)^m``."""
    return sp.Sum((1 - point) ** k, (k, 0, m - 1))


def slope(point: Any) -> Any:
    """Return minus the derivative of :func:`psi` at ``point``."""
    return sp.Sum(_q * (1 - point) ** (_q - 1), _later)


def _above_tangent(power: Any) -> Any:
    return le(_y**power + power * _y ** (power - 1) * (_z - _y), _z**power)


_tangent = (1 - a) ** _q + _q * (1 - a) ** (_q - 1) * (a - p)
_scaled = sp.Sum(p * (1 - p) ** k, (k, 0, m - 1))
_summed = le(sp.Sum(p * _tangent, _later), sp.Sum(p * (1 - p) ** _q, _later))
_lower = Claim(le(p * psi(a) + slope(a) * p * (a - p), 1 - (1 - p) ** m), _unit)
_closed = Claim(eq(x * psi(x), 1 - (1 - x) ** m))
_order = (le(0, a), le(a, b), le(b, 1))
_decreasing = Claim(le(psi(b), psi(a)), _order)
_statement = All((_lower, _closed, _decreasing))

THEOREM = Theorem(
    id="occupancy-tangent",
    title="A tangent below the chance of being picked",
    prose=(
        "A column that each of m independent queries picks with chance p is picked by some with chance h(p) = "
        "1 - (1 - p)^m = p psi(p), where psi(x) is the sum of (1 - x)^k over k < m. For p and a in [0, 1]: h(p) >= "
        "p (psi(a) + psi'(a) (p - a)), the tangent of psi at a; x psi(x) = 1 - (1 - x)^m for every x; and psi(b) <= "
        "psi(a) for 0 <= a <= b <= 1."
    ),
    statement=_statement,
    variables=(
        Variable(p, "the chance of a column"),
        Variable(a, "where the tangent is taken"),
        Variable(b, "a point beyond a"),
        Variable(x, "any number"),
        Variable(m, "number of queries"),
    ),
    assumptions=(),
    references=("Bernoulli's inequality, in the form z^q >= y^q + q y^(q-1) (z - y)",),
    steps=(
        Step("power 1", Claim(le(_y + (_z - _y), _z)), "sign"),
        Step("hypothesis", Claim(_above_tangent(_q), (_above_tangent(_q),)), "sign"),
        Step(
            "next power",
            Claim(_above_tangent(_q + 1), (_above_tangent(_q),)),
            "combination",
            ("hypothesis",),
            {"weights": (_z,)},
            "times z, the inequality leaves q y^(q-1) (z - y)^2",
        ),
        Step(
            "power above its tangent",
            Claim(_above_tangent(_q)),
            "induction",
            ("power 1", "next power"),
            {"variable": _q, "start": 1},
        ),
        Step(
            "power of a miss",
            Claim(le(_tangent, (1 - p) ** _q), _unit),
            "specialise",
            ("power above its tangent",),
            {"put": {_y: 1 - a, _z: 1 - p}},
        ),
        Step(
            "one power",
            Claim(le(p * _tangent, p * (1 - p) ** _q), _unit),
            "combination",
            ("power of a miss",),
            {"weights": (p,)},
        ),
        Step("all powers", Claim(_summed, _unit), "sum-both-sides", ("one power",), {"over": _later}),
        Step(
            "first power of p",
            Claim(eq(_scaled, p + sp.Sum(p * (1 - p) ** _q, _later))),
            "end-term",
            args={"of": _scaled},
        ),
        Step(
            "first power of a",
            Claim(eq(psi(a), 1 + sp.Sum((1 - a) ** _q, _later))),
            "end-term",
            args={"of": psi(a)},
        ),
        Step(
            "geometric sum",
            _closed,
            "telescoping",
            args={"sum": sp.Sum(x * (1 - x) ** k, (k, 0, m - 1)), "primitive": -((1 - x) ** k)},
        ),
        Step(
            "geometric sum in p",
            Claim(eq(p * psi(p), 1 - (1 - p) ** m)),
            "specialise",
            ("geometric sum",),
            {"put": {x: p}},
        ),
        Step(
            "tangent",
            _lower,
            "combination",
            ("all powers", "first power of a", "first power of p", "geometric sum in p"),
            {"weights": (1, p, -1, 1)},
        ),
        Step("misses", Claim(le(1 - b, 1 - a), _order), "sign"),
        Step(
            "powers of misses",
            Claim(le((1 - b) ** _q, (1 - a) ** _q), _order),
            "monotone",
            ("misses",),
            {"function": "power", "exponent": _q},
        ),
        Step(
            "sums of powers",
            Claim(le(sp.Sum((1 - b) ** _q, _later), sp.Sum((1 - a) ** _q, _later)), _order),
            "sum-both-sides",
            ("powers of misses",),
            {"over": _later},
        ),
        Step(
            "first power of b",
            Claim(eq(psi(b), 1 + sp.Sum((1 - b) ** _q, _later))),
            "specialise",
            ("first power of a",),
            {"put": {a: b}},
        ),
        Step(
            "decreasing",
            _decreasing,
            "combination",
            ("sums of powers", "first power of a", "first power of b"),
            {"weights": (1, -1, 1)},
        ),
        Step("statement", _statement, "conjunction", ("tangent", "geometric sum", "decreasing")),
    ),
)
