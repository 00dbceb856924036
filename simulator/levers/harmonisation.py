"""``harmonisation``: rules made alike, barriers removed.

Non-tariff barriers cost 15-30 % of export value by a survey of 530 firms (Eurasian Development Bank 2015);
they raise unit values by 8-10 % in half of product lines, and deep agreements cut that by 20-25 % (Cadot,
Gourdon 2016).
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

REMOVED: Any = {"low": 0.05, "likely": 0.15, "high": 0.25}
ALL: Any = 1


class Harmonisation(Driver):
    """A part of the barriers' cost removed, or a percent from a study."""

    main: ClassVar[str] = "share_removed"
    either: ClassVar[tuple[str, ...]] = ("percent", "barrier_cost")

    kind: Literal["harmonisation"]
    percent: Annotated[
        Uncertain | None, In(Unit.PERCENT, -1, 10, 0.01, usual=(-0.99, 10), counts="of the trade it touches")
    ] = Field(None, title="change of trade", description="change of the flow covered, from a study")
    barrier_cost: Annotated[Uncertain | None, In(Unit.PERCENT, 0, 2, 0.01)] = Field(
        None, description="cost of the barriers, a percent of the goods' value: 4-30 % in the studies"
    )
    share_removed: Annotated[
        Uncertain,
        In(
            Unit.SHARE,
            0,
            1,
            0.05,
            "Cadot, Gourdon 2016: deep agreements cut 20-25 %",
            counts="of the barriers' cost",
        ),
    ] = Field(REMOVED, description="share of that cost that is removed")
    elasticity: Annotated[Uncertain, In(Unit.NUMBER, 0, 20, 0.1, BOEHM)] = Field(
        SHORT, description="of trade to its cost"
    )
    share: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ALL, description="share of the flow that meets the barriers"
    )

    @property
    def main_field(self) -> str:
        """The percent where a study gives one, else what policy decides: how much is removed."""
        return "percent" if self.percent is not None else self.main


def effect(lever: Harmonisation, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + share * (exp(cost * removed * elasticity) - 1))``, or ``log(1 + share * percent)``.

    It is phased in.
    """
    percent = sample(lever, "percent", draw)
    if percent is not None:
        shift = logged(percent)
    else:
        shift = (
            number(lever, "barrier_cost", draw)
            * number(lever, "share_removed", draw)
            * number(lever, "elasticity", draw)
        )
    shape = profile(grid, sample(lever, "start", draw), number(lever, "phase_in", draw))
    return moved(lever, grid, covered(number(lever, "share", draw), shift), shape)


KIND = Kind(Harmonisation, effect)
