"""Trade by partner: what it was, what it may come to, and which part of the growth each partner brings.

Means add up and medians do not, so what partners bring is said on average.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simulator.model.answerable import known
from simulator.model.provenance import amount
from simulator.model.result import LEVELS, Result
from simulator.scenario.measures import PLUS
from simulator.scenario.targets import Kind, Quantity
from simulator.values.numerals import counted
from simulator.values.periods import Period

MOST = 25  # partners that are shown one by one
UNNAMED = "No partner named"
REST = ("other", "rest of", "remaining")  # how the name of a partner begins that is many: it stands last


@dataclass(frozen=True)
class Partner:
    """Trade with a partner, or with several together, in the scenario's unit.

    ``measure`` is what it adds up, ``many`` whether that is more than one partner; ``base`` its median in the
    base period, published or not; ``bands`` its quantiles by name; ``added`` what it adds on average since,
    both None where there is no base period.
    """

    name: str
    measure: str
    many: bool
    base: float | None
    bands: Mapping[str, float]
    added: float | None


@dataclass(frozen=True)
class ByPartner:
    """Trade by partner in the leading target's period, the largest first, those that are many last.

    ``quantity`` is what the partners are parts of; ``base`` the period since which it grows, None where none
    is over; ``published`` whether the figures tell all partners' totals of it. ``added`` is what all of it
    adds on average, ``needed`` what the target asks for beyond the base; None where that has no meaning.
    """

    quantity: Quantity
    rows: tuple[Partner, ...]
    base: Period | None
    published: bool
    added: float | None
    needed: float | None

    def part_of_added(self, row: Partner) -> float | None:
        """What part of the growth a partner brings on average, a fraction."""
        return _part(row.added, self.added)

    def part_of_needed(self, row: Partner) -> float | None:
        """What part of the growth that the target needs a partner brings on average, a fraction."""
        return _part(row.added, self.needed)

    def part(self, row: Partner) -> float | None:
        """The part that is shown: of the growth needed or, where none is, of the growth."""
        return self.part_of_added(row) if self.needed is None else self.part_of_needed(row)


def _part(added: float | None, of: float | None) -> float | None:
    return None if added is None or of is None or of <= 0 else added / of


def several(result: Result) -> bool:
    """Whether there are partners to compare: at least two that the figures tell apart."""
    return len(_parts(result)[1]) > 1


def by_partner(result: Result, *, most: int | None = None, live: bool = False) -> ByPartner | None:
    """Trade by partner; None where no figure tells any partner's.

    Args:
        result: the answer.
        most: partners that are told one by one, the largest; the others are added up. None for all.
        live: read quantiles off the draws, at a fraction of the cost of the smoothed law's.
    """
    measure, parts = _parts(result)
    if not parts:
        return None
    target, total = result.leading, _known(result, [measure])
    period = target.period
    base = _base(result, Quantity(measure, period), parts.values())
    shown = [*_gathered(result, parts, period, most), *_unnamed(result, measure)]
    rows = tuple(_row(result, name, part, parts, base, live=live) for name, part in shown)
    return ByPartner(
        Quantity(measure, period),
        rows,
        base,
        base is not None and _published(result, [row.measure for row in rows], base),
        _added(result, measure, period, base) if total else None,
        _needed(result, measure, base) if total else None,
    )


def _parts(result: Result) -> tuple[str, dict[str, str]]:
    """What is shown by partner, and the measure of each partner in it that the figures tell.

    The leading target's measure, where several partners are parts of it, else all trade.
    """
    target = result.leading
    asked = [] if target.kind is Kind.SHARE or target.measure == "balance" else [target.measure]
    for measure in (*asked, "turnover"):
        parts = dict(_inside(result, measure))
        if len(parts) > 1:
            return measure, parts
    return "turnover", parts


def _inside(result: Result, measure: str) -> Iterator[tuple[str, str]]:
    """The partners with streams in a measure, each with the measure of these."""
    scenario = result.scenario
    inside = set(scenario.members(measure))
    for partner in scenario.partners:
        streams = scenario.members(partner)
        common = [stream for stream in streams if stream in inside]
        part = partner if len(common) == len(streams) else PLUS.join(common)
        if common and _known(result, [part]):
            yield partner, part


def _unnamed(result: Result, measure: str) -> list[tuple[str, str]]:
    """What of a measure no partner is named for, where the figures tell it."""
    streams = result.scenario.streams
    unnamed = [
        key for key in result.scenario.members(measure) if key in streams and streams[key].partner is None
    ]
    part = PLUS.join(unnamed)
    return [(UNNAMED, part)] if unnamed and _known(result, [part]) else []


def _known(result: Result, measures: Iterable[str]) -> bool:
    groups = result.flows.paths.law.groups
    return all(known(result.scenario, groups, measure) for measure in measures)


def _gathered(
    result: Result, parts: Mapping[str, str], period: Period, most: int | None
) -> list[tuple[str, str]]:
    """The partners in order: the largest first, those that are many last; beyond ``most`` as one."""
    sizes = {name: float(np.median(result.drawn(part, period))) for name, part in parts.items()}
    order = sorted(parts, key=lambda name: (_many(name), -sizes[name]))
    if most is None or len(order) <= most:
        return [(name, parts[name]) for name in order]
    others = order[most - 1 :]
    gathered = (f"{counted(len(others), 'other')}", PLUS.join(parts[name] for name in others))
    return [*((name, parts[name]) for name in order[: most - 1]), gathered]


def _base(result: Result, quantity: Quantity, parts: Iterable[str]) -> Period | None:
    """The period since which growth is told.

    The target's own; else the last of the same kind of which every partner is published, or that is over.
    """
    since, parts = result.leading.quantity.since, list(parts)
    if since is not None and result.grid.covers(since):
        return since
    end = min(quantity.period.first, result.ahead.first)
    over = [period for period in quantity.periods(result.grid) if period.last < end]
    published = [period for period in over if _published(result, parts, period)]
    return max(published or over, key=lambda period: period.first, default=None)


def _published(result: Result, parts: Iterable[str], period: Period) -> bool:
    return all(result.published(part, period) for part in parts)


def _row(
    result: Result, name: str, measure: str, parts: Mapping[str, str], base: Period | None, *, live: bool
) -> Partner:
    period, many = result.leading.period, name not in parts or _many(name)
    if live:
        quantiles = np.quantile(result.drawn(measure, period), list(LEVELS.values()))
        bands: Mapping[str, float] = dict(zip(LEVELS, map(float, quantiles), strict=True))
    else:
        bands = result.bands(measure, period)
    middle = None if base is None else float(np.median(result.drawn(measure, base)))
    return Partner(name, measure, many, middle, bands, _added(result, measure, period, base))


def _many(name: str) -> bool:
    """Whether the name of a partner says that it is many."""
    return name.casefold().startswith(REST)


def _added(result: Result, measure: str, period: Period, base: Period | None) -> float | None:
    """What a measure adds on average from one period to another."""
    if base is None:
        return None
    return float(result.drawn(measure, period).mean() - result.drawn(measure, base).mean())


def _needed(result: Result, measure: str, base: Period | None) -> float | None:
    """What the leading target asks for beyond the base period; None where that is no more of the measure."""
    target = result.leading
    asked = amount(target, result.flows)
    if base is None or asked is None or not target.floor or target.measure != measure:
        return None
    needed = asked - float(np.median(result.drawn(measure, base)))
    return needed if needed > 0 else None
