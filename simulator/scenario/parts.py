"""The parts of a scenario: a line of trade, a published figure, the outlook.

Each field with its unit, meaning and default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.measures import MeasureField
from simulator.values.fields import In, OptionalDate, OptionalLine, OptionalText, PeriodField, Strict
from simulator.values.figures import Figure, Published
from simulator.values.periods import Period
from simulator.values.uncertain import Uncertain
from simulator.values.units import ABOVE_ZERO, Unit

_DEFAULTS: dict[str, Any] = CALIBRATED["defaults"]
Flow = Literal["national", "large-pair", "pair", "lumpy"]
SIDES = ("at_least", "at_most")
ONE_SIDED = (
    "expected a figure; of a bound on one side nothing follows for the other: "
    "state between: [LOW, HIGH] with the least and the most that it can reasonably be"
)
NO_INFORMATION = 3.0  # a stated error of this many times the figure, or more, leaves it saying nothing


class Stream(Strict):
    """One line of trade in one direction, optionally one product group of it."""

    direction: Literal["exports", "imports"] = Field(description="which way the goods go, seen from home")
    name: OptionalLine = Field(None, description="what it is called on charts")
    partner: OptionalLine = Field(
        None,
        description="the country or group traded with; its name is then a measure that adds up its streams",
    )
    share: Annotated[Uncertain | None, In(Unit.SHARE, 0, 1)] = Field(
        None,
        description="its share of its direction, where no figures of its own are published; "
        "normalised within the direction",
    )


Bound = Annotated[Figure, Published("money")]


def below_zero(measure: str, value: Figure | None) -> str | None:
    """Why a sum of a measure cannot be so low: only a balance can be below 0; None where it can be."""
    if measure == "balance" or value is None or value.digits >= 0:
        return None
    return f"found {value}, expected at least 0"


def converted(figure: Figure | None, period: Period) -> Figure | None:
    """A figure in the scenario's currency.

    Raises:
        ValueError: no rate of its currency holds for the period.
    """
    if figure is None or figure.rate is None:
        return figure
    if figure.rate.covering(period) is None:
        stated = ", ".join(str(step.period) for step in figure.rate.steps)
        raise ValueError(
            f"found {figure} for {period}, but rates are stated for {stated}; add one that covers it"
        )
    return figure.at(period)


def _bounds(ends: tuple[Figure | None, ...], period: Period) -> tuple[Figure | None, ...]:
    """Bounds in the scenario's currency.

    Raises:
        ValueError: no rate holds for the period, or two currencies of which one has an uncertain rate.
    """
    bounds = tuple(converted(figure, period) for figure in ends)
    steps = {figure.step for figure in bounds if figure is not None}
    if len(steps) > 1 and any(step is not None and step.uncertain for step in steps):
        raise ValueError("found bounds in two currencies, of which one has an uncertain rate; expected one")
    return bounds


def at_least_zero(**fields: Any) -> ConfigDict:
    """What the JSON Schema of a model adds: unless it is a balance, some of its fields are not below 0."""
    balance: Any = {"properties": {"measure": {"const": "balance"}}, "required": ["measure"]}
    rest: Any = {"properties": fields}
    return ConfigDict(json_schema_extra={"if": balance, "else": rest})


class Observation(Strict):
    """A published sum over a period, the growth on the same period a year earlier, or both."""

    model_config = at_least_zero(value={"minimum": 0})
    refused: ClassVar[Mapping[str, str]] = dict.fromkeys(("more_than", "less_than", *SIDES), ONE_SIDED)

    measure: MeasureField = Field(
        description="turnover, exports, imports, the id of a stream, or a list of streams that are added up"
    )
    period: PeriodField = Field(description="the months that the figure adds up")
    value: Annotated[Figure | None, Published("money")] = Field(
        None, description="the sum, in the scenario's unit"
    )
    between: tuple[Bound, Bound] | None = Field(
        None,
        description="in place of a value the least and the most that the sum can be, any between as likely",
    )
    growth: Annotated[Figure | None, Published("percent", -1, strict=True)] = Field(
        None, description="on the same period a year earlier"
    )
    error: Annotated[Figure | None, Published("either", 0, strict=True)] = Field(
        None,
        description="standard error of the figure, in the unit or in percent; "
        "left out, half the last published digit",
    )
    published: OptionalDate = Field(None, description="when it became known; left out, it counts as known")
    source: OptionalText = Field(None, description="where it was published")

    @field_validator("value", "between", "error")
    @classmethod
    def _in_one_currency(cls, value: Any, info: ValidationInfo) -> Any:
        period = info.data.get("period")
        if value is None or period is None:
            return value
        return _bounds(value, period) if isinstance(value, tuple) else converted(value, period)

    @field_validator("value")
    @classmethod
    def _not_below_zero(cls, value: Figure | None, info: ValidationInfo) -> Figure | None:
        if message := below_zero(info.data.get("measure", "balance"), value):
            raise ValueError(message)
        return value

    def known(self, as_of: dt.date) -> bool:
        """Whether it was published on or before that day."""
        return self.published is None or self.published <= as_of

    @property
    def count(self) -> int:
        """How many figures it holds: a series may hold more."""
        return 1

    @property
    def uncertain(self) -> bool:
        """Whether it is known within an error or bounds only, and not as printed."""
        return self.error is not None or self.between is not None

    @property
    def amount(self) -> bool:
        """Whether it states an amount, be it within bounds."""
        return self.value is not None or self.between is not None

    def faults(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """What is wrong with it: (place below it, message)."""
        if self.between is not None:
            yield from ((("between", *place), message) for place, message in self._faults_of_bounds())
        if not self.amount and self.growth is None:
            yield (), "found neither value nor growth, expected one of them or both"
        if self.growth is not None:
            yield from ((("growth",), message) for message in self._faults_of_growth())

    def _faults_of_growth(self) -> Iterator[str]:
        if self.measure == "balance":
            yield "found growth of a balance, which may be 0 or less; expected its value alone"
        elif self.value is not None and not self.value.amount:
            yield "found growth with a value of 0, from which no earlier figure follows; leave the growth out"

    def _faults_of_bounds(self) -> Iterator[tuple[tuple[str, ...], str]]:
        low, high = self.between or (None, None)
        if low is None or high is None:
            yield (), "found null, expected two numbers, the least and the most"
        elif low.digits >= high.digits:
            yield (), f"found {low} to {high}, expected the lower bound first"
        elif message := below_zero(self.measure, low):
            yield ("0",), message
        for name in ("value", "error"):
            if getattr(self, name) is not None:
                yield (), f"found between beside {name}, expected one of the two; leave one out"

    @property
    def informative(self) -> bool:
        """Whether its stated error leaves it saying anything."""
        if self.error is None:
            return True
        size = 1.0 if self.error.percent or self.value is None else abs(self.value.amount)
        return self.measure == "balance" or not size or self.error.amount < NO_INFORMATION * size

    @property
    def says(self) -> Hashable:
        """What it says, whenever and wherever it was published."""
        return self.measure, self.period, self.value, self.between, self.growth, self.error

    @property
    def of(self) -> Hashable:
        """What it is a figure of: a later publication of the same stands in for it.

        A growth rate alone for no amount.
        """
        return self.measure, self.period, not self.amount

    @property
    def draws(self) -> tuple[str, ...]:
        """The names of the draws of the sums that it gives within an error."""
        if self.value is not None and self.error is None and self.growth is None:
            return ()  # as printed
        if self.measure == "balance":
            return tuple(f"figures.{side}.{self.period}" for side in ("exports", "imports"))
        periods = [self.period, self.period.shift(-12)] if self.growth is not None else [self.period]
        return tuple(f"figures.{self.measure}.{period}" for period in periods)


class Outlook(Strict):
    """The parameters of the baseline law, log points a year unless said."""

    trend: Annotated[Uncertain, In(Unit.LOG_POINTS_A_YEAR, -1, 1, 0.005, reach=(-0.1, 0.2))] = Field(
        _DEFAULTS["trend"],
        title="underlying growth",
        description="growth a year before measures, risks and swings; of a range the middle "
        "is what past and future share, and the rest moves the months ahead alone",
    )
    random_walk: Annotated[float, In(Unit.LOG_POINTS, ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["random_walk"],
        title="lasting swings",
        description="how far trade usually moves for good within a year; "
        "for statisticians: sd of a random walk, a year",
    )
    disturbance: Annotated[float, In(Unit.LOG_POINTS, 0, 2, 0.01)] = Field(
        _DEFAULTS["disturbance"],
        title="swings that pass",
        description="how far trade usually is from its level for a while; "
        "for statisticians: sd of an Ornstein-Uhlenbeck process",
    )
    memory: Annotated[float, In(Unit.MONTHS, ABOVE_ZERO, 120, 1)] = Field(
        _DEFAULTS["memory"],
        title="how long swings last that pass",
        description="how long a swing lasts that passes, in months",
    )
    seasonality: Annotated[float, In(Unit.LOG_POINTS, 0, 2, 0.01)] = Field(
        _DEFAULTS["seasonality"],
        title="yearly pattern",
        description="how far a calendar month usually is from the others; for statisticians: sd of a month",
    )
    irregular: Annotated[float, In(Unit.LOG_POINTS, ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["irregular"],
        title="chance from month to month",
        description="how far a month usually is from its neighbours; for statisticians: sd of a month",
    )
    correlation: Annotated[float, In(Unit.NUMBER, 0, 0.99, 0.05)] = Field(
        _DEFAULTS["correlation"],
        title="how similarly exports and imports move",
        description="0 not at all, 1 as one; for statisticians: the correlation between streams",
    )
    tails: Annotated[float, In(Unit.NUMBER, 1.1, 1e6, 0.1)] = Field(
        _DEFAULTS["tails"],
        title="fat tails",
        description="how rare extreme years are, the lower the number the less rare; "
        "for statisticians: degrees of freedom of Student's t",
    )
    learning: Annotated[float, In(Unit.NUMBER, 0, 1, 0.1)] = Field(
        _DEFAULTS["learning"],
        title="how far the pair's own past counts",
        description="how far the pair's own surprises say how rough it is: 0 not at all, 1 wholly",
    )
    world: Literal["slump", "normal", "boom"] | None = Field(
        None, title="world trade", description="the state of world trade; left out, it is uncertain"
    )
    flow: Flow = Field(
        "pair",
        title="kind of trade",
        description="how far it is taken to swing until its own figures tell: national is all trade of a "
        "country (least), large-pair two countries with $1bn a year or more, pair any other two, lumpy trade "
        "that goes by few large orders, such as aircraft, whatever its size (most)",
    )

    @property
    def roughness(self) -> float:
        """The standard deviation of flows of this kind, in that of the usual pair."""
        return float(CALIBRATED["flows"][self.flow])
