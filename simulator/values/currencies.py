"""Amounts in another currency than the scenario's: ``12.3 EUR``, and the rates that turn them into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from simulator.values.periods import Period
from simulator.values.wording import show

if TYPE_CHECKING:
    import numpy as np

AMOUNT_PATTERN = r"^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30}) ?[A-Z]{3}$"
CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_AMOUNT = re.compile(r"([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})) ?([A-Z]{3})", re.ASCII)
_RATES: ContextVar[Mapping[str, Rate] | None] = ContextVar("the rates of a scenario", default=None)
_CURRENCY: ContextVar[str] = ContextVar("the currency of a scenario", default="USD")
_DIGITS = 12  # of an amount that a calculation gives


class Number(Protocol):
    """What a rate needs to know of an uncertain number."""

    @property
    def certain(self) -> bool:
        """Whether it is one plain number."""

    def quantile(self, uniform: np.ndarray | float) -> np.ndarray:
        """Its inverse distribution function."""


@dataclass(frozen=True)
class Step:
    """What one of another currency is in the scenario's, always or in one period.

    ``middle`` is its median; ``number`` says how uncertain it is.
    """

    code: str
    period: Period | None
    middle: Decimal
    number: Number

    @property
    def uncertain(self) -> bool:
        """Whether it is a draw."""
        return not self.number.certain


@dataclass(frozen=True)
class Rate:
    """What one of another currency is in the scenario's: always, or in each of some periods."""

    code: str
    steps: tuple[Step, ...]

    @property
    def last(self) -> Step:
        """That of the last period."""
        return self.steps[-1]

    @property
    def fixed(self) -> bool:
        """Whether it is one certain number in all months."""
        return len(self.steps) == 1 and self.last.period is None and not self.last.uncertain

    def covering(self, period: Period) -> Step | None:
        """That of the shortest period that holds another; None where none does."""
        holding = [step for step in self.steps if step.period is None or step.period.covers(period)]
        return min(holding, key=_length, default=None)

    def at(self, period: Period) -> Step:
        """That of a period; where none is stated, the nearest in time, of several the latest."""
        return self.covering(period) or min(reversed(self.steps), key=lambda step: _gap(step, period))


def _length(step: Step) -> float:
    return step.period.months if step.period else float("inf")


def _gap(step: Step, period: Period) -> int:
    """Months between two periods; 0 where they share one."""
    other = step.period or period
    return max(other.first - period.last, period.first - other.last, 0)


class Amount(float):
    """An amount in another currency; as a number what it is in the scenario's.

    That is at the median rate of a period or, where it has none, of the last one that is stated.
    ``stated`` is the amount in its own currency.
    """

    __slots__ = ("period", "rate", "stated")
    stated: Decimal
    rate: Rate
    period: Period | None

    @classmethod
    def of(cls, stated: Decimal, rate: Rate, period: Period | None = None) -> Amount:
        """An amount by a rate, at its median in a period."""
        step = rate.last if period is None else rate.at(period)
        amount = cls(float(stated * step.middle))
        amount.stated, amount.rate, amount.period = stated, rate, period
        return amount

    def __reduce__(self) -> tuple[object, ...]:
        """What it is made of, so that a copy keeps its currency."""
        return Amount.of, (self.stated, self.rate, self.period)

    @property
    def step(self) -> Step:
        """The rate that it is counted at."""
        return self.rate.last if self.period is None else self.rate.at(self.period)

    @property
    def text(self) -> str:
        """As a file states it: ``12.3 EUR``."""
        return f"{_plain(self.stated)} {self.rate.code}"

    def at(self, period: Period) -> Amount:
        """The same by the rate of a period."""
        return Amount.of(self.stated, self.rate, period)

    def by(self, rate: Rate) -> Amount:
        """The same by another rate of its currency."""
        return self if rate == self.rate else Amount.of(self.stated, rate, self.period)

    def like(self, value: float) -> Amount:
        """Another amount of the currency, given in that of the scenario; of as many digits as files state."""
        stated = Decimal(f"{Decimal(repr(float(value))) / self.step.middle:.{_DIGITS}g}")
        return Amount.of(stated, self.rate, self.period)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def same_currency(value: float, like: float) -> float:
    """A value, as an amount in the currency of another where that has one of its own."""
    return like.like(value) if isinstance(like, Amount) and not isinstance(value, Amount) else value


@contextmanager
def using(known: Mapping[str, Rate], currency: object) -> Iterator[None]:
    """Read amounts in other currencies by some rates.

    Args:
        known: the rates by code.
        currency: the scenario's.
    """
    name = currency if isinstance(currency, str) else "USD"
    tokens = _RATES.set(known), _CURRENCY.set(name)
    try:
        yield
    finally:
        _RATES.reset(tokens[0])
        _CURRENCY.reset(tokens[1])


def read_foreign(raw: object) -> tuple[Decimal, Rate | None] | None:
    """An amount with its currency, and the rate of that; None where there is no currency.

    The rate is None in the scenario's own currency.

    Raises:
        ValueError: nothing says what one of it is.
    """
    match = _AMOUNT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        return None
    amount, code = Decimal(match[1]), match[2]
    if code == _CURRENCY.get():
        return amount, None
    rate = (_RATES.get() or {}).get(code)
    if rate is None:
        raise ValueError(
            f"found {show(raw)}, but nothing says what one {code} is in {_CURRENCY.get()}; "
            f"add rates: {{{code}: ...}} with {_CURRENCY.get()} for one {code}"
        )
    return amount, rate
