"""``custom``: any percent or money effect with a profile. The escape hatch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.levers.driver import AT_ONCE, Driver
from simulator.levers.kit import (
    Draws,
    Effect,
    Grid,
    Kind,
    Paid,
    drawn_of,
    logged,
    moved,
    number,
    profile,
    sample,
)
from simulator.values.address import Address
from simulator.values.fields import PERIOD_KEYS, Each, Flag, In, PeriodKey, PeriodText
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit


class Custom(Driver):
    """Any percent or money effect with a profile."""

    main: ClassVar[str] = "percent"
    either: ClassVar[tuple[str, ...]] = ("percent", "money")

    kind: Literal["custom"]
    percent: Annotated[
        Uncertain | None, In(Unit.PERCENT, -1, 10, 0.01, usual=(-0.99, 10), counts="of the trade it touches")
    ] = Field(
        None,
        title="change of trade",
        description="change of the flows touched, at full effect; -100 % is a full stop",
    )
    money: Annotated[
        Uncertain | dict[PeriodText, Uncertain] | None,
        In(Unit.MONEY_A_YEAR),
        Each(
            PeriodKey,
            In(Unit.MONEY),
            PERIOD_KEYS,
            "or money by period, as {2020-H1: 5, 2020-H2: 12, 2021: 30}, each amount that of its period",
            "money added in the period; below 0 it is taken away",
        ),
    ] = Field(None, description="money added a year at full effect; below 0 it is taken away")
    duration: Annotated[Uncertain | None, In(Unit.MONTHS, 0, 1200, 1)] = Field(
        None, description="months at full effect; left out, it lasts"
    )
    fade: Annotated[Uncertain, In(Unit.MONTHS, 0, 1200, 1)] = Field(
        AT_ONCE, description="months over which it fades after that"
    )
    within_baseline: Flag = Field(
        False,
        description="its uncertainty is part of the usual run (oil, exchange rate, partner growth) "
        "and is taken out of the baseline's variance",
    )

    @property
    def in_money(self) -> bool:
        """Whether it adds money, and moves no percent."""
        return self.money is not None

    def faults(self, streams: tuple[str, ...]) -> Iterator[tuple[Address, str]]:
        """As every lever's; and money cannot be part of the usual run."""
        yield from super().faults(streams)
        if self.within_baseline and self.percent is None:
            message = "found true on an effect in money; only a percent can be part of the usual run"
            yield Address.of("within_baseline"), message
        if isinstance(self.money, Mapping):
            yield from _period_faults(self.money)


def _period_faults(money: Mapping[PeriodText, Uncertain]) -> Iterator[tuple[Address, str]]:
    """Periods that share a month, so that it would be paid twice."""
    if not money:
        yield Address.of("money"), "found an empty mapping, expected at least one period with its amount"
    ordered = sorted(money, key=lambda key: key.period)
    for key, following in pairwise(ordered):
        if following.period.first <= key.period.last:
            message = f"found {following}, which shares months with {key}; expected periods apart"
            yield Address.of("money", following), message


def effect(lever: Custom, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + percent) * profile`` on the streams touched, or money shared out among them.

    Money is ``money / 12 * profile``, or that of each period evenly over its months; below 0 see
    ``model.combined``.
    """
    shape = profile(
        grid,
        sample(lever, "start", draw),
        number(lever, "phase_in", draw),
        sample(lever, "duration", draw),
        number(lever, "fade", draw),
    )
    percent = sample(lever, "percent", draw)
    if percent is not None:
        return moved(lever, grid, logged(percent), shape)
    if isinstance(lever.money, Mapping):
        return Effect(paid=(Paid(_by_month(lever.money, grid, draw) * shape, grid.touched(lever)),))
    monthly = number(lever, "money", draw) / 12 * grid.worth(lever.money)
    return Effect(paid=(Paid(monthly * shape, grid.touched(lever)),))


def _by_month(money: Mapping[PeriodText, Uncertain], grid: Grid, draw: Draws) -> np.ndarray:
    """Money by period, spread evenly over the months of each; of those ahead, shape (points or 1, 1, months).

    What falls on months that figures cover is in the figures.
    """
    months = np.arange(grid.ahead.first, grid.ahead.last + 1)
    added = np.zeros((1, 1, months.size))
    for key, amount in money.items():
        inside = (months >= key.period.first) & (months <= key.period.last)
        monthly = drawn_of(amount, f"money.{key}", draw) / key.period.months
        added = added + monthly * grid.worth(amount) * inside
    return added


KIND = Kind(Custom, effect)
