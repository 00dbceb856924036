"""The published figures of a file as a table: changed where they stand, taken out, added with their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.errors import InputError, ScenarioError
from simulator.files.editing import edited, lengthened
from simulator.files.observing import observed
from simulator.files.splices import spliced
from simulator.files.strict_yaml import parse
from simulator.scenario import Observation, Scenario
from simulator.scenario.measures import read_measure
from simulator.scenario.measures import written as measure_written
from simulator.values.address import Address
from simulator.values.fields import read_date
from simulator.values.numerals import counted
from simulator.values.periods import fiscal_years
from simulator.values.wording import capital
from simulator.workspace.cells import NO_VALUE, NOTHING, amount, day, growth, period, stated
from simulator.workspace.drivers import FILE, Rewritten

OBSERVATIONS = "observations"
NEEDED = {"measure", "period"}  # of a figure; and its value, or its growth
COLUMNS = ("measure", "period", "value", "growth", "published", "source")
LINE = "line"  # of a row that is being edited: the number of the line that it was
WORDS = {"measure": "Measure", "period": "Period", "value": "Value", "growth": "Growth"}
WORDS |= {"published": "Came out on", "source": "Source"}
SHARED = "this figure is one of a series, which shares its period, day and source; only its value can change"

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A figure as a table shows it; ``address`` is where the file has it, among its observations."""

    address: Address
    cells: dict[str, str]

    @property
    def of_series(self) -> bool:
        """Whether it is one of a series."""
        return len(self.address) > 2


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: the number of its row, counted from 1, its column, and what to write."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        column = f", {WORDS.get(self.column, self.column)}" if self.column else ""
        return f"Row {self.row}{column}: {self.message}"


class CellsError(InputError):
    """Cells that cannot be taken, all at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


# The table


def rows(table: Sequence[Line]) -> list[dict[str, str]]:
    """The rows of a table as they are edited."""
    return [{**line.cells, LINE: str(number)} for number, line in enumerate(table)]


def lines(text: str, scenario: Scenario) -> tuple[Line, ...]:
    """Every figure of a file, those of series one by one, in the words of the file."""
    tree, _ = parse(text, FILE)
    items = tree.plain().get(OBSERVATIONS)
    listed = items if isinstance(items, list) else [items]
    return tuple(_line(Address(place), listed, figure) for place, figure in scenario.placed)


def _line(place: Address, items: Sequence[Mapping[str, Any]], figure: Observation) -> Line:
    item = items[int(place[0])]
    value = item["values"][int(place[2])] if len(place) > 1 else item.get("value")
    between = item.get("between")
    texts = {
        "measure": figure.measure,
        "period": str(figure.period),
        "value": f"{between[0]} to {between[1]}" if between else _text(value),
        **{name: _text(item.get(name)) for name in ("growth", "published", "source")},
    }
    return Line(Address.of(OBSERVATIONS).join(place), texts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(row: Cells) -> dict[str, str]:
    """The cells of a row that a person sees."""
    return {column: row.get(column, "") for column in COLUMNS}


def _added(rows: Sequence[Cells]) -> Iterator[dict[str, str]]:
    """The rows that are new; those in which nothing stands are left out."""
    new = (_shown(row) for row in rows if not row.get(LINE))
    return (row for row in new if any(row.values()))


@dataclass(frozen=True)
class Edits:
    """What was edited in a table.

    Attributes:
        cells: the number of a row -> column -> what it is to say.
        gone: the numbers of rows that are taken out.
        more: rows that are added, at the end.
    """

    cells: Mapping[int, Cells] = field(default_factory=dict)
    gone: tuple[int, ...] = ()
    more: tuple[Cells, ...] = ()

    def row(self, number: int) -> int:
        """The row in which a line that was not taken out stands then, counted from 1."""
        return number + 1 - sum(gone < number for gone in self.gone)

    @classmethod
    def between(cls, table: Sequence[Line], rows: Sequence[Cells]) -> Edits:
        """Those that turn a table into rows: ``LINE`` has the number of the line of each."""
        kept = {int(row[LINE]): _shown(row) for row in rows if row.get(LINE)}
        cells = {number: row for number, row in kept.items() if row != table[number].cells}
        gone = tuple(number for number in range(len(table)) if number not in kept)
        return cls(cells, gone, tuple(_added(rows)))

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Edits:
        """Those that an editor in the browser sends; rows in which nothing stands are left out."""
        gone = tuple(map(int, raw.get("deleted_rows", ())))
        edited_rows = {int(row): cells_of(cells) for row, cells in raw.get("edited_rows", {}).items()}
        cells = {row: texts for row, texts in edited_rows.items() if row not in gone}
        added = map(cells_of, raw.get("added_rows", ()))
        return cls(cells, gone, tuple(row for row in added if any(row.values())))


def cells_of(raw: Mapping[str, Any]) -> dict[str, str]:
    """Cells as text without the space around it, nothing as an empty one."""
    return {column: "" if cell is None else str(cell).strip() for column, cell in raw.items()}


def changed(text: str, scenario: Scenario, edits: Edits) -> Rewritten:
    """The text with the cells of the table changed, rows taken out and rows added.

    Raises:
        CellsError: with every cell that cannot be taken.
    """
    table = lines(text, scenario)
    faults: list[Fault] = []
    changes: dict[str, object] = {}
    for row, cells in edits.cells.items():
        changes |= _changes(edits.row(row), table[row], cells, scenario, faults)
    left = len(table) - len(edits.gone)
    entries = [_collect(left + place, row, scenario, faults) for place, row in enumerate(edits.more, 1)]
    if faults:
        raise CellsError(faults)
    written = edited(text, changes, FILE) if changes else text
    if edits.gone:
        written = _without(written, [table[row].address for row in edits.gone])
    written = lengthened(written, {OBSERVATIONS: entries}, FILE) if entries else written
    return Rewritten(written, tuple(_words(len(edits.cells), len(edits.gone), len(entries))))


def _words(edits: int, gone: int, more: int) -> Iterator[str]:
    for number, what in ((edits, "changed"), (gone, "taken out"), (more, "added")):
        if number:
            yield f"{counted(number, 'figure')} {what}."


def _changes(
    row: int, line: Line, cells: Cells, scenario: Scenario, faults: list[Fault]
) -> dict[str, object]:
    """What changes in the file for some cells of a row; what is wrong with one joins the faults."""
    changes: dict[str, object] = {}
    for column, cell in cells.items():
        try:
            if cell != line.cells[column]:
                changes |= _change(line, column, cell, scenario)
        except ValueError as error:
            faults.append(Fault(row, column, str(error)))
    return changes


def _change(line: Line, column: str, cell: str, scenario: Scenario) -> dict[str, object]:
    """The change of one cell.

    Raises:
        ValueError: it cannot be read, or cannot change here.
    """
    if line.of_series:
        return {str(line.address): _of_series(column, cell, scenario)}
    if not cell and column in NEEDED:
        raise ValueError(NOTHING.format(column))
    change = {f"{line.address}.{column}": read_cell(column, cell, scenario) if cell else None}
    if column == "value" and " to " in line.cells["value"]:
        change[f"{line.address}.between"] = None
    return change


def _of_series(column: str, cell: str, scenario: Scenario) -> Any:
    """The value of one of a series.

    Raises:
        ValueError: it is none, or something else of it is to change.
    """
    if column != "value":
        raise ValueError(SHARED)
    if not cell:
        raise ValueError("nothing stands here; take the row out if there is no such figure")
    return read_cell(column, cell, scenario)


def read_cell(column: str, cell: str, scenario: Scenario) -> Any:
    """What a file states for a cell.

    Raises:
        ValueError: it cannot be read.
    """
    if column == "period":
        with fiscal_years(scenario.fiscal_year_starts):
            return stated(period(cell))
    if column == "measure":
        return measure_written(read_measure(cell))
    readers = {"value": amount, "growth": growth, "published": day}
    return readers[column](cell) if column in readers else cell


def _collect(row: int, cells: Cells, scenario: Scenario, faults: list[Fault]) -> dict[str, Any]:
    """A new figure as a file states it; what is wrong with its cells joins the faults."""
    try:
        return entry(cells, scenario)
    except CellsError as error:
        faults += [replace(fault, row=row) for fault in error.faults]
    return {}


def entry(cells: Cells, scenario: Scenario) -> dict[str, Any]:
    """A new figure as a file states it.

    Raises:
        CellsError: with every cell that cannot be read.
    """
    texts = {column: text for column in COLUMNS if (text := cells.get(column, "").strip())}
    fields: dict[str, Any] = {}
    faults = [Fault(1, column, NOTHING.format(column)) for column in NEEDED - texts.keys()]
    if not texts.keys() & {"value", "growth"}:
        faults.append(Fault(1, "value", NO_VALUE))
    for column, text in texts.items():
        try:
            fields[column] = read_cell(column, text, scenario)
        except ValueError as error:
            faults.append(Fault(1, column, str(error)))
    if faults:
        raise CellsError(faults)
    return fields


def _without(text: str, addresses: Sequence[Address]) -> str:
    """The text without some figures; one of a series leaves a gap, a series without any is gone."""
    tree, _ = parse(text, FILE)
    old: Any = tree.plain()
    new, gone = _with_gaps(old, [address for address in addresses if len(address) > 2])
    written = spliced(text, old, new, set(), FILE)
    if written is None:
        raise InputError("found a layout in which these figures cannot be taken out; change the file by hand")
    paths = [*gone, *(str(address) for address in addresses if len(address) == 2)]
    return edited(written, dict.fromkeys(paths), FILE) if paths else written


def _with_gaps(plain: Any, of_series: Sequence[Address]) -> tuple[Any, list[str]]:
    """A file's plain data with gaps in its series; the paths of series in which nothing is left."""
    new, gone = plain, []
    for address in of_series:
        new = address.put(new, None)
    for owner in {Address(address[:-1]) for address in of_series}:
        values = _trimmed(owner.get(new))
        new = owner.put(new, values or owner.get(plain))
        if not values:
            gone.append(str(owner.parent))
    return new, gone


def _trimmed(values: Sequence[Any]) -> list[Any]:
    """A series without the gaps at its end."""
    last = max((place for place, value in enumerate(values) if value is not None), default=-1)
    return list(values[: last + 1])


# A figure that came out


def late(scenario: Scenario, published: str) -> dt.date | None:
    """The day on which a figure came out, where that is after the day of the scenario.

    Raises:
        ValueError: it is no day.
    """
    out = read_date(day(published)) if published.strip() else None
    return out if out is not None and out > scenario.as_of else None


def with_figure(text: str, scenario: Scenario, cells: Cells, *, move: bool = False) -> Rewritten:
    """The text with one figure more.

    Args:
        text: of the file.
        scenario: that it holds.
        cells: of the figure.
        move: whether the scenario's day moves to that on which the figure came out, if that is later.

    Raises:
        CellsError: with every cell that cannot be taken.
        InputError: the file says so already, or something that it contradicts.
    """
    fields = entry(cells, scenario)
    out = late(scenario, str(fields.get("published", "")))
    done = observed(text, [fields], FILE)
    for met in (*done.already, *done.refused):
        raise InputError(met.words)
    written = done.text
    words = [f"{capital(cells['measure'])} {fields['period']} is added."]
    if out is not None and move:
        written = edited(written, {"as_of": out.isoformat()}, FILE)
        words.append(f"The case is now seen on {spoken(out)}.")
    elif out is not None:
        words.append(f"It counts from {spoken(out)} on; the case is seen on {spoken(scenario.as_of)}.")
    return Rewritten(written, tuple(words))


def spoken(date: dt.date) -> str:
    """A day in words."""
    return f"{date.day} {date:%B %Y}"


def explained(error: ScenarioError, table: Sequence[Line], edits: Edits) -> list[Fault]:
    """The faults of a file that was edited, each in the row that it belongs to then; row 0: in none."""
    rows = _places(table, edits)
    return [_explained(fault.path, fault.message, rows) for fault in error.faults]


def _places(table: Sequence[Line], edits: Edits) -> dict[str, int]:
    """Where the file has the figures after some edits, and the rows that these stand in."""
    items: dict[int, list[int]] = {}
    for number, line in enumerate(table):
        items.setdefault(int(line.address[1]), []).append(number)
    left = [numbers for _, numbers in sorted(items.items()) if not set(numbers) <= {*edits.gone}]
    rows: dict[str, int] = {}
    for place, number in ((place, number) for place, numbers in enumerate(left) for number in numbers):
        moved = Address((OBSERVATIONS, place, *table[number].address[2:]))
        rows[str(moved)] = edits.row(number)
    last = len(table) - len(edits.gone)
    return rows | {f"{OBSERVATIONS}.{len(left) + k}": last + 1 + k for k in range(len(edits.more))}


def _explained(path: str, message: str, rows: Mapping[str, int]) -> Fault:
    parts = path.split(".")
    for length in range(len(parts), 1, -1):
        row = rows.get(".".join(parts[:length]))
        if row is not None:
            column = parts[length] if length < len(parts) and parts[length] in COLUMNS else ""
            return Fault(row, column, message)
    return Fault(0, "", f"{path}: {message}" if path else message)
