"""The range of the probability under other model settings and readings, as an answer returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Range:
    """The lowest and highest probability under other model settings, with each of them by name."""

    low: float
    high: float
    sources: tuple[tuple[str, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "low": self.low,
            "high": self.high,
            "from": [{"name": name, "probability": p} for name, p in self.sources],
        }
