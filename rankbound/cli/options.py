"""Options that several commands have: the type, the remedy and the wording of each stand here once.

An option that is the same everywhere is an object; where a command says more about it, a function makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from rankbound.cli.types import Between, OfKind, Whole
from rankbound.setting import MAX_HEAD_DIM, MAX_KEYS

_F = TypeVar("_F", bound=Callable[..., Any])

_HEAD_DIM = Whole(1, MAX_HEAD_DIM, "give the dimension of a head, for example --head-dim 64")


def _switch_cache_off(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from rankbound import cache_store

        ctx.with_resource(cache_store.disabled())


def _keys(meaning: str, *, required: bool = True, default: int | None = None) -> Callable[[_F], _F]:
    kind = Whole(1, MAX_KEYS, "give the number of keys, for example --n 512")
    if default is None:  # to click, a default of None would be one
        return click.option("--n", "n_keys", type=kind, required=required, help=meaning)
    return click.option("--n", "n_keys", type=kind, default=default, show_default=True, help=meaning)


def _probability(flag: str, meaning: str, default: float | None) -> Callable[[_F], _F]:
    kind = Between(1e-300, 0.5, f"give a small probability, for example {flag} 1e-3")
    return click.option(flag, type=kind, default=default, show_default=True, help=meaning)


n_keys = _keys("Number of keys (the sequence length).")
"""The option ``--n`` of commands for which the number of queries is another option."""

seq_len = _keys("Number of keys, and of queries unless --queries is given. Not needed with --preset.", required=False)
"""The option ``--n`` of commands that may know the number of keys otherwise."""

keys_of_numbers = _keys("Number of keys of the certified numbers and the experiment.", required=False, default=512)
"""The option ``--n`` of a command whose numbers are an illustration."""

n_queries = click.option(
    "--queries",
    "n_queries",
    type=Whole(1, MAX_KEYS, "omit it to have as many queries as keys"),
    help="Number of queries. Default: as many as keys.",
)
"""The option ``--queries``."""

head_dim = click.option("--head-dim", type=_HEAD_DIM, required=True, help="Head dimension.")
"""The option ``--head-dim`` of commands that look at one."""

level = _probability("--level", "Family-wise error of the whole run.", 1e-3)
"""The option ``--level``."""

no_cache = click.option(
    "--no-cache",
    is_flag=True,
    expose_value=False,
    callback=_switch_cache_off,
    help="Work everything out anew, and keep nothing for the next time.",
)
"""The option ``--no-cache``, which takes effect by itself: results are the same with and without it."""


def head_dims(more: str = "") -> Callable[[_F], _F]:
    """Return the option ``--head-dim`` of commands that look at several; ``more`` is said of how many by default."""
    meaning = f"Head dimension; repeatable. Default: 8 to 12 from 1 to max(128, min(2n, 10^6)){more}."
    return click.option("--head-dim", "head_dims", type=_HEAD_DIM, multiple=True, help=meaning)


def seed(more: str = "", *, default: int | None = 0) -> Callable[[_F], _F]:
    """Return the option ``--seed``."""
    kind = Whole(0, 2**64 - 1, "give a seed, for example --seed 0")
    return click.option("--seed", type=kind, default=default, show_default=True, help=f"Seed of the simulation{more}.")


def error(meaning: str, *, default: float | None = 1e-3) -> Callable[[_F], _F]:
    """Return the option ``--error``, the probability that an interval misses."""
    return _probability("--error", meaning, default)


def replicates(
    meaning: str, *, flag: str = "--replicates", most: int = 10**9, example: int = 1000
) -> Callable[[_F], _F]:
    """Return the option ``--replicates``, or another flag for the same number, as ``replicates``."""
    kind = Whole(1, most, f"give the number of matrices to draw, for example {flag} {example}")
    return click.option(flag, "replicates", type=kind, help=meaning)


def budget(
    seconds: str, *, default: float | None, most: float, bought: str = "replicates", more: str = ""
) -> Callable[[_F], _F]:
    """Return the option ``--budget``: what the ``seconds`` are, and what they are turned into.

    ``more`` says what they are by default, where no number does.
    """
    return click.option(
        "--budget",
        type=Between(0, most, f"give seconds, for example --budget {default or 5:g}"),
        default=default,
        show_default=default is not None,
        help=f"{seconds}, turned into {bought} by a fixed table, so that the clock changes no result.{more}",
    )


def workers(flag: str = "--workers", *, what: str = "Threads of the simulation") -> Callable[[_F], _F]:
    """Return the option ``--workers``, or ``--threads``, with the name of the flag."""
    return click.option(
        flag,
        type=Whole(1, 4096, "omit it to use every core"),
        help=f"{what}; the result does not depend on it. Default: every core.",
    )


def plot(what: str, example: str) -> Callable[[_F], _F]:
    """Return the option ``--plot``, which draws ``what`` into a file."""
    return click.option(
        "--plot",
        type=OfKind((".svg", ".png", ".pdf"), example),
        help=f"Draw {what} into this file as well; it ends in .svg, .png or .pdf (the kind).",
    )


def format_of(*kinds: str, more: str = "") -> Callable[[_F], _F]:
    """Return the option ``--format`` with what it can be, by default the first."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(kinds),
        default=kinds[0],
        show_default=True,
        help=f"What to print{more}.",
    )


table_or_json = format_of("table", "json")
"""The option ``--format`` of commands that print a table or JSON."""
