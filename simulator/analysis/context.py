"""The outside view: how often trade like this grew as much as is still needed, and how such targets fared.

Only what was known on the day of the question counts: outcomes of years before that of ``as_of``.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from simulator.analysis import announced, classes
from simulator.analysis.announced import Announced
from simulator.analysis.classes import Bounds, Cell
from simulator.analysis.need import Need, in_dollars, members_of, needed
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.scenario import Scenario
from simulator.shown import Shown
from simulator.values.countries import code_of
from simulator.values.units import POWERS

MILLION = POWERS["million"]


@dataclass(frozen=True)
class Frequency:
    """How often members of a class grew as the target needs, from base years whose outcome was known.

    ``n`` counts members and base years together; ``share`` is that of all of them, ``least`` and ``most``
    between what it lies where quantiles do not tell it; ``low`` and ``high`` are its ends over base years;
    fractions. ``members`` are pairs or nations, ``size`` the bounds of the class in millions of US dollars of
    the ``measure``; ``surge`` is whether the base year was one, None where that is not known, or too few of
    them are, and any year counts.
    """

    n: int
    share: float
    least: float
    most: float
    low: float
    high: float
    base_years: tuple[int, ...]
    members: str
    measure: str
    size: tuple[float, float]
    surge: bool | None
    horizon: int


@dataclass(frozen=True)
class Part:
    """Of the announced targets those of some years: how many, and how many were reached."""

    announced: tuple[int, int]
    n: int
    hits: int

    @property
    def reached(self) -> float:
        """The share that was reached, a fraction."""
        return self.hits / self.n


@dataclass(frozen=True)
class Fared:
    """How announced targets that needed such growth fared; of ``pairs`` pairs of countries.

    ``needed`` is the growth a year that this target needs, ``between`` what counts as such growth;
    fractions. ``parts`` are the earlier and the later ones, for the share changes with the times.
    """

    total: Part
    pairs: int
    needed: float
    between: tuple[float, float]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Context(Shown):
    """The outside view of an answer's leading target.

    Where no class fits, or too few announced targets are known, the reason stands in their place.
    ``members`` are what it is set beside, pairs or nations.
    """

    result: Result
    members: str
    need: Need | None
    frequency: Frequency | None
    frequency_reason: str | None
    targets: Fared | None
    targets_reason: str | None

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The outside view for a machine; shares are fractions."""
        question = self.result.question(file)
        return {
            **{key: question[key] for key in ("scenario", "as_of", "target")},
            "probability": self.result.probability,
            "growth_needed": self.need and self.need.a_year,
            "years": self.need and self.need.years,
            "remarks": list(self.need.remarks) if self.need else [],
            "class": _class(self.frequency) if self.frequency else None,
            "class_reason": self.frequency_reason,
            "targets": _fared(self.targets) if self.targets else None,
            "targets_reason": self.targets_reason,
            **self.result.record(),
        }


def _class(frequency: Frequency) -> dict[str, Any]:
    """Its numbers; a size without an upper bound has None there."""
    bounds = [None if math.isinf(end) else end for end in frequency.size]
    return {**asdict(frequency), "size": bounds}


def _fared(fared: Fared) -> dict[str, Any]:
    return {
        **_part(fared.total),
        "pairs": fared.pairs,
        "needed": fared.needed,
        "between": fared.between,
        "parts": list(map(_part, fared.parts)),
    }


def _part(part: Part) -> dict[str, Any]:
    return {"n": part.n, "reached": part.reached, "hits": part.hits, "announced": part.announced}


def context(
    scenario: Scenario | Result, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> Context:
    """How trade like this has fared, as known on the day of the question.

    Args:
        scenario: on whose leading target it is, or its answer if that is there already.
        simulate: the engine's.
        points: draws in all, a power of two; of a scenario that is still to be answered.
        seed: of every draw; likewise.

    Raises:
        ValueError: points or seed cannot be used.
    """
    result = scenario if isinstance(scenario, Result) else simulate(scenario, points=points, seed=seed)
    return outside_view(result)


def outside_view(result: Result) -> Context:
    """The outside view of an answer."""
    need, members = needed(result), members_of(result.scenario)
    if isinstance(need, str):
        return Context(result, members, None, None, need, None, need)
    frequency, fared = _frequency(result, need, members), _targets(result, need, members)
    return Context(
        result,
        members,
        need,
        *((None, frequency) if isinstance(frequency, str) else (frequency, None)),
        *((None, fared) if isinstance(fared, str) else (fared, None)),
    )


# How often others managed it


def _frequency(result: Result, need: Need, members: str) -> Frequency | str:
    """How often pairs or nations of this size grew as much, or why no class fits."""
    amount, measure = _millions(result, need), result.leading.measure
    if amount is None:
        scenario = result.scenario
        return f"amounts are in {scenario.unit} {scenario.currency}, and no rate of the US dollar is stated"
    size, longest = classes.size_of(members, measure, amount), classes.horizons(members)[1]
    if size is None:
        sizes = classes.sizes(members, measure)
        span = classes.bounds((sizes[0][0], sizes[-1][1]))
        return f"this {members.removesuffix('s')} traded ${amount:,.0f}m, and the classes hold {span}"
    if need.years > longest:
        return (
            f"the target is {need.years} years after {need.base}, and the classes follow trade for {longest}"
        )
    surge, before = _surge(result, need), result.scenario.as_of.year
    cells = classes.known(classes.of(members, measure, size, need.years), surge, before)
    if not cells:
        return f"no outcome over {need.years} years was known before {before}"
    return _counted(cells, need, result.leading.floor, members)


def _counted(cells: list[Cell], need: Need, floor: bool, members: str) -> Frequency:
    years = tuple(sorted({cell.base_year for cell in cells}))
    by_year = [_share([c for c in cells if c.base_year == year], need.in_dollars, floor) for year in years]
    total = _share(cells, need.in_dollars, floor)
    return Frequency(
        sum(cell.n for cell in cells),
        total.middle,
        total.least,
        total.most,
        min(share.least for share in by_year),
        max(share.most for share in by_year),
        years,
        members,
        cells[0].measure,
        cells[0].size,
        classes.kind_of(cells),
        need.years,
    )


def _share(cells: list[Cell], log: float, floor: bool) -> Bounds:
    """The share of the members of some cells that would have met the target."""
    share = classes.pooled((cell.n, cell.at_least(log)) for cell in cells)
    return share if floor else share.rest


def _millions(result: Result, need: Need) -> float | None:
    """The base year's total in millions of US dollars; None where no rate is stated."""
    scenario = result.scenario
    power = POWERS.get(scenario.unit.casefold())
    rate = scenario.exchange_rates.get("USD")
    if power is None or (scenario.currency != "USD" and rate is None):
        return None
    dollars = need.base_amount * 10.0 ** (power - MILLION)
    return (
        dollars if rate is None or scenario.currency == "USD" else dollars / float(rate.at(need.base).middle)
    )


def _surge(result: Result, need: Need) -> bool | None:
    """Whether the base year was one; None where the year before it is not published."""
    before, measure = need.base.shift(-12), result.leading.measure
    if not result.grid.covers(before) or not result.published(measure, before):
        return None
    total = float(result.quantiles(measure, before, [0.5])[0])
    if total <= 0:
        return None
    log = math.log(need.base_amount / total)
    dollars = in_dollars(result.scenario, log, before, need.base)
    return math.expm1(log if dollars is None else dollars) >= classes.SURGE


# How announced targets fared


def _targets(result: Result, need: Need, members: str) -> Fared | str:
    """How announced targets that needed such growth fared, or why that is not told."""
    scenario, growth = result.scenario, need.dollars_a_year
    if members == classes.NATIONS:
        return "only those of pairs of countries are known"
    if not result.leading.floor:
        return "the target is a ceiling, and the announced ones are amounts to be reached"
    pair = frozenset(name and code_of(name, codes=True) for name in (scenario.home, scenario.partner))
    targets = announced.known(growth, scenario.as_of.year, pair)
    if len(targets) < announced.LEAST:
        few = f"{len(targets) or 'no'} announced target{'' if len(targets) == 1 else 's'} of other pairs"
        return f"{few} of such growth had come due by then; a share is told from {announced.LEAST} on"
    parts = tuple(map(_fate, announced.halves(targets)))
    pairs = len({target.pair for target in targets})
    return Fared(_fate(targets), pairs, growth, announced.near(growth), parts)


def _fate(targets: tuple[Announced, ...]) -> Part:
    years = [target.year for target in targets]
    return Part((min(years), max(years)), len(targets), sum(target.reached for target in targets))
