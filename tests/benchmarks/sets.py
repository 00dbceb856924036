"""A thousand sets of assumptions: the flagship with ten fields varied, as the benchmarks of many sets ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from simulator import Scenario, caches, load_scenario, sweep
from tests.benchmarks import kit

VARIED: Mapping[str, tuple[float, float]] = {
    "target.at_least": (900, 1100),
    "levers.assembly.count": (0, 12),
    "levers.assembly.opening": (0.3, 0.9),
    "levers.assembly.additionality": (0.2, 0.9),
    "levers.preferences.margin": (0, 0.2),
    "levers.preferences.share": (0.02, 0.2),
    "levers.interregional.signed": (0, 10),
    "levers.corridor.percent": (0, 0.04),
    "levers.corridor.probability": (0.3, 1),
    "levers.rules.percent": (0, 0.08),
}
TREND = {"outlook.trend": (0.0, 0.08)}  # of all fields the dearest: the law is fitted anew


@cache
def _flagship() -> Scenario:
    return load_scenario(kit.ROOT / kit.FLAGSHIP)


def answered(
    count: int, points: int, *, workers: int = 1, varied: Mapping[str, tuple[float, float]] = VARIED
) -> float:
    """The mean probability of so many sets, each field anywhere between its ends."""
    answers = sweep(_flagship(), sample=varied, n=count, points=points, jobs=workers)
    return float(answers["probability"].mean())


def afresh(
    count: int, points: int, *, workers: int = 1, varied: Mapping[str, tuple[float, float]] = VARIED
) -> float:
    """The same with nothing kept from an earlier run of the same sets."""
    caches.forget()
    return answered(count, points, workers=workers, varied=varied)
