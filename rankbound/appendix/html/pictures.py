"""A picture in the page itself: SVG whose names cannot clash with those of the page or of another picture.

A style within the page would hold for the whole page, and an id can be given once only. So ids and classes get a
prefix, and the rules of a picture are made to hold in that picture alone.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from rankbound.errors import invalid

_SVG, _LINK, _XML = (
    "{http://www.w3.org/2000/svg}",
    "{http://www.w3.org/1999/xlink}",
    "{http://www.w3.org/XML/1998/namespace}",
)
_LEFT_OUT = ("metadata", "desc")
_LISTS_OF_IDS = ("aria-labelledby", "aria-describedby")
_REFERENCE = re.compile(r"""url\(\s*["']?\s*(.*?)\s*["']?\s*\)""")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NAME = re.compile(r"([#.])(-?[A-Za-z_][\w-]*)")
_REMEDY = "draw it so that it needs no scripts, no fonts and no files"


def inline_svg(svg: bytes, prefix: str, description: str) -> str:
    """Return a picture as an element of HTML that is also well-formed XML.

    Parameters
    ----------
    svg : bytes
        A file of SVG.
    prefix : str
        Letters, digits, ``-`` and ``_``, other for each picture of a page.
    description : str
        What is to be seen, in words; it becomes the title.

    Raises
    ------
    ValueError
        If it is no SVG, or loads anything, has a script in it or a style beyond plain rules.
    """
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise invalid("picture", svg, f"SVG ({error})", _REMEDY) from None
    if root.tag != f"{_SVG}svg":
        raise invalid("picture", root.tag, "a file of SVG", _REMEDY)
    width, height = _size(root)
    for title in root.findall(f"{_SVG}title"):
        root.remove(title)
    _rename(root, prefix)
    title = ElementTree.Element("title", {"id": f"{prefix}title"})
    title.text, title.tail = description, "\n"
    root.insert(0, title)
    root.set("xmlns", _SVG[1:-1])
    root.set("id", f"{prefix}picture")
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}title")
    root.set("style", f"--natural: {width:g}px")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    root.tail = None
    return ElementTree.tostring(root, encoding="unicode")


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Return width and height in pixels of CSS, and give the picture a ``viewBox`` if it has none."""
    box = [float(number) for number in root.get("viewBox", "").replace(",", " ").split()]
    width, height = (_pixels(root.get(side, "")) for side in ("width", "height"))
    if len(box) == 4:
        width, height = (width, height) if width and height else (box[2], box[3])
    elif width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if not (width and height):
        raise invalid("picture", dict(root.attrib), "an SVG with a viewBox, or width and height", "give it a viewBox")
    return width, height


def _pixels(length: str) -> float:
    match = re.fullmatch(r"\s*([\d.]+)(px|pt|)\s*", length)
    return float(match[1]) * (4 / 3 if match[2] == "pt" else 1.0) if match else 0.0


def _rename(node: ElementTree.Element, prefix: str) -> None:
    """Give names of SVG their short form, all ids and classes the prefix, and leave out what is not SVG."""
    for child in list(node):
        if not child.tag.startswith(_SVG) or child.tag.removeprefix(_SVG) in _LEFT_OUT:
            node.remove(child)
        else:
            _rename(child, prefix)
    node.tag = node.tag.removeprefix(_SVG)
    if node.tag in ("script", "foreignObject"):
        raise invalid("picture", node.tag, "shapes and text alone", _REMEDY)
    if node.tag == "style":
        node.text = _scoped(node.text or "", prefix)
    attributes = {name.replace(_LINK, "").replace(_XML, "xml:"): value for name, value in node.attrib.items()}
    node.attrib.clear()
    for name, value in attributes.items():
        if not name.startswith("{"):  # an editor's own
            node.set(name, _renamed(name, value, prefix))


def _renamed(name: str, value: str, prefix: str) -> str:
    if name.startswith("on"):
        raise invalid("picture", name, "no scripts", _REMEDY)
    if name == "id":
        return prefix + value
    if name == "class" or name in _LISTS_OF_IDS:
        return " ".join(prefix + word for word in value.split())
    if name in ("href", "src"):
        if value.startswith("#"):
            return f"#{prefix}{value[1:]}"
        if not value.startswith("data:image/"):
            raise invalid("picture", value, "references within the picture alone", _REMEDY)
        return value
    return _with_references(value, prefix)


def _with_references(value: str, prefix: str) -> str:
    def renamed(match: re.Match[str]) -> str:
        if not match[1].startswith("#"):
            raise invalid("picture", match[0], "references within the picture alone", _REMEDY)
        return f"url(#{prefix}{match[1][1:]})"

    return _REFERENCE.sub(renamed, value)


def _scoped(style: str, prefix: str) -> str:
    """Return rules of CSS that hold in the picture alone."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    if "@" in style:
        raise invalid("picture", style, "a style of plain rules", "draw it without @-rules")

    def scoped(match: re.Match[str]) -> str:
        selectors = _NAME.sub(rf"\1{prefix}\2", match[1]).split(",")
        within = ", ".join(f"#{prefix}picture {selector.strip()}" for selector in selectors)
        return f"{within} {{{_with_references(match[2], prefix)}}}\n"

    return "\n" + "".join(scoped(match) for match in _RULE.finditer(style))
