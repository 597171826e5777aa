"""Rotary position embedding: pairs of components turned by angles in proportion to the position."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from montecarlo.layout import Floats

__all__ = ["rotated"]


@lru_cache(maxsize=4)
def _turns(n: int, half: int, base: float) -> tuple[Floats, Floats]:
    angles = np.arange(n)[:, None] * base ** (-np.arange(half) / half)
    return np.cos(angles), np.sin(angles)


def rotated(rows: Floats, base: float) -> Floats:
    """Return ``rows`` (tokens, even number of components) with row ``i`` turned to position ``i``.

    Components ``c`` and ``c + half`` are a pair, turned by the angle ``i base**(-c / half)`` (Su et al., "RoFormer",
    arXiv:2104.09864, equation 15, in the order of components of GPT-NeoX and Llama, which changes no score of random
    weights in law).
    """
    half = rows.shape[1] // 2
    cosine, sine = _turns(rows.shape[0], half, base)
    first, second = rows[:, :half], rows[:, half:]
    return np.concatenate([first * cosine - second * sine, first * sine + second * cosine], axis=1)
