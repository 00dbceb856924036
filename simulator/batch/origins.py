"""Rolling origins: what was known of a series at a day of the past, as a scenario, and what came of it."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import Any, Literal, NamedTuple

from simulator.caches import lazy
from simulator.errors import InputError
from simulator.files.series import Series
from simulator.scenario import Scenario
from simulator.values.limits import BACKTEST_CASES
from simulator.values.numerals import counted
from simulator.values.periods import Period, year

Inputs = Literal["annual", "months"]
BOTH = ("exports", "imports")
SINGLE = ("turnover", *BOTH)  # what is asked of a series that has not both
HORIZONS = (0, 1, 2)  # years after that of the origin
LEAST_YEARS, MOST_YEARS = 5, 10  # full years before an origin
LEAST_OUTCOMES = 10  # on which forecasts are scored
SEPTEMBER = 9
NO_MEASURE = "it has no figures of exports, imports or turnover"
EXPECTED = "origins such as 2005..2020 or 2005..2020/3"


class TooShort(InputError):
    """There is too little of a series to judge forecasts by."""


@dataclass(frozen=True)
class Origins:
    """The years whose forecasts are scored: from the first to the last, every ``step`` years."""

    first: int
    last: int
    step: int = 1

    @classmethod
    def parse(cls, text: str) -> Origins:
        """Read ``2005..2020/3``.

        Raises:
            ValueError: it is none.
        """
        span, _, step = text.partition("/")
        first, dots, last = span.partition("..")
        numbers = [first, last if dots else first, step or "1"]
        if not all(number.strip().isdecimal() for number in numbers):
            raise ValueError(f"found {text!r}, expected {EXPECTED}")
        origins = cls(*map(int, numbers))
        if not 1900 <= origins.first <= origins.last <= 2200 or not origins.step:
            raise ValueError(f"found {text!r}, expected {EXPECTED}, the earlier year first")
        return origins

    @property
    def years(self) -> range:
        """The years themselves."""
        return range(self.first, self.last + 1, self.step)

    def __str__(self) -> str:
        span = f"{self.first}..{self.last}" if self.first < self.last else str(self.first)
        return f"{span}/{self.step}" if self.step > 1 else span


@dataclass(frozen=True)
class Plan:
    """How a series is cut.

    Attributes:
        horizons: years after that of the origin whose totals are scored; 0 is its own year.
        inputs: ``annual``: totals of full years and of the year so far; ``months``: all figures as they are.
        month: the last month of the origin's year that is known, 0 where only full years are; None: September
            where every series has finer figures than years.
        years: full years before the origin that are known, at the most.
        origins: None: as many as there are, thinned out evenly beyond ``BACKTEST_CASES``.
    """

    horizons: tuple[int, ...] = HORIZONS
    inputs: Inputs = "annual"
    month: int | None = None
    years: int = MOST_YEARS
    origins: Origins | None = None

    def __post_init__(self) -> None:
        """Check it.

        Raises:
            ValueError: a part of it cannot be used.
        """
        if not self.horizons or sorted(set(self.horizons)) != list(self.horizons) or self.horizons[0] < 0:
            raise ValueError(
                f"found horizons {list(self.horizons)}, expected different whole years from 0, rising"
            )
        if self.horizons[-1] > 30:
            raise ValueError(f"found a horizon of {self.horizons[-1]} years, expected at most 30")
        if self.inputs not in ("annual", "months"):
            raise ValueError(f"found inputs {self.inputs!r}, expected annual or months")
        if self.month is not None and not 0 <= self.month <= 11:
            raise ValueError(f"found month {self.month}, expected 0 to 11")
        if self.years < LEAST_YEARS:
            raise ValueError(
                f"found {counted(self.years, 'year')} of figures, expected {LEAST_YEARS} or more"
            )


@dataclass(frozen=True)
class Case:
    """One origin of one series.

    Attributes:
        series: its name.
        origin: the year that is the present one.
        measure: whose totals are asked for.
        last_full: the total of the year before.
        scenario: what is known.
        actual: what came, by year.
        past: totals of the full years that are known, oldest first, the last of them the year before.
        so_far: totals of the months of a year that are known of the present one, by year; empty: of none.
        steps: totals of all months (quarters, years) from the first year that is known on, as fine as figures
            tell all of them.
        step: how many months each of them has.
    """

    series: str
    origin: int
    measure: str
    last_full: float
    scenario: Scenario
    actual: Mapping[int, float]
    past: tuple[float, ...] = ()
    so_far: Mapping[int, float] | None = None
    steps: tuple[float, ...] = ()
    step: int = 12

    @property
    def name(self) -> str:
        """The series and the origin."""
        return f"{self.series}-{self.origin}"


class Skipped(NamedTuple):
    """An origin that has no forecast, or (None) a whole series, and why."""

    series: str
    origin: int | None
    reason: str


class History:
    """The figures of a series: its totals over any period that they add up to."""

    def __init__(self, series: Series) -> None:
        self.name, self.figures, self.fault = series.name, series.figures, series.fault
        has = [measure for measure in SINGLE if series.figures.get(measure)]
        self.measures = BOTH if set(BOTH) <= set(has) else tuple(has[:1])
        self.measure = SINGLE[0] if len(self.measures) > 1 else next(iter(self.measures), "")
        self._starting = {measure: _starting(series.figures[measure]) for measure in self.measures}
        self._totals: dict[Period, Decimal | None] = {}

    @lazy
    def finer(self) -> bool:
        """Whether every measure has figures of less than a year."""
        return all(any(p.months < 12 for p in self.figures[measure]) for measure in self.measures)

    @lazy
    def full(self) -> Mapping[int, float]:
        """The totals of calendar years by year, as far as they are known."""
        periods = [period for measure in self.measures for period in self.figures[measure]]
        years = range(min(p.first for p in periods) // 12, max(p.last for p in periods) // 12 + 1)
        totals = {number: self.total(year(number)) for number in years} if periods else {}
        return {number: float(total) for number, total in totals.items() if total is not None}

    def total(self, period: Period) -> Decimal | None:
        """What is asked, over a period; None where the figures do not add up to it."""
        if period not in self._totals:
            parts = [self.of(measure, period) for measure in self.measures]
            self._totals[period] = None if None in parts else sum(filter(None, parts), Decimal(0))
        return self._totals[period]

    def of(self, measure: str, period: Period) -> Decimal | None:
        """A measure over a period: its figure, or the sum of the finest that make it up."""
        if period in self.figures[measure]:
            return self.figures[measure][period]
        month, total = period.first, Decimal(0)
        while month <= period.last:
            part = next((p for p in self._starting[measure].get(month, ()) if p.last <= period.last), None)
            if part is None:
                return None
            total += self.figures[measure][part]
            month = part.last + 1
        return total

    def before(self, origin: int, most: int) -> list[int]:
        """The full years without a gap before an origin, the latest first."""
        return list(takewhile(self.full.__contains__, range(origin - 1, origin - 1 - most, -1)))


def _starting(figures: Iterable[Period]) -> dict[int, list[Period]]:
    """Periods by the month in which they start, the shortest first."""
    starting: dict[int, list[Period]] = {}
    for period in sorted(figures, key=lambda period: (period.first, period.last)):
        starting.setdefault(period.first, []).append(period)
    return starting


@dataclass(frozen=True)
class Cut:
    """Series cut at their origins: what can be forecast, and what cannot, with the reason."""

    month: int
    origins: Origins
    cases: tuple[Case, ...]
    skipped: tuple[Skipped, ...]


def cut(series: Sequence[Series], plan: Plan) -> Cut:
    """Every case of some series.

    Raises:
        TooShort: they have fewer outcomes than forecasts can be judged by.
    """
    useful, skipped = _useful(series)
    month = _month(useful, plan)
    origins = plan.origins or _origins(useful, plan, month)
    if origins is None:
        raise TooShort(_too_short(useful, plan, month, 0))
    cases, lacking = _pieces(useful, plan, month, origins)
    outcomes = sum(len(case.actual) for case in cases)
    if outcomes < LEAST_OUTCOMES:
        raise TooShort(_too_short(useful, plan, month, outcomes))
    return Cut(month, origins, cases, (*skipped, *lacking))


def _useful(series: Sequence[Series]) -> tuple[list[History], list[Skipped]]:
    """The series that have a measure, and those that have none."""
    histories = [History(item) for item in series]
    lacking = [Skipped(h.name, None, h.fault or NO_MEASURE) for h in histories if not h.measures]
    return [history for history in histories if history.measures], lacking


def _pieces(
    histories: Sequence[History], plan: Plan, month: int, origins: Origins
) -> tuple[tuple[Case, ...], tuple[Skipped, ...]]:
    pieces = [_piece(history, origin, plan, month) for history in histories for origin in origins.years]
    cases = tuple(piece for piece in pieces if isinstance(piece, Case))
    return cases, tuple(piece for piece in pieces if isinstance(piece, Skipped))


def _month(histories: Sequence[History], plan: Plan) -> int:
    """The last month of an origin's year that is known; 0: none."""
    if plan.month is not None:
        return plan.month
    return SEPTEMBER if histories and all(history.finer for history in histories) else 0


def _piece(history: History, origin: int, plan: Plan, month: int) -> Case | Skipped:
    reason = _lacking(history, origin, plan, month)
    return Skipped(history.name, origin, reason) if reason else _case(history, origin, plan, month)


def _origins(histories: Sequence[History], plan: Plan, month: int) -> Origins | None:
    """All origins that can be forecast from, thinned out from the last back; None where there are none."""
    per_year = {
        origin: sum(not _lacking(history, origin, plan, month) for history in histories)
        for origin in _span(histories)
    }
    years = [origin for origin, count in per_year.items() if count]
    if not years:
        return None
    step = 1
    while sum(per_year.get(y, 0) for y in range(years[-1], years[0] - 1, -step)) > BACKTEST_CASES.most:
        step += 1
    return Origins(years[-1] - (years[-1] - years[0]) // step * step, years[-1], step)


def _span(histories: Sequence[History]) -> range:
    years = [number for history in histories for number in history.full]
    return range(min(years) + 1, max(years) + 2) if years else range(0)


def _lacking(history: History, origin: int, plan: Plan, month: int) -> str:
    """Why nothing can be forecast from an origin; nothing where it can."""
    if len(history.before(origin, LEAST_YEARS)) < LEAST_YEARS:
        return f"fewer than {LEAST_YEARS} full years of figures without a gap before it"
    if not history.full[origin - 1]:
        return "the year before it has a total of 0, of which there are no multiples"
    if any(history.total(so_far) is None for so_far in _so_far(origin, month)):
        return (
            f"the figures do not tell January to {calendar.month_name[month]} of its year and the year before"
        )
    if not any(history.full.get(origin + ahead) for ahead in plan.horizons):
        return "no later year has a total above 0 to score it by"
    return ""


def _so_far(origin: int, month: int) -> list[Period]:
    """The months of a year that are known of the present one, in the year before and the present one."""
    return [Period(12 * y, 12 * y + month - 1) for y in (origin - 1, origin) if month]


def _case(history: History, origin: int, plan: Plan, month: int) -> Case:
    years = sorted(history.before(origin, plan.years))
    known = year(years[0]).first, 12 * origin + month - 1
    step, steps = _steps(history, *known)
    so_far = {p.end_year: history.total(p) for p in _all_so_far(years, month)}
    ahead = {origin + h: history.full.get(origin + h) for h in plan.horizons}
    return Case(
        history.name,
        origin,
        history.measure,
        history.full[origin - 1],
        _scenario(history, origin, plan, month, known),
        {number: total for number, total in ahead.items() if total},
        tuple(history.full[number] for number in years),
        {number: float(total) for number, total in so_far.items() if total is not None},
        steps,
        step,
    )


def _scenario(history: History, origin: int, plan: Plan, month: int, known: tuple[int, int]) -> Scenario:
    states = partial(_months if plan.inputs == "months" else _sums, history, known, origin, month)
    return Scenario.model_validate(
        {
            "title": f"{history.name or 'series'} {origin}"[:120],
            "as_of": _day(origin, month),
            "target": {
                "measure": history.measure,
                "period": origin + plan.horizons[-1],
                "at_least": history.full[origin - 1],
            },
            "observations": [
                {"measure": measure, "period": str(period), "value": value}
                for measure in history.measures
                for period, value in states(measure)
            ],
        }
    )


def _steps(history: History, first: int, last: int) -> tuple[int, tuple[float, ...]]:
    """The finest steps of which figures tell all, and their totals."""
    for step in (1, 3, 12):
        starts = range(first, last + 2 - step, step)
        totals = [history.total(Period(month, month + step - 1)) for month in starts]
        if None not in totals:
            return step, tuple(float(total or 0) for total in totals)
    return 12, ()


def _all_so_far(years: Sequence[int], month: int) -> list[Period]:
    return [Period(12 * y, 12 * y + month - 1) for y in (*years, years[-1] + 1) if month]


def _sums(
    history: History, known: tuple[int, int], origin: int, month: int, measure: str
) -> Iterator[tuple[Period, Any]]:
    """Totals of full years, and of the year so far beside the same months a year before."""
    for period in (*map(year, range(known[0] // 12, origin)), *_so_far(origin, month)):
        yield period, history.of(measure, period)


def _months(
    history: History, known: tuple[int, int], _origin: int, _month: int, measure: str
) -> Iterator[tuple[Period, Any]]:
    """Every figure as it is."""
    for period, value in sorted(history.figures[measure].items()):
        if known[0] <= period.first and period.last <= known[1]:
            yield period, value


def _day(origin: int, month: int) -> str:
    """The last day of the last month that is known, or of January where it is the year before."""
    return f"{origin}-{month or 1:02d}-{calendar.monthrange(origin, month or 1)[1]}"


def _too_short(histories: Sequence[History], plan: Plan, month: int, outcomes: int) -> str:
    """What there is, and how much is needed."""
    longest = max((len(history.full) for history in histories), default=0)
    needed = LEAST_YEARS + 1
    while _outcomes(needed, plan.horizons) < LEAST_OUTCOMES:
        needed += 1
    sets = f"{len(histories)} series"
    until = f", and January to {calendar.month_name[month]} of each" if month else ""
    return (
        f"too short to judge: found {sets} of at most {counted(longest, 'full calendar year')} and "
        f"{counted(outcomes, 'outcome')} to score forecasts by, expected {LEAST_OUTCOMES} or more, each "
        f"behind {LEAST_YEARS} full years of figures: a series alone needs {needed} full years{until}"
    )


def _outcomes(years: int, horizons: Sequence[int]) -> int:
    """How many outcomes a series of so many full years has."""
    return sum(h + origin < years for origin in range(LEAST_YEARS, years) for h in horizons)
