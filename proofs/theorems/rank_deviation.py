"""How far above the barrier the rank itself can be."""

import sympy as sp

from proofs.language import All, Claim, le, prob_at_least
from proofs.model import Occupied, Rank, barrier_of, d, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems.occupancy_moments import VARIANCE

_excess = sp.Symbol("t", nonnegative=True)
_variance = sp.Symbol("v", positive=True)
_rank, _occ = Rank(n, m, d), Occupied(n, m)
_level = barrier_of(n, m) + _excess
_enough = (le(VARIANCE, _variance),)
_hoeffding = sp.exp(-2 * _excess**2 / m)
_bernstein = sp.exp(-(_excess**2) / (2 * (_variance + _excess / 3)))
_by_occupancy = Claim(le(prob_at_least(_rank, _level), prob_at_least(_occ, _level)))
_by_differences = Claim(le(prob_at_least(_rank, _level), _hoeffding))
_by_variance = Claim(le(prob_at_least(_rank, _level), _bernstein), _enough)
_statement = All((_by_occupancy, _by_differences, _by_variance))

THEOREM = Theorem(
    id="rank-deviation",
    title="Upper deviations of the rank from the barrier",
    prose=(
        "For n keys and m queries whose picks are independent and identically distributed given the keys, with b = "
        "n (1 - (1 - 1/n)^m) and t >= 0, P(rank >= b + t) is at most P(Occ >= b + t), at most exp(-2 t^2 / m), and at "
        "most exp(-t^2 / (2 (v + t/3))) for every v > 0 that is at least the variance n (1-1/n)^m + n (n-1) (1-2/n)^m "
        "- n^2 (1-1/n)^(2m) of Occ, the number of cells among n that hold one of m independent uniform balls."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(d, "head dimension"),
        Variable(_excess, "excess over the barrier"),
        Variable(_variance, "any positive number that is at least the variance"),
    ),
    assumptions=("independent-queries", "identical-queries", "uniform-occupancy"),
    depends_on=("occupancy-dominance", "occupancy-moments"),
    references=(
        "McDiarmid, On the method of bounded differences (1989)",
        "Boucheron, Lugosi and Massart, Concentration Inequalities (2013), section 2.8",
        "Vatutin and Mikhailov, Theory of Probability and Its Applications 27 (1982) 734-743",
    ),
    steps=(
        Step("at the level", _by_occupancy, "specialise", ("theorem:occupancy-dominance#2",), {"put": {x: _level}}),
        Step(
            "occupancy by differences",
            Claim(le(prob_at_least(_occ, _level), _hoeffding)),
            "bounded-differences",
            (
                "assumption:uniform-occupancy.count",
                "assumption:uniform-occupancy.independent",
                "theorem:occupancy-moments#1",
            ),
            {"excess": _excess},
            "one ball changes the count by at most 1",
        ),
        Step("by differences", _by_differences, "combination", ("at the level", "occupancy by differences")),
        Step(
            "occupancy by variance",
            Claim(le(prob_at_least(_occ, _level), _bernstein), _enough),
            "bernstein",
            ("cite:occupancy-is-poisson-binomial", "theorem:occupancy-moments#1", "theorem:occupancy-moments#2"),
            {"excess": _excess, "variance": _variance},
            "the count is a sum of independent Bernoulli variables",
        ),
        Step("by variance", _by_variance, "combination", ("at the level", "occupancy by variance")),
        Step("statement", _statement, "conjunction", ("at the level", "by differences", "by variance")),
    ),
)
