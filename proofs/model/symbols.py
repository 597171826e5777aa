"""The symbols of the theorems with their types."""

from __future__ import annotations

import sympy as sp

n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, positive=True)
d = sp.Symbol("d", integer=True, positive=True)
i = sp.Symbol("i", integer=True, nonnegative=True)
j = sp.Symbol("j", integer=True, nonnegative=True)
l = sp.Symbol("l", integer=True, nonnegative=True)  # noqa: E741 - the third index of every book
k = sp.Symbol("k", integer=True, nonnegative=True)
c = sp.Symbol("c", positive=True)
a = sp.Symbol("a", integer=True, nonnegative=True)
b = sp.Symbol("b", integer=True, nonnegative=True)
e = sp.Symbol("e", integer=True, nonnegative=True)
f = sp.Symbol("f", integer=True, nonnegative=True)
w = sp.Symbol("w", integer=True, positive=True)
x = sp.Symbol("x", real=True)
t = sp.Symbol("t", real=True)
query_rank, key_rank = (sp.Symbol(name, integer=True, positive=True) for name in ("r", "s"))
"""The lengths of the latents of a query and of a key."""
