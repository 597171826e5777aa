"""The appendix of the gallery, made whenever the documentation is built."""

from __future__ import annotations

from pathlib import Path

from rankbound.appendix import appendix_request, make_appendix


def write(folder: Path) -> None:
    """Write the appendix on the headline theorems into ``folder``, in all formats.

    Raises
    ------
    RuntimeError
        If something in it is not proved, or a verdict is not the one expected.
    """
    made = make_appendix(appendix_request(), ("latex", "pdf", "html", "markdown"))
    if made.exit_code:
        raise RuntimeError(f"the appendix of the gallery has doubts: {'; '.join(made.doubts)}")
    for name, content in made.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:  # else Sphinx would copy it again
            path.write_bytes(content)
