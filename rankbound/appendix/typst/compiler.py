"""Typst's source compiled to a PDF."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rankbound.appendix.document import Document
from rankbound.appendix.typst.blocks import picture_path
from rankbound.appendix.typst.source import to_source
from rankbound.errors import invalid


def to_files(document: Document) -> dict[str, bytes]:
    """Return ``appendix.pdf``.

    It has no date, whatever ``SOURCE_DATE_EPOCH`` says, and no letters but those of fonts that come with Typst, so its
    bytes are the same at any time and on any machine, as long as the version of Typst is.

    Raises
    ------
    ValueError
        If Typst is not installed, or the document refers to what it does not contain.
    """
    try:
        import typst
    except ImportError:
        remedy = 'install it: pip install "rankbound[report]"'
        raise invalid("format", "typst", "the package typst, which is not installed", remedy) from None
    source = to_source(document)
    with tempfile.TemporaryDirectory(prefix="rankbound-") as temporary:
        folder = Path(temporary)
        main = folder / "appendix.typ"
        main.write_text(source, "utf-8")
        for name, picture in document.pictures.items():
            path = folder / picture_path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture.on_paper)
        pdf: bytes = typst.compile(main, root=folder, ignore_system_fonts=True, format="pdf")
    return {"appendix.pdf": pdf}
