"""How the appendix is made again, and how to see whether it still holds."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import PackageNotFoundError, version

from rankbound import __version__
from rankbound.appendix.content.words import said
from rankbound.appendix.document import Block, Code, Definitions, Inlines, Listing, Section, Text
from rankbound.errors import invalid

_LIBRARIES = ("sympy", "mpmath", "python-flint", "numpy", "scipy", "numba", "matplotlib", "typst")


def provenance(
    command: str,
    facts: list[tuple[str, str]],
    digest: str,
    *,
    check: str = "",
    versions: tuple[str, ...] | None = None,
    date: str | None = None,
) -> Section:
    """Return the section that says how to reproduce a document.

    Parameters
    ----------
    command : str
        What makes it again.
    facts : list of (str, str)
        What else fixes it: names and values.
    digest : str
        SHA-256 of everything before this section.
    check : str, optional
        The command that looks whether it still holds.
    versions, date : optional
        In place of :func:`versions_here` and :func:`built_on`, for a document that was made elsewhere.
    """
    made_with = versions_here() if versions is None else versions
    day = built_on() if date is None else date
    entries: list[tuple[Inlines, Inlines]] = [((Text(name),), (Text(value),)) for name, value in facts]
    entries += [((Text("versions"),), (Text(", ".join(made_with)),))]
    entries += [((Text("content"),), (Text("SHA-256 "), Code(digest)))]
    entries += [((Text("date"),), (Text(day),))] if day else []
    content: list[Block] = [said("The same command, seed and versions give the same bytes:"), Listing(command)]
    if check:
        words = said("This computes everything anew and says, number by number, whether it still holds:")
        content += [words, Listing(check)]
    content.append(Definitions(tuple(entries)))
    return Section("sec:provenance", (Text("How to reproduce this"),), tuple(content))


def built_on() -> str:
    """Return the day that ``SOURCE_DATE_EPOCH`` names, in UTC, or nothing where it is not set.

    Raises
    ------
    ValueError
        If it is no whole number of seconds, or a negative one.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        return ""
    try:
        if int(seconds) < 0:
            raise ValueError("before 1970")
        return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        remedy = "unset it, or give the seconds since 1970"
        raise invalid("SOURCE_DATE_EPOCH", seconds, "a whole number of seconds", remedy) from None


def versions_here() -> tuple[str, ...]:
    """Return the versions of rankbound, of Python and of the libraries that a document depends on."""
    found = [f"rankbound {__version__}", f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # typst, where the extra is not installed
            continue
    return tuple(found)
