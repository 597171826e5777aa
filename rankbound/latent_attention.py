"""Multi-head latent attention: the sizes of the latents that queries and keys are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rankbound.errors import check_integer, invalid

__all__ = ["MLA"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MLA:
    """Multi-head latent attention as DeepSeek-V2 introduced it (arXiv:2405.04434, section 2.1).

    Queries are ``[c_q W_UQ ; rope(c_q W_QR)]`` with the latent ``c_q = x W_DQ``, keys ``[c_kv W_UK ; rope(x W_KR)]``
    with ``c_kv = x W_DKV``. ``W_UQ``, ``W_QR`` and ``W_UK`` are those of a head; ``W_KR``, the position part of the
    key, is shared by all heads.

    Parameters
    ----------
    q_lora_rank, kv_lora_rank : int
        Components of ``c_q`` and of ``c_kv``.
    nope_head_dim, rope_head_dim : int
        Components of the two parts of a head; the second is even, and 0 if there is no position part.
    norm : bool
        Whether the input and both latents go through an RMSNorm without gains, as in the published model: the block
        normalises its input, so that ``|x|^2 = embed_dim``, and the attention its latents. Without it, none is.
    """

    q_lora_rank: int
    kv_lora_rank: int
    nope_head_dim: int
    rope_head_dim: int = 0
    norm: bool = True

    def __post_init__(self) -> None:
        for name, least in (("q_lora_rank", 1), ("kv_lora_rank", 1), ("nope_head_dim", 1), ("rope_head_dim", 0)):
            remedy = "give the dimension of that part of MLA"
            number = check_integer(f"mla.{name}", getattr(self, name), minimum=least, maximum=2**20, remedy=remedy)
            object.__setattr__(self, name, number)
        if self.rope_head_dim % 2:
            raise invalid("mla.rope_head_dim", self.rope_head_dim, "an even number", "RoPE rotates pairs of components")
        if not isinstance(self.norm, bool):
            raise invalid("mla.norm", self.norm, "True or False", "say whether there is an RMSNorm")

    @property
    def head_dim(self) -> int:
        """Components of a query and of a key: both parts."""
        return self.nope_head_dim + self.rope_head_dim

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them."""
        return {name: getattr(self, name) for name in self.__slots__}
