"""``joint_ventures``: assembly plants abroad that buy kits from home.

Plans and outcomes: Pavlodar 20 tractors by September 2005 against 500 planned; 12 plants opened in 2010-11, 8
counted in 2017; more than 55 % of alliances fail within five years, median life about seven (Harrigan).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.levers.kit import FEW, Draws, Effect, Grid, Kind, Paid, number, sample
from simulator.values.fields import In, Strict
from simulator.values.limits import ITEMS
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

OPENING: Any = {"low": 0.4, "likely": 0.7, "high": 0.9}
DELAY: Any = {"low": 0, "likely": 6, "high": 24}
ATTAINMENT: Any = {"alpha": 2, "beta": 4}
RAMP: Any = {"low": 1, "likely": 2, "high": 4}
EXIT: Any = {"low": 0.05, "likely": 0.10, "high": 0.16}
ADDITIONALITY: Any = {"low": 0.2, "likely": 0.5, "high": 0.9}
NONE: Any = 0
PARTS_BACK: Any = {"low": 0, "likely": 0.02, "high": 0.1}
GAIN: Any = 0.5
ROUNDING = 1e-12  # of all sales, below which what is left once ventures closed is nothing
SUPPORT_OPENING: Any = {"low": 0, "likely": 0.1, "high": 0.25}
SUPPORT_DELAY: Any = {"low": 0, "likely": 0.25, "high": 0.5}


class Support(Strict):
    """Start-up preferences and leasing for new ventures."""

    opening: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        SUPPORT_OPENING, description="share of the ventures that would not open, which open with the support"
    )
    delay: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        SUPPORT_DELAY, description="share of the delay that the support saves"
    )


class JointVentures(Driver):
    """New assembly ventures that buy kits from home."""

    main: ClassVar[str] = "count"

    kind: Literal["joint_ventures"]
    count: Annotated[float, In(Unit.WHOLE_NUMBER, 0, ITEMS.most, 1, counts="new ventures")] = Field(
        title="how many", description="how many new ventures are agreed"
    )
    planned_exports_each: Annotated[Uncertain, In(Unit.MONEY_A_YEAR, 0)] = Field(
        description="exports to one venture a year at maturity, as planned"
    )
    opening: Annotated[Uncertain, In(Unit.PROBABILITY, 0, 1, 0.05)] = Field(
        OPENING, description="the chance of each to open"
    )
    delay: Annotated[Uncertain, In(Unit.MONTHS, 0, 240, 1)] = Field(
        DELAY, description="months from the start until one opens, each its own"
    )
    attainment: Annotated[
        Uncertain, In(Unit.SHARE, 0, 3, 0.05, "plans against outcomes of earlier ventures: beta(2, 4)")
    ] = Field(
        ATTAINMENT, description="share of the plan that an open venture reaches at maturity, each its own"
    )
    ramp: Annotated[Uncertain, In(Unit.YEARS, 0, 20, 0.5)] = Field(
        RAMP, description="years from opening to maturity"
    )
    exit_rate: Annotated[
        Uncertain,
        In(Unit.PROBABILITY, 0, 1, 0.01, "alliances: more than 55 % fail within 5 years (Harrigan)"),
    ] = Field(EXIT, description="the chance of an open venture to close within a year")
    additionality: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ADDITIONALITY, description="share of the kits that does not displace finished machines"
    )
    localisation: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        NONE, description="share of a machine that comes to be made on the spot"
    )
    output_gain: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.1)] = Field(
        GAIN,
        description="growth of a venture's output for each unit of localisation; "
        "its recorded imports of kits fall all the same",
    )
    parts_back: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.01)] = Field(
        PARTS_BACK, description="parts that flow back as imports, a share of the kits"
    )
    support: Support | None = Field(None, description="start-up preferences and leasing for them")

    @lazy
    def items(self) -> int:
        """Its ventures, each with draws of its own."""
        return self.amounts_listed + round(self.count)

    @property
    def in_money(self) -> bool:
        """It adds money."""
        return True


def effect(lever: JointVentures, grid: Grid, draw: Draws) -> Effect:
    """The sum over ventures of planned exports x attainment x ramp, while each is open, x additionality.

    Parts flow back.
    """
    output = ventures_output(lever, grid, draw)
    local = number(lever, "localisation", draw)
    kits = output * (1 - local) * number(lever, "additionality", draw)
    back = np.zeros((len(grid.streams), 1))
    back[list(grid.members["imports"])] = 1
    return Effect(
        paid=(Paid(kits, grid.touched(lever)), Paid(kits * number(lever, "parts_back", draw), back))
    )


def ventures_output(lever: JointVentures, grid: Grid, draw: Draws) -> np.ndarray:
    """What all ventures sell a month, kits and local content together; shape (points, 1, months ahead).

    Localisation raises it, and lowers the kits by more: output x (1 + gain x local), kits x (1 - local) of
    that.
    """
    count = round(lever.count)
    opening, delay_left = number(lever, "opening", draw)[:, 0], np.ones((1, 1))
    if lever.support is not None:
        opening = opening + (1 - opening) * number(lever, "support.opening", draw)[:, 0]
        delay_left = 1 - number(lever, "support.delay", draw)[:, 0]
    start = sample(lever, "start", draw)
    first = (
        np.full((1, 1), float(grid.ahead.first))
        if start is None
        else np.maximum(np.floor(start[:, 0]), grid.ahead.first)
    )
    opens = np.floor(first + lever.delay.quantile(draw("each_delay", count)) * delay_left)
    sales = (
        lever.planned_exports_each.quantile(draw("each_plan", count))
        * lever.attainment.quantile(draw("each_attainment", count))
        / 12
    )
    sales = np.where(draw("each_opening", count) < opening, sales, 0.0)
    with np.errstate(divide="ignore"):
        life = (
            12
            * np.log1p(-draw("each_exit", count))
            / np.log1p(-np.minimum(number(lever, "exit_rate", draw)[:, 0], 1 - 1e-12))
        )
    ramp = np.maximum(12 * number(lever, "ramp", draw)[:, 0], 1.0)
    sold = _added_up(opens - grid.ahead.first, life, ramp, sales, grid.ahead.months)
    gain = 1 + number(lever, "output_gain", draw) * number(lever, "localisation", draw)
    return sold[:, None, :] * gain * grid.worth(lever.planned_exports_each)


def _added_up(
    opens: np.ndarray, life: np.ndarray, ramp: np.ndarray, sales: np.ndarray, months: int
) -> np.ndarray:
    """What ventures sell a month together, each up evenly over its ramp, and full until it closes.

    It is added up from its changes from month to month, and those of the changes, so that a thousand ventures
    over fifty years cost no more than their number.

    Args:
        opens: the month of each, from 0, shape (points or 1, ventures).
        life: how many months it is open, shape (points, ventures).
        ramp: months until it is full, at least 1, shape (points or 1, 1).
        sales: a month once it is, shape (points, ventures).
        months: how many are asked for.

    Returns:
        shape (points, months).
    """
    opens, life, ramp, sales = np.broadcast_arrays(opens, life, ramp, sales)
    rising, open_for = np.floor(ramp), np.ceil(np.minimum(life, months))
    change, bend = np.zeros((2, len(opens), months + 1))

    def add(to: np.ndarray, at: np.ndarray, amount: np.ndarray) -> None:
        places = np.clip(at, 0, months).astype(int) + (months + 1) * np.arange(len(opens))[:, None]
        to += np.bincount(places.ravel(), amount.ravel(), minlength=to.size).reshape(to.shape)

    add(bend, opens, sales / ramp)
    add(bend, opens + np.minimum(rising, open_for), -sales / ramp)
    add(change, opens + rising, np.where(open_for > rising, sales * (1 - rising / ramp), 0.0))
    add(change, opens + open_for, -sales * np.minimum(open_for / ramp, 1.0))
    sold = np.cumsum(np.cumsum(bend, axis=1) + change, axis=1)[:, :-1]
    return np.where(sold > ROUNDING * sales.sum(axis=1, keepdims=True), sold, 0.0)


PER_VENTURE = ("each_delay", "each_plan", "each_attainment", "each_opening", "each_exit")
KIND = Kind(JointVentures, effect, tuple(f"{name}.{item}" for name in PER_VENTURE for item in range(FEW)))
