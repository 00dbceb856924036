"""How trade of a class has grown: shares of its members that grew by so much, by base year.

``data/growth_by_class.csv`` holds quantiles of the log change of turnover of pairs of countries (79 larger
economies, mirror-reconciled annual trade in goods 2000-2020) over one to five years, by turnover in the base
year and by whether that year had been a surge.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

import numpy as np

from simulator.caches import keep

SURGE = 0.25  # growth of the base year on the year before from which it counts as one
NAMES = {"surge": True, "no surge": False}


@dataclass(frozen=True)
class Bounds:
    """A share, a fraction, as far as quantiles tell it: beyond their ends only between which two it lies."""

    least: float
    most: float

    @property
    def middle(self) -> float:
        """Half-way between the two; the share itself where they are one."""
        return (self.least + self.most) / 2

    @property
    def rest(self) -> Bounds:
        """The share of the others."""
        return Bounds(1 - self.most, 1 - self.least)


@dataclass(frozen=True)
class Cell:
    """What became of the members of one class from one base year, so many years later.

    ``turnover`` are the bounds of the class in millions of US dollars; ``levels`` and ``changes``, shape
    (levels,), are quantiles of the change of the log of turnover; ``n`` counts the members.
    """

    turnover: tuple[float, float]
    surge: bool
    base_year: int
    horizon: int
    n: int
    levels: tuple[float, ...]
    changes: tuple[float, ...]

    def at_least(self, change: float) -> Bounds:
        """The share whose log changed by that much or more, between quantiles by straight lines."""
        if change < self.changes[0]:
            return Bounds(1 - self.levels[0], 1.0)
        if change > self.changes[-1]:
            return Bounds(0.0, 1 - self.levels[-1])
        share = 1 - float(np.interp(change, self.changes, self.levels))
        return Bounds(share, share)


@keep(1)
def cells() -> tuple[Cell, ...]:
    """All classes, base years and horizons."""
    text = resources.files("simulator").joinpath("data/growth_by_class.csv").read_text("utf-8")
    return tuple(map(_cell, csv.DictReader(text.splitlines())))


def _cell(row: dict[str, str]) -> Cell:
    low, high = map(float, row["turnover_musd"].split("-"))
    quantiles = {float(name[1:]): float(value) for name, value in row.items() if name.startswith("q")}
    return Cell(
        (low, high),
        NAMES[row["year_before"]],
        int(row["base_year"]),
        int(row["horizon"]),
        int(row["n"]),
        tuple(quantiles),
        tuple(quantiles.values()),
    )


def sizes() -> tuple[tuple[float, float], ...]:
    """The bounds of turnover of the classes, in millions of US dollars, in order."""
    return tuple(sorted({cell.turnover for cell in cells()}))


def horizons() -> tuple[int, int]:
    """The shortest and the longest horizon, in years."""
    years = {cell.horizon for cell in cells()}
    return min(years), max(years)


def size_of(turnover: float) -> tuple[float, float] | None:
    """The bounds of the class in which a turnover in millions of US dollars falls; None outside all."""
    return next((bounds for bounds in sizes() if bounds[0] <= turnover < bounds[1]), None)


def known(turnover: tuple[float, float], surge: bool | None, horizon: int, before: int) -> Iterator[Cell]:
    """What was known of a class before a year.

    Args:
        turnover: its bounds.
        surge: whether the base year was one; None where that is not known: then both kinds count.
        horizon: years from the base year to the outcome.
        before: the year on which outcomes must be of an earlier one.
    """
    for cell in cells():
        if (cell.turnover, cell.horizon) != (turnover, horizon) or cell.base_year + horizon >= before:
            continue
        if surge is None or cell.surge == surge:
            yield cell


def pooled(shares: Iterable[tuple[int, Bounds]]) -> Bounds:
    """The share of all members together, from the number of each part and the share in it."""
    parts = list(shares)
    total = sum(n for n, _ in parts)
    return Bounds(
        sum(n * share.least for n, share in parts) / total, sum(n * share.most for n, share in parts) / total
    )
