"""The command line: ``rankbound``, the same as ``python -m rankbound``.

Standard output carries the result, standard error everything else. Whatever goes wrong, one line says so: nobody who
runs a command sees a traceback, unless RANKBOUND_DEBUG is set in the environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from rankbound import __version__
from rankbound.cli.appendix import appendix
from rankbound.cli.bound import bound
from rankbound.cli.curve import curve
from rankbound.cli.head_dim import head_dim
from rankbound.cli.represent import represent
from rankbound.cli.simulate import simulate
from rankbound.cli.streams import CannotWriteError, discard_stdout, emit
from rankbound.cli.sweep import sweep
from rankbound.cli.theorems import theorems
from rankbound.cli.verify import verify
from rankbound.errors import ShadowedPackageError
from rankbound.verify.calculus import ExitCode


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rankbound", message="%(prog)s %(version)s")
def rankbound() -> None:
    """Check theorems about the rank of attention matrices with random weights."""


rankbound.add_command(appendix)
rankbound.add_command(bound)
rankbound.add_command(curve)
rankbound.add_command(head_dim)
rankbound.add_command(represent)
rankbound.add_command(simulate)
rankbound.add_command(sweep)
rankbound.add_command(theorems)
rankbound.add_command(verify)


def main(args: Sequence[str] | None = None, *, command: click.Command = rankbound, name: str = "rankbound") -> None:
    """Run the command line and leave the process with its exit code."""
    code = run(args, command=command, name=name)
    emit("")  # flushes
    if code == ExitCode.INTERRUPTED:
        os._exit(code)  # a compiled kernel in another thread would keep an orderly exit waiting
    sys.exit(code)


def run(args: Sequence[str] | None = None, *, command: click.Command = rankbound, name: str = "rankbound") -> int:
    """Run the command line and return its exit code; used by :func:`main` and by tests."""
    try:
        code = command.main(args=None if args is None else list(args), prog_name=name, standalone_mode=False)
        return int(code or ExitCode.AS_EXPECTED)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        return ExitCode.USAGE
    except click.UsageError as error:
        click.echo(f"{name}: error: {_one_line(error)}", err=True)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo(f"{name}: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except SystemExit:  # click's way to end at a closed pipe, which is where nobody is left to tell
        discard_stdout()
        return ExitCode.AS_EXPECTED
    except (CannotWriteError, ShadowedPackageError) as error:
        click.echo(f"{name}: error: {error}", err=True)
        return ExitCode.USAGE
    except Exception as error:
        if os.environ.get("RANKBOUND_DEBUG"):
            raise
        first = (str(error).splitlines() or [""])[0]
        click.echo(
            f"{name}: internal error: {type(error).__name__}: {first} (set RANKBOUND_DEBUG=1 for a traceback)", err=True
        )
        return ExitCode.INTERNAL_ERROR


def _one_line(error: click.UsageError) -> str:
    """Return the message on one line, without click's prefix where the message names the option itself."""
    message = error.message if isinstance(error, click.BadParameter) and "expected" in error.message else None
    text = " ".join((message or error.format_message()).split())
    hint = f" (see {error.ctx.command_path} --help)" if error.ctx is not None else ""
    return text + hint
