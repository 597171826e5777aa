"""The largest of n standard normals is seldom above sqrt(2 (1 + eta) log n)."""

import sympy as sp

from proofs.language import Claim, NormalTail, le
from proofs.model import m, n, t
from proofs.records import Step, Theorem, Variable

eta = sp.Symbol("eta", positive=True)
_p = sp.Symbol("p", real=True)
_z = sp.Symbol("z", positive=True)

SCORE = sp.sqrt(2 * (1 + eta) * sp.log(n))
"""A level that few of n standard normals exceed."""

_tail = NormalTail(SCORE)
_phi = (1 - _tail) ** (n - 1)
_two = (le(2, n),)
_statement = Claim(le(1 - sp.exp(-eta * sp.log(n)), _phi), _two)

THEOREM = Theorem(
    id="gaussian-maximum-above",
    title="The upper tail of the largest of n normals",
    prose=(
        "For n >= 2 and eta > 0, n - 1 independent standard normals are all below sqrt(2 (1 + eta) log n) with a "
        "probability of at least 1 - n^(-eta)."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(eta, "any positive number")),
    assumptions=(),
    references=("Boucheron, Lugosi and Massart, Concentration Inequalities (2013)",),
    steps=(
        Step(
            "bernoulli",
            Claim(le(1 - (1 - _p) ** m, m * _p), (le(0, _p), le(_p, 1))),
            "derivatives",
            args={"variable": _p, "left": 0, "order": 2},
            because="1 - (1 - p)^m is concave with slope m at 0",
        ),
        Step("tail at most 1", Claim(le(_tail, 1), _two), "sign"),
        Step(
            "one above",
            Claim(le(1 - _phi, (n - 1) * _tail), _two),
            "specialise",
            ("bernoulli", "tail at most 1"),
            {"put": {m: n - 1, _p: _tail}},
        ),
        Step(
            "tail in z",
            Claim(le(NormalTail(sp.sqrt(_z)), sp.exp(-_z / 2))),
            "specialise",
            ("cite:normal-upper-tail",),
            {"put": {t: sp.sqrt(_z)}},
        ),
        Step(
            "tail",
            Claim(le(_tail, sp.exp(-(1 + eta) * sp.log(n))), _two),
            "specialise",
            ("tail in z",),
            {"put": {_z: 2 * (1 + eta) * sp.log(n)}},
        ),
        Step("below", _statement, "combination", ("one above", "tail"), {"weights": (1, n)}),
    ),
)
