"""Whether a sum of constants times powers of n and of log(n) tends to 0, by intervals for the exponents."""

from __future__ import annotations

from typing import Any

import sympy as sp

from proofs.mutation.ranges import Domain, enclose


def vanishes(limit: Any, box: Domain) -> bool:
    """Whether every term under the limit certainly tends to 0."""
    value, index = limit.args
    for form in (sp.expand_mul(value, deep=False), sp.expand(value, power_exp=False)):
        exponents = [_exponents(term, index) for term in sp.Add.make_args(form)]
        if all(pair is not None and _negative(*pair, box) for pair in exponents):
            return True
    return False


def _negative(alpha: Any, beta: Any, box: Domain) -> bool:
    first, second = enclose(alpha, box), enclose(beta, box)
    return (-first).positive or (first.sign == 0 and (-second).positive)


def _exponents(term: Any, index: Any) -> tuple[Any, Any] | None:
    """Return the powers of ``index`` and of its logarithm in a term, or ``None`` if it is no product of such powers."""
    alpha: Any = sp.Integer(0)
    beta: Any = sp.Integer(0)
    grow = sp.log(index)
    for factor in sp.Mul.make_args(term):
        if not factor.has(index):
            continue
        if isinstance(factor, sp.exp):
            name = sp.Symbol("_log", real=True)
            inner = factor.exp.xreplace({grow: name})
            if inner.has(index) or not inner.is_polynomial(name) or sp.degree(inner, name) > 1:
                return None
            alpha += sp.diff(inner, name)
        elif factor.as_base_exp()[0] == index and not factor.as_base_exp()[1].has(index):
            alpha += factor.as_base_exp()[1]
        elif factor.as_base_exp()[0] == grow and not factor.as_base_exp()[1].has(index):
            beta += factor.as_base_exp()[1]
        else:
            return None
    return alpha, beta
