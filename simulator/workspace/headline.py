"""The number and what stands beside it, as plain data: while a thumb moves only what is quick to work out."""

from __future__ import annotations

from dataclasses import dataclass

from simulator import report
from simulator.model.result import Result
from simulator.values.numerals import decimals, points

OTHERS = "Other model settings"


@dataclass(frozen=True)
class Range:
    """The probabilities that other model settings give: ends as fractions, and in words."""

    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Headline:
    """The probability in words and as a fraction, its change, the median and the gap.

    Without ``range`` the one that was shown before is out of date.
    """

    label: str
    number: str
    change: str
    lines: tuple[str, ...]
    share: float
    range: Range | None = None


def headline(result: Result, saved: Result | None, *, moving: bool = False) -> Headline:
    """What stands in the sticky bar; while a thumb is ``moving``, without the range."""
    change = "" if saved is None else f"{points(100 * (result.probability - saved.probability), 1)} points against the original"
    return Headline(
        "Probability",
        report.probability(result),
        change,
        tuple(report.distances(result)),
        result.probability,
        None if moving else _range(result),
    )


def effects(result: Result) -> dict[str, str]:
    """What each lever and risk that is on does to the answer, by its address: ``+$20m · +2.1 pts``."""
    quantity = result.scenario.goals[0].quantity
    on = {
        f"{section}.{part.id}": part
        for section, parts in result.contributions.items()
        for part in parts
        if part.driver.enabled
    }
    digits = min(1, decimals([part.median_effect for part in on.values()])) if on else 0
    return {
        address: f"{report.distance(result, quantity, part.median_effect, sign=True, digits=digits)} · "
        f"{points(part.probability_points, 1)} pts"
        for address, part in on.items()
    }


def _range(result: Result) -> Range:
    span = result.probability_range
    return Range(span.low, span.high, f"{OTHERS}: {report.alternatives_span(result)}")
