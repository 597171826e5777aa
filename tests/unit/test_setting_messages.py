"""What a setting that cannot be is answered: one whole line, with the argument, its value, what is expected, a remedy.

Lines are compared whole, since people read them whole: a value, a bound or a remedy that is wrong is a wrong answer.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from rankbound.inputs import Inputs
from rankbound.latent_attention import MLA
from rankbound.setting import Setting, check_ideal

SIZES = {"n_queries": 4, "n_keys": 4, "head_dim": 4}
SQUARE = np.ones((4, 4), bool)
BLIND = np.array([[True] * 4, [False] * 4, [True] * 4, [True] * 4])
LATENT = MLA(q_lora_rank=3, kv_lora_rank=2, nope_head_dim=2, rope_head_dim=2)

BAD = [
    ({"mask": "causl"}, "mask = 'causl': expected one of 'none', 'causal', 'window'; did you mean 'causal'?"),
    ({"mask": 3}, "mask.shape = (): expected a matrix with an entry; give one row a vector"),
    (
        {"mask": BLIND},
        "mask[1] = 'all False': expected a key in every row; let that query see a key, or leave it out",
    ),
    (
        {"mask": SQUARE[:3]},
        "mask.shape = (3, 4): expected (4, 4); give as many rows and columns as the setting says",
    ),
    (
        {"mask": np.ones((4, 4))},
        "mask.dtype = 'float64': expected booleans; give True where a query sees a key; "
        "an additive mask of 0 and -inf is compared with 0 first",
    ),
    (
        {"mask": 2 * np.ones((4, 4), int)},
        "mask.dtype = 'int64': expected booleans; give True where a query sees a key; "
        "an additive mask of 0 and -inf is compared with 0 first",
    ),
    (
        {"mask": "causal", "n_queries": 3},
        "n_queries = 3: expected 4, as many as keys with a causal mask; "
        "give the mask as a boolean array where their numbers differ",
    ),
    (
        {"mask": "window", "n_queries": 3},
        "n_queries = 3: expected 4, as many as keys with a window mask; "
        "give the mask as a boolean array where their numbers differ",
    ),
    (
        {"mask": "window", "window": 0},
        "window = 0: expected an integer from 1 to 1000000000000000000; give the number of keys that a query sees",
    ),
    (
        {"mask": "window", "window": 2.0},
        "window = 2.0: expected an integer from 1 to 1000000000000000000; give the number of keys that a query sees",
    ),
    (
        {"mask": "causal", "window": 3},
        "window = 3: expected None without mask='window'; omit it, or set the mask",
    ),
    (
        {"inputs": "simplx"},
        "inputs = 'simplx': expected "
        "one of 'orthonormal', 'gaussian', 'duplicated', 'clustered', 'zipf', 'antipodal', 'simplex', "
        "'low-rank', 'ar1'; did you mean 'simplex'?",
    ),
    (
        {"inputs": "array"},
        "inputs = 'array': expected "
        "one of 'orthonormal', 'gaussian', 'duplicated', 'clustered', 'zipf', 'antipodal', 'simplex', "
        "'low-rank', 'ar1'; did you mean 'ar1'?",
    ),
    (
        {"inputs": np.full((4, 2), np.nan)},
        "inputs.array[0, 0] = nan: expected finite entries; remove or replace NaN and infinite entries",
    ),
    (
        {"inputs": np.full((4, 2), 1e200)},
        "inputs.array = 1e+200: expected entries of at most 1e+100; "
        "scale the tokens: the rank of hardmax does not depend on it",
    ),
    (
        {"inputs": np.ones((3, 2))},
        "inputs.shape = (3, 2): expected (4, 2); give as many rows and columns as the setting says",
    ),
    (
        {"inputs": np.ones((4, 2)), "embed_dim": 3},
        "embed_dim = 3: expected 2, the columns of inputs; omit it to have as many as the array",
    ),
    (
        {"inputs": [[1.0], [1.0, 2.0]]},
        "inputs.array = [[1.0], [1.0, 2.0]]: expected a matrix; give rows of equal length",
    ),
    (
        {"inputs": np.array([["a"]] * 4)},
        "inputs.array.dtype = '<U1': expected real numbers; convert the entries to float64",
    ),
    (
        {"inputs": "antipodal", "n_keys": 5, "n_queries": 5},
        "n_keys = 5: expected an even number of tokens with inputs 'antipodal'; add or drop a token",
    ),
    (
        {"inputs": "simplex", "n_keys": 1, "n_queries": 1},
        "n_keys = 1: expected at least 2 tokens with inputs 'simplex'; add a token",
    ),
    (
        {"inputs": Inputs(law="duplicated", distinct=5)},
        "inputs.distinct = 5: expected an integer from 1 to 4; omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="ar1", correlation=1.0)},
        "inputs.correlation = 1.0: expected a number in (-1, 1); omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="zipf", vocabulary=0)},
        "inputs.vocabulary = 0: expected an integer from 1 to 10000000; omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="clustered", spread=-1.0)},
        "inputs.spread = -1.0: expected a number in [0, 1e+100); omit it to have the default",
    ),
    (
        {"embed_dim": 3},
        "embed_dim = 3: expected at least 4 with inputs 'orthonormal'; "
        "so many directions are orthogonal only in so many dimensions",
    ),
    (
        {"embed_dim": 0, "inputs": "gaussian"},
        "embed_dim = 0: expected an integer from 1 to 1000000000000000000; omit it to have as many as tokens",
    ),
    (
        {"weights": "Tied"},
        "weights = 'Tied': expected one of 'gaussian', 'uniform', 'xavier', 'kaiming', 'orthogonal', 'tied'; "
        "did you mean 'tied'?",
    ),
    (
        {"n_heads": 4, "n_kv_heads": 3},
        "n_kv_heads = 3: expected a divisor of n_heads = 4; as many query heads share each",
    ),
    ({"n_heads": 0}, "n_heads = 0: expected an integer from 1 to 65536; give a number of heads"),
    (
        {"n_heads": 2, "n_kv_heads": 1, "weights": "tied"},
        "n_kv_heads = 1: expected 2 with weights 'tied'; W_q = W_k ties a key head to each head",
    ),
    (
        {"mla": LATENT, "head_dim": 3},
        "head_dim = 3: expected 4, mla.nope_head_dim + mla.rope_head_dim; give the sum of the two parts",
    ),
    ({"mla": "deepseek"}, "mla = 'deepseek': expected an MLA or None; build it with rankbound.MLA(...)"),
    (
        {"mla": LATENT, "n_heads": 2, "n_kv_heads": 1},
        "n_kv_heads = 1: expected 2 with mla; MLA computes keys for each head",
    ),
    (
        {"mla": LATENT, "weights": "tied"},
        "weights = 'tied': expected 'gaussian', 'uniform', 'xavier' or 'kaiming' with mla; "
        "these are not defined for latents",
    ),
    (
        {"rope_base": 1e4, "head_dim": 3},
        "head_dim = 3: expected an even number with RoPE; RoPE rotates pairs of components",
    ),
    (
        {"rope_base": 0.0},
        "rope_base = 0.0: expected a number in (1e-200, 1e+300); "
        "give the base of RoPE, for example 10000, or omit it for none",
    ),
    (
        {"rope_base": 5e-324},
        "rope_base = 5e-324: expected a number in (1e-200, 1e+300); "
        "give the base of RoPE, for example 10000, or omit it for none",
    ),
    (
        {"rope_base": 1e4, "head_dim": 2, "mla": MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=2)},
        "rope_base = 10000.0: expected None with mla.rope_head_dim = 0; omit it, or give that part",
    ),
    (
        {"temperature": math.nan, "tolerance": 0.1},
        "temperature = nan: expected a number in [0, 1e+100]; give 0 for hardmax and 1 for standard attention",
    ),
    (
        {"temperature": -1.0, "tolerance": 0.1},
        "temperature = -1.0: expected a number in [0, 1e+100]; give 0 for hardmax and 1 for standard attention",
    ),
    (
        {"temperature": 1.0},
        "tolerance = None: expected a number in (0, 1); "
        "a rank at a temperature means singular values above a share of the largest, for example 1e-6",
    ),
    ({"tolerance": 0.1}, "tolerance = 0.1: expected None for hardmax; the rank of hardmax is exact: omit it"),
    (
        {"head_dim": math.inf, "weights": "tied"},
        "head_dim = inf: expected a finite one with weights 'tied'; give a finite head_dim",
    ),
    (
        {"head_dim": math.inf, "rope_base": 1e4, "inputs": "gaussian"},
        "head_dim = inf: expected a finite one with RoPE, unless inputs are orthonormal; give a finite head_dim",
    ),
    (
        {"head_dim": -math.inf},
        "head_dim = -inf: expected an integer from 1 to 10000000000; give the dimension of one attention head",
    ),
    (
        {"n_keys": 0},
        "n_keys = 0: expected an integer from 1 to 1000000000000000000; give the number of keys (the sequence length)",
    ),
    (
        {"n_queries": 0},
        "n_queries = 0: expected an integer from 1 to 1000000000000000000; omit it to have as many queries as keys",
    ),
    ({"inputs": Inputs(law="array")}, "inputs.array = None: expected a matrix of one row a token; give the tokens"),
    (
        {"inputs": np.ones((4, 2)), "embed_dim": 0},
        "embed_dim = 0: expected an integer from 1 to 1000000000000000000; omit it to have as many as the array",
    ),
    (
        {"inputs": "duplicated", "embed_dim": 1},
        "embed_dim = 1: expected at least 2 with inputs 'duplicated'; "
        "so many directions are orthogonal only in so many dimensions",
    ),
    (
        {"inputs": "antipodal", "embed_dim": 1},
        "embed_dim = 1: expected at least 2 with inputs 'antipodal'; "
        "so many directions are orthogonal only in so many dimensions",
    ),
    (
        {"inputs": "simplex", "embed_dim": 2},
        "embed_dim = 2: expected at least 3 with inputs 'simplex'; "
        "so many directions are orthogonal only in so many dimensions",
    ),
    ({"n_kv_heads": 0}, "n_kv_heads = 0: expected an integer from 1 to 65536; give a number of heads"),
    (
        {"mla": LATENT, "weights": "orthogonal"},
        "weights = 'orthogonal': expected 'gaussian', 'uniform', 'xavier' or "
        "'kaiming' with mla; these are not defined for latents",
    ),
    (
        {"inputs": Inputs(law="clustered", clusters=5)},
        "inputs.clusters = 5: expected an integer from 1 to 4; omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="low-rank", rank=5)},
        "inputs.rank = 5: expected an integer from 1 to 4; omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="zipf", exponent=100)},
        "inputs.exponent = 100: expected a number in [0, 100); omit it to have the default",
    ),
    (
        {"inputs": Inputs(law="ar1", correlation=-1.0)},
        "inputs.correlation = -1.0: expected a number in (-1, 1); omit it to have the default",
    ),
    (
        {"temperature": 1.0, "tolerance": 1.0},
        "tolerance = 1.0: expected a number in (0, 1); "
        "a rank at a temperature means singular values above a share of the largest, for example 1e-6",
    ),
    (
        {"inputs": np.ones((4, 0))},
        "inputs.array.shape = (4, 0): expected a matrix with an entry; give one row a vector",
    ),
]


@pytest.mark.parametrize(("fields", "message"), BAD, ids=[f"{i}" for i in range(len(BAD))])
def test_what_does_not_go_together_is_one_clear_line(fields, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        Setting(**SIZES | fields)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("law", "given", "message"),
    [
        ("zipf", "rank", "inputs.rank = 2: expected None; the law 'zipf' has only vocabulary, exponent"),
        ("orthonormal", "distinct", "inputs.distinct = 2: expected None; the law 'orthonormal' has no parameter"),
        ("ar1", "array", "inputs.array = 2: expected None; the law 'ar1' has only correlation"),
        ("array", "spread", "inputs.spread = 2: expected None; the law 'array' has only array"),
    ],
)
def test_a_parameter_that_a_law_does_not_have_is_refused(law, given, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        Inputs(law=law, **{given: 2})
    assert str(caught.value) == message


def test_an_unknown_law_is_named_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"^inputs = 'simplx': expected one of .*'array'; did you mean 'simplex'\?$"):
        Inputs(law="simplx")


DIMENSION = "give the dimension of that part of MLA"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"q_lora_rank": 0}, f"mla.q_lora_rank = 0: expected an integer from 1 to 1048576; {DIMENSION}"),
        ({"kv_lora_rank": 0}, f"mla.kv_lora_rank = 0: expected an integer from 1 to 1048576; {DIMENSION}"),
        ({"nope_head_dim": 0}, f"mla.nope_head_dim = 0: expected an integer from 1 to 1048576; {DIMENSION}"),
        ({"rope_head_dim": -2}, f"mla.rope_head_dim = -2: expected an integer from 0 to 1048576; {DIMENSION}"),
        ({"rope_head_dim": 3}, "mla.rope_head_dim = 3: expected an even number; RoPE rotates pairs of components"),
        ({"norm": 1}, "mla.norm = 1: expected True or False; say whether there is an RMSNorm"),
    ],
)
def test_bad_latents_are_named(fields, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        MLA(**{"q_lora_rank": 3, "kv_lora_rank": 2, "nope_head_dim": 2} | fields)
    assert str(caught.value) == message


def test_a_head_needs_a_part_without_position():
    setting = Setting(**SIZES, mla=LATENT)
    assert setting.with_head_dim(3).mla.nope_head_dim == 1
    with pytest.raises(ValueError, match=": expected ") as caught:
        setting.with_head_dim(2)
    assert str(caught.value) == (
        "head_dim = 2: expected more than 2, the position part of a head; give the components of both parts together"
    )


def test_what_holds_for_the_ideal_setting_only_says_which_fields_depart():
    with pytest.raises(ValueError, match=": expected ") as caught:
        check_ideal(Setting(**SIZES, mask="causal"), "the bound")
    assert str(caught.value) == (
        "setting = {'mask': 'causal'}: expected the ideal setting: the bound knows no other; "
        "leave these fields at their defaults, or draw the variant instead"
    )
