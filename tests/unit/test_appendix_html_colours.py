"""The colours of the page, light and dark: contrasts as WCAG 2 asks for them at level AA."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

# Each text with what it stands on; in `:target`, on what is raised.
ON = {
    "text": ("paper", "raised"),
    "muted": ("paper", "raised"),
    "link": ("paper", "raised"),
    "warning-text": ("warning-paper",),
    "strong-text": ("strong-paper",),
    "strong-paper": ("paper",),  # in print
}


def colours_of(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): *(#[0-9a-f]{6});", css))


def light_of(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lights = sorted((light_of(one), light_of(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_every_text_can_be_read_in_light_and_dark():
    css = files("rankbound.appendix.html").joinpath("page.css").read_text("utf-8")
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    start = css.index("@media screen and (prefers-color-scheme: dark)")
    light = colours_of(css[:start])
    dark = light | colours_of(css[start : css.index("\n}\n", start)])
    assert dark["paper"] != light["paper"]
    for scheme in (light, dark):
        assert [
            (text, paper)
            for text, papers in ON.items()
            for paper in papers
            if contrast(scheme[text], scheme[paper]) < 4.5
        ] == []
        assert contrast(scheme["warning-rule"], scheme["paper"]) > 3  # of what is no text
    rest = css[css.index("\n}\n", start) :]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rest)) <= {"#ffffff", "#000000"}  # the white card of pictures
    assert set(re.findall(r"[^-]color: var\(--([\w-]+)\)", rest)) <= set(ON)
