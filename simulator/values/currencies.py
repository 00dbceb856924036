"""Amounts in another currency than the scenario's: ``12.3 EUR``, and the rates that turn them into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.values.periods import Period
from simulator.values.wording import show

AMOUNT_PATTERN = r"^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30}) ?[A-Z]{3}$"
CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_AMOUNT = re.compile(r"([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})) ?([A-Z]{3})", re.ASCII)
_RATES: ContextVar[Mapping[str, Rate] | None] = ContextVar("the rates of a scenario", default=None)
_CURRENCY: ContextVar[str] = ContextVar("the currency of a scenario", default="USD")
EXPECTED = "expected a number above 0, or one for each period such as {2020: 1.14, 2021: 1.18}"


@dataclass(frozen=True)
class Rate:
    """What one of another currency is in the scenario's: always, or in each of some periods."""

    steps: tuple[tuple[Period | None, Decimal], ...]

    @classmethod
    def parse(cls, raw: object) -> Rate:
        """Read a number, or a mapping from periods to numbers.

        Raises:
            ValueError: it is neither, or a number is not above 0.
        """
        if isinstance(raw, Rate):
            return raw
        if not isinstance(raw, Mapping):
            return cls(((None, _positive(raw)),))
        if not raw:
            raise ValueError(f"found an empty mapping, {EXPECTED}")
        if {"p5", "p95", "low", "likely", "high", "mean", "sd"} & set(raw):
            raise ValueError(
                "found an uncertain rate, expected a number; state error: for the figures in that currency, "
                "or other readings under alternatives"
            )
        stated = {Period.parse(period): _positive(rate) for period, rate in raw.items()}
        return cls(tuple((period, stated[period]) for period in sorted(stated)))

    @property
    def last(self) -> Decimal:
        """The rate of the last period: that of what is not published."""
        return self.steps[-1][1]

    def covering(self, period: Period) -> Decimal | None:
        """The rate of the shortest period that holds another; None where none does."""
        holding = [
            (p.months if p else 10**6, rate) for p, rate in self.steps if p is None or p.covers(period)
        ]
        return min(holding)[1] if holding else None

    def at(self, period: Period) -> Decimal:
        """The rate of a period; where none is stated, the last one, for what is refused elsewhere."""
        return self.covering(period) or self.last

    def written(self) -> Any:
        """As a file states it."""
        if self.steps[0][0] is None:
            return float(self.last)
        return {str(period): float(rate) for period, rate in self.steps}


def _positive(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal) or not 0 < raw < 10**12:
        raise ValueError(f"found {show(raw)}, {EXPECTED}")
    return Decimal(str(raw))


@contextmanager
def rates(stated: object, currency: object, usd_rate: object = None) -> Iterator[None]:
    """Read amounts in other currencies by a scenario's rates; what is wrong with a rate is refused elsewhere.

    Args:
        stated: code -> rate, as a file has it.
        currency: the scenario's.
        usd_rate: US dollars for one unit of the currency, if the file states it.
    """
    known = {str(code): rate for code, rate in _sound(stated)}
    if isinstance(usd_rate, int | float | Decimal) and usd_rate > 0 and currency != "USD":
        known.setdefault("USD", Rate(((None, 1 / Decimal(str(usd_rate))),)))
    name = currency if isinstance(currency, str) else "USD"
    tokens = _RATES.set(known), _CURRENCY.set(name)
    try:
        yield
    finally:
        _RATES.reset(tokens[0])
        _CURRENCY.reset(tokens[1])


def _sound(stated: object) -> Iterator[tuple[object, Rate]]:
    for code, raw in stated.items() if isinstance(stated, Mapping) else ():
        try:
            yield code, Rate.parse(raw)
        except ValueError:
            continue


def read_foreign(raw: object) -> tuple[Decimal, Rate] | None:
    """An amount with its currency, and the rate of that; None where there is no currency.

    Raises:
        ValueError: nothing says what one of it is.
    """
    match = _AMOUNT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        return None
    amount, code = Decimal(match[1]), match[2]
    if code == _CURRENCY.get():
        return amount, Rate(((None, Decimal(1)),))
    rate = (_RATES.get() or {}).get(code)
    if rate is None:
        raise ValueError(
            f"found {show(raw)}, but nothing says what one {code} is in {_CURRENCY.get()}; "
            f"add rates: {{{code}: ...}} with {_CURRENCY.get()} for one {code}"
        )
    return amount, rate
