"""What becomes of whatever a command ends with: an exit code, and one line."""

from __future__ import annotations

import click
import pytest

from rankbound.cli import run
from rankbound.cli.streams import CannotWriteError
from rankbound.verify.calculus import ExitCode


def command_that(act):
    return click.command("command")(act)


def raising(error):
    def act():
        raise error

    return command_that(act)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "name: interrupted"),
        (click.Abort(), ExitCode.INTERRUPTED, "name: interrupted"),
        (click.UsageError("no such\nthing"), ExitCode.USAGE, "name: error: no such thing"),
        (click.BadParameter("n = 0: expected 1"), ExitCode.USAGE, "name: error: n = 0: expected 1"),
        (
            CannotWriteError("out.json", OSError(28, "No space left on device")),
            ExitCode.USAGE,
            "name: error: cannot write to out.json: no space left on device; choose another place",
        ),
        (
            ZeroDivisionError("by zero\nof all things"),
            ExitCode.INTERNAL_ERROR,
            "name: internal error: ZeroDivisionError: by zero (set RANKBOUND_DEBUG=1 for a traceback)",
        ),
        (
            ZeroDivisionError(),
            ExitCode.INTERNAL_ERROR,
            "name: internal error: ZeroDivisionError:  (set RANKBOUND_DEBUG=1 for a traceback)",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_an_error_is_an_exit_code_and_one_line(error, code, line, capsys, monkeypatch):
    monkeypatch.delenv("RANKBOUND_DEBUG", raising=False)
    assert run([], command=raising(error), name="name") == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.rstrip("\n").removesuffix(" (see name --help)").strip() == line


def test_a_traceback_for_who_asks(monkeypatch):
    monkeypatch.setenv("RANKBOUND_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run([], command=raising(ZeroDivisionError()))


def test_a_pipe_that_nobody_reads_any_more_is_no_error(capfd):
    assert run([], command=raising(SystemExit(1))) == ExitCode.AS_EXPECTED
    assert capfd.readouterr() == ("", "")


def test_a_code_is_passed_on_and_none_is_success():
    assert run([], command=command_that(lambda: ExitCode.UNDECIDED)) == ExitCode.UNDECIDED
    assert run([], command=command_that(lambda: None)) == ExitCode.AS_EXPECTED


def test_no_command_is_answered_with_the_help(capsys):
    assert run([]) == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Usage: rankbound")
    assert "verify" in err
