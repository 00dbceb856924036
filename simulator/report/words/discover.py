"""Sentences on the conditions under which a target is missed, or reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulator.analysis.discover import Condition, Discovery, Rule
from simulator.report.amounts import money, swing, wish
from simulator.values.numerals import percent, share
from simulator.values.units import Unit

HELP = (
    "Coverage is the part of all misses (or hits) that fall under the rule, density the part of the futures "
    "under the rule that are misses (or hits); both are counted on fresh draws that had no part in finding "
    "it.",
    "A rule is no cause and no forecast: it sorts the model's own futures, and a figure to come tells much "
    "because it is a part of the way.",
)
ENDINGS = {  # of an amount, by the unit of the unknown
    Unit.MONEY_A_YEAR: " a year",
    Unit.PERCENT_A_YEAR: " a year",
    Unit.MONTHS: " months",
    Unit.YEARS: " years",
    Unit.DAYS: " days",
}
NOUNS = {"missed": "misses", "reached": "hits"}  # what paths with an outcome are called


def rules(discovery: Discovery) -> dict[str, Rule | None]:
    """The rules under their headings."""
    return {"By what is assumed": discovery.assumed, "By figures to come": discovery.figures}


def question(discovery: Discovery) -> str:
    """How often the outcome comes, and what is asked of it."""
    base = percent(discovery.base, decided=discovery.result.decided)
    return f"The target, {wish(discovery.result)}, is {discovery.of} in {base} of all futures. When?"


def conditions(discovery: Discovery, rule: Rule) -> list[str]:
    """The conditions of a rule, one after another."""
    return [condition_words(condition, partial(money, discovery.result)) for condition in rule.conditions]


def condition_words(condition: Condition, written: Callable[[float], str]) -> str:
    """A condition in plain words: ``turnover in 2019 below $812m``.

    Args:
        condition: an unknown and its threshold.
        written: writes an amount of money in the scenario's currency and unit.
    """
    name, unit = condition.unknown.name, condition.unknown.unit
    if unit is Unit.YES_OR_NO:
        return _does_not(name) if condition.below else name
    if unit is Unit.MONTH:
        month = condition.written
        return f"{name} before {month}" if condition.below else f"{name} {month} or later"
    return f"{name} {'below' if condition.below else 'at least'} {_amount(condition, written)}"


def _does_not(name: str) -> str:
    """``Corridor: happens`` denied."""
    subject, verb = name.rsplit(": ", 1)
    return f"{subject}: does not {verb.removesuffix('s')}"


def _amount(condition: Condition, written: Callable[[float], str]) -> str:
    unit, threshold = condition.unknown.unit, condition.threshold
    if unit.log:
        return swing(threshold, unit)
    sign = "+" if condition.unknown.signed and threshold > 0 else ""
    number = written(threshold) if unit.money else condition.written
    if unit is Unit.PERCENTILE:
        return f"its {number}"
    return f"{sign}{number}{ENDINGS.get(unit, '')}"


# As the terminal says it


def no_rule(discovery: Discovery) -> str:
    """That there is none."""
    return f"No simple rule tells apart the futures in which it is {discovery.of}."


def counts(discovery: Discovery, rule: Rule) -> str:
    """How large, dense and complete the part of the futures is that falls under a rule."""
    return (
        f"This is so in {share(rule.mass)} of the futures; in {share(rule.density)} of these the target is "
        f"{discovery.of} (density; {share(rule.base)} of all). "
        f"It covers {share(rule.coverage)} of all {NOUNS[discovery.of]} (coverage)."
    )


# As the page says it


def no_rule_of_futures(discovery: Discovery) -> str:
    """That there is none."""
    return f"No simple rule: nothing plain tells apart the futures in which the target is {discovery.of}."


def counts_of_futures(discovery: Discovery, rule: Rule) -> list[str]:
    """How dense, complete and large the part of the futures is that falls under a rule."""
    return [
        f"Density: {share(rule.density)}, against {share(rule.base)} of all futures.",
        f"Coverage: {share(rule.coverage)} of all {NOUNS[discovery.of]} are among them.",
        f"Size: {share(rule.mass)} of all futures are of this kind.",
        f"Details: counted on draws held out from the search; {error_words(rule)}.",
    ]


def error_words(rule: Rule) -> str:
    """The numerical error of a rule's density, for the details."""
    return f"numerical standard error of the density {100 * rule.standard_error:.1f} points"
