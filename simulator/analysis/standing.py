"""Where trade stands beside what was projected: how far behind or ahead, and where later figures fell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.vintages import EVEN, IMPOSSIBLE
from simulator.model import targets
from simulator.model.result import Result
from simulator.model.targets import FEWEST_PATHS
from simulator.scenario import Observation
from simulator.scenario.measures import TOTALS, parts
from simulator.values.periods import Period


@dataclass(frozen=True)
class Gap:
    """What a measure has come to since a projection, beside its median, and that of the paths that reach.

    Attributes:
        measure: a total or a stream.
        period: the months since the projection of which figures tell.
        actual: what it came to by the figures (the median of the law on them, where they tell a part).
        expected: the median of the projection over the same months.
        reaching: the median of its paths that reach the target; None where too few do.
        published: whether figures tell it; else it is an estimate.
    """

    measure: str
    period: Period
    actual: float
    expected: float
    reaching: float | None
    published: bool = True

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "measure": self.measure,
            "period": str(self.period),
            "actual": self.actual,
            "expected": self.expected,
            "ahead": self.actual - self.expected,
            "reaching": self.reaching,
            "published": self.published,
            "ahead_of_reaching": None if self.reaching is None else self.actual - self.reaching,
        }


@dataclass(frozen=True)
class Actual:
    """A later figure over an old projection.

    Attributes:
        measure: of the figure.
        period: of the figure.
        published: when it came out.
        value: in the scenario's unit.
        percentile: the share of the futures of the projection below it, a fraction.
        bands: the quantiles of the projection, p5 to p95.
    """

    measure: str
    period: Period
    published: dt.date | None
    value: float
    percentile: float
    bands: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "measure": self.measure,
            "period": str(self.period),
            "published": None if self.published is None else str(self.published),
            "value": self.value,
            "percentile": self.percentile,
            **self.bands,
        }


def gaps(made: Result, now: Result) -> Iterator[Gap]:
    """How far trade is behind or ahead of a projection, by total and by stream that figures tell.

    Args:
        made: the projection.
        now: the answer on the newest figures.
    """
    if now.ahead.first <= made.ahead.first:
        return
    period = Period(made.ahead.first, min(now.ahead.first - 1, made.grid.last))
    hits = targets.reached(made.scenario, made.flows)
    enough = np.count_nonzero(hits) >= FEWEST_PATHS
    for measure in _measures(now):
        try:
            actual = float(now.quantiles(measure, period, [EVEN])[0])
            total = made.flows.total(measure, period)
        except IMPOSSIBLE:
            continue
        expected = float(total.quantile([EVEN])[0])
        reaching = float(np.median(total.values[hits])) if enough else None
        yield Gap(measure, period, actual, expected, reaching, now.published(measure, period))


def _measures(now: Result) -> Iterator[str]:
    """The totals, then streams of which there are figures."""
    scenario = now.scenario
    yield from TOTALS
    stated = {part for figure in scenario.counted for part in parts(figure.measure)}
    yield from (stream for stream in scenario.streams if stream in stated and stream not in TOTALS)


def actuals(made: Result, now: Result) -> Iterator[Actual]:
    """Where the figures that came out after a projection fall in its bands, in the order of their periods.

    Args:
        made: the projection.
        now: the answer on the newest figures; of a revised one the latest counts.
    """
    day = made.scenario.as_of
    later = [figure for figure in now.scenario.counted if not figure.known(day)]
    for figure in sorted(later, key=lambda figure: (figure.period.last, figure.period.first, figure.measure)):
        if figure.value is not None and figure.period.last >= made.ahead.first:
            actual = _actual(figure, figure.value.amount, made)
            if actual is not None:
                yield actual


def _actual(figure: Observation, value: float, made: Result) -> Actual | None:
    """A figure in the bands of a projection; None where that tells nothing of it."""
    try:
        bands = made.bands(figure.measure, figure.period)
        below = made.chance(figure.measure, figure.period, at_most=value)
    except IMPOSSIBLE:
        return None
    return Actual(figure.measure, figure.period, figure.published, value, below, bands)
