"""Attention of published models by name: their dimensions as published, and where."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rankbound.errors import check_name, check_real, invalid
from rankbound.latent_attention import MLA
from rankbound.setting import Setting

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The attention of one published model.

    Attributes
    ----------
    name : str
        As given to :func:`preset`.
    source : str
        Where the dimensions were published.
    n_tokens, embed_dim, head_dim, n_heads, n_kv_heads : int
        As published; ``n_tokens`` is the length of the sequences that the model was trained on.
    rope_base : float or None
        Base of the rotary embedding, if there is one.
    mla : MLA or None
        Sizes of the latents, if there are any.
    """

    name: str
    source: str
    n_tokens: int
    embed_dim: int
    head_dim: int
    n_heads: int
    n_kv_heads: int
    rope_base: float | None = None
    mla: MLA | None = None


PRESETS = {
    one.name: one
    for one in (
        Preset(
            name="gpt2",
            source="Radford, Wu, Child, Luan, Amodei, Sutskever, Language Models are Unsupervised Multitask Learners "
            "(2019), table 2, smallest model; heads as in its published hparams.json (n_head 12)",
            n_tokens=1024,
            embed_dim=768,
            head_dim=64,
            n_heads=12,
            n_kv_heads=12,
        ),
        Preset(
            name="llama-3-8b",
            source="Grattafiori et al., The Llama 3 Herd of Models (2024), arXiv:2407.21783, table 3, column 8B, and "
            "section 3.2 (context 8K in pre-training, RoPE base 500000)",
            n_tokens=8192,
            embed_dim=4096,
            head_dim=128,
            n_heads=32,
            n_kv_heads=8,
            rope_base=500_000.0,
        ),
        Preset(
            name="deepseek-v3",
            source="DeepSeek-AI, DeepSeek-V3 Technical Report (2024), arXiv:2412.19437, section 4.2 (sequences of "
            "4K in pre-training); RoPE base as in its published config.json (rope_theta 10000)",
            n_tokens=4096,
            embed_dim=7168,
            head_dim=192,
            n_heads=128,
            n_kv_heads=128,
            rope_base=10_000.0,
            mla=MLA(q_lora_rank=1536, kv_lora_rank=512, nope_head_dim=128, rope_head_dim=64),
        ),
    )
}
"""By name."""


def preset(name: str, *, scale: float = 1.0, **changes: Any) -> Setting:
    """Return the setting of a published model: causal mask, Gaussian weights, Gaussian tokens.

    Trained models have neither Gaussian weights nor Gaussian tokens: this is their shape, at a random initialisation.

    Parameters
    ----------
    name : str
        One of :data:`PRESETS`.
    scale : float
        Above 0, at most 1: the number of tokens and every dimension (``embed_dim``, ``head_dim``, those of ``mla``) are
        multiplied by it and rounded, to even numbers where RoPE rotates pairs, to at least 1; numbers of heads stay.
    **changes
        Fields of :class:`Setting` that are to differ, for example ``inputs="zipf"``, ``n_keys=512`` or ``n_heads=1``
        (then one key head too, unless ``n_kv_heads`` says otherwise). ``n_queries`` follows ``n_keys``.

    Raises
    ------
    ValueError
        If there is no such preset, or what results is no setting.
    """
    model = PRESETS[check_name("preset", name, tuple(PRESETS))]
    factor = Fraction(
        check_real("scale", scale, above=0.0, below=1.0, inclusive=(False, True), remedy="give 0.125 for an eighth")
    )
    unknown = [one for one in changes if one not in Setting.__dataclass_fields__]
    if unknown:
        check_name("field", unknown[0], tuple(Setting.__dataclass_fields__))
    latents = model.mla and MLA(
        q_lora_rank=_scaled(model.mla.q_lora_rank, factor),
        kv_lora_rank=_scaled(model.mla.kv_lora_rank, factor),
        nope_head_dim=_scaled(model.mla.nope_head_dim, factor),
        rope_head_dim=_scaled(model.mla.rope_head_dim, factor, even=True),
    )
    latents = changes.get("mla", latents)
    head_dim = _scaled(model.head_dim, factor, even=model.rope_base is not None)
    n_keys = changes.get("n_keys", _scaled(model.n_tokens, factor))
    n_heads = changes.get("n_heads", model.n_heads)
    settled: dict[str, Any] = {
        "n_keys": n_keys,
        "n_queries": n_keys,
        "head_dim": latents.head_dim if isinstance(latents, MLA) else head_dim,
        "mask": "causal",
        "inputs": "gaussian",
        "embed_dim": _scaled(model.embed_dim, factor),
        "n_heads": n_heads,
        "n_kv_heads": _key_heads(model, n_heads),
        "rope_base": model.rope_base,
        "mla": latents,
    }
    if not isinstance(changes.get("inputs", ""), str):  # an array brings its own number of columns
        del settled["embed_dim"]
    return Setting(**settled | changes)


def _scaled(size: int, factor: Fraction, *, even: bool = False) -> int:
    step = 2 if even else 1
    return max(step, step * round(size * factor / step))


def _key_heads(model: Preset, n_heads: object) -> int | None:
    """Return the key heads that keep the model's number of query heads for each, if that many heads can."""
    share = model.n_heads // model.n_kv_heads
    if not isinstance(n_heads, int) or isinstance(n_heads, bool):
        return None  # the setting says what is wrong with it
    if n_heads >= share and n_heads % share:
        remedy = f"give a multiple of {share}, or n_kv_heads too"
        raise invalid("n_heads", n_heads, f"{share} query heads to a key head, as {model.name} has", remedy)
    return max(1, n_heads // share)
