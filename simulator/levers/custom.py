"""``custom``: any percent or money effect with a profile. The escape hatch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.levers.driver import AT_ONCE, Driver
from simulator.levers.kit import Draws, Effect, Grid, Kind, Paid, number, profile, sample
from simulator.values.address import Address
from simulator.values.fields import Flag, In
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit


class Custom(Driver):
    """Any percent or money effect with a profile."""

    main: ClassVar[str] = "percent"
    either: ClassVar[tuple[str, ...]] = ("percent", "money")

    kind: Literal["custom"]
    percent: Annotated[Uncertain | None, In(Unit.PERCENT, -0.99, 10, 0.01)] = Field(
        None, description="change of the flows touched, at full effect"
    )
    money: Annotated[Uncertain | None, In(Unit.MONEY_A_YEAR)] = Field(
        None, description="money added a year at full effect; below 0 it is taken away"
    )
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

    def faults(self, streams: tuple[str, ...]) -> Iterator[tuple[Address, str]]:
        """As every lever's; and money cannot be part of the usual run."""
        yield from super().faults(streams)
        if self.within_baseline and self.percent is None:
            message = "found true on an effect in money; only a percent can be part of the usual run"
            yield Address.of("within_baseline"), message


def effect(lever: Custom, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + percent) * profile`` on the streams touched, or money shared out among them.

    Money is ``money / 12 * profile``; below 0 see ``model.combined``.
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
        return Effect(np.log1p(percent) * shape * grid.touched(lever))
    return Effect(paid=(Paid(number(lever, "money", draw) / 12 * shape, grid.touched(lever)),))


KIND = Kind(Custom, effect)
