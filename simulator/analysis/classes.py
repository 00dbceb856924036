"""How trade of a class has grown: shares of its members that grew by so much, by base year.

``data/growth_by_class.csv`` holds quantiles of the log change of turnover of pairs of countries (79 larger
economies, mirror-reconciled annual trade in goods 2000-2020) over one to five years, by turnover in the base
year and by whether that year had been a surge; ``data/growth_of_nations.csv`` those of exports, imports and
turnover of 89 nations with all the world, by ``tests/calibration/nations.py``. Surges are too rare among
nations for cells of every year, so there a third kind counts any year.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

import numpy as np

from simulator.caches import MEGABYTE, keep

SURGE = 0.25  # growth of the base year on the year before from which it counts as one
NAMES = {"surge": True, "no surge": False, "any": None}
PAIRS, NATIONS = "pairs", "nations"
FILES = {PAIRS: "growth_by_class.csv", NATIONS: "growth_of_nations.csv"}


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

    ``size`` are the bounds of the class in millions of US dollars, of the ``measure`` in the base year,
    the upper one infinite where there is none;
    ``surge`` whether that was one, None where any year counts; ``levels`` and ``changes``, shape (levels,),
    are quantiles of the change of the log of the measure; ``n`` counts the members.
    """

    size: tuple[float, float]
    surge: bool | None
    base_year: int
    horizon: int
    n: int
    levels: tuple[float, ...]
    changes: tuple[float, ...]
    measure: str = "turnover"

    def at_least(self, change: float) -> Bounds:
        """The share whose log changed by that much or more, between quantiles by straight lines."""
        if change < self.changes[0]:
            return Bounds(1 - self.levels[0], 1.0)
        if change > self.changes[-1]:
            return Bounds(0.0, 1 - self.levels[-1])
        share = 1 - float(np.interp(change, self.changes, self.levels))
        return Bounds(share, share)


def written_to(members: str) -> str:
    """Where the classes of pairs or of nations stand, inside the package."""
    return f"data/{FILES[members]}"


@keep(4 * MEGABYTE)
def cells(members: str = PAIRS) -> tuple[Cell, ...]:
    """All classes of pairs or of nations, base years and horizons."""
    text = resources.files("simulator").joinpath(written_to(members)).read_text("utf-8")
    return tuple(map(_cell, csv.DictReader(text.splitlines())))


def _cell(row: dict[str, str]) -> Cell:
    measure = row.get("measure", "turnover")
    low, high = map(float, (row.get("size_musd") or row["turnover_musd"]).split("-"))
    quantiles = {float(name[1:]): float(value) for name, value in row.items() if name.startswith("q")}
    return Cell(
        (low, high),
        NAMES[row["year_before"]],
        int(row["base_year"]),
        int(row["horizon"]),
        int(row["n"]),
        tuple(quantiles),
        tuple(quantiles.values()),
        measure,
    )


def measures(members: str) -> tuple[str, ...]:
    """What the classes count, in the order of the file."""
    return tuple(dict.fromkeys(cell.measure for cell in cells(members)))


def sizes(members: str, measure: str) -> tuple[tuple[float, float], ...]:
    """The bounds of the classes, in millions of US dollars, in order."""
    return tuple(sorted({cell.size for cell in cells(members) if cell.measure == measure}))


def bounds(size: tuple[float, float]) -> str:
    """The bounds of a class in words: ``$300m to $1,000m``, ``$50,000m or more``."""
    low, high = (f"${end:,.0f}m" for end in size)
    return f"{low} or more" if math.isinf(size[1]) else f"{low} to {high}"


def horizons(members: str) -> tuple[int, int]:
    """The shortest and the longest horizon, in years."""
    years = {cell.horizon for cell in cells(members)}
    return min(years), max(years)


def size_of(members: str, measure: str, amount: float) -> tuple[float, float] | None:
    """The bounds of the class in which an amount in millions of US dollars falls; None outside all."""
    return next((size for size in sizes(members, measure) if size[0] <= amount < size[1]), None)


def of(members: str, measure: str, size: tuple[float, float], horizon: int) -> list[Cell]:
    """The cells of one class and horizon: of each kind, from each base year."""
    wanted = (measure, size, horizon)
    return [cell for cell in cells(members) if (cell.measure, cell.size, cell.horizon) == wanted]


def known(cells: Iterable[Cell], surge: bool | None, before: int) -> list[Cell]:
    """What was known of some cells before a year.

    Args:
        cells: of one class and horizon.
        surge: whether the base year was one; None where that is not known: then all count. Where there are
            none of its kind, or that is not known, cells of any year come first.
        before: the year on which outcomes must be of an earlier one.
    """
    due = [cell for cell in cells if cell.base_year + cell.horizon < before]
    of_kind, of_any = ([cell for cell in due if cell.surge is kind] for kind in (surge, None))
    return of_kind or of_any or (due if surge is None else [])


def kind_of(cells: Iterable[Cell]) -> bool | None:
    """Whether their base years were surges; None where both kinds are among them, or any year counts."""
    kinds = {cell.surge for cell in cells}
    return kinds.pop() if len(kinds) == 1 else None


def pooled(shares: Iterable[tuple[int, Bounds]]) -> Bounds:
    """The share of all members together, from the number of each part and the share in it."""
    parts = list(shares)
    total = sum(n for n, _ in parts)
    return Bounds(
        sum(n * share.least for n, share in parts) / total, sum(n * share.most for n, share in parts) / total
    )
