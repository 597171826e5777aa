"""What fixes the law of the attention matrix, and the validation of its sizes."""

from __future__ import annotations

from dataclasses import dataclass

from rankbound.errors import check_integer, invalid

MAX_KEYS = 10**18
"""Largest number of keys or queries that is accepted: it fits a 64-bit integer, and a float's exponent by far."""

MAX_HEAD_DIM = 10**10
"""Largest head dimension that is accepted: beyond it ball arithmetic at the precisions used here slows down."""


def check_n_keys(value: object) -> int:
    """Return the number of keys as an ``int`` of at least 1, or raise ``ValueError``."""
    remedy = "give the number of keys (the sequence length)"
    return check_integer("n_keys", value, minimum=1, maximum=MAX_KEYS, remedy=remedy)


def check_n_queries(value: object, n_keys: int) -> int:
    """Return the number of queries as an ``int`` of at least 1 (``None`` means ``n_keys``), or raise ``ValueError``."""
    if value is None:
        return n_keys
    remedy = "omit it to have as many queries as keys"
    return check_integer("n_queries", value, minimum=1, maximum=MAX_KEYS, remedy=remedy)


def check_head_dim(value: object) -> int:
    """Return the head dimension as an ``int`` of at least 1, or raise ``ValueError``."""
    remedy = "give the dimension of one attention head"
    return check_integer("head_dim", value, minimum=1, maximum=MAX_HEAD_DIM, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One law of a random hardmax attention matrix ``A`` (``n_queries`` rows, ``n_keys`` columns).

    With ``inputs="orthonormal"`` (``X X^T = I``) and ``weights="gaussian"`` (``W_q`` and ``W_k`` independent, entries
    iid standard normal), queries and keys are iid standard normal vectors of length ``head_dim``; with
    ``temperature=0`` row ``i`` of ``A`` is the indicator of the key with the largest score ``q_i . k_j``.

    Every field is validated on construction; ``mask``, ``inputs``, ``weights`` and ``temperature`` take only the values
    they have by default, and any other is a ``ValueError``, never ignored.
    """

    n_queries: int
    n_keys: int
    head_dim: int
    mask: str = "none"
    inputs: str = "orthonormal"
    weights: str = "gaussian"
    temperature: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_keys", check_n_keys(self.n_keys))
        object.__setattr__(self, "n_queries", check_n_queries(self.n_queries, self.n_keys))
        object.__setattr__(self, "head_dim", check_head_dim(self.head_dim))
        for name, value, only in (
            ("mask", self.mask, "none"),
            ("inputs", self.inputs, "orthonormal"),
            ("weights", self.weights, "gaussian"),
            ("temperature", self.temperature, 0.0),
        ):
            if value != only:
                raise invalid(name, value, repr(only), "no other value is implemented")
