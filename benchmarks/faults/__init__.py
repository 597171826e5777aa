"""Faults to plant, by the witness at fault."""

from faults.derivations import DERIVATION
from faults.enclosures import ENCLOSURE
from faults.experiment import EXPERIMENT
from faults.judge import JUDGE
from faults.record import Fault

FAULTS = tuple(
    Fault(name, witness, what, plant)
    for witness, table in (
        ("experiment", EXPERIMENT),
        ("enclosure", ENCLOSURE),
        ("derivation", DERIVATION),
        ("judge", JUDGE),
    )
    for name, (what, plant) in table.items()
)
