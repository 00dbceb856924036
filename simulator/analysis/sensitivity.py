"""What matters to an answer.

How far each unknown moves the probability, whose uncertainty the spread comes from, and what is worth
knowing first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.information import Information, information
from simulator.analysis.tornado import Bar, ends_asked, tornado
from simulator.analysis.uncertain_fields import acting
from simulator.analysis.unknowns import (
    FEWEST_POINTS,
    Sort,
    assumptions,
    currencies,
    on_path,
    read_by,
)
from simulator.model.redrawn import PLACES, redrawn
from simulator.model.result import Result, Simulate
from simulator.model.targets import reached
from simulator.numerics.draws import POINTS, SEED
from simulator.numerics.sobol_indices import Share, variance_shares
from simulator.scenario import Scenario
from simulator.scenario.work import Asked, require_answers
from simulator.shown import Shown
from simulator.values.fields import title_of
from simulator.values.rates import rate_name
from simulator.values.wording import capital

BASELINE_GROUPS = 7  # about, of what is no lever and no risk


@dataclass(frozen=True)
class Group:
    """Unknowns that are taken together; ``draws`` are the names under which they are drawn."""

    id: str
    name: str
    draws: frozenset[str]


@dataclass(frozen=True)
class GroupShares:
    """A group's shares of the spread of the total, and of hit or miss; None for what does not vary."""

    group: Group
    amount: Share | None
    hit: Share | None

    def to_dict(self) -> dict[str, Any]:
        """The shares for a machine."""
        amount, hit = (None if share is None else share.to_dict() for share in (self.amount, self.hit))
        return {"id": self.group.id, "name": self.group.name, "amount": amount, "hit": hit}


@dataclass(frozen=True)
class Sensitivity(Shown):
    """What matters to an answer; every list begins with what matters most.

    ``in_logs`` says whether the total's spread is that of its log; a total that may be negative has none.
    """

    result: Result
    tornado: tuple[Bar, ...]
    shares: tuple[GroupShares, ...]
    in_logs: bool
    information: tuple[Information, ...]
    elapsed_seconds: float

    @property
    def wrong(self) -> float:
        """The chance that the likelier verdict is wrong."""
        return min(self.result.probability, 1 - self.result.probability)

    def best(self, *sorts: Sort) -> Information | None:
        """The unknown of some sorts, or of any, that is most worth knowing; None where none clearly is."""
        clear = (known for known in self.information if known.clear)
        return next((known for known in clear if not sorts or known.unknown.sort in sorts), None)

    def to_dict(self, file: str | None = None, sentences: Sequence[str] = ()) -> dict[str, Any]:
        """The analysis for a machine.

        Args:
            file: from which the scenario was read, if from any.
            sentences: what is worth settling first, in words, as ``report.words.sensitivity`` gives them.
        """
        best = self.best()
        return {
            **self.result.question(file),
            "probability": self.result.probability,
            "standard_error": self.result.standard_error,
            **self.result.record(),
            "tornado": [bar.to_dict() for bar in self.tornado],
            "shares": {"amount_in_logs": self.in_logs, "groups": [share.to_dict() for share in self.shares]},
            "information": {
                "wrong_verdict": self.wrong,
                "best": None if best is None else best.unknown.path,
                "sentences": list(sentences),
                "unknowns": [known.to_dict() for known in self.information],
            },
            "elapsed_seconds": self.elapsed_seconds,
        }


def sensitivity(
    scenario: Scenario, *, simulate: Simulate, points: int = POINTS, seed: int = SEED
) -> Sensitivity:
    """What matters to the answer of a scenario.

    Args:
        scenario: the set of assumptions.
        simulate: the engine's.
        points: draws of the headline, a power of two; the indices take ``FEWEST_POINTS`` if that is more.
        seed: of every draw.

    Raises:
        BaselineError: the figures have no law.
        ValueError: points or seed cannot be used, or there are too many unknowns.
    """
    begun, many_points = time.perf_counter(), max(points, FEWEST_POINTS)
    again = Asked(len(acting(scenario)) + BASELINE_GROUPS, many_points, "fresh")
    require_answers(scenario, *ends_asked(scenario, points), again, Asked(1, many_points, "fresh"))
    result = simulate(scenario, points=points, seed=seed)
    bars = tornado(result, simulate=simulate)
    many = simulate(scenario, points=many_points, seed=seed)
    in_logs, shares = group_shares(many, simulate=simulate)
    course, hit = on_path(many)
    known = information(
        [
            *((unknown, many.estimate.conditional) for unknown in assumptions(many)),
            *((unknown, hit) for unknown in course),
        ]
    )
    return Sensitivity(result, bars, shares, in_logs, known, time.perf_counter() - begun)


def groups(result: Result) -> list[Group]:
    """The groups of unknowns: what the baseline draws, the trend, the shares, and each lever and risk."""
    return [*_baseline_groups(result), *_driver_groups(result)]


def _baseline_groups(result: Result) -> Iterator[Group]:
    outlook = result.scenario.outlook
    yield Group("own", "The pair's own course", frozenset({"integrated", "baseline", "behind"}))
    if outlook.world is None:
        yield Group("world", "World trade", frozenset({"world"}))
    yield Group("tails", "Calm or turbulent years", frozenset({"tails"}))
    if not outlook.trend.certain:
        yield Group("trend", capital(title_of(type(outlook), "trend")), frozenset({"outlook.trend"}))
    if result.flows.paths.law.drawn:
        yield Group("figures", "Errors of the published figures", frozenset({"figures"}))
    if result.flows.paths.streams.shared:
        yield Group("streams", "Shares of the streams", frozenset({"streams"}))
    for code in currencies(result):
        yield Group(f"rates.{code}", capital(rate_name(code)), frozenset({f"rates.{code}"}))


def _driver_groups(result: Result) -> Iterator[Group]:
    """Each lever and risk at work of which anything is drawn; those that are drawn together are one."""
    drivers, grid = dict(result.scenario.drivers()), result.flows.paths.streams.grid
    for actor in acting(result.scenario):
        working = [drivers[place] for place in actor.places]
        if any(driver.probability < 1 or read_by(driver, grid) for driver in working):
            yield Group(actor.id, actor.name, actor.draws)


def group_shares(result: Result, *, simulate: Simulate) -> tuple[bool, tuple[GroupShares, ...]]:
    """Each group's shares of the variance of the leading target's total, and of that of hit or miss.

    Returns:
        whether the total is taken in logs; the shares, the largest first.
    """
    scenario, target = result.scenario, result.leading
    quantity = target.quantity
    in_logs = bool(result.flows.quantity(quantity).values.min() > 0)

    def evaluate(names: frozenset[str]) -> np.ndarray:
        again = simulate(scenario, points=result.points, seed=result.seed, twins=names) if names else result
        outputs = []
        for place in range(PLACES):
            flows = redrawn(again.flows, names, place / PLACES)
            amount = flows.quantity(quantity).values
            outputs.append([np.log(amount) if in_logs else amount, reached(scenario, flows)])
        return np.moveaxis(np.array(outputs, dtype=float), 0, -1).reshape(2, -1)

    taken = groups(result)
    shares = variance_shares(evaluate, {group.id: group.draws for group in taken})
    by_group = [GroupShares(group, *shares[group.id]) for group in taken]
    return in_logs, tuple(sorted(by_group, key=lambda part: -part.amount.total.value if part.amount else 0.0))
