"""LaTeX run on a folder as an author runs it, and what its log complains about."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

SECONDS = 300  # after which a run hangs


@dataclass(frozen=True)
class Log:
    """What the last run said.

    ``errors`` are those of LaTeX and BibTeX; ``undefined`` the labels and keys that nothing defines, ``multiple`` the
    labels that are defined more than once; ``overfull`` by how many points boxes are too wide or too high; ``warnings``
    all lines with a warning.
    """

    errors: list[str]
    undefined: list[str]
    multiple: list[str]
    overfull: list[float]
    warnings: list[str]
    pages: int


def compiled(folder: Path, main_name: str = "main") -> Log:
    """Run pdflatex, BibTeX where there is a bibliography, and pdflatex two times more, in the folder of the files."""
    name = main_name.removesuffix(".tex")
    errors = []
    _run(folder, "pdflatex", "-interaction=nonstopmode", name)
    if r"\bibdata" in (folder / f"{name}.aux").read_text(encoding="latin-1"):
        said = _run(folder, "bibtex", name)
        errors += [line for line in said.splitlines() if re.match(r"Warning--|I (found|couldn't)|.*---line", line)]
    _run(folder, "pdflatex", "-interaction=nonstopmode", name)
    _run(folder, "pdflatex", "-interaction=nonstopmode", name)
    log = (folder / f"{name}.log").read_text(encoding="latin-1")
    pages = re.search(r"Output written on .*?\((\d+) pages?", log)
    return Log(
        errors=errors + re.findall(r"^! .*", log, re.MULTILINE),
        undefined=re.findall(r"(?:Reference|Citation) [`'](.+?)' on page \d+ undefined", log),
        multiple=re.findall(r"Label [`'](.+?)' multiply defined", log),
        overfull=[float(size) for size in re.findall(r"Overfull \\[hv]box \((\d+\.?\d*)pt too", log)],
        warnings=re.findall(r"^.*[Ww]arning.*", log, re.MULTILINE),
        pages=int(pages.group(1)) if pages else 0,
    )


def installed(file_name: str) -> bool:
    """Say whether TeX finds a class or a package."""
    return bool(_run(Path(), "kpsewhich", file_name).strip())


def _run(folder: Path, *command: str) -> str:
    """Return what a program prints; long lines of a log are not to be broken."""
    settings = os.environ | {"max_print_line": "10000", "openout_any": "p", "SOURCE_DATE_EPOCH": "0"}
    done = subprocess.run(
        command, cwd=folder, env=settings, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )
    return done.stdout.decode("latin-1")
