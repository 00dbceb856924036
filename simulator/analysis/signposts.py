"""Signposts: the values of the next figure at which the probability passes some marks."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.analysis.vintages import IMPOSSIBLE, Answer
from simulator.model.answerable import require_answerable
from simulator.model.result import Result
from simulator.numerics.least_change import least_change
from simulator.scenario import Observation, Scenario
from simulator.scenario import publications as published
from simulator.values.figures import Figure

MARKS = (0.25, 0.5, 0.75)
SPAN = (0.005, 0.995)  # of the next figure under the law: values beyond it are not looked at
EVEN = 0.5
FINEST = 400  # steps of the last digit between the ends, at least; else finer ones than are printed
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Signpost:
    """The value of the next figure at which the probability passes a mark; None where none in the span does.

    Attributes:
        figure: what comes, such as ``turnover 2018-10``.
        probability: the mark, a fraction.
        value: in the scenario's unit.
        higher: whether the probability is at least the mark for higher values; None without a value.
    """

    figure: str
    probability: float
    value: float | None
    higher: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "figure": self.figure,
            "probability": self.probability,
            "value": self.value,
            "higher": self.higher,
        }


@dataclass(frozen=True)
class Ahead:
    """The next figure: which it is, when it is due by its usual lag, its median and the span looked at."""

    coming: published.Coming
    median: float
    low: float
    high: float
    signposts: tuple[Signpost, ...]

    @property
    def figure(self) -> str:
        """What it is called."""
        return f"{self.coming.measure} {self.coming.period}"

    def to_dict(self) -> dict[str, Any]:
        """For a machine, without the signposts."""
        due = self.coming.due
        return {
            "figure": self.figure,
            "measure": self.coming.measure,
            "period": str(self.coming.period),
            "due": None if due is None else str(due),
            "median": self.median,
            "span": {"low": self.low, "high": self.high, "levels": list(SPAN)},
        }


def ahead(result: Result, answer: Answer) -> Ahead | None:
    """The next figure and its signposts; None where none is expected, it says nothing, or all is decided.

    Args:
        result: the answer on the figures so far.
        answer: the engine on common draws.
    """
    scenario = result.scenario
    coming = None if result.decided else published.coming(scenario)
    if coming is None or not result.grid.covers(coming.period):
        return None
    try:
        total = result.flows.total(coming.measure, coming.period)
    except IMPOSSIBLE:
        return None
    if total.constant:
        return None
    low, median, high = map(float, total.quantile([SPAN[0], EVEN, SPAN[1]]))
    step = _step(scenario, coming.measure, high - low)
    search = _Search(scenario, coming, step, answer)
    name = f"{coming.measure} {coming.period}"
    posts = (search.signpost(name, mark, low, median, high) for mark in MARKS)
    return Ahead(coming, median, low, high, tuple(posts))


def _step(scenario: Scenario, measure: str, width: float) -> Decimal:
    """The last digit to which a value is looked for: that of the figures so far, or a finer one."""
    printed = [
        int(figure.value.digits.as_tuple().exponent)
        for figure in scenario.counted
        if figure.measure == measure and figure.value is not None
    ]
    finest = math.floor(math.log10(width / FINEST))
    return Decimal(1).scaleb(min([finest, *printed]))


class _Search:
    """The probability by value of the next figure, in steps of its last digit; each value answered once."""

    def __init__(self, scenario: Scenario, coming: published.Coming, step: Decimal, answer: Answer) -> None:
        self.scenario, self.coming, self.step, self.answer = scenario, coming, step, answer
        self.chances: dict[float, float | None] = {}

    def chance(self, place: float) -> float | None:
        """The probability once a value is published; None where it makes no answer."""
        if place not in self.chances:
            try:
                scenario = self._with(place)
                require_answerable(scenario)
                self.chances[place] = self.answer(scenario).probability
            except IMPOSSIBLE:
                self.chances[place] = None
        return self.chances[place]

    def _with(self, place: float) -> Scenario:
        """The scenario on the day on which the figure is due, with it."""
        period, scenario = self.coming.period, self.scenario
        day = max(self.coming.due or period.last_day, period.last_day, scenario.as_of) + DAY
        figure = Observation(
            measure=self.coming.measure,
            period=period,
            value=Figure(self.step * round(place)),
            published=day,
        )
        return scenario.changed(as_of=day, observations=(*scenario.figures, figure))

    def signpost(self, name: str, mark: float, low: float, median: float, high: float) -> Signpost:
        """The value nearest to the median at which a mark is passed."""
        ends = [math.ceil(low / float(self.step)), math.floor(high / float(self.step))]
        present = float(min(max(round(median / float(self.step)), ends[0]), ends[1]))
        above = (self.chance(present) or 0.0) >= mark
        side = self._falling(mark) if above else self._rising()
        wanted = 1 - mark if above else mark
        low_end, high_end = map(float, ends)
        passed = least_change(side, present, low_end, high_end, wanted, integers=True)
        if not passed.feasible:
            return Signpost(name, mark, None)
        value = float(self.step * round(passed.value))
        return Signpost(name, mark, value, higher=(passed.value > present) != above)

    def _rising(self) -> Callable[[float], float]:
        def chance(place: float) -> float:
            value = self.chance(place)
            return -math.inf if value is None else value

        return chance

    def _falling(self, mark: float) -> Callable[[float], float]:
        def chance(place: float) -> float:
            value = self.chance(place)
            return -math.inf if value is None or value == mark else 1 - value

        return chance
