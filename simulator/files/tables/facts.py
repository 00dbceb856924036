"""One table -> its facts: every number with the time, flow, unit and names that its row, column and captions give it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from simulator.files.tables import labels
from simulator.files.tables.blocks import Block, Sheet
from simulator.files.tables.dates import Moment, is_serial
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.files.tables.grids import BLANK, Cell, Grid, place
from simulator.files.tables.kinds import FIGURES, TIMES, Amount, Kind, amount_of, moment_in
from simulator.files.tables.labels import NOTHING, Label
from simulator.files.tables.roles import Role, role_of, unit_of

ROWS, COLUMNS, SECTIONS = "rows", "columns", "sections"
_EPOCH = dt.date(1899, 12, 30)  # Excel's day 0, in the calendar that it keeps from March 1900 on


@dataclass(frozen=True)
class Fact:
    """One cell of figures and all that is said of it.

    ``names`` hold, by dimension (a role, a column's heading, or ``rows``, ``columns``, ``sections``), what
    tells it from its neighbours; ``totals`` the dimensions in which it is a total. ``lent``: its flow is that
    of a row above, of which it is a part. ``amount`` is None where no figure is published.
    """

    row: int
    column: int
    cell: Cell
    kind: Kind
    amount: Amount | None
    label: Label
    head: str
    side: str
    names: dict[str, tuple[str, ...]]
    totals: frozenset[str] = frozenset()
    lent: bool = False
    block: int = 0

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return place(self.row, self.column)

    @property
    def denomination(self) -> Denomination:
        """What one unit of it is worth, as far as it is said; what stands in its own cell counts most."""
        inner = self.amount.denomination if self.amount else UNSTATED
        return inner.over(self.label.denomination)

    def renamed(self, flow: str | None) -> Fact:
        """The same as a figure of another flow."""
        return replace(self, label=replace(self.label, flow=flow))


@dataclass
class Context:
    """What captions and notes say of a table as one."""

    label: Label = NOTHING
    texts: tuple[str, ...] = ()
    flows: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass
class _Running:
    """What rows above leave to those below: a section's name, flow and year, and those of the last row."""

    section: str = ""
    flow: str | None = None
    lent: str | None = None
    year: int | None = None
    denomination: Denomination = UNSTATED
    kind: str | None = None
    filled: dict[int, Cell] = field(default_factory=dict)


def context_of(sheet: Sheet, block: Block, order: str | None) -> Context:
    """What the captions, the corner above the rows' names, and the notes of a table say."""
    rows = [*block.captions, *block.notes]
    texts = [cell.text for row in rows for _, cell in sheet.grid.filled(row) if not cell.copied]
    corner = [sheet.grid.at(row, column).text for row in block.headings for column in block.names]
    parsed = [labels.parse(text, order) for text in (*texts, *corner) if text]
    label = NOTHING
    for item in parsed:
        if item.denomination.exponent is not None or (item.denomination.currency and len(item.name) < 40):
            label = replace(label, denomination=label.denomination.over(item.denomination))
        label = replace(
            label, cumulative=label.cumulative or item.cumulative, adjusted=label.adjusted or item.adjusted
        )
    above = [cell.text for row in block.captions for _, cell in sheet.grid.filled(row)]
    captions = [labels.parse(text, order) for text in (*above, *corner) if text and role_of(text) is None]
    flows = frozenset(item.flow for item in captions if item.flow) | frozenset(
        labels.TURNOVER for item in captions if item.both
    )
    years = frozenset(item.moment.year for item in captions if item.moment and item.moment.year)
    return Context(label, tuple(dict.fromkeys(texts)), flows, years)


def facts_of(
    sheet: Sheet, block: Block, context: Context, order: str | None, number: int = 0
) -> Iterator[Fact]:
    """The facts of a table, row by row."""
    heads = {column: _head(sheet.grid, block, column, order) for column in block.values}
    running = _Running()
    for row in block.body:
        if _is_data(sheet, block, row):
            yield from _of_row(sheet, block, context, heads, running, row, order, number)
        else:
            _open_section(sheet, block, running, row, order)


def _is_data(sheet: Sheet, block: Block, row: int) -> bool:
    """Whether a row holds figures; words in their place are a slip where other cells name a time."""
    if any(_counts(sheet, row, column) for column in block.values):
        return True
    times = any(sheet.kind(row, column) in TIMES for column in block.names)
    return times and any(_is_words(sheet, row, column) for column in block.values)


def _counts(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell is a figure, or says that there is none."""
    counts = sheet.kind(row, column) in (*FIGURES, Kind.MISSING, Kind.BROKEN)
    return counts and not sheet.grid.at(row, column).copied


def _is_words(sheet: Sheet, row: int, column: int) -> bool:
    """Whether words stand in a cell where a figure should."""
    return sheet.kind(row, column) in (Kind.WORDS, Kind.TIME) and not sheet.grid.at(row, column).copied


def _open_section(sheet: Sheet, block: Block, running: _Running, row: int, order: str | None) -> None:
    """Let a row without figures speak for those below it."""
    label = labels.joined(
        labels.parse(cell.text, order) for _, cell in sheet.grid.filled(row) if not cell.copied
    )
    running.filled = {}
    running.lent = None
    if label.flow:
        running.flow, running.section = label.flow, ""
    if label.moment and label.moment.year:
        running.year = label.moment.year
    if label.name and not label.flow:
        running.section = label.text
    running.denomination = label.denomination.over(running.denomination)
    running.kind = label.kind


# Columns


def _head(grid: Grid, block: Block, column: int, order: str | None) -> Label:
    """What the headings of a column say; the upper ones speak for the columns to their right as well."""
    cells = [
        _spanning(grid, block, row, column) if row != block.headings[-1] else grid.at(row, column)
        for row in block.headings
    ]
    head = labels.joined(_labelled(cell, order) for cell in cells if not cell.blank)
    known = joined_units(cell.text for cell in cells)
    return replace(head, denomination=known.over(head.denomination))


def joined_units(headings: Iterable[str]) -> Denomination:
    """The unit that a database's headings stand for."""
    known = UNSTATED
    for heading in headings:
        known = unit_of(heading).over(known)
    return known


def _spanning(grid: Grid, block: Block, row: int, column: int) -> Cell:
    """The cell of an upper heading that stands over a column: its own, or the nearest to the left."""
    first = min(block.values)
    for place_of in range(column, first - 1, -1):
        cell = grid.at(row, place_of)
        if not cell.blank:
            return cell
    return BLANK


def _labelled(cell: Cell, order: str | None) -> Label:
    """What a cell says as a label; a workbook's date or year is no text."""
    if cell.date is not None:
        return Label(cell.text, moment=moment_in(cell, order))
    return labels.parse(cell.text, order)


# Rows


def _of_row(
    sheet: Sheet,
    block: Block,
    context: Context,
    heads: dict[int, Label],
    running: _Running,
    row: int,
    order: str | None,
    number: int,
) -> Iterator[Fact]:
    """The facts of one row."""
    cells = _filled_down(sheet.grid, block, running, row)
    side = _Side(block.record)
    for column, role in block.names.items():
        side.take(cells[column], role, _heading(sheet.grid, block, column), order)
    label, names, totals, lent = side.label, side.names, side.totals, False
    if label.moment and label.moment.year:
        running.year = label.moment.year
    outer = Label(
        flow=running.flow, moment=Moment(running.year), denomination=running.denomination, kind=running.kind
    )
    if label.flow:
        running.lent = label.flow
    if running.section:
        names = names | {SECTIONS: (running.section,)}
    for column in block.values:
        if not (_counts(sheet, row, column) or _is_words(sheet, row, column)):
            continue
        head = heads[column]
        merged = _both(label, head).over(outer)
        if merged.flow is None and running.lent and not block.record:
            merged, lent = replace(merged, flow=running.lent), True
        merged = merged.over(_from_captions(merged, context))
        cell = sheet.grid.at(row, column)
        yield Fact(
            row,
            column,
            cell,
            sheet.kind(row, column),
            amount_of(cell) if sheet.kind(row, column) in FIGURES else None,
            merged,
            head.text,
            label.text,
            names | ({COLUMNS: (head.text,)} if head.name and not block.record else {}),
            totals | ({COLUMNS} if head.total and not head.flow else set()),
            lent,
            number,
        )


def _both(side: Label, head: Label) -> Label:
    """What row and column say together; the two may each give a part of the time."""
    merged = side.over(head)
    if side.moment and head.moment and side.moment.year and head.moment.year:
        if side.moment.year != head.moment.year:
            return replace(merged, moment=None)
    return merged


def _from_captions(label: Label, context: Context) -> Label:
    """What the captions add to a figure that lacks it: the unit, the one flow or the one year that they name."""
    flow = next(iter(context.flows)) if len(context.flows) == 1 else None
    year = next(iter(context.years)) if len(context.years) == 1 else None
    needs_year = label.moment is not None and label.moment.year is None and label.moment.months is not None
    return replace(context.label, text="", flow=flow, moment=Moment(year) if needs_year and year else None)


def _filled_down(grid: Grid, block: Block, running: _Running, row: int) -> dict[int, Cell]:
    """The cells that name a row; one left blank before others stands for the one above it, as in a pivot."""
    cells = {column: grid.at(row, column) for column in block.names}
    first = min((column for column, cell in cells.items() if not cell.blank), default=None)
    for column, cell in cells.items():
        if cell.blank and first is not None and column < first:
            cells[column] = running.filled.get(column, BLANK)
    running.filled |= {column: cell for column, cell in cells.items() if not cell.blank}
    return cells


def _heading(grid: Grid, block: Block, column: int) -> str:
    """The heading of a column of names, as printed."""
    texts = [grid.at(row, column).text for row in block.headings]
    return next((text for text in reversed(texts) if text), "")


class _Side:
    """Collects what the cells that name a row say."""

    def __init__(self, record: bool) -> None:
        self.record = record
        self.label = NOTHING
        self.names: dict[str, tuple[str, ...]] = {}
        self.totals: frozenset[str] = frozenset()
        self.takers = {
            Role.FLOW: self._flow,
            Role.UNIT: self._unit,
            Role.CURRENCY: self._unit,
            Role.MULTIPLIER: self._multiplier,
            Role.STATUS: self._status,
        }

    def take(self, cell: Cell, role: Role | None, heading: str, order: str | None) -> None:
        """Add what one cell says in its column's role."""
        if cell.blank or role is Role.IGNORED and not self.record:
            return
        if role in (Role.TIME, Role.YEAR, Role.MONTH, Role.QUARTER):
            self._time(cell, role, order)
        elif role in (Role.REPORTER, Role.PARTNER):
            self._name(role.value, cell.text)
        elif role in self.takers:
            self.takers[role](cell)
        elif self.record:
            self._name(heading or ROWS, cell.text)
        else:
            self._words(cell, order)

    def _name(self, dimension: str, text: str) -> None:
        self.names[dimension] = (*self.names.get(dimension, ()), text)
        if labels.parse(text).total:
            self.totals |= {dimension}

    def _time(self, cell: Cell, role: Role, order: str | None) -> None:
        moment = time_of(cell, role, order)
        if moment is None:
            self._words(cell, order)
        elif role is Role.TIME or self.label.moment is None:
            self.label = replace(self.label, moment=moment, text=self._text(cell))
        elif self.label.moment.months is None or self.label.moment.year is None:
            self.label = replace(self.label, moment=moment.over(self.label.moment), text=self._text(cell))

    def _flow(self, cell: Cell) -> None:
        flow = labels.FLOW_CODES.get(cell.text.lower()) or labels.parse(cell.text).flow
        self.label = replace(self.label, flow=self.label.flow or flow, text=self._text(cell))
        if flow is None:
            self._name(Role.FLOW.value, cell.text)

    def _unit(self, cell: Cell) -> None:
        label = labels.parse(cell.text)
        merged = self.label.denomination.over(label.denomination)
        self.label = replace(self.label, denomination=merged, kind=self.label.kind or label.kind)

    def _multiplier(self, cell: Cell) -> None:
        if cell.text.isdecimal():
            merged = Denomination(None, int(cell.text)).over(self.label.denomination)
            self.label = replace(self.label, denomination=merged)

    def _status(self, cell: Cell) -> None:
        if not cell.text.isdecimal():  # UN Comtrade's flags say how quantities were estimated
            self.label = replace(self.label, marks=(*self.label.marks, cell.text.lower()))

    def _words(self, cell: Cell, order: str | None) -> None:
        label = _labelled(cell, order)
        self.label = label.over(self.label)
        if label.name or label.total:
            self.names[ROWS] = (*self.names.get(ROWS, ()), label.text)
        if label.total and not label.flow:
            self.totals |= {ROWS}

    def _text(self, cell: Cell) -> str:
        return f"{self.label.text} {cell.text}".strip()


def time_of(cell: Cell, role: Role | None, order: str | None) -> Moment | None:
    """The time in a cell of a column of times; None where it holds none."""
    text = cell.text
    if cell.date is None and text.isdecimal() and text.isascii() and len(text) <= 6:
        return _counted(int(text), role)
    return moment_in(cell, order)


def _counted(number: int, role: Role | None) -> Moment | None:
    """The time that a whole number stands for: a month's number, a year, 201801, one of Excel's days."""
    if role is Role.MONTH and number <= 12 and number:
        return Moment(months=(number, number))
    if role is Role.MONTH:
        return Moment(months=(1, 12)) if number == 52 else None  # UN Comtrade's year
    if role is Role.QUARTER and 1 <= number <= 4:
        return Moment(months=(3 * number - 2, 3 * number))
    if 1900 <= number <= 2150:
        return Moment(number)
    if 190001 <= number <= 215012 and 1 <= number % 100 <= 12:
        return Moment(number // 100, (number % 100,) * 2)
    if is_serial(number):
        day = _EPOCH + dt.timedelta(days=number)
        return Moment(day.year, (day.month,) * 2, day.day)
    return None


def named_texts(facts: Sequence[Fact], dimension: str) -> list[str]:
    """The names in a dimension, each once, in the order in which they stand."""
    return list(dict.fromkeys(text for fact in facts for text in fact.names.get(dimension, ())))
