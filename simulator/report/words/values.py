"""A value of a scenario as people say it: ``8 % (2-20 %)``, ``left out``, ``on``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from simulator.values.currencies import Amount
from simulator.values.figures import Figure
from simulator.values.forms import Beta, Choices, Normal, Percentiles, Triangular
from simulator.values.numerals import exact, fixed, percent
from simulator.values.periods import month_text
from simulator.values.uncertain import Certain, Uncertain
from simulator.values.units import Unit

NOTHING = "left out"
FLAGS = {True: "on", False: "off"}
SIGNIFICANT = 3  # digits of a number that follows from what is stated
NINE_IN_TEN = "nine times in ten"
UNSAID = ("value", "measure", "period", "kind")  # keys whose value stands for itself
BARE = (Unit.NUMBER, Unit.WHOLE_NUMBER, Unit.MONTH)
Text = Callable[[float], str]


def said_with_its_unit(unit: str) -> bool:
    """Whether a value's words hold all of its unit: nothing has to stand beside them."""
    known = Unit._value2member_map_.get(unit)
    return isinstance(known, Unit) and (known.of_hundred or known.log or known in BARE)


def value_text(value: Any, unit: str = "") -> str:
    """A value in words; its unit only where people write one beside every number: ``%``."""
    if isinstance(value, bool | None):
        return NOTHING if value is None else FLAGS[value]
    if isinstance(value, int | float | Uncertain | Figure):
        return _number_text(value, unit)
    if isinstance(value, Mapping):
        return ", ".join(part for key, item in value.items() if (part := _keyed(key, item, unit)))
    if isinstance(value, tuple | list):
        return ", ".join(value_text(item, unit) for item in value)
    return str(value)


def _number_text(value: float | Uncertain | Figure, unit: str) -> str:
    """A number in words: certain, uncertain, or as it was printed."""
    if isinstance(value, Uncertain):
        return uncertain_text(value, _in(value.unit))
    return figure_text(value) if isinstance(value, Figure) else _in(unit)(value)


def _keyed(key: object, item: Any, unit: str) -> str:
    """One item of a mapping: what it is of, and its value."""
    if item is None:
        return ""
    words = value_text(item, unit)
    return words if key in UNSAID else f"{str(key).replace('_', ' ')} {words}"


def figure_text(figure: Figure) -> str:
    """A figure with every digit that is printed: ``690.8``, ``44.0 %``, ``12.30 EUR``."""
    if figure.printed:
        return figure.printed
    return f"{figure.digits:f} %" if figure.percent else f"{figure.digits:,f}"


def _in(unit: str) -> Text:
    """How a number of a unit is written."""
    known = Unit._value2member_map_.get(unit)
    if not isinstance(known, Unit):
        return _exactly
    if known is Unit.MONTH:
        return lambda value: month_text(math.floor(value))
    a_year = " a year" if known in (Unit.PERCENT_A_YEAR, Unit.LOG_POINTS_A_YEAR) else ""
    if known.log:
        return lambda value: f"{fixed(known.displayed(value), 1).removesuffix('.0')} %{a_year}"
    return (lambda value: f"{exact(100 * value)} %{a_year}") if known.of_hundred else _exactly


def _exactly(value: float) -> str:
    return value.text if isinstance(value, Amount) else exact(value)


@singledispatch
def uncertain_text(number: Uncertain, text: Text) -> str:  # noqa: ARG001
    """An uncertain number by its form: what is likely, and between what it lies."""
    raise TypeError(f"found {type(number).__name__}, expected a form that has words")


@uncertain_text.register
def _certain(number: Certain, text: Text) -> str:
    return text(number.parameters[0])


@uncertain_text.register
def _triangular(number: Triangular, text: Text) -> str:
    low, likely, high = number.parameters
    return f"{text(likely)} ({span(text(low), text(high))})"


@uncertain_text.register
def _percentiles(number: Percentiles, text: Text) -> str:
    low, high = number.parameters
    middle = number.main if number.unit is Unit.MONTH else float(f"{number.median:.{SIGNIFICANT}g}")
    return f"{text(middle or 0.0)} ({span(text(low), text(high))} {NINE_IN_TEN})"


@uncertain_text.register
def _normal(number: Normal, text: Text) -> str:
    mean, sd = number.parameters
    spread = _in(number.unit_of("sd", number.unit)) if number.unit is Unit.MONTH else text
    months = " months" if number.unit is Unit.MONTH else ""
    return f"{text(mean)}, give or take {spread(sd)}{months}"


@uncertain_text.register
def _beta(number: Beta, text: Text) -> str:
    low, high = (float(f"{float(number.quantile(level)):.{SIGNIFICANT}g}") for level in (0.05, 0.95))
    middle = float(f"{number.main or 0.0:.{SIGNIFICANT}g}")
    return f"{text(middle)} ({span(text(low), text(high))} {NINE_IN_TEN})"


@uncertain_text.register
def _choices(number: Choices, text: Text) -> str:
    likely = zip(number.values, number.weights, strict=True)
    return " or ".join(f"{text(value)} ({percent(weight, decided=True)})" for value, weight in likely)


def span(low: str, high: str) -> str:
    """From one end to another: ``2-20 %``; where a dash would be read as a minus, with ``to``."""
    numbers: Sequence[str] = (low, high)
    unit = " %" if all(" %" in number for number in numbers) else ""
    dashed = all(number[:1].isdigit() and "-" not in number for number in numbers)
    if low == high:
        return low
    return f"{low.partition(unit)[0] if unit else low}-{high}" if dashed else f"{low} to {high}"
