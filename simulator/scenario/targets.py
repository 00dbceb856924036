"""What is to be reached: a sum, its growth, or its share of another, at least or at most so much."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from simulator.scenario.measures import MeasureField, OptionalMeasure, written
from simulator.values.currencies import Amount, Step
from simulator.values.fields import (
    Date,
    Flag,
    In,
    OptionalPeriod,
    OptionalText,
    PeriodsField,
    Strict,
    read_items,
)
from simulator.values.periods import Period, Periods
from simulator.values.units import Unit
from simulator.values.wording import capital

if TYPE_CHECKING:
    import numpy as np

LEAST_GROWTH = -0.999  # all but everything lost
Number = TypeVar("Number", float, "np.ndarray")


class Kind(StrEnum):
    """What a target counts."""

    AMOUNT = "amount"
    GROWTH = "growth"
    SHARE = "share"


@dataclass(frozen=True)
class Quantity:
    """What a target is about, whatever is asked of it: a sum, or one sum over another.

    ``measure`` over ``period`` is the sum; ``of`` names the measure of which it is a share, ``since`` the
    period on which it grows. ``compound`` growth is an average a year.
    """

    measure: str
    period: Period
    of: str | None = None
    since: Period | None = None
    compound: bool = False

    @property
    def kind(self) -> Kind:
        """What it counts."""
        if self.of is not None:
            return Kind.SHARE
        return Kind.AMOUNT if self.since is None else Kind.GROWTH

    @property
    def unit(self) -> Unit:
        """The unit of its values."""
        if self.kind is Kind.GROWTH:
            return Unit.PERCENT_A_YEAR if self.compound else Unit.PERCENT
        return Unit.SHARE if self.kind is Kind.SHARE else Unit.MONEY

    @property
    def factor(self) -> int:
        """What its values are multiplied by where they are shown: growth and shares stand in percent."""
        return 1 if self.unit.money else 100

    @property
    def title(self) -> str:
        """What it is called, at the head of a table or chart."""
        return capital(self.name)

    @property
    def base(self) -> tuple[str, Period] | None:
        """The measure and period by which the sum is divided; None where it stands for itself."""
        if self.of is not None:
            return self.of, self.period
        return None if self.since is None else (self.measure, self.since)

    @property
    def years(self) -> float:
        """The years over which growth compounds; 1 where it does not."""
        return (self.period.first - self.since.first) / 12 if self.since and self.compound else 1.0

    def over(self, period: Period) -> Quantity:
        """The same of another period.

        Growth on the year before stays that, growth since a period stays so.
        """
        if self.since is None or self.compound or self.since != self.period.shift(-12):
            return replace(self, period=period)
        return replace(self, period=period, since=period.shift(-12))

    def periods(self, grid: Period) -> list[Period]:
        """Its own period, and the same of other years, that lie inside some months.

        A base may be there too.
        """
        step = 12 * math.ceil(self.period.months / 12)
        first = min(grid.first - 12, self.period.first - 12)
        shifts = range(
            -step * ((self.period.first - first) // step + 1), grid.last - self.period.first + 1, step
        )
        periods = [self.period.shift(shift) for shift in shifts]
        return [period for period in periods if grid.covers(period) and self._base_in(grid, period)]

    def _base_in(self, grid: Period, period: Period) -> bool:
        base = self.over(period).base
        return base is None or (
            grid.covers(base[1]) and (self.of is not None or base[1].first < period.first)
        )

    @property
    def name(self) -> str:
        """What it is called: ``exports, growth since 2009``."""
        if self.of is not None:
            return f"{self.measure} as a share of {self.of}"
        if self.since is None:
            return self.measure
        if self.compound:
            return f"{self.measure}, growth a year since {self.since}"
        on_the_year_before = self.since == self.period.shift(-12)
        return (
            f"{self.measure}, growth {'on the year before' if on_the_year_before else f'since {self.since}'}"
        )

    def from_ratio(self, ratio: Number) -> Number:
        """The value of the quantity from the sum over its base."""
        if self.kind is not Kind.GROWTH:
            return ratio
        return ratio ** (1 / self.years) - 1

    def ratio(self, value: float) -> float:
        """The sum over its base at a value of the quantity; of an amount the amount."""
        if self.kind is not Kind.GROWTH:
            return value
        if self.years == 1:
            return float(
                1 + Decimal(repr(value))
            )  # as people add 1, so that a doubling is exactly twice the base
        return float((1 + value) ** self.years)

    def times_base(self, value: float, base: float) -> float:
        """The amount that a value comes to on a known base, as people work it out: in decimals."""
        return float(Decimal(repr(self.ratio(value))) * Decimal(repr(base)))


class Revision(Strict):
    """An earlier form of a target that was moved: what was then to be reached, and by when."""

    on: Date = Field(description="the day on which it was set")
    period: OptionalPeriod = Field(None, description="the months that it was for; left out, the present ones")
    at_least: Annotated[float | None, In(Unit.MONEY)] = Field(None, description="the amount then, at least")
    at_most: Annotated[float | None, In(Unit.MONEY)] = Field(None, description="the amount then, at most")
    growth_at_least: Annotated[float | None, In(Unit.PERCENT, LEAST_GROWTH)] = Field(
        None, description="the growth then, at least"
    )
    growth_at_most: Annotated[float | None, In(Unit.PERCENT, LEAST_GROWTH)] = Field(
        None, description="the growth then, at most"
    )
    share_at_least: Annotated[float | None, In(Unit.SHARE, 0, 1)] = Field(
        None, description="the share then, at least"
    )
    share_at_most: Annotated[float | None, In(Unit.SHARE, 0, 1)] = Field(
        None, description="the share then, at most"
    )
    reason: OptionalText = Field(None, description="why it was moved")


SIDES = (
    "at_least",
    "at_most",
    "growth_at_least",
    "growth_at_most",
    "share_at_least",
    "share_at_most",
)


class Target(Strict):
    """What is to be reached: a measure over a period, its growth or its share.

    At least or at most so much.
    """

    measure: MeasureField = Field(
        description="turnover, exports, imports, balance, the id of a stream, "
        "or a list of streams that are added up"
    )
    of: OptionalMeasure = Field(None, description="the measure of which it is a share")
    period: PeriodsField = Field(
        description="the months that are added up; a list of periods, each of which must meet the target"
    )
    since: OptionalPeriod = Field(
        None, description="the period on which it is to grow; left out, the same period a year earlier"
    )
    a_year: Flag = Field(False, description="the growth is an average a year, compounded, since that period")
    at_least: Annotated[float | None, In(Unit.MONEY)] = Field(
        None, description="the target is reached when the sum is this much or more"
    )
    at_most: Annotated[float | None, In(Unit.MONEY)] = Field(
        None, description="the target is reached when the sum is this much or less"
    )
    growth_at_least: Annotated[float | None, In(Unit.PERCENT, LEAST_GROWTH, step=0.005)] = Field(
        None,
        title="growth of at least",
        description="the target is reached when it grows by this much or more",
    )
    growth_at_most: Annotated[float | None, In(Unit.PERCENT, LEAST_GROWTH, step=0.005)] = Field(
        None,
        title="growth of at most",
        description="the target is reached when it grows by this much or less",
    )
    share_at_least: Annotated[float | None, In(Unit.SHARE, 0, 1, 0.005)] = Field(
        None,
        title="a share of at least",
        description="the target is reached when it is this part of the other measure or more",
    )
    share_at_most: Annotated[float | None, In(Unit.SHARE, 0, 1, 0.005)] = Field(
        None,
        title="a share of at most",
        description="the target is reached when it is this part of the other measure or less",
    )
    resolved_by: OptionalText = Field(
        None, description="the statistic and release that settles the target, for offices differ"
    )
    history: Annotated[tuple[Revision, ...], BeforeValidator(read_items)] = Field(
        (), description="earlier amounts and dates of a target that was moved, the original among them"
    )

    @property
    def side(self) -> str:
        """The field in which a file states what is asked: ``at_least``, ``growth_at_most``, ..."""
        return next(iter(self.sides), "at_most")

    @property
    def sides(self) -> tuple[str, ...]:
        """The fields of that sort which are stated; one in a sound target."""
        return tuple(side for side in SIDES if getattr(self, side) is not None)

    @property
    def kind(self) -> Kind:
        """What it counts."""
        prefix = self.side.partition("_")[0]
        return Kind(prefix) if prefix in (Kind.GROWTH, Kind.SHARE) else Kind.AMOUNT

    @field_validator("at_least", "at_most")
    @classmethod
    def _by_the_rate_of_its_period(cls, value: float | None, info: ValidationInfo) -> float | None:
        period = info.data.get("period")
        return value.at(period) if isinstance(value, Amount) and period is not None else value

    @property
    def amount(self) -> float:
        """What is asked, whichever way it counts: money or, of growth and shares, a fraction.

        Money in another currency counts at the median rate of the target's period.
        """
        foreign = self.foreign
        return float(getattr(self, self.side) or 0.0) if foreign is None else float(foreign)

    @property
    def foreign(self) -> Amount | None:
        """What is asked, by the rate of the target's period, where it is in another currency."""
        stated = getattr(self, self.side)
        return stated.at(self.period) if isinstance(stated, Amount) else None

    @property
    def step(self) -> Step | None:
        """The rate of what is asked, where that is in a currency whose rate is uncertain."""
        foreign = self.foreign
        return foreign.step if foreign is not None and foreign.step.uncertain else None

    @property
    def floor(self) -> bool:
        """Whether it is to be the amount or more; else it is a ceiling, not to be exceeded."""
        return self.side.endswith("at_least")

    @property
    def bound(self) -> str:
        """Its side in words: ``at least`` or ``at most``."""
        return "at least" if self.floor else "at most"

    @property
    def noun(self) -> str:
        """What it is called: one that must not be exceeded is a ceiling."""
        return "target" if self.floor else "ceiling"

    @property
    def quantity(self) -> Quantity:
        """What it is about."""
        if self.kind is Kind.SHARE:
            return Quantity(self.measure, self.period, of=self.of)
        if self.kind is Kind.AMOUNT:
            return Quantity(self.measure, self.period)
        since = self.since or self.period.shift(-12)
        return Quantity(self.measure, self.period, since=since, compound=self.a_year)

    @property
    def alone(self) -> tuple[Target, ...]:
        """The target for each of its periods; one for one."""
        if not isinstance(self.period, Periods):
            return (self,)
        return tuple(self.model_copy(update={"period": period}) for period in self.period.members)

    @property
    def forms(self) -> tuple[Target, ...]:
        """The target as it stands, and as it stood after each revision."""
        return (self, *map(self.as_of, self.history))

    @property
    def original(self) -> Target | None:
        """The target as it was first set; None where it was never moved."""
        first = min(self.history, key=lambda revision: revision.on, default=None)
        return None if first is None else self.as_of(first)

    def as_of(self, revision: Revision) -> Target:
        """The target as it stood after a revision."""
        stated = {side: getattr(revision, side) for side in SIDES if getattr(revision, side) is not None}
        sides = {side: stated.get(side) for side in SIDES} if stated else {}
        period = {} if revision.period is None else {"period": revision.period}
        return self.model_copy(update={**sides, **period, "history": ()})

    def met(self, values: np.ndarray) -> np.ndarray:
        """Whether each of some values of its quantity meets it; of the same shape."""
        return values >= self.amount if self.floor else values <= self.amount

    def to_dict(self) -> dict[str, Any]:
        """For a machine: what is to be reached, as a file states it."""
        periods = [str(alone.period) for alone in self.alone]
        return {
            "kind": str(self.kind),
            "measure": written(self.measure),
            **({"of": written(self.of)} if self.of else {}),
            "period": periods if len(periods) > 1 else periods[0],
            **({"since": str(self.since)} if self.since else {}),
            **({"a_year": True} if self.a_year else {}),
            self.side: self.amount,
            **({"stated": self.foreign.text} if self.foreign is not None and self.step else {}),
        }
