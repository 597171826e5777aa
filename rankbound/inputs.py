"""Laws of the tokens that go into attention: what the rows of X are, and the parameters each law has."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from rankbound.errors import check_integer, check_name, check_real, invalid
from rankbound.frozen_array import FrozenArray, frozen_matrix

__all__ = ["INPUT_LAWS", "Inputs", "resolved"]

INPUT_LAWS: dict[str, tuple[str, ...]] = {
    "orthonormal": (),
    "gaussian": (),
    "duplicated": ("distinct",),
    "clustered": ("clusters", "spread"),
    "zipf": ("vocabulary", "exponent"),
    "antipodal": (),
    "simplex": (),
    "low-rank": ("rank",),
    "ar1": ("correlation",),
    "array": ("array",),
}
"""The parameters of each law."""

LARGEST_ENTRY = 1e100
"""Largest magnitude of an entry of the user's tokens, so that no product overflows."""

_VOCABULARY = 50_257
"""Entries of GPT-2's vocabulary (Radford et al., 2019)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The law of the tokens, the rows of X (one a token, ``embed_dim`` columns); drawn anew for every replicate.

    ==============  ==================================================================================================
    law             rows of X
    ==============  ==================================================================================================
    "orthonormal"   ``X X^T = I``, uniformly distributed
    "gaussian"      independent, entries iid standard normal
    "duplicated"    token ``i`` is number ``i mod distinct`` of orthonormal tokens (default: half as many as tokens)
    "clustered"     token ``i`` is centre ``i mod clusters`` plus ``spread`` times noise, both iid standard normal
                    (default: 8 clusters, or as many as tokens if those are fewer; spread 0.1)
    "zipf"          rows of an embedding with iid standard normal entries, by iid ids of which number ``r`` (from 1 to
                    ``vocabulary``) has a probability proportional to ``r**-exponent`` (default: 50257, 1.0)
    "antipodal"     ``x_0, -x_0, x_1, -x_1, ...`` with orthonormal ``x_i``; an even number of tokens
    "simplex"       the vertices of a regular simplex around the origin
    "low-rank"      a product of two matrices with iid standard normal entries and ``rank`` components between them
                    (default: an eighth of the tokens, at least 1)
    "ar1"           every component is a stationary Gaussian AR(1) sequence along the tokens with that ``correlation``
                    of neighbours (default: 0.9), variance 1
    "array"         the rows of ``array``, the same in every replicate
    ==============  ==================================================================================================

    A parameter that the law does not have is refused, never ignored.
    """

    law: str
    distinct: int | None = None
    clusters: int | None = None
    spread: float | None = None
    vocabulary: int | None = None
    exponent: float | None = None
    rank: int | None = None
    correlation: float | None = None
    array: FrozenArray | None = None

    def __post_init__(self) -> None:
        check_name("inputs", self.law, tuple(INPUT_LAWS))
        allowed = INPUT_LAWS[self.law]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "law" and field.name not in allowed and value is not None:
                remedy = f"the law {self.law!r} has " + (f"only {', '.join(allowed)}" if allowed else "no parameter")
                raise invalid(f"inputs.{field.name}", value, "None", remedy)
        if self.array is not None:
            matrix = frozen_matrix("inputs.array", self.array, (None, None), boolean=False)
            largest = float(abs(matrix.array).max())
            if largest > LARGEST_ENTRY:
                remedy = "scale the tokens: the rank of hardmax does not depend on it"
                raise invalid("inputs.array", largest, f"entries of at most {LARGEST_ENTRY:g}", remedy)
            object.__setattr__(self, "array", matrix)

    def to_dict(self) -> dict[str, Any]:
        """Return the law and its parameters as JSON has them."""
        named = {name: getattr(self, name) for name in INPUT_LAWS[self.law]}
        shown = {name: value.to_dict() if isinstance(value, FrozenArray) else value for name, value in named.items()}
        return {"law": self.law, **shown}


def resolved(inputs: Inputs, n_tokens: int) -> Inputs:
    """Return ``inputs`` with every parameter of its law set and checked for that many tokens."""
    law = inputs.law
    if law == "antipodal" and n_tokens % 2:
        raise invalid("n_keys", n_tokens, "an even number of tokens with inputs 'antipodal'", "add or drop a token")
    if law == "simplex" and n_tokens == 1:
        raise invalid("n_keys", n_tokens, "at least 2 tokens with inputs 'simplex'", "add a token")
    if law == "duplicated":
        return Inputs(law=law, distinct=_count("distinct", inputs.distinct, max(1, n_tokens // 2), n_tokens))
    if law == "clustered":
        spread = _real("spread", inputs.spread, 0.1, 0.0, LARGEST_ENTRY, least=True)
        return Inputs(law=law, clusters=_count("clusters", inputs.clusters, min(8, n_tokens), n_tokens), spread=spread)
    if law == "zipf":
        exponent = _real("exponent", inputs.exponent, 1.0, 0.0, 100.0, least=True)
        return Inputs(
            law=law, vocabulary=_count("vocabulary", inputs.vocabulary, _VOCABULARY, 10**7), exponent=exponent
        )
    if law == "low-rank":
        return Inputs(law=law, rank=_count("rank", inputs.rank, max(1, n_tokens // 8), n_tokens))
    if law == "ar1":
        return Inputs(law=law, correlation=_real("correlation", inputs.correlation, 0.9, -1.0, 1.0))
    if law == "array" and inputs.array is None:
        raise invalid("inputs.array", None, "a matrix of one row a token", "give the tokens")
    return inputs


def _count(name: str, value: object, default: int, largest: int) -> int:
    remedy = "omit it to have the default"
    return check_integer(
        f"inputs.{name}", default if value is None else value, minimum=1, maximum=largest, remedy=remedy
    )


def _real(name: str, value: object, default: float, above: float, below: float, *, least: bool = False) -> float:
    return check_real(
        f"inputs.{name}",
        default if value is None else value,
        above=above,
        below=below,
        inclusive=(least, False),
        remedy="omit it to have the default",
    )
