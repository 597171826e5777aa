"""Ranks at head_dim 1, from the bits of given words."""

from __future__ import annotations

import numpy as np
import pytest

from montecarlo.line import line_ranks
from montecarlo.plain import plain_hardmax, plain_line_rank
from montecarlo.planar import MORE_WORDS

ALL = 2**64 - 1


def ranks_of(words, n_keys, n_queries):
    rows = np.array(words, np.uint64, ndmin=2)
    ranks = np.full(rows.shape[0], -7, np.int64)
    line_ranks(rows, n_keys, n_queries, ranks)
    return ranks.tolist()


@pytest.mark.parametrize("n_queries", [1, 2, 63, 64, 65, 127, 128, 129, 256])
@pytest.mark.parametrize("background", [0, ALL])
def test_one_query_of_another_sign_is_seen_wherever_it_is(n_queries, background):
    for place in range(256):
        words = [background] * 4
        words[place // 64] ^= 1 << (place % 64)
        expected = 2 if place < n_queries and n_queries > 1 else 1
        assert ranks_of(words, 9, n_queries) == [expected]
        assert plain_line_rank(np.array(words, np.uint64), 9, n_queries) == expected


def test_signs_decide_as_the_definition_says():
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**64, (500, 2), dtype=np.uint64)
    for n_queries, n_keys in [(1, 5), (2, 2), (3, 40), (6, 3), (100, 7)]:
        keys, expected = rng.normal(size=(n_keys, 1)), []
        for row in words:
            signs = np.unpackbits(row.view(np.uint8), bitorder="little")[:n_queries] * 2.0 - 1.0
            queries = signs[:, None] * np.abs(rng.normal(size=(n_queries, 1)))
            expected.append(np.unique(plain_hardmax(queries, keys)).size)
        assert ranks_of(words, n_keys, n_queries) == expected


def test_a_row_that_does_not_tell_is_reported():
    assert ranks_of([[ALL, ALL], [0, 0], [1, 0]], 5, 129) == [MORE_WORDS, MORE_WORDS, 2]
    assert ranks_of([[ALL, ALL], [0, 0]], 5, 128) == [1, 1]
    assert ranks_of([[ALL, ALL, 1], [ALL, ALL, 0]], 5, 129) == [1, 2]
    assert ranks_of([[ALL, ALL], [1, 0]], 1, 10**18) == [1, 1]
    assert ranks_of([ALL, 0], 2, 10**18) == [2]
