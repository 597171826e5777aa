"""Real appendices on paper: what pdflatex says about them in one column and in two, and what both PDFs say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import proofs
from rankbound.appendix.document import Text
from rankbound.appendix.prose import inlines
from rankbound.cli import run

UNIT = Path(__file__).parents[1] / "unit"
needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
thorough = pytest.mark.thorough

SMALL = ["--theorem", "barrier", "--theorem", "second-moment-bound", "--n", "16", "--head-dim", "4"]
ARGUMENTS = {
    "small": [*SMALL, "--replicates", "20"],
    "headline": ["--n", "64", "--replicates", "20"],
    "all": ["--theorem", "all", "--n", "64", "--replicates", "20"],
}
SIZES = ["small", pytest.param("headline", marks=thorough), pytest.param("all", marks=thorough)]
FIRST_LINES = {
    "article": r"\documentclass[10pt]{article}",
    "twocolumn": r"\documentclass[10pt,twocolumn]{article}",
    "IEEEtran": r"\documentclass{IEEEtran}",
}
RAW = ("Sum(", "Product(", "Integral(", "KroneckerDelta", "PickChance", "BivariateBelow", "**")
"""What SymPy prints, and no reader is to see."""
SECONDS = 120


def _latex_runs():
    spec = spec_from_file_location("latex_runs", UNIT / "latex_runs.py")
    module = module_from_spec(spec)
    sys.modules["latex_runs"] = module
    spec.loader.exec_module(module)
    return module


latex_runs = _latex_runs()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that makes an appendix of a size, once."""
    folders: dict[str, Path] = {}

    def make(size: str) -> Path:
        if size not in folders:
            folder = tmp_path_factory.mktemp(size) / "appendix"
            formats = ["--format", "latex", "--format", "pdf"]
            assert run(["appendix", *ARGUMENTS[size], *formats, "--output", str(folder)]) == 0
            folders[size] = folder
        return folders[size]

    return make


def words_of(pdf: Path) -> str:
    """Return the text of a PDF without white space, and with letters for ligatures."""
    command = ["pdftotext", "-raw", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)
    text = done.stdout.replace("\N{LATIN SMALL LIGATURE FI}", "fi").replace("\N{LATIN SMALL LIGATURE FL}", "fl")
    return re.sub(r"\s+", "", text.replace("\N{LATIN SMALL LIGATURE FF}", "ff"))


def start_of(title: str) -> str:
    """Return the words of a title before its first formula, joined."""
    words = [inline.words if isinstance(inline, Text) else "\0" for inline in inlines(title)]
    return re.sub(r"[\s-]", "", "".join(words).partition("\0")[0])


def expect_words(pdf: Path, appendix: Path) -> None:
    text = words_of(pdf)
    for name in RAW:
        assert name not in text, name
    ids = re.findall(r"rankbound:thm:([a-z0-9-]+)\}%?$", (appendix / "appendix.tex").read_text(), re.MULTILINE)
    titles = [proofs.theorem(name).title for name in ids if name in proofs.theorem_ids()]
    assert len(titles) > 1
    unbroken = re.sub(r"[-\N{HYPHEN}]", "", text)  # at the ends of lines, hyphens cannot be told from others
    for title in titles:
        assert f"({start_of(title)}".replace("'", "\N{RIGHT SINGLE QUOTATION MARK}") in unbroken, title


@needs_tex
@needs_poppler
@pytest.mark.parametrize("layout", FIRST_LINES)
@pytest.mark.parametrize("size", SIZES)
def test_pdflatex_has_nothing_to_complain_about(made, tmp_path, size, layout):
    if layout == "IEEEtran" and not latex_runs.installed("IEEEtran.cls"):
        pytest.skip("IEEEtran is not installed")
    folder = shutil.copytree(made(size), tmp_path / "paper")
    main = (folder / "main.tex").read_text()
    assert FIRST_LINES["article"] in main
    if layout != "article":
        main = main.replace(FIRST_LINES["article"], FIRST_LINES[layout])
        main = re.sub(r"^\\usepackage\[textwidth.*\n|^\\tableofcontents\n", "", main, flags=re.MULTILINE)
    (folder / "main.tex").write_text(main)
    log = latex_runs.compiled(folder)
    assert log.errors == []
    assert log.undefined == []
    assert log.multiple == []
    assert max(log.overfull, default=0.0) <= 10.0
    expect_words(folder / "main.pdf", folder)


@needs_poppler
@pytest.mark.parametrize("size", SIZES)
def test_the_pdf_says_what_the_theorems_say(made, size):
    folder = made(size)
    expect_words(folder / "appendix.pdf", folder)


@needs_poppler
def test_nothing_in_the_pdf_stands_in_the_margin(made):
    """Margins are 92.6 pt wide; punctuation may hang into them by a part of its width."""
    command = ["pdftotext", "-bbox", str(made("small") / "appendix.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True).stdout
    edges = [(float(left), float(right)) for left, right in re.findall(r'xMin="([\d.]+)".*xMax="([\d.]+)"', boxes)]
    assert len(edges) > 1000
    assert min(left for left, _ in edges) > 90
    assert max(right for _, right in edges) < 505.5
