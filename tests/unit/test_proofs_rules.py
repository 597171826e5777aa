"""What holds of all rules together; each module of `proofs.rules` has its own file of true and false steps."""

from __future__ import annotations

from pathlib import Path

from sympy.core.symbol import Str

from proofs.language import KEYS, TRIVIAL, Alike, E, Independent
from proofs.literature import LITERATURE
from proofs.model import Pick, PickChance, d, hit, i, j, m, n, t
from proofs.rules import RULES

HERE = Path(__file__).parent


def test_every_family_of_rules_has_its_file():
    families = {rule.apply.__module__.rpartition(".")[2] for rule in RULES.values()}
    assert {path.stem for path in HERE.glob("test_proofs_rules_*.py")} == {
        f"test_proofs_rules_{family}" for family in families
    }


def test_every_rule_says_why_it_is_sound_and_cites_what_exists():
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert set(rule.cites) <= set(LITERATURE)


def test_heads_stay_apart():
    assert Independent(Pick(i, n, m, d), i, Str(KEYS)) != Independent(Pick(i, n, m, d), i, Str(TRIVIAL))
    assert Alike(PickChance(j, n, d), j, n - 1) != Alike(PickChance(j, n, d), j, n)
    assert t not in E(hit(i, j)).free_symbols
