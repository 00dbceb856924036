"""A workbook's number under its cell's format: the digits that a reader sees, and those that are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

STORED = 15  # significant digits that a workbook's number has
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?][0#?, \u00a0]*(?:\.(?P<decimals>[0#?]*))?(?P<scale>,*)")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format such as ``#,##0.0`` does: decimals at least and at most, thousands taken off, percent.

    ``least`` is None where it shows as many digits as there are (General).
    """

    least: int | None = None
    most: int = STORED
    thousands: int = 0
    percent: bool = False

    @classmethod
    def parse(cls, code: str) -> NumberFormat:
        """Read a format's first section."""
        section = _LITERAL.sub("", code.split(";")[0])
        places = _PLACES.search(section)
        if places is None or "E+" in section.upper() or "/" in section:
            return cls(percent="%" in section)
        integer = places.group().partition(".")[0]
        trailing = (
            len(integer) - len(integer.rstrip(",")) if "." not in places.group() else len(places["scale"])
        )
        decimals = places["decimals"] or ""
        return cls(len(decimals.rstrip("#")), len(decimals), trailing, "%" in section)

    @property
    def as_stored(self) -> bool:
        """Whether it shows all digits as they are stored."""
        return self.least is None and not self.thousands and not self.percent

    def printed(self, stored: Decimal) -> Decimal:
        """The digits that a cell shows of a stored number."""
        places = -3 * self.thousands + (2 if self.percent else 0)
        shown = stored.scaleb(places) if places or not _fits(stored) else stored
        if self.least is None:
            return shown
        rounded = shown.quantize(Decimal(1).scaleb(-self.most), ROUND_HALF_UP) if _fits(shown) else shown
        return _shortened(rounded, self.least)


def stored_digits(value: float) -> Decimal:
    """A workbook's number with the digits that are stored, without what binary fractions add."""
    if isinstance(value, int):
        return Decimal(value)
    text = f"{value:.{STORED}g}"
    return Decimal(f"{Decimal(text):f}" if "e" in text else text)


def _fits(number: Decimal) -> bool:
    return number.adjusted() < STORED


def _shortened(number: Decimal, least: int) -> Decimal:
    """A number without the zeros at its end that its format does not ask for."""
    while -int(number.as_tuple().exponent) > least and number.as_tuple().digits[-1] == 0:
        number = number.quantize(Decimal(1).scaleb(int(number.as_tuple().exponent) + 1))
    return number
