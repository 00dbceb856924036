"""``interregional_deals``: supply memoranda signed at forums, or a list of named deals.

The forum of November 2017 signed five agreements worth $73.4m, of which many were carried out a year on
(a3477001).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from simulator.caches import lazy
from simulator.levers.driver import Driver
from simulator.levers.kit import FEW, Draws, Effect, Grid, Kind, Paid, number, profile, sample
from simulator.values.address import Address
from simulator.values.currencies import Amount, Rate
from simulator.values.fields import In, Strict, Text, read_some
from simulator.values.limits import ITEMS
from simulator.values.uncertain import Uncertain
from simulator.values.units import Unit

EXECUTED: Any = {"alpha": 4, "beta": 3}
ADDITIONALITY: Any = {"low": 0.3, "likely": 0.5, "high": 0.8}
DELIVERY: Any = 24


class Deal(Strict):
    """One deal by name."""

    name: Text = Field(description="between whom, or for what")
    value: Annotated[float, In(Unit.MONEY, 0)] = Field(description="its value in all")
    probability: Annotated[float, In(Unit.PROBABILITY, 0, 1)] = Field(
        1.0, description="the chance that it is signed at all"
    )


class InterregionalDeals(Driver):
    """Deals signed at a forum: an expected number of unknown ones, or a list of named ones."""

    main: ClassVar[str] = "signed"
    either: ClassVar[tuple[str, ...]] = ("signed", "deals")

    kind: Literal["interregional_deals"]
    signed: Annotated[float | None, In(Unit.NUMBER, 0, ITEMS.most, 1, counts="deals")] = Field(
        None,
        title="how many signed",
        description="how many deals are signed on average; for statisticians: the mean of a Poisson law",
    )
    value_each: Annotated[Uncertain | None, In(Unit.MONEY, 0)] = Field(
        None, description="value of one deal in all, each its own"
    )
    deals: Annotated[
        tuple[Deal, ...] | None, BeforeValidator(lambda raw: raw if raw is None else read_some(raw))
    ] = Field(None, description="deals by name: {name, value, probability}")
    executed: Annotated[
        Uncertain, In(Unit.SHARE, 0, 1, 0.05, "supply memoranda executed within two years: beta(4, 3)")
    ] = Field(EXECUTED, description="share of their value that is carried out")
    delivery: Annotated[Uncertain, In(Unit.MONTHS, 1, 240, 1)] = Field(
        DELIVERY, description="months over which it is delivered"
    )
    additionality: Annotated[Uncertain, In(Unit.SHARE, 0, 1, 0.05)] = Field(
        ADDITIONALITY, description="share that would not have been traded all the same"
    )

    def faults(self, streams: tuple[str, ...]) -> Iterator[tuple[Address, str]]:
        """As every lever's; and a number of deals needs their value."""
        yield from super().faults(streams)
        if (self.signed is None) != (self.value_each is None):
            there, missing = ("signed", "value_each") if self.value_each is None else ("value_each", "signed")
            yield Address(), f"found {there} without {missing}, expected both"

    @lazy
    def items(self) -> int:
        """Its deals, those that are expected or those by name, each with draws of its own."""
        return self.amounts_listed + math.ceil(self.signed or 0) + len(self.deals or ())

    @property
    def in_money(self) -> bool:
        """It adds money."""
        return True


def effect(lever: InterregionalDeals, grid: Grid, draw: Draws) -> Effect:
    """Value signed x executed share x additionality, spread evenly over the months of delivery."""
    months = np.maximum(np.round(number(lever, "delivery", draw)), 1)
    shape = profile(
        grid,
        sample(lever, "start", draw),
        number(lever, "phase_in", draw),
        months - np.round(number(lever, "phase_in", draw)),
    )
    paid = (
        signed_value(lever, grid, draw)
        * number(lever, "executed", draw)
        * number(lever, "additionality", draw)
    )
    return Effect(paid=(Paid(paid / months * shape, grid.touched(lever)),))


def signed_value(lever: InterregionalDeals, grid: Grid, draw: Draws) -> np.ndarray:
    """The value of all deals signed, by the rates of each month ahead.

    Returns:
        shape (points or 1, 1, 1), or (points or 1, 1, months ahead) where the rate of a currency moves.
    """
    if lever.deals is not None:
        signed = draw("each_signed", len(lever.deals)) < np.array([deal.probability for deal in lever.deals])
        return _value_of(lever.deals, signed, grid)
    if not lever.signed or lever.value_each is None:
        return np.zeros((1, 1, 1))
    from scipy.special import pdtr

    likely = pdtr(np.arange(2 * ITEMS.most), lever.signed)
    number_signed = np.searchsorted(likely[: int(np.searchsorted(likely, 1 - 1e-9)) + 1], draw("signed"))
    most = int(number_signed.max())
    values = lever.value_each.quantile(draw("each_value", most))
    total = np.where(np.arange(most) < number_signed[:, None], values, 0.0).sum(axis=1)
    return total[:, None, None] * grid.worth(lever.value_each)


def _value_of(deals: tuple[Deal, ...], signed: np.ndarray, grid: Grid) -> np.ndarray:
    """The value of named deals, by currency.

    Args:
        deals: all of them.
        signed: which of them are, in every draw, shape (points, deals).
        grid: whose months ahead are meant.
    """
    by_rate: dict[Rate | None, np.ndarray] = {}
    for place, deal in enumerate(deals):
        rate = deal.value.rate if isinstance(deal.value, Amount) and not deal.value.rate.fixed else None
        by_rate.setdefault(rate, np.zeros(len(deals)))[place] = deal.value
    return sum(
        (
            (signed @ values)[:, None, None] * grid.worth(deals[int(np.argmax(values > 0))].value)
            for values in by_rate.values()
        ),
        np.zeros((1, 1, 1)),
    )


PER_DEAL = ("each_signed", "each_value")
KIND = Kind(
    InterregionalDeals, effect, ("signed", *(f"{name}.{item}" for name in PER_DEAL for item in range(FEW)))
)
