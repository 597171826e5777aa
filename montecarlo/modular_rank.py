"""The exact rank of a matrix of small non-negative integers: elimination modulo primes, with a certificate.

The rank modulo any prime is a lower bound. If the rank modulo each of some primes is at most r, their product divides
every minor of r + 1 rows; by Hadamard's inequality such a minor is at most the product of the r + 1 largest lengths of
rows. Once the product of the primes exceeds that, every such minor is zero, and the rank is r: nothing is left to
chance, and where the rank is full the first prime is enough.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from montecarlo._jit import inlined, kernel, wide_vectors
from montecarlo.layout import Floats, Integers

__all__ = ["certified_rank", "rank_modulo"]

_BITS = 26
"""Primes have so many bits: a product of two residues is exact in float64."""


@lru_cache(maxsize=1)
def _small_primes() -> Integers:
    sieve = np.ones(2 ** (_BITS // 2) + 1, np.bool_)
    sieve[:2] = False
    for i in range(2, math.isqrt(sieve.size) + 1):
        if sieve[i]:
            sieve[i * i :: i] = False
    return np.flatnonzero(sieve)


@lru_cache(maxsize=4096)
def prime(index: int) -> int:
    """Return the ``index``-th largest prime below 2^26, by trial division."""
    candidate = 2**_BITS - 1 if index == 0 else prime(index - 1) - 2
    while not (candidate % _small_primes()).all():
        candidate -= 2
    return candidate


@inlined
def _reduced(x: Any, p: Any, inverse: Any) -> Any:
    """Return x modulo p for an integer x with a magnitude below 2^53."""
    rest = x - np.floor(x * inverse) * p
    rest = rest + p if rest < 0.0 else rest
    return rest - p if rest >= p else rest


@kernel
def rank_modulo(matrix: Floats, p: float) -> int:
    """Return the rank of ``matrix``, entries from 0 to p - 1, modulo the prime ``p`` < 2^26; it is overwritten."""
    wide_vectors()
    rows, columns = matrix.shape
    inverse = 1.0 / p
    rank = 0
    for column in range(columns):
        pivot = rank
        while pivot < rows and matrix[pivot, column] == 0.0:
            pivot += 1
        if pivot == rows:
            continue
        if pivot != rank:
            for j in range(column, columns):
                matrix[pivot, j], matrix[rank, j] = matrix[rank, j], matrix[pivot, j]
        # The inverse of the pivot, by the extended algorithm of Euclid.
        a, b, x, y = int(p), int(matrix[rank, column]), 0, 1
        while b > 0:
            quotient = a // b
            a, b = b, a - quotient * b
            x, y = y, x - quotient * y
        factor = float(x) if x >= 0 else float(x) + p
        for j in range(column, columns):
            matrix[rank, j] = _reduced(matrix[rank, j] * factor, p, inverse)
        for i in range(rank + 1, rows):
            factor = matrix[i, column]
            if factor != 0.0:
                factor = p - factor
                for j in range(column, columns):
                    matrix[i, j] = _reduced(matrix[i, j] + factor * matrix[rank, j], p, inverse)
        rank += 1
        if rank == rows:
            break
    return rank


def certified_rank(matrix: Integers, bound: int | None = None) -> int:
    """Return the rank over the rationals of a matrix of integers from 0 to 2^16, exactly.

    Parameters
    ----------
    matrix : int64 array (rows, columns)
        Of any size.
    bound : int, optional
        A number that the rank is known not to exceed: reaching it is a certificate too.
    """
    distinct = np.unique(np.unique(matrix, axis=0), axis=1)
    distinct = distinct[distinct.any(axis=1)]
    if distinct.size == 0:
        return 0
    if distinct.shape[0] > distinct.shape[1]:
        distinct = distinct.T
    squares = -np.sort(-(distinct.astype(np.int64) ** 2).sum(axis=1))
    most = min(distinct.shape) if bound is None else min(*distinct.shape, bound)
    rank, product_bits, index = 0, 0.0, 0
    while True:
        p = prime(index)
        rank = max(rank, rank_modulo(np.mod(distinct, p).astype(np.float64), float(p)))
        product_bits += math.log2(p)
        index += 1
        if rank == most:
            return rank
        # A little more than Hadamard's bound, for the rounding of the logarithms.
        if product_bits > 0.5 * float(np.log2(squares[: rank + 1]).sum()) + 1.0:
            return rank
