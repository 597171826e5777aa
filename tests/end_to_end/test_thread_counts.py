"""Certified numbers are the same bytes whatever the number of BLAS threads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
from rankbound.bounds import cache, expected_rank, expected_rank_float
with cache.disabled():
    for n, d in ((5, 4), (24, 3), (512, 16), (4096, 64)):
        e, f = expected_rank(n, d), expected_rank_float(n, d)
        print(e.lower.hex(), e.upper.hex(), f.second_moment.hex(), f.norm_conditioned.hex())
"""


@pytest.mark.thorough
def test_one_blas_thread_or_several():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "4")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 4
