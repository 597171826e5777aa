"""Pictures within a page share no names with it or with each other, and nothing is loaded for them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from rankbound.appendix.document import Document, Figure, Picture
from rankbound.appendix.html import to_files

SVG = "{http://www.w3.org/2000/svg}"

DRAWN = b"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" height="36pt"
  xmlns:other="urn:other" other:a="1">
<metadata><x xmlns="urn:x"/></metadata><title>old</title>
<defs><style>/* {#a} */ *{stroke-linejoin: round} .open, g #a {fill: #abc; clip-path: url('#clip')}</style>
<clipPath id="clip"><rect id="a" width="9" height="9"/></clipPath></defs>
<g class="open head" clip-path="url(#clip)" style="fill: url( &quot;#a&quot; )"><title>tip &lt;</title>
<use xlink:href="#a"/><text xml:space="preserve">a  b</text></g></svg>"""


def drawing(svg: bytes, *labels: str) -> ElementTree.Element:
    figures = [Figure(label, (), "drawn", "What is to be seen") for label in labels or ["fig:one"]]
    document = Document("A title", tuple(figures), (), pictures={"drawn": Picture(svg, b"")})
    return ElementTree.fromstring(to_files(document)["appendix.html"])


def test_two_pictures_of_a_page_share_no_name_and_style_only_themselves():
    page = drawing(DRAWN, "fig:one", "fig:two")
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for picture, prefix in zip(page.iter(f"{SVG}svg"), ("fig-one--", "fig-two--"), strict=True):
        assert picture.find(f".//{SVG}use").get("href") == f"#{prefix}a"
        group = picture.find(f"{SVG}g")
        assert group.get("class") == f"{prefix}open {prefix}head"
        assert group.get("clip-path") == f"url(#{prefix}clip)"
        assert group.get("style") == f"fill: url(#{prefix}a)"
        assert picture.find(f".//{SVG}style").text.split("\n") == [
            "",
            f"#{prefix}picture * {{stroke-linejoin: round}}",
            f"#{prefix}picture .{prefix}open, #{prefix}picture g #{prefix}a {{fill: #abc; clip-path: "
            f"url(#{prefix}clip)}}",
            "",
        ]
        assert [title.text for title in picture.iter(f"{SVG}title")] == ["What is to be seen", "tip <"]
        assert (picture.get("viewBox"), picture.get("width"), picture.get("height")) == ("0 0 96 48", "96", "48")
        assert "a  b" in "".join(picture.itertext())
        assert not [node for node in picture.iter() if not node.tag.startswith(SVG) or "other" in str(node.attrib)]


OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        (b"no picture", "expected SVG"),
        (b"<html/>", "expected a file of SVG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "expected an SVG with a viewBox"),
        (OPEN + b"<script>1</script></svg>", "'script': expected shapes and text alone"),
        (OPEN + b"<foreignObject/></svg>", "expected shapes and text alone"),
        (OPEN + b'<g onclick="1"/></svg>', "expected no scripts"),
        (OPEN + b'<image href="https://example.org/a.png"/></svg>', "references within the picture alone"),
        (OPEN + b'<image xlink:href="a.png"/></svg>', "references within the picture alone"),
        (OPEN + b'<g style="fill: url(https://example.org/a)"/></svg>', "references within the picture alone"),
        (OPEN + b"<style>g { fill: url(a.svg#b) }</style></svg>", "references within the picture alone"),
        (OPEN + b"<style>@import 'a.css';</style></svg>", "a style of plain rules"),
    ],
)
def test_pictures_that_need_something_else_are_refused(svg, message):
    with pytest.raises(ValueError, match=message):
        drawing(svg)


def test_an_image_within_a_picture_is_kept():
    page = drawing(OPEN + b'<image href="data:image/png;base64,AAAA"/></svg>')
    assert page.find(f".//{SVG}image").get("href") == "data:image/png;base64,AAAA"
