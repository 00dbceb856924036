"""What the cells that name a row say of its figures, each in the role of its column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

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


class Side:
    """Collects what the cells that name a row say.

    ``names`` hold by dimension, which is a role, a column's heading or ``ROWS``, what tells the row from its
    neighbours, and ``totals`` the dimensions in which it is a total.
    """

    def __init__(self, record: bool, order: str | None) -> None:
        self.record = record
        self.order = order
        self.label = NOTHING
        self.names: dict[str, tuple[str, ...]] = {}
        self.totals: frozenset[str] = frozenset()
        self.takers: dict[Role, Callable[[Cell], None]] = {
            Role.FLOW: self._flow,
            Role.UNIT: self._unit,
            Role.CURRENCY: self._unit,
            Role.MULTIPLIER: self._multiplier,
            Role.STATUS: self._status,
        }

    def take(self, cell: Cell, role: Role | None, heading: str) -> None:
        """Add what one cell says in its column's role."""
        unread = (Role.IGNORED,) if self.record else (Role.IGNORED, Role.CODE)
        if cell.blank or role in unread:
            return
        if role in TIME_ROLES:
            self._time(cell, role)
        elif role in (Role.REPORTER, Role.PARTNER):
            self._name(str(role), cell.text)
        elif role in self.takers:
            self.takers[role](cell)
        elif self.record:
            self._name(heading or ROWS, cell.text)
        else:
            self._words(cell)

    def _name(self, dimension: str, text: str) -> None:
        self.names[dimension] = (*self.names.get(dimension, ()), text)
        if labels.parse(text).total:
            self.totals |= {dimension}

    def _time(self, cell: Cell, role: Role | None) -> None:
        """A time that is complete in its column goes before those of a year and a month in two."""
        moment, known = time_of(cell, role, self.order), self.label.moment
        if moment is None:
            self._words(cell)
            return
        if role is not Role.TIME and known is not None:
            moment = known if known.year and known.months else moment.over(known)
        self.label = replace(self.label, moment=moment, text=f"{self.label.text} {cell.text}".strip())

    def _flow(self, cell: Cell) -> None:
        label = labels.parse(cell.text)
        flow = labels.FLOW_CODES.get(cell.text.lower()) or label.flow
        self.label = replace(self.label, flow=self.label.flow or flow, kind=self.label.kind or label.kind)
        self._unit(cell)
        self._name(str(Role.FLOW), cell.text)

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

    def _words(self, cell: Cell) -> None:
        label = labelled(cell, self.order)
        self.label = label.over(self.label)
        if label.name or label.total:
            self.names[ROWS] = (*self.names.get(ROWS, ()), label.text)
        if label.total and not label.flow:
            self.totals |= {ROWS}


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
