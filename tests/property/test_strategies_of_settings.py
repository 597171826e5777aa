"""Strategies of the inputs of attention and of settings; and every strategy draws the same again, and prints it."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from drawn_examples import drawn, seen
from hypothesis import given
from hypothesis import strategies as st

import rankbound.testing as rt
from rankbound import MLA, Inputs, Setting
from rankbound.inputs import INPUT_LAWS
from rankbound.setting import WEIGHTS

# Inputs of attention


def gram_of(inputs, n):
    """Return X tokens^T where the law fixes it."""
    if inputs.law == "simplex":
        return np.eye(n) - 1 / n
    rows = {
        "orthonormal": np.eye(n),
        "duplicated": np.eye(n)[np.arange(n) % (inputs.distinct or 1)],
        "antipodal": np.eye(n)[np.arange(n) // 2] * np.where(np.arange(n) % 2, -1, 1)[:, None],
    }[inputs.law]
    return rows @ rows.T


@given(rt.attention_inputs())
def test_tokens_are_of_their_law(tokens):
    array, setting = tokens.array, tokens.setting(head_dim=2)
    inputs = setting.input_law
    assert array.shape == (tokens.n_tokens, tokens.embed_dim)
    assert array.dtype == np.float64
    assert np.isfinite(array).all()
    assert setting == Setting(
        n_queries=tokens.n_tokens, n_keys=tokens.n_tokens, head_dim=2, inputs=tokens.inputs, embed_dim=tokens.embed_dim
    )
    if inputs.law in ("orthonormal", "duplicated", "antipodal", "simplex"):
        assert abs(array @ array.T - gram_of(inputs, tokens.n_tokens)).max() < 1e-13
    if inputs.law == "array":
        assert np.array_equal(array, inputs.array.array)
        assert np.isin(array, np.arange(-2, 3)).all()
    if inputs.law == "low-rank":
        assert np.linalg.matrix_rank(array, tol=1e-9) <= inputs.rank
    if inputs.law == "zipf":
        assert len(np.unique(array, axis=0)) <= inputs.vocabulary
    if inputs.law == "clustered" and inputs.spread == 0:
        assert len(np.unique(array, axis=0)) == min(inputs.clusters, tokens.n_tokens)


@pytest.mark.parametrize(
    ("inputs", "neighbours", "variance"),
    [
        ("gaussian", 0.0, 1.0),
        (Inputs(law="ar1", correlation=0.9), 0.9, 1.0),
        (Inputs(law="clustered", clusters=1, spread=0.5), 1.0, 1.25),
        (Inputs(law="low-rank", rank=2), 0.0, 2.0),
        (Inputs(law="zipf", vocabulary=1), 1.0, 1.0),
        (Inputs(law="zipf", vocabulary=2, exponent=1.0), 5 / 9, 1.0),
    ],
    ids=str,
)
def test_random_tokens_have_the_covariance_of_their_law(inputs, neighbours, variance):
    """Means over 1,000 pairs of tokens, fixed seeds; six of their standard errors: false alarms below 1e-7."""
    both = np.array([rt.TokenMatrix(inputs=inputs, n_tokens=2, embed_dim=40, seed=i).array for i in range(1000)])
    for found, wanted in (
        (both[:, 0] * both[:, 1], neighbours),
        (both[:, 0] ** 2, variance),
        (both[:, 1] ** 2, variance),
    ):
        means = found.mean(axis=1)
        error = means.std() / math.sqrt(len(means))
        assert abs(means.mean() - wanted) < 6 * error < 0.6


def law_of(tokens):
    return tokens.setting(head_dim=1).input_law.law


def test_every_law_of_tokens_occurs():
    every = set(INPUT_LAWS)
    assert seen(rt.attention_inputs(), law_of, every) == every
    narrow = every - {"orthonormal", "antipodal", "simplex"}
    assert seen(rt.attention_inputs(n_tokens=5, embed_dim=3), law_of, narrow) == narrow
    assert seen(rt.attention_inputs(laws="antipodal"), lambda one: one.n_tokens, {2, 4, 6, 8}) == {2, 4, 6, 8}


# Settings

FEATURES = {
    "ideal": (lambda s: s.is_ideal, {True, False}),
    "n_queries": (lambda s: s.n_queries == s.n_keys, {True, False}),
    "sizes": (lambda s: s.n_keys <= 8 and s.n_queries <= 8 and (s.is_wide or s.head_dim <= 8), {True}),
    "head_dim": (lambda s: s.is_wide, {True, False}),
    "mask": (lambda s: s.mask if isinstance(s.mask, str) else "array", {"none", "causal", "window", "array"}),
    "window": (lambda s: s.window and ("narrow" if s.window < s.n_keys else "wide"), {None, "narrow", "wide"}),
    "inputs": (lambda s: s.inputs == "orthonormal", {True, False}),
    "embed_dim": (lambda s: s.embed_dim is None, {True, False}),
    "weights": (lambda s: s.weights, set(WEIGHTS)),
    "n_heads": (
        lambda s: (s.n_heads, s.n_kv_heads),
        {(1, 1), (2, 1), (2, 2), (3, 1), (3, 3), (4, 1), (4, 2), (4, 4)},
    ),
    "rope_base": (lambda s: s.rope_base, {None, 100.0, 10_000.0}),
    "mla": (lambda s: s.mla and (s.mla.norm, s.mla.rope_head_dim > 0), {None} | {*product((True, False), repeat=2)}),
    "temperature": (lambda s: s.temperature, {0.0, 1.0, 0.1, 0.001}),
    "tolerance": (lambda s: s.tolerance, {None, 1e-6, 1e-3}),
}


@pytest.fixture(scope="module")
def many_settings():
    return drawn(rt.attention_settings(), 500)


@pytest.mark.parametrize("name", FEATURES)
def test_every_field_of_a_setting_varies(many_settings, name):
    feature, wanted = FEATURES[name]
    found = {feature(one) for one in many_settings}
    assert found <= wanted
    if found != wanted:
        assert seen(rt.attention_settings(), feature, wanted) == wanted


def test_every_law_of_inputs_occurs_in_settings():
    even = rt.attention_settings(n_keys=4, n_queries=4)
    assert seen(even, lambda s: s.input_law.law, set(INPUT_LAWS)) == set(INPUT_LAWS)


MASK = np.array([[True, False, True], [False, True, True]])
TOKENS = np.arange(12.0).reshape(6, 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"mask": "causal"},
        {"mask": "causal", "n_queries": 20},
        {"mask": "window"},
        {"window": 3},
        {"mask": MASK},
        {"inputs": TOKENS},
        {"inputs": Inputs(law="array", array=TOKENS), "n_queries": 2},
        {"inputs": "antipodal"},
        {"inputs": "simplex"},
        {"inputs": Inputs(law="duplicated", distinct=6)},
        {"embed_dim": 2},
        {"weights": "tied"},
        {"weights": "orthogonal", "n_heads": 4},
        {"n_kv_heads": 3},
        {"rope_base": 500.0},
        {"mla": MLA(q_lora_rank=2, kv_lora_rank=2, nope_head_dim=3, rope_head_dim=2)},
        {"mla": None, "head_dim": 6},
        {"head_dim": math.inf},
        {"head_dim": math.inf, "mask": "causal", "temperature": 1.0},
        {"temperature": 0.5},
        {"tolerance": 1e-4},
        {"temperature": 0.0},
        {"n_queries": 512, "n_keys": 512, "head_dim": 64},
    ],
    ids=lambda fields: ",".join(fields),
)
def test_what_is_fixed_stays_and_the_rest_varies(fields):
    found = drawn(rt.attention_settings(**fields), 30)
    wanted = Setting(**({"n_queries": found[0].n_queries, "n_keys": found[0].n_keys, "head_dim": found[0].head_dim} |
                        {"tolerance": found[0].tolerance, "n_heads": found[0].n_heads, "mask": found[0].mask,
                         "temperature": found[0].temperature} | fields))  # fmt: skip
    for setting in found:
        for name in fields:
            assert getattr(setting, name) == getattr(wanted, name)
    assert len(set(found)) > 10


def test_strategies_bound_fields():
    strategy = rt.attention_settings(
        n_keys=rt.sequence_lengths(min_value=9, max_value=99), head_dim=rt.head_dims(multiple_of=8), rope_base=1e4
    )
    found = drawn(strategy, 100)
    assert all(9 <= s.n_keys <= 99 and s.head_dim % 8 == 0 and s.rope_base == 1e4 for s in found)
    assert len({s.n_keys for s in found}) > 10
    some = drawn(rt.attention_settings(inputs="antipodal", n_keys=st.integers(1, 8), n_queries=1), 50)
    assert {s.n_keys for s in some} == {2, 4, 6, 8}, "odd ones are rejected"


# The same again

STRATEGIES = {
    "sequence_lengths": rt.sequence_lengths(),
    "head_dims": rt.head_dims(),
    "key_matrices": rt.key_matrices(),
    "probability_vectors": rt.probability_vectors(),
    "query_laws": rt.query_laws(),
    "stochastic_matrices": rt.stochastic_matrices(),
    "attention_inputs": rt.attention_inputs(),
    "attention_settings": rt.attention_settings(),
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_same_seed_gives_the_same_examples_and_arrays(name):
    first, second = drawn(STRATEGIES[name], 60), drawn(STRATEGIES[name], 60)
    assert first == second
    if hasattr(first[0], "array"):
        for one, other in zip(first, second, strict=True):
            assert one.array.tobytes() == other.array.tobytes()
            assert one.array is not one.array, "a fresh array each time"
            assert np.array_equal(np.asarray(one), one.array)
            assert np.asarray(one, dtype=object).dtype == object


@pytest.mark.parametrize("name", ["key_matrices", "probability_vectors", "query_laws", "stochastic_matrices",
                                  "attention_inputs"])  # fmt: skip
def test_what_is_printed_makes_the_same_again(name):
    names = {"Inputs": Inputs, **{name: getattr(rt, name) for name in rt.__all__}}
    for one in drawn(STRATEGIES[name], 100):
        assert eval(repr(one), names) == one
        assert len(repr(one)) < 400
        assert "\n" not in repr(one)


def test_the_global_random_state_is_left_alone():
    recipes = [one for name in STRATEGIES for one in drawn(STRATEGIES[name], 30) if hasattr(one, "array")]
    laws = drawn(rt.query_laws(), 30)
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    for recipe in recipes:
        assert recipe.array.size
    for law in laws:
        law.draw(3, rng=1)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
