"""Figures of a new case as a table: a period a row, a measure a column, with their day and source.

Months, quarters or years that follow one another become a series, so that a person can read the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.files.importing import entry
from simulator.scenario import Observation
from simulator.scenario.series import STEPS
from simulator.values.notation import decimals, flow, quoted
from simulator.values.periods import Period, fiscal_years
from simulator.values.wording import capital
from simulator.workspace import cells as read
from simulator.workspace.figures import Edits, Fault

MEASURES = ("exports", "imports", "turnover")
GROWTH = " growth"  # behind a measure: how far its figure is above the same months a year earlier
GROWTHS = tuple(measure + GROWTH for measure in MEASURES)
COLUMNS = ("period", *MEASURES, *GROWTHS, "published", "source")
HEADS = {"period": "Period", **{name: capital(name) for name in MEASURES}}
HEADS |= {name: f"{capital(name)}, %" for name in GROWTHS}
HEADS |= {"published": "Came out on", "source": "Source"}
SHORTEST = 3  # figures one after the other that make a series
A_LINE = 12  # values of a series on a line of the file
ERROR = " error"  # behind a measure: the error of its figure, which no column shows
EVERY = {months: name for name, months in STEPS.items()}

Row = dict[str, str]


@dataclass(frozen=True)
class _Cell:
    """A figure of the table: the number of its row, its period, what the file states of it."""

    row: int
    period: Period
    value: Any
    growth: str
    error: str
    published: str
    source: str

    @property
    def shared(self) -> tuple[int, str, str, str, str]:
        """What the figures of a series have in common: length of a period, growth, error, day, source."""
        return self.period.months, self.growth, self.error, self.published, self.source


@dataclass(frozen=True)
class Item:
    """A figure or a series as a file states it, and the numbers of the rows that its figures stand in."""

    fields: dict[str, Any]
    rows: tuple[int, ...]

    def row(self, place: Sequence[str]) -> int:
        """The row of what stands at a place below it: ``values``, ``5``."""
        number = int(place[1]) if len(place) > 1 and place[1].isdecimal() else 0
        return self.rows[min(number, len(self.rows) - 1)]


# Figures to rows


def rows_of(observations: Iterable[Observation]) -> list[Row]:
    """Figures as rows, by period; those of one period that differ in day or source stand in several."""
    rows: dict[tuple[Period, str, str], Row] = {}
    for observation in observations:
        fields = entry(observation)
        published, source = (str(fields.get(name, "")) for name in ("published", "source"))
        row = rows.setdefault(
            (observation.period, published, source),
            {"period": str(observation.period), "published": published, "source": source},
        )
        row[observation.measure] = str(fields.get("value", ""))
        for name, mark in (("growth", GROWTH), ("error", ERROR)):
            if name in fields:
                row[observation.measure + mark] = str(fields[name])
    return [rows[key] for key in sorted(rows)]


def joined(rows: Sequence[Row], more: Sequence[Row]) -> list[Row]:
    """Rows with others added; of a period, day and source that are there already the cells are replaced."""
    table = [dict(row) for row in rows if filled(row)]
    places = {_key(row): row for row in table}
    for row in more:
        if _key(row) in places:
            places[_key(row)].update(row)
        else:
            table.append(dict(row))
    return sorted(table, key=_begin)


def filled(row: Mapping[str, Any]) -> bool:
    """Whether anything stands in a row."""
    return any(str(cell or "").strip() for cell in row.values())


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in ("period", "published", "source"))


def _begin(row: Row) -> tuple[bool, Period | None, str]:
    try:
        return (False, read.period(row.get("period", "")), row.get("published", ""))
    except ValueError:
        return (True, Period(0, 0), row.get("period", ""))


def revised(rows: Sequence[Row], raw: Mapping[str, Any]) -> list[Row]:
    """Rows after what an editor in the browser says was edited in them."""
    edits = Edits.of(raw)
    table = [dict(row) for row in rows]
    for number, cells in edits.cells.items():
        for column, text in cells.items():
            table[number][column] = text
            table[number].pop(column + ERROR, None)
    return [row for number, row in enumerate(table) if number not in edits.gone] + [*map(dict, edits.more)]


# Rows to figures


def items(rows: Sequence[Row], fiscal_year_starts: int | None = None) -> tuple[list[Item], list[Fault]]:
    """The figures of a table as a file states them, and every cell that cannot be read."""
    faults: list[Fault] = []
    with fiscal_years(fiscal_year_starts or 1):
        cells = {measure: [*_cells(measure, rows, faults)] for measure in MEASURES}
    listed = [item for measure, figures in cells.items() for item in _items(measure, figures)]
    return listed, sorted(set(faults), key=lambda fault: fault.row)


def _cells(measure: str, rows: Sequence[Row], faults: list[Fault]) -> Iterator[_Cell]:
    """The figures of one measure; what cannot be read joins the faults."""
    for number, row in enumerate(rows):
        if any(row.get(column, "").strip() for column in (measure, measure + GROWTH)):
            yield from _figure(measure, number, row, faults)


def _figure(measure: str, number: int, row: Row, faults: list[Fault]) -> Iterator[_Cell]:
    """The figure of a measure in a row, where it can be read."""
    published = row.get("published", "").strip()
    period = _read(read.period, row.get("period", "").strip(), number, "period", faults)
    value, growth, out = (
        _read(reader, text, number, column, faults) if text else ""
        for reader, text, column in (
            (read.amount, row.get(measure, "").strip(), measure),
            (read.growth, row.get(measure + GROWTH, "").strip(), measure + GROWTH),
            (read.day, published, "published"),
        )
    )
    if None not in (period, value, growth, out):
        source = row.get("source", "").strip()
        yield _Cell(number, period, value, growth, row.get(measure + ERROR, ""), out, source)


def _read(reader: Callable[[str], Any], text: str, number: int, column: str, faults: list[Fault]) -> Any:
    """What a cell says; None where it cannot be read, with the fault noted."""
    try:
        return reader(text)
    except ValueError as error:
        faults.append(Fault(number + 1, column, str(error)))
        return None


def _items(measure: str, cells: Sequence[_Cell]) -> Iterator[Item]:
    """Figures of one measure as series where they follow one another, else one by one."""
    run: list[_Cell] = []
    for cell in sorted(cells, key=lambda cell: (cell.shared, cell.period)):
        if run and not (cell.shared == run[-1].shared and cell.period.first == run[-1].period.last + 1):
            yield from _written(measure, run)
            run = []
        run.append(cell)
    yield from _written(measure, run)


def _written(measure: str, run: Sequence[_Cell]) -> Iterator[Item]:
    if len(run) < SHORTEST or run[0].growth or not _regular(run[0].period):
        yield from (Item(_single(measure, cell), (cell.row,)) for cell in run)
        return
    first = run[0]
    fields = {
        "measure": measure,
        "from": read.stated(first.period),
        "every": EVERY[first.period.months],
        **_common(first),
        "values": [cell.value for cell in run],
    }
    yield Item(fields, tuple(cell.row for cell in run))


def _regular(period: Period) -> bool:
    """Whether periods of its length, one after the other, are what a series has."""
    return period.months in EVERY and period.first % period.months == 0


def _single(measure: str, cell: _Cell) -> dict[str, Any]:
    stated = {
        "measure": measure,
        "period": read.stated(cell.period),
        "value": cell.value,
        "growth": cell.growth,
    }
    return {name: value for name, value in stated.items() if value != ""} | _common(cell)


def _common(cell: _Cell) -> dict[str, Any]:
    error = read.amount(cell.error) if cell.error else None
    stated = {"error": error, "published": cell.published or None, "source": cell.source or None}
    return {name: value for name, value in stated.items() if value is not None}


# Figures to lines of a file


def lines(listed: Sequence[Mapping[str, Any]], indent: str = "  ") -> Iterator[str]:
    """Figures and series as lines of a list in a file, the values of a series a year a line."""
    for fields in listed:
        if "values" not in fields:
            yield f"{indent}- {flow(fields)}"
            continue
        start = "- "
        for name, value in fields.items():
            if name != "values":
                yield f"{indent}{start}{name}: {scalar(value)}"
                start = "  "
        yield f"{indent}  values: ["
        values = [*map(decimals, fields["values"])]
        for place in range(0, len(values), A_LINE):
            yield f"{indent}    {', '.join(values[place : place + A_LINE])},"
        yield f"{indent}  ]"


def scalar(value: Any) -> str:
    """A value behind its name, on a line of a file."""
    return quoted(value, block=True) if isinstance(value, str) else flow(value)
