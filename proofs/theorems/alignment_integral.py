"""The chance of a key of given length, as an integral over its cosine with the query and over the largest score."""

from typing import Any

import sympy as sp

from proofs.calculus import normal_density
from proofs.language import All, Below, Claim, Density, E, Integral, NormalTail, eq, le, lt
from proofs.literature import alignment_density
from proofs.model import IDEAL, Cosine, NormalMax, Radius, Score, d, j, n, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.norm_conditioned_barrier import G

u = sp.Symbol("u", real=True)
v = sp.Symbol("v", real=True)
r = sp.Symbol("r", real=True)


def _all_below(level: Any) -> Any:
    """Return ``Phi(level)^(n-1)``, the chance that ``n - 1`` independent standard normals are all below a level."""
    return (1 - NormalTail(level)) ** (n - 1)


CHANCE = E(_all_below(r * Cosine(d)))
"""``g(r)``: the chance that a query picks key 0 if that has length ``r``."""
_along = Radius(d) * Cosine(d)
_of_maximum = n * normal_density(x) * _all_below(x)
_ratio = (
    sp.sqrt(2) * sp.gamma(d / 2) / (sp.gamma((d - 1) / 2) * r) * (1 - x**2 / r**2) ** ((d - 3) / 2) * sp.exp(x**2 / 2)
)
_given_cosine = _all_below(r * u) * alignment_density(u, d)
_over_scores = Integral(normal_density(x) * _all_below(x), x)
_over_chances = Integral(v ** (n - 1), v, 0, 1)
_over_cosines = Integral(_given_cosine, u, -1, 1)
_over_maxima = Integral(_of_maximum * _ratio, x, -r, r)
_scaled = Integral(n * _given_cosine, u, -1, 1)

_wide, _proper = (le(3, d),), (le(3, d), lt(0, r))
_score, _keys = Below(Score(j, n, d), t), (j, 0, n - 1)
_below_maximum = E(Below(NormalMax(n), t))

_by_score = Claim(eq(E(G), _over_scores))
_mean = Claim(eq(E(G), 1 / n))
_maximum = Claim(Density(NormalMax(n), _of_maximum, x))
_by_cosine = Claim(eq(CHANCE, _over_cosines), _wide)
_by_maximum = Claim(eq(n * CHANCE, _over_maxima), _proper)
_statement = All((_by_score, _mean, _maximum, _by_cosine, _by_maximum))

THEOREM = Theorem(
    id="alignment-integral",
    title="The chance of a key as an integral",
    prose=(
        "With R the length of a key, u its cosine with an independent query, and phi and Phi the standard normal "
        "density and distribution function: E[Phi(R u)^(n-1)] is the integral of phi Phi^(n-1) over the line, which is "
        "1/n; the largest of n independent standard normals has the density n phi Phi^(n-1). Let g(r) = "
        "E[Phi(r u)^(n-1)] and head_dim = d >= 3. Then g(r) is the integral from -1 to 1 of Phi(r u)^(n-1) f_d(u), "
        "where f_d(u) = Gamma(d/2) / (sqrt(pi) Gamma((d-1)/2)) (1 - u^2)^((d-3)/2); and for r > 0, n g(r) is the "
        "integral from -r to r of n phi(x) Phi(x)^(n-1) L_r(x), where L_r(x) = sqrt(2) Gamma(d/2) / (Gamma((d-1)/2) r) "
        "(1 - x^2/r^2)^((d-3)/2) e^(x^2/2)."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(d, "head dimension"), Variable(r, "length of a key")),
    assumptions=IDEAL,
    depends_on=("ideal-setting",),
    steps=(
        Step(
            "law of a score",
            Claim(eq(E(Below(Score(0, n, d), t)), 1 - NormalTail(t))),
            "specialise",
            ("cite:scores-along-direction#2",),
            {"put": {j: 0}},
        ),
        Step(
            "law of R u",
            Claim(eq(E(Below(_along, t)), 1 - NormalTail(t))),
            "rewrite",
            ("law of a score", "assumption:gaussian-queries-and-keys.score"),
            {"base": True},
        ),
        Step("density of R u", Claim(Density(_along, normal_density(x), x)), "density-from-law", ("law of R u",)),
        Step(
            "mean over scores",
            Claim(eq(E(_all_below(_along)), _over_scores)),
            "mean-as-integral",
            ("density of R u",),
        ),
        Step("by score", _by_score, "rewrite", ("mean over scores",)),
        Step("v = Phi(x)", Claim(eq(_over_scores, _over_chances)), "substitution", args={"put": 1 - NormalTail(x)}),
        Step("power", Claim(eq(_over_chances, 1 / n)), "fundamental-theorem", args={"antiderivative": v**n / n}),
        Step("mean is 1/n", _mean, "combination", ("by score", "v = Phi(x)", "power")),
        Step(
            "scores independent",
            Claim(eq(E(sp.Product(_score, _keys)), sp.Product(E(_score), _keys))),
            "independence",
            ("cite:scores-along-direction#1",),
        ),
        Step(
            "law of the maximum",
            Claim(eq(_below_maximum, (1 - NormalTail(t)) ** n)),
            "rewrite",
            (
                "assumption:gaussian-queries-and-keys.maximum",
                "scores independent",
                "cite:scores-along-direction#2",
            ),
        ),
        Step("density of the maximum", _maximum, "density-from-law", ("law of the maximum",)),
        Step("by cosine", _by_cosine, "mean-as-integral", ("cite:cosine-density",)),
        Step("x = r u", Claim(eq(_over_maxima, _scaled), _proper), "substitution", args={"put": x / r}),
        Step("n in front", Claim(eq(_scaled, n * _over_cosines), _wide), "integral-linearity"),
        Step(
            "by maximum", _by_maximum, "combination", ("by cosine", "n in front", "x = r u"), {"weights": (n, -1, -1)}
        ),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("by score", "mean is 1/n", "density of the maximum", "by cosine", "by maximum"),
        ),
    ),
)
