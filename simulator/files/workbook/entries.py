"""What stands in a cell -> what the file is to state: digits kept, text numbers and dates understood."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from simulator.errors import ScenarioError
from simulator.files.strict_yaml import parse
from simulator.files.tables.grids import Cell
from simulator.files.workbook.form import FLAGS, UNSTATED, Entry, Kind
from simulator.files.workbook.values import cell_value, number_format, same_number, word
from simulator.values.currencies import AMOUNT_PATTERN
from simulator.values.fields import read_date
from simulator.values.letters import tidy
from simulator.values.notation import decimals
from simulator.values.periods import Period, parse_start
from simulator.values.units import DECIMAL, Unit, plain_decimals, read_percent
from simulator.values.wording import respelled, show

YES_NO = {"false": False, "no": False, "true": True, "yes": True}
_THREE = re.compile(r"[.,]\d{3}%?")  # behind a mark that may part thousands
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


def unchanged(cell: Cell, entry: Entry) -> bool:
    """Whether a cell says what it said when the workbook was written."""
    value = cell_value(entry)
    if cell.trouble:
        return False
    if value is None or cell.blank:
        return value is None and cell.blank
    if isinstance(value, float):
        return cell.stored is not None and same_number(cell.stored, Decimal(repr(value)))
    return (_month_text(cell) if len(value) == len("2018-09") else cell.text) == tidy(value)


def entered(cell: Cell, entry: Entry) -> Any:
    """What the file is to state where a cell was changed; None where nothing is.

    Raises:
        ValueError: it cannot stand there; the message says what was found and what was expected.
    """
    if cell.trouble:
        raise ValueError(cell.trouble)
    if cell.blank:
        return None
    if cell.stored is not None:
        decimals(cell.stored)  # raises where a file cannot state so many digits
    return _READERS[entry.kind](cell, entry)


# A number of the vocabulary


def _number(cell: Cell, entry: Entry) -> Any:
    if entry.unit is Unit.MONTH:
        return _month(cell)
    if cell.date is not None:
        raise ValueError(f"found the date {cell.text}, expected a number {_bounds(entry)}".rstrip())
    if cell.stored is None and cell.text.startswith("{"):
        return _parsed(cell.text)
    raw = _raw_number(cell, entry)
    if not _is_amount(raw):
        entry.unit.read_within(raw, entry.low, entry.high)
    return raw


def _raw_number(cell: Cell, entry: Entry) -> Any:
    """A number as a file states it, in the unit of its cell.

    Raises:
        ValueError: it is none, or a percent where none can be, or none where one must be.
    """
    if cell.stored is None:
        return _number_in_text(cell.text, entry)
    in_percent = entry.unit.percent or (entry.unit.fraction and str(entry.shown).endswith("%"))
    if entry.unit.percent and not cell.percent:
        percent = plain_decimals(100 * cell.stored)
        raise ValueError(
            f"found {cell.text} in a cell that shows no percent, expected a percent {_bounds(entry)}; "
            f"write {cell.text}% or {percent}%"
        )
    if cell.percent and not entry.unit.of_hundred:
        raise ValueError(
            f"found {cell.text}, expected a number without a percent sign {_bounds(entry)}".rstrip()
        )
    return f"{plain_decimals(100 * cell.stored)}%" if in_percent else _shortest(cell.stored)


def _number_in_text(text: str, entry: Entry) -> Any:
    """The number that a text is.

    Raises:
        ValueError: it is none, or may be two.
    """
    if re.fullmatch(AMOUNT_PATTERN, text) and entry.unit.money:
        return text
    plain = _plain(text)
    if plain is None:
        what = "a percent" if entry.unit.percent else "a number"
        raise ValueError(f"found {show(text)}, expected {what} {_bounds(entry)}".rstrip())
    return plain if plain.endswith("%") else _shortest(Decimal(plain))


def _plain(text: str) -> str | None:
    """A number in a text with plain digits, as ``8.5`` or ``8.5%``; None where there is none.

    Raises:
        ValueError: its mark may part thousands or decimals.
    """
    percent = "%" if text.endswith("%") else ""
    bare = text.removesuffix("%").strip()
    if DECIMAL.fullmatch(bare):
        return bare + percent
    readings = respelled(text)
    if len(readings) > 1 and _THREE.search(text.strip().rstrip("% ") + "%"):
        raise ValueError(
            f"found {show(text)}, which may be {' or '.join(readings)}; write it without the mark"
        )
    return readings[0].replace(" ", "") if readings else None


def _is_amount(raw: Any) -> bool:
    """Whether it is money that names its currency."""
    return isinstance(raw, str) and not raw.endswith("%")


def _bounds(entry: Entry) -> str:
    return entry.unit.between(entry.low, entry.high)


def _shortest(number: Decimal) -> int | Decimal:
    """A number without zeros at its end."""
    text = plain_decimals(number)
    return Decimal(text) if "." in text else int(text)


def _month(cell: Cell) -> Any:
    if cell.date is None and cell.text.startswith("{"):
        return _parsed(cell.text)
    text = _month_text(cell)
    parse_start(text)
    return text


def _month_text(cell: Cell) -> str:
    """A month, or a day in it: Excel makes the first day of a month of what is typed as one."""
    return cell.text[:7] if cell.date is not None and cell.date.day == 1 else cell.text


# Figures, with the digits that were published


def _figure(cell: Cell, entry: Entry) -> Any:
    if cell.date is not None:
        raise ValueError(f"found the date {cell.text}, expected a published figure")
    if cell.stored is None:
        return _figure_in_text(cell.text, entry)
    if entry.printed == "percent" and not cell.percent:
        raise ValueError(
            f"found {cell.text} in a cell that shows no percent, expected a percent; write {cell.text}%"
        )
    if entry.printed == "money" and cell.percent:
        raise ValueError(f"found {cell.text}, expected an amount of money without a percent sign")
    exact = cell.stored * (100 if cell.percent else 1)
    digits = _digits(exact, cell, entry)
    return f"{digits:f}%" if cell.percent else _unscaled(digits)


def _digits(exact: Decimal, cell: Cell, entry: Entry) -> Decimal:
    """The digits of a figure: those that are stored, with the zeros of the format in which it was written."""
    shown = cell.number if cell.number is not None else exact
    same_format = entry.raw is not None and cell.percent == number_format(entry).endswith("%")
    return shown if same_format and shown == exact else Decimal(plain_decimals(exact))


def _unscaled(number: Decimal) -> int | Decimal:
    text = f"{number:f}"
    return Decimal(text) if "." in text else int(text)


def _figure_in_text(text: str, entry: Entry) -> Any:
    if re.fullmatch(AMOUNT_PATTERN, text) and entry.printed != "percent":
        return text
    plain = _plain(text)
    if plain is None:
        raise ValueError(f"found {show(text)}, expected {_EXPECTED[entry.printed]}")
    if entry.printed == "percent":
        read_percent(plain if plain.endswith("%") else text)
    elif entry.printed == "money" and plain.endswith("%"):
        raise ValueError(f"found {show(text)}, expected an amount of money without a percent sign")
    return plain if plain.endswith("%") else _unscaled(Decimal(plain))


_EXPECTED = {
    "money": "an amount of money",
    "percent": "a percent such as 44%",
    "either": "an amount of money, or a percent such as 2%",
}


# What is no number


def _choice(cell: Cell, entry: Entry) -> Any:
    text = cell.text.lower()
    flags = {**dict(zip(FLAGS, (False, True), strict=True)), **YES_NO} if False in entry.options else {}
    words = {word(option).lower(): option for option in entry.options} | flags
    if text in words:
        return words[text]
    if text == UNSTATED:
        return None
    raise ValueError(f"found {show(cell.text)}, expected one of {', '.join(map(word, entry.options))}")


def _period(cell: Cell, _entry: Entry) -> Any:
    if cell.date is not None:
        return _month_text(cell)
    text = plain_decimals(cell.stored) if cell.stored is not None else cell.text
    if text.startswith("["):
        return _parsed(text)
    if _WHOLE.fullmatch(text):
        return int(text)
    if not text.upper().startswith("FY") and "/" not in text:
        Period.parse(text)
    return text


def _date(cell: Cell, _entry: Entry) -> str:
    return read_date(cell.text).isoformat()


def _text(cell: Cell, entry: Entry) -> Any:
    if cell.text[:1] in ("[", "{") and not isinstance(entry.shown, str):
        return _parsed(cell.text)
    if cell.stored is not None:
        return plain_decimals(cell.stored)
    return cell.text


def _parsed(text: str) -> Any:
    """A list or mapping on one line.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        tree, faults = parse(text, "", numbered=False)
    except ScenarioError as error:
        faults = [*error.faults]
    if faults:
        raise ValueError(faults[0].message)
    return tree.plain()


_READERS = {
    Kind.NUMBER: _number,
    Kind.FIGURE: _figure,
    Kind.CHOICE: _choice,
    Kind.PERIOD: _period,
    Kind.DATE: _date,
    Kind.TEXT: _text,
}
