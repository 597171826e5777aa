"""Examples of a strategy as a list, and what occurs among them."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, seed, settings


def examples(strategy, number, count):
    """Return the examples of one run with a seed."""
    found = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


def drawn(strategy, count=100):
    """Return examples from runs with five seeds; Hypothesis varies what it has drawn in the same run."""
    return [one for number in range(5) for one in examples(strategy, number, count // 5)]


def seen(strategy, feature, wanted):
    """Return the features of examples: those of as many as it takes to see all that are ``wanted``, up to 5000."""
    found = set()
    for number in range(100):
        found |= {feature(one) for one in examples(strategy, number, 50)}
        if found >= wanted:
            break
    return found
