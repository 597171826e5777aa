"""What a claim is, and what a run finds out for it. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rankbound.enclosure import Enclosure
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from montecarlo.estimation import RankEstimate
    from rankbound.bounds.sandwich import SaturationPoint


@dataclass(frozen=True, slots=True)
class Source:
    """Who says it, and where."""

    authors: str
    work: str
    location: str


@dataclass(frozen=True, slots=True)
class OccupancyCheck:
    """Of how many sampled attention matrices the exact rank equals the number of distinct columns hit."""

    agreeing: int
    drawn: int
    n_keys: int
    head_dim: int


@dataclass(frozen=True, slots=True)
class Control:
    """A simulation at a small size where the expected rank is known to many digits: a check of the experiment itself.

    ``known`` encloses the expected rank, and ``algorithm`` says how ranks were drawn.
    """

    known: Enclosure
    estimate: RankEstimate
    ranks: npt.NDArray[np.int64]
    algorithm: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The numbers of one run, on which claims are judged.

    Attributes
    ----------
    n_keys : int
        Sequence length; there are as many queries.
    head_dims : tuple of int
        In ascending order.
    barrier : Enclosure
        Of ``n (1 - (1 - 1/n)^n)``.
    certified : mapping from head_dim to SaturationPoint
        Every head_dim, once its enclosure has been computed.
    estimates : mapping from head_dim to RankEstimate
        Only the head dimensions that were simulated.
    ranks : mapping from head_dim to int64 array, read-only
        The ranks that each estimate was made from, in the order in which they were drawn.
    blocks : tuple of (int, int)
        Head dimensions, and how many replicates were drawn there, in the order in which that was done.
    skipped : mapping from head_dim to str
        Why a head dimension was not simulated.
    occupancy : OccupancyCheck, optional
        The comparison of rank and occupancy, if one was made.
    controls : tuple of Control
        Simulations whose answer is known beforehand, done before the others.
    test_error : float
        With what probability each test of the experiment may refute what is true.
    """

    n_keys: int
    head_dims: tuple[int, ...]
    barrier: Enclosure
    certified: Mapping[int, SaturationPoint] = field(default_factory=dict)
    estimates: Mapping[int, RankEstimate] = field(default_factory=dict)
    ranks: Mapping[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    blocks: tuple[tuple[int, int], ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)
    occupancy: OccupancyCheck | None = None
    controls: tuple[Control, ...] = ()
    test_error: float = 1e-3


NumericalWitness = Callable[[Findings], Evidence]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement to be judged, bound to the witnesses that can speak on it.

    Attributes
    ----------
    id : str
        Kebab-case, stating the content; also the id of the theorem in :mod:`proofs` that decides it.
    statement : str
        What is judged, quantifiers and all. For a paper's sentence this is one stated *reading* of it.
    source : Source
    assumptions : tuple of str
        Sufficient for the statement.
    expected : Verdict
        What the registry expects. Only ever compared with.
    brief : str
        The statement in one plain clause, without quantifiers, for summaries.
    quote : str, optional
        The paper's own words, verbatim, when the claim is a reading of them.
    corrected : str, optional
        What holds instead, for a reading expected to be refuted; up to the first semicolon it can stand alone.
    enclosure, experiment : callable, optional
        What certified numbers, and simulation, say of it; ``None`` where they can say nothing.
    silence : mapping from Witness to str
        Why a witness has nothing to say.
    scope : str
        The settings to which the claim applies, in words.
    applies : callable, optional
        Whether a run at so many keys and these head dimensions is such a setting; if not, the verdict is ``VACUOUS``.
        Omitted, every run is.
    """

    id: str
    statement: str
    source: Source
    assumptions: tuple[str, ...]
    expected: Verdict
    brief: str = ""
    quote: str | None = None
    corrected: str | None = None
    enclosure: NumericalWitness | None = None
    experiment: NumericalWitness | None = None
    silence: Mapping[Witness, str] = field(default_factory=dict)
    scope: str = "every n and head_dim, with as many queries as keys"
    applies: Callable[[int, tuple[int, ...]], bool] | None = None

    @property
    def reading(self) -> str | None:
        """The statement, when it is a reading of a quotation."""
        return self.statement if self.quote is not None else None


def by_enclosure(outcome: Outcome, detail: str) -> Evidence:
    """Word what certified numbers say."""
    return Evidence(Witness.ENCLOSURE, outcome, detail)


def by_experiment(outcome: Outcome, detail: str) -> Evidence:
    """Word what simulation says."""
    return Evidence(Witness.EXPERIMENT, outcome, detail)
