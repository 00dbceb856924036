"""The parts of a scenario: a line of trade, a published figure, the outlook.

Each field with its unit, meaning and default.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.measures import MeasureField
from simulator.values.fields import In, OptionalDate, OptionalText, PeriodField, Strict
from simulator.values.figures import Figure, Published
from simulator.values.uncertain import Uncertain
from simulator.values.units import ABOVE_ZERO, Unit

if TYPE_CHECKING:
    pass

_DEFAULTS: dict[str, Any] = CALIBRATED["defaults"]
NO_INFORMATION = 3.0  # a stated error of this many times the figure, or more, leaves it saying nothing


class Stream(Strict):
    """One line of trade in one direction, optionally one product group of it."""

    direction: Literal["exports", "imports"] = Field(description="which way the goods go, seen from home")
    name: OptionalText = Field(None, description="what it is called on charts")
    share: Annotated[Uncertain | None, In(Unit.SHARE, 0, 1)] = Field(
        None,
        description="its share of its direction, where no figures of its own are published; "
        "normalised within the direction",
    )


class Observation(Strict):
    """A published sum over a period, the growth on the same period a year earlier, or both."""

    measure: MeasureField = Field(
        description="turnover, exports, imports, the id of a stream, or a list of streams that are added up"
    )
    period: PeriodField = Field(description="the months that the figure adds up")
    value: Annotated[Figure | None, Published("money", 0)] = Field(
        None, description="the sum, in the scenario's unit"
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

    def known(self, as_of: dt.date) -> bool:
        """Whether it was published on or before that day."""
        return self.published is None or self.published <= as_of

    @property
    def informative(self) -> bool:
        """Whether its stated error leaves it saying anything."""
        if self.error is None:
            return True
        size = 1.0 if self.error.percent or self.value is None else self.value.amount
        return not size or self.error.amount < NO_INFORMATION * size

    @property
    def says(self) -> Hashable:
        """What it says, whenever and wherever it was published."""
        return self.measure, self.period, self.value, self.growth, self.error

    @property
    def of(self) -> Hashable:
        """What it is a figure of: a later publication of the same stands in for it.

        A growth rate alone for no amount.
        """
        return self.measure, self.period, self.value is None

    @property
    def draws(self) -> tuple[str, ...]:
        """The names of the draws of the sums that it gives within an error."""
        if self.value is not None and self.error is None and self.growth is None:
            return ()
        periods = [self.period, self.period.shift(-12)] if self.growth is not None else [self.period]
        return tuple(f"figures.{self.measure}.{period}" for period in periods)


class Outlook(Strict):
    """The parameters of the baseline law, log points a year unless said."""

    trend: Annotated[Uncertain, In(Unit.LOG_POINTS, -1, 1, 0.005, reach=(-0.1, 0.2))] = Field(
        _DEFAULTS["trend"],
        description="growth a year that nothing explains; where it is a range, "
        "its median rules the law and the rest is a draw on the months ahead",
    )
    random_walk: Annotated[float, In(Unit.LOG_POINTS, ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["random_walk"], description="lasting change, sd a year"
    )
    disturbance: Annotated[float, In(Unit.LOG_POINTS, 0, 2, 0.01)] = Field(
        _DEFAULTS["disturbance"], description="passing deviation from the level, sd"
    )
    memory: Annotated[float, In(Unit.MONTHS, ABOVE_ZERO, 120, 1)] = Field(
        _DEFAULTS["memory"], description="how long a passing deviation lasts, in months"
    )
    seasonality: Annotated[float, In(Unit.LOG_POINTS, 0, 2, 0.01)] = Field(
        _DEFAULTS["seasonality"], description="yearly pattern, sd of a calendar month"
    )
    irregular: Annotated[float, In(Unit.LOG_POINTS, ABOVE_ZERO, 2, 0.01)] = Field(
        _DEFAULTS["irregular"], description="what is left, sd of a month"
    )
    correlation: Annotated[float, In(Unit.NUMBER, 0, 0.99, 0.05)] = Field(
        _DEFAULTS["correlation"], description="correlation between streams"
    )
    tails: Annotated[float, In(Unit.NUMBER, 1.1, 1e6, 0.1)] = Field(
        _DEFAULTS["tails"], description="degrees of freedom; fewer are fatter tails"
    )
    learning: Annotated[float, In(Unit.NUMBER, 0, 1, 0.1)] = Field(
        _DEFAULTS["learning"],
        description="how far the pair's own surprises set its volatility: 0 not at all, 1 wholly",
    )
    world: Literal["slump", "normal", "boom"] | None = Field(
        None, description="the state of world trade; left out, it is drawn"
    )
