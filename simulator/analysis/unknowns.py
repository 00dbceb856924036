"""The unknowns of an answer that a person can name, with the value that every draw gave them.

Three sorts: assumptions (fields of levers and risks, shares, the trend, and what each measure brings), the course of world
trade, and figures that will be published before the target is decided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel

from simulator._version import __version__
from simulator.levers import KINDS
from simulator.levers.driver import Driver, uncertain_fields
from simulator.model.paths import Paths
from simulator.model.redrawn import PLACES, redrawn
from simulator.model.result import Result, fingerprint
from simulator.model.targets import reached
from simulator.model.totals import Flows
from simulator.scenario import Scenario
from simulator.values.address import Address
from simulator.values.periods import Period, quarter, year
from simulator.values.uncertain import Uncertain

Sort = Literal["assumption", "world", "figure"]


@dataclass(frozen=True)
class Unknown:
    """One unknown: ``values`` has shape (points,), in ``unit`` (money in the scenario's, percents as fractions, yes or no as 1 or 0).

    ``signed`` marks an effect, which is written with its sign.
    """

    path: str
    name: str
    unit: str
    values: np.ndarray
    sort: Sort = "assumption"
    signed: bool = False

    def repeated(self, times: int) -> Unknown:
        """The same with each draw's value that many times, side by side."""
        return replace(self, values=np.repeat(self.values, times))


@dataclass(frozen=True)
class Field:
    """An uncertain field of an enabled measure or a stream, and what is told of it."""

    path: str
    name: str
    number: Uncertain
    meaning: str
    source: str


def measures(scenario: Scenario) -> Iterator[tuple[str, str, Driver]]:
    """(section, id, measure) of all levers, then all risks, switched off ones too."""
    yield from (("levers", key, lever) for key, lever in scenario.levers.items())
    yield from (("risks", key, risk) for key, risk in scenario.risks.items())


def called(key: str, item: Any) -> str:
    """What a measure or stream is called on charts."""
    return str(item.name or key)


def uncertain(scenario: Scenario) -> Iterator[Field]:
    """Every uncertain field that is in play: of enabled levers and risks, of streams, and the trend."""
    for section, key, measure in measures(scenario):
        if measure.enabled:
            for name in uncertain_fields(type(measure)):
                number = _number(measure, name)
                if number is not None and not number.certain:
                    words = name.replace("_", " ").replace(".", " ")
                    source = measure.source(name.split(".")[0])
                    yield Field(
                        f"{section}.{key}.{name}",
                        f"{called(key, measure)}: {words}",
                        number,
                        described(measure, name),
                        source,
                    )
    for key, stream in scenario.streams.items():
        if stream.share is not None and not stream.share.certain:
            yield Field(
                f"streams.{key}.share",
                f"{called(key, stream)}: share of {stream.direction}",
                stream.share,
                described(stream, "share"),
                "judgement",
            )
    trend = scenario.outlook.trend
    if not trend.certain:
        yield Field(
            "outlook.trend", "Trend: growth a year", trend, described(scenario.outlook, "trend"), "judgement"
        )


def _number(measure: Driver, field: str) -> Uncertain | None:
    outer, _, inner = field.rpartition(".")
    holder = attrgetter(outer)(measure) if outer else measure
    return None if holder is None else getattr(holder, inner)


def described(model: BaseModel, field: str) -> str:
    """What a field's description says, up to its first semicolon."""
    *outer, name = field.split(".")
    holder = attrgetter(".".join(outer))(model) if outer else model
    return (type(holder).model_fields[name].description or "").partition(";")[0]


def read_by(measure: Driver, paths: Paths) -> frozenset[str]:
    """The names of the draws that a measure reads: not all of its fields count, and some draw once for each item."""
    names: set[str] = set()

    def draw(name: str, count: int = -1) -> np.ndarray:
        names.add(name)
        return np.full(1 if count < 0 else (1, count), 0.5)

    KINDS[measure.kind].effect(measure, paths.streams.grid, draw)
    return frozenset(names)


def _read(result: Result) -> frozenset[str]:
    """The names of all draws that an answer reads, the baseline's own apart."""
    scenario, paths = result.scenario, result.flows.paths
    names = {
        f"{section}.{key}.{name}"
        for section, key, m in measures(scenario)
        if m.enabled
        for name in read_by(m, paths)
    }
    names |= {
        f"{section}.{key}.happens"
        for section, key, m in measures(scenario)
        if m.enabled and m.probability < 1
    }
    names |= {f"streams.{key}.share" for key in paths.streams.shared}
    return frozenset(names | {"outlook.trend"})


def in_play(result: Result) -> Iterator[Field]:
    """The uncertain fields that count: one that no draw reads does so only where its measure draws for each item on its own."""
    read = _read(result)
    each = {name.rpartition(".each_")[0] for name in read if ".each_" in name}
    for field in uncertain(result.scenario):
        if field.path in read or any(field.path.startswith(f"{place}.") for place in each):
            yield field


def assumptions(result: Result) -> list[Unknown]:
    """Every unknown that does not depend on the path, values of shape (points,); those that do not vary are left out."""
    return [unknown for unknown in (*_fields(result), *_brought(result)) if np.ptp(unknown.values) > 0]


def on_path(result: Result) -> tuple[list[Unknown], np.ndarray]:
    """World trade and the figures to come, and whether the target is hit, at several values of the integrated normal for each draw.

    Returns:
        unknowns and hits with values of shape (points * ``PLACES``,), those of one draw side by side.
    """
    flows = [redrawn(result.flows, frozenset(), place / PLACES) for place in range(PLACES)]
    found = [[*_world(result, each), *_figures(result, each)] for each in flows]
    pooled = [
        replace(same[0], values=np.stack([each.values for each in same], axis=1).ravel())
        for same in zip(*found, strict=True)
    ]
    hit = np.stack([reached(result.scenario, each) for each in flows], axis=1).ravel()
    return [unknown for unknown in pooled if np.ptp(unknown.values) > 0], hit


def _fields(result: Result) -> Iterator[Unknown]:
    scenario, paths = result.scenario, result.flows.paths
    read = _read(result)
    for field in uncertain(scenario):
        if field.path in read:
            yield Unknown(
                field.path, field.name, field.number.unit, field.number.quantile(_uniform(paths, field.path))
            )
    for section, key, measure in measures(scenario):
        path = f"{section}.{key}.happens"
        if measure.enabled and path in read:
            yield Unknown(
                path,
                f"{called(key, measure)}: happens",
                "yes or no",
                (_uniform(paths, path) < measure.probability).astype(float),
            )


def _uniform(paths: Paths, name: str) -> np.ndarray:
    return paths.draws.uniform([name])[:, 0]


def _brought(result: Result) -> Iterator[Unknown]:
    """What each measure, and all levers together, do to the leading target at the median path, so that no path shows through.

    Each is taken alone, so that no other measure shows through either; a risk also strikes in time to touch the target, or not.
    """
    target, scenario = result.leading, result.scenario
    on = {address: called(address.id, driver) for address, driver in scenario.drivers() if driver.enabled}
    nothing = result.without(frozenset(on)).at_median(target.measure, target.period)

    def unknown(path: str, name: str, only: frozenset[Address]) -> Unknown:
        rest = result.without(frozenset(on) - only)
        effect = rest.at_median(target.measure, target.period) - nothing
        return Unknown(
            path, f"{name}: effect on {target.measure} in {target.period}", "money", effect, signed=True
        )

    for place, name in on.items():
        found = unknown(str(place), name, frozenset({place}))
        yield found
        if place.section == "risks":
            yield Unknown(
                f"{found.path}.strikes", f"{name}: strikes", "yes or no", (found.values != 0).astype(float)
            )
    levers = frozenset(place for place in on if place.section == "levers")
    if len(levers) > 1:
        yield unknown("levers", "All levers together", levers)


def _world(result: Result, flows: Flows) -> Iterator[Unknown]:
    """What world trade does to the leading target's median flows, a fraction; for a balance it has no one sign."""
    target, effect = result.leading, flows.paths.world_effect
    if effect is None:
        return
    yield Unknown(
        "world",
        f"World trade: effect on {target.measure} in {target.period}",
        "percent",
        effect,
        "world",
        signed=True,
    )


def _figures(result: Result, flows: Flows) -> Iterator[Unknown]:
    """Totals of the leading target's measure that will be published before it is decided: by year or, where no year is over, by quarter."""
    target, ahead = result.leading, result.ahead
    for periods in (_years(result), _quarters(result)):
        before = [
            period
            for period in periods
            if ahead.first <= period.last < target.period.last and result.grid.covers(period)
        ]
        for period in before:
            values = flows.total(target.measure, period).values
            yield Unknown(
                f"{target.measure} {period}", f"{target.measure} in {period}", "money", values, "figure"
            )
        if before:
            return


def _years(result: Result) -> list[Period]:
    return [year(number) for number in range(result.ahead.first // 12, result.grid.end_year + 1)]


def _quarters(result: Result) -> list[Period]:
    return [quarter(month) for month in range(result.ahead.first, result.grid.last + 1, 3)]


def head(result: Result, file: str | None) -> Mapping[str, Any]:
    """What every answer says first, without the parts of ``Result.to_dict`` that cost more simulations."""
    scenario = result.scenario
    targets = [
        {
            "measure": t.measure,
            "period": str(t.period),
            ("at_least" if t.at_least is not None else "at_most"): t.amount,
        }
        for t in scenario.target
    ]
    return {
        "scenario": {"title": scenario.title, "file": file, "sha256": fingerprint(scenario)},
        "as_of": str(scenario.as_of),
        "currency": scenario.currency,
        "unit": scenario.unit,
        "target": targets[0] if len(targets) == 1 else targets,
        "probability": result.probability,
        "standard_error": result.standard_error,
        "points": result.points,
        "seed": result.seed,
        "version": __version__,
    }


def rounded(value: float, digits: int = 3) -> float:
    """A value to some significant digits: what is printed is what was computed with."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))
