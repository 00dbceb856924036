"""The units of numbers: how a number of each is read, bounded, written in a file, and said to a person.

A unit is checked where the number is read: money never takes a percent sign, a percent always does. Inside
the program percents are fractions and months are counted as in ``periods``.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from enum import StrEnum
from typing import Any

from simulator.values.currencies import AMOUNT_PATTERN, Amount, read_foreign
from simulator.values.numerals import ordinal
from simulator.values.periods import YEARS, month_text, parse_start, start_text
from simulator.values.wording import marked, show

DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
PERCENT_PATTERN = rf"^{DECIMAL.pattern} ?%$"
_PERCENT = re.compile(rf"({DECIMAL.pattern}) ?%", re.ASCII)
ABOVE_ZERO = math.nextafter(0, 1)  # a hard bound that excludes zero
LARGEST = 1e30  # a number that is stated; no file states more digits
MONTHS = (12.0 * YEARS[0], 12.0 * YEARS[1] + 11)  # the hard bounds of a month
PLACES = 24  # behind the point, beyond which no file states digits
EXAMPLE = " such as 1234.5"
POWERS = {"thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12}


class Unit(StrEnum):
    """What a number counts. Equal to its name as text, so that it goes into JSON as it is."""

    NUMBER = "number"
    WHOLE_NUMBER = "whole number"
    MONEY = "money"
    MONEY_A_YEAR = "money a year"
    PERCENT = "percent"
    PERCENT_A_YEAR = "percent a year"
    SHARE = "share"
    PROBABILITY = "probability"
    LOG_POINTS = "log points"
    LOG_POINTS_A_YEAR = "log points a year"
    MONTH = "month"
    MONTHS = "months"
    DAYS = "days"
    YEARS = "years"
    PERIOD = "period"
    YES_OR_NO = "yes or no"
    FRACTION_OF_THE_WAY = "fraction of the way"
    PERCENTILE = "percentile"

    @property
    def percent(self) -> bool:
        """Whether a file states it with a percent sign."""
        return self in (Unit.PERCENT, Unit.PERCENT_A_YEAR)

    @property
    def fraction(self) -> bool:
        """Whether it is a part of one, stated with or without a percent sign."""
        return self in (Unit.SHARE, Unit.PROBABILITY)

    @property
    def of_hundred(self) -> bool:
        """Whether people read it in percent."""
        return self.percent or self.fraction

    @property
    def log(self) -> bool:
        """Whether it is a difference of logs, which a file states as a plain number."""
        return self in (Unit.LOG_POINTS, Unit.LOG_POINTS_A_YEAR)

    def displayed(self, value: float) -> float:
        """A number as people read it: percents for fractions, and for differences of logs.

        A growth in logs is the growth that it comes to; a swing, which may go either way, its size.
        """
        if self is Unit.LOG_POINTS_A_YEAR:
            return 100 * math.expm1(value)
        return 100 * value if self.of_hundred or self.log else value

    def from_displayed(self, shown: float) -> float:
        """The number that people read as ``shown``."""
        if self is Unit.LOG_POINTS_A_YEAR:
            return math.log1p(shown / 100)
        return shown / 100 if self.of_hundred or self.log else shown

    @property
    def money(self) -> bool:
        """Whether it is an amount in the scenario's currency."""
        return self in (Unit.MONEY, Unit.MONEY_A_YEAR)

    @property
    def integer(self) -> bool:
        """Whether only whole numbers count."""
        return self in (Unit.WHOLE_NUMBER, Unit.MONTH)

    @property
    def duration(self) -> bool:
        """Whether it counts time."""
        return self in (Unit.MONTHS, Unit.DAYS, Unit.YEARS)

    def read(self, raw: Any) -> float:
        """One number as a file states it; percents become fractions, months are counted.

        Raises:
            ValueError: it is no number, or none of this unit; the message says what was expected.
        """
        if self is Unit.MONTH:
            return parse_start(raw)
        if self is Unit.WHOLE_NUMBER:
            return _read_whole(raw)
        if self.percent or (self.fraction and isinstance(raw, str) and raw.strip().endswith("%")):
            return read_percent(raw)
        return _read_money(raw) if self.money else read_number(raw)

    def read_within(self, raw: Any, low: float, high: float) -> float:
        """One number as a file states it, inside hard bounds.

        Raises:
            ValueError: as ``read``, or it lies outside of them; the message names them, and the number as it
            is stated.
        """
        value = self.read(raw)
        if low <= value <= high:
            return value
        in_percent = isinstance(raw, str) and raw.strip().endswith("%")
        expected = (Unit.PERCENT if in_percent else self).between(low, high)
        raise ValueError(f"found {self._as_stated(raw, value)}, expected {expected}")

    def _as_stated(self, raw: Any, value: float) -> str:
        """A number as a file states it, and what it is where bounds are in another currency."""
        if isinstance(raw, Amount):
            raw = raw.text
        if not isinstance(raw, str):
            return self.text(value)
        text = raw.strip()
        return f"{text}, which is {self.text(value)}" if isinstance(value, Amount) else text

    def between(self, low: float, high: float) -> str:
        """Hard bounds in words; nothing where there are none."""
        if math.isinf(low) and math.isinf(high):
            return ""
        if math.isinf(low):
            return f"at most {self.text(high)}"
        if not math.isinf(high):
            return f"from {self.text(low)} to {self.text(high)}"
        return f"above {self.text(0)}" if low == ABOVE_ZERO else f"at least {self.text(low)}"

    def text(self, value: float) -> str:
        """A number as a person writes it; a file can state it so."""
        if self is Unit.MONTH:
            return month_text(math.floor(value))
        if self is Unit.PERCENTILE:
            return f"{ordinal(round(100 * value))} percentile"
        return f"{digits(100 * value, 6)}%" if self.percent else digits(value)

    def written(self, value: float) -> float | str:
        """A number as a file states it, exactly, and an amount in its own currency.

        Of a month the part after the point is dropped.
        """
        if self is Unit.MONTH:
            return month_text(math.floor(value))
        if isinstance(value, Amount):
            return value.text
        value = float(value)
        return f"{plain_decimals(100 * Decimal(repr(value)))}%" if self.percent else value

    def stated(self, value: float) -> float | str:
        """As ``written``; of a month that begins on a day in it, that day."""
        return start_text(value) if self is Unit.MONTH else self.written(value)

    def rounded(self, value: float) -> float:
        """A number of as many digits as ``digits`` gives, in the form in which a file states it."""
        return float(Decimal(digits(100 * value)) / 100) if self.percent else float(digits(value))

    def schema(self, low: float, high: float) -> dict[str, Any]:
        """The JSON Schema of one certain number between hard bounds."""
        percent = {"type": "string", "pattern": PERCENT_PATTERN}
        if self is Unit.MONTH:
            return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"}
        if self.percent:
            return percent
        number: dict[str, Any] = {"type": "integer" if self is Unit.WHOLE_NUMBER else "number"}
        if math.isfinite(low):
            number |= {"exclusiveMinimum": 0} if low == ABOVE_ZERO else {"minimum": low}
        if math.isfinite(high):
            number["maximum"] = high
        if self.money:
            return {"anyOf": [number, {"type": "string", "pattern": AMOUNT_PATTERN}]}
        return {"anyOf": [number, percent]} if self.fraction else number


def power_of(unit: str) -> int | None:
    """The power of ten of a unit of money; None of one that is no known power."""
    name = unit.strip().lower()
    return POWERS.get(name, POWERS.get(name.removesuffix("s"), 0 if name in ("unit", "units") else None))


def read_number(raw: object, shown: object = None) -> float:
    """One plain decimal number; ``shown`` is what stands in the message in place of it.

    Raises:
        ValueError: it is no finite number (text, ``true``, nothing, ``.nan``, a percent), or one beyond
            ``LARGEST``.
    """
    shown = raw if shown is None else shown
    if is_number(raw):
        if abs(raw) > LARGEST:  # type: ignore[arg-type]
            most = len(str(int(LARGEST))) - 1
            raise ValueError(f"found {show(shown)}, expected a number of at most {most} digits")
        return float(raw)  # type: ignore[arg-type]
    raise ValueError(f"found {show(shown)}, expected a number{_hint(raw)}")


def _hint(raw: object) -> str:
    """How a text that is meant for a number should be written."""
    if not isinstance(raw, str):
        return ""
    if not raw.strip().endswith("%"):
        if DECIMAL.fullmatch(raw.strip()):
            return f" without quotes or leading zeros: {plain_decimals(Decimal(raw.strip()))}"
        return marked(raw) or EXAMPLE
    hint = marked(raw.strip("% "))
    return f"{hint}, and without a percent sign" if hint else " without a percent sign"


def read_percent(raw: object) -> float:
    """A percent such as ``44%``, as a fraction.

    Raises:
        ValueError: it has no percent sign, or no plain decimal number before it.
    """
    if isinstance(raw, str) and (match := _PERCENT.fullmatch(raw.strip())):
        return float(Decimal(match[1]) / 100)
    hint = f"; write {raw}% if that is meant" if is_number(raw) else ""
    if isinstance(raw, str):
        hint = marked(f"{raw.strip().removesuffix('%').strip()}%")
    raise ValueError(f"found {show(raw)}, expected a percent such as 44%{hint}")


def _read_money(raw: Any) -> float:
    """An amount, which may name its currency."""
    if isinstance(raw, Amount):
        return raw
    foreign = read_foreign(raw)
    if foreign is None:
        return read_number(raw)
    stated, rate = foreign
    return float(stated) if rate is None else Amount.of(stated, rate)


def _read_whole(raw: object) -> float:
    number = read_number(raw)
    if number != int(number):
        raise ValueError(f"found {show(raw)}, expected a whole number")
    return number


def is_number(raw: object) -> bool:
    """Whether it is a finite number, and no truth value."""
    if isinstance(raw, int):
        return not isinstance(raw, bool)
    return isinstance(raw, float | Decimal) and math.isfinite(raw)


def digits(value: float, significant: int = 12) -> str:
    """A finite number as a file states it.

    In plain decimals, so many significant ones, none beyond the 24th place.
    """
    return plain_decimals(Decimal(f"{Decimal(f'{value:.{significant}g}'):.{PLACES}f}"))


def plain_decimals(number: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
