"""What Hypothesis runs when it starts, by the entry point of that name: ``st.from_type(rankbound.Setting)`` works.

It loads the record ``Setting`` and nothing else of rankbound; no NumPy, and no strategy before one is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from rankbound.setting import Setting

__all__ = ["register_types"]


def register_types() -> None:
    """Tell Hypothesis that a :class:`~rankbound.setting.Setting` comes from ``attention_settings()``."""
    from hypothesis.strategies import register_type_strategy

    from rankbound.setting import Setting

    register_type_strategy(Setting, _settings)


def _settings(_: type[Setting]) -> SearchStrategy[Setting]:
    from rankbound.testing.settings import attention_settings

    return attention_settings()
