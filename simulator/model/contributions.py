"""What the answer loses when one lever or risk alone is switched off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.numerics.exponential_sums import Total
from simulator.numerics.ratio import Ratio


@dataclass(frozen=True)
class Contribution:
    """What one lever or risk contributes.

    ``effects`` works out what the median and the mean of the first target's total lose; what asks for the
    points alone does not wait for it.
    """

    id: str
    driver: Driver
    probability_points: float
    effects: Callable[[], tuple[float, float]] = field(repr=False)

    @lazy
    def _effects(self) -> tuple[float, float]:
        return self.effects()

    @property
    def median_effect(self) -> float:
        """By how much the median of the total is higher with it than without it, by the smoothed law."""
        return self._effects[0]

    @property
    def mean_effect(self) -> float:
        """By how much the total is higher with it than without it, on average over the draws."""
        return self._effects[1]

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "id": self.id,
            "kind": self.driver.kind,
            "name": self.driver.name or self.id,
            "enabled": self.driver.enabled,
            "median_effect": self.median_effect,
            "mean_effect": self.mean_effect,
            "probability_points": self.probability_points,
        }


def effects(present: Total | Ratio, rest: Total | Ratio) -> tuple[float, float]:
    """What the median and the mean of a total lose.

    Args:
        present: with everything.
        rest: without one lever or risk.
    """
    medians = (float(law.quantile([0.5])[0]) for law in (present, rest))
    return next(medians) - next(medians), float(np.mean(present.values - rest.values))
