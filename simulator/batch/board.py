"""The board of a folder: every target of its scenario files, a row each, with what moved and what comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from simulator.errors import Fault, ScenarioError
from simulator.files.loading import load
from simulator.files.opening import checked
from simulator.files.places import content_of
from simulator.model import targets
from simulator.model.paths import layout
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.numerics.preintegration import chance
from simulator.scenario import Observation, Scenario, Target
from simulator.scenario import publications as published
from simulator.scenario.publications import Coming
from simulator.scenario.targets import Quantity
from simulator.values.limits import BOARD_FILES, FILE_BYTES
from simulator.values.periods import Period

EVEN = 0.5  # as likely as not: from here on a target is on track
MOST_PERIODS = 12  # of the totals of a row, up to the target's own
FRESH = 60.0  # seconds for which a file may still be being written
ALONE = "no other figure is published"
UNTOLD = "the figures before it do not tell what is asked"


class State(StrEnum):
    """How a target stands."""

    ON_TRACK = "on track"
    OFF_TRACK = "off track"
    REACHED = "reached"
    MISSED = "missed"

    @property
    def good(self) -> bool:
        """Whether it stands well."""
        return self in (State.ON_TRACK, State.REACHED)


class Total(NamedTuple):
    """What a target is about, over one period: its median, or what figures say of it.

    ``ahead`` says whether months are in it of which no figure is published yet.
    """

    period: Period
    value: float
    published: bool
    ahead: bool


@dataclass(frozen=True)
class Row:
    """One target for one period. Amounts are in the scenario's unit, growth and shares fractions.

    ``probability`` is that this target is met, whatever comes of others.
    ``change`` is what the probability gained by the figures of the latest publication, ``latest``, and
    ``unchanged`` why that is not known. ``all`` is the probability that every target of the file is met,
    where it has several.
    """

    file: str
    scenario: Scenario
    target: Target
    probability: float
    standard_error: float
    decided: bool
    all: float | None
    change: float | None
    unchanged: str | None
    latest: tuple[Observation, ...]
    coming: Coming | None
    median: float
    shortfall: float | None
    totals: tuple[Total, ...]

    @property
    def state(self) -> State:
        """How it stands: on track where it is at least as likely as not, or what figures decide."""
        if self.decided:
            return State.REACHED if self.probability == 1 else State.MISSED
        return State.ON_TRACK if self.probability >= EVEN else State.OFF_TRACK

    def to_dict(self, words: str) -> dict[str, Any]:
        """For a machine; ``words`` are those of the target."""
        scenario = self.scenario
        return {
            "file": self.file,
            "title": scenario.title,
            "home": scenario.home,
            "partner": scenario.partner,
            "as_of": str(scenario.as_of),
            "currency": scenario.currency,
            "unit": scenario.unit,
            "target": {**self.target.to_dict(), "words": words},
            "resolved_by": self.target.resolved_by,
            "probability": self.probability,
            "standard_error": self.standard_error,
            "probability_of_all_targets": self.all,
            "change_points": None if self.change is None else 100 * self.change,
            "change_not_known": self.unchanged,
            "last_figure": self._latest_to_dict(),
            "next_figure": self._coming_to_dict(),
            "on_track": self.state.good,
            "state": str(self.state),
            "median": self.median,
            "shortfall": self.shortfall,
            "totals": {str(t.period): {"value": t.value, "published": t.published} for t in self.totals},
        }

    @property
    def last_figure(self) -> Observation | None:
        """The figure of the latest publication that is nearest to what the target is about."""
        measure = self.target.measure
        order = (figure for figure in self.latest if figure.measure == measure)
        return next(order, next(iter(self.latest), None))

    def _latest_to_dict(self) -> dict[str, Any] | None:
        figure = self.last_figure
        if figure is None:
            return None
        return {
            "measure": figure.measure,
            "period": str(figure.period),
            "value": figure.value.amount if figure.value else None,
            "growth": figure.growth.amount if figure.growth else None,
            "published": str(figure.published) if figure.published else None,
            "source": figure.source,
            "published_together": len(self.latest),
        }

    def _coming_to_dict(self) -> dict[str, Any] | None:
        if self.coming is None:
            return None
        due = self.coming.due
        return {
            "measure": self.coming.measure,
            "period": str(self.coming.period),
            "due": str(due) if due else None,
            "usual_lag_days": self.coming.lag,
            "publications": self.coming.publications,
        }


@dataclass(frozen=True)
class Entry:
    """What came of one file: its rows, or its faults."""

    file: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Board:
    """The entries of a folder, in the order of its files."""

    folder: str
    entries: tuple[Entry, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every target of every file that can be answered."""
        return tuple(row for entry in self.entries for row in entry.rows)

    @property
    def faults(self) -> tuple[tuple[str, Fault], ...]:
        """Everything that is wrong with the other files, each with the name of the file."""
        return tuple((entry.file, fault) for entry in self.entries for fault in entry.faults)

    @property
    def broken(self) -> tuple[str, ...]:
        """The files that cannot be answered."""
        return tuple(entry.file for entry in self.entries if entry.faults)

    def to_dict(self, words: Callable[[Row], str]) -> dict[str, Any]:
        """For a machine: numbers unrounded; ``words`` say what a row's target is."""
        return {
            "folder": self.folder,
            "rows": [row.to_dict(words(row)) for row in self.rows],
            "faults": [
                {"file": file, "line": fault.line, "message": message_of(file, fault)}
                for file, fault in self.faults
            ],
        }


def message_of(file: str, fault: Fault) -> str:
    """What is wrong with a file, after the path there; and which file, if it is one that it extends."""
    elsewhere = fault.file if fault.file and Path(fault.file).name != file else ""
    return ": ".join(part for part in (elsewhere, fault.path, fault.message) if part)


def board(folder: Path, files: Iterable[Path], answer: Callable[[Path], Entry]) -> Board:
    """Every target of some scenario files of a folder, in the order of the files.

    Args:
        folder: that the files are in.
        files: of which each has its entry.
        answer: the entry of a file, such as ``partial(answered, simulate=simulate)``.

    Raises:
        ValueError: there are more files than go into one table.
    """
    listed = list(files)
    BOARD_FILES.require(len(listed))
    return Board(str(folder), tuple(map(answer, listed)))


def answered(file: Path, *, simulate: Simulate, points: int = POINTS, seed: int = SEED) -> Entry:
    """The rows of one file, or its faults: nothing of a file ends the others."""
    return entry(file, lambda: rows_of_file(file, simulate=simulate, points=points, seed=seed))


def entry(file: Path, rows: Callable[[], Sequence[Row]]) -> Entry:
    """What came of a file whose rows are worked out, or were kept."""
    try:
        return Entry(file.name, tuple(rows()))
    except ScenarioError as error:
        return Entry(file.name, faults=unfinished(file) or error.faults)
    except (ValueError, ArithmeticError) as error:
        return Entry(file.name, faults=(Fault(file.name, None, "", str(error)),))


def rows_of_file(
    file: Path, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> tuple[Row, ...]:
    """A row for each target of a file.

    Raises:
        ScenarioError: with every fault of the file.
        ValueError: points or seed cannot be used.
    """
    scenario = checked(load(file)).scenario
    return tuple(rows_of(scenario, file.name, simulate=simulate, points=points, seed=seed))


def unfinished(file: Path) -> tuple[Fault, ...]:
    """That a file with faults is perhaps being written at this moment.

    It is empty or ends in the middle of a line, and changed within a minute.
    """
    try:
        age, text = time.time() - file.stat().st_mtime, content_of(file, FILE_BYTES.most)
    except OSError:
        return ()
    if age > FRESH or text.endswith(b"\n"):
        return ()
    where = "that ends in the middle of a line" if text else "without a letter"
    message = (
        f"found a file {where} and changed {max(age, 0):.0f} s ago: it is perhaps still being written, "
        "expected all of it; look again in a minute"
    )
    return (Fault(file.name, text.count(b"\n") + 1, "", message),)


# One scenario


def rows_of(
    scenario: Scenario, file: str, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> Iterator[Row]:
    """A row for each target of a scenario, for each of its periods, in the order of the file."""
    result = simulate(scenario, points=points, seed=seed)
    earlier, unchanged = _before(scenario, simulate, points, seed)
    latest, coming = published.latest(scenario), published.coming(scenario)
    together = result.probability if len(scenario.goals) > 1 else None
    for target in scenario.goals:
        item = targets.condition(target, result.flows)
        estimate = chance([item]) if together is not None else result.estimate
        past = None if earlier is None else chance([targets.condition(target, earlier.flows)]).probability
        totals = tuple(_totals(result, target))
        yield Row(
            file,
            scenario,
            target,
            estimate.probability,
            estimate.standard_error,
            targets.settled(target, item),
            together,
            None if past is None else estimate.probability - past,
            unchanged,
            latest,
            coming,
            totals[-1].value,
            result.shortfall(target),
            totals,
        )


def _before(
    scenario: Scenario, simulate: Simulate, points: int, seed: int
) -> tuple[Result | None, str | None]:
    """The answer without the latest publication, on the same draws; or why there is none."""
    try:
        earlier = published.before(scenario)
        if earlier is None:
            return None, ALONE
        result = simulate(earlier, points=points, seed=seed, columns=layout(scenario))
        for target in scenario.goals:
            targets.condition(target, result.flows)
    except (ValueError, ArithmeticError):
        return None, UNTOLD
    return result, None


def _totals(result: Result, target: Target) -> Iterator[Total]:
    """What a target is about, over the periods up to its own, which is the last."""
    quantity = target.quantity
    periods = [period for period in quantity.periods(result.grid) if period.last <= target.period.last]
    for period in periods[-MOST_PERIODS:]:
        law = result.flows.quantity(quantity.over(period))
        median = float(quantity.from_ratio(law.quantile([EVEN]))[0])
        yield Total(
            period, median, _published(result, quantity.over(period)), period.last >= result.ahead.first
        )


def _published(result: Result, quantity: Quantity) -> bool:
    """Whether figures tell a quantity, be it within their errors."""
    if result.flows.quantity(quantity).constant:
        return True
    return quantity.base is None and result.published(quantity.measure, quantity.period)
