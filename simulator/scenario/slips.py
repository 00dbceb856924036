"""Obvious slips: a figure or target a thousand times too large or too small, sums taken for months.

Nothing here is refused: a warning names the likely slip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from simulator.scenario.measures import parts
from simulator.scenario.parts import Observation
from simulator.scenario.series import Placed, Series
from simulator.scenario.targets import Kind, Target
from simulator.scenario.vocabulary import Scenario
from simulator.values.address import Address
from simulator.values.wording import capital

MOST_GROWTH = 3.0  # a year, beyond which a target is more likely a slip than meant
FAR = 300.0  # times a figure's neighbours: a thousand, give or take a boom
FEWEST = 4  # months of a year from which sums over the year so far can be told from months

THOUSANDFOLD = "are the figures in billions beside a target in millions, or the like?"
TOO_SMALL = "is it in billions beside figures in millions, or the like?"
Slips = Iterator[tuple[Address, str]]


def slips(scenario: Scenario) -> Slips:
    """Every likely slip: where it stands, and what it may be."""
    by_measure: dict[str, list[Placed]] = {}
    for place, figure in scenario.placed:
        if _rate(figure) is not None:
            by_measure.setdefault(figure.measure, []).append((place, figure))
    for placed in by_measure.values():
        yield from _of_figures(placed, scenario)
    for index, target in enumerate(scenario.target):
        address = scenario.target_address(index) / target.side
        yield from ((address, message) for message in _of_target(target, scenario))
    yield from _of_series(scenario)


def _of_series(scenario: Scenario) -> Slips:
    """Series of months that look like sums over the year so far."""
    for number, item in enumerate(scenario.observations):
        if isinstance(item, Series) and _runs_through_the_year(item, scenario):
            what = (
                f"{item.measure} from {item.begins}: the values rise within every year and start again with"
            )
            place = Address.of("observations", number)
            yield (
                place,
                f"{what} the next, as sums over the year so far do; state cumulative: true if they are",
            )


def sentences(scenario: Scenario) -> tuple[str, ...]:
    """The same as sentences, each beginning with a large letter."""
    return tuple(f"{capital(message)}." for _, message in slips(scenario))


def _rate(figure: Observation) -> float | None:
    """What a figure comes to in a month; None where it states no amount above 0, or a balance."""
    if figure.measure == "balance":
        return None
    stated = [figure.value] if figure.value is not None else figure.between or ()
    amounts = [part.amount for part in stated]
    mean = sum(amounts) / len(amounts) if amounts else 0.0
    return mean / figure.period.months if mean > 0 else None


def _of_figures(placed: Sequence[Placed], scenario: Scenario) -> Slips:
    """Figures of one measure that lie a thousandfold from the others."""
    for number, what in far_apart([figure for _, figure in placed]):
        yield (
            Address.of("observations").join(placed[number][0]),
            f"{what}: is one of them in another unit? All count in {scenario.unit} {scenario.currency}",
        )


def far_apart(figures: Sequence[Observation]) -> Iterator[tuple[int, str]]:
    """Figures of one measure that lie a thousandfold from the others: the number of each, and how far.

    Of those without an amount above 0 nothing is said.
    """
    rates = [(number, rate) for number, figure in enumerate(figures) if (rate := _rate(figure)) is not None]
    logs = np.log10([rate for _, rate in rates])
    for place, (number, _) in enumerate(rates):
        others = np.delete(logs, place)
        apart = float(logs[place] - np.median(others)) if len(others) else 0.0
        if abs(apart) >= math.log10(FAR) and _is_odd(place, len(logs)):
            times = f"{10 ** abs(apart):,.0f}"
            what = f"about {times} times" if apart > 0 else f"about 1/{times} of"
            figure = figures[number]
            yield (
                number,
                f"{figure.measure} {figure.period} is {what} what the other figures of it let expect",
            )


def _is_odd(number: int, count: int) -> bool:
    """Whether a figure, and not its only neighbour, is to be named: of two the later one."""
    return count > 2 or number == count - 1


def _of_target(target: Target, scenario: Scenario) -> Iterator[str]:
    """What is odd about the size of a target beside the last figures of its measure."""
    last = _last(target.measure, target.period.first, scenario)
    if last is not None and target.kind is Kind.AMOUNT and target.amount:
        yield from _of_size(target, *last, f"All amounts count in {scenario.unit} {scenario.currency}")


def _of_size(target: Target, rate: float, end: int, units: str) -> Iterator[str]:
    """What is odd about a target beside what its measure came to in a month up to the last figure's end."""
    ratio = abs(target.amount) / target.period.months / rate
    growth = ratio ** (1 / max((target.period.last - end) / 12, 1.0)) - 1
    growing = target.floor and target.measure != "balance"
    start = f"the target for {target.period}"
    slip = THOUSANDFOLD if ratio >= FAR else "is a digit, or the unit of one of them, wrong?"
    if ratio <= 1 / FAR:
        yield f"{start} is about 1/{1 / ratio:,.0f} of the last figures: {TOO_SMALL} {units}"
    elif growing and growth > MOST_GROWTH:
        needs = f"needs growth of {100 * growth:,.0f} % a year from the last figures of {target.measure}"
        yield f"{start} {needs}: {slip} {units}"
    elif ratio >= FAR:
        yield f"{start} is about {ratio:,.0f} times the last figures: {slip} {units}"


def _last(measure: str, before: int, scenario: Scenario) -> tuple[float, int] | None:
    """What a measure came to in a month by the last figure of it, and that figure's last month.

    Of turnover and sums without a figure of their own it is what their parts came to; of a balance turnover.
    """
    name = "turnover" if measure == "balance" else measure
    alone = _latest(name, before, scenario)
    if alone is not None:
        return alone
    members = ("exports", "imports") if name == "turnover" else parts(name)
    latest = [rate for member in members if (rate := _latest(member, before, scenario))]
    if len(latest) < len(members):
        return None
    rates, ends = zip(*latest, strict=True)
    return sum(rates), max(ends)


def _latest(measure: str, before: int, scenario: Scenario) -> tuple[float, int] | None:
    """The monthly rate of the last figure of a measure that begins before a month, and its last month."""
    figures = [f for f in scenario.counted if f.measure == measure and f.period.first <= before]
    latest = max(figures, key=lambda f: (f.period.last, f.period.months), default=None)
    rate = None if latest is None else _rate(latest)
    return None if latest is None or rate is None else (rate, latest.period.last)


def _runs_through_the_year(series: Series, scenario: Scenario) -> bool:
    """Whether months rise within every year and begin again with the next, as sums so far do."""
    if series.cumulative or series.step != 1:
        return False
    by_year: dict[int, list[float]] = {}
    for _, figure in series.figures(scenario.years):
        amount = 0.0 if figure.value is None else figure.value.amount
        by_year.setdefault(scenario.years.number(figure.period.first), []).append(amount)
    runs = [values for values in by_year.values() if len(values) >= FEWEST]
    return len(by_year) > 1 and bool(runs) and all(map(_rises, runs))


def _rises(values: Sequence[float]) -> bool:
    """Whether every value is above the one before it, and the last at least twice the first."""
    return bool(np.all(np.diff(values) > 0)) and values[-1] > 2 * values[0]
