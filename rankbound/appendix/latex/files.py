"""The files of an appendix in LaTeX."""

from __future__ import annotations

from importlib.resources import files

from rankbound.appendix.document import Blocks, Document, Section
from rankbound.appendix.latex.bibliography import bibliography
from rankbound.appendix.latex.blocks import Place
from rankbound.appendix.latex.blocks import blocks as written
from rankbound.appendix.latex.labels import References, labels_in
from rankbound.appendix.latex.words import words
from rankbound.appendix.numbering import blocks_of
from rankbound.errors import invalid

_PREAMBLE = "rankbound-preamble.tex"
_LONG = 8  # headings, from which a table of contents helps

_APPENDIX = r"""% {title}
%
% To be input into a paper. The preamble of the paper needs this line, before hyperref where that is used:
%   \input{{rankbound-preamble}}
% Where these files stand in another folder than the paper, say in appendix/, these two lines:
%   \input{{appendix/rankbound-preamble}}
%   \renewcommand{{\rankboundfigures}}{{appendix/figures/}}
% The works cited are in rankbound.bib: \bibliography{{...,rankbound}}.
"""


def to_files(document: Document) -> dict[str, bytes]:
    """Return the files of a document in LaTeX, by their paths relative to its folder.

    ``appendix.tex`` is to be input into a paper of any class, with one column or two; ``rankbound-preamble.tex`` is
    what it needs in the preamble. ``main.tex`` is a document of its own that consists of it, for pdflatex; with
    ``rankbound.bib`` if there are works, for BibTeX, and ``figures/NAME.pdf`` for each picture.

    Raises
    ------
    ValueError
        If something in the document cannot be written in LaTeX: a character, a formula, a reference to nothing, a
        figure without its picture.
    """
    texts = {
        "appendix.tex": _APPENDIX.format(title=words(document.title)) + _whole(document),
        "main.tex": _main(document),
        _PREAMBLE: files(__package__).joinpath(_PREAMBLE).read_text(encoding="utf-8"),
    }
    if document.works:
        texts["rankbound.bib"] = bibliography(document.works)
    pictures = {f"figures/{name}.pdf": picture.on_paper for name, picture in document.pictures.items()}
    return {name: text.encode("ascii") for name, text in texts.items()} | pictures


def fragment(blocks: Blocks, document: Document) -> str:
    """Return some blocks of a document alone, to be put into a paper that inputs ``rankbound-preamble.tex``.

    References to what is not among the blocks are numbers where the paper inputs the whole appendix too, and words
    where it does not.

    Raises
    ------
    ValueError
        As :func:`to_files`.
    """
    _check_pictures(document)
    inside = Document("", blocks, ())
    return _text(blocks, References(document, labels_in(inside)))


def _whole(document: Document) -> str:
    _check_pictures(document)
    return _text((*document.lead, *document.sections), References(document))


def _text(content: Blocks, references: References) -> str:
    lines = [r"\begin{rankboundtext}", *written(content, Place(references)), r"\end{rankboundtext}"]
    return "\n".join(lines) + "\n"


def _check_pictures(document: Document) -> None:
    for block in blocks_of(document):
        picture = getattr(block, "picture", None)
        if picture is not None and picture not in document.pictures:
            raise invalid("picture", picture, "the name of a picture of the document", "add the picture")


def _main(document: Document) -> str:
    headings = sum(isinstance(block, Section) for block in blocks_of(document))
    lines = [
        r"\documentclass[10pt]{article}",
        r"\usepackage[textwidth=400pt, textheight=630pt]{geometry}",  # on A4 as on letter
        rf"\input{{{_PREAMBLE.removesuffix('.tex')}}}",
        r"\usepackage[hidelinks]{hyperref}",
        rf"\title{{{words(document.title)}}}",
        r"\author{}",
        r"\date{}",
        r"\begin{document}",
        r"\maketitle",
        *([r"\tableofcontents"] if headings >= _LONG else []),
        r"\input{appendix}",
        *([r"\nocite{*}", r"\bibliographystyle{plain}", r"\bibliography{rankbound}"] if document.works else []),
        r"\end{document}",
    ]
    return "\n".join(lines) + "\n"
