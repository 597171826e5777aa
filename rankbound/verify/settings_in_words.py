"""A setting as people read it, and as the options of the command line that ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rankbound.frozen_array import FrozenArray

if TYPE_CHECKING:
    from rankbound.setting import Setting

__all__ = ["described", "options_for"]


def described(setting: Setting) -> str:
    """Return how a setting differs from the ideal one, in words; nothing where it does not."""
    parts = []
    if isinstance(setting.mask, FrozenArray):
        parts.append("a mask of one's own")
    elif setting.mask != "none":
        parts.append("causal mask" if setting.mask == "causal" else f"window of {setting.window} keys")
    law = setting.input_law
    if law.law != "orthonormal":
        values = {k: v for k, v in law.to_dict().items() if k not in ("law", "array")}
        size = f" of dimension {setting.embed_dim}" if setting.embed_dim is not None else ""
        whose = "given" if law.law == "array" else law.law
        parts.append(f"{whose} tokens{size}" + "".join(f", {name} {value:g}" for name, value in values.items()))
    if setting.weights != "gaussian":
        parts.append(f"{setting.weights} weights")
    if setting.mla is not None:
        norm = ", normalised" if setting.mla.norm else ""
        parts.append(f"latents of {setting.mla.q_lora_rank} and {setting.mla.kv_lora_rank}{norm}")
    if setting.rope_base is not None:
        parts.append(f"RoPE of base {setting.rope_base:g}")
    if setting.temperature:
        parts.append(f"softmax at temperature {setting.temperature:g}, tolerance {setting.tolerance:g}")
    return "; ".join(parts)


def options_for(setting: Setting) -> list[str] | None:
    """Return the options of ``verify`` that ask for a setting, but for its sizes; ``None`` if there are none."""
    words: list[str] = []
    law = setting.input_law
    if isinstance(setting.mask, FrozenArray) or law.law == "array" or setting.mla or setting.rope_base:
        return None
    if setting.mask != "none":
        words += ["--mask", setting.mask]
    if setting.mask == "window":
        words += ["--window", str(setting.window)]
    if law.law != "orthonormal":
        values = [f"{name}={value!r}" for name, value in law.to_dict().items() if name != "law"]
        words += ["--inputs", ":".join([law.law, ",".join(values)]) if values else law.law]
    if setting.embed_dim is not None:
        words += ["--embed-dim", str(setting.embed_dim)]
    if setting.weights != "gaussian":
        words += ["--weights", setting.weights]
    if setting.temperature:
        words += ["--temperature", repr(setting.temperature), "--tolerance", repr(setting.tolerance)]
    return words
