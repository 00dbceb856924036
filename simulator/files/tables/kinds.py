"""What kind of thing stands in a cell: nothing, no figure, a number, a time, either of these, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from simulator.files.tables import dates, denominations, numbers
from simulator.files.tables.dates import Moment
from simulator.files.tables.denominations import UNSTATED, Denomination
from simulator.files.tables.grids import Cell
from simulator.files.tables.labels import plain
from simulator.files.tables.numbers import Printed
from simulator.values.letters import tidy

_YEAR_AND = re.compile(r"(?:19|20|21)\d\d\W")
_YEAR_OR_MONTH = re.compile(r"(?:19|20|21)\d\d(?:0[1-9]|1[0-2])?")
_EITHER = re.compile(r"(?:19|20|21)\d\d(?:[.]?(?:0[1-9]|1[0-2])|[.][1-9])?|1[0-2][.](?:19|20|21)\d\d")
# A scale in one letter behind a number; a small b is the mark of a break, and 9M are nine months.
_LETTERED = re.compile(r"(?P<number>[^A-Za-z]*\d) ?(?P<scale>[kKmM]|mm|MM|B)")
_COUNT = re.compile(r"1[0-2]|[1-9]")
_SCALES = {"k": "thousand", "m": "million", "mm": "million", "b": "billion"}


class Kind(StrEnum):
    """The kinds of cells."""

    BLANK = "blank"
    MISSING = "missing"
    NUMBER = "number"
    EITHER = "either"  # 2017 is a year in a heading and a figure below it
    TIME = "time"
    WORDS = "words"
    BROKEN = "broken"  # a workbook's error, or a formula without a result


FIGURES = (Kind.NUMBER, Kind.EITHER)
TIMES = (Kind.TIME, Kind.EITHER)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what stands with it in its cell: its denomination there, or a percent sign."""

    printed: Printed
    denomination: Denomination = UNSTATED
    percent: bool = False


def kind_of(cell: Cell) -> Kind:
    """The kind of a cell."""
    if cell.trouble:
        return Kind.BROKEN
    if cell.date is not None:
        return Kind.TIME
    if cell.number is not None:
        return Kind.EITHER if not cell.percent and _may_be_year(cell) else Kind.NUMBER
    return Kind.NUMBER if numbers.is_plain(cell.text) else kind_of_text(cell.text)


def _may_be_year(cell: Cell) -> bool:
    """Whether a workbook's number may be a year, or a month written as 201801."""
    return len(cell.text) in (4, 6) and _YEAR_OR_MONTH.fullmatch(cell.text) is not None


def kind_of_text(text: str) -> Kind:
    """The kind of a cell of a text."""
    if not text:
        return Kind.BLANK
    if numbers.is_missing(text):
        return Kind.MISSING
    if numbers.is_broken(text):
        return Kind.BROKEN
    if _EITHER.fullmatch(text) or _is_year_with_unit(text):
        return Kind.EITHER
    if dates.moment_of(plain(text)) or dates.is_slashed(text):
        return Kind.TIME
    return Kind.NUMBER if amount_of(Cell(text)) else Kind.WORDS


def _is_year_with_unit(text: str) -> bool:
    """Whether a text such as ``2017 mln USD`` may head a column of the year 2017, or be an amount."""
    amount = amount_of(Cell(text)) if _YEAR_AND.match(text) else None
    return amount is not None and amount.denomination != UNSTATED


def amount_of(cell: Cell) -> Amount | None:
    """The number in a cell with its currency, scale or percent sign; None where other words stand with it."""
    if cell.number is None and cell.date is None and numbers.is_plain(cell.text):
        return Amount(Printed(cell.text))
    printed = numbers.printed(_worded(cell))
    if printed is None:
        return None
    if not printed.around:
        return Amount(printed)
    denomination, rest = denominations.parse(printed.around)
    percent = "%" in rest
    return None if rest.replace("%", "").strip(" .") else Amount(printed, denomination, percent)


def _worded(cell: Cell) -> Cell:
    """A cell with the word for the scale that a letter behind its number stands for."""
    lettered = None if cell.number is not None else _LETTERED.fullmatch(tidy(cell.text))
    if lettered is None or _COUNT.fullmatch(lettered["number"]):
        return cell
    return cell._replace(text=f"{lettered['number']} {_SCALES[lettered['scale'].lower()]}")


def moment_in(cell: Cell, order: str | None) -> Moment | None:
    """The time that is all a cell says; a month for a day."""
    if cell.date is not None:
        return Moment(cell.date.year, (cell.date.month,) * 2, cell.date.day)
    return dates.moment_of(plain(cell.text), order) if cell.text else None
