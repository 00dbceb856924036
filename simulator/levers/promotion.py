"""``promotion``: trade missions, state visits, a distribution network.

State visits raise exports by 8-10 %, short-lived (Nitsch 2007); a consulate by 6-10 % (Rose 2007). The
default counts half of that: the pairs behind the baseline receive visits too.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from simulator.levers.driver import Driver
from simulator.levers.kit import Draws, Effect, Grid, Kind, covered, logged, moved, number, profile, sample
from simulator.values.fields import In
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

LIFT: Any = {"low": "0%", "likely": "3%", "high": "9%"}
A_YEAR: Any = 12
HALF_A_YEAR: Any = 6
ALL: Any = 1


class Promotion(Driver):
    """A temporary or lasting lift of the flows covered."""

    main: ClassVar[str] = "percent"

    kind: Literal["promotion"]
    percent: Annotated[
        Uncertain,
        In(
            Unit.PERCENT,
            -1,
            10,
            0.01,
            "state visits: Nitsch 2007; less what is usual",
            usual=(-0.99, 10),
            counts="of the trade it touches",
        ),
    ] = Field(LIFT, title="change of trade", description="change of the flow covered, at full effect")
    share: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ALL, description="share of the flow that it reaches"
    )
    duration: Annotated[
        Uncertain | None,
        In(Unit.MONTHS, 0, 1200, 1),
        BeforeValidator(lambda raw: None if raw == "lasting" else raw),
    ] = Field(A_YEAR, description="months at full effect; the word lasting: it lasts")
    fade: Annotated[Uncertain, In(Unit.MONTHS, 0, 1200, 1)] = Field(
        HALF_A_YEAR, description="months over which it fades after that"
    )


def effect(lever: Promotion, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + share * percent)`` with a profile."""
    shape = profile(
        grid,
        sample(lever, "start", draw),
        number(lever, "phase_in", draw),
        sample(lever, "duration", draw),
        number(lever, "fade", draw),
    )
    shift = covered(number(lever, "share", draw), logged(number(lever, "percent", draw)))
    return moved(lever, grid, shift, shape)


KIND = Kind(Promotion, effect)
