"""Numbers of an answer as people write them: money, chances, a value in its unit, a target."""

from __future__ import annotations

import math
from typing import Protocol

from simulator.model.result import Result
from simulator.report.names import named
from simulator.scenario import Scenario, Target
from simulator.scenario.targets import Kind, Quantity
from simulator.values import numerals
from simulator.values.numerals import decimals, fixed, percent, span
from simulator.values.units import Unit

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
SUFFIXES = {"million": "m", "billion": "bn", "thousand": "k"}
COUNTED = (Unit.NUMBER, Unit.WHOLE_NUMBER)  # units that are not written beside the number
LARGE = 10_000  # a number from here on is written with commas


class Stated(Protocol):
    """What is of a scenario, in whose currency amounts are written: an answer, a row of a board."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""


# Amounts


def money(result: Stated, amount: float, *, sign: bool = False, digits: int | None = None) -> str:
    """An amount as people write it in the scenario's currency and unit: ``$772m``.

    ``digits`` are decimals, where it stands beside others (see ``numerals.decimals``); left out, three
    figures count.
    """
    return _written(result, fixed(amount, decimals([amount]) if digits is None else digits, sign=sign))


def exact(result: Stated, amount: float) -> str:
    """An amount that a file or a statement names, with all its digits: ``$690.85m``."""
    return _written(result, numerals.exact(amount))


def _written(result: Stated, number: str, currency: str | None = None) -> str:
    """A number that is written already, with the currency and the unit; a sign stays in front."""
    currency = currency or result.scenario.currency
    symbol, suffix = SYMBOLS.get(currency), SUFFIXES.get(result.scenario.unit)
    sign, number = (number[0], number[1:]) if number[0] in "+-" else ("", number)
    if symbol and suffix:
        return f"{sign}{symbol}{number}{suffix}"
    return f"{sign}{number} {result.scenario.unit} {currency}"


def amount(result: Stated, value: float | str, unit: str) -> str:
    """A value in its unit, as people read it; a text, such as a month, as it is."""
    if isinstance(value, str):
        return value
    unit = Unit(unit)
    if unit.money:
        return money(result, value) + unit.removeprefix(Unit.MONEY)
    if unit.of_hundred or unit is Unit.FRACTION_OF_THE_WAY:
        return f"{numerals.compact(100 * value)} %"
    if unit.log:
        return swing(value, unit)
    number = numerals.compact(value + 0.0) if abs(value) < LARGE else f"{value:,.0f}"
    return _with_unit(number, unit)


def _with_unit(number: str, unit: Unit) -> str:
    """A number with what it counts: ``12 months``, ``1 month``; of plain numbers itself."""
    if unit in COUNTED:
        return number
    return f"{number} {unit.removesuffix('s') if number == '1' and unit.duration else unit}"


def swing(value: float, unit: Unit) -> str:
    """A difference of logs in percent: ``4.1 % a year`` of a growth, ``18 %`` of how far trade swings."""
    a_year = " a year" if unit is Unit.LOG_POINTS_A_YEAR else ""
    return f"{fixed(unit.displayed(value), 1).removesuffix('.0')} %{a_year}"


def value(
    result: Stated, quantity: Quantity, number: float, *, sign: bool = False, digits: int | None = None
) -> str:
    """A value of what a target is about, as people write it: money, or growth and shares in percent."""
    if quantity.unit.money:
        return money(result, number, sign=sign, digits=digits)
    places = decimals([100 * number]) if digits is None else digits
    return f"{fixed(100 * number, places, sign=sign)} %"


def exact_value(result: Stated, quantity: Quantity, number: float) -> str:
    """A value that a file names, with all its digits: ``$1,000m``, ``14.5 %``."""
    return exact(result, number) if quantity.unit.money else f"{numerals.exact(100 * number)} %"


def asked(result: Stated, target: Target) -> str:
    """What a target asks for, with all its digits; in a currency with an uncertain rate, in both.

    Of such an amount that in the scenario's currency is at the median rate: ``€900m ($1,017m at the median
    rate)``.
    """
    return asked_size(result, target, target.amount)


def asked_size(result: Stated, target: Target, amount: float) -> str:
    """The same of what a target asks for, or of its size without a sign."""
    if target.step is None:
        return exact_value(result, target.quantity, amount)
    return in_its_currency(result, target, money(result, amount), amount)


def in_its_currency(result: Stated, target: Target, text: str, number: float) -> str:
    """An amount in the scenario's currency, after the same in that of a target if its rate is uncertain."""
    foreign = target.foreign
    if foreign is None or target.step is None:
        return text
    if abs(number) == abs(target.amount):
        digits = numerals.exact(math.copysign(float(foreign.stated), number))
    else:
        size = number / float(target.step.middle)
        digits = fixed(size, decimals([size]))
    return f"{_written(result, digits, foreign.rate.code)} ({text} at the median rate)"


def distance(
    result: Stated, quantity: Quantity, number: float, *, sign: bool = False, digits: int | None = None
) -> str:
    """How far two values of what a target is about are apart: money, or percentage points."""
    if quantity.unit.money:
        return money(result, number, sign=sign, digits=digits)
    places = decimals([100 * number]) if digits is None else digits
    return f"{fixed(100 * number, places, sign=sign)} percentage points"


def missed_by(result: Result, shortfall: float | None) -> str:
    """By how much a target is missed where it is missed; only what figures decide is never missed."""
    if shortfall is not None:
        return distance(result, result.leading.quantity, shortfall)
    return "never" if result.decided else "hardly ever"


# Chances


class Chance(Protocol):
    """What has a probability: an answer, or what is said of one."""

    @property
    def probability(self) -> float:
        """A fraction."""

    @property
    def decided(self) -> bool:
        """Whether published figures alone settle the target."""


def probability(result: Chance, digits: int = 0) -> str:
    """The probability of an answer in percent; 0 or 100 % only where published figures decide it."""
    return percent(result.probability, digits, decided=result.decided)


def without_levers(result: Result, digits: int = 0) -> str:
    """The probability without the levers in percent; what figures decide, they decide without levers too."""
    return percent(result.probability_without_levers, digits, decided=result.decided)


def alternatives_span(result: Result) -> str:
    """The lowest and the highest probability under other model settings and readings of the data."""
    return span(result.probability_range.low, result.probability_range.high, decided=result.decided)


def error_points(error: float) -> str:
    """The numerical error of a probability, both fractions: ``0.004 percentage points``."""
    return f"{100 * error:.3f} percentage points"


# Targets


def subject(result: Stated, target: Target) -> str:
    """What a target is about: ``turnover in 2020``, ``the growth of exports from 2009 to 2014``."""
    quantity, scenario = target.quantity, result.scenario
    name, period = named(scenario, target.measure).text, target.period
    if quantity.kind is Kind.SHARE:
        return f"the share of {name} in {named(scenario, quantity.of or '').text} in {period}"
    if quantity.kind is Kind.AMOUNT:
        return f"{name} in {period}"
    if quantity.compound:
        return f"the growth of {name} from {quantity.since} to {period}, an average a year,"
    return f"the growth of {name} from {quantity.since} to {period}"


def clause(result: Stated, target: Target) -> str:
    """What a target is about, with its verb: ``turnover in 2020 is``, ``exports in 2020 are``."""
    several = target.kind is Kind.AMOUNT and named(result.scenario, target.measure).plural
    return f"{subject(result, target)} {'are' if several else 'is'}"


def threshold(result: Stated, target: Target) -> str:
    """What a target asks for: ``target $1,000m``, with every digit that was stated."""
    return f"{target.noun} {asked(result, target)}"


def condition(result: Stated, target: Target) -> str:
    """A target in words: ``turnover in 2020 is at least $1,000m``, with every digit that was stated."""
    return f"{clause(result, target)} {target.bound} {asked(result, target)}"


def wish(result: Result) -> str:
    """All targets in words, whatever their order in the file."""
    return " and ".join(condition(result, target) for target in result.targets)
