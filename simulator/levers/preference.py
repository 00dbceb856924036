"""``preference``: a price cut for buyers (leasing support, a tariff preference).

Elasticity in the first year and in the long run, and how fast the gap closes: Boehm, Levchenko,
Pandalai-Nayar 2023 (.76 in year 1, 1.75-2.25 after 7-10 years); Bajzik and others 2020.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.levers.driver import Driver
from simulator.levers.kit import (
    Draws,
    Effect,
    Grid,
    Kind,
    covered,
    elapsed_years,
    moved,
    number,
    profile,
    sample,
)
from simulator.values.fields import In
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

SHORT: Any = {"low": 0.4, "likely": 0.8, "high": 1.5}
LONG: Any = {"p5": 1.3, "p95": 4.8}  # lognormal(ln 2.5, .40)
COVERED: Any = {"low": 0.02, "likely": 0.08, "high": 0.20}
ALL: Any = 1
CLOSING_YEARS = 3.0
BOEHM = "Boehm, Levchenko, Pandalai-Nayar 2023; Bajzik and others 2020"


class Preference(Driver):
    """A price cut on a part of the flow, paid by the budget or by the exporter."""

    main: ClassVar[str] = "margin"

    kind: Literal["preference"]
    margin: Annotated[Uncertain, In(Unit.PERCENT, 0, 0.9, 0.01, counts="of the price")] = Field(
        description="the price cut, a percent of the price"
    )
    paid_by: Literal["budget", "exporter"] = Field(
        description="who bears it: where the exporter does, recorded value falls by the cut itself"
    )
    share: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.01)] = Field(
        COVERED, description="share of the flow whose buyers may use it"
    )
    uptake: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ALL, description="share of those buyers who do"
    )
    elasticity: Annotated[Uncertain, In(Unit.NUMBER, 0, 20, 0.1, BOEHM)] = Field(
        SHORT, description="of trade to the price, in the first year"
    )
    elasticity_long: Annotated[Uncertain, In(Unit.NUMBER, 0, 20, 0.1, BOEHM)] = Field(
        LONG, description="of trade to the price, in the long run"
    )


def effect(lever: Preference, grid: Grid, draw: Draws) -> Effect:
    """``log(1 + share * uptake * (exp(e) - 1))``.

    ``e`` the elasticity (less 1 where the exporter pays) times the margin.
    """
    start = sample(lever, "start", draw)
    short, long = number(lever, "elasticity", draw), number(lever, "elasticity_long", draw)
    later = np.maximum(elapsed_years(grid, start) - 1, 0)
    elasticity = short + (np.maximum(long, short) - short) * -np.expm1(-later / CLOSING_YEARS)
    response = (elasticity - (lever.paid_by == "exporter")) * number(lever, "margin", draw)
    shift = covered(number(lever, "share", draw) * number(lever, "uptake", draw), response)
    return moved(lever, grid, shift, profile(grid, start, number(lever, "phase_in", draw)))


KIND = Kind(Preference, effect)
