"""Words and code in LaTeX: everything is written in ASCII, so that it means the same in every encoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from rankbound.errors import invalid

_ESCAPED = {character: "\\" + character for character in "{}$&#_%"}

_LETTERS = {
    "ß": r"{\ss}",
    "ø": r"{\o}",
    "Ø": r"{\O}",
    "æ": r"{\ae}",
    "Æ": r"{\AE}",
    "œ": r"{\oe}",
    "Œ": r"{\OE}",
    "ł": r"{\l}",
    "Ł": r"{\L}",
    "\N{LATIN SMALL LETTER DOTLESS I}": r"{\i}",
}

_ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": "`",
    "\N{COMBINING ACUTE ACCENT}": "'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "^",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING MACRON}": "=",
    "\N{COMBINING BREVE}": "u",
    "\N{COMBINING DOT ABOVE}": ".",
    "\N{COMBINING DIAERESIS}": '"',
    "\N{COMBINING RING ABOVE}": "r",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": "H",
    "\N{COMBINING CARON}": "v",
    "\N{COMBINING CEDILLA}": "c",
    "\N{COMBINING DOT BELOW}": "d",
}

# The letters that LaTeX has commands for; the other capitals look like Latin letters.
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega"
)
_GREEK_CAPITALS = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"


def _greek() -> dict[str, str]:
    small = {unicodedata.lookup(f"GREEK SMALL LETTER {_unicode(name)}"): name for name in _GREEK.split()}
    capitals = {unicodedata.lookup(f"GREEK CAPITAL LETTER {_unicode(name)}"): name for name in _GREEK_CAPITALS.split()}
    return {letter: rf"$\{name}$" for letter, name in (small | capitals).items()}


def _unicode(name: str) -> str:
    return name.upper().replace("LAMBDA", "LAMDA")  # Unicode's spelling


_SIGNS = {
    "\N{NO-BREAK SPACE}": "~",
    "\N{NARROW NO-BREAK SPACE}": r"\,",
    "\N{THIN SPACE}": r"\,",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{NON-BREAKING HYPHEN}": r"\mbox{-}",
    "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
    "\N{LEFT SINGLE QUOTATION MARK}": "`",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{SECTION SIGN}": r"\S{}",
    "\N{BULLET}": r"$\bullet$",
    "\N{MIDDLE DOT}": r"$\cdot$",
    "\N{DEGREE SIGN}": r"$^{\circ}$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{DIVISION SIGN}": r"$\div$",
    "\N{MINUS SIGN}": "$-$",
    "\N{SUPERSCRIPT TWO}": "$^{2}$",
    "\N{SUPERSCRIPT THREE}": "$^{3}$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{NOT EQUAL TO}": r"$\neq$",
    "\N{ALMOST EQUAL TO}": r"$\approx$",
    "\N{TILDE OPERATOR}": r"$\sim$",
    "\N{MUCH LESS-THAN}": r"$\ll$",
    "\N{MUCH GREATER-THAN}": r"$\gg$",
    "\N{INFINITY}": r"$\infty$",
    "\N{RIGHTWARDS ARROW}": r"$\to$",
    "\N{LEFTWARDS ARROW}": r"$\leftarrow$",
    "\N{RIGHTWARDS DOUBLE ARROW}": r"$\Rightarrow$",
    "\N{LEFT RIGHT DOUBLE ARROW}": r"$\Leftrightarrow$",
    "\N{ELEMENT OF}": r"$\in$",
    "\N{SQUARE ROOT}": r"$\surd$",
    "\N{N-ARY SUMMATION}": r"$\sum$",
    "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL E}": r"$\mathbb{E}$",
    "\N{DOUBLE-STRUCK CAPITAL P}": r"$\mathbb{P}$",
    "\N{DOUBLE-STRUCK CAPITAL R}": r"$\mathbb{R}$",
    "\N{DOUBLE-STRUCK CAPITAL N}": r"$\mathbb{N}$",
    "\N{DOUBLE-STRUCK CAPITAL Z}": r"$\mathbb{Z}$",
    **_greek(),
}

# Characters that stand in other places in the old encoding of text fonts, or mean something to LaTeX.
_WORDS = {
    **_ESCAPED,
    **_LETTERS,
    **_SIGNS,
    "\\": r"$\backslash$",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "|": r"$|$",
    "<": "$<$",
    ">": "$>$",
    '"': r"{\ttfamily\char34}",
}
# In the letters of a typewriter every character of ASCII stands in its place, but for the straight quotes, and the
# preamble lets \_, \{ and \} be these.
_CODE = {
    **_ESCAPED,
    **_LETTERS,
    **_SIGNS,
    **{character: rf"{{\char{ord(character)}}}" for character in '\\^~"'},
    "'": r"\rankboundquote{}",
    "`": r"\`{}",
}

_PAIRED = "-'`<>,"  # two of a kind would become one sign, were there no braces between them
_LONG_DIGITS, _LONG_NAME = 12, 24  # characters without a place to break; more are broken anywhere: digests, then names
_PIECES = 4
_PLACES = re.compile(r"(?<=\w[-_./\\=,;:+&@)\]}])(?=[\w'\"(\[{])|(?<=\w)(?=[(\[{])")


def words(text: str) -> str:
    r"""Return text that LaTeX prints as it stands, in ASCII: ``é`` becomes ``{\'{e}}``, ``≤`` becomes ``$\leq$``.

    Raises
    ------
    ValueError
        If it has a character of which this module does not know how LaTeX writes it.
    """
    return _written(text, _WORDS)


def code(text: str, *, breaks: bool = True) -> str:
    r"""Return the argument of ``\rankboundcode`` that shows ``text``; it may be broken after signs, and if it is long.

    Parameters
    ----------
    text : str
        One line.
    breaks : bool
        Whether lines may be broken in it, besides at spaces.

    Raises
    ------
    ValueError
        As :func:`words`.
    """
    if not breaks:
        return _written(text, _CODE)
    return r"\allowbreak{}".join(_written(piece, _CODE) for piece in _pieces(text))


def row(text: str) -> str:
    r"""Return the argument of ``\rankboundrow`` that shows a line of a listing, with all its spaces."""
    return "\\ ".join(code(piece) for piece in text.expandtabs(4).split(" "))


def _pieces(text: str) -> list[str]:
    """Return the parts of a text between which lines may be broken, besides at spaces."""
    pieces = [""]
    for number, word in enumerate(text.split(" ")):
        parts = _PLACES.split(word)
        short = [piece for part in parts for piece in _in_pieces(part)] or [""]
        pieces[-1] += " " * (number > 0) + short[0]
        pieces += short[1:]
    return pieces


def _in_pieces(part: str) -> list[str]:
    if len(part) <= (_LONG_DIGITS if any(map(str.isdigit, part)) else _LONG_NAME):
        return [part]
    return [part[start : start + _PIECES] for start in range(0, len(part), _PIECES)]


def _written(text: str, table: Mapping[str, str]) -> str:
    normal = unicodedata.normalize("NFC", text)
    pairs = zip(normal, normal[1:] + " ", strict=True) if normal else ()
    return "".join(_character(one, table) + "{}" * (one == after and one in _PAIRED) for one, after in pairs)


def _character(character: str, table: Mapping[str, str]) -> str:
    if character in table:
        return table[character]
    if " " <= character <= "~":
        return character
    if character in "\n\t":
        return " "
    base, *accents = list(unicodedata.normalize("NFD", character))
    if len(accents) == 1 and accents[0] in _ACCENTS and base.isascii():
        letter = (
            rf"\{base}" if base in "ij" and accents[0] not in "\N{COMBINING CEDILLA}\N{COMBINING DOT BELOW}" else base
        )
        return rf"{{\{_ACCENTS[accents[0]]}{{{letter}}}}}"
    raise invalid(
        "text",
        character,
        f"characters that LaTeX can show (this is {unicodedata.name(character, 'without a name')})",
        "write it as a formula, or add it to rankbound/appendix/latex/words.py",
    )
