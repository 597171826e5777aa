"""Options that say which attention is meant: how it differs from the ideal setting, or a published model."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rankbound.arrays import ENDINGS, SEPARATOR, load_array
from rankbound.cli import options
from rankbound.cli.types import Between, Whole
from rankbound.errors import invalid
from rankbound.inputs import INPUT_LAWS
from rankbound.presets import PRESETS
from rankbound.setting import MAX_KEYS, WEIGHTS

if TYPE_CHECKING:
    from rankbound.setting import Setting

__all__ = ["as_usage_error", "attention_from", "attention_options"]

_F = TypeVar("_F", bound=Callable[..., Any])

_LAWS = [law for law in INPUT_LAWS if law != "array"]

_OPTIONS = (
    click.option("--mask", help="none, causal, window, or a file with a boolean array of queries by keys."),
    click.option(
        "--window",
        type=Whole(1, MAX_KEYS, "give the number of keys that a query sees"),
        help="With --mask window: keys that a query sees. Default: 64.",
    ),
    click.option(
        "--inputs",
        help=f"Law of the tokens: {', '.join(_LAWS)}; parameters as LAW:NAME=VALUE,...; or a file with an array of "
        "tokens by dimensions. Default: orthonormal.",
    ),
    click.option(
        "--embed-dim",
        type=Whole(1, MAX_KEYS, "omit it to have as many as tokens"),
        help="Dimensions of a token. Default: as many as tokens.",
    ),
    click.option("--weights", help=f"Law of the weights: {', '.join(WEIGHTS)}. Default: gaussian."),
    click.option(
        "--temperature",
        type=Between(0, 1e100, "give 0 for hardmax and 1 for standard attention"),
        help="Softmax at this temperature instead of hardmax; needs --tolerance.",
    ),
    click.option(
        "--tolerance",
        type=Between(0, 1, "give a share of the largest singular value, for example 1e-6"),
        help="With --temperature: singular values above this share of the largest count.",
    ),
    click.option(
        "--preset",
        help=f"Attention of the shape of a published model, at random weights: {', '.join(PRESETS)}. The options above "
        "change it.",
    ),
    click.option(
        "--scale",
        type=Between(0, 1, "give 0.125 for an eighth"),
        help="With --preset: multiply the number of tokens and every dimension by this. Default: 1.",
    ),
)


def attention_options(command: _F) -> _F:
    """Add the options to a command; :func:`attention_from` takes what they give."""
    for option in reversed((options.n_queries, *_OPTIONS)):
        command = option(command)
    return command


def attention_from(n_keys: int | None, head_dim: int, **asked: Any) -> tuple[int | Setting, list[str]]:
    """Return what the options ask for, and the options as they are given.

    Parameters
    ----------
    n_keys : int or None
        From ``--n``; needed unless there is a preset, or an array of tokens.
    head_dim : int
        Of the setting, unless a preset has its own.
    **asked
        What the options gave, ``None`` for those that were omitted.

    Raises
    ------
    ValueError
        In one line, if they make no setting.
    """
    from rankbound.setting import Setting

    given = {name: value for name, value in asked.items() if value is not None}
    words = [] if n_keys is None else ["--n", str(n_keys)]
    for name, value in given.items():
        flag = "--queries" if name == "n_queries" else f"--{name.replace('_', '-')}"
        words += [flag, repr(value) if isinstance(value, float) else str(value)]
    name, scale = given.pop("preset", None), given.pop("scale", None)
    if name is None and scale is not None:
        raise invalid("--scale", scale, "--preset beside it", "omit it, or add --preset")
    if "mask" in given:
        given["mask"] = _mask(given["mask"])
    if "inputs" in given:
        given["inputs"] = _inputs(given["inputs"])
    if n_keys is None and name is None:
        if not hasattr(given.get("inputs"), "shape"):
            raise invalid("--n", None, "the number of keys", "give it, for example --n 512, or a --preset")
        n_keys = len(given["inputs"])
    if name is None and not given:
        return int(n_keys or 0), words
    if n_keys is not None:
        given["n_keys"] = n_keys
    if name is not None:
        from rankbound.presets import preset

        return preset(name, scale=1.0 if scale is None else scale, **given), words
    given.setdefault("n_queries", None)
    return Setting(head_dim=head_dim, **given), words


def as_usage_error(problem: ValueError) -> click.UsageError:
    """Return what an argument was refused for, with the option's name for the argument's; else raise it again."""
    said = str(problem)
    if ": expected " not in said:
        raise problem
    context = click.get_current_context()
    options_of = {str(param.name): param.opts[0] for param in context.command.params}
    named = re.match("[a-zA-Z_]+", said)
    name = named[0] if named else ""
    alias = {"rng": "seed", "head_dim": "head_dims", "head_dims": "head_dim"}.get(name)
    option = options_of.get(name) or options_of.get(alias or name)
    return click.UsageError(said if option is None else option + said.removeprefix(name), context)


def _mask(text: str) -> Any:
    if not _is_file(text):
        return text
    array = load_array(text, name="--mask", booleans=True)
    if array.dtype != bool and not ((array == 0) | (array == 1)).all():
        raise invalid("--mask", text, "an array of booleans, or of 0 and 1", "write 1 where a query sees a key")
    return array.astype(bool)


def _inputs(text: str) -> Any:
    if _is_file(text):
        return load_array(text, name="--inputs")
    law, _, parameters = text.partition(":")
    if not parameters:
        return law
    from rankbound.inputs import Inputs

    if law not in _LAWS:
        return law  # the setting says which laws there are
    values: dict[str, Any] = {}
    for part in parameters.split(","):
        name, _, value = part.partition("=")
        known = INPUT_LAWS.get(law, ())
        if name not in known or name == "array" or not value:
            expected = f"parameters of {law}: {', '.join(known)}" if known else f"no parameters of {law}"
            raise invalid("--inputs", text, expected, "write LAW:NAME=VALUE, for example duplicated:distinct=32")
        if name in values:
            raise invalid("--inputs", text, f"{name} once", "leave out the one that is not meant")
        try:
            values[name] = int(value) if value.lstrip("+-").isdigit() else float(value)
        except ValueError:
            raise invalid("--inputs", text, f"a number for {name}", "write LAW:NAME=VALUE") from None
    return Inputs(law=law, **values)


def _is_file(text: str) -> bool:
    """Whether a text names a file, by its ending: no name of a law or a mask has one."""
    return Path(text.partition(SEPARATOR)[0]).suffix.lower() in ENDINGS
