"""The statements at small sizes, and that a statement which is a little wrong fails there."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import random
from fractions import Fraction
from pathlib import Path

import flint
import mpmath
import numpy as np
import pytest
import sympy as sp

import proofs
from proofs.cases.corner import chance_moment
from proofs.cases.evaluation import evaluate
from proofs.cases.exponent import balanced_level, exponent
from proofs.cases.line import line, two_keys
from proofs.cases.picks import independent_picks, matrix_of, rank_of, rank_of_picks, uniform
from proofs.cases.quadrature import mean_over_angle, mean_over_length, normal_tail
from proofs.cases.reading import read
from proofs.cases.registry import COVERED, UNREAD, cases_of
from proofs.cases.triangle import Triangle, corner_moment
from proofs.language import All, Claim, E, Exists, eq, le
from proofs.model import Rank, d, m, n
from proofs.theorems import library

LISTED = [name for name in COVERED if name in proofs.theorem_ids()]
MAIN = (
    "rank-is-occupancy",
    "barrier",
    "barrier-constants",
    "rank-deviation",
    "wide-head-limit",
    "norm-conditioned-barrier",
    "second-moment-bound",
    "log-n-exponent",
)
"""Theorems T1 to T8 of the paper."""


def parts(theorem):
    statement = theorem.statement
    return statement.parts if isinstance(statement, All) else (statement,)


EXACT = ("rank-is-occupancy", "barrier", "occupancy-moments", "wide-head-limit")
"""Theorems that speak of rational numbers alone."""


@pytest.mark.parametrize("name", LISTED)
def test_every_case_holds_and_every_part_is_read(name):
    cases = proofs.small_cases(name)
    assert [case for case in cases if not case.holds] == []
    every = set(range(1, len(parts(library()[name])) + 1))
    assert every - {case.part for case in cases} == {part for owner, part in UNREAD if owner == name}
    assert all(case.theorem == name and case.instances >= 1 for case in cases)
    assert {case.rung for case in cases} <= ({"exact"} if name in EXACT else {"exact", "enclosed"})
    assert len(cases) >= (10 if name in MAIN else 1)


def test_a_case_shows_the_statement_of_the_record():
    cases = proofs.small_cases("barrier")
    case = next(case for case in cases if case.part == 3 and case.setting.startswith("n = 3, m = 2, independent u"))
    assert case.states == "E(Rank(3, 2, d)) <= 5/3"
    assert case.finds == "5/3 against 5/3"


COARSE = {
    ("barrier-constants", 3): "1/4",
    ("aligned-lower-bound", 1): "1",
    ("second-moment-bound", 3): "1/4",
    ("attainable-rank", 2): "1/4",
    ("attainable-rank", 6): "1",
    ("attainable-rank", 7): "4",
    ("chi-square-tails", 1): "1",
    ("chi-square-tails", 2): "1",
    ("chi-square-window", 1): "1",
    ("chi-square-window", 2): "1",
    ("chi-square-window", 3): "1",
    ("cosine-tail", 1): "1/4",
    ("cosine-tail", 2): "1",
    ("log-n-exponent", 3): "1",
    ("best-approximation", 1): "1",
    ("paper-log-n-sufficient", 2): "1",
    ("antipodal-tokens-exceed", 3): "1",
    ("normal-against-chi-square", 4): "1/4",
    ("normal-against-chi-square", 5): "1",
    ("tied-weights-exceed", 5): "1/4",
    ("tied-weights-exceed", 6): "1",
    ("tied-weights-exceed", 7): "1",
    ("paper-representation-narrow", 2): "1/4",
}
"""How much has to be taken from the right side where the two sides are never close; elsewhere 1/100."""


def changed(part, amount):
    """The part with ``amount`` taken from its right side, or added to its left side if a limit is on the right."""
    relation = part.conclusion
    if isinstance(relation, Exists):
        variable, inside = relation.args
        return Claim(Exists(variable, inside.func(inside.lhs, inside.rhs - amount, evaluate=False)), part.where)
    if hasattr(relation.rhs, "bound"):
        return Claim(relation.func(relation.lhs + amount, relation.rhs, evaluate=False), part.where)
    return Claim(relation.func(relation.lhs, relation.rhs - amount, evaluate=False), part.where)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (name, part)
        for name in LISTED
        for part in range(1, len(parts(library()[name])) + 1)
        if (name, part) not in UNREAD and name != "paper-barrier-literal"
    ],
)
def test_a_statement_that_is_a_little_wrong_fails(name, part):
    theorem = library()[name]
    wrong = changed(parts(theorem)[part - 1], sp.Rational(COARSE.get((name, part), "1/100")))
    found = cases_of(dataclasses.replace(theorem, statement=wrong), lambda case: case.outcome == "fails")
    assert found[-1].outcome == "fails", [case.finds for case in found[:3]]


def test_existence_is_shown_by_a_witness_only():
    theorem = library()["paper-barrier-literal"]
    wrong = changed(theorem.statement, sp.Integer(1))
    assert len(cases_of(dataclasses.replace(theorem, statement=wrong))) == 0  # no size refutes that some d exists
    assert len(cases_of(theorem)) >= 5


def test_a_wrong_shape_fails():
    """Not only a wrong constant: a wrong power, a wrong argument, a reversed order."""
    barrier = library()["barrier"]
    for wrong in (n * (1 - (1 - 1 / n) ** (m - 1)), m * (1 - (1 - 1 / m) ** n), (n + m) / 2 * sp.Rational(5, 8)):
        statement = Claim(le(E(Rank(n, m, d)), wrong))
        assert any(case.outcome == "fails" for case in cases_of(dataclasses.replace(barrier, statement=statement)))
    reverse = Claim(eq(E(Rank(n, m, d)), n * (1 - (1 - 1 / n) ** m)))
    assert any(case.outcome == "fails" for case in cases_of(dataclasses.replace(barrier, statement=reverse)))


def test_overlapping_balls_show_nothing():
    """At theta = 1 both sides are equal, which balls cannot tell from either order."""
    theorem = library()["occupancy-dominance"]
    law = line(2, 2)
    outcomes = {case.outcome for case in read(theorem, law, {"theta": (1,), "x": (1,)}) if case.part == 3}
    assert outcomes == {"undecided"}


@pytest.mark.parametrize("seed", range(3))
def test_the_rank_by_elimination(seed):
    rng = random.Random(seed)
    for _ in range(40):
        rows, columns = rng.randint(1, 5), rng.randint(1, 5)
        entries = [[rng.choice((-2, -1, 0, 0, 1, 3)) for _ in range(columns)] for _ in range(rows)]
        entries[-1] = list(entries[0]) if rng.random() < 0.5 else entries[-1]
        assert rank_of(entries) == sp.Matrix(entries).rank(), f"seed {seed}"


def test_renaming_keys_leaves_the_rank():
    for pattern in itertools.product(range(4), repeat=3):
        assert rank_of_picks(pattern) == rank_of(matrix_of(pattern, 4)) == len(set(pattern))


def test_laws_of_picks():
    law = independent_picks((Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)), 2)
    assert law.ranks == {1: Fraction(7, 18), 2: Fraction(11, 18)}  # 1/4 + 1/9 + 1/36
    assert law.chance(1, 2) == Fraction(1, 6)
    assert law.is_identical()
    assert law.is_independent()
    assert independent_picks(uniform(3), 3).ranks == {1: Fraction(1, 9), 2: Fraction(2, 3), 3: Fraction(2, 9)}


@pytest.mark.parametrize("queries", [1, 2, 3, 6])
def test_a_line_and_two_keys(queries):
    expected = 2 - Fraction(2) ** (1 - queries)
    for model in (line(2, queries), line(5, queries), two_keys(queries, 7)):
        sizes = {**model.sizes}
        assert evaluate(E(Rank(n, m, d)), sizes, model.head) == expected


def test_the_triangle_in_the_plane():
    """Three keys and three queries at head_dim 2, and two queries in closed form by the dilogarithm."""
    ranks = Triangle(3, 2).ranks()
    mean = sum(rank * chance for rank, chance in ranks.items())
    assert abs(mean - flint.arb("2.000917448724389258")) < 1e-12
    assert mean.rad() < 1e-11
    two = 2 - (3 * corner_moment(1, 2, 2))
    with mpmath.workdps(30):
        closed = mpmath.mpf(77) / 48 + 3 * mpmath.polylog(2, mpmath.mpf(1) / 4) / (8 * mpmath.pi**2)
    assert two.overlaps(flint.arb(str(closed)))
    assert two.rad() < 1e-11


@pytest.mark.parametrize("head_dim", [2, 3])
def test_the_triangle_by_fishers_law(head_dim):
    """The cosine of the angle at a corner has Fisher's law (1915) of the sample correlation at correlation 1/2."""
    points, weights = np.polynomial.legendre.leggauss(60)
    angle, weights = (points + 1) / 2 * np.pi, weights * np.pi / 2
    t = np.arange(400) * 0.05  # the trapezoidal rule: the integrand is even, analytic and falls like exp(-d t)
    kernel = (np.cosh(t) - np.cos(angle)[:, None] / 2) ** -head_dim
    kernel[:, 0] /= 2
    law = weights * (head_dim - 1) / np.pi * 0.75 ** (head_dim / 2) * np.sin(angle) ** (head_dim - 2)
    law *= kernel.sum(axis=1) * 0.05
    assert abs(law.sum() - 1) < 1e-13
    chance = (np.pi - angle) / (2 * np.pi)
    for factor, power in ((1, 1), (1, 3), (-1, 2)):
        expected = law @ (chance if factor == 1 else 1 - chance) ** power
        assert abs(corner_moment(factor, power, head_dim) - flint.arb(expected)) < 1e-12


def test_the_chance_of_a_key_of_known_length():
    """The series against the integral over the cosine, and its mean over the length against the whole triangle."""
    for length in (0.25, 1, 4):
        direct = mean_over_angle(lambda angle, r=length: (1 - normal_tail(r * angle.cos())) ** 2, 2)
        assert abs(chance_moment(1, flint.acb(length)) - direct) < 1e-12
    assert abs(chance_moment(2, flint.acb(0)) - flint.arb(1) / 12) < 1e-15  # uniform on (0, 1/2)
    unit = flint.arb(0.5, 0.5)
    for power in (1, 2):
        mean = mean_over_length(lambda length, power=power: chance_moment(power, length), unit, 2).real
        assert abs(mean - corner_moment(1, power, 2)) < 1e-11


def test_a_wide_ball_holds_the_values_inside():
    with flint.ctx.workprec(64):
        wide = flint.acb(flint.arb(2, 0.05), flint.arb(0, 0.05))
        for power in (1, 2):
            ball = chance_moment(power, wide)
            for point in (flint.acb(2), flint.acb(2.05, 0.05), flint.acb(1.95, -0.05), flint.acb(1.97, 0.02)):
                assert ball.overlaps(chance_moment(power, point))
            assert abs(ball.real.rad()) < 0.1


@pytest.mark.parametrize(("c", "digits"), [(Fraction(1, 2), "0.5825"), (1, "0.7628"), (2, "0.8767"), (5, "0.9501")])
def test_the_exponent_by_bisection(c, digits):
    value = exponent(Fraction(c))
    assert abs(value - flint.arb(digits)) < 5.1e-5
    assert value.rad() < 1e-12
    level = balanced_level(Fraction(2) / c)
    assert abs(level - flint.arb(str(2 / c)) / (1 - (-flint.arb(str(2 / c))).exp())) < 1e-12


def test_nothing_is_shared_with_the_rules():
    """What the cases import of ``proofs`` holds statements and their words, not the means by which they are proved."""
    allowed = {"proofs.language", "proofs.model", "proofs.records", "proofs.catalogue", "proofs.theorems"}
    for package in ("cases", "dropped"):
        for path in sorted((Path(proofs.__file__).parent / package).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [one.name for one in node.names]
                    if isinstance(node, ast.Import)
                    else []
                )
                for name in names:
                    if name.split(".")[0] in {"proofs", "rankbound", "montecarlo"}:
                        own = name.startswith(("proofs.cases", "proofs.dropped"))
                        assert own or name in allowed, f"{path.name} imports {name}"


def test_misuse():
    with pytest.raises(ValueError, match="did you mean 'barrier'"):
        proofs.small_cases("barier")
    with pytest.raises(ValueError, match="the id of a theorem"):
        proofs.small_cases(dataclasses.replace(library()["barrier"], id="my-own"))
    case = proofs.small_cases("chernoff-rate")[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.outcome = "holds"


def test_a_theorem_about_limits_has_no_case():
    assert proofs.small_cases("paper-log-n-necessary") == ()
