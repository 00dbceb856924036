"""One table -> its facts: every number with the time, flow, unit and names that are said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from simulator.files.tables import labels
from simulator.files.tables.blocks import Block, heading
from simulator.files.tables.contexts import Context
from simulator.files.tables.dates import Moment
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.files.tables.grids import BLANK, Cell, place
from simulator.files.tables.headings import heads_of
from simulator.files.tables.kinds import FIGURES, TIMES, Amount, Kind, amount_of
from simulator.files.tables.labels import Label
from simulator.files.tables.lines import Line, Opened
from simulator.files.tables.sheets import Sheet
from simulator.files.tables.sides import Naming, Part, Side, naming_of

COLUMNS, SECTIONS = "columns", "sections"
Names: TypeAlias = Mapping[str, tuple[str, ...]]  # by dimension
_COUNTED = frozenset((*FIGURES, Kind.MISSING, Kind.BROKEN))
_SLIPS = frozenset((Kind.WORDS, Kind.TIME))


class _Statement(NamedTuple):
    """What is said of a figure beside its names."""

    label: Label
    head: str
    side: str
    lent: bool
    by_captions: tuple[str, ...]


class Fact:
    """One cell of figures and all that is said of it.

    ``names`` hold, by dimension (a role, a column's heading, or ``rows``, ``columns``, ``sections``), what
    tells it from its neighbours; ``totals`` the dimensions in which it is a total. Its number and what else
    is said of it are worked out when they are first asked for: most facts are of other pairs.
    """

    __slots__ = (
        "_amount",
        "_line",
        "_statement",
        "_table",
        "cell",
        "column",
        "kind",
        "names",
        "row",
        "totals",
    )

    def __init__(self, table: _Table, line: Line, row: int, column: int, cell: Cell, kind: Kind) -> None:
        self.row, self.column, self.cell, self.kind = row, column, cell, kind
        self.names: Names = table.names(line.side, column)
        self.totals = line.side.totals | table.totals[column]
        self._table, self._line = table, line
        self._statement: _Statement | None = None
        self._amount: Amount | None = None

    @property
    def amount(self) -> Amount | None:
        """The number in its cell; None where no figure is published."""
        if self._amount is None and self.kind in FIGURES:
            self._amount = amount_of(self.cell)
        return self._amount

    @property
    def label(self) -> Label:
        """What row, column, section and captions say of it."""
        return self.statement.label

    @property
    def head(self) -> str:
        """What its column says, as printed."""
        return self.statement.head

    @property
    def side(self) -> str:
        """What its row says, as printed."""
        return self.statement.side

    @property
    def lent(self) -> bool:
        """Whether its flow is that of a row above, of which it is a part."""
        return self.statement.lent

    @property
    def by_captions(self) -> tuple[str, ...]:
        """What only captions say of it."""
        return self.statement.by_captions

    @property
    def statement(self) -> _Statement:
        """What is said of it beside its names."""
        if self._statement is None:
            self._statement = self._table.say(self._line, self.column)
        return self._statement

    @property
    def unfit(self) -> str | None:
        """Why it is no amount of money; None where it may be one."""
        if self._statement is None and not self._table.may_be_unfit(self._line, self.column):
            return None
        return self.label.kind

    @property
    def percent(self) -> bool:
        """Whether a percent sign stands in its cell."""
        may = self.cell.percent or "%" in self.cell.text
        return may and self.amount is not None and self.amount.percent

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return place(self.row, self.column)

    @property
    def denomination(self) -> Denomination:
        """What one unit of it is worth, as far as it is stated; what stands in its cell counts most."""
        inner, outer = self.amount.denomination if self.amount else UNSTATED, self.label.denomination
        return outer if inner is UNSTATED else inner.over(outer)

    def within(self, outer: Denomination) -> Fact:
        """The same where what it does not say of its denomination is that of a table, or of nobody."""
        return self.labelled(replace(self.label, denomination=self.label.denomination.over(outer)))

    def renamed(self, flow: str | None) -> Fact:
        """The same as a figure of another flow."""
        return self.labelled(replace(self.label, flow=flow))

    def at(self, moment: Moment | None) -> Fact:
        """The same at another time; itself where that is its own."""
        return self if moment == self.label.moment else self.labelled(replace(self.label, moment=moment))

    def labelled(self, label: Label) -> Fact:
        """The same with another label."""
        fact = Fact(self._table, self._line, self.row, self.column, self.cell, self.kind)
        fact.names, fact._amount, fact._statement = (
            self.names,
            self._amount,
            self.statement._replace(label=label),
        )
        return fact


def facts_of(sheet: Sheet, block: Block, context: Context, order: str | None) -> Iterator[Fact]:
    """The facts of a table, row by row."""
    return _Table(sheet, block, context, order).facts()


class _Table:
    """A table as its rows are read one after the other."""

    def __init__(self, sheet: Sheet, block: Block, context: Context, order: str | None) -> None:
        self.sheet, self.block, self.context, self.order = sheet, block, context, order
        self.heads = heads_of(sheet.grid, block, order)
        self.totals = {column: _totals(head) for column, head in self.heads.items()}
        self.parts = [
            Part(role, heading(sheet.grid, block, column), block.record, order)
            for column, role in block.names.items()
        ]
        self.outer = replace(context.label, text="", flow=context.flow)
        self.opened = Opened()
        self.line: Line | None = None  # the last row of figures below what was opened
        self.filled = [BLANK] * len(self.parts)  # what names it, for cells that are left blank below
        self.unnamed = Side()
        self.figures: dict[int, list[int]] = {}  # the columns of figures by the kinds of a row
        self.sides: dict[tuple[int, int | str, int], Side] = {}
        self.namings: dict[tuple[int, int], Naming] = {}
        self.shared: dict[tuple[int, int], dict[str, tuple[str, ...]]] = {}

    def facts(self) -> Iterator[Fact]:
        """The facts of every row."""
        for row in self.block.body:
            columns = self._figures(row)
            if columns:
                line = self._line(row)
                cells, kinds = self.sheet.grid.rows[row], self.sheet.kinds[row]
                for column in columns:
                    yield Fact(self, line, row, column, cells[column], kinds[column])
            else:
                words = [cell for _, cell in self.sheet.grid.filled(row) if not cell.copied]
                self._open(labels.joined(labels.parse(cell.text, self.order) for cell in words))

    def names(self, side: Side, column: int) -> dict[str, tuple[str, ...]]:
        """What tells a figure of a column from its neighbours: one object for all of which it is the same."""
        head = self.heads[column]
        if self.block.record or not head.name:
            return side.names
        alike = id(side.names), column
        if alike not in self.shared:
            self.shared[alike] = side.names | {COLUMNS: (head.text,)}
        return self.shared[alike]

    def may_be_unfit(self, line: Line, column: int) -> bool:
        """Whether anything that is said of a figure may say that it is no amount of money."""
        head, opened = self.heads[column], line.opened
        by_kind = line.side.unfit or head.kind or opened.kind or self.outer.kind
        return bool(by_kind or any(part.cumulative or part.unfinished for part in (head, opened)))

    def say(self, line: Line, column: int) -> _Statement:
        """What is said of a figure: in its row, its column, its section, the captions, in that order."""
        side, head = line.side.label, self.heads[column]
        label = _both(side, head)
        dated = label.moment is not None and label.moment.year is not None
        label = label.over(line.opened.label(None if dated else line.year))
        lent = label.flow is None and not self.block.record and line.flow is not None
        if lent:
            label = replace(label, flow=line.flow)
        outer, by_captions = self._with_captions(label)
        return _Statement(_running(label, outer), head.text, side.text, lent, by_captions)

    def _open(self, label: Label) -> None:
        """Let a row without figures speak for those below it, unless it is a remark."""
        opened = self.opened.under(label, self.line)
        if opened is not self.opened:
            self.opened, self.line, self.filled = opened, None, [BLANK] * len(self.parts)

    def _figures(self, row: int) -> list[int]:
        """The columns of a row's figures, none where it holds none: rows of the same kinds have the same."""
        if row in self.sheet.copies:
            return self._find_figures(row)
        pattern = id(self.sheet.kinds[row])
        if pattern not in self.figures:
            self.figures[pattern] = self._find_figures(row)
        return self.figures[pattern]

    def _find_figures(self, row: int) -> list[int]:
        """The columns of a row's figures; words in their place are a slip where other cells name a time."""
        counted = self._values_of(row, _COUNTED)
        times = any(self.sheet.kind(row, column) in TIMES for column in self.block.names)
        slips = self._values_of(row, _SLIPS) if counted or times else []
        return sorted((*counted, *slips))

    def _values_of(self, row: int, kinds: frozenset[Kind]) -> list[int]:
        """The columns of figures in which a row's own cell is of some kinds."""
        columns = [column for column in self.block.values if self.sheet.kind(row, column) in kinds]
        return [column for column in columns if not self.sheet.grid.rows[row][column].copied]

    def _line(self, row: int) -> Line:
        """What names a row, and what rows above leave to it."""
        side = self.unnamed
        for number, cell in enumerate(self._names(row)):
            alike = id(side), number, id(cell)
            known = self.sides.get(alike)
            if known is None:
                known = self.sides[alike] = self._with_cell(side, number, cell)
            side = known
        if self.opened.section:
            side = self._in_section(side)
        self.line = Line(side, self.line, self.opened)
        return self.line

    def _with_cell(self, side: Side, number: int, cell: Cell) -> Side:
        """What names a row with one cell more: rows that begin with the same cells share what these say."""
        part = self.parts[number]
        if cell.blank or not part.read:
            return side
        alike = number, id(cell)
        if alike not in self.namings:
            self.namings[alike] = naming_of(cell, part)
        return side.with_cell(cell, part, self.namings[alike])

    def _in_section(self, side: Side) -> Side:
        """What names a row, with the name of its section."""
        alike = id(side), self.opened.section, 0
        if alike not in self.sides:
            self.sides[alike] = side.in_section(SECTIONS, self.opened.section)
        return self.sides[alike]

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
        return _dated(label, moment).over(self.outer), tuple(only)

    def _noted_months(self, label: Label) -> tuple[int, int] | None:
        """The months that a footnote states of a year that carries its mark."""
        if label.moment is None or label.moment.months:
            return None
        notes = filter(None, map(self.context.notes.get, label.marks))
        moments = (note.moment for note in notes if note.moment is not None)
        return next((moment.months for moment in moments if moment.months), None)

    def _names(self, row: int) -> list[Cell]:
        """The cells that name a row; one left blank before others stands for that above it, as in a pivot."""
        row_cells = self.sheet.grid.rows[row]
        width = len(row_cells)
        cells = [row_cells[column] if column < width else BLANK for column in self.block.names]
        if all(cell.text for cell in cells):
            self.filled = cells
        elif not all(cell.blank for cell in cells):  # what nothing names stands for nothing above it either
            self._fill(cells)
        return cells

    def _fill(self, cells: list[Cell]) -> None:
        """Put what stands above into the cells that are left blank before others."""
        first = next(number for number, cell in enumerate(cells) if not cell.blank)
        cells[:first] = self.filled[:first]
        pairs = zip(cells, self.filled, strict=True)
        self.filled = [above if cell.blank else cell for cell, above in pairs]


def _totals(head: Label) -> frozenset[str]:
    """The dimensions in which the figures of a column are totals."""
    return frozenset({COLUMNS} if head.total and not head.flow else ())


def _dated(label: Label, moment: Moment | None) -> Label:
    """A label at another time; itself where that is its own."""
    return label if moment is label.moment else replace(label, moment=moment)


def _running(inner: Label, label: Label) -> Label:
    """A label, and that it is of a part of a year, where it names no months and rows or headings say so."""
    open_ended = label.kind is None and label.moment is not None and label.moment.months is None
    part = open_ended and (inner.cumulative or inner.unfinished)
    return replace(label, kind=labels.PART_OF_YEAR) if part else label


def _both(side: Label, head: Label) -> Label:
    """What row and column say together; each may give a part of the time, but not two years."""
    merged = side.over(head)
    if side.moment and head.moment and len({side.moment.year, head.moment.year} - {None}) > 1:
        return replace(merged, moment=None)
    return merged


def dimensions_of(facts: Iterable[Fact]) -> list[str]:
    """The dimensions in which facts are named, in their order."""
    return list(dict.fromkeys(dimension for names in distinct_names(facts) for dimension in names))


def read_names(names: Iterable[Names], tell: Callable[[str], str | None]) -> dict[int, str | None]:
    """What the first text that says anything tells of names, by their identity; each text is read once."""
    alike: dict[str, str | None] = {}
    known: dict[int, str | None] = {}
    for part in names:
        texts = [text for texts in part.values() for text in texts]
        alike |= {text: tell(text) for text in texts if text not in alike}
        known[id(part)] = next((alike[text] for text in texts if alike[text] is not None), None)
    return known


def named_texts(facts: Iterable[Fact], dimension: str) -> list[str]:
    """The names in a dimension, each once, in the order in which they stand."""
    return list(dict.fromkeys(text for names in distinct_names(facts) for text in names.get(dimension, ())))


def distinct_names(facts: Iterable[Fact]) -> Iterable[Names]:
    """The names of facts, in their order; those that many share stand once."""
    return {id(fact.names): fact.names for fact in facts}.values()


def without(facts: Iterable[Fact], others: Iterable[Fact]) -> list[Fact]:
    """Facts but for some of them."""
    gone = set(others)
    return [fact for fact in facts if fact not in gone]
