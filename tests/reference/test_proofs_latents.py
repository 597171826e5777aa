"""Latent attention: what is taken by definition of its picks, looked at in samples, and what the barrier needs.

Samples have fixed seeds; means are compared at 5 standard errors, so that a test of a true claim fails for less than
one seed in a million.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

import proofs
from proofs import kernel
from proofs.theorems import library

ERRORS, SAMPLE = 5, 40_000
TOKENS, KEYS, QUERY_RANK, KEY_RANK, HEAD_DIM = 5, 3, 2, 2, 2


def key_side(rng):
    """Orthonormal tokens, W_UQ, and the keys X W_DKV W_UK."""
    tokens = np.linalg.qr(rng.standard_normal((TOKENS, TOKENS)))[0]
    up = rng.standard_normal((QUERY_RANK, HEAD_DIM)) ** 3
    keys = tokens[:KEYS] @ rng.standard_normal((TOKENS, KEY_RANK)) @ rng.standard_normal((KEY_RANK, HEAD_DIM))
    return tokens, up, keys


@pytest.mark.parametrize("seed", range(3))
def test_picks_are_those_of_latents_among_absorbed_keys(seed):
    """Given the key side, two queries pick independently and alike, as plain queries do of absorbed keys."""
    rng = np.random.default_rng(seed)
    tokens, up, keys = key_side(rng)
    down = rng.standard_normal((SAMPLE, TOKENS, QUERY_RANK))
    latents = tokens[:2] @ down
    picks = (latents @ up @ keys.T).argmax(axis=2)
    absorbed = (up @ keys.T).T
    assert (picks == (latents @ absorbed.T).argmax(axis=2)).all()
    plain = (rng.standard_normal((SAMPLE, QUERY_RANK)) @ absorbed.T).argmax(axis=1)
    for key in range(KEYS):
        first, second = picks[:, 0] == key, picks[:, 1] == key
        chance, error = np.mean(plain == key), ERRORS * np.sqrt(0.5 / SAMPLE)
        assert abs(first.mean() - chance) < error
        assert abs(second.mean() - chance) < error
        for other in range(KEYS):
            third = picks[:, 1] == other
            assert abs((first & third).mean() - first.mean() * third.mean()) < ERRORS * np.sqrt(0.25 / SAMPLE)


def test_given_the_keys_alone_the_picks_are_not_independent():
    """W_UQ is shared by the queries: with it unknown, one pick tells of the other. It belongs to what is given."""
    rng = np.random.default_rng(0)
    _, _, keys = key_side(rng)
    queries = rng.standard_normal((SAMPLE, 2, 1)) @ rng.standard_normal((SAMPLE, 1, HEAD_DIM))
    picks = (queries @ keys.T).argmax(axis=2)
    table = np.array(
        [[((picks[:, 0] == one) & (picks[:, 1] == two)).sum() for two in range(KEYS)] for one in range(KEYS)]
    )
    assert stats.chi2_contingency(table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]).pvalue < 1e-9


@pytest.mark.parametrize("assumption", ["orthonormal-tokens", "gaussian-latents", "independent-latents"])
def test_the_barrier_of_latents_needs_each_assumption(assumption):
    theorem = proofs.theorem("mla-barrier")
    rest = tuple(name for name in theorem.assumptions if name != assumption)
    found = kernel.check(dataclasses.replace(theorem, id="without", assumptions=rest), library())
    assert found.status == "rejected"


def test_queries_that_are_not_of_latents_have_no_such_barrier():
    """The barrier's own assumptions are granted through ``latent-setting`` and in no other way."""
    theorem = proofs.theorem("mla-barrier")
    found = kernel.check(dataclasses.replace(theorem, id="without", depends_on=("barrier",)), library())
    assert found.status == "rejected"
