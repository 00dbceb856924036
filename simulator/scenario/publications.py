"""When figures were published: the latest of them, what was known before, and the one that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simulator.scenario.parts import Observation
from simulator.scenario.vocabulary import Scenario
from simulator.values.periods import Period, Years

REGULAR = (1, 3, 6)  # months of the periods that follow one another within a year
YEAR = 12


@dataclass(frozen=True)
class Coming:
    """The figure that follows the last of a series.

    ``lag`` is the usual number of days from the end of a period to its publication, the median of
    ``publications`` of them; None where no figure of the series says when it was published.
    """

    measure: str
    period: Period
    lag: int | None
    publications: int

    @property
    def due(self) -> dt.date | None:
        """The day on which it is due by the usual lag; None where that is not known."""
        return None if self.lag is None else self.period.last_day + dt.timedelta(days=self.lag)


def latest(scenario: Scenario) -> tuple[Observation, ...]:
    """The figures of the latest publication among those that count.

    A figure without a date counts as published when its period ends. Where all carry one date, as those of a
    table do that was copied in one go, the latest are those whose period ends last.
    """
    when = _when(scenario)
    last = max(map(when, scenario.counted), default=None)
    return tuple(figure for figure in scenario.counted if when(figure) == last)


def before(scenario: Scenario) -> Scenario | None:
    """The scenario without its latest publication; None where no figure is left.

    What that publication revised counts again.

    Raises:
        ValueError: what is left is no sound scenario.
    """
    when, gone = _when(scenario), latest(scenario)
    if not gone:
        return None
    last, repeated = when(gone[0]), {figure.says for figure in gone}
    left = tuple(
        figure
        for figure in scenario.figures
        if when(figure) < last and not (figure.published is None and figure.says in repeated)
    )
    if not any(figure.known(scenario.as_of) for figure in left):
        return None
    return scenario.changed(observations=left, alternatives={})


def days(scenario: Scenario) -> tuple[dt.date, ...]:
    """The days on which figures were published, oldest first, those after the scenario's day among them."""
    return tuple(sorted({figure.published for figure in scenario.figures if figure.published is not None}))


def news(scenario: Scenario, since: dt.date, until: dt.date) -> tuple[Observation, ...]:
    """The figures that were published after one day and up to another."""
    return tuple(
        figure
        for figure in scenario.figures
        if figure.published is not None and since < figure.published <= until
    )


def seen_on(scenario: Scenario, day: dt.date, without: Iterable[Observation] = ()) -> Scenario:
    """The scenario as it stood on a day: what was published later does not count, nor do some figures.

    Targets and measures are those of the scenario; other readings of its data are left out.

    Raises:
        ValueError: it is no sound scenario then.
    """
    gone = {id(figure) for figure in without}
    left = tuple(figure for figure in scenario.figures if id(figure) not in gone)
    return scenario.changed(as_of=day, observations=left, alternatives={})


def coming(scenario: Scenario) -> Coming | None:
    """The next figure of the series that is published most often; None where no series goes on.

    A series whose next period other figures have covered goes on no more.
    """
    chosen = _most_frequent(scenario)
    if chosen is None:
        return None
    lags = _lags(figure for figure in _of(scenario.figures, chosen.measure) if _in(chosen, figure, scenario))
    usual = lags[(len(lags) - 1) // 2] if lags else None
    return Coming(chosen.measure, chosen.following, usual, len(lags))


def _when(scenario: Scenario) -> Callable[[Observation], dt.date]:
    """When each figure counts as published."""
    published = {figure.published for figure in scenario.figures if figure.known(scenario.as_of)}
    if len(published) == 1:  # one date for all, or none for any
        return lambda figure: figure.period.last_day
    return lambda figure: figure.published or figure.period.last_day


def _of(figures: Iterable[Observation], measure: str) -> list[Observation]:
    return [figure for figure in figures if figure.measure == measure]


# Series


def _most_frequent(scenario: Scenario) -> _Run | None:
    """Of the series that go on that with the shortest periods; among equals that whose next ends first."""
    covered = max((figure.period.last for figure in scenario.counted), default=0)
    measures = dict.fromkeys(figure.measure for figure in scenario.counted)
    runs = (
        run
        for measure in measures
        for run in _runs(measure, _of(scenario.counted, measure), scenario.years)
        if run.following.last + run.step > covered
    )

    def order(run: _Run) -> tuple[float, bool, int, int]:
        return run.step, run.following.last <= covered, run.following.last, -len(run.periods)

    return min(runs, key=order, default=None)


@dataclass(frozen=True)
class _Run:
    """Figures of one measure that follow one another, and the period of the next; ``step`` in months."""

    measure: str
    periods: frozenset[Period]
    following: Period
    step: float


def _runs(measure: str, figures: Sequence[Observation], years: Years) -> Iterator[_Run]:
    """The series of a measure whose next period none of its figures covers yet."""
    periods, covered = {figure.period for figure in figures}, max(figure.period.last for figure in figures)
    runs = [_regular(measure, periods, step, years) for step in REGULAR] + [
        _cumulative(measure, periods, years)
    ]
    yield from (run for run in runs if run is not None and run.following.last > covered)


def _regular(measure: str, periods: Iterable[Period], step: int, years: Years) -> _Run | None:
    """Months, quarters or half-years."""
    members = frozenset(
        period
        for period in periods
        if period.months == step and (period.first - years.starts + 1) % step == 0
    )
    if not members:
        return None
    last = max(members)
    return _Run(measure, members, Period(last.first + step, last.last + step, last.style), step)


def _cumulative(measure: str, periods: Iterable[Period], years: Years) -> _Run | None:
    """Sums from the beginning of a year to one of its months, whole years among them."""
    sums = frozenset(
        period
        for period in periods
        if years.year(years.number(period.first)).first == period.first and period.months <= YEAR
    )
    if not sums:
        return None
    lengths = sorted({period.months for period in sums} | {YEAR})
    last = max(sums, key=lambda period: period.last)
    return _Run(measure, sums, _next_sum(last, sums, lengths, years), YEAR / len(lengths))


def _next_sum(last: Period, sums: Iterable[Period], lengths: Sequence[int], years: Years) -> Period:
    """The sum that follows the last one.

    It is as long as the next that was ever published or, where this year's come regularly, the next of these.
    """
    number = years.number(last.first)
    if last.months == YEAR:
        number, months = number + 1, lengths[0]
    else:
        months = next(length for length in lengths if length > last.months)
        this_year = sorted(period.months for period in sums if period.first == last.first)
        months = min(months, last.months + min((b - a for a, b in pairwise(this_year)), default=YEAR))
    year = years.year(number)
    return year if months == YEAR else Period(year.first, year.first + months - 1)


# Lags


def _in(run: _Run, figure: Observation, scenario: Scenario) -> bool:
    """Whether a figure is one of a series, and its day of publication known."""
    return figure.period in run.periods and figure.published is not None and figure.known(scenario.as_of)


def _lags(figures: Iterable[Observation]) -> list[int]:
    """The days from the end of a period to its publication, in order.

    Of a revision they say nothing, and of a table that was published in one go only its last period does.
    """
    first: dict[Period, dt.date] = {}
    for figure in figures:
        if figure.published is not None:
            first[figure.period] = min(first.get(figure.period, dt.date.max), figure.published)
    newest: dict[dt.date, Period] = {}
    for period, day in first.items():
        newest[day] = max(newest.get(day, period), period, key=lambda p: p.last)
    return sorted((day - period.last_day).days for day, period in newest.items())
