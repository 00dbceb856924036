"""``corridor``: faster or cheaper transport.

A day is worth 0.6-2.1 % ad valorem (Hummels, Schaur 2013); Belt and Road corridors raise trade by up to 4.1
%, about three times that with reforms (Baniya, Rocha, Ruta 2019). Container transit itself is a service,
outside a goods target.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from simulator.levers.driver import Driver
from simulator.levers.kit import Draws, Effect, Grid, Kind, covered, logged, moved, number, profile, sample
from simulator.levers.preference import BOEHM, SHORT
from simulator.values.fields import In
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

DAY: Any = {"low": "0.6%", "likely": "1.3%", "high": "2.1%"}
ALL: Any = 1


class Corridor(Driver):
    """Days or cost saved on a part of the flow, or a percent from a study."""

    main: ClassVar[str] = "percent"
    either: ClassVar[tuple[str, ...]] = ("percent", "days_saved", "cost_saved")

    kind: Literal["corridor"]
    percent: Annotated[
        Uncertain | None, In(Unit.PERCENT, -1, 10, 0.01, usual=(-0.99, 10), counts="of the trade it touches")
    ] = Field(None, title="change of trade", description="change of the flow covered, from a study")
    days_saved: Annotated[Uncertain | None, In(Unit.DAYS, 0, 365, 1, counts="a shipment")] = Field(
        None, description="days that a shipment saves"
    )
    cost_saved: Annotated[Uncertain | None, In(Unit.PERCENT, 0, 0.9, 0.01, counts="of the goods' value")] = (
        Field(None, description="cost saved, a percent of the goods' value")
    )
    value_of_day: Annotated[Uncertain, In(Unit.PERCENT, 0, 0.2, 0.001, "Hummels, Schaur 2013")] = Field(
        DAY, description="what a day saved is worth, a percent of the goods' value"
    )
    response: Annotated[Uncertain, In(Unit.NUMBER, 0, 20, 0.1, BOEHM)] = Field(
        SHORT, description="percent more trade for one percent less cost; for statisticians: an elasticity"
    )
    share: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ALL, description="share of the flow that uses it"
    )


def effect(lever: Corridor, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + share * (exp(response * saving) - 1))``, or ``log(1 + share * percent)``.

    It holds from the opening on.
    """
    percent, days = sample(lever, "percent", draw), sample(lever, "days_saved", draw)
    if percent is not None:
        shift = logged(percent)
    else:
        saving = (
            number(lever, "cost_saved", draw) if days is None else days * number(lever, "value_of_day", draw)
        )
        shift = number(lever, "response", draw) * saving
    shape = profile(grid, sample(lever, "start", draw), number(lever, "phase_in", draw))
    return moved(lever, grid, covered(number(lever, "share", draw), shift), shape)


KIND = Kind(Corridor, effect)
