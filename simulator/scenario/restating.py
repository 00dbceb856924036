"""A scenario in another unit of the same money: the same figures, as known as before, and the same answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from simulator.levers.driver import Driver
from simulator.scenario.vocabulary import Scenario
from simulator.values.currencies import Amount
from simulator.values.fields import Each, In
from simulator.values.figures import Figure
from simulator.values.forms import Choices
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit, power_of

SECTIONS = ("target", "observations", "alternatives", "levers", "risks")  # those that hold money


def in_unit(scenario: Scenario, unit: str) -> Scenario:
    """The scenario with every amount in another unit; itself where that is its own.

    A figure keeps its printed digits, and with them its rounding: 7.20 billion are 7,200 million known to
    5 million. So the law of the flows is the same but for its scale, and every probability is the same.

    Raises:
        ValueError: one of the two units is no known power of ten.
    """
    if unit == scenario.unit:
        return scenario
    powers = power_of(scenario.unit), power_of(unit)
    if None in powers:
        unknown = scenario.unit if powers[0] is None else unit
        raise ValueError(f"found unit {unknown!r}, expected one such as thousand, million or billion")
    scale = _Scale((powers[0] or 0) - (powers[1] or 0))
    sections = {name: scale.every(getattr(scenario, name)) for name in SECTIONS}
    return scenario.changed(unit=unit, **sections)


@dataclass(frozen=True)
class _Scale:
    """Money in another unit: the point moves so many places to the right."""

    places: int

    def every(self, node: Any) -> Any:
        """Models in lists and mappings, each with its money scaled; anything else as it is."""
        if isinstance(node, BaseModel):
            return self._model(node)
        if isinstance(node, Figure):
            return self._figure(node)
        if isinstance(node, tuple):
            return tuple(map(self.every, node))
        return {key: self.every(item) for key, item in node.items()} if isinstance(node, Mapping) else node

    def _model(self, model: BaseModel) -> BaseModel:
        """A model with its money scaled; what it leaves out stays left out."""
        values = {name: getattr(model, name) for name in type(model).model_fields}
        changed = {name: self._field(model, name, value) for name, value in values.items()}
        return model.model_copy(
            update={name: value for name, value in changed.items() if value is not values[name]}
        )

    def _field(self, model: BaseModel, name: str, value: Any) -> Any:
        metadata = type(model).model_fields[name].metadata
        if name == "bounds" and isinstance(model, Driver):
            return self._bounds(model)
        items = Each.of(metadata) if isinstance(value, Mapping) else None
        mark = items.mark if items else In.of(metadata)
        return self._nested(value) if mark is None else self._marked(value, mark.unit)

    def _nested(self, value: Any) -> Any:
        """What holds models or figures; the same object where no money is in it."""
        scaled = self.every(value)
        return value if scaled == value else scaled

    def _marked(self, value: Any, unit: Unit) -> Any:
        """A number of a unit, or several in a mapping; the same object where it is no money."""
        if value is None or not unit.money:
            return value
        if isinstance(value, Mapping):
            return {key: self.number(item) for key, item in value.items()}
        return self.number(value)

    def _bounds(self, driver: Driver) -> Mapping[str, Any]:
        """The bounds that a file states, those of amounts in the other unit."""
        fields = type(driver).model_fields
        money = {
            name
            for name in driver.bounds
            if (mark := In.of(fields[name].metadata)) is not None and mark.unit.money
        }
        if not money:
            return driver.bounds
        scaled = {name: tuple(map(self.number, driver.bounds_of(name) or ())) for name in money}
        return {**driver.bounds, **scaled}

    def number(self, value: Any) -> Any:
        """An amount, certain or uncertain, in its own currency."""
        if isinstance(value, Uncertain):
            return self._uncertain(value)
        if isinstance(value, Amount):
            return Amount.of(value.stated.scaleb(self.places), value.rate, value.period)
        return float(Decimal(repr(float(value))).scaleb(self.places))

    def _uncertain(self, value: Uncertain) -> Uncertain:
        """Every parameter that is money; of choices the values, and no chance."""
        count = len(value.values) if isinstance(value, Choices) else len(value.parameters)
        amounts, others = value.parameters[:count], value.parameters[count:]
        low, high = self._ends((value.low, value.high))
        return replace(value, parameters=(*map(self.number, amounts), *others), low=low, high=high)

    def _ends(self, bounds: Sequence[float]) -> list[float]:
        """Bounds in the other unit; 0 and one that is open stay as they are."""
        return [self.number(bound) if bound and math.isfinite(bound) else bound for bound in bounds]

    def _figure(self, figure: Figure) -> Figure:
        """A figure with every printed digit, and none more."""
        if figure.percent:
            return figure
        digits = figure.digits.scaleb(self.places)
        if not figure.printed:
            return replace(figure, digits=digits)
        number, currency = figure.printed[:-3].strip(), figure.printed[-3:]
        return replace(figure, digits=digits, printed=f"{Decimal(number).scaleb(self.places)} {currency}")
