"""The same formula without a piece that cannot be broken: a fraction as a product, a power of e as a function.

A fraction, a root and an exponent are one piece each. Where such a piece alone is wider than a row, it is written in
another way that means the same: a/b as (1/b)(a) or a (b)^(-1), the root of a as (a)^(1/2), e to the a as exp(a).
"""

from __future__ import annotations

from rankbound.appendix.formulas import tree
from rankbound.appendix.formulas.sizes import TEXT, measure
from rankbound.appendix.formulas.tree import Node, Row

_ONE = tree.Number("1")


def opened(node: Node, width: float) -> tuple[Node, ...] | None:
    """Return a piece in another way that can be broken, or ``None`` if there is none.

    Parameters
    ----------
    node : Node
        A piece wider than ``width``.
    width : float
        That of a row, in em.
    """
    match node:
        case tree.Fraction(above, below):
            return _fraction(above, below, width)
        case tree.Root(body):
            half = Row((tree.Fraction(Row((_ONE,)), Row((tree.Number("2"),))),))
            return (tree.Scripts(tree.Fenced("(", body, ")"), above=half),)
        case tree.Scripts(tree.Styled("mathrm", "e"), None, Row() as above, 0):
            return (tree.Call(tree.Function("exp"), tree.Fenced("(", above, ")")),)
        case _:
            return None


def _fraction(above: Row, below: Row, width: float) -> tuple[Node, ...]:
    if measure(below, TEXT).width > width:
        inverse = tree.Scripts(_fenced(below), above=Row((tree.Operator("-"), _ONE)))
        return (inverse,) if above.items == (_ONE,) else (*_factors(above), inverse)
    return (tree.Fraction(Row((_ONE,)), below), *_factors(above))


def _factors(row: Row) -> tuple[Node, ...]:
    """Return what may stand among other factors: a product as it is unless it begins with a digit or draws in more."""
    first, bases = row.items[0], [item.base if isinstance(item, tree.Scripts) else item for item in row.items]
    is_loose = any(isinstance(base, (tree.Operator, tree.Big, tree.Relation, tree.Space)) for base in bases)
    return (_fenced(row),) if is_loose or isinstance(first, tree.Number) else row.items


def _fenced(row: Row) -> Node:
    if len(row.items) == 1 and isinstance(row.items[0], (tree.Fenced, tree.Call, tree.Letter, tree.Number)):
        return row.items[0]
    return tree.Fenced("(", row, ")")
