"""What a workbook of a scenario is made of: sheets of rows, each with the places of the file that it states.

The same form is written as XLSX and compared with what comes back: what differs was changed in Excel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.scenario import Scenario
from simulator.values.address import Address
from simulator.values.units import Unit

PATH = "Path"  # head of the column by which a row is known again
TEXT_SHEET = "File"
ABOUT, TARGETS, FIGURES, MEASURES, RISKS = "About", "Targets", "Figures", "Measures", "Risks"
OUTLOOK = "Growth and world"
FLAGS = ("off", "on")
UNSTATED = "not stated"


class Kind(StrEnum):
    """What may stand in a cell."""

    NUMBER = "a number"
    FIGURE = "a published figure"
    CHOICE = "one of a few words"
    PERIOD = "a period"
    DATE = "a date"
    TEXT = "a text"


@dataclass(frozen=True)
class Entry:
    """One cell that states a value of the file.

    ``address`` is where the value stands, ``raw`` what the file has there, None where it has nothing and
    ``default`` what holds then. ``printed`` is what a figure is: money, percent or either. A ``fixed`` one is
    shown, and may not be changed.
    """

    kind: Kind
    address: Address
    raw: Any = None
    default: Any = None
    unit: Unit = Unit.NUMBER
    low: float = float("-inf")
    high: float = float("inf")
    usual: tuple[float, float] | None = None
    options: tuple[Any, ...] = ()
    printed: str = "money"
    fixed: bool = False

    @property
    def shown(self) -> Any:
        """What its cell states."""
        return self.default if self.raw is None else self.raw


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its head, how wide it is in characters, and a note at its head."""

    head: str
    width: int
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A row: the path by which it is known again, words to read and cells that state values, by column."""

    path: str
    words: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    number: Address | None = None  # of an uncertain number, whose form its cells say together
    title: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet; ``blank`` is a row that may be filled in anew, where there may be more."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    guide: Sequence[str] = ()
    blank: Row | None = None


@dataclass(frozen=True)
class Book:
    """A workbook: the text of the file, what it holds plainly and as a scenario, and its sheets."""

    text: str
    plain: Mapping[str, Any]
    scenario: Scenario
    sheets: Sequence[Sheet]
