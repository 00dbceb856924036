"""One table -> its facts: every number with the time, flow, unit and names that are said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from simulator.files.tables import labels
from simulator.files.tables.blocks import Block, heading
from simulator.files.tables.contexts import Context
from simulator.files.tables.dates import Moment
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.files.tables.grids import BLANK, Cell, Grid, place
from simulator.files.tables.kinds import FIGURES, TIMES, Amount, Kind, amount_of
from simulator.files.tables.labels import NOTHING, Label
from simulator.files.tables.roles import unit_of
from simulator.files.tables.sheets import Sheet
from simulator.files.tables.sides import Side, labelled

COLUMNS, SECTIONS = "columns", "sections"
LONGEST_NAME = 80  # letters of a section's name; what is longer is a remark


@dataclass(frozen=True, eq=False)
class Fact:
    """One cell of figures and all that is said of it.

    ``names`` hold, by dimension (a role, a column's heading, or ``rows``, ``columns``, ``sections``), what
    tells it from its neighbours; ``totals`` the dimensions in which it is a total. ``lent``: its flow is that
    of a row above, of which it is a part. ``amount`` is None where no figure is published. ``by_captions``
    are what only captions say of it.
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
    by_captions: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return place(self.row, self.column)

    @property
    def denomination(self) -> Denomination:
        """What one unit of it is worth, as far as it is stated; what stands in its cell counts most."""
        inner = self.amount.denomination if self.amount else UNSTATED
        return inner.over(self.label.denomination)

    def within(self, outer: Denomination) -> Fact:
        """The same where what it does not say of its denomination is that of a table, or of nobody."""
        return replace(self, label=replace(self.label, denomination=self.label.denomination.over(outer)))

    def renamed(self, flow: str | None) -> Fact:
        """The same as a figure of another flow."""
        return replace(self, label=replace(self.label, flow=flow))


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

    @property
    def label(self) -> Label:
        """What a section says of its rows."""
        return Label(flow=self.flow, moment=Moment(self.year), denomination=self.denomination, kind=self.kind)

    def open(self, label: Label) -> None:
        """Let a row without figures speak for those below it, unless it is a remark."""
        if len(label.text) > LONGEST_NAME:
            return
        self.filled, self.lent, self.kind = {}, None, label.kind
        self.denomination = label.denomination.over(self.denomination)
        if label.flow:
            self.flow, self.section = label.flow, ""
        elif label.moment is None:
            self.section = label.text
        self.year = label.moment.year if label.moment and label.moment.year else self.year


def facts_of(sheet: Sheet, block: Block, context: Context, order: str | None) -> Iterator[Fact]:
    """The facts of a table, row by row."""
    return _Table(sheet, block, context, order).facts()


class _Table:
    """A table as its rows are read one after the other."""

    def __init__(self, sheet: Sheet, block: Block, context: Context, order: str | None) -> None:
        self.sheet, self.block, self.context, self.order = sheet, block, context, order
        self.heads = {column: _head(sheet.grid, block, column, order) for column in block.values}
        self.headings = {column: heading(sheet.grid, block, column) for column in block.names}
        self.running = _Running()

    def facts(self) -> Iterator[Fact]:
        """The facts of every row."""
        for row in self.block.body:
            if self._is_data(row):
                yield from self._of_row(row)
            else:
                cells = [cell for _, cell in self.sheet.grid.filled(row) if not cell.copied]
                self.running.open(labels.joined(labels.parse(cell.text, self.order) for cell in cells))

    def _is_data(self, row: int) -> bool:
        """Whether a row holds figures; words in their place are a slip where other cells name a time."""
        if any(self._is_figure(row, column) for column in self.block.values):
            return True
        times = any(self.sheet.kind(row, column) in TIMES for column in self.block.names)
        return times and any(self._is_slip(row, column) for column in self.block.values)

    def _is_figure(self, row: int, column: int) -> bool:
        """Whether a cell is a figure, or says that there is none."""
        counts = self.sheet.kind(row, column) in (*FIGURES, Kind.MISSING, Kind.BROKEN)
        return counts and not self.sheet.grid.at(row, column).copied

    def _is_slip(self, row: int, column: int) -> bool:
        """Whether words stand in a cell where a figure should."""
        words = self.sheet.kind(row, column) in (Kind.WORDS, Kind.TIME)
        return words and not self.sheet.grid.at(row, column).copied

    def _of_row(self, row: int) -> Iterator[Fact]:
        """The facts of one row."""
        side = self._side(row)
        for column in self.block.values:
            if self._is_figure(row, column) or self._is_slip(row, column):
                yield self._fact(row, column, side)

    def _side(self, row: int) -> Side:
        """What names a row, and what it leaves to the rows below."""
        side = Side(self.block.record, self.order)
        for column, cell in self._names(row).items():
            side.take(cell, self.block.names[column], self.headings[column])
        label, running = side.label, self.running
        if label.moment and label.moment.year and label.kind is None:
            running.year = label.moment.year
        running.lent = label.flow or running.lent
        if running.section:
            side.names[SECTIONS] = (running.section,)
        return side

    def _fact(self, row: int, column: int, side: Side) -> Fact:
        """What is said of one figure: in its row, its column, its section, the captions, in that order."""
        head, kind = self.heads[column], self.sheet.kind(row, column)
        label = _both(side.label, head).over(self.running.label)
        lent = label.flow is None and self.running.lent is not None and not self.block.record
        if lent:
            label = replace(label, flow=self.running.lent)
        label, by_captions = self._with_captions(label)
        names, totals = side.names, side.totals
        if head.name and not self.block.record:
            names = names | {COLUMNS: (head.text,)}
        if head.total and not head.flow:
            totals |= {COLUMNS}
        cell = self.sheet.grid.at(row, column)
        amount = amount_of(cell) if kind in FIGURES else None
        texts = head.text, side.label.text
        return Fact(row, column, cell, kind, amount, label, *texts, names, totals, lent, by_captions)

    def _with_captions(self, label: Label) -> tuple[Label, tuple[str, ...]]:
        """A label with what captions and footnotes add (months, unit, one flow or year); what these are."""
        context, moment, only = self.context, label.moment, list[str]()
        months = self._noted_months(label)
        if moment and months:
            moment = replace(moment, months=months)
            only.append(f"the months of {moment.year}")
        if moment and moment.months and moment.year is None and context.year:
            moment = replace(moment, year=context.year)
            only.append(f"the year {context.year}")
        if label.flow is None and context.flow:
            only.append(context.flow)
        outer = replace(context.label, text="", flow=context.flow)
        return replace(label, moment=moment).over(outer), tuple(only)

    def _noted_months(self, label: Label) -> tuple[int, int] | None:
        """The months that a footnote states of a year that carries its mark."""
        if label.moment is None or label.moment.months:
            return None
        notes = filter(None, map(self.context.notes.get, label.marks))
        moments = (note.moment for note in notes if note.moment is not None)
        return next((moment.months for moment in moments if moment.months), None)

    def _names(self, row: int) -> dict[int, Cell]:
        """The cells that name a row; one left blank before others stands for that above it, as in a pivot."""
        running = self.running.filled
        cells = {column: self.sheet.grid.at(row, column) for column in self.block.names}
        first = min((column for column, cell in cells.items() if not cell.blank), default=0)
        cells = {c: running.get(c, BLANK) if cell.blank and c < first else cell for c, cell in cells.items()}
        running |= {column: cell for column, cell in cells.items() if not cell.blank}
        return cells


def _both(side: Label, head: Label) -> Label:
    """What row and column say together; each may give a part of the time, but not two years."""
    merged = side.over(head)
    if side.moment and head.moment and len({side.moment.year, head.moment.year} - {None}) > 1:
        return replace(merged, moment=None)
    return merged


def _head(grid: Grid, block: Block, column: int, order: str | None) -> Label:
    """What the headings of a column say; the upper ones speak for the columns to their right as well."""
    cells = [_spanning(grid, block, row, column) for row in block.headings]
    label = labels.joined(labelled(cell, order) for cell in cells if not cell.blank)
    known = UNSTATED
    for cell in cells:
        known = unit_of(cell.text).over(known)
    return replace(label, denomination=known.over(label.denomination)) if label != NOTHING else label


def _spanning(grid: Grid, block: Block, row: int, column: int) -> Cell:
    """The cell of a heading that stands over a column: in it or, in an upper row, the nearest to the left."""
    leftmost = column if row == block.headings[-1] else min(block.values)
    cells = (grid.at(row, left) for left in range(column, leftmost - 1, -1))
    return next((cell for cell in cells if not cell.blank), BLANK)


def named_texts(facts: Iterable[Fact], dimension: str) -> list[str]:
    """The names in a dimension, each once, in the order in which they stand."""
    return list(dict.fromkeys(text for fact in facts for text in fact.names.get(dimension, ())))


def without(facts: Iterable[Fact], others: Iterable[Fact]) -> list[Fact]:
    """Facts but for some of them."""
    gone = set(others)
    return [fact for fact in facts if fact not in gone]
