"""The search for the package of levers with the highest probability that a budget buys.

Each lever with a ``cost`` is bought in units of its main value, from nothing (switched off) to its upper
bound. Where all packages are few, all are tried. Else the best is built up by the step that adds most
probability for its money, and then improved by exchange: money is taken from one lever, in several amounts,
and spent on another, or from two for one more of a third, as long as that helps. All on common draws.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.analysis.questions import Run, main_knobs, switched_on
from simulator.levers.driver import Driver
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, turned, written
from simulator.values.currencies import Amount
from simulator.values.periods import Period
from simulator.values.units import Unit

PARTS = 8  # steps in which a continuous main value is bought
ROUNDS = 20  # of exchange
LADDER = 8  # budgets above 0, where none is given
GAIN = 1e-7  # of probability that makes one package better than another
CENT = 1e-9  # of a budget, within which a cost meets it
GRAIN = 1e-4  # of its upper bound, to which a continuous main value is bought
NEARLY = 1e-6  # of a grain, which is taken for all of it
LEFTOVERS = 5  # amounts at most that may be left of a lever that gives way
MANY = 1000  # whole numbers below a bound for each package that may be tried
LESS = 0.9  # of a lever that gives way by little
TOGETHER = 5  # levers at most, of which two may give way to a third: the packages grow with the cube
Package = tuple[float, ...]  # how much of each lever with a cost


@dataclass(frozen=True)
class Priced:
    """A lever with a cost: what one unit of its main value costs, how much there is of it, and can be."""

    key: str
    name: str
    knob: Knob
    cost: float
    present: float

    @property
    def price(self) -> float:
        """The cost of 1 as knobs count it: of 100 %, where the cost is that of a percentage point."""
        return self.cost * (100 if self.knob.unit.of_hundred else 1)

    @property
    def integer(self) -> bool:
        """Whether it is bought in whole numbers."""
        return self.knob.unit is Unit.WHOLE_NUMBER

    @property
    def step(self) -> float:
        """What is bought at once."""
        return 1.0 if self.integer else self.knob.high / PARTS

    @property
    def most(self) -> float:
        """All that can be bought of it."""
        return self.up_to(self.knob.high)

    def up_to(self, amount: float) -> float:
        """The most that can be bought up to an amount: a whole number, or a round one.

        Nothing where that is below its lower bound.
        """
        grain = 1.0 if self.integer else 10.0 ** math.floor(math.log10(self.knob.high * GRAIN))
        neat = float(math.floor(min(amount, self.knob.high) / grain + NEARLY) * Decimal(repr(grain)))
        return neat if neat > 0 and neat >= self.knob.low else 0.0

    def after(self, amount: float, money: float) -> float:
        """How much there is of it when money is spent on top of an amount."""
        return self.up_to(amount + money / self.price if self.price else self.knob.high)


def buyable(scenario: Scenario) -> dict[str, Knob]:
    """The main value, by id, of each lever that can be bought, once it has a cost: those from nothing up."""
    return {knob.address.id: knob for knob in main_knobs(scenario) if knob.value >= 0 and knob.high > 0}


def priced_levers(scenario: Scenario) -> tuple[Priced, ...]:
    """The levers that can be bought: with a cost, and one number to buy.

    Raises:
        ValueError: there is none; the message lists the levers and how to add a cost.
    """
    on_sale = buyable(scenario)
    levers = {key: scenario.levers[key] for key in on_sale}
    priced = tuple(
        Priced(key, lever.name or key, on_sale[key], price, on_sale[key].value * lever.enabled)
        for key, lever in levers.items()
        if (price := _price(scenario, lever)) is not None
    )
    if priced:
        return priced
    if not levers:
        raise ValueError("found no lever with one number to buy, expected some")
    listed = ", ".join(f"{key} (its {lever.main_field})" for key, lever in levers.items())
    unit = f"what one unit of its main value costs in {scenario.unit} {scenario.currency}"
    how = f"add to each of some of them, such as cost: 1.5, {unit}"
    raise ValueError(f"found no lever with a cost among {listed}; {how}")


def _price(scenario: Scenario, lever: Driver) -> float | None:
    """The cost of one unit of a lever, by the median rate of the month in which it starts.

    Without a start that is the month in which the question is asked.
    """
    if not isinstance(lever.cost, Amount):
        return lever.cost
    start = lever.start.main if lever.start is not None else None
    month = 12 * scenario.as_of.year + scenario.as_of.month - 1 if start is None else int(start)
    return float(lever.cost.at(Period(month, month)))


class Shelf:
    """Packages with their probabilities: each is worked out once.

    Args:
        scenario: whose levers with a cost a package replaces; all others stay as they are.
        priced: these levers, in the order of a package.
        run: the engine's, on the draws of the search.
    """

    def __init__(self, scenario: Scenario, priced: tuple[Priced, ...], run: Run) -> None:
        self.base, self.priced, self.run = scenario, priced, run
        self.known: dict[Package, float] = {}
        self._levers: dict[tuple[int, float], Driver] = {}

    @property
    def nothing(self) -> Package:
        """The package without any of them."""
        return (0.0,) * len(self.priced)

    @property
    def everything(self) -> Package:
        """The package with all that can be bought."""
        return tuple(lever.most for lever in self.priced)

    @property
    def present(self) -> Package:
        """The package of the scenario."""
        return tuple(lever.present for lever in self.priced)

    def scenario(self, package: Package) -> Scenario:
        """The scenario with a package in place of its levers with a cost."""
        levers = {
            lever.key: self._lever(index, amount)
            for index, (lever, amount) in enumerate(zip(self.priced, package, strict=True))
        }
        return self.base.model_copy(update={"levers": {**self.base.levers, **levers}})

    def _lever(self, index: int, amount: float) -> Driver:
        if (index, amount) not in self._levers:
            self._levers[index, amount] = self._bought(self.priced[index], amount)
        return self._levers[index, amount]

    def _bought(self, lever: Priced, amount: float) -> Driver:
        """A lever of which so much is bought."""
        present: Driver = self.base.levers[lever.key]
        if amount == lever.present:
            return present
        if amount == 0:
            return present.model_copy(update={"enabled": False})
        on, _ = switched_on(self.base, [lever.knob.address])
        return turned(on, {lever.knob.path: amount}).levers[lever.key]

    def probability(self, package: Package) -> float:
        """Its probability, on the draws of the search."""
        if package not in self.known:
            self.known[package] = self.run(self.scenario(package)).probability
        return self.known[package]

    def cost(self, package: Package) -> float:
        """What it costs, in the scenario's unit."""
        return sum(lever.price * amount for lever, amount in zip(self.priced, package, strict=True))

    def fits(self, package: Package, budget: float) -> bool:
        """Whether a budget pays for it."""
        return self.cost(package) <= budget + CENT * max(budget, 1.0)

    def changes(self, package: Package) -> dict[str, Any]:
        """What a file would have to state, by the path of each field."""
        stated: dict[str, Any] = {}
        for index, (lever, amount) in enumerate(zip(self.priced, package, strict=True)):
            old, new = self.base.levers[lever.key], self._lever(index, amount)
            if old.enabled != new.enabled:
                stated[str(lever.knob.address.owner / "enabled")] = new.enabled
            if amount and new is not old:
                stated |= written(self.base, {lever.knob.path: amount})
        return stated


def ladder(shelf: Shelf) -> list[float]:
    """Budgets from nothing to the cost of everything at its upper bound, with that of the present package."""
    dearest = shelf.cost(shelf.everything)
    budgets = (*(dearest * step / LADDER for step in range(LADDER + 1)), shelf.cost(shelf.present))
    return sorted({float(f"{budget:.12g}") for budget in budgets})


def best_packages(shelf: Shelf, budgets: Sequence[float], exhaustive: int) -> tuple[list[Package], bool]:
    """The best package at each budget, and whether all packages were tried.

    Args:
        shelf: the packages.
        budgets: in the scenario's unit, rising.
        exhaustive: how many packages may at most all be tried.
    """
    amounts = _countable(shelf, exhaustive)
    if amounts:
        packages = list(itertools.product(*amounts))
        return [_cheapest_best(shelf, _affordable(shelf, packages, budget)) for budget in budgets], True
    best: list[Package] = []
    for budget in budgets:
        best.append(_built_up(shelf, best[-1:], budget))
    return best, False


def most_tried(shelf: Shelf, budgets: int, exhaustive: int) -> int:
    """About how many packages are tried: all, or steps of each lever and exchanges from every start.

    An exchange is of two levers or, where they are few, of three.

    From half of the starts, for what one has tried another knows.
    """
    if amounts := _countable(shelf, exhaustive):
        return math.prod(map(len, amounts))
    starts = 1 + len(_corner_levers(shelf))
    count = len(shelf.priced)
    exchanges = count**2 + (count * (count - 1) * (count - 2) // 2 if count <= TOGETHER else 0)
    return (PARTS * count**2 + LEFTOVERS * budgets * exchanges) * (1 + starts) // 2


def _countable(shelf: Shelf, most: int) -> list[list[float]]:
    """The amounts of each lever, where all packages of them can be tried; else none."""
    if not all(lever.integer for lever in shelf.priced):
        return []
    counts = [int(lever.knob.high) + 1 for lever in shelf.priced]
    if max(counts) > most * MANY:
        return []
    amounts = [
        sorted({lever.up_to(number) for number in range(count)})
        for lever, count in zip(shelf.priced, counts, strict=True)
    ]
    return amounts if math.prod(map(len, amounts)) <= most else []


def _affordable(shelf: Shelf, packages: Iterable[Package], budget: float) -> list[Package]:
    return [package for package in packages if shelf.fits(package, budget)]


def _cheapest_best(shelf: Shelf, packages: Sequence[Package]) -> Package:
    """The package of the highest probability; of equals the cheapest."""
    best = max(shelf.probability(package) for package in packages)
    return min((package for package in packages if shelf.probability(package) >= best - GAIN), key=shelf.cost)


def _built_up(shelf: Shelf, before: Sequence[Package], budget: float) -> Package:
    """The best package that the search finds, from the best of the budget before and from the corners."""
    starts = dict.fromkeys(_filled(shelf, start, budget) for start in (*before, *_corners(shelf, budget)))
    return _cheapest_best(shelf, [*before, *(_exchanged(shelf, start, budget) for start in starts)])


def _corners(shelf: Shelf, budget: float) -> Iterator[Package]:
    """Where a search starts: with nothing, and with as much of one lever as the budget buys.

    The latter only where several are bought whole, which makes exchange hard.
    """
    yield shelf.nothing
    for index in _corner_levers(shelf):
        yield with_amount(shelf.nothing, index, shelf.priced[index].after(0.0, budget))


def _corner_levers(shelf: Shelf) -> list[int]:
    integers = [index for index, lever in enumerate(shelf.priced) if lever.integer]
    return integers if len(integers) > 1 else []


def _filled(shelf: Shelf, package: Package, budget: float, *, integers: bool = False) -> Package:
    """A package with steps added while the budget lasts, each that which adds most probability for its money.

    ``integers``: only of levers that are bought in whole numbers.
    """
    while True:
        steps = list(_steps(shelf, package, budget, integers))
        worth = {more: _worth(shelf, package, more) for more in steps}
        best = max(worth, key=worth.__getitem__, default=package)
        if worth.get(best, 0.0) <= 0:
            return package
        package = best


def _worth(shelf: Shelf, package: Package, more: Package) -> float:
    """What a step adds to the probability for its money; 0 where it adds nothing."""
    gain = shelf.probability(more) - shelf.probability(package)
    cost = shelf.cost(more) - shelf.cost(package)
    if gain <= GAIN:
        return 0.0
    return gain / cost if cost > 0 else math.inf


def _steps(shelf: Shelf, package: Package, budget: float, integers: bool) -> Iterator[Package]:
    """The package with one step more of each lever that the budget allows; less where the money ends."""
    left = budget - shelf.cost(package)
    for index, lever in enumerate(shelf.priced):
        if integers and not lever.integer:
            continue
        step = lever.up_to(max(package[index] + lever.step, lever.knob.low))
        more = min(step, lever.after(package[index], left))
        if more > package[index]:
            yield with_amount(package, index, more)


def _exchanged(shelf: Shelf, package: Package, budget: float) -> Package:
    """A package improved by moving money between two levers, or three, for as long as that helps."""
    for _ in range(ROUNDS):
        for moves in (_exchanges, _two_for_one):
            better = _cheapest_best(shelf, [package, *moves(shelf, package, budget)])
            if shelf.probability(better) > shelf.probability(package) + GAIN:
                break
        else:
            return package
        package = _filled(shelf, better, budget)
    return package


def _exchanges(shelf: Shelf, package: Package, budget: float) -> Iterator[Package]:
    """Every package in which one lever gives way to another; what is left of the money buys whole units."""
    for source, target in itertools.permutations(range(len(shelf.priced)), 2):
        for less in _given_up(shelf, package, source, target):
            freed = with_amount(package, source, less)
            more = shelf.priced[target].after(package[target], budget - shelf.cost(freed))
            if more > package[target]:
                yield _filled(shelf, with_amount(freed, target, more), budget, integers=True)


def _two_for_one(shelf: Shelf, package: Package, budget: float) -> Iterator[Package]:
    """Every package in which two levers give way to one more of a third that is bought whole."""
    for target, one, other in (
        itertools.permutations(range(len(package)), 3) if len(package) <= TOGETHER else ()
    ):
        lever, amount = shelf.priced[target], package[target] + 1
        if lever.integer and amount <= lever.most and package[other]:
            more = with_amount(package, target, amount)
            for less in _given_up(shelf, package, one, target):
                yield from _paid_by(shelf, with_amount(more, one, less), other, budget)


def _paid_by(shelf: Shelf, package: Package, source: int, budget: float) -> Iterator[Package]:
    """The package with as much less of a lever as it costs too much, where that is enough."""
    lever = shelf.priced[source]
    lacking = max(shelf.cost(package) - budget, 0.0) / lever.price if lever.price else 0.0
    paid = with_amount(package, source, lever.up_to(max(package[source] - lacking, 0.0)))
    if shelf.fits(paid, budget):
        yield _filled(shelf, paid, budget, integers=True)


def _given_up(shelf: Shelf, package: Package, source: int, target: int) -> Iterator[float]:
    """What may be left of a lever that gives way.

    That is one step less, half, nothing, or just enough less for a whole unit of the other.
    """
    lever, other, amount = shelf.priced[source], shelf.priced[target], package[source]
    if amount <= 0:
        return
    left = [0.0, amount - lever.step, amount / 2, LESS * amount]
    if other.integer and lever.price > 0:
        left.append(amount - other.price / lever.price)
    yield from sorted({lever.up_to(max(rest, 0.0)) for rest in left} - {amount})


def with_amount(package: Package, index: int, amount: float) -> Package:
    """A package with another amount of one lever."""
    return (*package[:index], amount, *package[index + 1 :])
