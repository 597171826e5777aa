"""The certificate for softmax rows: the theorem and its two citations against matrices, at edges and drawn."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import proofs
from proofs.cases.picks import matrix_of, rank_of_picks
from proofs.cases.reading import read
from proofs.cases.softmax import Softmax, singular_values
from proofs.language import Claim, eq, le
from proofs.model import SoftEntry

SEEDS = range(5)


def drawn(seed, temperature):
    """Softmax and hardmax of Gaussian scores."""
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((rng.integers(1, 9), 4)) @ rng.standard_normal((4, rng.integers(2, 9)))
    soft = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return soft / soft.sum(axis=1, keepdims=True), tuple(int(column) for column in scores.argmax(axis=1))


def spectrum(matrix, number):
    """The singular values in descending order, with zeros up to a number of them."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return np.concatenate([values, np.zeros(max(0, number - len(values)))])


@pytest.mark.parametrize("temperature", [0.02, 0.3, 2.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_theorem_on_softmax(seed, temperature):
    soft, picks = drawn(seed, temperature)
    hard = np.array(matrix_of(picks, soft.shape[1]), dtype=float)
    lacks = 1 - soft[np.arange(len(picks)), list(picks)]
    squares = ((soft - hard) ** 2).sum(axis=1)
    assert (squares <= 2 * lacks**2 + 1e-12).all()
    certificate = np.sqrt(2 * (lacks**2).sum())
    values, rank = spectrum(soft, 9), rank_of_picks(picks)
    assert (values[rank:] <= certificate + 1e-12).all()
    assert (values[:rank] >= 1 - certificate - 1e-12).all()
    if certificate < 0.5:
        for threshold in (certificate + 1e-9, 0.5, 1 - certificate - 1e-9):
            assert (values > threshold).sum() == rank


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_cited(seed):
    soft, picks = drawn(seed, 0.5)
    hard = np.array(matrix_of(picks, soft.shape[1]), dtype=float)
    distance = np.sqrt(((soft - hard) ** 2).sum())
    assert (abs(spectrum(soft, 9) - spectrum(hard, 9)) <= distance + 1e-12).all()  # singular-values-move
    counts = sorted((picks.count(column) for column in set(picks)), reverse=True)
    values = spectrum(hard, 9)
    assert np.allclose(values[: len(counts)] ** 2, counts)  # singular-values-of-columns
    assert np.allclose(values[len(counts) :], 0, atol=1e-7)


def outcomes(claim, model):
    """What becomes of a claim about two matrices."""
    theorem = dataclasses.replace(proofs.theorem("temperature-certificate"), statement=claim)
    return [case.outcome for case in read(theorem, model, {"i": range(len(model.picks)), "q": range(1, 4)})]


def test_the_bound_on_a_row_is_attained_by_two_keys():
    """With two keys all that a row lacks is in one other entry, so no smaller multiple will do."""
    row = proofs.theorem("temperature-certificate").statement.parts[0].conclusion
    model = Softmax((0,), ((Fraction(4, 5), Fraction(1, 5)),))
    assert outcomes(Claim(eq(row.lhs, row.rhs)), model) == ["holds"]
    assert outcomes(Claim(le(row.lhs, row.rhs * sp.Rational(99, 100))), model) == ["fails"]


@pytest.mark.parametrize("part", [0, 1])
def test_rows_must_sum_to_one(part):
    claim = proofs.theorem("temperature-certificate").statement.parts[part]
    assert outcomes(claim, Softmax((0,), ((Fraction(4, 5), Fraction(3, 5)),))) == ["fails"]


@pytest.mark.parametrize("part", [2, 3])
def test_the_singular_values_need_the_whole_certificate(part):
    """A tenth of it does not do: three rows that lack 1/4 each."""
    relation = proofs.theorem("temperature-certificate").statement.parts[part].conclusion
    lack = Fraction(1, 4)
    model = Softmax((0, 1, 1), ((1 - lack, 0, lack), (0, 1 - lack, lack), (lack, 1 - lack, 0)))
    (root,) = (one for one in relation.atoms(sp.Pow) if one.exp == sp.Rational(1, 2) and one.has(SoftEntry))
    less = relation.xreplace({root: root / 10})
    assert outcomes(Claim(le(*relation.args)), model) == ["holds"]
    assert outcomes(Claim(le(*less.args)), model) == ["fails"]


@pytest.mark.parametrize("seed", SEEDS)
def test_singular_values_in_balls(seed):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 4, (3, 4))
    rows[2] = rows[1]
    found = singular_values([[Fraction(int(entry), 7) for entry in row] for row in rows])
    assert np.allclose([float(value.mid()) for value in found], spectrum(rows / 7, 4), atol=1e-7)


def test_what_it_rests_on(checked_theorems):
    derivation = checked_theorems["temperature-certificate"]
    assert derivation.status == "checked"
    cited = {item.name for item in derivation.ledger if item.kind == "citation"}
    assert cited == {"singular-values-move", "singular-values-of-columns", "rank-of-gram"}
