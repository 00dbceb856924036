"""Rates of exchange as a file states them: one number, which may be uncertain, or one for each period."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, TypeGuard, TypeVar

from pydantic import BaseModel
from typing_extensions import override

from simulator.values.currencies import Amount, Rate, Step, using
from simulator.values.fields import PERIOD_KEYS, Each, In, PeriodKey, PeriodText
from simulator.values.figures import Figure
from simulator.values.forms import KEYS, parse
from simulator.values.periods import Period
from simulator.values.uncertain import Uncertain
from simulator.values.units import ABOVE_ZERO, Unit

HIGHEST = 1e12  # of a rate
WIDEST = 100.0  # times the median, within which a rate stays in all but two draws of a thousand
RARE = 0.001
FARTHEST = 1000.0  # times the median, within which it is held in every draw

Stated = Uncertain | dict[PeriodText, Uncertain]
Node = TypeVar("Node")
NUMBER = In(Unit.NUMBER, ABOVE_ZERO)


class _Rates(Each):
    """What a rate may be: a number, or one for each period."""

    @override
    def checked(self, value: Stated) -> Stated:
        return possible(value)


def possible(stated: Stated) -> Stated:
    """A rate that stays near its median.

    Raises:
        ValueError: it may come near 0, or be many times its median, or none is stated.
    """
    if not stated:
        raise ValueError("found an empty mapping, expected a number above 0, or one for each period")
    for number in stated.values() if isinstance(stated, Mapping) else (stated,):
        low, middle, high = (float(number.quantile(level)) for level in (RARE, 0.5, 1 - RARE))
        if high > HIGHEST:
            raise ValueError(f"found a rate of {high:.4g}, expected at most {HIGHEST:.0g}")
        if low * WIDEST < middle or high > WIDEST * middle:
            raise ValueError(
                f"found {number.pattern()} with draws from {low:.4f} to {high:.4g} about {middle:.4g}; "
                f"expected a rate that stays within {WIDEST:g} times its median, such as "
                f"{{p5: {middle / 1.1:.3g}, p95: {middle * 1.1:.3g}}}"
            )
    return stated


MARK = _Rates(
    PeriodKey,
    NUMBER,
    PERIOD_KEYS,
    "by period where a rate is a mapping, as {2017: 1.13, 2018: {p5: 1.1, p95: 1.25}}",
    "the rate of the period",
)
RateField = Annotated[Stated, NUMBER, MARK]


def rate_name(code: object) -> str:
    """What people call the rate of a currency."""
    return f"rate of {code}"


def rate_of(code: str, stated: Stated) -> Rate:
    """The rate of a currency from what a file states."""
    if not isinstance(stated, Mapping):
        return Rate(code, (_step(code, None, stated),))
    ordered = sorted((key.period, number) for key, number in stated.items())
    return Rate(code, tuple(_step(code, period, number) for period, number in ordered))


def _step(code: str, period: Period | None, number: Uncertain) -> Step:
    return Step(code, period, Decimal(repr(float(number.median))), number)


def rates_of(stated: object, currency: object, usd_rate: object = None) -> dict[str, Rate]:
    """Rates by code; what is wrong with one is refused elsewhere, and not at every amount as well.

    Args:
        stated: code -> rate, as a file has it.
        currency: the scenario's.
        usd_rate: US dollars for one unit of the currency, if the file states it.
    """
    items = stated.items() if isinstance(stated, Mapping) else ()
    known = {str(code): _sound(str(code), raw) for code, raw in items}
    if _amount(usd_rate) and currency != "USD":
        middle = 1 / Decimal(str(usd_rate))
        step = Step("USD", None, middle, parse(float(middle), Unit.NUMBER))
        known.setdefault("USD", Rate("USD", (step,)))
    return known


def _amount(raw: object) -> TypeGuard[int | float | Decimal]:
    """Whether it is a number above 0 that is none of YAML's oddities: no truth value, nothing infinite."""
    return isinstance(raw, int | float | Decimal) and not isinstance(raw, bool) and 0 < raw < math.inf


def _sound(code: str, raw: object) -> Rate:
    try:
        return rate_of(code, possible(_read(raw)))
    except (ValueError, TypeError):
        return rate_of(code, NUMBER.uncertain(1))


def _read(raw: object) -> Stated:
    if not isinstance(raw, Mapping) or raw.keys() & set(KEYS):
        return NUMBER.uncertain(raw)
    return {PeriodText.read(key): NUMBER.uncertain(number) for key, number in raw.items()}


@contextmanager
def rates(stated: object, currency: object, usd_rate: object = None) -> Iterator[None]:
    """Read amounts in other currencies by a scenario's rates; see ``rates_of``."""
    with using(rates_of(stated, currency, usd_rate), currency):
        yield


# Amounts in what a scenario is made of


def exchanged(node: Node, known: Mapping[str, Rate]) -> Node:
    """The same with every amount in another currency at some rates; the same object where none changes.

    One whose currency has no rate there stays as it is.
    """

    def by_its_rate(money: Any) -> Any:
        return money.by(known.get(money.rate.code, money.rate))

    changed: Node = _replaced(node, by_its_rate)
    return changed


def rates_in(*nodes: object) -> tuple[Rate, ...]:
    """The rates of the amounts in models, mappings and lists, each once."""
    seen: dict[Rate, None] = {}

    def collected(money: Any) -> Any:
        seen[money.rate] = None
        return money

    _replaced(nodes, collected)
    return tuple(seen)


_PLAIN = (str, float, int, bool, type(None))


def _replaced(node: Any, change: Callable[[Any], Any]) -> Any:
    """A nest of models, mappings, lists and numbers with its amounts changed."""
    if type(node) in _PLAIN:  # most of what there is, told fast
        return node
    if isinstance(node, Amount | Figure):
        return node if node.rate is None else change(node)
    if isinstance(node, Uncertain):
        parameters = _items_replaced(node.parameters, change)
        return node if parameters is node.parameters else replace(node, parameters=parameters)
    if isinstance(node, BaseModel):
        return _model_replaced(node, change)
    if isinstance(node, Mapping):
        return _mapping_replaced(node, change)
    return _items_replaced(node, change) if isinstance(node, tuple) else node


def _mapping_replaced(node: Mapping[Any, Any], change: Callable[[Any], Any]) -> Mapping[Any, Any]:
    replaced = _items_replaced(values := tuple(node.values()), change)
    return node if replaced is values else dict(zip(node, replaced, strict=True))


def _model_replaced(model: BaseModel, change: Callable[[Any], Any]) -> BaseModel:
    fields = ((name, model.__dict__[name]) for name in type(model).model_fields)
    changed = {name: new for name, value in fields if (new := _replaced(value, change)) is not value}
    return model.model_copy(update=changed) if changed else model


def _items_replaced(items: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    if all(type(item) is float for item in items):
        return items
    replaced = tuple(_replaced(item, change) for item in items)
    return items if all(new is old for new, old in zip(replaced, items, strict=True)) else replaced
