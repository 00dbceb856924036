"""What came of a target: whether it was reached, the score of the forecast, and what its error came from.

The error is split as the Office for Budget Responsibility splits its own: what revised data explain, what
measures that did not happen explain, and the rest, which no one could have put into the scenario.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.analysis.vintages import IMPOSSIBLE, Answer
from simulator.levers.driver import Driver
from simulator.model.result import Result
from simulator.numerics.scores import brier, log_scores
from simulator.numerics.shapley import shapley
from simulator.scenario import Observation, Scenario

DATA, MEASURES, REST = "data", "measures", "rest"
EVEN = 0.5
UNTOLD = "The figures as they stand now make no answer of that day: no part is told for data."


@dataclass(frozen=True)
class Share:
    """What one cause explains of the way from a forecast to what came.

    Attributes:
        cause: ``data``, ``measures`` or ``rest``.
        probability_points: of the way from the forecast's probability to 100 or 0.
        amount: of the way from its median to what was published; None where that is no one amount.
    """

    cause: str
    probability_points: float
    amount: float | None

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "part": self.cause,
            "probability_points": self.probability_points,
            "amount": self.amount,
        }


@dataclass(frozen=True)
class Outcome:
    """What came of a target, beside what was forecast on a day.

    Attributes:
        published: when figures settled it; None where it was given.
        reached: whether every target was met.
        made: the forecast that is judged.
        expected: its median of what the target is about; None where several targets are set.
        actual: what was published of it; None likewise, or where parts of it settled the target.
        parts: the way from the forecast to what came; they sum to it.
        revised: figures that were used then and have been revised since.
        missing: the names of the measures that did not happen.
        notes: what could not be told apart.
    """

    published: dt.date | None
    reached: bool
    made: Result = field(repr=False)
    expected: float | None
    actual: float | None
    parts: tuple[Share, ...]
    revised: tuple[Observation, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """That was forecast, a fraction."""
        return self.made.probability

    @property
    def brier(self) -> float:
        """The Brier score of the forecast: 0 is best, 1 worst."""
        return brier(np.array([self.probability]), np.array([float(self.reached)]))

    @property
    def log_score(self) -> float:
        """Minus the natural log of the chance that was given to what came."""
        return float(log_scores(np.array([self.probability]), np.array([float(self.reached)]))[0])

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "published": None if self.published is None else str(self.published),
            "reached": self.reached,
            "made_on": str(self.made.scenario.as_of),
            "probability": self.probability,
            "brier": self.brier,
            "log_score": self.log_score,
            "expected": self.expected,
            "actual": self.actual,
            "parts": [part.to_dict() for part in self.parts],
            "revised": [f"{figure.measure} {figure.period}" for figure in self.revised],
            "did_not_happen": list(self.missing),
            "notes": list(self.notes),
        }


def outcome(made: Result, now: Result, settled: dt.date | None, answer: Answer) -> Outcome | None:
    """What came of a scenario's targets; None while figures do not settle them.

    Args:
        made: the forecast that is judged.
        now: the answer on all figures.
        settled: when figures settled the targets; None where what came of them is given.
        answer: the engine on common draws.
    """
    if not now.decided:
        return None
    reached = now.probability >= EVEN
    actual = _actual(now)
    known = _Known(made, now.scenario, answer)
    points, amounts = known.values()
    return Outcome(
        settled,
        reached,
        made,
        float(amounts[0]) if amounts is not None else None,
        actual,
        tuple(_shares(points, amounts, (100.0 * reached, actual))),
        known.revised,
        known.missing,
        tuple(known.notes),
    )


def _actual(result: Result) -> float | None:
    """What was published of the target, if it is one and figures state it."""
    if len(result.scenario.goals) > 1:
        return None
    quantity = result.scenario.goals[0].quantity
    law = result.flows.quantity(quantity)
    return float(quantity.from_ratio(law.quantile([EVEN]))[0]) if law.constant else None


def _median(result: Result) -> float | None:
    if len(result.scenario.goals) > 1:
        return None
    quantity = result.scenario.goals[0].quantity
    return float(quantity.from_ratio(result.flows.quantity(quantity).quantile([EVEN]))[0])


def _shares(
    points: np.ndarray, amounts: np.ndarray | None, ends: tuple[float, float | None]
) -> Iterator[Share]:
    """Data and measures by Shapley's value, both on their own and together; the rest is what they leave.

    Args:
        points: the probability in percent as it was, on revised data, without what did not happen, and
            both; shape (4,).
        amounts: the medians likewise.
        ends: what came: 100 or 0, and the amount.
    """
    of_points = shapley(points[:, None])[:, 0]
    of_amounts: Sequence[float | None] = (None, None)
    rest: float | None = None
    if amounts is not None and ends[1] is not None:
        of_amounts = [float(share) for share in shapley(amounts[:, None])[:, 0]]
        rest = float(ends[1] - amounts[-1])
    for cause, share, amount in zip((DATA, MEASURES), of_points, of_amounts, strict=True):
        yield Share(cause, float(share), amount)
    yield Share(REST, float(ends[0] - points[-1]), rest)


class _Known:
    """A forecast with what is known by now: revised data, and measures that did not happen."""

    def __init__(self, made: Result, now: Scenario, answer: Answer) -> None:
        self.made, self.answer = made, answer
        self.notes: list[str] = []
        then = made.scenario
        self.figures, self.revised = _as_they_stand(then, now)
        self.off = {
            address: driver
            for address, driver in then.drivers()
            if driver.enabled and driver.happened is False
        }
        self.missing = tuple(driver.name or address.id for address, driver in self.off.items())

    def values(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Probabilities in percent and medians: as it was, on revised data, without measures, both."""
        results = [self._result(data=data, off=off) for off in (False, True) for data in (False, True)]
        points = np.array([100 * result.probability for result in results])
        medians = [_median(result) for result in results]
        known = [median for median in medians if median is not None]
        return points, np.array(known) if len(known) == len(results) else None

    def _result(self, *, data: bool, off: bool) -> Result:
        scenario = self._switched_off if off and self.off else self.made.scenario
        if data and self.revised:
            try:
                return self.answer(scenario.changed(observations=self.figures))
            except IMPOSSIBLE:
                self.notes[:] = [UNTOLD]
        return self.made if scenario is self.made.scenario else self.answer(scenario)

    @property
    def _switched_off(self) -> Scenario:
        """The scenario without the measures that did not happen."""
        scenario = self.made.scenario
        fields: dict[str, dict[str, Driver]] = {
            section: dict(getattr(scenario, section)) for section in ("levers", "risks")
        }
        for address, driver in self.off.items():
            fields[address.section][address.id] = driver.model_copy(update={"enabled": False})
        return scenario.changed(**fields)


def _as_they_stand(then: Scenario, now: Scenario) -> tuple[tuple[Observation, ...], tuple[Observation, ...]]:
    """The figures that counted on a day, each as it stands now; and those of them that were revised."""
    newest = {figure.of: figure for figure in now.counted if figure.published is not None}
    figures, revised = [], []
    for figure in then.counted:
        other = newest.get(figure.of)
        if other is None or figure.published is None or other.says == figure.says:
            figures.append(figure)
            continue
        revised.append(other)
        figures.append(other.model_copy(update={"published": figure.published}))
    return tuple(figures), tuple(revised)
