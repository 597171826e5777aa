"""Pages in a real browser: what it complains about, loads and shows, for tests of files of HTML.

    with browsing() as browser, opened(browser, path, width=360, height=740, dark=True) as page:
        assert page.complaints() == []

Chromium and the package ``playwright`` are needed; ``needs_a_browser`` skips a test where one of them is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCREENS = ((360, 740), (1280, 900))  # a phone and a desktop, in pixels of CSS

needs_a_browser = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None, reason="needs Chromium and the package playwright"
)

# Where a text's contrast with what it stands on is below what WCAG 2 asks for at level AA.
_PALE = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (channels) => channels.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const below = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pale = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest("svg, style, script") || !element.checkVisibility()) continue;
    const lights = [light(parts(getComputedStyle(element).color)), light(below(element))];
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    if (ratio < 4.5) pale.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  return pale;
}"""

# What sticks out of the page, or is cut off by the box that it stands in.
_CUT = """() => {
  const root = document.documentElement;
  const name = (one) => `${one.tagName}.${one.getAttribute("class")} ${one.textContent.trim().slice(0, 40)}`;
  const cut = [];
  if (root.scrollWidth > root.clientWidth) {
    const boxed = (one) => one && (getComputedStyle(one).overflowX === "auto" || boxed(one.parentElement));
    const wide = [...document.body.querySelectorAll("*")]
      .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1 && !boxed(one.parentElement));
    const names = wide.slice(0, 5).map((one) => `${name(one)} ${one.getBoundingClientRect().right}`);
    cut.push(`${root.scrollWidth - root.clientWidth} px wider than the screen: ${names.join("; ")}`);
  }
  for (const box of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(box);
    if (style.overflowX !== "auto" || !box.checkVisibility()) continue;
    const high = box.scrollHeight > box.clientHeight + 1; // beyond rounding
    if (style.overflowY === "hidden" && high) cut.push(`cut off below: ${name(box)}`);
    const left = box.getBoundingClientRect().left - box.scrollLeft - 0.5;
    const out = [...box.children].some((child) => child.getBoundingClientRect().left < left);
    if (out) cut.push(`out of reach: ${name(box)}`);
    if (box.scrollWidth > box.clientWidth && box.tabIndex < 0) cut.push(`no keyboard scrolls: ${name(box)}`);
  }
  return cut;
}"""

# Formulas that are not laid out, and pictures that are not to be seen.
_MISSING = """() => {
  const missing = [];
  for (const formula of document.querySelectorAll("math")) {
    const flat = formula.getBoundingClientRect().height < 4;
    if (formula.checkVisibility() && flat) missing.push(`formula: ${formula.textContent}`);
  }
  for (const fraction of document.querySelectorAll("mfrac")) {
    const [above, below] = [...fraction.children].map((part) => part.getBoundingClientRect());
    if (fraction.checkVisibility() && above.bottom > below.top + 1) missing.push(`fraction: ${fraction.textContent}`);
  }
  for (const picture of document.querySelectorAll("svg, img")) {
    const box = picture.getBoundingClientRect();
    const small = !(box.width > 16 && box.height > 8);
    if (picture.checkVisibility() && small) missing.push(`picture: ${picture.outerHTML.slice(0, 80)}`);
  }
  return missing;
}"""


@dataclass
class Opened:
    """A page that is open, and what happened while it was: ``page`` is playwright's."""

    page: Any
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def complaints(self) -> list[str]:
        """Return all that is wrong with the page as it is shown now, in words; an empty list is what is hoped for."""
        seen = [found for script in (_PALE, _CUT, _MISSING) for found in self.page.evaluate(script)]
        return [*self.messages, *(f"loads {address}" for address in self.requests[1:]), *seen]

    def unfold(self) -> None:
        """Open everything that is folded."""
        self.page.evaluate("() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")


@contextmanager
def browsing() -> Iterator[Any]:
    """Start a browser without a window, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Any, path: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Opened]:
    """Open a file on a screen of some size, in light or dark colours."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        found = Opened(page)
        page.on("console", lambda message: found.messages.append(f"console: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.messages.append(f"error: {error}"))
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(path.resolve().as_uri())
        yield found
    finally:
        context.close()
