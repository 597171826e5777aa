"""The barrier holds for latent attention, whatever the lengths of the latents and the law of the key side."""

from proofs.language import KEYS, All, Claim, E, le
from proofs.model import Rank, barrier_of, d, m, n
from proofs.records import Step, Theorem, Variable

_given = Claim(le(E(Rank(n, m, d), KEYS), barrier_of(n, m)))
_bound = Claim(le(E(Rank(n, m, d)), barrier_of(n, m)))
_statement = All((_given, _bound))

THEOREM = Theorem(
    id="mla-barrier",
    title="The barrier for latent attention",
    prose=(
        "Latent attention without position parts, orthonormal tokens, W_DQ of independent standard normal entries and "
        "independent of all other weights: given the absorbed keys, hence at every head_dim and for all lengths of the "
        "latents, E[rank] <= n (1 - (1 - 1/n)^m)."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys"), Variable(m, "number of queries"), Variable(d, "head dimension")),
    assumptions=("orthonormal-tokens", "gaussian-latents", "independent-latents"),
    depends_on=("latent-setting", "barrier"),
    steps=(
        Step(
            "given keys",
            _given,
            "specialise",
            ("theorem:barrier#2",),
            because="the latents are independent and of one law given the absorbed keys, and so are the picks",
        ),
        Step("bound", _bound, "expectation", ("given keys",)),
        Step("statement", _statement, "conjunction", ("given keys", "bound")),
    ),
)
