"""The rank in a sliding window as the head dimension grows: the mean."""

from proofs.language import All, Claim, E, Lim, eq, le
from proofs.model import IDEAL, MaskedRank, WindowOccupied, d, n, w
from proofs.records import Step, Theorem, Variable
from proofs.theorems.causal_rank import PICKS_CONVERGE

_rank, _occ = MaskedRank(n, w, d), WindowOccupied(n, w)
_stay = 1 - 1 / w
_mean = Claim(eq(Lim(E(_rank), d), (n - 2 * w + 2) * (1 - _stay**w) + 3 * w * _stay**w), (le(2, w), le(2 * w - 2, n)))
_alone = Claim(eq(Lim(E(MaskedRank(n, 1, d)), d), n))
_statement = All((_mean, _alone))

THEOREM = Theorem(
    id="window-rank",
    title="The rank in a sliding window, for wide heads",
    prose=(
        "Query i of n sees the last w of the keys 0..i. For w >= 2 and n >= 2w - 2 fixed and head_dim -> infinity, "
        "E[rank] -> (n - 2w + 2) (1 - q^w) + 3 w q^w, where q = 1 - 1/w; for w = 1 the limit is n."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and queries"), Variable(w, "number of keys that a query sees")),
    assumptions=(*IDEAL, "one-pick-per-masked-row", "uniform-window-picks"),
    depends_on=("ideal-setting", "masked-rank-is-occupancy", "window-occupancy"),
    references=("Van der Vaart, Asymptotic Statistics (1998), chapter 2",),
    steps=(
        PICKS_CONVERGE,
        Step(
            "limit of mean",
            Claim(eq(Lim(E(_rank), d), E(_occ))),
            "limit-of-mean",
            (PICKS_CONVERGE.name, "theorem:masked-rank-is-occupancy#2", "assumption:uniform-window-picks.count"),
        ),
        Step("mean", _mean, "combination", ("limit of mean", "theorem:window-occupancy#1")),
        Step(
            "limit of one",
            Claim(eq(Lim(E(MaskedRank(n, 1, d)), d), E(WindowOccupied(n, 1)))),
            "specialise",
            ("limit of mean",),
            {"put": {w: 1}},
        ),
        Step("alone", _alone, "rewrite", ("limit of one", "theorem:window-occupancy#2")),
        Step("statement", _statement, "conjunction", ("mean", "alone")),
    ),
)
