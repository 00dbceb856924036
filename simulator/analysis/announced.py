"""Announced targets of trade between two countries, and what came of them.

``data/announced_targets.csv``: targets of turnover that officials announced in 2005-2018, from press reports
(``source``); base year and outcome from mirror-reconciled annual trade in goods, in millions of US dollars.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from simulator.caches import MEGABYTE, keep

LEAST = 10  # targets of which a share is told
FACTOR = 1.5  # growth a year that differs by no more than this factor is such growth,
MARGIN = 0.03  # or by no more than this


@dataclass(frozen=True)
class Announced:
    """One target: between whom (ISO's three letters), when it was announced and what came of it.

    ``needed`` is the growth a year that it took from the last full year before the announcement, a fraction;
    ``outcome`` the turnover in the target's year over the target.
    """

    pair: frozenset[str]
    year: int
    target_year: int
    needed: float
    outcome: float
    reached: bool
    source: str


@keep(2 * MEGABYTE)
def announced() -> tuple[Announced, ...]:
    """All of them, by the year in which they were announced."""
    text = resources.files("simulator").joinpath("data/announced_targets.csv").read_text("utf-8")
    read = map(_read, csv.DictReader(text.splitlines()))
    return tuple(sorted(read, key=lambda target: (target.year, target.target_year, sorted(target.pair))))


def _read(row: dict[str, str]) -> Announced:
    years = int(row["target_year"]) - int(row["base_year"])
    growth = (float(row["target_musd"]) / float(row["base_musd"])) ** (1 / years) - 1
    return Announced(
        frozenset(row["pair"].split("-")),
        int(row["announced"][:4]),
        int(row["target_year"]),
        growth,
        float(row["outcome_over_target"]),
        row["reached"] == "1",
        row["source"],
    )


def near(growth: float) -> tuple[float, float]:
    """Between which growth a year is such growth as that; fractions."""
    ends = (growth / FACTOR, growth * FACTOR, growth - MARGIN, growth + MARGIN)
    return min(ends), max(ends)


def known(growth: float, before: int, without: frozenset[str | None]) -> tuple[Announced, ...]:
    """Targets that needed such growth and whose outcome was known before a year.

    Args:
        growth: a year, a fraction.
        before: the year on which target years must be earlier.
        without: the pair that is left out.
    """
    low, high = near(growth)
    return tuple(
        target
        for target in announced()
        if target.target_year < before and target.pair != without and low <= target.needed <= high
    )


def halves(targets: tuple[Announced, ...]) -> Iterable[tuple[Announced, ...]]:
    """The earlier and the later ones, parted between two years of announcement as evenly as these allow.

    All of them where they were announced in one year.
    """
    years = sorted({target.year for target in targets})
    parted = [
        (tuple(t for t in targets if t.year < year), tuple(t for t in targets if t.year >= year))
        for year in years[1:]
    ]
    return min(parted, key=lambda two: abs(len(two[0]) - len(two[1])), default=(targets,))
