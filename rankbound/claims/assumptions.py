"""Sufficient assumptions of claims, each with what of a setting breaks it.

An assumption that a setting breaks makes a claim vacuous there: nothing follows, neither that it holds nor that it
fails. Whether one is met is decided from the fields of the setting alone, never from what was drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rankbound.frozen_array import FrozenArray

if TYPE_CHECKING:
    from rankbound.setting import Setting

__all__ = [
    "CAUSAL",
    "GAUSSIAN_HEADS",
    "GAUSSIAN_WEIGHTS",
    "HARDMAX",
    "LATENT_QUERIES",
    "ORTHONORMAL",
    "SLIDING_WINDOW",
    "SQUARE",
    "SQUARE_HEADS",
    "UNMASKED",
    "WARM",
    "Assumption",
    "sees_the_past",
]

Breaks = Callable[["Setting", tuple[int, ...]], str]
"""Given the setting of a run and its head dimensions: what breaks an assumption, in words; nothing if it is met."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A sufficient assumption of a claim.

    Attributes
    ----------
    text : str
        What is assumed.
    broken_by : callable, optional
        Given the setting of a run and its head dimensions, what of them breaks the assumption, in a few words; an empty
        string if they meet it. Omitted for what no setting breaks.
    """

    text: str
    broken_by: Breaks | None = None

    def broken(self, setting: Setting, head_dims: tuple[int, ...]) -> str:
        """Return what breaks the assumption, or nothing."""
        return "" if self.broken_by is None else self.broken_by(setting, head_dims)

    def __str__(self) -> str:
        return self.text


def _tokens(setting: Setting, _: tuple[int, ...]) -> str:
    law = setting.input_law
    if law.law == "orthonormal" or (law.law == "duplicated" and law.distinct == setting.n_tokens):
        return ""
    if law.array is not None:
        return "" if _are_orthonormal(law.array) else "the tokens of the array are not exactly orthonormal"
    if law.law == "low-rank" and law.rank == setting.n_tokens:
        return "the tokens are a product of Gaussian matrices"
    independent = "the tokens have iid Gaussian entries"
    return {
        "gaussian": independent,
        "duplicated": f"only {law.distinct} of the {setting.n_tokens} tokens are distinct",
        "clustered": f"the tokens lie around {law.clusters} centres",
        "zipf": "the tokens are rows of an embedding, which may repeat",
        "antipodal": "the tokens are pairs x, -x",
        "simplex": "the tokens are the vertices of a simplex, which sum to 0",
        "low-rank": f"the tokens span at most {law.rank} dimensions",
        "ar1": "neighbouring tokens are correlated" if law.correlation else independent,
    }[law.law]


@lru_cache(maxsize=1)  # a run asks for each of its claims
def _are_orthonormal(tokens: FrozenArray) -> bool:
    """Whether ``X X^T = I`` without any rounding; False also where float64 cannot tell.

    With entries that are multiples of 1/1024, at most 1, and at most 2^30 of them in a row, every product and every
    partial sum is a multiple of 2^-20 below 2^31, which float64 holds exactly, in whatever order they are added.
    """
    import numpy as np

    entries = np.asarray(tokens.array, dtype=np.float64)
    coarse = bool((np.abs(entries) <= 1.0).all() and (entries * 1024.0 == np.rint(entries * 1024.0)).all())
    fits = entries.shape[0] <= entries.shape[1] <= 2**30
    return coarse and fits and bool(np.array_equal(entries @ entries.T, np.eye(entries.shape[0])))


def _weights(setting: Setting, _: tuple[int, ...]) -> str:
    if setting.mla is not None:
        return "queries and keys are made of latents (MLA)"
    return {
        "gaussian": "",
        "uniform": "the entries of the weights are uniform",
        "xavier": "the entries of the weights are uniform",
        "kaiming": "the entries of the weights are uniform",
        "orthogonal": "the weights have orthonormal columns",
        "tied": "the weights are tied, W_q = W_k",
    }[setting.weights]


def _softmax(setting: Setting, _: tuple[int, ...]) -> str:
    return f"softmax at temperature {setting.temperature:g}" if setting.temperature else ""


def _mask(setting: Setting, _: tuple[int, ...]) -> str:
    if isinstance(setting.mask, FrozenArray):
        return "" if bool(setting.mask.array.all()) else "a mask hides keys from queries"
    if setting.mask == "none" or setting.n_keys == 1:
        return ""
    return "the mask is causal" if setting.mask == "causal" else f"the mask is a window of {setting.window} keys"


def _shape(setting: Setting, _: tuple[int, ...]) -> str:
    same = setting.n_queries == setting.n_keys
    return "" if same else f"{setting.n_queries} queries and {setting.n_keys} keys"


def sees_the_past(setting: Setting) -> bool:
    """Whether query ``i`` sees keys 0 to ``i``: by the causal mask, a window as wide, or an array that says so."""
    import numpy as np

    if isinstance(setting.mask, FrozenArray):
        return bool(np.array_equal(setting.mask.array, np.tri(setting.n_keys, dtype=bool)))
    return setting.mask == "causal" or (setting.mask == "window" and (setting.window or 1) >= setting.n_keys)


def _not_causal(setting: Setting, _: tuple[int, ...]) -> str:
    return "" if sees_the_past(setting) else "the mask is not the causal one"


def _no_window(setting: Setting, _: tuple[int, ...]) -> str:
    if setting.mask != "window":
        return "the mask is not a window"
    needed = 2 * int(setting.window or 1) - 2
    return "" if setting.n_keys >= needed else f"n = {setting.n_keys} is below 2w - 2 = {needed}"


def _latents(setting: Setting, _: tuple[int, ...]) -> str:
    if setting.mla is None:
        return "queries and keys are not made of latents"
    if setting.mla.rope_head_dim:
        return "positions turn a part of queries and keys (RoPE)"
    if setting.mla.norm:
        return "the latents are normalised (RMSNorm)"
    return "" if setting.weights == "gaussian" else "the entries of the weights are uniform"


def _hardmax_only(setting: Setting, _: tuple[int, ...]) -> str:
    return "" if setting.temperature else "hardmax: there is no temperature"


ORTHONORMAL = Assumption("X X^T = I", _tokens)
GAUSSIAN_WEIGHTS = Assumption("W_q and W_k independent, with iid N(0, 1) entries", _weights)
HARDMAX = Assumption("hardmax: each query attends to the key of largest score (temperature 0)", _softmax)
UNMASKED = Assumption("every query sees every key", _mask)
SQUARE = Assumption("as many queries as keys (n = sequence length)", _shape)
CAUSAL = Assumption("causal mask: query i sees keys 0 to i", _not_causal)
SLIDING_WINDOW = Assumption(
    "sliding window: a query sees the last w of the keys up to its own, n >= 2w - 2", _no_window
)
LATENT_QUERIES = Assumption(
    "queries X W_DQ W_UQ, keys X W_DKV W_UK, no positions, latents not normalised, the entries of W_DQ iid N(0, 1) and "
    "independent of the other weights, which have any law",
    _latents,
)
WARM = Assumption("softmax at a temperature above 0, which makes rows nonnegative with sum 1", _hardmax_only)

GAUSSIAN_HEADS = (ORTHONORMAL, GAUSSIAN_WEIGHTS, HARDMAX, UNMASKED)
"""The ideal setting, for any numbers of queries and keys.

RoPE changes nothing here: it turns each query and each key, which are independent standard normal vectors, by a fixed
rotation, and such vectors have the same law as before.
"""

SQUARE_HEADS = (*GAUSSIAN_HEADS, SQUARE)
"""The ideal setting with as many queries as keys."""
