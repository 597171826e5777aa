"""The random numbers of a replicate of a variant, by what they are for: every matrix has a stream of its own."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from montecarlo.generator import fill_chi, fill_normals, fill_words
from montecarlo.layout import Floats

__all__ = ["Draws", "Part", "gaussian_factor", "stream_of"]

Words = npt.NDArray[np.uint64]


class Part(IntEnum):
    """What numbers are for. They enter the streams, so they never change; the one after each is for its diagonal."""

    TOKENS = 0
    NOISE = 2
    IDS = 4
    FRAME = 6
    QUERY = 8
    KEY = 10
    ROPE_QUERY = 12
    ROPE_KEY = 14
    QUERY_LATENT = 16
    KEY_LATENT = 18
    SCORES = 20


PARTS = 32
"""Streams a head; the number of heads times this fits a counter by far."""


def stream_of(part: int, head: int) -> int:
    """Return the stream of a part of a head."""
    return PARTS * head + part


class Draws:
    """The numbers of one replicate under one key: functions of the key, the replicate, the part and the head alone."""

    def __init__(self, key: Words, replicate: int) -> None:
        self.key = key
        self.replicate = replicate

    def normals(self, part: int, head: int, shape: tuple[int, int]) -> Floats:
        """Return independent standard normals in row order."""
        out = np.empty((1, shape[0] * shape[1]))
        fill_normals(self.key, stream_of(part, head), self.replicate, out)
        normals: Floats = out.reshape(shape)
        return normals

    def chi(self, part: int, head: int, largest: int, count: int) -> Floats:
        """Return independent chi variables of ``largest``, ``largest - 1``, ... degrees of freedom."""
        out = np.empty((1, count))
        fill_chi(self.key, stream_of(part, head), self.replicate, largest, out)
        chi: Floats = out[0]
        return chi

    def units(self, part: int, head: int, count: int) -> Floats:
        """Return independent numbers that are uniform on the multiples of 2^-53 in [0, 1)."""
        out = np.empty((1, count), np.uint64)
        fill_words(self.key, stream_of(part, head), self.replicate, out)
        units: Floats = (out[0] >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return units


def gaussian_factor(draws: Draws, part: int, head: int, rows: int, columns: int) -> Floats:
    """Return a matrix F with as many rows such that ``F F^T`` has the law of ``G G^T``, G Gaussian (rows, columns).

    Where there are at least as many columns as rows, F is lower triangular and square: G = F O with orthonormal rows of
    O, independent of F and uniformly distributed (:mod:`montecarlo.compression`, with its law of Bartlett). Else F = G.
    """
    if columns <= rows:
        return draws.normals(part, head, (rows, columns))
    factor = np.tril(draws.normals(part, head, (rows, rows)), -1)
    np.fill_diagonal(factor, draws.chi(part + 1, head, columns, rows))
    return factor
