"""One theorem, claim or table alone, for people who write their own document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial

from rankbound.appendix.content import numbers
from rankbound.appendix.content.frame import letters_of
from rankbound.appendix.content.judgements import fold
from rankbound.appendix.content.ledger import works_of
from rankbound.appendix.content.theorems import asked, proved, stated
from rankbound.appendix.document import Blocks, Document, Table
from rankbound.appendix.formats import FORMATS, fragment_of
from rankbound.appendix.material import checked, judged
from rankbound.appendix.request import BUDGET, N_KEYS, SEED, Request, appendix_request, rested_on
from rankbound.errors import check_name, invalid
from rankbound.witnesses import ensure_own

TABLES = ("tab:barrier", "tab:deviation", "tab:saturation")
"""Labels of the tables that :func:`fragment` gives."""


def fragment(
    name: str,
    format_: str,
    *,
    n_keys: int = N_KEYS,
    n_queries: int | None = None,
    head_dims: Iterable[int] = (),
    budget: float = BUDGET,
    replicates: int | None = None,
    seed: int = SEED,
) -> str:
    """Return one theorem with its proof, one claim with its verdict, or one table, in a format.

    Parameters
    ----------
    name : str
        The id of a theorem, an open question or a claim, or the label of a table: ``"tab:barrier"``,
        ``"tab:deviation"`` or ``"tab:saturation"``.
    format_ : str
        ``"latex"`` (what it needs of a preamble is said in a comment), ``"html"``, ``"markdown"``, or ``"pdf"``, for
        which Typst's markup is returned.
    n_keys, n_queries, head_dims, budget, replicates, seed : optional
        The sizes of tables and claims, as :func:`rankbound.appendix.appendix_request` takes them; a theorem needs none.

    Returns
    -------
    str
        References to what is not part of the fragment are written as ids.

    Raises
    ------
    ValueError
        If there is nothing of this name, with the nearest one, or an argument is not as described.
    """
    check_name("format", format_, FORMATS)
    ensure_own("proofs", "montecarlo")
    document = _alone(
        name,
        partial(
            appendix_request,
            n_keys=n_keys,
            n_queries=n_queries,
            head_dims=head_dims,
            budget=budget,
            replicates=replicates,
            seed=seed,
        ),
    )
    return fragment_of(document.lead, document, format_)


def _alone(name: str, asking: Callable[..., Request]) -> Document:
    """Return a document that has what is asked for alone, as its lead."""
    import proofs
    from rankbound.claims import REGISTRY

    theorems, questions = proofs.theorem_ids(), proofs.open_question_ids()
    known = (*theorems, *questions, *REGISTRY, *TABLES)
    if name not in known:
        near = get_close_matches(str(name), known, 1, 0.5)
        remedy = f"did you mean {near[0]!r}?" if near else f"rankbound theorems lists the ids; tables are {TABLES}"
        raise invalid("name", name, "the id of a theorem, question or claim, or the label of a table", remedy)
    if name in theorems:
        theorem, found = proofs.theorem(name), checked(rested_on([name]))[name]
        blocks = (stated(theorem, found), *letters_of(theorem), proved(theorem, found, ()))
        return Document(theorem.title, blocks, (), works_of(found))
    if name in questions:
        question = proofs.open_question(name)
        bearing = checked(rested_on(question.known))
        return Document(question.title, (asked(question, bearing, ()), *letters_of(question)), ())
    wanted = asking(claims=[name]) if name in REGISTRY else asking()
    return Document(name, _of_report(name, wanted), ())


def _of_report(name: str, wanted: Request) -> Blocks:
    sizes = wanted.n_keys, wanted.n_queries
    if name == "tab:barrier":
        return (numbers.constants(*sizes),)
    if name == "tab:deviation":
        table = numbers.deviation_table(*sizes)
        if table is None:
            expected = "sizes at which the rank can exceed the barrier"
            raise invalid("n_keys", wanted.n_keys, expected, "give more keys and queries: there is no such table here")
        return (table,)
    report = judged(wanted)
    if name == "tab:saturation":
        blocks = numbers.saturation_blocks(report, "tab:saturation", "fig:saturation")
        return tuple(block for block in blocks if isinstance(block, Table))
    return tuple(fold(one, ()) for one in report.judgements if one.claim.id == name)
