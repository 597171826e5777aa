"""Inputs of attention: tokens of every law that a setting knows, as arrays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

from rankbound.errors import invalid
from rankbound.frozen_array import FrozenArray
from rankbound.inputs import INPUT_LAWS, Inputs
from rankbound.setting import Setting
from rankbound.testing.recipes import (
    SEEDS,
    Recipe,
    Size,
    check_seed,
    check_size,
    chosen_names,
    fixed_size,
    size_strategy,
)
from rankbound.testing.token_laws import fits, law_of_tokens, tokens_by

__all__ = ["TokenMatrix", "attention_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TokenMatrix(Recipe):
    """A recipe for the inputs of attention, one row a token; what :func:`attention_inputs` draws.

    Parameters
    ----------
    inputs : str or Inputs
        The law of the tokens, by its name or with its parameters (:class:`rankbound.Inputs`).
    n_tokens, embed_dim : int
        Rows and columns, at least 1, and as many columns as the law has orthogonal tokens.
    seed : int
        From 0 to 2**64 - 1; the law ``"array"`` has no use for it.

    Notes
    -----
    ``.array`` has the tokens: a float64 array (n_tokens, embed_dim), all finite; a fresh one on each access. They are
    of the same law as those that ``montecarlo.sample_variant_ranks`` draws, but not the same ones.

    Examples
    --------
    >>> TokenMatrix(inputs="antipodal", n_tokens=2, embed_dim=1, seed=0).array.tolist()
    [[1.0], [-1.0]]
    """

    inputs: str | Inputs
    n_tokens: int
    embed_dim: int
    seed: int = 0

    def __post_init__(self) -> None:
        check_size("n_tokens", self.n_tokens)
        check_size("embed_dim", self.embed_dim)
        check_seed(self.seed)
        object.__setattr__(self, "inputs", self.setting(head_dim=1).inputs)

    def setting(self, head_dim: int | float, **fields: Any) -> Setting:
        """Return the setting of attention over these tokens; further fields are those of :class:`rankbound.Setting`."""
        sizes = {"n_queries": self.n_tokens, "n_keys": self.n_tokens, "embed_dim": self.embed_dim}
        return Setting(head_dim=head_dim, inputs=self.inputs, **(cast(Any, sizes) | fields))

    @property
    def array(self) -> npt.NDArray[np.float64]:
        """The tokens."""
        return tokens_by(
            self.setting(head_dim=1).input_law, self.n_tokens, self.embed_dim, np.random.default_rng(self.seed)
        )

    def __repr__(self) -> str:
        seed = f", seed={self.seed}" if self.seed else ""
        inputs = repr(self.inputs) if isinstance(self.inputs, str) else _call(self.inputs)
        return f"TokenMatrix(inputs={inputs}, n_tokens={self.n_tokens}, embed_dim={self.embed_dim}{seed})"


def _call(inputs: Inputs) -> str:
    """Return the call that makes ``inputs``, with no parameter that the law does not have."""
    values = {name: getattr(inputs, name) for name in ("law", *INPUT_LAWS[inputs.law])}
    shown = {name: value.array.tolist() if isinstance(value, FrozenArray) else value for name, value in values.items()}
    return f"Inputs({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def attention_inputs(
    *, n_tokens: Size = None, embed_dim: Size = None, laws: Collection[str] | str | None = None
) -> st.SearchStrategy[TokenMatrix]:
    """Return a strategy of inputs X of attention, of every law that :class:`rankbound.Inputs` has.

    What is drawn is a :class:`TokenMatrix`: it prints in one line, as the call that makes it again; ``.array`` is X and
    ``.setting(head_dim=...)`` the setting of attention over it. Shrinks to a single orthonormal token of one component.

    Parameters
    ----------
    n_tokens, embed_dim : int or strategy of int, optional
        A number fixes the size, a strategy bounds it. By default 1 to 8 tokens, and at most 4 components more than the
        law needs: as many as tokens if these are orthonormal, half as many if antipodal, one fewer for a simplex, and 1
        otherwise.
    laws : names, optional
        Those of :class:`rankbound.Inputs` that are wanted; all by default. ``"array"`` has integers from -2 to 2.

    Returns
    -------
    SearchStrategy of TokenMatrix

    Raises
    ------
    ValueError
        If a law is unknown, or none fits the sizes that are fixed.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(attention_inputs(), lambda X: X.n_tokens == 3)
    TokenMatrix(inputs='orthonormal', n_tokens=3, embed_dim=3)
    >>> from hypothesis import given
    >>> @given(attention_inputs(n_tokens=16, embed_dim=32, laws=["duplicated", "ar1"]))
    ... def test_a_softmax_row_sums_to_one(X):
    ...     scores = X.array @ X.array.T
    ...     weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    ...     attention = weights / weights.sum(axis=1, keepdims=True)
    ...     assert np.allclose(attention.sum(axis=1), 1)
    >>> test_a_softmax_row_sums_to_one()
    """
    names = chosen_names("laws", laws, INPUT_LAWS)
    columns = None if embed_dim is None else size_strategy("embed_dim", embed_dim, st.nothing())
    number, width = fixed_size("n_tokens", n_tokens), fixed_size("embed_dim", embed_dim)
    possible = range(1, 9) if number is None else [number]
    fitting = [n for n in possible if any(fits(name, n, width) for name in names)]
    if not fitting and not isinstance(n_tokens, st.SearchStrategy):
        given = {"n_tokens": n_tokens, "embed_dim": embed_dim}
        raise invalid("laws", names, f"one that fits {given}", "give other sizes, or leave one free")
    rows = n_tokens if isinstance(n_tokens, st.SearchStrategy) else st.sampled_from(fitting)
    return _token_matrices(names, rows, columns)


@st.composite
def _token_matrices(
    draw: st.DrawFn, names: tuple[str, ...], rows: st.SearchStrategy[int], columns: st.SearchStrategy[int] | None
) -> TokenMatrix:
    n_tokens = draw(rows)
    width = None if columns is None else draw(columns)
    fit = [name for name in names if fits(name, n_tokens, width)]
    assume(fit)
    law = draw(st.sampled_from(fit))
    inputs, embed_dim = draw(law_of_tokens(law, n_tokens, width))
    seed = 0 if law == "array" else draw(SEEDS)
    return TokenMatrix(inputs=inputs, n_tokens=n_tokens, embed_dim=embed_dim, seed=seed)
