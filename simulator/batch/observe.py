"""A month's table into many scenarios: what is new for each, and what it does to every target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from simulator.analysis.vintages import Part, split
from simulator.batch.board import Entry, Row, answered
from simulator.errors import FileError, OtherCountries, ScenarioError
from simulator.files.editing import edited
from simulator.files.importing import Statistics, read_table
from simulator.files.loading import load
from simulator.files.observing import Met, Observed, observed
from simulator.files.reading import Source, content, instead
from simulator.files.recording import Draft
from simulator.files.tables.choices import same
from simulator.files.tables.labels import AVERAGE, PART_OF_YEAR, UP_TO
from simulator.model.paths import layout
from simulator.model.result import Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.scenario import Observation, Scenario
from simulator.scenario.slips import slips

UNNAMED = "the table does not name its pair of countries; for one file alone it is taken all the same"
ELSEWHERE = "its figures stand in what it extends"


@dataclass(frozen=True)
class Table:
    """A table of statistics: its bytes, its name, and what settles how it is read (see ``Choices``)."""

    data: bytes
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Noted:
    """What a table holds for one file; nothing is written yet.

    Attributes:
        file: the scenario's.
        was: its bytes, which ``text`` is to replace.
        text: with the figures in it; None where the table holds nothing new for it.
        statistics: the table as it was read for this scenario; None where it could not be.
        observed: what became of each figure; None where the table does not concern the file.
        looks: what is odd about the outcome, such as figures that are a thousand times too large.
        why: why it does not, or why it could not be read; empty where it does.
        fault: whether that is something to mend.
        error: what was raised then; a table that can be read in more than one way says what is to be settled.
    """

    file: Path
    was: bytes = b""
    text: str | None = None
    statistics: Statistics | None = None
    observed: Observed | None = None
    looks: tuple[str, ...] = ()
    why: str = ""
    fault: bool = False
    error: FileError | None = None

    @property
    def new(self) -> tuple[Met, ...]:
        """The new and the revised figures."""
        return self.observed.new if self.observed else ()


def noted(file: Path, table: Table, *, as_of: dt.date | None = None, alone: bool = False) -> Noted:
    """What a table holds for a file. Faults of either are in the outcome, and end no other file's.

    Args:
        file: the scenario's.
        table: the figures.
        as_of: the day to which the scenario's own is moved where it is earlier; left out, it stays.
        alone: whether it is the only file, so that a table that names nobody is taken for its pair's.
    """
    try:
        was = content(Source(str(file), file))
        draft = Draft(was, file.name, file)
        if why := _unconcerned(draft, table, alone):
            return Noted(file, was, why=why)
        statistics = read_table(table.data, table.name, draft.choices(**table.options), draft.scale)
        if not (alone or statistics.ours):
            return Noted(file, was, why=UNNAMED)
        outcome = observed(draft.text, statistics.observations, file.name, file)
        text = _text(outcome, draft, as_of)
        looks = (*_looks(draft, text), *_of_table(statistics))
        return Noted(file, was, text, statistics, outcome, looks)
    except OtherCountries as error:
        why = error.faults[0].message if alone else "the table is about other countries"
        return Noted(file, why=why)
    except FileError as error:
        return Noted(file, why=" ".join(str(error).split()), fault=True, error=error)


def _unconcerned(draft: Draft, table: Table, alone: bool) -> str:
    """Why no table can concern a file: its figures stand elsewhere, or another partner is asked for."""
    if draft.stated.get("observations") is None and draft.plain.get("observations"):
        return ELSEWHERE
    asked, present = table.options.get("partner"), draft.plain.get("partner")
    if alone or asked is None or not isinstance(present, str) or same(str(asked), present):
        return ""
    return f"it is about {present}, not about the partner that is asked for"


def _text(outcome: Observed, draft: Draft, as_of: dt.date | None) -> str | None:
    """A file's text with its figures and its day; None where nothing of it changes."""
    moves = as_of is not None and outcome.as_of < as_of
    if not (outcome.new or moves):
        return None
    text = edited(outcome.text, {"as_of": str(as_of)}, draft.name) if moves else outcome.text
    draft.check(text)
    return text


def _of_table(statistics: Statistics) -> tuple[str, ...]:
    """What is to be looked at of a table: its remarks, parts of a year and averages left out of it."""
    unsure = (PART_OF_YEAR, UP_TO, AVERAGE)
    left = (str(part) for part in statistics.left_out if part.reason in unsure)
    return (*(f"left out, {part}" for part in left), *statistics.remarks)


def _looks(draft: Draft, text: str | None) -> tuple[str, ...]:
    """What is odd about a text that was not odd before: likely slips."""
    if text is None:
        return ()
    before, after = (
        dict.fromkeys(message for _, message in slips(draft.check(one).scenario))
        for one in (draft.text, text)
    )
    return tuple(message for message in after if message not in before)


@dataclass(frozen=True)
class Moved:
    """One target before and after the table."""

    was: Row
    now: Row

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "target": self.now.target.to_dict(),
            "before": self.was.probability,
            "after": self.now.probability,
            "change_points": self.points,
            "state": [str(self.was.state), str(self.now.state)],
        }

    @property
    def points(self) -> float:
        """What its probability gained, in percentage points."""
        return 100 * (self.now.probability - self.was.probability)

    @property
    def fell(self) -> bool:
        """Whether it fell off track."""
        return self.was.state.good and not self.now.state.good

    @property
    def rose(self) -> bool:
        """Whether it came on track."""
        return self.now.state.good and not self.was.state.good


@dataclass(frozen=True)
class YearAgo:
    """A figure of a part of a year beside the same months a year earlier: growth as a fraction."""

    figure: Observation
    earlier: float
    growth: float


@dataclass(frozen=True)
class Update:
    """What a table does to one file: of a file that it does not concern itself, through what it extends.

    ``parts`` split the change of the probability that all targets of the file are met over its new figures,
    by Shapley values on common draws; empty where none of them counts.
    """

    noted: Noted
    moved: tuple[Moved, ...]
    parts: tuple[Part, ...] = ()
    years_ago: tuple[YearAgo, ...] = ()
    days: tuple[dt.date, dt.date] | None = None
    fault: str = ""

    @property
    def file(self) -> Path:
        """The scenario's file."""
        return self.noted.file

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        observed = self.noted.observed
        return {
            "file": self.file.name,
            "figures": observed.to_dict() if observed else None,
            "as_of": [str(day) for day in self.days] if self.days else None,
            "targets": [moved.to_dict() for moved in self.moved],
            "parts": [part.to_dict() for part in self.parts],
            "years_ago": [
                {"measure": one.figure.measure, "period": str(one.figure.period), "growth": one.growth}
                for one in self.years_ago
            ],
            "fault": self.fault or None,
        }


@dataclass(frozen=True)
class Round:
    """A month's round: what a table changes in some files, and why it leaves others."""

    table: str
    updates: tuple[Update, ...]
    left: tuple[Noted, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Every target of every file that is changed."""
        return tuple(moved for update in self.updates for moved in update.moved)

    def to_dict(self) -> dict[str, Any]:
        """For a machine: probabilities as fractions, changes in percentage points."""
        return {
            "updates": [update.to_dict() for update in self.updates],
            "left": [{"file": note.file.name, "why": note.why, "fault": note.fault} for note in self.left],
        }

    @property
    def writes(self) -> tuple[Noted, ...]:
        """The files that get another text."""
        return tuple(update.noted for update in self.updates if update.noted.text is not None)


def observe(
    files: Sequence[Path],
    table: Table,
    *,
    simulate: Simulate,
    as_of: dt.date | None = None,
    points: int = POINTS,
    seed: int = SEED,
    progress: Callable[[Path], object] | None = None,
) -> Round:
    """What a table of new figures does to the targets of some scenario files; nothing is written.

    A file that extends another one moves with it. The same inputs give the same answer.

    Args:
        files: scenario files.
        table: the figures.
        simulate: answers a scenario.
        as_of: the day to which the scenarios' own are moved where they are earlier; left out, they stay,
            and figures that came out later count only once they move.
        points: how many points are drawn.
        seed: from which seed.
        progress: told of each file once it is done.
    """
    notes = [noted(file, table, as_of=as_of, alone=len(files) == 1) for file in files]
    changed = {note.file.resolve(): note.text.encode() for note in notes if note.text is not None}
    updates, left = [], []
    for note in notes:
        if note.fault or not (note.text or _follows(note.file, changed)):
            left.append(note)
        else:
            updates.append(_update(note, changed, simulate, points, seed))
        if progress is not None:
            progress(note.file)
    return Round(table.name, tuple(updates), tuple(left))


def _follows(file: Path, changed: Mapping[Path, bytes]) -> bool:
    """Whether a scenario changes with the files that do."""
    before = _scenario(file)
    with instead(changed):
        return before is not None and before != _scenario(file)


def _scenario(file: Path) -> Scenario | None:
    try:
        return load(file).scenario
    except ScenarioError:
        return None


def _update(note: Noted, changed: Mapping[Path, bytes], simulate: Simulate, points: int, seed: int) -> Update:
    """The targets of one file before and after."""
    was = answered(note.file, simulate=simulate, points=points, seed=seed)
    with instead(changed):
        now = answered(note.file, simulate=simulate, points=points, seed=seed)
    if was.faults or now.faults:
        return Update(note, (), fault=_faults(was if was.faults else now))
    moved = tuple(Moved(*rows) for rows in zip(was.rows, now.rows, strict=True))
    before, scenario = was.rows[0].scenario, now.rows[0].scenario
    days = (before.as_of, scenario.as_of) if before.as_of != scenario.as_of else None
    ago = tuple(filter(None, (year_ago(scenario, met.figure) for met in note.new)))
    return Update(note, moved, _parts(before, scenario, simulate, points, seed), ago, days)


def _parts(before: Scenario, now: Scenario, simulate: Simulate, points: int, seed: int) -> tuple[Part, ...]:
    """What each figure that counts only now changed."""
    known = [figure for figure in before.figures if figure.known(before.as_of)]
    new = [figure for figure in now.figures if figure.known(now.as_of) and figure not in known]
    if not new:
        return ()
    columns = layout(now).extended(layout(before).names)
    answer = partial(simulate, points=points, seed=seed, columns=columns)
    return split(now, new, answer(before), answer(now), answer)


def _faults(entry: Entry) -> str:
    return "; ".join(fault.message for fault in entry.faults)


def year_ago(scenario: Scenario, figure: Observation) -> YearAgo | None:
    """A figure of less than a year beside the same months a year earlier; None where none is known."""
    if figure.value is None or figure.period.months >= 12:
        return None
    wanted = figure.measure, figure.period.shift(-12)
    before = [o.value.amount for o in scenario.figures if (o.measure, o.period) == wanted and o.value]
    if not before or not before[-1]:
        return None
    return YearAgo(figure, before[-1], figure.value.amount / before[-1] - 1)
