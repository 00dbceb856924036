"""Rows of figures one below the other: what those above leave to those below, such as a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from simulator.files.tables.dates import Moment
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.files.tables.labels import Label
from simulator.files.tables.sides import Side

LONGEST_NAME = 80  # letters of a section's name; what is longer is a remark
Value = TypeVar("Value")


@dataclass(frozen=True)
class Opened:
    """What rows without figures leave to those below them: a section's name, flow, year and unit."""

    section: str = ""
    flow: str | None = None
    year: int | None = None
    denomination: Denomination = UNSTATED
    kind: str | None = None
    cumulative: bool = False
    unfinished: bool = False

    def label(self, year: int | None) -> Label:
        """What a section says of its rows, with the year that is said last."""
        return Label(
            flow=self.flow,
            moment=Moment(year),
            denomination=self.denomination,
            kind=self.kind,
            cumulative=self.cumulative,
            unfinished=self.unfinished,
        )

    def under(self, label: Label, line: Line | None) -> Opened:
        """The same below a row that says so much, behind a row of figures; a remark opens nothing."""
        if len(label.text) > LONGEST_NAME:
            return self
        year = label.moment.year if label.moment else None
        opened = replace(
            self,
            year=year or (line.year if line else self.year),
            denomination=label.denomination.over(self.denomination),
            kind=label.kind,
            cumulative=label.cumulative,
            unfinished=label.unfinished,
        )
        if label.flow:
            return replace(opened, flow=label.flow, section="")
        return replace(opened, section=label.text) if label.moment is None else opened


class Line:
    """One row of figures: what names it, the row of figures above it in its section, and its section."""

    __slots__ = ("_flow", "_year", "before", "opened", "side")

    def __init__(self, side: Side, before: Line | None, opened: Opened) -> None:
        self.side, self.before, self.opened = side, before, opened
        self._flow: tuple[str | None] | None = None  # once it is known
        self._year: tuple[int | None] | None = None

    @property
    def year(self) -> int | None:
        """The year that was said last, in it or above."""
        return self._last("_year", _year_of, self.opened.year)

    @property
    def flow(self) -> str | None:
        """The flow that was said last, in it or above."""
        return self._last("_flow", _flow_of, None)

    def _last(
        self, slot: str, says: Callable[[Label], Value | None], otherwise: Value | None
    ) -> Value | None:
        """What was said last, in it or in a row above: each is asked once."""
        passed: list[Line] = []
        line: Line | None = self
        value, known = otherwise, False
        while line is not None and not known:
            kept = getattr(line, slot)
            stated = kept[0] if kept else says(line.side.label)
            known = kept is not None or stated is not None
            value = stated if known else otherwise
            passed.append(line)
            line = line.before
        for line in passed:
            setattr(line, slot, (value,))
        return value


def _year_of(label: Label) -> int | None:
    """The year of a row of amounts."""
    return label.moment.year if label.moment and label.kind is None else None


def _flow_of(label: Label) -> str | None:
    return label.flow
