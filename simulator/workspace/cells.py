"""Cells and fields as people write them: amounts, growth rates, days and periods, as a file states each.

What the reader of a pasted table takes is taken here as well; of what can be read in two ways both are named.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from simulator.files.tables.dates import DAY_FIRST, MONTH_FIRST, Moment, moment_of
from simulator.files.tables.grids import Cell
from simulator.files.tables.numbers import Printed, printed
from simulator.values.fields import read_date
from simulator.values.notation import decimals
from simulator.values.periods import Period
from simulator.values.wording import show

_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?: [A-Z]{3})?")
_MONEY = re.compile(r"(?P<number>.*\d)\s*(?P<currency>[A-Z]{3})")
_DAY = "expected a day that exists, such as 2018-10-31 or 31.10.2018"
NOTHING = "nothing stands here; write the {}"
NO_VALUE = "nothing stands here; write the published amount, or its growth"


def amount(text: str) -> Decimal | str:
    """An amount as a file states it, every digit kept; in another currency as text.

    Raises:
        ValueError: it is none, or can be read in two ways.
    """
    text = " ".join(text.split())
    if _AMOUNT.fullmatch(text):
        return text if text[-1].isalpha() else Decimal(text)
    money = _MONEY.fullmatch(text)
    if money:
        return f"{decimals(_number(money['number'], text))} {money['currency']}"
    return _number(text, text)


def _number(text: str, cell: str) -> Decimal:
    """The number in a text; ``cell`` is what a message names.

    Raises:
        ValueError: there is none, or it can be read in two ways.
    """
    number = printed(Cell(text))
    values = _values(number) if number else []
    if len(values) == 1:
        return Decimal(f"{values[0]:f}")
    readings = " or ".join(decimals(value) for value in values)
    expected = f"write {readings}" if readings else "expected a number such as 610.5 or 610,5"
    raise ValueError(f"found {show(cell)}, {expected}")


def _values(number: Printed) -> Sequence[Decimal]:
    """What a number with nothing else around it may be."""
    if number.around or number.marks:
        return []
    values = (number.value(sign) for sign in number.readings)
    return [*dict.fromkeys(value for value in values if value is not None)]


def growth(text: str) -> str:
    """A growth rate as a file states it: ``44`` and ``44 %`` are ``44%``.

    Raises:
        ValueError: it is none, or can be read in two ways.
    """
    number = amount(text.strip().removesuffix("%").removeprefix("+").strip())
    if isinstance(number, str):
        raise ValueError(f"found {show(text)}, expected a percent such as 44 %")
    return f"{decimals(number)}%"


def day(text: str) -> str:
    """A day as a file states it: ``20.11.2026`` and ``20 November 2026`` are ``2026-11-20``.

    Raises:
        ValueError: it is none, or can be read in two ways.
    """
    text = text.strip()
    try:
        return read_date(text[:10]).isoformat()
    except ValueError:
        days = _days(text.lower())
    if len(days) == 1:
        return days[0]
    expected = f"write {' or '.join(days)}" if days else _DAY
    raise ValueError(f"found {show(text)}, {expected}")


def _days(text: str) -> list[str]:
    """The days that a text may mean."""
    sure = moment_of(text)
    moments = [sure] if sure else [moment_of(text, order) for order in (DAY_FIRST, MONTH_FIRST)]
    days = (_date(moment) for moment in moments if moment)
    return [*dict.fromkeys(date.isoformat() for date in days if date)]


def _date(moment: Moment) -> dt.date | None:
    if moment.year is None or moment.months is None or moment.day is None:
        return None
    try:
        return dt.date(moment.year, moment.months[0], moment.day)
    except ValueError:
        return None


def period(text: str) -> Period:
    """A period: ``October 2026`` and ``10.2026`` are ``2026-10``; fiscal years as ``Period.parse``.

    Raises:
        ValueError: it is none.
    """
    text = text.strip()
    try:
        return Period.parse(text)
    except ValueError:
        moment = moment_of(text.lower())
        if moment is None or moment.period is None or moment.day or moment.months is None:
            raise
        return moment.period


def stated(period: Period) -> str | int:
    """A period as a file states it."""
    text = str(period)
    return int(text) if text.isdecimal() else text
