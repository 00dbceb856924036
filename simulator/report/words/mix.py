"""Sentences on what money buys: the present package beside the best, what a budget reaches."""

from __future__ import annotations

from simulator.analysis.mix import Bought, Mix
from simulator.analysis.packages import CENT
from simulator.model.result import Result
from simulator.report.amounts import money, probability
from simulator.report.words.solve import wanted_percent
from simulator.scenario.parameters import Knob
from simulator.values.numerals import counted, percent
from simulator.values.units import Unit

MEANING = (
    "What it means: of all ways to spend a budget on the levers with a cost, the one that gives the model's "
    "highest probability of the target.",
    "What it does not mean: that costs and effects are well known. Where two packages are no further "
    "apart than other model settings put one of them, prefer the one that is robust to delay and easier to "
    "carry out.",
)
NO_COSTS = (
    "The scenario states no costs. With what one unit of a measure costs, the best package at each budget is "
    "worked out."
)
KEEPING = (
    "Costs that are entered here hold for this session. A scenario file states them as cost at each measure."
)
POINTS = (
    "What a measure adds is what the package loses without it. A point is a percentage point of "
    "probability: what it costs within the package, and alone, where the measure is bought to its bound."
)
YOURS = "Unit costs marked yours were entered on this page; they are not the scenario's."
NO_BETTER = 5e-4  # of probability, by which a package must beat another to be called better
UNITS = {Unit.WHOLE_NUMBER: "each", Unit.NUMBER: "each", Unit.DAYS: "a day"}


def summary(mix: Mix) -> str:
    """The present package against the best for the same money, or for the largest budget, in a sentence."""
    present, result = mix.present, mix.present.result
    stands = f"The present package costs {money(result, present.cost)} and gives {probability(result, 1)}"
    same = _for_the_same_money(mix)
    if same is not None and same.probability - result.probability < NO_BETTER:
        return f"{stands}; no package for the same money does better."
    best = same or mix.frontier[-1]
    spent = "the same money" if same is not None else money(result, best.budget)
    return f"{stands}; the best package for {spent} gives {probability(best, 1)}."


def reached(mix: Mix, wanted: float) -> str:
    """The least of the frontier's budgets whose best package reaches a wanted probability, in a sentence."""
    enough = next((bought for bought in mix.frontier if bought.probability >= wanted), None)
    best = enough or max(mix.frontier, key=lambda bought: bought.probability)
    likely, spent = probability(best, 1), money(mix.present.result, best.cost)
    if enough is not None:
        return f"{wanted_percent(wanted)} is first reached with {spent}, of the budgets shown ({likely})."
    return f"No budget reaches {wanted_percent(wanted)}: the best package gives {likely}, for {spent}."


def package_sentence(mix: Mix, bought: Bought) -> str:
    """What the best package for a budget costs and gives, on time and late."""
    result = mix.present.result
    budget, cost = money(result, bought.budget), money(result, bought.cost)
    late = f" If {late_words(mix)} it gives {percent(bought.probability_if_late, 1)}." if mix.slip else ""
    return f"The best package for {budget} costs {cost} and gives {probability(bought, 1)}.{late}"


def late_words(mix: Mix) -> str:
    """How late a package is where it is late."""
    return f"every start slips by {counted(mix.slip, 'month')}"


def without(mix: Mix) -> str:
    """What is left without any lever that has a cost."""
    return f"Without any of them the probability is {probability(mix.nothing, 1)}."


def unpriced(mix: Mix, what: str) -> list[str]:
    """Which levers stay as they are, if any; ``what`` they are called: ``Levers``."""
    levers = mix.present.result.scenario.levers
    names = ", ".join(levers[key].name or key for key in mix.unpriced)
    return [f"{what} without a cost stay as they are: {names}."] if names else []


def package_notes(mix: Mix, *, entered: bool) -> list[str]:
    """What a reader of a package should know; ``entered``: some of its costs were, on the page."""
    yours = [YOURS] if entered else []
    return [POINTS, *yours, without(mix), *unpriced(mix, "Measures"), f"How: {mix.method}."]


def shown(mix: Mix) -> Bought:
    """The package that is shown by parts: the only one asked for, that of present cost, or the dearest."""
    same = _for_the_same_money(mix)
    return same if len(mix.frontier) > 1 and same is not None and same.parts else mix.frontier[-1]


def _for_the_same_money(mix: Mix) -> Bought | None:
    """The best package for what the present one costs, where that is among the budgets."""
    budget = mix.present.budget
    near = CENT * max(budget, 1.0)
    return next((bought for bought in mix.frontier if abs(bought.budget - budget) <= near), None)


def cost_unit(knob: Knob) -> str:
    """What a cost is the cost of: ``each``, ``a day``, ``a percentage point``."""
    if knob.unit.of_hundred:
        return "a percentage point"
    return UNITS.get(knob.unit) or f"a unit of {str(knob.address.field[0]).replace('_', ' ')}"


def point_cost(result: Result, cost: float | None) -> str:
    """What a percentage point of probability costs."""
    return "adds nothing" if cost is None else money(result, cost)
