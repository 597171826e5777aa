"""The fast way to draw a variant against its definition, choice by choice, on the same random words.

The definition fills in what the fast way leaves out (frames, weights off the space of the tokens), so equality is the
statement that it does not matter.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from montecarlo.plain_variants import plain_scores, plain_variant_choices, plain_visible
from montecarlo.streams import Draws
from montecarlo.variants import chooser_for, variant_choices, variant_key
from rankbound import MLA, Inputs, Setting

N = 40
RNG = np.random.default_rng(0)
NARROW, WIDE = RNG.standard_normal((N, 30)), RNG.standard_normal((N, 60))
NARROW[7], WIDE[9] = NARROW[3], WIDE[2]
SCATTERED = RNG.random((N, N)) < 0.3
SCATTERED[np.arange(N), np.arange(N)] = True

INPUTS = {
    "orthonormal": "orthonormal",
    "gaussian": "gaussian",
    "duplicated": Inputs(law="duplicated", distinct=13),
    "clustered": "clustered",
    "clusters without noise": Inputs(law="clustered", clusters=7, spread=0.0),
    "zipf": Inputs(law="zipf", vocabulary=50, exponent=1.1),
    "antipodal": "antipodal",
    "simplex": "simplex",
    "low-rank": "low-rank",
    "ar1": Inputs(law="ar1", correlation=-0.6),
    "narrow array": NARROW,
    "wide array": WIDE,
    "large array": 1e90 * WIDE,
}
MASKS = {
    "none": {"mask": "none"},
    "causal": {"mask": "causal"},
    "window": {"mask": "window", "window": 5},
    "array": {"mask": SCATTERED},
}
EVERYWHERE = pytest.mark.parametrize("mask", MASKS)
OF_ALL = pytest.mark.parametrize("inputs", INPUTS)


def check(replicates=2, **fields):
    """Compare replicates of a setting, all heads."""
    setting = Setting(**{"n_queries": N, "n_keys": N, "head_dim": 6} | fields)
    key, chooser = variant_key(setting, 3), chooser_for(setting, np.zeros(1, np.uint8))
    for replicate in range(replicates):
        fast = np.array(list(variant_choices(setting, Draws(key, replicate), chooser)))
        plain = plain_variant_choices(setting, key, replicate)
        assert fast.shape == (setting.n_heads, setting.n_queries)
        assert np.array_equal(fast, plain)
        assert plain_visible(setting)[np.arange(setting.n_queries), fast].all()


@OF_ALL
@EVERYWHERE
@pytest.mark.parametrize("weights", ["gaussian", "uniform", "xavier", "kaiming", "orthogonal", "tied"])
def test_weights_masks_and_inputs(inputs, mask, weights):
    for head_dim in (6, 50):
        check(inputs=INPUTS[inputs], weights=weights, head_dim=head_dim, **MASKS[mask])
    check(1, inputs=INPUTS[inputs], weights=weights, rope_base=100.0, **MASKS[mask])


@OF_ALL
@EVERYWHERE
def test_the_limit_of_wide_heads(inputs, mask):
    check(inputs=INPUTS[inputs], head_dim=math.inf, n_heads=2, **MASKS[mask])


@OF_ALL
@EVERYWHERE
def test_heads_that_share_keys(inputs, mask):
    check(inputs=INPUTS[inputs], n_heads=6, n_kv_heads=2, **MASKS[mask])
    check(1, inputs=INPUTS[inputs], n_heads=3, n_kv_heads=1, rope_base=1e4, **MASKS[mask])


MODELS = [
    (name, embed_dim)
    for name, embed_dim in itertools.product(INPUTS, (20, 45, 80))
    if "array" not in name and not (embed_dim == 20 and name in ("orthonormal", "simplex"))  # they do not fit
]


@pytest.mark.parametrize(("inputs", "embed_dim"), MODELS)
def test_model_dimensions_on_either_side_of_the_number_of_tokens(inputs, embed_dim):
    for weights in ("gaussian", "uniform", "orthogonal"):
        check(inputs=INPUTS[inputs], embed_dim=embed_dim, weights=weights, head_dim=50, mask="causal")


@pytest.mark.parametrize("inputs", [name for name in INPUTS if "array" not in name])
@pytest.mark.parametrize("n_queries", [22, 70])
def test_other_numbers_of_queries(inputs, n_queries):
    check(inputs=INPUTS[inputs], n_queries=n_queries)
    check(inputs=INPUTS[inputs], n_queries=n_queries, head_dim=math.inf)
    check(inputs=INPUTS[inputs], n_queries=n_queries, mask=np.arange(N) <= np.arange(n_queries)[:, None])


LATENTS = [
    (MLA(q_lora_rank=9, kv_lora_rank=5, nope_head_dim=4, rope_head_dim=2), "gaussian"),
    (MLA(q_lora_rank=9, kv_lora_rank=5, nope_head_dim=8, rope_head_dim=2), "gaussian"),
    (MLA(q_lora_rank=60, kv_lora_rank=50, nope_head_dim=8, norm=False), "gaussian"),
    (MLA(q_lora_rank=60, kv_lora_rank=50, nope_head_dim=55, rope_head_dim=4), "gaussian"),
    (MLA(q_lora_rank=60, kv_lora_rank=20, nope_head_dim=30, rope_head_dim=4), "xavier"),
    (MLA(q_lora_rank=60, kv_lora_rank=50, nope_head_dim=8, rope_head_dim=4), "uniform"),
]


@OF_ALL
@EVERYWHERE
@pytest.mark.parametrize(("mla", "weights"), LATENTS)
def test_latents(inputs, mask, mla, weights):
    check(1, inputs=INPUTS[inputs], n_heads=2, head_dim=mla.head_dim, mla=mla, weights=weights, **MASKS[mask])


@pytest.mark.parametrize(
    ("law", "weights"), list(itertools.product(["orthonormal", "gaussian"], ["gaussian", "uniform"]))
)
def test_the_definition_forms_what_it_says(law, weights):
    """Scores have the variance that the definition gives them: not only their argmax is right."""
    setting = Setting(n_queries=30, n_keys=30, head_dim=9, inputs=law, weights=weights, embed_dim=40)
    key = variant_key(setting, 1)
    scores = np.array([plain_scores(setting, key, replicate)[0] for replicate in range(60)])
    # E[score^2] = head_dim |x_i|^2 |x_j|^2, off the diagonal where tokens are independent.
    size = 1.0 if law == "orthonormal" else 40.0
    off = scores[:, ~np.eye(30, dtype=bool)]
    assert abs((off**2).mean() / (9 * size**2) - 1.0) < 0.15
