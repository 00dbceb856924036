"""What an answer takes, estimated before it is begun: seconds of a reference machine, and what weighs most.

Each kind of size has a limit of its own (``sizes``); what several of them take together is held to one more.
The estimate is a sum over kinds: how much there is of each, times what one of it was measured to take.
``tests/benchmarks/work.py`` measures it on scenarios of all sizes and prints the table below.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from simulator.caches import attached
from simulator.levers.driver import Driver
from simulator.numerics.points import FEW_POINTS, POINTS
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.dependence import chain
from simulator.scenario.measures import TOTALS
from simulator.scenario.sizes import (
    A_TARGET,
    YEAR,
    Excesses,
    Sized,
    ahead,
    first_month,
    placed_readings,
    readings,
    require_drawable,
    target_months,
)
from simulator.scenario.targets import Target
from simulator.values import limits
from simulator.values.address import Address

MICROSECOND = 1e-6  # in seconds
LEAST, WHOLE = 0.1, 20  # what is told of a part: nothing below, no tenths from there on
AT_ONCE = 16  # effects that are added up at once
FIGURES, STREAMS, TARGETS, DRIVERS = "figures", "streams and months", "targets", "levers and risks"


Sort = Literal["full", "fresh", "moved"]  # of an answer


class Cost(NamedTuple):
    """What one of something takes, in microseconds, with the usual number of points.

    ``full`` is in a whole answer, with all that ``run`` shows; ``fresh`` in a probability alone of other
    figures or other settings of the model; ``moved`` in one of which a number of a lever or target moved.
    """

    heading: str
    full: float
    fresh: float
    moved: float
    kilobytes: float = 0.0  # at the peak of a whole answer
    drawn: bool = True  # whether it grows with the points

    def of(self, sort: Sort) -> float:
        """What it takes in an answer of one sort."""
        return {"full": self.full, "fresh": self.fresh, "moved": self.moved}[sort]


# by what is counted: see ``counts``
COSTS: Mapping[str, Cost] = {
    "answer": Cost("", 9.64e05, 6.96e03, 4.74e03, 1.79e05, drawn=False),
    "figures": Cost(FIGURES, 38, 35.9, 27.2, 1.89, drawn=False),
    "law cells": Cost(FIGURES, 3.07, 0.492, 0.335, 0.742, drawn=False),
    "laws": Cost(FIGURES, 62.6, 5.19, 0.349, 6.97, drawn=False),
    "axes": Cost(FIGURES, 941, 56, 65.2, 108, drawn=False),
    "uncertain figures": Cost(FIGURES, 1.22e03, 37.9, 59.1, 75),
    "cells ahead": Cost(STREAMS, 7.44, 70.5, 59.5, 1.8),
    "cells ahead of other readings": Cost(STREAMS, 9.96, 0.403, 0.408, 0.607),
    "cells listed": Cost(STREAMS, 169, 0.597, 0.406, 11),
    "totals listed": Cost(STREAMS, 4e03, 20.4, 13.9, 395),
    "totals without figures": Cost(STREAMS, 5.39e03, 59.5, 40.5, 89.7),
    "target cells": Cost(TARGETS, 561, 7.25, 4.94, 130),
    "target cells of settings": Cost(TARGETS, 4.52, 0.725, 0.494, 1.09),
    "target cells by period": Cost(TARGETS, 7.44, 1.19, 0.813, 1.8),
    "drivers": Cost(DRIVERS, 7.18e03, 300, 15.8, 1.52e03),
    "driver months": Cost(DRIVERS, 47.5, 18.8, 15.8, 9.01),
    "money months": Cost(DRIVERS, 8.55, 15.3, 11.3, 58),
    "ventures": Cost(DRIVERS, 1.5e04, 8.21e03, 1.15e03, 416),
    "items": Cost(DRIVERS, 232, 289, 5.03, 11.1),
    "item months": Cost(DRIVERS, 11.2, 1.35, 1.55, 1.89),
    "days": Cost(DRIVERS, 41.8, 21.1, 14.9, 6),
    "cells without each": Cost(DRIVERS, 1.92, 0.307, 0.209, 6.37),
    "totals without each": Cost(DRIVERS, 112, 0.569, 0.535, 0.857),
    "sums without each": Cost(DRIVERS, 0.678, 0.0677, 0.00543, 0.0933),
    "group cells": Cost(DRIVERS, 55.2, 21.2, 23.7, 28.3),
    "group sums without each": Cost(DRIVERS, 0.893, 0.0109, 0.00739, 0.0164),
    "links": Cost(DRIVERS, 1.06e03, 40.7, 27.7, 208),
}


@attached
def counts(scenario: Sized) -> dict[str, float]:
    """How much there is of each that takes time, by the names of ``COSTS``."""
    return {"answer": 1, **_of_figures(scenario), **_of_targets(scenario), **_of_drivers(scenario)}


def _of_figures(scenario: Sized) -> dict[str, float]:
    streams, months, others = len(scenario.streams), ahead(scenario), len(scenario.alternatives)
    placed = [reading for _, reading in placed_readings(scenario)]
    first = min(map(first_month, filter(None, placed)))
    years = math.ceil((scenario.horizon - first + 1) / YEAR)
    partnered = sum(stream.partner is not None for stream in scenario.streams.values())
    listed = len(TOTALS) + len(scenario.partners)
    return {
        "figures": sum(map(len, placed)),
        "law cells": (1 + len(CALIBRATED["sets"]) + others) * years * streams,
        "uncertain figures": _uncertain(scenario),
        "cells ahead": streams * months,
        "cells ahead of other readings": streams * months * others,
        "cells listed": (2 * streams + partnered) * months,
        "totals listed": listed * years,
        "totals without figures": years * _without_figures(scenario),
    }


def _uncertain(scenario: Sized) -> float:
    """The figures with an error; those of other readings are drawn fewer times."""
    counted = [
        sum(item.count for item in reading if item.uncertain)
        for reading in (scenario.observations, *scenario.alternatives.values())
    ]
    return counted[0] + FEW_POINTS / POINTS * sum(counted[1:])


def _without_figures(scenario: Sized) -> int:
    """How many totals and partners are neither what figures speak of nor the sum of such."""
    measures = {item.measure for _, reading in readings(scenario) for item in reading}
    return sum(
        name not in measures and not measures.issuperset(scenario.members(name))
        for name in (*TOTALS, *scenario.partners)
    )


def _of_targets(scenario: Sized) -> dict[str, float]:
    settings = len(CALIBRATED["sets"]) + len(scenario.alternatives)
    alone = [one for target in scenario.target for form in target.forms for one in form.alone]
    goals = sum(_cells(scenario, goal) for target in scenario.target for goal in target.alone)
    widest = max(_streams(scenario, target) for target in scenario.target)
    return {
        "target cells": sum(_cells(scenario, one) for one in alone),
        "target cells of settings": goals * settings,
        "target cells by period": widest * ahead(scenario),
    }


def _streams(scenario: Sized, target: Target) -> int:
    """The streams that a target adds up, with those of what it is compared with."""
    quantity = target.quantity
    sums = filter(None, (quantity.measure, quantity.base and quantity.base[0]))
    return sum(len(scenario.members(name)) for name in sums)


def _cells(scenario: Sized, target: Target) -> int:
    """The months of streams in what a target for one period is about, and what that takes beside."""
    return A_TARGET + target_months(scenario, target.quantity)


def _of_drivers(scenario: Sized) -> dict[str, float]:
    every, months = dict(scenario.drivers()), ahead(scenario)
    drivers = {place: driver for place, driver in every.items() if driver.enabled}
    goals = [goal for target in scenario.target for goal in target.alone]
    touched = {place: _touched(driver, scenario) for place, driver in drivers.items()}
    return {
        **_without_each(scenario, goals, drivers, touched),
        **_in_groups(months, drivers, touched),
        **_of_items(months, list(drivers.values())),
        "drivers": len(drivers),
        "driver months": months * sum(_rows(driver, touched[place]) for place, driver in drivers.items()),
        "links": sum(len(chain(place, every)) for place in drivers),
    }


def _without_each(
    scenario: Sized,
    goals: Sequence[Target],
    drivers: Mapping[Address, Driver],
    touched: Mapping[Address, int],
) -> dict[str, float]:
    """What each lever and risk takes that is switched off in turn."""
    count, paying = len(drivers), sum(driver.in_money for driver in drivers.values())
    every_month = ahead(scenario)
    months = sum(min(goal.quantity.period.months, every_month) for goal in goals)
    added = AT_ONCE + count / AT_ONCE
    return {
        "money months": every_month * paying,
        "cells without each": count * sum(_cells(scenario, goal) for goal in goals),
        "totals without each": count * sum(1 + _streams(scenario, goal) for goal in goals),
        "sums without each": added * (months * sum(touched.values()) + every_month * paying),
    }


def _of_items(months: int, drivers: Sequence[Driver]) -> dict[str, float]:
    """What is drawn one by one, and what begins on a day."""
    ventures = [driver.items for driver in drivers if driver.kind == "joint_ventures"]
    items = sum(driver.items for driver in drivers)
    return {
        "ventures": len(ventures),
        "items": items,
        "item months": months * (items - sum(ventures)),
        "days": months * sum(driver.start is not None and driver.start.by_day for driver in drivers),
    }


def _in_groups(
    months: int, drivers: Mapping[Address, Driver], touched: Mapping[Address, int]
) -> dict[str, float]:
    """What levers take that are counted in money: those with a quota, and those of an overlap group."""
    groups: dict[object, list[int]] = {}
    for place, driver in drivers.items():
        if driver.overlap is not None or driver.quota is not None:
            groups.setdefault(_group(place, driver), []).append(touched[place])
    return {
        "group cells": months * sum(map(sum, groups.values())),
        "group sums without each": months * sum(len(group) * sum(group) for group in groups.values()),
    }


def _group(place: Address, driver: Driver) -> object:
    return driver.overlap.group if driver.overlap else place


def _touched(driver: Driver, scenario: Sized) -> int:
    """How many streams a lever or risk touches."""
    return len({stream for name in driver.streams or ("turnover",) for stream in scenario.members(name)})


def _rows(driver: Driver, touched: int) -> int:
    """How many rows its shift has: one for each weight."""
    weights = driver.streams.values() if isinstance(driver.streams, Mapping) else ()
    return min(len(set(weights)), touched) or 1


# The estimate, held to its limits

MENDS = {
    FIGURES: "leave out figures that others add up to, or that lie furthest back, or other readings",
    STREAMS: "use fewer streams or an earlier target",
    TARGETS: "ask for fewer periods",
    DRIVERS: "put small measures of one kind together, or ask for an earlier target",
}


class Asked(NamedTuple):
    """So many answers of one sort (see ``Cost``) that a question asks for, each on so many points."""

    answers: int
    points: int = POINTS
    sort: Sort = "full"


def seconds(counted: Mapping[str, float], sort: Sort = "full", points: int = POINTS) -> dict[str, float]:
    """What one answer takes, by heading, the most first.

    Args:
        counted: see ``counts``.
        sort: which of ``Cost``: full, fresh or moved.
        points: draws of it.
    """
    costs = ((COSTS[name], count) for name, count in counted.items())
    return _by_heading(
        (cost.heading, MICROSECOND * count * cost.of(sort) * (points / POINTS if cost.drawn else 1.0))
        for cost, count in costs
    )


def megabytes(counted: Mapping[str, float]) -> dict[str, float]:
    """What a whole answer holds at its peak, by heading, the most first."""
    costs = ((COSTS[name], count) for name, count in counted.items())
    return _by_heading((cost.heading, cost.kilobytes * count / 1000) for cost, count in costs)


def _by_heading(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The sum of each heading's parts, the largest first."""
    added: dict[str, float] = {}
    for heading, part in parts:
        added[heading] = added.get(heading, 0.0) + part
    return dict(sorted(added.items(), key=lambda item: -item[1]))


def excesses_together(scenario: Sized, laws: Mapping[str, float] | None = None) -> Excesses:
    """Why an answer to a scenario would take too long or too much memory: (address, message).

    Args:
        scenario: of which each kind of size is within its limit.
        laws: how much its laws are, by the names of ``COSTS``, where that is known.
    """
    counted = counts(scenario) | dict(laws or {})
    drivers = next((place.section for place, _ in scenario.drivers()), "target")
    places = {FIGURES: "observations", DRIVERS: drivers}
    for limit, parts in (
        (limits.ANSWER_WORK, seconds(counted)),
        (limits.ANSWER_MEMORY, megabytes(counted)),
    ):
        named = {name: part for name, part in parts.items() if name}
        most = next(iter(named))
        fitting = replace(limit, mend=MENDS[most])
        if message := fitting.exceeded(math.ceil(limit.per * sum(parts.values())), _listed(named)):
            yield Address.of(places.get(most, "target")), message


def _listed(parts: Mapping[str, float]) -> str:
    """What weighs most, with its amount."""
    named = {name: part for name, part in parts.items() if part >= LEAST}
    return ", ".join(f"{name} {part:,.{0 if part >= WHOLE else 1}f}" for name, part in named.items())


def require_answers(scenario: Sized, *asked: Asked) -> None:
    """Check that a question can be answered within ``limits.QUESTION_WORK``, before it is begun.

    Args:
        scenario: that is asked about.
        asked: how many answers of each sort it asks for at the most.

    Raises:
        ValueError: an answer cannot be held, or all of them are too much work.
    """
    require_drawable(scenario, max(one.points for one in asked))
    count, counted = sum(one.answers for one in asked), counts(scenario)
    limits.ANSWERS.require(count)
    every = _by_heading(
        (heading, one.answers * part)
        for one in asked
        for heading, part in seconds(counted, one.sort, one.points).items()
    )
    parts = {name: part for name, part in every.items() if name}
    what = ": ".join(filter(None, (f"{count:,} answers", _listed(parts))))
    limits.QUESTION_WORK.require(math.ceil(sum(every.values())), what)
