"""From a law, its sizes and a seed to the key of a counter-based generator."""

from __future__ import annotations

import numbers
import operator
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from montecarlo import DEFAULT_SEED
from rankbound.errors import invalid

Seed = int | np.random.SeedSequence | np.random.Generator | None

_EXPECTED = "None, a non-negative integer, a numpy.random.SeedSequence or a numpy.random.Generator"
_WORD = 32


class Law(IntEnum):
    """What is drawn under a key. The numbers enter the key, so they never change and are never used again (1 was)."""

    RANKS_FROM_WEIGHTS = 2
    RANK_AND_OCCUPANCY = 3
    RANKS_BY_SIGNS = 4
    RANKS_BY_CONES = 5
    RANKS_BY_SCAN = 6
    SOFTMAX = 8
    VARIANT = 9


def derive_key(law: Law, sizes: tuple[int, ...], rng: Seed) -> npt.NDArray[np.uint64]:
    """Return the key under which every replicate of ``law`` at ``sizes`` is drawn.

    Parameters
    ----------
    law : Law
        What is drawn.
    sizes : tuple of int
        The sizes that the law depends on, each from 0 to 2**64 - 1.
    rng : None, int, SeedSequence or Generator
        ``None`` is :data:`montecarlo.DEFAULT_SEED`; an integer ``s`` is ``SeedSequence(s)``. A ``SeedSequence`` is used
        through its entropy and its spawn key and is not changed, so the same one gives the same key again. A
        ``Generator`` gives 256 random bits and is advanced by that, so that two calls with one generator are
        independent (and the second is not a continuation of the first).

    Returns
    -------
    uint64 array (4,)
        The state of one ``SeedSequence`` whose spawn key is the caller's, followed by the law and the sizes in words
        of 32 bits, two a size.

    Raises
    ------
    ValueError
        If ``rng`` is anything else: a negative integer, a ``bool`` or a float in particular.
    """
    if rng is None:
        rng = DEFAULT_SEED
    spawn_key: tuple[int, ...] = ()
    pool_size = 4
    entropy: object
    if isinstance(rng, np.random.Generator):
        entropy = [int(word) for word in rng.integers(0, 2**64, size=4, dtype=np.uint64)]
    elif isinstance(rng, np.random.SeedSequence):
        entropy, spawn_key, pool_size = rng.entropy, tuple(rng.spawn_key), rng.pool_size
    elif isinstance(rng, numbers.Integral) and not isinstance(rng, bool) and rng >= 0:
        entropy = operator.index(rng)
    else:
        raise invalid("rng", rng, _EXPECTED, f"omit it to use the default seed {DEFAULT_SEED}")
    halves = [half for size in sizes for half in (size & (2**_WORD - 1), size >> _WORD)]
    sequence = np.random.SeedSequence(
        entropy,
        spawn_key=(*spawn_key, int(law), *halves),
        pool_size=pool_size,
    )
    return sequence.generate_state(4, np.uint64).astype(np.uint64)
