"""Formulas, and boxes for what may be wider than a screen."""

from __future__ import annotations

from rankbound.appendix.formulas import to_mathml
from rankbound.appendix.formulas.parsing import parse
from rankbound.appendix.formulas.sizes import TEXT, measure
from rankbound.appendix.html.scope import element

_PHONE = 10.0  # em that the narrowest column has on the narrowest screen: a numbered item of a theorem at 320 pixels
_COLUMN = 28.0  # em that such a column has on a wide screen


def inline_formula(latex: str) -> str:
    """Return a formula in the line; one that a phone cannot show whole has a box that scrolls there."""
    formula = to_mathml(latex)
    width = measure(parse(latex), TEXT).width
    if width <= _PHONE:
        return formula
    class_ = "inline" if width > _COLUMN else "inline phone"
    return scroller(formula, "Formula", class_, tag="span")


def displayed_formula(latex: str, width: float) -> str:
    """Return a formula on lines of its own, none wider than ``width`` em where that can be."""
    formula = to_mathml(latex, display=True, width=width)
    if measure(parse(latex)).width <= _PHONE:
        return element("div", formula, class_="display")
    return scroller(formula, "Formula", "display")


def scroller(content: str, name: str, class_: str, *, tag: str = "div") -> str:
    """Return a box that scrolls where its content is too wide, with the keyboard too; ``name`` is what it is called."""
    return element(tag, content, class_=f"scroller {class_}", role="group", aria_label=name, tabindex="0")
