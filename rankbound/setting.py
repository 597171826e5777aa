"""What fixes the law of the attention matrix, and the validation of its sizes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from rankbound.errors import check_integer, check_name, check_real, invalid
from rankbound.frozen_array import FrozenArray, frozen_matrix
from rankbound.inputs import INPUT_LAWS, Inputs, resolved
from rankbound.latent_attention import MLA

__all__ = [
    "MASKS",
    "MAX_HEAD_DIM",
    "MAX_KEYS",
    "WEIGHTS",
    "Setting",
    "check_head_dim",
    "check_ideal",
    "check_n_keys",
    "check_n_queries",
]

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


MASKS = ("none", "causal", "window")
"""Masks by name; a boolean array is a mask too."""

WEIGHTS = ("gaussian", "uniform", "xavier", "kaiming", "orthogonal", "tied")
"""Laws of the weight matrices."""

DEFAULT_WINDOW = 64
"""Keys that a query sees under the mask ``"window"``, unless ``window`` says otherwise."""

DEFAULT_ROPE_BASE = 10_000.0
"""Base of the rotary position embedding of MLA (Su et al., arXiv:2104.09864, section 3.4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One law of random attention matrices ``A`` (``n_queries`` rows, ``n_keys`` columns), one for each of the heads.

    The ideal setting is the default: ``X X^T = I``, ``W_q`` and ``W_k`` independent with iid standard normal entries,
    so that queries and keys are iid standard normal vectors of length ``head_dim``; one head, no mask, and row ``i`` of
    ``A`` is the indicator of the key with the largest score ``q_i . k_j``. Every other field takes a step away from it.

    The tokens are the rows of ``X``: ``max(n_queries, n_keys)`` of them, of which the first ``n_queries`` ask and the
    first ``n_keys`` are asked. Every field, and how fields go together, is checked on construction; what does not go
    together is a ``ValueError`` of one line, and no field is ever ignored.

    Parameters
    ----------
    n_queries, n_keys : int
        At least 1; ``n_queries=None`` means as many as keys.
    head_dim : int or inf
        At least 1. ``math.inf`` is the limit of wide heads: scores are jointly Gaussian with the covariance
        ``(X X^T)_{ii'} (X X^T)_{jj'}``, those of different heads independent.
    mask : str or boolean array (n_queries, n_keys)
        ``"none"``; ``"causal"``: query ``i`` sees keys 0 to ``i``; ``"window"``: the last ``window`` of those; or True
        where a query sees a key, with one at least in each row.
    window : int, optional
        At least 1, with ``mask="window"`` only (default: 64).
    inputs : str, Inputs or array (tokens, embed_dim)
        The law of the tokens by its name, with its parameters (:class:`rankbound.inputs.Inputs`), or the tokens.
    embed_dim : int, optional
        Columns of ``X``; as many as tokens, or as the array has, if omitted.
    weights : str
        ``"gaussian"``: entries iid standard normal; ``"uniform"``: iid uniform on [-sqrt(3), sqrt(3)], so of variance
        1; ``"xavier"`` and ``"kaiming"``: iid uniform on [-a, a] with ``a**2 = 6 / (embed_dim + head_dim)`` and
        ``6 / embed_dim`` (Glorot and Bengio, 2010; He et al., 2015), which for hardmax is the law of ``"uniform"``;
        ``"orthogonal"``: orthonormal columns (rows, if ``head_dim`` exceeds ``embed_dim``), uniformly distributed;
        ``"tied"``: Gaussian with ``W_q = W_k``.
    n_heads, n_kv_heads : int
        Heads of queries, and of keys (as many if omitted): query head ``h`` uses key head ``h // (n_heads /
        n_kv_heads)``. 1 key head is multi-query attention, more but fewer than ``n_heads`` grouped-query attention.
    rope_base : float, optional
        Between 1e-200 and 1e300: queries and keys are rotated by their positions (RoPE), pairs ``(c, c + head_dim /
        2)`` of components by ``position * rope_base**(-2 c / head_dim)``; a token's position is its index. With ``mla``
        the position parts only (default there: 10000); else no rotation if omitted.
    mla : MLA, optional
        Latent attention; ``head_dim`` is then ``mla.head_dim``. All its weights are Gaussian, uniform or scaled alike.
    temperature : float
        0 is hardmax; above, ``A = softmax(scores / (temperature sqrt(head_dim)))`` row by row.
    tolerance : float, optional
        With a temperature above 0, and required there: singular values above that share of the largest one count.
    """

    n_queries: int
    n_keys: int
    head_dim: int | float
    mask: str | FrozenArray = "none"
    window: int | None = None
    inputs: str | Inputs = "orthonormal"
    embed_dim: int | None = None
    weights: str = "gaussian"
    n_heads: int = 1
    n_kv_heads: int | None = None
    rope_base: float | None = None
    mla: MLA | None = None
    temperature: float = 0.0
    tolerance: float | None = None

    def __post_init__(self) -> None:
        self._set("n_keys", check_n_keys(self.n_keys))
        self._set("n_queries", check_n_queries(self.n_queries, self.n_keys))
        if not (isinstance(self.head_dim, float) and self.head_dim == math.inf):
            self._set("head_dim", check_head_dim(self.head_dim))
        self._check_mask()
        self._check_inputs()
        check_name("weights", self.weights, WEIGHTS)
        self._check_heads()
        if self.mla is not None:
            self._check_latents()
        self._check_rope()
        self._check_temperature()
        self._check_wide()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_mask(self) -> None:
        if not isinstance(self.mask, str):
            mask = frozen_matrix("mask", self.mask, (self.n_queries, self.n_keys), boolean=True)
            blind = [row for row, sees in enumerate(mask.array) if not sees.any()]
            if blind:
                where = f"mask[{blind[0]}]"
                raise invalid(where, "all False", "a key in every row", "let that query see a key, or leave it out")
            self._set("mask", mask)
        else:
            check_name("mask", self.mask, MASKS)
        if self.mask in ("causal", "window") and self.n_queries != self.n_keys:
            remedy = "give the mask as a boolean array where their numbers differ"
            raise invalid(
                "n_queries", self.n_queries, f"{self.n_keys}, as many as keys with a {self.mask} mask", remedy
            )
        if self.mask == "window":
            remedy = "give the number of keys that a query sees"
            width = DEFAULT_WINDOW if self.window is None else self.window
            self._set("window", check_integer("window", width, minimum=1, maximum=MAX_KEYS, remedy=remedy))
        elif self.window is not None:
            raise invalid("window", self.window, "None without mask='window'", "omit it, or set the mask")

    def _check_inputs(self) -> None:
        inputs: Any = self.inputs
        if isinstance(inputs, str):
            known = tuple(name for name in INPUT_LAWS if name != "array")
            inputs = Inputs(law=check_name("inputs", inputs, known))
        elif not isinstance(inputs, Inputs):
            inputs = Inputs(law="array", array=inputs)
        inputs = resolved(inputs, self.n_tokens)
        self._set("inputs", inputs if INPUT_LAWS[inputs.law] else inputs.law)
        columns, remedy = None, "omit it to have as many as tokens"
        if inputs.array is not None:
            frozen_matrix("inputs", inputs.array, (self.n_tokens, None), boolean=False)
            columns, remedy = inputs.array.array.shape[1], "omit it to have as many as the array"
        width = columns if self.embed_dim is None else self.embed_dim
        if width is None:
            return
        width = check_integer("embed_dim", width, minimum=1, maximum=MAX_KEYS, remedy=remedy)
        if columns is not None and width != columns:
            raise invalid("embed_dim", width, f"{columns}, the columns of inputs", remedy)
        needed = {
            "orthonormal": self.n_tokens,
            "duplicated": inputs.distinct,
            "antipodal": self.n_tokens // 2,
            "simplex": self.n_tokens - 1,
        }.get(inputs.law)
        if needed is not None and width < needed:
            expected = f"at least {needed} with inputs {inputs.law!r}"
            raise invalid("embed_dim", width, expected, "so many directions are orthogonal only in so many dimensions")
        self._set("embed_dim", width)

    def _check_heads(self) -> None:
        remedy = "give a number of heads"
        heads = check_integer("n_heads", self.n_heads, minimum=1, maximum=2**16, remedy=remedy)
        self._set("n_heads", heads)
        of_keys = heads if self.n_kv_heads is None else self.n_kv_heads
        of_keys = check_integer("n_kv_heads", of_keys, minimum=1, maximum=2**16, remedy=remedy)
        if heads % of_keys:
            raise invalid("n_kv_heads", of_keys, f"a divisor of n_heads = {heads}", "as many query heads share each")
        if self.weights == "tied" and of_keys != heads:
            raise invalid(
                "n_kv_heads", of_keys, f"{heads} with weights 'tied'", "W_q = W_k ties a key head to each head"
            )
        self._set("n_kv_heads", of_keys)

    def _check_latents(self) -> None:
        if not isinstance(self.mla, MLA):
            raise invalid("mla", self.mla, "an MLA or None", "build it with rankbound.MLA(...)")
        if self.head_dim != self.mla.head_dim:
            expected = f"{self.mla.head_dim}, mla.nope_head_dim + mla.rope_head_dim"
            raise invalid("head_dim", self.head_dim, expected, "give the sum of the two parts")
        if self.n_kv_heads != self.n_heads:
            raise invalid("n_kv_heads", self.n_kv_heads, f"{self.n_heads} with mla", "MLA computes keys for each head")
        if self.weights in ("tied", "orthogonal"):
            expected = "'gaussian', 'uniform', 'xavier' or 'kaiming' with mla"
            raise invalid("weights", self.weights, expected, "these are not defined for latents")
        if self.mla.rope_head_dim and self.rope_base is None:
            self._set("rope_base", DEFAULT_ROPE_BASE)

    def _check_rope(self) -> None:
        if self.rope_base is None:
            return
        remedy = "give the base of RoPE, for example 10000, or omit it for none"
        self._set("rope_base", check_real("rope_base", self.rope_base, above=1e-200, below=1e300, remedy=remedy))
        if self.mla is not None and self.mla.rope_head_dim == 0:
            raise invalid("rope_base", self.rope_base, "None with mla.rope_head_dim = 0", "omit it, or give that part")
        if self.mla is None and math.isfinite(self.head_dim) and int(self.head_dim) % 2:
            raise invalid("head_dim", self.head_dim, "an even number with RoPE", "RoPE rotates pairs of components")

    def _check_temperature(self) -> None:
        remedy = "give 0 for hardmax and 1 for standard attention"
        heat = check_real(
            "temperature", self.temperature, above=0.0, below=1e100, inclusive=(True, True), remedy=remedy
        )
        self._set("temperature", heat)
        if heat == 0.0 and self.tolerance is not None:
            raise invalid("tolerance", self.tolerance, "None for hardmax", "the rank of hardmax is exact: omit it")
        if heat > 0.0:
            remedy = "a rank at a temperature means singular values above a share of the largest, for example 1e-6"
            cut = check_real("tolerance", self.tolerance, above=0.0, below=1.0, remedy=remedy)
            self._set("tolerance", cut)

    def _check_wide(self) -> None:
        if not self.is_wide:
            return
        remedy = "give a finite head_dim"
        if self.weights == "tied":
            raise invalid("head_dim", self.head_dim, "a finite one with weights 'tied'", remedy)
        if self.rope_base is not None and self.inputs != "orthonormal":
            raise invalid("head_dim", self.head_dim, "a finite one with RoPE, unless inputs are orthonormal", remedy)

    def with_head_dim(self, head_dim: int | float) -> Setting:
        """Return the same setting at another head dimension; with ``mla`` its position part stays as it is."""
        if self.mla is None or not math.isfinite(head_dim):
            return replace(self, head_dim=head_dim)
        content = check_head_dim(head_dim) - self.mla.rope_head_dim
        if content < 1:
            expected = f"more than {self.mla.rope_head_dim}, the position part of a head"
            raise invalid("head_dim", head_dim, expected, "give the components of both parts together")
        return replace(self, head_dim=int(head_dim), mla=replace(self.mla, nope_head_dim=content))

    @property
    def n_tokens(self) -> int:
        """Rows of ``X``."""
        return max(self.n_queries, self.n_keys)

    @property
    def width(self) -> int:
        """Columns of ``X``: ``embed_dim``, or as many as tokens where that was omitted."""
        return self.n_tokens if self.embed_dim is None else self.embed_dim

    @property
    def is_wide(self) -> bool:
        """Whether this is the limit of wide heads."""
        return self.head_dim == math.inf

    @property
    def input_law(self) -> Inputs:
        """The law of the tokens as a record, every parameter set."""
        return _named(self.inputs) if isinstance(self.inputs, str) else self.inputs

    @property
    def departures(self) -> tuple[str, ...]:
        """Names of the fields by which this law differs from the ideal one of its sizes.

        ``embed_dim`` is none: with orthonormal tokens and Gaussian weights the law does not depend on it.
        """
        ideal = {field.name: field.default for field in fields(self)} | {"n_kv_heads": 1}
        same = {"n_queries", "n_keys", "head_dim", "embed_dim"}
        found = tuple(name for name, value in ideal.items() if name not in same and getattr(self, name) != value)
        return ("head_dim", *found) if self.is_wide else found

    @property
    def is_ideal(self) -> bool:
        """Whether the law is the ideal one of its sizes."""
        return not self.departures

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON has it: arrays by their SHA-256 digest, the limit of wide heads as ``"inf"``."""
        shown: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            shown[field.name] = value.to_dict() if isinstance(value, (FrozenArray, Inputs, MLA)) else value
        return shown | {"head_dim": "inf" if self.is_wide else self.head_dim}

    def to_json(self) -> str:
        """Return :meth:`to_dict` as one line of JSON with sorted keys: equal settings give equal lines."""
        return json.dumps(self.to_dict(), sort_keys=True, allow_nan=False)


@cache
def _named(law: str) -> Inputs:
    return Inputs(law=law)


def check_ideal(setting: Setting, what: str) -> tuple[int, int, int]:
    """Return ``(n_queries, n_keys, head_dim)`` of an ideal setting, or raise what says which fields depart from it.

    Parameters
    ----------
    setting : Setting
        Any.
    what : str
        What holds for the ideal setting only, as the message should say it.
    """
    if setting.departures:
        expected = f"the ideal setting: {what} knows no other"
        shown = {name: getattr(setting, name) for name in setting.departures}
        raise invalid("setting", shown, expected, "leave these fields at their defaults, or draw the variant instead")
    return setting.n_queries, setting.n_keys, int(setting.head_dim)
