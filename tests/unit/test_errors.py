"""The wording of an error, and the two validators, each seen passing and failing."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

import numpy as np
import pytest

from rankbound.errors import check_integer, check_name, check_real, invalid


def test_the_message_is_one_line_with_name_value_expectation_and_remedy():
    error = invalid("n_keys", -3, "an integer of at least 1", "give the sequence length")
    assert type(error) is ValueError
    assert str(error) == "n_keys = -3: expected an integer of at least 1; give the sequence length"


def test_a_long_value_is_shortened():
    message = str(invalid("claim", "x" * 1000, "an id", "choose one"))
    assert message == f"claim = '{'x' * 56}...: expected an id; choose one"
    longest = "x" * 58  # 60 letters with the quotes
    assert str(invalid("claim", longest, "an id", "choose one")) == f"claim = '{longest}': expected an id; choose one"
    assert "..." in str(invalid("claim", longest + "x", "an id", "choose one"))


def test_a_value_of_several_lines_becomes_one():
    message = str(invalid("P", np.eye(2), "a vector", "give one"))
    assert message == "P = array([[1., 0.], [0., 1.]]): expected a vector; give one"


def test_a_number_that_python_does_not_print_is_described():
    message = str(invalid("n", 10**5000, "a number", "give a smaller one"))
    assert message == "n = a int too long to print: expected a number; give a smaller one"


@pytest.mark.parametrize("value", [1, 7, 2**70, np.int8(5), np.uint64(5)])
def test_check_integer_returns_a_python_int(value):
    result = check_integer("size", value, minimum=1, remedy="r")
    assert type(result) is int
    assert result == value


@pytest.mark.parametrize(
    "value", [True, False, np.True_, 1.0, 512.0, 1.5, math.nan, "512", None, 0, -3, Fraction(2), decimal.Decimal(2)]
)
def test_check_integer_refuses(value):
    with pytest.raises(ValueError, match=r"^size = .*: expected an integer of at least 1; r$"):
        check_integer("size", value, minimum=1, remedy="r")


def test_check_integer_knows_its_ends():
    assert check_integer("size", 5, minimum=5, maximum=5, remedy="r") == 5
    for value in (4, 6):
        with pytest.raises(ValueError, match=r"expected an integer from 5 to 5"):
            check_integer("size", value, minimum=5, maximum=5, remedy="r")


@pytest.mark.parametrize("value", [0.5, 1, Fraction(1, 3), np.float32(0.25), np.int64(1)])
def test_check_real_returns_a_python_float(value):
    result = check_real("level", value, above=0, below=2, remedy="r")
    assert type(result) is float
    assert result == float(value)


@pytest.mark.parametrize("value", [True, math.nan, math.inf, -math.inf, "0.5", None, 0, 2, -1, 1j, np.float64("nan")])
def test_check_real_refuses(value):
    with pytest.raises(ValueError, match=r"^level = .*: expected a number in \(0, 2\); r$"):
        check_real("level", value, above=0, below=2, remedy="r")


@pytest.mark.parametrize("inclusive", [(a, b) for a in (False, True) for b in (False, True)])
def test_check_real_includes_the_ends_it_is_told_to(inclusive):
    for end, included in zip((0.0, 2.0), inclusive, strict=True):
        if included:
            assert check_real("level", end, above=0, below=2, remedy="r", inclusive=inclusive) == end
        else:
            with pytest.raises(ValueError, match=r"level = "):
                check_real("level", end, above=0, below=2, remedy="r", inclusive=inclusive)


def test_check_real_says_which_ends_are_included():
    for inclusive, interval in {
        (False, False): r"\(0, 2\)",
        (True, False): r"\[0, 2\)",
        (False, True): r"\(0, 2\]",
        (True, True): r"\[0, 2\]",
    }.items():
        with pytest.raises(ValueError, match=f"^level = 3: expected a number in {interval}; r$"):
            check_real("level", 3, above=0, below=2, remedy="r", inclusive=inclusive)


def test_a_number_beyond_every_float_is_refused_like_any_other():
    for value in (10**400, Fraction(10**400)):
        with pytest.raises(
            ValueError, match=r"^level = (1|Fraction\(1)0{40,}\.\.\.: expected a number in \(0, inf\); r$"
        ):
            check_real("level", value, above=0, below=math.inf, remedy="r")


def test_check_integer_has_no_upper_end_unless_it_is_given_one():
    assert check_integer("size", 10**30, minimum=-5, remedy="r") == 10**30
    assert check_integer("size", -5, minimum=-5, remedy="r") == -5


KNOWN = ("causal", "none")


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ("causl", {}, "mask = 'causl': expected one of 'causal', 'none'; did you mean 'causal'?"),
        ("CAUSAL", {}, "mask = 'CAUSAL': expected one of 'causal', 'none'; did you mean 'causal'?"),
        ("cal", {}, "mask = 'cal': expected one of 'causal', 'none'; did you mean 'causal'?"),
        ("window", {}, "mask = 'window': expected one of 'causal', 'none'; give one of these names"),
        (3, {}, "mask = 3: expected one of 'causal', 'none'; give one of these names"),
        ("causl", {"remedy": "choose"}, "mask = 'causl': expected one of 'causal', 'none'; choose"),
    ],
)
def test_check_name_refuses_with_the_nearest_name(value, options, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        check_name("mask", value, KNOWN, **options)
    assert str(caught.value) == message


def test_check_name_returns_a_known_name():
    assert [check_name("mask", name, KNOWN) for name in KNOWN] == list(KNOWN)
