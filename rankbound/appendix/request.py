"""What an appendix is asked for: with it and the program's version, the appendix can be made again byte by byte."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rankbound.errors import check_integer, check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries

if TYPE_CHECKING:
    from proofs import Theorem

HEADLINES = (
    "rank-is-occupancy",
    "barrier",
    "occupancy-dominance",
    "barrier-constants",
    "rank-deviation",
    "wide-head-limit",
    "norm-conditioned-barrier",
    "second-moment-bound",
    "log-n-exponent-limit",
    "saturation-window",
    "rank-deficit",
    "paper-barrier-about-063n",
    "paper-barrier-literal",
    "paper-log-n-sufficient",
)
"""The theorems of an appendix unless others are asked for."""

EVERY = "all"
"""Stands for all theorems in place of an id."""

N_KEYS, BUDGET, SEED = 512, 1.0, 0
"""What is looked at unless something else is asked for, and the nominal seconds of the experiment."""

MOST_REPLICATES, LONGEST = 10**6, 1e6
"""The most replicates at each head dimension, and the most nominal seconds."""

_ARGUMENTS = ("theorems", "claims", "lemmas", "n_keys", "n_queries", "head_dims", "budget", "replicates", "seed")


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request; :func:`appendix_request` makes it.

    Attributes
    ----------
    theorems : tuple of str
        Ids of theorems and open questions, in the order of reading.
    claims : tuple of str
        Ids of the claims to be judged, in the order of the registry.
    n_keys, n_queries : int
    head_dims : tuple of int
        In ascending order.
    budget : float
        Nominal seconds of the experiment, which a fixed table turns into replicates; 0 for none.
    replicates : int or None
        Attention matrices that are drawn at each head dimension, in place of the budget.
    seed : int
    asked_theorems, asked_claims : tuple of str
        The ids that were named, in the order in which they were.
    lemmas : bool
        Whether what the theorems rest on was asked for.
    command : str
        What asks for the same on the command line, without where it is written to.
    """

    theorems: tuple[str, ...]
    claims: tuple[str, ...]
    n_keys: int
    n_queries: int
    head_dims: tuple[int, ...]
    budget: float
    replicates: int | None
    seed: int
    asked_theorems: tuple[str, ...]
    asked_claims: tuple[str, ...]
    lemmas: bool
    command: str

    @property
    def has_experiment(self) -> bool:
        """Whether anything is simulated."""
        return self.replicates is not None or self.budget > 0

    def to_json(self) -> dict[str, Any]:
        """Return what was asked for as plain data, from which :func:`request_from_json` makes the request again."""
        return {
            "theorems": list(self.asked_theorems),
            "claims": list(self.asked_claims),
            "lemmas": self.lemmas,
            "n_keys": self.n_keys,
            "n_queries": self.n_queries,
            "head_dims": list(self.head_dims),
            "budget": self.budget,
            "replicates": self.replicates,
            "seed": self.seed,
        }


def appendix_request(
    theorems: Iterable[str] = (),
    claims: Iterable[str] = (),
    *,
    n_keys: int = N_KEYS,
    n_queries: int | None = None,
    head_dims: Iterable[int] = (),
    budget: float = BUDGET,
    replicates: int | None = None,
    seed: int = SEED,
    lemmas: bool = False,
) -> Request:
    """Return the request for an appendix.

    Parameters
    ----------
    theorems : iterable of str, optional
        Ids of theorems or open questions, or ``"all"``. Neither these nor claims: :data:`HEADLINES`.
    claims : iterable of str, optional
        Ids of claims to be judged; a theorem of the same id comes with it. The theorems asked for that are claims of
        the registry are judged in any case, and so is the table of enclosures.
    n_keys, n_queries : int, optional
        At least 1; as many queries as keys unless given.
    head_dims : iterable of int, optional
        At least 1 each; those of :func:`rankbound.default_head_dims` unless given.
    budget : float, optional
        Nominal seconds of the experiment, from 0 (no experiment) to 10^6; a fixed table turns them into replicates.
    replicates : int, optional
        Attention matrices drawn at each head dimension, from 1 to 10^6, in place of the budget.
    seed : int, optional
        From 0 to 2^64 - 1.
    lemmas : bool, optional
        Whether the theorems on which those asked for rest come along.

    Raises
    ------
    ValueError
        If an argument is not as described; the message names the nearest id.
    """
    from proofs.catalogue import IDS, QUESTIONS, known_theorem_or_question
    from rankbound.claims import REGISTRY, select
    from rankbound.verify.grid import default_head_dims

    n = check_n_keys(n_keys)
    m = check_n_queries(n_queries, n)
    dims = tuple(sorted({check_head_dim(d) for d in head_dims})) or default_head_dims(n)
    seconds = _budget(budget)
    count = None if replicates is None else _replicates(replicates)
    number = check_integer("seed", seed, minimum=0, maximum=2**64 - 1, remedy="give a seed such as 0")
    named, judged = tuple(dict.fromkeys(theorems)), tuple(dict.fromkeys(claims))
    wanted = {*IDS, *QUESTIONS} if EVERY in named else {known_theorem_or_question(name) for name in named}
    chosen = {claim.id for claim in select(judged)} if judged else set()
    wanted |= {name for name in chosen if name in IDS}
    if not named and not judged:
        wanted = set(HEADLINES)
    if lemmas:
        wanted |= rested_on(wanted).keys()
    judging = chosen | (wanted & REGISTRY.keys()) | {"expected-rank-enclosure"}
    options = [
        *(part for name in named for part in ("--theorem", name)),
        *(part for name in judged for part in ("--claim", name)),
        *(["--lemmas"] if lemmas else []),
        *(["--n", str(n)] if n != N_KEYS else []),
        *(["--queries", str(m)] if m != n else []),
        *(part for d in dims if dims != default_head_dims(n) for part in ("--head-dim", str(d))),
        *(["--budget", f"{seconds:g}"] if seconds != BUDGET and count is None else []),
        *(["--replicates", str(count)] if count is not None else []),
        *(["--seed", str(number)] if number != SEED else []),
    ]
    return Request(
        theorems=tuple(name for name in (*IDS, *QUESTIONS) if name in wanted),
        claims=tuple(name for name in REGISTRY if name in judging),
        n_keys=n,
        n_queries=m,
        head_dims=dims,
        budget=seconds,
        replicates=count,
        seed=number,
        asked_theorems=named,
        asked_claims=judged,
        lemmas=lemmas,
        command=shlex.join(["rankbound", "appendix", *options]),
    )


def request_from_json(data: Mapping[str, Any]) -> Request:
    """Build a request from what :meth:`Request.to_json` returned.

    It is asked for anew, so that nothing which follows from the arguments, such as the command, is taken on trust.

    Raises
    ------
    ValueError
        If something is missing, unknown or not of its type.
    """
    remedy = "make the appendix anew"
    if not isinstance(data, Mapping) or set(data) != set(_ARGUMENTS):
        raise invalid("request", data, f"values for {', '.join(_ARGUMENTS)}", remedy)
    for name, kind in (("theorems", str), ("claims", str), ("head_dims", int)):
        if not isinstance(data[name], list) or not all(isinstance(one, kind) for one in data[name]):
            raise invalid(name, data[name], f"a list of {'ids' if kind is str else 'integers'}", remedy)
    if not isinstance(data["lemmas"], bool):
        raise invalid("lemmas", data["lemmas"], "true or false", remedy)
    return appendix_request(**data)


def _budget(value: object) -> float:
    remedy = f"give seconds, such as {BUDGET:g}"
    return check_real("budget", value, above=0.0, below=LONGEST, inclusive=(True, True), remedy=remedy)


def _replicates(value: object) -> int:
    return check_integer("replicates", value, minimum=1, maximum=MOST_REPLICATES, remedy="give a number such as 200")


def rested_on(names: Iterable[str]) -> dict[str, Theorem]:
    """Return the theorems among some ids, and everything they rest on, in the order of reading."""
    import proofs
    from rankbound.theorem_graph import with_all_above

    known = {name: proofs.theorem(name) for name in proofs.theorem_ids()}
    return with_all_above([name for name in names if name in known], known)
