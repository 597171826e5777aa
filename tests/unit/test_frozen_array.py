"""An array that does not change: what it keeps, what it equals, and what is no matrix."""

from __future__ import annotations

import hashlib
import pickle

import numpy as np
import pytest

from rankbound.frozen_array import FrozenArray, frozen_matrix

MATRIX = np.arange(6.0).reshape(2, 3)


def test_it_is_a_read_only_copy_in_c_order():
    given = np.asfortranarray(MATRIX)
    frozen = FrozenArray(given)
    assert frozen.array.flags.c_contiguous
    assert not frozen.array.flags.writeable
    contiguous = MATRIX.copy()
    frozen = FrozenArray(contiguous)
    contiguous[0, 0] = 7.0
    assert (frozen.array == MATRIX).all()
    with pytest.raises(AttributeError, match=r"^a FrozenArray does not change: array cannot be set$"):
        frozen.array = given


def test_it_is_known_by_type_shape_and_content_whatever_the_order_of_bytes():
    frozen = FrozenArray(MATRIX)
    assert frozen.sha256 == hashlib.sha256(MATRIX.astype("<f8").tobytes()).hexdigest()
    assert FrozenArray(MATRIX.astype(">f8")).sha256 == frozen.sha256
    assert frozen == FrozenArray(np.asfortranarray(MATRIX)) == pickle.loads(pickle.dumps(frozen))
    others = [MATRIX.T, MATRIX.reshape(3, 2), MATRIX + 1, np.zeros((2, 3)), np.zeros((2, 3), np.int64)]
    known = [frozen, *map(FrozenArray, others)]
    assert all((one == other) is (one is other) for one in known for other in known)
    assert len({hash(one) for one in known}) == len(known)
    assert frozen != MATRIX.tolist()
    assert frozen.to_dict() == {"sha256": frozen.sha256, "shape": [2, 3], "dtype": "float64"}
    assert repr(frozen) == f"FrozenArray(float64, shape (2, 3), sha256 {frozen.sha256[:12]})"


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float16, np.float32, np.float64])
def test_numbers_become_float64(dtype):
    frozen = frozen_matrix("P", np.ones((2, 3), dtype), (None, 3), boolean=False)
    assert frozen == FrozenArray(np.ones((2, 3)))
    assert frozen_matrix("P", frozen, (2, None), boolean=False) == frozen
    assert frozen_matrix("P", np.ones((1, 1), dtype), (1, 1), boolean=False).array.tolist() == [[1.0]]


def test_booleans_may_be_given_as_integers():
    for given in (np.eye(2, dtype=bool), np.eye(2, dtype=np.int64), np.eye(2, dtype=np.uint8)):
        assert frozen_matrix("mask", given, (2, 2), boolean=True) == FrozenArray(np.eye(2, dtype=bool))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([[1.0], [1.0, 2.0]], "P = [[1.0], [1.0, 2.0]]: expected a matrix; give rows of equal length"),
        ([1.0, 2.0], "P.shape = (2,): expected a matrix with an entry; give one row a vector"),
        (np.ones((0, 2)), "P.shape = (0, 2): expected a matrix with an entry; give one row a vector"),
        (np.ones((3, 3)), "P.shape = (3, 3): expected (3, 2); give as many rows and columns as the setting says"),
        (np.ones((3, 2), complex), "P.dtype = 'complex128': expected real numbers; convert the entries to float64"),
        (
            [[1.0, 2.0], [np.inf, np.nan]],
            "P[1, 0] = inf: expected finite entries; remove or replace NaN and infinite entries",
        ),
    ],
    ids=range(6),
)
def test_what_is_no_matrix_of_numbers(given, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        frozen_matrix("P", given, (None, 2), boolean=False)
    assert str(caught.value) == message


@pytest.mark.parametrize("given", [2 * np.ones((2, 2), int), np.array([[1, 0], [0, -1]]), np.ones((2, 2))])
def test_what_is_no_mask(given):
    with pytest.raises(ValueError, match=": expected ") as caught:
        frozen_matrix("mask", given, (2, 2), boolean=True)
    assert str(caught.value) == (
        f"mask.dtype = '{given.dtype}': expected booleans; give True where a query sees a key; "
        "an additive mask of 0 and -inf is compared with 0 first"
    )


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(np.float64).max, reason="long doubles are doubles here")
def test_a_number_beyond_float64_is_refused_without_a_warning():
    with pytest.raises(ValueError, match=r"^P\[0, 0\] = inf: expected finite entries; "):
        frozen_matrix("P", np.array([[np.longdouble("1e4000")]]), (None, None), boolean=False)
