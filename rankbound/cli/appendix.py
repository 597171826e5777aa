"""``rankbound appendix``: derivation appendices for papers, and whether one still holds."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rankbound.appendix.formats import FIRST_FILES, FORMATS, HOW_TO_SET_PDF
from rankbound.cli import options
from rankbound.cli.setting_options import as_usage_error
from rankbound.cli.streams import CannotWriteError, emit, is_terminal
from rankbound.cli.types import ClaimId, Folder, TheoremId
from rankbound.verify.calculus import ExitCode

if TYPE_CHECKING:
    from rankbound.appendix.checking import Outcome
    from rankbound.appendix.making import Appendix


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--theorem",
    "theorems",
    type=TheoremId("all"),
    multiple=True,
    help="A theorem or an open question to be printed, or all; repeatable. Default: the headline theorems.",
)
@click.option(
    "--claim",
    "claims",
    type=ClaimId(),
    multiple=True,
    help="A claim to be judged, printed with the theorem that decides it; repeatable.",
)
@click.option("--lemmas", is_flag=True, help="Print the theorems that these rest on as well.")
@options.keys_of_numbers
@options.n_queries
@options.head_dims()
@options.budget("Seconds of simulation", default=1.0, most=1e6, more=" 0 for no experiment.")
@options.replicates("Replicates per head dimension, instead of --budget.", most=10**6)
@options.seed()
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="A format to write; repeatable. Default: all, PDF only where the extra [report] is installed.",
)
@click.option("--output", type=Folder(), help="The folder to write into; it is made if there is none.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier appendix that nobody changed.")
@click.option(
    "--check",
    type=click.Path(path_type=Path),
    help="Compute an existing appendix anew and say, number by number, whether it still holds. Takes no other option "
    "but --no-cache, which changes nothing: derivations are checked anew in any case.",
)
@options.no_cache
def appendix(
    theorems: tuple[str, ...],
    claims: tuple[str, ...],
    lemmas: bool,
    n_keys: int,
    n_queries: int | None,
    head_dims: tuple[int, ...],
    budget: float,
    replicates: int | None,
    seed: int,
    formats: tuple[str, ...],
    output: Path | None,
    force: bool,
    check: Path | None,
) -> int:
    r"""Write an appendix for a paper: theorems, derivations, certified numbers, experiment and figures.

    Every step of every proof is checked; the numbers are enclosures, rounded outward. appendix.tex is for \input into
    an article, main.tex for itself; appendix.pdf needs no TeX; appendix.html needs no network; appendix.md is for
    GitHub; appendix.json says what the others state, for --check. The same options give the same bytes.

    Exit code: 0 everything is proved and every verdict is as expected, 1 something is not, or with --check something no
    longer holds, 2 usage, 3 a derivation or a verdict is undecided (a box says so), 4 internal error, 130 interrupted.
    """
    if check is not None:
        _refuse_others()
        return _check(check)
    if output is None:
        raise click.UsageError("--output is missing: name the folder to write into, for example --output appendix")
    from rankbound.appendix.folder import refuse_to_replace, write_folder
    from rankbound.appendix.making import chosen_formats, make_appendix
    from rankbound.appendix.request import appendix_request

    try:
        request = appendix_request(
            theorems,
            claims,
            n_keys=n_keys,
            n_queries=n_queries,
            head_dims=head_dims,
            budget=budget,
            replicates=replicates,
            seed=seed,
            lemmas=lemmas,
        )
        asked = chosen_formats(formats or None)
        first = [name for format_ in asked for name in FIRST_FILES[format_]]
        refuse_to_replace(output, first, force=force)  # before any work
        if not formats and "pdf" not in asked:
            click.echo(f"rankbound: PDF is left out, because typst is not installed: {HOW_TO_SET_PDF}", err=True)
        with _progress() as progress:
            made = make_appendix(request, asked, progress=progress)
        write_folder(output, made.files, force=force)
    except ValueError as problem:
        raise as_usage_error(problem) from None
    except OSError as error:
        raise CannotWriteError(str(output), error) from None
    emit(_listing(output, made))
    for doubt in made.doubts:
        click.echo(f"rankbound: {doubt}", err=True)
    return int(made.exit_code)


def _refuse_others() -> None:
    """Refuse whatever else is asked for with ``--check``, which takes it all from the appendix."""
    context = click.get_current_context()
    given = click.core.ParameterSource.COMMANDLINE
    for param in context.command.params:
        other = param.expose_value and param.name != "check"
        if other and context.get_parameter_source(str(param.name)) is given:
            what = f"{param.opts[0]} cannot be given with --check: the appendix says what it was made from"
            raise click.UsageError(what, context)


def _listing(folder: Path, made: Appendix) -> str:
    lines = [f"{folder / name}  {len(content):,} bytes" for name, content in sorted(made.files.items())]
    return "\n".join(lines) + "\n"


def _check(folder: Path) -> int:
    from rankbound.appendix.checking import check_appendix

    try:
        with _progress() as progress:
            outcome = check_appendix(folder, progress=progress)
    except ValueError as problem:
        raise as_usage_error(problem) from None
    emit(_said(outcome))
    return int(outcome.exit_code)


def _said(outcome: Outcome) -> str:
    lines = [*outcome.differing, *outcome.undecided]
    compared = f"{outcome.facts} statements and numbers and {outcome.files} files compared"
    wrong, open_ = len(outcome.differing), len(outcome.undecided)
    verdict = {
        ExitCode.AS_EXPECTED: "all hold",
        ExitCode.UNEXPECTED: f"{wrong} {'does' if wrong == 1 else 'do'} not hold",
        ExitCode.UNDECIDED: f"the rest holds; {open_} {'thing' if open_ == 1 else 'things'} cannot be decided here",
    }
    return "\n".join([*lines, f"{compared}: {verdict[outcome.exit_code]}."]) + "\n"


def _progress() -> Any:
    """Return a context that yields a progress callback: a bar on a terminal, nothing elsewhere."""
    if not is_terminal(sys.stderr):
        return nullcontext(None)
    from rankbound.cli.progress import bar

    return bar()
