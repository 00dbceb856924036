"""The number and what stands beside it, as plain data: while a thumb moves only what is quick to work out."""

from __future__ import annotations

from dataclasses import dataclass

from simulator import report
from simulator.analysis.context import Frequency
from simulator.model.contributions import Contribution
from simulator.model.result import Result, Simulate
from simulator.report.words.context import like_this
from simulator.scenario import Scenario
from simulator.scenario.parameters import turned
from simulator.values.numerals import points

MOST_TRIED = 4  # of those that are off: each is an answer of its own
LARGE = 10  # an effect from here on has no decimals


@dataclass(frozen=True)
class Range:
    """The probabilities that other model settings give: ends as fractions, and in words.

    ``without`` goes on with what it is without the measures, where there is room.
    """

    low: float
    high: float
    words: str
    without: str = ""


@dataclass(frozen=True)
class Outside:
    """The outside view on the strip: the share of pairs or nations like it, a fraction, and in words."""

    share: float
    words: str


@dataclass(frozen=True)
class Headline:
    """The probability in words and as a fraction, its change, the median and the gap.

    Without ``range`` the one that was shown before is out of date, and so is ``outside``.
    """

    label: str
    number: str
    change: str
    lines: tuple[str, ...]
    share: float
    range: Range | None = None
    outside: Outside | None = None


def headline(
    result: Result,
    original: Result | None,
    *,
    moving: bool = False,
    frequency: Frequency | None = None,
) -> Headline:
    """What stands in the sticky bar; while a thumb is ``moving``, without the range.

    ``frequency`` is the outside view, a second mark on the strip.
    """
    moved = 0.0 if original is None else 100 * (result.probability - original.probability)
    change = "" if original is None else f"{points(moved, 1)} points against the original"
    return Headline(
        "Chance that the target is reached",
        report.probability(result),
        change,
        tuple(report.distances(result)),
        result.probability,
        None if moving else _range(result),
        None if frequency is None else Outside(frequency.share, like_this(frequency)),
    )


def effects(result: Result) -> dict[str, str]:
    """What each lever and risk that is on does to the answer, by its address: ``+$20m · +2.1 pts``."""
    return {
        address: _effect(result, part)
        for address, part in _contributions(result).items()
        if part.driver.enabled
    }


def idle(scenario: Scenario, simulate: Simulate) -> dict[str, str]:
    """What the levers and risks that are off would do if each alone were on, by address; of the first few."""
    off = [address for address, driver in scenario.drivers() if not driver.enabled]
    words = {str(address): "off" for address in off}
    for address in off[:MOST_TRIED]:
        result = simulate(turned(scenario, {f"{address}.enabled": True}))
        words[str(address)] = f"if it were on: {_effect(result, _contributions(result)[str(address)])}"
    return words


def weights(result: Result, simulate: Simulate) -> str:
    """What all measures do to the probability, beside world trade; empty where that is fixed."""
    scenario = result.scenario
    on = any(lever.enabled for lever in scenario.levers.values())
    if result.decided or not on or scenario.outlook.world is not None:
        return ""
    together = 100 * (result.probability - result.probability_without_levers)
    slump, boom = (
        100 * (simulate(turned(scenario, {"outlook.world": world})).probability - result.probability)
        for world in ("slump", "boom")
    )
    return (
        f"All measures together: {points(together, 1)} pts. World trade alone: {points(slump, 1)} pts in a "
        f"slump, {points(boom, 1)} pts in a boom."
    )


def _contributions(result: Result) -> dict[str, Contribution]:
    """What each lever and risk contributes, by its address."""
    return {
        f"{section}.{part.id}": part
        for section, contributions in result.contributions.items()
        for part in contributions
    }


def _effect(result: Result, part: Contribution) -> str:
    """What one lever or risk does to the answer: ``+$20m · +2.1 pts``."""
    return f"{_amount(result, part.median_effect)} · {points(part.probability_points, 1)} pts"


def _amount(result: Result, effect: float) -> str:
    """An effect on the median of the first target, with two figures before one behind the point."""
    quantity = result.scenario.goals[0].quantity
    places = 0 if abs(quantity.factor * effect) >= LARGE else 1
    return report.distance(result, quantity, effect, sign=True, digits=places)


def _range(result: Result) -> Range:
    span = result.probability_range
    on = any(lever.enabled for lever in result.scenario.levers.values())
    without = f" Without the measures: {report.without_levers(result)}." if on else ""
    return Range(span.low, span.high, report.verdict(result), without)
