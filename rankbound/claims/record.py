"""What a claim is, and what a run finds out for it. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rankbound.claims.assumptions import Assumption
from rankbound.enclosure import Enclosure
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from montecarlo.estimation import RankEstimate
    from rankbound.bounds.sandwich import SaturationPoint
    from rankbound.setting import Setting


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
class SoftmaxCheck:
    """Softmax matrices beside the hardmax matrices of the same queries and keys.

    Of ``drawn`` matrices, ``certified`` have singular values that are proved to be as many above the tolerance as the
    hardmax rank; ``disagreeing`` of those have another number all the same, as computed. ``hardmax_mean`` is the mean
    rank of the hardmax matrices.
    """

    drawn: int
    certified: int
    disagreeing: int
    hardmax_mean: float


@dataclass(frozen=True, slots=True)
class WideLimit:
    """Ranks that were drawn in the limit of wide heads, and a confidence interval for their mean."""

    ranks: npt.NDArray[np.int64]
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The numbers of one run, on which claims are judged.

    Attributes
    ----------
    setting : Setting
        The attention that is looked at, at the first head dimension: one head of it, since all heads have one law.
    head_dims : tuple of int
        In ascending order.
    barrier : Enclosure
        Of ``n (1 - (1 - 1/n)^m)`` for ``m`` queries and ``n`` keys.
    certified : mapping from head_dim to SaturationPoint
        Every head_dim, once its enclosure has been computed; empty where none is known for the setting.
    estimates : mapping from head_dim to RankEstimate
        Only the head dimensions that were simulated. At a temperature of the numerical rank.
    ranks : mapping from head_dim to int64 array, read-only
        The ranks that each estimate was made from, in the order in which they were drawn.
    softmax : mapping from head_dim to SoftmaxCheck
        At a temperature: how the numerical ranks compare with those of hardmax.
    wide : WideLimit, optional
        Ranks in the limit of wide heads, where a claim asks for them.
    blocks : tuple of (int, int)
        Head dimensions, and how many replicates were drawn there, in the order in which that was done.
    skipped : mapping from head_dim to str
        Why a head dimension was not simulated.
    occupancy : OccupancyCheck, optional
        The comparison of rank and occupancy, if one was made.
    controls : tuple of Control
        Simulations whose answer is known beforehand, done before the others.
    seed : int
        Of the run, for what a claim's own experiment draws.
    test_error : float
        With what probability each test of the experiment may refute what is true.
    """

    setting: Setting
    head_dims: tuple[int, ...]
    barrier: Enclosure
    certified: Mapping[int, SaturationPoint] = field(default_factory=dict)
    estimates: Mapping[int, RankEstimate] = field(default_factory=dict)
    ranks: Mapping[int, npt.NDArray[np.int64]] = field(default_factory=dict)
    softmax: Mapping[int, SoftmaxCheck] = field(default_factory=dict)
    wide: WideLimit | None = None
    blocks: tuple[tuple[int, int], ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)
    occupancy: OccupancyCheck | None = None
    controls: tuple[Control, ...] = ()
    seed: int = 0
    test_error: float = 1e-3

    @property
    def n_keys(self) -> int:
        """Number of keys."""
        return self.setting.n_keys

    @property
    def n_queries(self) -> int:
        """Number of queries."""
        return self.setting.n_queries

    @property
    def most(self) -> int:
        """The largest rank there is."""
        return min(self.n_keys, self.n_queries)

    @property
    def barrier_name(self) -> str:
        """How the barrier is written: ``b(n)`` for as many queries as keys."""
        return "b(n)" if self.n_queries == self.n_keys else "b(n, m)"


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
    assumptions : tuple of Assumption
        Sufficient for the statement; where the setting of a run breaks one, the verdict is ``VACUOUS``. A string stands
        for an assumption that no setting breaks.
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
    beyond : callable, optional
        What simulation shows where the setting breaks an assumption: whether the statement fails there. It settles
        nothing.
    subject : callable, optional
        Whether a run on a setting that names no claims judges this one. Omitted, every run does.
    """

    id: str
    statement: str
    source: Source
    assumptions: tuple[Assumption, ...]
    expected: Verdict
    brief: str = ""
    quote: str | None = None
    corrected: str | None = None
    enclosure: NumericalWitness | None = None
    experiment: NumericalWitness | None = None
    silence: Mapping[Witness, str] = field(default_factory=dict)
    scope: str = "every number of keys and of queries, and every head_dim"
    beyond: NumericalWitness | None = None
    subject: Callable[[Setting], bool] | None = None

    def __post_init__(self) -> None:
        whole = tuple(one if isinstance(one, Assumption) else Assumption(one) for one in self.assumptions)
        object.__setattr__(self, "assumptions", whole)

    def broken(self, setting: Setting, head_dims: tuple[int, ...]) -> tuple[str, ...]:
        """Return the assumptions that a run breaks, each with what breaks it."""
        found = ((one.text, one.broken(setting, head_dims)) for one in self.assumptions)
        return tuple(f"{text}, but {reason}" for text, reason in found if reason)

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
