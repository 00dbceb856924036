"""Which measures for how much money: the best package at each budget, and what each part of it is worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from simulator.analysis.packages import (
    GAIN,
    Package,
    Priced,
    Shelf,
    best_packages,
    ladder,
    most_tried,
    priced_levers,
    with_amount,
)
from simulator.analysis.questions import Run, settings
from simulator.levers.driver import Driver
from simulator.model.result import Result, Simulate
from simulator.numerics.draws import FEW_POINTS, POINTS, SEED
from simulator.scenario import Scenario
from simulator.scenario.work import Asked, require_answers
from simulator.shown import Shown
from simulator.values.address import Address
from simulator.values.periods import LATEST
from simulator.values.uncertain import Certain, Uncertain
from simulator.values.units import Unit

EXHAUSTIVE = 1000  # packages up to which all are tried
SLIP = 6  # months


@dataclass(frozen=True)
class Part:
    """A lever's part of a package: how much of it, at what cost, and what the package loses without it."""

    priced: Priced
    amount: float
    cost: float
    lost_points: float

    @property
    def cost_per_point(self) -> float | None:
        """Money for each percentage point; None where it adds none."""
        return _per_point(self.cost, self.lost_points)

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "id": self.priced.key,
            "name": self.priced.name,
            "amount": self.amount,
            "unit": self.priced.knob.unit,
            "cost": self.cost,
            "lost_points": self.lost_points,
            "cost_per_point": self.cost_per_point,
        }


@dataclass(frozen=True)
class Bought:
    """A package: its levers, what it costs, its probability, and that with every start some months later."""

    budget: float
    parts: tuple[Part, ...]
    scenario: Scenario = field(repr=False)
    probability: float
    standard_error: float
    decided: bool
    probability_if_late: float
    changes: Mapping[str, Any]

    @property
    def cost(self) -> float:
        """What it costs in all."""
        return sum(part.cost for part in self.parts)

    def part(self, key: str) -> Part | None:
        """That of a lever; None where none of it is bought."""
        return next((part for part in self.parts if part.priced.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """For a machine; ``set`` are the words of ``--set`` that reproduce it."""
        return {
            "budget": self.budget,
            "cost": self.cost,
            "probability": self.probability,
            "standard_error": self.standard_error,
            "probability_if_late": self.probability_if_late,
            "package": [part.to_dict() for part in self.parts],
            "set": list(settings(self.changes)),
        }


@dataclass(frozen=True)
class Present(Bought):
    """The package of the scenario, and its answer: of others no answer is held, for each takes megabytes."""

    result: Result = field(repr=False)


@dataclass(frozen=True)
class Alone:
    """A lever bought alone, to its upper bound."""

    priced: Priced
    cost: float
    gained_points: float

    @property
    def cost_per_point(self) -> float | None:
        """Money for each percentage point; None where it adds none."""
        return _per_point(self.cost, self.gained_points)

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "id": self.priced.key,
            "name": self.priced.name,
            "unit": self.priced.knob.unit,
            "unit_cost": self.priced.cost,
            "present": self.priced.present,
            "high": self.priced.knob.high,
            "cost": self.cost,
            "gained_points": self.gained_points,
            "cost_per_point": self.cost_per_point,
        }


@dataclass(frozen=True)
class Mix(Shown):
    """The frontier: the best package at each budget, beside the present one, and each lever alone.

    ``nothing`` has every lever with a cost switched off; ``unpriced`` are the levers without one, which stay
    as they are. ``exhaustive``: all packages were ``tried``.
    """

    frontier: tuple[Bought, ...]
    present: Present
    nothing: Result
    alone: tuple[Alone, ...]
    unpriced: tuple[str, ...]
    slip: int
    exhaustive: bool
    tried: int

    @property
    def method(self) -> str:
        """How the packages were found, as a machine reads it."""
        if not self.exhaustive:
            steps = "built up by the best step for its money and improved by exchange"
            return f"{steps}, {self.tried} packages tried"
        return (
            "the one package that there is was tried"
            if self.tried == 1
            else f"all {self.tried} packages were tried"
        )

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """For a machine."""
        return {
            "frontier": [bought.to_dict() for bought in self.frontier],
            "present": self.present.to_dict(),
            "probability_without": self.nothing.probability,
            "levers": [alone.to_dict() for alone in self.alone],
            "unpriced": list(self.unpriced),
            "slip_months": self.slip,
            "method": self.method,
            **self.present.result.question(file, unit="scenario_unit"),
            **self.present.result.record(),
        }


def mix(
    scenario: Scenario,
    budgets: Sequence[float] | None = None,
    *,
    simulate: Simulate,
    slip: int = SLIP,
    exhaustive: int = EXHAUSTIVE,
    points: int = POINTS,
    seed: int = SEED,
) -> Mix:
    """The best package of measures at each budget.

    Args:
        scenario: its levers state a ``cost`` for one unit of their main value, in the scenario's unit.
        budgets: in the scenario's unit; left out, a ladder from 0 to the cost of everything at its upper
            bound, with that of the present package.
        simulate: the engine's.
        slip: months by which every start slips, to see what a package is worth then.
        exhaustive: how many packages may at most all be tried.
        points: draws of what is reported; packages are compared on fewer.
        seed: of every draw.

    Raises:
        ValueError: no lever states a cost, a budget is negative, or the slip is; or the search is too long.
    """
    _check(budgets, slip)
    priced = priced_levers(scenario)
    shelf = Shelf(scenario, priced, partial(simulate, points=min(points, FEW_POINTS), seed=seed))
    budgets = ladder(shelf) if budgets is None else sorted(set(budgets))
    require_answers(
        scenario,
        Asked(most_tried(shelf, len(budgets), exhaustive), min(points, FEW_POINTS), "moved"),
        Asked((len(budgets) + 1) * (len(priced) + 2), points, "moved"),
    )
    packages, all_tried = best_packages(shelf, budgets, exhaustive)
    judge = _Judge(shelf, partial(simulate, points=points, seed=seed), slip)
    nothing = judge.result(shelf.nothing)
    bought_alone = tuple(judge.alone(index, nothing) for index in range(len(priced)))
    keys = {lever.key for lever in priced}
    return Mix(
        frontier=_rising([judge.bought(*pair) for pair in zip(packages, budgets, strict=True)]),
        present=judge.present(),
        nothing=nothing,
        alone=bought_alone,
        unpriced=tuple(key for key in scenario.levers if key not in keys),
        slip=slip,
        exhaustive=all_tried,
        tried=len(shelf.known),
    )


def _check(budgets: Sequence[float] | None, slip: int) -> None:
    if budgets is not None and (not budgets or not all(math.isfinite(b) and b >= 0 for b in budgets)):
        listed = ", ".join(f"{budget:g}" for budget in budgets) or "none"
        raise ValueError(f"found budgets {listed}, expected amounts of 0 or more")
    if not 0 <= slip <= LATEST:
        raise ValueError(f"found a slip of {slip} months, expected from 0 to {LATEST}")


def _rising(packages: Sequence[Bought]) -> tuple[Bought, ...]:
    """Packages by rising budget; one that is worse than that before it gives way to it.

    It may be worse by the error of the search, which compares on fewer draws.
    """
    frontier: list[Bought] = []
    for bought in packages:
        better = frontier and frontier[-1].probability > bought.probability
        frontier.append(replace(frontier[-1], budget=bought.budget) if better else bought)
    return tuple(frontier)


@dataclass(frozen=True)
class _Judge:
    """What is reported of a package, worked out on all draws."""

    shelf: Shelf
    run: Run
    slip: int

    def result(self, package: Package) -> Result:
        """The answer with a package."""
        return self.run(self.shelf.scenario(package))

    def bought(self, package: Package, budget: float) -> Bought:
        """A package with what each part of it is worth."""
        return Bought(*self._numbers(self.result(package), package, budget))

    def present(self) -> Present:
        """The same of the scenario's own package, with its answer."""
        package = self.shelf.present
        result = self.result(package)
        return Present(*self._numbers(result, package, self.shelf.cost(package)), result)

    def _numbers(
        self, result: Result, package: Package, budget: float
    ) -> tuple[float, tuple[Part, ...], Scenario, float, float, bool, float, dict[str, Any]]:
        """What is said of a package, in the order of ``Bought``."""
        parts = tuple(self._part(package, index, result) for index, amount in enumerate(package) if amount)
        chances = result.scenario, result.probability, result.standard_error, result.decided
        return budget, parts, *chances, self._late(result), self.shelf.changes(package)

    def _part(self, package: Package, index: int, result: Result) -> Part:
        lever, amount = self.shelf.priced[index], package[index]
        without = self.result(with_amount(package, index, 0.0)).probability
        return Part(lever, amount, lever.price * amount, 100 * (result.probability - without))

    def _late(self, result: Result) -> float:
        if not self.slip:
            return result.probability
        return self.run(late_by(result.scenario, self.slip, result.ahead.first)).probability

    def alone(self, index: int, nothing: Result) -> Alone:
        """A lever bought to its upper bound, and nothing else."""
        lever = self.shelf.priced[index]
        result = self.result(with_amount(self.shelf.nothing, index, lever.most))
        return Alone(lever, lever.price * lever.most, 100 * (result.probability - nothing.probability))


def with_costs(scenario: Scenario, costs: Mapping[str, float]) -> Scenario:
    """A validated copy in which some levers have other costs.

    Args:
        scenario: whose levers they are.
        costs: for each lever's id, the cost of one unit of its main value, in the scenario's unit.
    """
    known = {key: cost for key, cost in costs.items() if key in scenario.levers}
    return scenario.restated({Address.of("levers", key, "cost"): cost for key, cost in known.items()})


def late_by(scenario: Scenario, months: int, ahead: int) -> Scenario:
    """The scenario with every lever that is on starting some months later.

    Args:
        scenario: whose levers slip; risks do not.
        months: by how many.
        ahead: the first month after the last figure, where a lever without a start begins.
    """
    levers = {
        key: lever.model_copy(update={"start": _later(lever, months, ahead)})
        for key, lever in scenario.levers.items()
    }
    return scenario.model_copy(update={"levers": levers})


def _later(lever: Driver, months: int, ahead: int) -> Uncertain:
    if lever.start is None:
        return Certain((float(ahead + months),), Unit.MONTH)
    return lever.start.shifted(months)


def _per_point(cost: float, points: float) -> float | None:
    return cost / points if points > 100 * GAIN else None
