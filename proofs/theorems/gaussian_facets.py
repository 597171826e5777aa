"""The mean number of facets of the convex hull of the keys."""

from typing import Any

import sympy as sp

from proofs.calculus import normal_density
from proofs.language import PLANE, All, Below, Claim, Density, E, Integral, NormalTail, eq, le
from proofs.literature import outer_angle
from proofs.model import IDEAL, Facets, Height, PlaneDistance, d, is_facet, j, n, t, x
from proofs.records import Step, Theorem, Variable

_half = sp.Rational(1, 2)
_others, _enough, _full = (j, d, n - 1), (le(d, n),), (le(d + 1, n),)
_level = PlaneDistance(d) / sp.sqrt(d)
_above = Below(Height(j, n, d), _level)
_below = Below(-Height(j, n, d), -_level)
_phi = normal_density(x)


def _side(event: Any) -> Any:
    return sp.Product(event, _others)


def _means(event: Any) -> Any:
    return sp.Product(E(event, PLANE), _others)


def _power(level: Any) -> Any:
    return (1 - NormalTail(level)) ** (n - d)


def _other_power(level: Any) -> Any:
    return NormalTail(level) ** (n - d)


_angle, _one_angle = outer_angle(d, n), outer_angle(d, d + 1)
_other_angle = Integral(_phi * _other_power(x / sp.sqrt(d)), x)
_one_other = Integral(_phi * NormalTail(x / sp.sqrt(d)), x)
_facets = Claim(eq(E(Facets(n, d)), 2 * sp.binomial(n, d) * _angle), _full)
_simplex = Claim(eq(E(Facets(d + 1, d)), d + 1))
_statement = All((_facets, _simplex))

THEOREM = Theorem(
    id="gaussian-facets",
    title="The facets of the keys' convex hull",
    prose=(
        "For n > d = head_dim the convex hull of the keys has on average 2 C(n, d) I facets, where I is the integral "
        "of phi(x) Phi(x / sqrt(d))^(n-d) over the line, phi and Phi the standard normal density and distribution "
        "function. For n = d + 1 that is d + 1, the number of facets of a simplex."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(d, "head dimension")),
    assumptions=IDEAL,
    depends_on=("ideal-setting",),
    references=("Renyi and Sulanke, Zeitschrift fuer Wahrscheinlichkeitstheorie 2 (1963) 75-84 (the plane)",),
    steps=(
        # The facets.
        Step(
            "independent heights",
            Claim(eq(E(_side(_above), PLANE), _means(_above)), _enough),
            "independence",
            ("cite:heights-over-a-plane#2",),
        ),
        Step(
            "equal factors below",
            Claim(eq(sp.Product(1 - NormalTail(_level), _others), _power(_level)), _enough),
            "equal-factors",
        ),
        Step(
            "all below",
            Claim(eq(E(_side(_above), PLANE), _power(_level)), _enough),
            "rewrite",
            ("independent heights", "cite:heights-over-a-plane#3", "equal factors below"),
        ),
        Step(
            "independent opposite heights",
            Claim(eq(E(_side(_below), PLANE), _means(_below)), _enough),
            "independence",
            ("cite:heights-over-a-plane#2",),
        ),
        Step(
            "equal factors above",
            Claim(eq(sp.Product(NormalTail(_level), _others), _other_power(_level)), _enough),
            "equal-factors",
        ),
        Step(
            "all above",
            Claim(eq(E(_side(_below), PLANE), _other_power(_level)), _enough),
            "rewrite",
            ("independent opposite heights", "cite:heights-over-a-plane#4", "equal factors above"),
        ),
        Step("mean below", Claim(eq(E(_side(_above)), E(_power(_level))), _enough), "expectation", ("all below",)),
        Step(
            "mean above", Claim(eq(E(_side(_below)), E(_other_power(_level))), _enough), "expectation", ("all above",)
        ),
        Step(
            "density of the distance",
            Claim(Density(PlaneDistance(d), _phi, x)),
            "density-from-law",
            ("cite:heights-over-a-plane#1",),
        ),
        Step(
            "integral below",
            Claim(eq(E(_power(_level)), _angle), _enough),
            "mean-as-integral",
            ("density of the distance",),
        ),
        Step(
            "integral above",
            Claim(eq(E(_other_power(_level)), _other_angle), _enough),
            "mean-as-integral",
            ("density of the distance",),
        ),
        Step(
            "mirror image",
            Claim(eq(_angle, Integral(_phi * _power(-x / sp.sqrt(d)), x)), _enough),
            "reflection",
        ),
        Step(
            "other tail",
            Claim(eq(NormalTail(-x / sp.sqrt(d)), 1 - NormalTail(x / sp.sqrt(d)))),
            "specialise",
            ("cite:normal-symmetry",),
            {"put": {t: x / sp.sqrt(d)}},
        ),
        Step("sides alike", Claim(eq(_angle, _other_angle), _enough), "rewrite", ("mirror image", "other tail")),
        Step(
            "chance of a facet",
            Claim(eq(E(is_facet(n, d)), 2 * _angle), _enough),
            "combination",
            ("mean below", "mean above", "integral below", "integral above", "sides alike"),
            {"weights": (1, 1, 1, 1, -1)},
        ),
        Step(
            "facets",
            _facets,
            "combination",
            ("assumption:gaussian-queries-and-keys.facets", "chance of a facet"),
            {"weights": (1, sp.binomial(n, d))},
        ),
        # A simplex has as many facets as vertices.
        Step("both sides", Claim(eq(_one_angle + _one_other, Integral(_phi, x))), "integral-linearity"),
        Step(
            "total mass",
            Claim(eq(Integral(_phi, x), 1)),
            "fundamental-theorem",
            args={"antiderivative": -NormalTail(x)},
        ),
        Step("one point", Claim(eq(_one_angle, _one_other)), "specialise", ("sides alike",), {"put": {n: d + 1}}),
        Step(
            "half",
            Claim(eq(_one_angle, _half)),
            "combination",
            ("both sides", "total mass", "one point"),
            {"weights": (_half, _half, _half)},
        ),
        Step(
            "facets of a simplex",
            Claim(eq(E(Facets(d + 1, d)), 2 * (d + 1) * _one_angle)),
            "specialise",
            ("facets",),
            {"put": {n: d + 1}},
        ),
        Step(
            "simplex",
            _simplex,
            "combination",
            ("facets of a simplex", "half"),
            {"weights": (1, 2 * (d + 1))},
        ),
        Step("statement", _statement, "conjunction", ("facets", "simplex")),
    ),
)
