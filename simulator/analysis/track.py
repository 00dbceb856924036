"""How the probability followed the news: by day of publication, what comes next, and what came of it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from simulator.analysis.outcome import Outcome, outcome
from simulator.analysis.signposts import Ahead, ahead
from simulator.analysis.standing import Actual, Gap, actuals, gaps
from simulator.analysis.vintages import Answer, Step, opening, steps, steps_asked
from simulator.errors import InputError
from simulator.model.paths import layout
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.scenario import Observation, Scenario
from simulator.scenario import publications as published
from simulator.scenario.work import require_answers
from simulator.shown import Shown
from simulator.values.figures import Figure
from simulator.values.numerals import counted
from simulator.values.units import read_number

GIVEN = "given as the outcome"
NO_DAY = (
    "No figure says when it was published: all stand in the one step, as of the scenario's day. "
    "Add published: to figures, or new ones with observe, to see what moves the probability."
)


@dataclass(frozen=True)
class Track(Shown):
    """The course of a probability.

    Attributes:
        result: the answer as of the scenario's own day: what is asked.
        opening: the answer from the figures without a day alone; None where there is none.
        first: the first step as seen from it: its change and parts; None likewise.
        steps: the answer after each publication, oldest first.
        made: the projection that later figures are held against: as of the scenario's day where figures came
            out after it, else of the first step.
        now: the answer of the last step.
        ahead: the next figure and its signposts; None where none is expected.
        gaps: how far trade is behind or ahead of the projection.
        actuals: later figures in its bands.
        outcome: what came of the target; None while it is open.
        notes: what a reader should know.
    """

    result: Result = field(repr=False)
    opening: Result | None = field(repr=False)
    first: Step | None
    steps: tuple[Step, ...]
    made: Result = field(repr=False)
    now: Result = field(repr=False)
    ahead: Ahead | None
    gaps: tuple[Gap, ...]
    actuals: tuple[Actual, ...]
    outcome: Outcome | None
    notes: tuple[str, ...]
    elapsed_seconds: float

    @property
    def moves(self) -> tuple[Step, ...]:
        """The steps with what moved them: the first as seen from the figures without a day, if there are."""
        return (self.first, *self.steps[1:]) if self.first else self.steps

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The contracted form: probabilities are fractions, points 0-100, unrounded."""
        return {
            **self.result.question(file),
            "start": self._start(),
            "steps": [step.to_dict() for step in self.steps],
            "next": None if self.ahead is None else self.ahead.to_dict(),
            "signposts": [] if self.ahead is None else [post.to_dict() for post in self.ahead.signposts],
            "outcome": None if self.outcome is None else self.outcome.to_dict(),
            "projected_on": str(self.made.scenario.as_of),
            "standing": [gap.to_dict() for gap in self.gaps],
            "actuals": [actual.to_dict() for actual in self.actuals],
            "notes": list(self.notes),
            **self.result.record(),
            "elapsed_seconds": self.elapsed_seconds,
        }

    def _start(self) -> dict[str, Any] | None:
        if self.opening is None or self.first is None:
            return None
        return {
            "probability": self.opening.probability,
            "change_points": self.first.change_points,
            "parts": [part.to_dict() for part in self.first.parts],
        }


def track(
    scenario: Scenario,
    *,
    simulate: Simulate,
    points: int = POINTS,
    seed: int = SEED,
    actual: str | float | Decimal | None = None,
) -> Track:
    """How the probability of a scenario's targets followed its published figures.

    Every step is the answer as of a day of publication, with the targets and measures of the scenario, all on
    common draws. A change is split over the figures that came out since the step before by exact Shapley
    values over all sets of them (Shapley 1953), so the parts sum to it; a figure that was published again
    replaces its earlier form in every set. Nothing is put down to the passing of time: the law depends on
    the day only through the figures that are known on it.

    Args:
        scenario: with its figures, also those that came out after its day.
        simulate: the engine's.
        points: draws in all, a power of two.
        seed: of every draw.
        actual: what the target's sum came to, in the scenario's unit, where the file has no figure of it.

    Raises:
        InputError: nothing can be answered on any day, or an outcome is given of what is not one sum.
        BaselineError: figures contradict each other on the scenario's own day.
    """
    begun = time.perf_counter()
    known = scenario if actual is None else _with_outcome(scenario, actual)
    require_answers(scenario, *steps_asked(scenario, points))
    columns = layout(known).extended(layout(published.seen_on(known, _last(known))).names)
    answer: Answer = partial(simulate, points=points, seed=seed, columns=columns)
    course, then, now = _course(steps(scenario, answer))
    first = opening(scenario, course[0], then, answer)
    made = _projection(scenario, then, answer)
    return Track(
        answer(scenario),
        first[0] if first else None,
        first[1] if first else None,
        course,
        made,
        now,
        ahead(now, answer),
        tuple(gaps(made, now)),
        tuple(actuals(made, now)),
        _outcome(known, made, course, now, answer),
        tuple(_notes(scenario, course)),
        time.perf_counter() - begun,
    )


def track_dated(
    scenario: Scenario, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> Track | None:
    """The same, for a document: None where no figure says when it was published."""
    if not published.days(scenario):
        return None
    return track(scenario, simulate=simulate, points=points, seed=seed)


def _course(answered: Iterator[tuple[Step, Result]]) -> tuple[tuple[Step, ...], Result, Result]:
    """All steps, with the answers of the first and the last; of the others none is held."""
    step, first = next(answered)
    course, last = [step], first
    for step, result in answered:
        course.append(step)
        last = result
    return tuple(course), first, last


def _outcome(
    known: Scenario, made: Result, course: tuple[Step, ...], now: Result, answer: Answer
) -> Outcome | None:
    """What came of the target: by the figures, else by what is given."""
    settled = next((step.published for step in course if step.decided), None)
    if settled is not None and now.decided:
        return outcome(made, now, settled, answer)
    if not any(figure.source == GIVEN for figure in known.figures):
        return None
    return outcome(made, answer(published.seen_on(known, _last(known))), None, answer)


def _last(scenario: Scenario) -> dt.date:
    """The last day of which anything is known."""
    return max([scenario.as_of, *published.days(scenario)])


def _projection(scenario: Scenario, first: Result, answer: Answer) -> Result:
    """What later figures are held against."""
    if not any(not figure.known(scenario.as_of) for figure in scenario.figures):
        return first
    return answer(published.seen_on(scenario, scenario.as_of))


def _with_outcome(scenario: Scenario, actual: str | float | Decimal) -> Scenario:
    """The scenario with what its target came to as a figure of the day after all others.

    Raises:
        InputError: it has several targets, or one that is no sum.
        ValueError: it is no number.
    """
    goal, *others = scenario.goals
    if others or goal.quantity.base is not None or goal.step is not None:
        message = "found an outcome of what is not one sum; add the figures that tell it to the file instead"
        raise InputError(message)
    try:
        integer = isinstance(actual, float) and actual.is_integer()
        amount = Decimal(int(actual) if integer else str(actual))
    except InvalidOperation:
        amount = Decimal("NaN")
    read_number(amount, actual)
    day = max(_last(scenario), goal.period.last_day) + dt.timedelta(days=1)
    figure = Observation(
        measure=goal.measure,
        period=goal.period,
        value=Figure(amount),
        published=day,
        source=GIVEN,
    )
    return scenario.changed(observations=(*scenario.figures, figure), alternatives={})


def _notes(scenario: Scenario, course: tuple[Step, ...]) -> Iterator[str]:
    """What a reader should know about a course."""
    days = published.days(scenario)
    undated = any(figure.published is None for figure in scenario.figures)
    if not days:
        yield NO_DAY
    elif undated:
        yield "Figures without a day of publication belong to the start."
    if later := sum(step.published > scenario.as_of for step in course):
        yield (
            f"{later} of {counted(len(course), 'step')} came after the scenario's day, {scenario.as_of}: "
            "its own answer does not know them."
        )
    untold = ", ".join(str(day) for day in days if day > course[-1].published)
    if untold:
        yield f"The figures of {untold} are in no step: with them nothing can be answered."
