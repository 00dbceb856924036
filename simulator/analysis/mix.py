"""Which measures for how much money: the package with the highest probability at each budget.

Each lever with a ``cost`` is bought in units of its main value, from nothing (switched off) to its upper bound. Where all its
packages are few, all are tried. Else the best is built up by the step that adds most probability for its money, and then
improved by exchange: money is taken from one lever, in several amounts, and spent on another, as long as that helps. All on common draws.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from simulator.analysis.questions import Simulate, switched_on, words
from simulator.analysis.solve import asked
from simulator.levers.driver import Driver
from simulator.model.result import Result
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, knobs, turned, written
from simulator.values.uncertain import Certain, Uncertain
from simulator.values.units import Unit

SEARCH_POINTS = 512  # draws on which packages are compared; what is reported is worked out on all
EXHAUSTIVE = 1000  # packages up to which all are tried
PARTS = 8  # steps in which a continuous main value is bought
ROUNDS = 20  # of exchange
LADDER = 8  # budgets above 0, where none is given
SLIP = 6  # months
GAIN = 1e-7  # of probability that makes one package better than another
CENT = 1e-9  # of a budget, within which a cost meets it
GRAIN = 1e-4  # of its upper bound, to which a continuous main value is bought
MEANING = (
    "What it means: of all ways to spend a budget on the levers with a cost, the one that gives the model's highest probability of the target.",
    "What it does not mean: that costs and effects are well known. Where two packages are within the range of reasonable alternatives, "
    "prefer the one that is robust to delay and easier to carry out.",
)
Package = tuple[float, ...]


@dataclass(frozen=True)
class Priced:
    """A lever with a cost: what one unit of its main value costs, how much of it there is at present, and how far it can be bought."""

    key: str
    name: str
    knob: Knob
    cost: float
    present: float

    @property
    def field(self) -> str:
        """Its main value's field."""
        return self.knob.path.split(".")[2]

    @property
    def hundredfold(self) -> bool:
        """Whether the cost is that of one percentage point."""
        return hundredfold(self.knob)

    @property
    def price(self) -> float:
        """The cost of 1 as knobs count it: of 100 %, where the cost is that of a percentage point."""
        return self.cost * (100 if self.hundredfold else 1)

    @property
    def whole(self) -> bool:
        """Whether it is bought in whole numbers."""
        return self.knob.unit == "whole number"

    @property
    def step(self) -> float:
        """What is bought at once."""
        return 1.0 if self.whole else self.knob.high / PARTS

    def held(self, amount: float) -> float:
        """The most that can be bought up to an amount: whole, or a round number; nothing where that is below its lower bound."""
        grain = 1.0 if self.whole else 10.0 ** math.floor(math.log10(self.knob.high * GRAIN))
        neat = float(math.floor(min(amount, self.knob.high) / grain + 1e-6) * Decimal(repr(grain)))
        return neat if neat > 0 and neat >= self.knob.low else 0.0

    def after(self, amount: float, money: float) -> float:
        """How much there is of it when money is spent on top of an amount."""
        return self.held(amount + money / self.price if self.price else self.knob.high)


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
    result: Result = field(repr=False)
    probability_if_late: float
    changes: Mapping[str, Any]

    @property
    def cost(self) -> float:
        """What it costs in all."""
        return sum(part.cost for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """For a machine; ``set`` are the words of ``--set`` that reproduce it."""
        return {
            "budget": self.budget,
            "cost": self.cost,
            "probability": self.result.probability,
            "standard_error": self.result.standard_error,
            "probability_if_late": self.probability_if_late,
            "package": [part.to_dict() for part in self.parts],
            "set": list(words(self.changes)),
        }


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
class Mix:
    """The frontier: the best package at each budget, beside the present one, and each lever alone.

    ``nothing`` has every lever with a cost switched off; ``unpriced`` are the levers without one, which stay as they are.
    """

    frontier: tuple[Bought, ...]
    present: Bought
    nothing: Result
    alone: tuple[Alone, ...]
    unpriced: tuple[str, ...]
    slip: int
    exhaustive: bool
    tried: int

    @property
    def method(self) -> str:
        """How the packages were found."""
        if self.exhaustive:
            return (
                "the one package that there is was tried"
                if self.tried == 1
                else f"all {self.tried} packages were tried"
            )
        return (
            f"built up by the best step for its money and improved by exchange, {self.tried} packages tried"
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
            **asked(self.present.result, file),
        }


def mix(
    scenario: Scenario,
    budgets: Sequence[float] | None = None,
    *,
    simulate: Simulate,
    slip: int = SLIP,
    exhaustive: int = EXHAUSTIVE,
    points: int = 2048,
    **options: Any,
) -> Mix:
    """The best package of measures at each budget.

    Args:
        scenario: its levers state a ``cost`` for one unit of their main value, in the scenario's unit.
        budgets: in the scenario's unit; left out, a ladder from 0 to the cost of everything at its upper bound, with that of the present package.
        simulate: the engine's.
        slip: months by which every start slips, to see what a package is worth then.
        exhaustive: how many packages may at most all be tried.
        points: draws of what is reported.
        options: handed to the engine.

    Raises:
        ValueError: no lever states a cost, a budget is negative, or the slip is no whole number of months from 0.
    """
    if budgets is not None and (not budgets or not all(math.isfinite(b) and b >= 0 for b in budgets)):
        raise ValueError(
            f"found budgets {', '.join(f'{b:g}' for b in budgets) or 'none'}, expected amounts of 0 or more"
        )
    if slip < 0:
        raise ValueError(f"found a slip of {slip} months, expected 0 or more")
    priced = priced_levers(scenario)
    shelf = _Shelf(scenario, priced, partial(simulate, **options), min(points, SEARCH_POINTS))
    present = tuple(lever.present for lever in priced)
    ladder = sorted(set(budgets)) if budgets is not None else _ladder(shelf, present)
    chosen, all_tried = _frontier(shelf, ladder, exhaustive)
    judge = partial(_judged, shelf, slip=slip, points=points)
    nothing = shelf.run(shelf.scenario((0.0,) * len(priced)), points=points)
    alone = tuple(_alone(shelf, index, nothing, points) for index in range(len(priced)))
    frontier: list[Bought] = []
    for package, budget in zip(chosen, ladder, strict=True):
        bought = judge(package, budget=budget)
        if (
            frontier and frontier[-1].result.probability > bought.result.probability
        ):  # by the error of the fewer draws of the search
            bought = replace(frontier[-1], budget=budget)
        frontier.append(bought)
    return Mix(
        tuple(frontier),
        judge(present, budget=shelf.cost(present)),
        nothing,
        alone,
        tuple(key for key in scenario.levers if key not in {lever.key for lever in priced}),
        slip,
        all_tried,
        len(shelf.known),
    )


def priced_levers(scenario: Scenario) -> tuple[Priced, ...]:
    """The levers that can be bought: with a cost, and one number to buy.

    Raises:
        ValueError: there is none; the message lists the levers and how to add a cost.
    """
    on_sale = buyable(scenario)
    found = []
    for key, knob in on_sale.items():
        lever = scenario.levers[key]
        if lever.cost is not None:
            found.append(Priced(key, lever.name or key, knob, lever.cost, knob.value * lever.enabled))
    if not found:
        listed = ", ".join(f"{key} (its {scenario.levers[key].main_field})" for key in on_sale)
        how = f"add to each of some of them, such as cost: 1.5, what one unit of its main value costs in {scenario.unit} {scenario.currency}"
        raise ValueError(
            f"found no lever with a cost among {listed}; {how}"
            if listed
            else "found no lever with one number to buy, expected some"
        )
    return tuple(found)


def buyable(scenario: Scenario) -> dict[str, Knob]:
    """The main value of each lever that can be bought, once it has a cost: those with one number, from nothing up."""
    mains = {
        knob.path.split(".")[1]: knob
        for knob in knobs(scenario)
        if knob.main and knob.path.startswith("levers.")
    }
    return {key: knob for key, knob in mains.items() if knob.value >= 0 and knob.high > 0}


def hundredfold(knob: Knob) -> bool:
    """Whether the cost of one unit is that of one percentage point."""
    return knob.unit.startswith(("percent", "share", "probability"))


def with_costs(scenario: Scenario, costs: Mapping[str, float]) -> Scenario:
    """A validated copy in which some levers have other costs.

    Args:
        scenario: whose levers they are.
        costs: for each lever's id, the cost of one unit of its main value, in the scenario's unit.
    """
    data = {
        key: lever.model_dump(exclude_unset=True) | ({"cost": costs[key]} if key in costs else {})
        for key, lever in scenario.levers.items()
    }
    return scenario.changed(levers=data)


class _Shelf:
    """Packages with their probabilities: each is worked out once."""

    def __init__(self, scenario: Scenario, priced: tuple[Priced, ...], run: Simulate, points: int) -> None:
        self.base, self.priced, self.run, self.points = scenario, priced, run, points
        self.known: dict[Package, float] = {}
        self._levers: dict[tuple[int, float], Driver] = {}

    def scenario(self, package: Package) -> Scenario:
        """The scenario with a package in place of its levers with a cost."""
        levers = {
            lever.key: self._lever(index, amount)
            for index, (lever, amount) in enumerate(zip(self.priced, package, strict=True))
        }
        return self.base.model_copy(update={"levers": {**self.base.levers, **levers}})

    def _lever(self, index: int, amount: float) -> Driver:
        if (index, amount) not in self._levers:
            lever = self.priced[index]
            old: Driver = self.base.levers[lever.key]
            if amount == lever.present:
                new = old
            elif amount == 0:
                new = old.model_copy(update={"enabled": False})
            else:
                on, _ = switched_on(self.base, (lever.knob.path,))
                new = turned(on, {lever.knob.path: amount}).levers[lever.key]
            self._levers[index, amount] = new
        return self._levers[index, amount]

    def probability(self, package: Package) -> float:
        """Its probability, on the draws of the search."""
        if package not in self.known:
            self.known[package] = self.run(self.scenario(package), points=self.points).probability
        return self.known[package]

    def cost(self, package: Package) -> float:
        """What it costs."""
        return sum(lever.price * amount for lever, amount in zip(self.priced, package, strict=True))

    def fits(self, package: Package, budget: float) -> bool:
        """Whether a budget pays for it."""
        return self.cost(package) <= budget + CENT * max(budget, 1.0)

    def changes(self, package: Package) -> dict[str, Any]:
        """What a file would have to state."""
        found: dict[str, Any] = {}
        for index, (lever, amount) in enumerate(zip(self.priced, package, strict=True)):
            old, new = self.base.levers[lever.key], self._lever(index, amount)
            if old.enabled != new.enabled:
                found[f"levers.{lever.key}.enabled"] = new.enabled
            if amount and new is not old:
                found |= written(self.base, {lever.knob.path: amount})
        return found


def _ladder(shelf: _Shelf, present: Package) -> list[float]:
    everything = shelf.cost(tuple(lever.held(lever.knob.high) for lever in shelf.priced))
    return sorted(
        {
            float(f"{budget:.12g}")
            for budget in (*(everything * step / LADDER for step in range(LADDER + 1)), shelf.cost(present))
        }
    )


# The search


def _frontier(shelf: _Shelf, ladder: Sequence[float], exhaustive: int) -> tuple[list[Package], bool]:
    """The best package at each budget, and whether all were tried."""
    shelves = [
        sorted({lever.held(n) for n in range(int(lever.knob.high) + 1)})
        for lever in shelf.priced
        if lever.whole
    ]
    if len(shelves) == len(shelf.priced) and math.prod(map(len, shelves)) <= exhaustive:
        packages = list(itertools.product(*shelves))
        return [
            _cheapest_best(shelf, [p for p in packages if shelf.fits(p, budget)]) for budget in ladder
        ], True
    found: list[Package] = []
    for budget in ladder:
        starts = dict.fromkeys(
            _filled(shelf, start, budget) for start in (*found[-1:], *_corners(shelf, budget))
        )
        found.append(
            _cheapest_best(shelf, [*found[-1:], *(_exchanged(shelf, start, budget) for start in starts)])
        )
    return found, False


def _cheapest_best(shelf: _Shelf, packages: Sequence[Package]) -> Package:
    """The package of the highest probability; of equals the cheapest."""
    best = max(shelf.probability(package) for package in packages)
    return min((package for package in packages if shelf.probability(package) >= best - GAIN), key=shelf.cost)


def _corners(shelf: _Shelf, budget: float) -> Iterator[Package]:
    """Where a search starts: with nothing; and, where several are bought whole, which makes exchange hard, with as much of one as the budget buys."""
    nothing = (0.0,) * len(shelf.priced)
    yield nothing
    whole = [index for index, lever in enumerate(shelf.priced) if lever.whole]
    for index in whole if len(whole) > 1 else ():
        yield _with(nothing, index, shelf.priced[index].after(0.0, budget))


def _filled(shelf: _Shelf, package: Package, budget: float, *, whole: bool = False) -> Package:
    """A package with steps added while the budget lasts, each the one that adds most probability for its money; ``whole``: whole units only."""
    while True:
        before = shelf.probability(package)
        best: tuple[float, Package] | None = None
        for more in _steps(shelf, package, budget, whole):
            gain, cost = shelf.probability(more) - before, shelf.cost(more) - shelf.cost(package)
            worth = gain / cost if cost > 0 else math.inf
            if gain > GAIN and (best is None or worth > best[0]):
                best = worth, more
        if best is None:
            return package
        package = best[1]


def _steps(shelf: _Shelf, package: Package, budget: float, whole: bool) -> Iterator[Package]:
    """The package with one step more of each lever that the budget allows: less than a step where the money ends."""
    left = budget - shelf.cost(package)
    for index, lever in enumerate(shelf.priced):
        if whole and not lever.whole:
            continue
        more = min(
            lever.held(max(package[index] + lever.step, lever.knob.low)), lever.after(package[index], left)
        )
        if more > package[index]:
            yield _with(package, index, more)


def _exchanged(shelf: _Shelf, package: Package, budget: float) -> Package:
    """A package improved by moving money between two levers for as long as that helps."""
    for _ in range(ROUNDS):
        better = _cheapest_best(shelf, [package, *_exchanges(shelf, package, budget)])
        if shelf.probability(better) <= shelf.probability(package) + GAIN:
            return package
        package = _filled(shelf, better, budget)
    return package


def _exchanges(shelf: _Shelf, package: Package, budget: float) -> Iterator[Package]:
    """Every package in which one lever gives way to another, and whole units are bought with what is left of the money."""
    for source, target in itertools.permutations(range(len(shelf.priced)), 2):
        for less in _given_up(shelf, package, source, target):
            freed = _with(package, source, less)
            more = shelf.priced[target].after(package[target], budget - shelf.cost(freed))
            if more > package[target]:
                yield _filled(shelf, _with(freed, target, more), budget, whole=True)


def _given_up(shelf: _Shelf, package: Package, source: int, target: int) -> Iterator[float]:
    """What may be left of a lever that gives way: one step less, half, nothing, or just enough less for a whole unit of the other."""
    lever, other, amount = shelf.priced[source], shelf.priced[target], package[source]
    if amount <= 0:
        return
    left = [0.0, amount - lever.step, amount / 2, 0.9 * amount]
    if other.whole and lever.price > 0:
        left.append(amount - other.price / lever.price)
    yield from sorted({lever.held(max(rest, 0.0)) for rest in left} - {amount})


def _with(package: Package, index: int, amount: float) -> Package:
    return (*package[:index], amount, *package[index + 1 :])


# What is told of a package


def _judged(shelf: _Shelf, package: Package, *, budget: float, slip: int, points: int) -> Bought:
    result = shelf.run(shelf.scenario(package), points=points)
    parts = []
    for index, (lever, amount) in enumerate(zip(shelf.priced, package, strict=True)):
        if amount:
            without = shelf.run(shelf.scenario(_with(package, index, 0.0)), points=points).probability
            parts.append(Part(lever, amount, lever.price * amount, 100 * (result.probability - without)))
    late = (
        shelf.run(late_by(result.scenario, slip, result.ahead.first), points=points).probability
        if slip
        else result.probability
    )
    return Bought(budget, tuple(parts), result, late, shelf.changes(package))


def _alone(shelf: _Shelf, index: int, nothing: Result, points: int) -> Alone:
    lever = shelf.priced[index]
    amount = lever.held(lever.knob.high)
    found = shelf.run(shelf.scenario(_with((0.0,) * len(shelf.priced), index, amount)), points=points)
    return Alone(lever, lever.price * amount, 100 * (found.probability - nothing.probability))


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
