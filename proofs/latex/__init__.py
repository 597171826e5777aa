"""Claims, and theorems with their proofs, in LaTeX.

What is written is read off the records; whether it is proved, off the outcome of a check. A quantity without a notation
is an error, never printed by its name in the program.
"""

from __future__ import annotations

from proofs.latex.meaning import notation_of
from proofs.latex.statements import claim_to_latex, to_latex
from proofs.latex.theorem import PREAMBLE, question_to_latex, theorem_to_latex
from proofs.latex.words import escape

__all__ = ["PREAMBLE", "claim_to_latex", "escape", "notation_of", "question_to_latex", "theorem_to_latex", "to_latex"]
