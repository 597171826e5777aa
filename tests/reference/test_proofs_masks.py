"""Uniform picks under a mask: the model, Eulerian numbers, and the formulas against sums and permutations."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import proofs
from proofs.cases.reading import read
from proofs.cases.windows import Windows, picks_in_windows
from proofs.language import Claim, E, eq, le
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS, Eulerian, WindowOccupied, k, n, w
from proofs.theorems import library

NAMED = ("early", "chance", "later", "earlier", "count")


def outcomes(claim, model, **ranges):
    """What becomes of a claim in a model."""
    theorem = dataclasses.replace(library()["causal-occupancy"], statement=claim)
    return [case.outcome for case in read(theorem, model, ranges)]


def missed(keys, seen, key):
    """The chance that no query picks a key, from the chances of the queries one by one."""
    chances = [Fraction(1, min(row + 1, seen)) for row in range(keys)]
    return math.prod((1 - chances[row] for row in range(key, min(key + seen, keys))), start=Fraction(1))


def mean(keys, seen):
    return keys - sum(missed(keys, seen, key) for key in range(keys))


def stated(name, part, **values):
    """The right side of a part of a theorem at numbers."""
    symbols = {"n": n, "w": w, "k": k}
    right = library()[name].statement.parts[part - 1].conclusion.rhs
    return right.subs({symbols[letter]: value for letter, value in values.items()})


@pytest.mark.parametrize("grant", NAMED)
@pytest.mark.parametrize(("keys", "seen"), [(1, 1), (3, 1), (3, 2), (5, 3), (4, 4), (3, 5)])
def test_the_model_is_what_is_assumed(grant, keys, seen):
    claim = ASSUMPTIONS["uniform-window-picks"].grants[grant]
    found = outcomes(claim, Windows(keys, seen), i=range(keys), j=range(keys))
    assert set(found) <= {"holds"}
    assert found or (grant, seen >= keys) == ("earlier", True) or (grant, seen > keys) == ("chance", True) or keys == 1


def test_the_model_is_no_other():
    for grant in ("early", "chance"):
        claim = ASSUMPTIONS["uniform-window-picks"].grants[grant]
        wrong = Claim(eq(claim.conclusion.lhs, claim.conclusion.rhs / 2), claim.where)
        assert outcomes(wrong, Windows(5, 3), i=range(5), j=range(5)) == ["fails"]


def test_picks_in_windows_are_independent():
    for keys, seen in ((4, 2), (4, 4), (5, 3)):
        law = picks_in_windows(keys, seen)
        assert law.is_independent()
        assert law.total == math.prod(min(row + 1, seen) for row in range(keys))


def test_eulerian_numbers_count_permutations_by_descents():
    for things in range(1, 8):
        counts = [0] * (things + 2)
        for order in itertools.permutations(range(things)):
            counts[sum(one > other for one, other in itertools.pairwise(order)) + 1] += 1
        assert [Eulerian(things, runs) for runs in range(things + 2)] == counts
        assert sum(counts) == math.factorial(things)


def test_the_cited_recurrence_of_eulerian_numbers():
    claim = LITERATURE["eulerian-recurrence"].claim
    for things, runs in itertools.product(range(1, 9), range(11)):
        if runs <= things + 1:
            put = {n: sp.Integer(things), k: sp.Integer(runs)}
            assert claim.conclusion.lhs.xreplace(put) == claim.conclusion.rhs.xreplace(put)


def test_the_cited_law_against_all_sequences():
    for keys in range(1, 8):
        counts = [0] * (keys + 2)
        for picks in itertools.product(*(range(row + 1) for row in range(keys))):
            counts[len(set(picks))] += 1
        assert counts == [Eulerian(keys, runs) for runs in range(keys + 2)]


def test_the_numbers_of_the_causal_mask():
    assert stated("causal-rank", 1, n=512) == sp.Rational("256.5")
    assert stated("causal-rank", 2, n=512) == sp.Rational("42.75")
    for keys in (1, 2, 3, 17, 100):
        assert mean(keys, keys) == Fraction(keys + 1, 2)
    for keys in range(2, 30):
        law = [stated("causal-rank", 3, n=keys, k=runs) for runs in range(keys + 1)]
        first, second = (sum(runs**power * chance for runs, chance in enumerate(law)) for power in (1, 2))
        assert (sum(law), first, second - first**2) == (1, sp.Rational(keys + 1, 2), sp.Rational(keys + 1, 12))


def test_the_numbers_of_a_window():
    assert abs(stated("window-rank", 1, n=512, w=64) - sp.Rational("315.193")) < sp.Rational(1, 2000)
    for seen in range(1, 9):
        for keys in range(max(1, 2 * seen - 2), 2 * seen + 12):
            formula = stated("window-rank", 1, n=keys, w=seen)
            assert Fraction(int(formula.p), int(formula.q)) == mean(keys, seen)


@pytest.mark.parametrize("seen", [3, 4, 5, 8])
def test_fewer_keys_than_two_windows_have_another_mean(seen):
    """What the theorem assumes of n is needed: with one key less its formula is wrong."""
    keys = 2 * seen - 3
    formula = stated("window-rank", 1, n=keys, w=seen)
    assert Fraction(int(formula.p), int(formula.q)) != mean(keys, seen)


def test_one_query_has_no_variance_of_a_sixth():
    """The variance is (n + 1) / 12 from n = 2 on only."""
    variance = library()["causal-variance"].statement.parts[0].conclusion
    assert outcomes(Claim(variance), Windows(1, 1)) == ["fails"]


def test_the_mean_under_a_mask_is_not_the_barrier():
    wrong = Claim(eq(E(WindowOccupied(n, n)), n * (1 - (1 - 1 / n) ** n)))
    assert outcomes(wrong, Windows(3, 3)) == ["fails"]
    less = Claim(le(E(WindowOccupied(n, n)), n / 2))
    assert outcomes(less, Windows(3, 3)) == ["fails"]


def mean_on_a_line(keys):
    """E[rank] with a causal mask at head_dim 1: a query picks the largest or the smallest key seen, by a fair coin."""
    total = Fraction(0)
    for order in itertools.permutations(range(keys)):
        missed_by_all = [Fraction(1)] * keys
        for row in range(keys):
            seen = order[: row + 1]
            for end in (max(seen), min(seen)):
                missed_by_all[seen.index(end)] *= Fraction(1, 2) if row else 0
        total += keys - sum(missed_by_all)
    return total / math.factorial(keys)


def test_the_open_question_of_the_causal_mask_on_a_line():
    found = [mean_on_a_line(keys) for keys in range(1, 8)]
    assert found == [1, Fraction(3, 2), 2, *map(Fraction, ("39/16", "45/16", "301/96", "41/12"))]
    assert all(value <= Fraction(keys + 1, 2) for keys, value in enumerate(found, 1))
    (line,) = (text for text in proofs.open_question("causal-rank-at-most-half").evidence if "head_dim 1" in text)
    assert all(str(value) in line for value in found[3:])


@pytest.mark.parametrize("head_dim", [1, 2, 5])
def test_four_keys_under_a_causal_mask(head_dim):
    """What docs/open_questions.md argues: E[rank] is 41/16 - a/4, a the chance that two queries agree. At 5 errors."""
    rng = np.random.default_rng(head_dim)
    keys, queries = rng.standard_normal((2, 60_000, 4, head_dim))
    scores = queries @ keys.transpose(0, 2, 1)
    agree = scores[:, 2].argmax(axis=1) == scores[:, 3].argmax(axis=1)
    picks = np.where(np.tri(4, dtype=bool), scores, -np.inf).argmax(axis=2)
    ranks = (picks[:, :, None] == np.arange(4)).any(axis=1).sum(axis=1)
    difference = ranks - (41 / 16 - agree / 4)
    assert abs(difference.mean()) < 5 * difference.std() / np.sqrt(len(ranks))
    if head_dim == 1:
        assert mean_on_a_line(4) == Fraction(41, 16) - Fraction(1, 2) / 4


@pytest.mark.parametrize("name", ["causal-rank", "window-rank"])
def test_what_the_limits_rest_on(checked_theorems, name):
    cited = {item.name for item in checked_theorems[name].ledger if item.kind == "citation"}
    assert cited >= {"multivariate-clt", "continuous-mapping", "rank-of-gram"}
    assert ("distinct-picks" in cited) == (name == "causal-rank")
