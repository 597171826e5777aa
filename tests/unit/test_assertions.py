"""Assertions of `rankbound.testing`: they pass where they should, and a failure says what was measured, and why."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from rankbound.testing import assert_hardmax, assert_rank_bound, assert_representable

SEED = 20
PICKS = [0, 1, 1, 3, 4]
HARDMAX = np.eye(5)[PICKS]


def softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def scores(*shape):
    return np.random.default_rng(SEED).standard_normal(shape)


def failure(assertion, *given, **options) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion(*given, **options)
    return str(caught.value)


def misuse(assertion, *given, **options) -> str:
    with pytest.raises(ValueError, match=": expected ") as caught:
        assertion(*given, **options)
    text = str(caught.value)
    assert "\n" not in text
    return text


def lines_of(message: str) -> dict[str, str]:
    """The lines of a failure by their names; the first one under ""."""
    first, *rest = message.splitlines()
    return {"": first} | dict(re.match(r"  (\S+(?: \S+)*)  +(.*)", line).groups() for line in rest)


def test_importing_the_package_loads_nothing():
    code = "import sys, rankbound.testing; print({'numpy', 'scipy', 'numba', 'flint', 'hypothesis'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Hardmax.


@pytest.mark.parametrize(
    "matrix",
    [
        HARDMAX,
        HARDMAX.tolist(),
        HARDMAX.astype(bool),
        HARDMAX.astype(np.int8),
        HARDMAX.astype(np.float16),
        [HARDMAX, HARDMAX],
        np.broadcast_to(HARDMAX, (2, 3, 5, 5)),
        [[1]],
        HARDMAX[:3],
    ],
)
def test_hardmax_passes_whatever_its_type_and_its_axes(matrix):
    assert assert_hardmax(matrix) is None


def test_a_failure_says_which_row_what_it_holds_and_how_many_there_are():
    wrong = np.broadcast_to(HARDMAX, (2, 3, 5, 5)).copy()
    wrong[1, 2, 3] = [0, 0.25, 0, 0.75, 0]
    wrong[1, 2, 4] = 0
    found = lines_of(failure(assert_hardmax, wrong, seed=7))
    assert found[""] == "assert_hardmax: row 3 of matrix[1, 2] is not hardmax"
    assert found["measured"] == "[0, 0.25, 0, 0.75, 0], with 0 of 5 entries 1 and a sum of 1"
    assert found["wrong rows"] == "2 of 30"
    assert found["seed"] == "7"
    assert found["inspect"] == "print(matrix[1, 2, 3])"
    assert "seed" not in lines_of(failure(assert_hardmax, wrong))


def row(*values):
    return np.vstack([HARDMAX[:, : len(values)][:1], [values]])


@pytest.mark.parametrize(
    ("matrix", "cause"),
    [
        (softmax(scores(4, 6)), "softmax, not hardmax"),
        (softmax(1e3 * scores(2, 4, 6) / 50), "softmax, not hardmax"),
        (softmax(scores(4, 6), axis=-2), "wrong axis: entries sum to 1 along axis -2, the queries"),
        (softmax(scores(3, 2, 4, 6), axis=1), "wrong axis: entries sum to 1 along axis -3, a batch or head axis"),
        (np.eye(6)[[0, 1, 1, 1]].T, "wrong axis: entries sum to 1 along axis -2"),
        (row(0, 0, 0), "a mask that leaves this query no key, or comes after the softmax; in a part of a matrix"),
        (np.array([[[0.0]], [[1.0]]]), "a mask that leaves this query no key"),  # not softmax over two heads
        (row(math.nan, math.nan, math.nan), "a mask that leaves this query no key (the softmax"),
        (row(0, math.nan, 1), "NaN among the scores, or exp beyond all floats: take the largest score"),
        (row(0, -math.inf, 1), "nothing has been normalised"),
        (row(math.inf, -math.inf, 1), "nothing has been normalised"),
        (row(1, 0, 1), "ties: 2 keys have the largest score, and each is marked"),
        (row(0.5, 0, 0.5), "ties: 2 keys have the largest score, and they share the row"),
        (row(0, 1 / 0.9, 0), "scaled by 1.111, as dropout does"),
        (row(0.3, -0.2, 0.9), "scores, not attention: some are negative"),
        (row(3, 0.2, 0.9), "scores, not attention: the row does not sum to 1"),
    ],
)
def test_the_likely_cause_is_named(matrix, cause):
    assert cause in lines_of(failure(assert_hardmax, matrix))["likely cause"]


@pytest.mark.parametrize("value", [1 + 2**-52, 1 - 2**-53, 5e-324])
def test_an_entry_that_is_nearly_right_is_wrong(value):
    matrix = HARDMAX.copy()
    matrix[2, 1 if value > 0.5 else 0] = value
    assert "row 2 of matrix" in failure(assert_hardmax, matrix)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (HARDMAX[0], "matrix.shape = (5,): expected at least two axes"),
        (3, "matrix.shape = (): expected at least two axes"),
        (HARDMAX[:0], "matrix.shape = (0, 5): expected at least one entry"),
        (HARDMAX + 0j, "matrix.dtype = 'complex128': expected real numbers"),
        (None, "a NoneType is no array of numbers"),
        ("hardmax", "expected real numbers"),
        ([[1, 0], [1]], "give rows, and matrices, of equal length"),
        ([HARDMAX, HARDMAX[:3]], "give rows, and matrices, of equal length"),
        (np.ma.masked_array(HARDMAX, mask=HARDMAX == 0), "expected an array without masked entries"),
    ],
)
def test_what_is_no_array_of_matrices_is_misuse(matrix, expected):
    assert expected in misuse(assert_hardmax, matrix)


# The rank of given matrices.


def test_ranks_within_their_bound_pass():
    assert assert_rank_bound(HARDMAX) is None
    assert_rank_bound(HARDMAX, 4, rank=4, level=0.4)
    assert_rank_bound([HARDMAX, np.eye(5)], 5, rank=np.array([4, 5]))
    assert_rank_bound(np.eye(1), 1, rank=1, level=0.9)


def test_a_matrix_that_is_not_hardmax_fails_with_its_cause():
    message = failure(assert_rank_bound, softmax(scores(4, 6)), 3)
    assert message.startswith("assert_rank_bound: row 0 of matrix is not hardmax")
    assert "softmax, not hardmax" in message


def test_a_bound_that_is_exceeded_says_where():
    found = lines_of(failure(assert_rank_bound, [HARDMAX, np.eye(5), HARDMAX], 4, seed="a"))
    assert found[""] == "assert_rank_bound: the rank of matrix[1] exceeds 4"
    assert found["measured"] == "rank 5 (exact) of 5 queries and 5 keys, the largest of 3 (mean 4.3333)"
    assert (found["bound"], found["seed"]) == ("4", "'a'")
    assert "a reshape that mixes heads and tokens" in found["likely cause"]
    assert found["inspect"].startswith("print(matrix[1].sum(0))")


@pytest.mark.parametrize(
    ("rank", "cause"),
    [(6, "more than min(n_queries, n_keys) = 5"), (5, "more than the distinct columns"), (3, "leaves out singular")],
)
def test_a_wrong_rank_of_the_code_under_test_is_found(rank, cause):
    found = lines_of(failure(assert_rank_bound, HARDMAX, rank=rank))
    assert found[""] == f"assert_rank_bound: the rank of matrix is not {rank}"
    assert "4, the number of distinct keys picked" in found["bound"]
    assert cause in found["likely cause"]


def test_queries_shared_with_keys_are_too_improbable():
    vectors = scores(40, 16)
    tied = np.eye(40)[np.argmax(vectors @ vectors.T, axis=1)]
    found = lines_of(failure(assert_rank_bound, tied, level=1e-6))
    assert "too large for independent queries" in found[""]
    assert "W_q shared with W_k" in found["likely cause"]
    assert float(found["p-value"].split(",")[0]) <= 1e-6
    command = found["inspect"].removeprefix('python -c "').removesuffix('"')
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert "occupancy=" in done.stdout


def test_the_p_value_is_the_exact_tail_and_the_level_is_shared_among_matrices():
    """Three queries pick three of three keys with a probability of 6/27 if they pick uniformly."""
    level = 6 / 27
    found = lines_of(failure(assert_rank_bound, np.eye(3), level=level * (1 + 1e-9)))
    assert float(found["p-value"].split(",")[0]) == pytest.approx(level, rel=1e-2)
    assert_rank_bound(np.eye(3), level=level * (1 - 1e-9))
    assert_rank_bound([np.eye(3)] * 2, level=level * (1 + 1e-9))
    failure(assert_rank_bound, [np.eye(3)] * 2, level=2 * level * (1 + 1e-9))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"bound": 0}, "bound = 0: expected an integer of at least 1"),
        ({"bound": 4.0}, "bound = 4.0"),
        ({"level": 0}, "level = 0"),
        ({"level": 1.0}, "level = 1.0"),
        ({"rank": 4.0}, "rank.dtype = 'float64': expected integers"),
        ({"rank": [4]}, "rank.shape = (1,): expected ()"),
    ],
)
def test_misuse_of_the_rank_bound(options, expected):
    assert expected in misuse(assert_rank_bound, HARDMAX, **options)


# Which head is wide enough.


def test_a_wrong_axis_is_not_named_where_rows_sum_to_1_too():
    doubly = np.full((4, 4), 0.25) + 0.1 * (np.eye(4) - np.roll(np.eye(4), 1, axis=0))
    assert "softmax, not hardmax" in failure(assert_hardmax, doubly)


def planted(rank, n=8):
    """Attention with rank(C log P) = rank: columns sum to 1."""
    rng = np.random.default_rng(SEED)
    return softmax(rng.standard_normal((n, rank)) @ rng.standard_normal((rank, n)), axis=0)


def test_a_head_that_is_wide_enough_passes():
    assert assert_representable(planted(3), 3) is None
    assert_representable(planted(3).T, 3, convention="rows")
    assert_representable(planted(8), 7)
    assert_representable([planted(2), planted(3)], 3)
    assert_representable(planted(3).astype(np.float32), 3)
    assert_representable([[1]], 1)


def test_a_narrow_head_fails_with_rank_rung_gap_and_the_width_that_suffices():
    found = lines_of(failure(assert_representable, planted(3), 2, seed=SEED))
    assert found[""] == "assert_representable: no head of dimension 2 has P as its attention"
    assert "rank 3 of C log P (float; that it is at least 3 is proved" in found["measured"]
    assert float(re.search(r"is (\S+) times the first that does not", found["gap"])[1]) > 1e9
    assert "head_dim = 3 reaches this matrix; n - 1 = 7 always suffices" in found["remedy"]
    assert found["inspect"] == "rankbound represent P.npy --head-dim 2 --convention columns"


def test_rounding_of_large_logits_is_named():
    """Logits up to 40 that were rounded to float32: P has the rank of the rounded ones, which is no fault of a head."""
    rng = np.random.default_rng(1)
    logits = 40 * rng.uniform(-1, 1, (32, 1)) @ rng.uniform(-1, 1, (1, 32))
    P = softmax(logits.astype(np.float32), axis=0).astype(np.float32)
    assert_representable(softmax(logits, axis=0), 1)
    found = lines_of(failure(assert_representable, P, 1))
    assert "rounding of the logits before the softmax" in found["likely cause"]
    assert "likely cause" not in failure(assert_representable, planted(3), 2)
    thirds = [[Fraction(1, 3), Fraction(1, 2)], [Fraction(2, 3), Fraction(1, 2)]]
    assert_representable(thirds, 1)


def test_a_convention_is_told_in_low_precision_too():
    """In half precision sums of 256 entries may be off by 1/4; that all rows have 1 to three digits is no accident."""
    rng = np.random.default_rng(SEED)
    P = softmax(0.2 * rng.standard_normal((256, 2)) @ rng.standard_normal((2, 256))).astype(np.float16)
    assert 1 / 16 < np.abs(P.astype(float).sum(axis=0) - 1).max() < 1 / 4
    assert 'pass convention="rows"' in misuse(assert_representable, P, 8)
    assert_representable(np.full((200, 200), 1 / 200, np.float16), 1)


def test_the_rung_is_exact_where_both_bounds_meet():
    found = lines_of(failure(assert_representable, [planted(3), planted(8)], 4))
    assert "has P[1] as its attention" in found[""]
    assert "rank 7 of C log P (exact; " in found["measured"]
    assert found["gap"] == "no singular value is left out"
    thirds = [[Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)], [Fraction(1, 4), Fraction(1, 3), Fraction(1, 2)]]
    thirds.append([Fraction(1, 4), Fraction(1, 3), Fraction(1, 4)])
    assert "exact" in failure(assert_representable, thirds, 1)
    assert_representable([[1, 2], [3, 6]], 1)  # counts: both columns are (1/4, 3/4)


@pytest.mark.parametrize(
    ("given", "options", "expected"),
    [
        (planted(3), {"convention": "rows"}, 'pass convention="columns"'),
        (planted(3), {"convention": "diagonals"}, "convention = 'diagonals'"),
        (HARDMAX, {"convention": "rows"}, "expected a positive number"),
        (planted(3)[:4], {}, "a square matrix"),
        (planted(3)[0], {}, "P.shape = (8,): expected at least two axes"),
    ],
)
def test_misuse_of_representable(given, options, expected):
    assert expected in misuse(assert_representable, given, 2, **options)
    assert "head_dim = 0" in misuse(assert_representable, planted(3), 0)


def test_the_page_shows_what_happens():
    """Each block of code on the page is run after those above it; what it raises is the block of text below it."""
    page = (Path(__file__).parents[2] / "docs" / "assertions.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page, flags=re.DOTALL)
    names: dict[str, object] = {}
    shown = []
    for code, expected in blocks:
        try:
            exec(code, names)  # the page of this project
        except AssertionError as error:
            shown.append(f"{error}\n" == expected)
        else:
            assert expected == ""
    assert shown == [True] * 4
