"""Strategy of settings: an ideal one of small sizes, and departures from it as far as they go together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields as fields_of
from itertools import product
from typing import Any

import numpy as np
from hypothesis import reject
from hypothesis import strategies as st

from rankbound.errors import check_name
from rankbound.frozen_array import FrozenArray
from rankbound.inputs import INPUT_LAWS, Inputs
from rankbound.latent_attention import MLA
from rankbound.setting import WEIGHTS, Setting
from rankbound.testing.recipes import SEEDS
from rankbound.testing.token_laws import fits, law_of_tokens

__all__ = ["attention_settings"]

Fields = dict[str, Any]

_NAMES = tuple(field.name for field in fields_of(Setting))
_SMALL = st.integers(1, 8)
_ONE_IN_THREE = st.integers(0, 2)
_TOLERANCES = st.sampled_from([1e-6, 1e-3])


def attention_settings(**fields: Any) -> st.SearchStrategy[Setting]:
    """Return a strategy of valid settings, small ones by default, in which every field of ``Setting`` varies.

    A setting is drawn as an ideal one and up to ten departures from it: other numbers of queries, masks, laws of
    tokens, ``embed_dim``, latent attention, weights, heads, rotary positions, the limit of wide heads, temperature.
    Each is tried one time in three and made if it goes with those before it, so no example is thrown away. A failing
    setting shrinks to the smallest sizes and to the departures that matter, and prints as the call that makes it,
    arrays in full.

    Parameters
    ----------
    **fields
        Any fields of :class:`rankbound.Setting`. A value fixes the field; a strategy draws it. The others adapt to it:
        ``mask="causal"`` has as many queries as keys, ``temperature=1.0`` some tolerance, an array its sizes. By
        default ``n_keys``, ``n_queries`` and a finite ``head_dim`` are 1 to 8, a head dimension is infinite now and
        then, and there are at most 4 heads.

    Returns
    -------
    SearchStrategy of Setting

    Raises
    ------
    ValueError
        At once for a name that is no field; when an example is drawn, if the values do not go together at any sizes
        that may be drawn: it is the error that ``Setting`` raises. With a strategy among ``fields`` such an example is
        rejected instead, as ``hypothesis.assume`` does.

    Examples
    --------
    >>> from hypothesis import find
    >>> found = find(attention_settings(), lambda setting: setting.mask == "causal")
    >>> found == Setting(n_queries=1, n_keys=1, head_dim=1, mask="causal")
    True
    >>> ideal = attention_settings(n_keys=sequence_lengths(max_value=64), mask="none", inputs="orthonormal", mla=None)
    """
    for name in fields:
        check_name("field", name, _NAMES)
    return _settings(fields)


@st.composite
def _settings(draw: st.DrawFn, asked: Fields) -> Setting:
    fixed = {name: draw(value) if isinstance(value, st.SearchStrategy) else value for name, value in asked.items()}
    rejecting = any(isinstance(value, st.SearchStrategy) for value in asked.values())
    kept = _start(draw, fixed, rejecting)
    for departure in _DEPARTURES:
        if draw(_ONE_IN_THREE) < 2:
            continue
        change = departure(draw, Setting(**kept))
        changed = kept | {name: value for name, value in change.items() if name not in fixed}
        if _problem(changed) is None:
            kept = changed
    return draw(st.builds(Setting, **{name: st.just(value) for name, value in kept.items()}))


def _problem(fields: Fields) -> ValueError | None:
    try:
        Setting(**fields)
    except ValueError as problem:
        return problem
    return None


def _start(draw: st.DrawFn, fixed: Fields, rejecting: bool) -> Fields:
    """Return the fixed fields with what they imply, and the nearest sizes to those drawn that go with them."""
    known = fixed | {name: value for name, value in _implied(draw, fixed).items() if name not in fixed}
    n_keys, head_dim = draw(_SMALL), draw(_SMALL)
    problems = []
    for sizes in _sizes(known, n_keys, head_dim):
        problem = _problem(sizes)
        if problem is None:
            return sizes
        problems.append(problem)
    if rejecting:
        reject()
    raise problems[0]


def _implied(draw: st.DrawFn, fixed: Fields) -> Fields:
    implied: Fields = {}
    mla, mask, inputs = (fixed.get(name) for name in ("mla", "mask", "inputs"))
    if isinstance(mla, MLA):
        implied["head_dim"] = mla.head_dim
    if fixed.get("temperature"):
        implied["tolerance"] = draw(_TOLERANCES)
    if fixed.get("tolerance") is not None:
        implied["temperature"] = 1.0
    if fixed.get("window") is not None:
        implied["mask"] = "window"
    if isinstance(fixed.get("n_kv_heads"), int):
        implied["n_heads"] = fixed["n_kv_heads"] * draw(st.integers(1, 2))
    tokens = inputs.array if isinstance(inputs, Inputs) else inputs
    if tokens is not None and not isinstance(tokens, str):
        implied["n_keys"] = _rows_and_columns(tokens)[0]
    if mask is not None and not isinstance(mask, str):
        implied["n_queries"], implied["n_keys"] = _rows_and_columns(mask)
    return implied


def _rows_and_columns(array: Any) -> tuple[int, int]:
    shape = np.shape(array.array if isinstance(array, FrozenArray) else array)
    return (shape[0], shape[1]) if len(shape) == 2 else (1, 1)  # Setting says what is wrong with it


def _sizes(known: Fields, n_keys: int, head_dim: int) -> Iterator[Fields]:
    """Yield the fields with every size that may be drawn, those near ``n_keys`` and ``head_dim`` first."""
    small = range(1, 9)
    keys = [*small, known["n_queries"]] if isinstance(known.get("n_queries"), int) else small
    keys_in_turn = [known["n_keys"]] if "n_keys" in known else sorted(keys, key=lambda n: (abs(n - n_keys), n))
    dims_in_turn = [known["head_dim"]] if "head_dim" in known else sorted(small, key=lambda d: (abs(d - head_dim), d))
    for n, d in product(keys_in_turn, dims_in_turn):
        yield {"n_queries": n, "n_keys": n, "head_dim": d} | known


def _queries(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"n_queries": draw(_SMALL)}


def _mask(draw: st.DrawFn, setting: Setting) -> Fields:
    kind = "window" if setting.mask == "window" else draw(st.sampled_from(["causal", "window", "array"]))
    if kind == "causal":
        return {"mask": kind}
    if kind == "window":
        return {"mask": kind, "window": draw(st.integers(1, setting.n_keys))}
    rng = np.random.default_rng(draw(SEEDS))
    mask = rng.random((setting.n_queries, setting.n_keys)) < 0.5
    mask[np.arange(setting.n_queries), rng.integers(0, setting.n_keys, setting.n_queries)] = True
    return {"mask": mask}


def _inputs(draw: st.DrawFn, setting: Setting) -> Fields:
    fit = [law for law in INPUT_LAWS if fits(law, setting.n_tokens, setting.embed_dim)]
    if not fit:
        return {}
    inputs, width = draw(law_of_tokens(draw(st.sampled_from(fit)), setting.n_tokens, setting.embed_dim))
    return {"inputs": inputs, "embed_dim": width}


def _embed_dim(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"embed_dim": draw(st.integers(1, 12))}


def _latents(draw: st.DrawFn, setting: Setting) -> Fields:
    if setting.is_wide:
        return {}
    rotary = 2 * draw(st.integers(0, (int(setting.head_dim) - 1) // 2))
    content = int(setting.head_dim) - rotary
    sizes = {"q_lora_rank": _SMALL, "kv_lora_rank": _SMALL, "nope_head_dim": st.just(content)}
    return {"mla": draw(st.builds(MLA, **sizes, rope_head_dim=st.just(rotary), norm=st.booleans()))}


def _weights(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"weights": draw(st.sampled_from(WEIGHTS[1:]))}


def _heads(draw: st.DrawFn, setting: Setting) -> Fields:
    heads = setting.n_heads if setting.n_heads > 1 else draw(st.integers(2, 4))
    divisors = [of_keys for of_keys in range(heads, 0, -1) if heads % of_keys == 0]
    return {"n_heads": heads, "n_kv_heads": draw(st.sampled_from(divisors))}


def _rope(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"rope_base": draw(st.sampled_from([10_000.0, 100.0]))}


def _wide(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"head_dim": math.inf}


def _temperature(draw: st.DrawFn, setting: Setting) -> Fields:
    return {"temperature": draw(st.sampled_from([1.0, 0.1, 0.001])), "tolerance": draw(_TOLERANCES)}


_DEPARTURES: tuple[Callable[[st.DrawFn, Setting], Fields], ...] = (
    _queries, _mask, _inputs, _embed_dim, _latents, _weights, _heads, _rope, _wide, _temperature,
)  # fmt: skip
