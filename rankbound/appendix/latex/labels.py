"""Labels of a document in LaTeX, and how references to them are written."""

from __future__ import annotations

from collections.abc import Collection

from rankbound.appendix.document import Document, Proof, Statement
from rankbound.appendix.latex.words import code
from rankbound.appendix.numbering import blocks_of, names_of
from rankbound.errors import invalid


def name_of(label: str) -> str:
    """Return what LaTeX calls a label of the document."""
    return f"rankbound:{label}"


class References:
    """How references to the labels of a document are written; LaTeX counts by itself.

    Parameters
    ----------
    document : Document
    within : collection of str, optional
        The labels in what is being written; by default all. A reference to another label asks whether it is there, and
        else says in words what is meant.
    """

    def __init__(self, document: Document, within: Collection[str] | None = None) -> None:
        names = {label: name.rpartition("\N{NO-BREAK SPACE}")[0] for label, name in names_of(document).items()}
        self._kinds = names
        self._within = names if within is None else within
        self._statements = {block.label: block for block in blocks_of(document) if isinstance(block, Statement)}

    def __call__(self, label: str) -> str:
        r"""Return the reference to a label: ``Theorem~\ref{rankbound:thm:barrier}``.

        Raises
        ------
        ValueError
            If nothing with a number has this label.
        """
        if label not in self._kinds:
            raise invalid("label", label, "the label of something with a number", "correct the reference")
        kind = self._kinds[label]
        if label in self._within:
            number = rf"\ref{{{name_of(label)}}}"
            return f"{kind}~{number}" if kind else f"({number})"
        return rf"\rankboundref{{{name_of(label)}}}{{{kind}~}}{{{self._elsewhere(label, kind)}}}"

    def _elsewhere(self, label: str, kind: str) -> str:
        if label in self._statements:
            return rf"{kind} \rankboundcode{{{code(self._statements[label].id)}}}"
        return f"a {kind.lower() or 'step'} of the whole appendix"


def labels_in(document: Document) -> set[str]:
    """Return the labels of the blocks of a document, steps included."""
    blocks = list(blocks_of(document))
    steps = {step.label for block in blocks if isinstance(block, Proof) for step in block.steps}
    return steps.union(block.label for block in blocks if hasattr(block, "label"))
