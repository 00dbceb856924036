"""The probability as it stood after each publication, and what each new figure changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.model.answerable import require_answerable
from simulator.model.result import Result
from simulator.numerics.preintegration import spread
from simulator.numerics.shapley import separable, shapley, unions
from simulator.scenario import Observation, Scenario
from simulator.scenario import publications as published
from simulator.scenario.work import Asked
from simulator.values.limits import PUBLICATIONS
from simulator.values.numerals import counted

MOST = 8  # parts told apart on one day: every set of them is simulated, 2**8
EVEN = 0.5
IMPOSSIBLE = (ValueError, ArithmeticError)  # raised where figures make no answer
Answer = Callable[[Scenario], Result]


@dataclass(frozen=True)
class Part:
    """What one new figure changed, or several that are told as one, in percentage points.

    Attributes:
        figure: what it is called: ``turnover 2018-10``, or how many of which measure.
        figures: those that it is about.
        probability_points: its Shapley value: its effect averaged over all orders of the day's figures.
        standard_error: of that.
        was: what the figure said before, where this one is a revision; of one alone.
        expected: its median under the law before that day; None where that told nothing, or of several.
        percentile: where it fell under that law, a fraction; likewise.
    """

    figure: str
    figures: tuple[Observation, ...] = field(repr=False)
    probability_points: float
    standard_error: float
    was: Observation | None = None
    expected: float | None = None
    percentile: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        alone = self.figures[0] if len(self.figures) == 1 else None
        return {
            "figure": self.figure,
            "probability_points": self.probability_points,
            "standard_error": self.standard_error,
            "measure": self.figures[0].measure if alone else None,
            "period": str(alone.period) if alone else None,
            "value": alone.value.amount if alone and alone.value else None,
            "was": self.was.value.amount if self.was and self.was.value else None,
            "expected": self.expected,
            "percentile": self.percentile,
        }


@dataclass(frozen=True)
class Step:
    """The answer as it stood after a day of publication; ``change_points`` since the step before.

    ``days`` are those on which its figures came out: more than one where nothing could be answered on the
    earlier ones. The parts sum to the change. ``probability`` is that of all targets, a fraction, with its
    ``probability_error``; of the answer no more is held, for the paths of hundreds of steps take gigabytes.
    """

    published: dt.date
    days: tuple[dt.date, ...]
    probability: float
    probability_error: float
    decided: bool
    change_points: float
    standard_error: float
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "published": str(self.published),
            "probability": self.probability,
            "change_points": self.change_points,
            "parts": [part.to_dict() for part in self.parts],
            "standard_error": self.probability_error,
            "change_standard_error": self.standard_error,
            "decided": self.decided,
            "notes": list(self.notes),
        }


def steps(scenario: Scenario, answer: Answer) -> Iterator[tuple[Step, Result]]:
    """The steps of a scenario, oldest first, each with its answer.

    There is one a day of publication, the first with change 0 and no parts.

    A figure without a day belongs to the start, so the first step is the first day on which all of them
    stand for periods that are over. Where no figure has a day, the one step is the scenario's own day. Of
    the passing of time alone nothing follows: between two publications the law, the months ahead and so the
    probability stay as they are, whatever ``as_of`` is.

    Args:
        scenario: with its figures, those after its day among them.
        answer: the engine on common draws, whatever the figures are.

    Raises:
        InputError: nothing can be answered on any day.
        ValueError: there are more days of publication than are worked out.
    """
    before: tuple[Step, Result] | None = None
    waiting: list[dt.date] = []
    days = published.days(scenario)
    PUBLICATIONS.require(len(days))
    for day in days or (scenario.as_of,):
        waiting.append(day)
        result = _answered(scenario, day, answer)
        if result is not None:
            before = _step(scenario, before, tuple(waiting), result, answer), result
            yield before
            waiting = []
    if before is None:
        day = scenario.as_of
        result = answer(published.seen_on(scenario, day))
        yield _step(scenario, None, (day,), result, answer), result


def steps_asked(scenario: Scenario, points: int) -> Iterator[Asked]:
    """About the answers that the steps of a scenario ask for: of each day all sets of what is new on it."""
    days = Counter(figure.published for figure in scenario.figures if figure.published is not None)
    yield Asked(1 + sum(2 ** min(count, MOST) for count in days.values()), points, "fresh")


def opening(scenario: Scenario, first: Step, then: Result, answer: Answer) -> tuple[Result, Step] | None:
    """The answer from the figures without a day alone, and the first step as seen from it.

    None where there are none, all are of that kind, or they answer nothing.

    Args:
        scenario: with its figures.
        first: the first step.
        then: its answer.
        answer: the engine on common draws.
    """
    dated = [figure for figure in scenario.figures if figure.published is not None]
    if not dated or len(dated) == len(scenario.figures):
        return None
    try:
        result = _answer(published.seen_on(scenario, first.published, dated), answer)
    except IMPOSSIBLE:
        return None
    start = Step(dt.date.min, (), *_stands(result), 0.0, 0.0, ())
    return result, _step(scenario, (start, result), first.days, then, answer)


def split(
    scenario: Scenario, new: Sequence[Observation], before: Result, after: Result, answer: Answer
) -> tuple[Part, ...]:
    """A change of the probability on a scenario's day, split over its new figures as ``steps`` splits one.

    Args:
        scenario: with its figures, the new ones among them.
        new: of them, those that count now and did not before.
        before: the answer without them, on the draws of ``answer``.
        after: the answer with them, on the same.
        answer: the engine on common draws.
    """
    groups = grouped(new)
    values, blocks = _values(scenario, scenario.as_of, groups, before, after, answer)
    return tuple(_parts(groups, blocks, values, before))


def _answered(scenario: Scenario, day: dt.date, answer: Answer) -> Result | None:
    """The answer on a day; None where nothing can be answered yet, or figures contradict one another."""
    try:
        return _answer(published.seen_on(scenario, day), answer)
    except IMPOSSIBLE:
        return None


def _answer(scenario: Scenario, answer: Answer) -> Result:
    require_answerable(scenario)
    return answer(scenario)


def _step(
    scenario: Scenario,
    before: tuple[Step, Result] | None,
    days: tuple[dt.date, ...],
    result: Result,
    answer: Answer,
) -> Step:
    notes = [f"Nothing could be answered on {day}; its figures stand here." for day in days[:-1]]
    stands = _stands(result)
    if before is None:
        return Step(days[-1], days, *stands, 0.0, 0.0, (), tuple(notes))
    last, former = before
    new = published.news(scenario, last.published, days[-1])
    groups = grouped(new)
    values, blocks = _values(scenario, days[-1], groups, former, result, answer)
    if len(blocks) < len(groups):
        notes.append("Figures that cannot stand without one another are told as one.")
    parts = tuple(_parts(groups, blocks, values, former))
    change = float(values[-1].mean() - values[0].mean())
    return Step(days[-1], days, *stands, change, spread(values[-1] - values[0]), parts, tuple(notes))


def _stands(result: Result) -> tuple[float, float, bool]:
    return result.probability, result.standard_error, result.decided


def _values(
    scenario: Scenario,
    day: dt.date,
    groups: Sequence[Sequence[Observation]],
    before: Result,
    after: Result,
    answer: Answer,
) -> tuple[np.ndarray, tuple[int, ...]]:
    """The probability in percent of every set of new figures, by scramble, and the groups told apart.

    Returns:
        shape (2**blocks, scrambles), and the blocks as masks of groups.
    """
    full = (1 << len(groups)) - 1
    known: dict[int, np.ndarray | None] = {0: before.estimate.scrambles, full: after.estimate.scrambles}

    def value(mask: int) -> np.ndarray | None:
        if mask not in known:
            gone = [f for place, group in enumerate(groups) if not mask >> place & 1 for f in group]
            try:
                seen = published.seen_on(scenario, day, gone)
                known[mask] = _answer(seen, answer).estimate.scrambles
            except IMPOSSIBLE:
                known[mask] = None
        return known[mask]

    blocks = separable(len(groups), lambda mask: value(mask) is not None)
    return 100 * np.array([value(mask) for mask in unions(blocks)]), blocks


def grouped(figures: Sequence[Observation]) -> list[list[Observation]]:
    """New figures as they are told: each alone; of many those of a measure together, the last all others."""
    groups: dict[Hashable, list[Observation]] = {}
    for figure in figures:
        groups.setdefault(figure.of, []).append(figure)
    if len(groups) > MOST:
        groups = {}
        for figure in figures:
            groups.setdefault(figure.measure, []).append(figure)
    listed = sorted(groups.values(), key=len, reverse=True) if len(groups) > MOST else list(groups.values())
    rest = [figure for group in listed[MOST - 1 :] for figure in group] if len(listed) > MOST else []
    return [*listed[: MOST - 1], rest] if rest else listed


def _parts(
    groups: Sequence[Sequence[Observation]], blocks: Sequence[int], values: np.ndarray, before: Result
) -> Iterator[Part]:
    for block, share in zip(blocks, shapley(values), strict=True):
        figures = tuple(f for place, group in enumerate(groups) if block >> place & 1 for f in group)
        points, error = float(share.mean()), spread(share)
        if len({figure.of for figure in figures}) == 1:
            newest = max(figures, key=lambda figure: figure.published or dt.date.min)
            yield _alone(newest, points, error, before)
        else:
            yield Part(_together(figures), figures, points, error)


def _together(figures: Sequence[Observation]) -> str:
    """What several figures are called."""
    first, last = min(f.period for f in figures), max(figures, key=lambda f: f.period.last).period
    measures = list(dict.fromkeys(figure.measure for figure in figures))
    what = measures[0] if len(measures) == 1 else f"{measures[0]} and {len(measures) - 1} more"
    if len(figures) <= 3:
        return " and ".join(f"{figure.measure} {figure.period}" for figure in figures)
    return f"{counted(len(figures), 'figure')} of {what}, {first} to {last}"


def _alone(figure: Observation, points: float, error: float, before: Result) -> Part:
    was = next((f for f in before.scenario.counted if f.of == figure.of), None)
    expected, percentile = _beforehand(figure, before)
    name = f"{figure.measure} {figure.period}" + (" growth" if figure.value is None else "")
    return Part(name, (figure,), points, error, was, expected, percentile)


def _beforehand(figure: Observation, before: Result) -> tuple[float | None, float | None]:
    """The median of a figure under the law before it, and its percentile; None where that tells nothing."""
    if figure.value is None:
        return None, None
    try:
        total = before.flows.total(figure.measure, figure.period)
        if total.constant:
            return float(total.money[0]), None
        below = before.chance(figure.measure, figure.period, at_most=figure.value.amount)
        return float(total.quantile([EVEN])[0]), below
    except IMPOSSIBLE:
        return None, None
