"""The laws of tokens: what each keeps, and what stands in for a parameter that is not given."""

from __future__ import annotations

import numpy as np
import pytest

from rankbound.frozen_array import FrozenArray
from rankbound.inputs import INPUT_LAWS, LARGEST_ENTRY, Inputs, resolved

TOKENS = np.arange(8.0).reshape(4, 2)


@pytest.mark.parametrize(
    ("law", "n_tokens", "parameters"),
    [
        ("duplicated", 8, {"distinct": 4}),
        ("duplicated", 9, {"distinct": 4}),
        ("duplicated", 1, {"distinct": 1}),
        ("clustered", 20, {"clusters": 8, "spread": 0.1}),
        ("clustered", 5, {"clusters": 5, "spread": 0.1}),
        ("zipf", 5, {"vocabulary": 50257, "exponent": 1.0}),
        ("low-rank", 24, {"rank": 3}),
        ("low-rank", 15, {"rank": 1}),
        ("low-rank", 3, {"rank": 1}),
        ("ar1", 3, {"correlation": 0.9}),
    ],
)
def test_a_parameter_that_is_omitted_has_the_documented_default(law, n_tokens, parameters):
    assert resolved(Inputs(law=law), n_tokens) == Inputs(law=law, **parameters)


@pytest.mark.parametrize(
    ("law", "n_tokens", "parameters"),
    [
        ("duplicated", 8, {"distinct": 1}),
        ("duplicated", 8, {"distinct": 8}),
        ("clustered", 8, {"clusters": 8, "spread": 0.0}),
        ("zipf", 2, {"vocabulary": 10**7, "exponent": 0.0}),
        ("zipf", 2, {"vocabulary": 1, "exponent": 99.0}),
        ("low-rank", 8, {"rank": 8}),
        ("ar1", 8, {"correlation": -0.5}),
    ],
)
def test_parameters_at_the_ends_of_their_ranges_are_kept(law, n_tokens, parameters):
    given = Inputs(law=law, **parameters)
    assert resolved(given, n_tokens) == given
    assert given.to_dict() == {"law": law, **parameters}


def test_laws_without_parameters_stay_as_they_are():
    for law, n_tokens in [("orthonormal", 1), ("gaussian", 1), ("antipodal", 2), ("simplex", 2), ("antipodal", 4)]:
        assert resolved(Inputs(law=law), n_tokens) == Inputs(law=law)
        assert Inputs(law=law).to_dict() == {"law": law}


@pytest.mark.parametrize(
    ("inputs", "n_tokens", "message"),
    [
        (
            Inputs(law="antipodal"),
            5,
            "n_keys = 5: expected an even number of tokens with inputs 'antipodal'; add or drop a token",
        ),
        (Inputs(law="simplex"), 1, "n_keys = 1: expected at least 2 tokens with inputs 'simplex'; add a token"),
        (
            Inputs(law="zipf", vocabulary=10**7 + 1),
            5,
            "inputs.vocabulary = 10000001: expected an integer from 1 to 10000000; omit it to have the default",
        ),
        (
            Inputs(law="clustered", spread=1e100),
            5,
            "inputs.spread = 1e+100: expected a number in [0, 1e+100); omit it to have the default",
        ),
        (
            Inputs(law="ar1", correlation=1.0),
            5,
            "inputs.correlation = 1.0: expected a number in (-1, 1); omit it to have the default",
        ),
        (Inputs(law="array"), 5, "inputs.array = None: expected a matrix of one row a token; give the tokens"),
    ],
    ids=range(6),
)
def test_what_does_not_fit_the_tokens_is_named(inputs, n_tokens, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        resolved(inputs, n_tokens)
    assert str(caught.value) == message


def test_tokens_of_one_s_own_are_frozen_and_told_by_their_digest():
    inputs = Inputs(law="array", array=TOKENS)
    assert inputs.array == FrozenArray(TOKENS)
    assert resolved(inputs, 4) == inputs
    assert inputs.to_dict() == {"law": "array", "array": FrozenArray(TOKENS).to_dict()}
    assert Inputs(law="array", array=[[LARGEST_ENTRY]]).array.array[0, 0] == 1e100
    with pytest.raises(ValueError, match=": expected ") as caught:
        Inputs(law="array", array=[[0.0, -2e100]])
    assert str(caught.value) == (
        "inputs.array = 2e+100: expected entries of at most 1e+100; "
        "scale the tokens: the rank of hardmax does not depend on it"
    )


def test_every_law_has_its_parameters_and_no_other():
    for law, parameters in INPUT_LAWS.items():
        for name in {name for names in INPUT_LAWS.values() for name in names} - set(parameters):
            with pytest.raises(ValueError, match=rf"^inputs\.{name} = 1: expected None; the law '{law}' has "):
                Inputs(law=law, **{name: 1})
