"""What the cells that name a row say of its figures, each in the role of its column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from simulator.files.tables import labels
from simulator.files.tables.blocks import TIME_ROLES
from simulator.files.tables.dates import Moment, is_serial
from simulator.files.tables.denominations import Denomination
from simulator.files.tables.grids import Cell
from simulator.files.tables.kinds import moment_in
from simulator.files.tables.labels import NOTHING, Label
from simulator.files.tables.roles import Role

ROWS = "rows"  # the dimension of names in columns without a role
_MONTHS = {52: (1, 12)} | {month: (month, month) for month in range(1, 13)}  # 52 is UN Comtrade's year
_QUARTERS = {number: (3 * number - 2, 3 * number) for number in range(1, 5)}
_EPOCH = dt.date(1899, 12, 30)  # Excel's day 0, in the calendar that it keeps from March 1900 on


class Part(NamedTuple):
    """A column that names rows, as all its cells are read: role and heading, and the table that it is of.

    ``record``: the table has a row for each figure; ``order``: of day and month in its dates.
    """

    role: Role | None
    heading: str
    record: bool
    order: str | None

    @property
    def read(self) -> bool:
        """Whether its cells say anything of a figure."""
        return self.role is not Role.IGNORED and (self.record or self.role is not Role.CODE)


class Naming(NamedTuple):
    """What one cell adds to the names of its row: a name in a dimension, in which it may be a total.

    ``unfit``: it may say as well that the row's figures are no amounts of money.
    """

    dimension: str = ""
    text: str = ""
    total: bool = False
    unfit: bool = False


class Side:
    """What the cells that name a row say, one after the other; it never changes once it was given out.

    ``names`` hold by dimension, which is a role, a column's heading or ``ROWS``, what tells the row from its
    neighbours, and ``totals`` the dimensions in which it is a total. What else they say, ``label``, is worked
    out when it is first asked for: of rows that are not of the pair it never is, unless they are ``unfit``.
    """

    __slots__ = ("_label", "before", "cell", "names", "part", "totals", "unfit")

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, ...]] = {}
        self.totals: frozenset[str] = frozenset()
        self.unfit = False
        self.before, self.part, self.cell = self, _NO_PART, _NO_CELL
        self._label: Label | None = NOTHING

    def with_cell(self, cell: Cell, part: Part, naming: Naming) -> Side:
        """The same with what one cell says in its column, of which ``naming`` is known."""
        side = self._more()
        side.part, side.cell = part, cell
        side.unfit = self.unfit or naming.unfit
        if naming.dimension:
            texts = (*self.names.get(naming.dimension, ()), naming.text)
            side.names = self.names | {naming.dimension: texts}
        if naming.total:
            side.totals = self.totals | {naming.dimension}
        return side

    def in_section(self, dimension: str, section: str) -> Side:
        """The same in a section of the table."""
        side = self._more()
        side.names = self.names | {dimension: (section,)}
        return side

    def _more(self) -> Side:
        """The same, to be added to."""
        side = Side()
        side.names, side.totals, side.unfit = self.names, self.totals, self.unfit
        side.before, side._label = self, None
        return side

    @property
    def label(self) -> Label:
        """What all its cells say together."""
        waiting, side = [], self
        while side._label is None:
            waiting.append(side)
            side = side.before
        label = side._label
        for side in reversed(waiting):
            label = side._label = label if side.part is _NO_PART else _with_cell(label, side.cell, side.part)
        return label


_NO_PART = Part(None, "", record=False, order=None)
_NO_CELL = Cell()


def naming_of(cell: Cell, part: Part) -> Naming:
    """What a cell adds to the names of its row."""
    if part.role in TIME_ROLES:
        known = time_of(cell, part.role, part.order) is not None
        return Naming() if known else _naming_words(cell, part)
    if part.role in (Role.REPORTER, Role.PARTNER, Role.FLOW):
        return _naming_as(str(part.role), cell.text, unfit=part.role is Role.FLOW)
    if part.role in _TAKERS:
        return Naming(unfit=labels.parse(cell.text).kind is not None)
    return _naming_as(part.heading or ROWS, cell.text) if part.record else _naming_words(cell, part)


def _naming_as(dimension: str, text: str, *, unfit: bool = False) -> Naming:
    label = labels.parse(text)
    return Naming(dimension, text, label.total, unfit and label.kind is not None)


def _naming_words(cell: Cell, part: Part) -> Naming:
    label = labelled(cell, part.order)
    unfit = label.kind is not None or label.cumulative or label.unfinished
    if not (label.name or label.total):
        return Naming(unfit=unfit)
    return Naming(ROWS, label.text, label.total and not label.flow, unfit)


def _with_cell(label: Label, cell: Cell, part: Part) -> Label:
    """What is said of a row, with what one cell says in its column more."""
    if part.role in TIME_ROLES:
        return _with_time(label, cell, part)
    if part.role in _TAKERS:
        return _TAKERS[part.role](label, cell)
    if part.role in (Role.REPORTER, Role.PARTNER) or part.record:
        return label
    return labelled(cell, part.order).over(label)


def _with_time(label: Label, cell: Cell, part: Part) -> Label:
    """A time that is complete in its column goes before those of a year and a month in two."""
    moment, known = time_of(cell, part.role, part.order), label.moment
    if moment is None:
        return labelled(cell, part.order).over(label)
    if part.role is not Role.TIME and known is not None:
        moment = known if known.year and known.months else moment.over(known)
    return replace(label, moment=moment, text=f"{label.text} {cell.text}".strip())


def _with_flow(label: Label, cell: Cell) -> Label:
    inner = labels.parse(cell.text)
    flow = labels.FLOW_CODES.get(cell.text.lower()) or inner.flow
    return _with_unit(replace(label, flow=label.flow or flow), cell)


def _with_unit(label: Label, cell: Cell) -> Label:
    inner = labels.parse(cell.text)
    merged = label.denomination.over(inner.denomination)
    return replace(label, denomination=merged, kind=label.kind or inner.kind)


def _with_multiplier(label: Label, cell: Cell) -> Label:
    if not cell.text.isdecimal():
        return label
    return replace(label, denomination=Denomination(None, int(cell.text)).over(label.denomination))


def _with_status(label: Label, cell: Cell) -> Label:
    if cell.text.isdecimal():  # UN Comtrade's flags say how quantities were estimated
        return label
    return replace(label, marks=(*label.marks, cell.text.lower()))


_TAKERS: dict[Role | None, Callable[[Label, Cell], Label]] = {
    Role.FLOW: _with_flow,
    Role.UNIT: _with_unit,
    Role.CURRENCY: _with_unit,
    Role.MULTIPLIER: _with_multiplier,
    Role.STATUS: _with_status,
}


def labelled(cell: Cell, order: str | None) -> Label:
    """What a cell says as a label; a workbook's date is no text."""
    if cell.date is not None:
        return Label(cell.text, moment=moment_in(cell, order))
    return labels.parse(cell.text, order)


def time_of(cell: Cell, role: Role | None, order: str | None) -> Moment | None:
    """The time in a cell of a column of times; None where it holds none."""
    text = cell.text
    if cell.date is None and text.isdecimal() and text.isascii() and len(text) <= 6:
        return _counted(int(text), role)
    return moment_in(cell, order)


def _counted(number: int, role: Role | None) -> Moment | None:
    """The time that a whole number stands for: a month's number, a year, 201801, one of Excel's days."""
    if role is Role.MONTH:
        return Moment(months=_MONTHS[number]) if number in _MONTHS else None
    if role is Role.QUARTER:
        return Moment(months=_QUARTERS[number]) if number in _QUARTERS else None
    if 1900 <= number <= 2150:
        return Moment(number)
    year, month = divmod(number, 100)
    if 1900 <= year <= 2150 and 1 <= month <= 12:
        return Moment(year, (month, month))
    if is_serial(number):
        day = _EPOCH + dt.timedelta(days=number)
        return Moment(day.year, (day.month,) * 2, day.day)
    return None
