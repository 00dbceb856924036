"""What an assumption stands at, as people read it: ``8 % (2-20 %)``, ``July 2019``, ``on``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial, singledispatch
from typing import Any

from pydantic import BaseModel

from simulator.model.result import Result
from simulator.report.amounts import amount
from simulator.scenario.ledger import Leaf, Node
from simulator.values import numerals
from simulator.values.currencies import Amount
from simulator.values.fields import In
from simulator.values.figures import Figure
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit, power_of

LEFT_OUT = "left out"
UNSAID = ("name", "value", "measure", "period", "kind")  # fields whose value stands for itself
USUAL = "nine times in ten"  # how often an uncertain number lies between ends that are not its last
UNCERTAIN = (
    "An uncertain value stands with its range in brackets: between those ends it always lies or, where that "
    f"is said, {USUAL}."
)


def value_words(result: Result, node: Node) -> str:
    """What an assumption, or each of several below one, stands at."""
    if isinstance(node, Mapping):
        return _listed(result, node)
    return _words(node.value, result, unit_of(result, node))


def unit_of(result: Result, leaf: Leaf) -> Unit:
    """The unit of a value, whose text names the scenario's currency; a number where it has none."""
    money = f"{result.scenario.unit} {result.scenario.currency}"
    text = leaf.unit
    if text.startswith(money):
        text = f"{Unit.MONEY}{text.removeprefix(money)}"
    return Unit(text) if text in set(Unit) else Unit.NUMBER


def spaced(name: str) -> str:
    """The name of a field or section, as words."""
    return name.replace("_", " ")


def moment(value: float) -> str:
    """A month, or the day from which it counts in part: ``July 2019``, ``15 May 2019``."""
    year, month, *day = map(int, str(Unit.MONTH.stated(value)).split("-"))
    date = dt.date(year, month, *(day or [1]))
    return f"{date.day} {date:%B %Y}" if day else f"{date:%B %Y}"


def number_words(result: Result, value: float, unit: Unit) -> str:
    """One number in its unit; an amount in another currency in that, as it was stated."""
    if isinstance(value, Amount):
        number, _, code = value.text.rpartition(" ")
        large = f" {result.scenario.unit}" if power_of(result.scenario.unit) else ""
        return f"{numerals.grouped(number)}{large} {code}{unit.removeprefix(Unit.MONEY)}"
    return moment(value) if unit is Unit.MONTH else amount(result, value, unit)


def _listed(result: Result, node: Mapping[Any, Any]) -> str:
    """Several values with their names; those left out are not named."""
    return _named({key: value_words(result, child) for key, child in node.items()})


def _named(words: Mapping[Any, str]) -> str:
    """Several values in words, each behind its name unless it stands for itself."""
    return ", ".join(
        text if name in UNSAID else f"{spaced(str(name))} {text}"
        for name, text in words.items()
        if text != LEFT_OUT
    )


@singledispatch
def _words(value: Any, result: Result, unit: Unit) -> str:  # noqa: ARG001
    """A value in words, by its class; what is no number, as it is."""
    return LEFT_OUT if value is None else str(value)


@_words.register
def _(value: bool, result: Result, unit: Unit) -> str:  # noqa: ARG001
    return "on" if value else "off"


@_words.register(int)
@_words.register(float)
def _(value: float, result: Result, unit: Unit) -> str:
    return number_words(result, value, unit)


@_words.register
def _(value: Figure, result: Result, unit: Unit) -> str:  # noqa: ARG001
    if value.printed:
        return value.printed
    return f"{value.digits:f} %" if value.percent else f"{value.digits:,f}"


@_words.register(dict)
def _(value: Mapping[Any, Any], result: Result, unit: Unit) -> str:
    return _listed(result, {key: Leaf(part, unit) for key, part in value.items()})


@_words.register(tuple)
def _(value: tuple[Any, ...], result: Result, unit: Unit) -> str:
    separator = "; " if any(isinstance(part, BaseModel) for part in value) else ", "
    return separator.join(_words(part, result, unit) for part in value) or "none"


@_words.register
def _(value: BaseModel, result: Result, unit: Unit) -> str:  # noqa: ARG001
    marks = {name: In.of(field.metadata) for name, field in type(value).model_fields.items()}
    return _named(
        {
            name: _words(getattr(value, name), result, mark.unit if mark else Unit.NUMBER)
            for name, mark in marks.items()
        }
    )


# Uncertain numbers


@_words.register
def _(value: Uncertain, result: Result, unit: Unit) -> str:  # noqa: ARG001
    write = partial(number_words, result, unit=value.unit)
    if value.weights:
        chances = (amount(result, chance, Unit.PROBABILITY) for chance in value.weights)
        pairs = zip(map(write, value.values), chances, strict=True)
        return " or ".join(f"{outcome} ({chance})" for outcome, chance in pairs)
    middle = write(_middle(value))
    if value.certain:
        return middle
    low, high = (write(_like(value, end)) for end in value.reach)
    if low == high == middle:
        return middle
    return f"{middle} ({_between(low, high)}{'' if value.bounded else f', {USUAL}'})"


def _middle(value: Uncertain) -> float:
    """The value that stands for it, in the currency that it is stated in."""
    main = value.parameters[0] if value.certain else value.main
    if main is None:
        raise TypeError(f"found {type(value).__name__} without outcomes and without a main value")
    return _like(value, main)


def _like(value: Uncertain, number: float) -> float:
    """A number of an uncertain amount, in the currency that this is stated in."""
    return value.amounts[0].like(number) if value.amounts and not isinstance(number, Amount) else number


def _between(low: str, high: str) -> str:
    """A range whose ends share what stands behind the number: ``2-20 %``, ``-2 to 3 %``, ``$4m-$40m``."""
    number, _, unit = low.partition(" ")
    joined = not (low.startswith("-") or low[:1].isalpha()) and high.partition(" ")[2] == unit
    return f"{number}-{high}" if joined else f"{low} to {high}"
