"""What it would take, and what money buys, in words: for a terminal and a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator import report
from simulator.analysis.grid import MAP_MEANING, Map
from simulator.analysis.mix import CENT, Bought, Mix, hundredfold
from simulator.analysis.questions import PERIOD, name_of
from simulator.analysis.solve import AMOUNT_MEANING, BOUNDS, MEANING, YEAR_MEANING, Answer, Answers
from simulator.model.result import Result
from simulator.report.amounts import amount as amount  # others still take it from here
from simulator.scenario.parameters import Knob, knobs
from simulator.values import numerals

UNITS = {"whole number": "each", "number": "each", "days": "a day"}


def percent(probability: float) -> str:
    """A probability to a tenth of a percent: answers are compared."""
    return numerals.percent(probability, 1)


def wish(probability: float) -> str:
    """The wanted probability as it was stated."""
    return f"{100 * probability:.6g} %"


def present(answer: Answer) -> str:
    """What a number stands at now: a target's amount as it was stated, all else as ``amount``."""
    value = answer.present_value
    if answer.levers[0].startswith("target.") and isinstance(value, float):
        return report.exact(answer.present, value)
    return amount(answer.present, value, answer.unit)


# What it would take


def meaning(answer: Answer | Answers | Map) -> Sequence[str]:
    """What the numbers mean, and what they do not."""
    if isinstance(answer, Map):
        return MAP_MEANING
    if isinstance(answer, Answers) or not answer.levers[0].startswith("target."):
        return MEANING
    return YEAR_MEANING if answer.levers[0] == PERIOD else AMOUNT_MEANING


def sentences(answer: Answer) -> list[str]:
    """The answer to one question in words."""
    if answer.unit == "period":
        lines = [_year_sentence(answer)]
    elif answer.quantile:
        lines = [_amount_sentence(answer)]
    else:
        lines = [_change_sentence(answer)]
    lines += [
        f"{place} is off in the scenario; it is switched on for this answer." for place in answer.switched_on
    ]
    if not answer.feasible and answer.reason:
        lines.append(f"Why: {answer.reason}.")
    return lines


def reasons(answers: Iterable[Answer], *, bounds: bool = True) -> list[str]:
    """Why some numbers cannot reach what is wanted, each reason once; ``bounds``: also that their bounds go no further."""
    found: dict[str, list[str]] = {}
    for answer in answers:
        for reason in answer.reason.split("; ") if answer.reason and not answer.feasible else []:
            found.setdefault(reason, []).append(answer.name)
    return [
        f"{', '.join(names)}: {reason}." for reason, names in found.items() if bounds or reason not in BOUNDS
    ]


def _amount_sentence(answer: Answer) -> str:
    result, target = answer.present, answer.present.scenario.target[0]
    side = "at least" if target.at_least is not None else "at most"
    value, asked = amount(result, answer.value or 0.0, "money"), report.exact(result, target.amount)
    return (
        f"With a probability of {wish(answer.wanted)}, {report.subject(result, target)} is {side} {value}. "
        f"The {target.noun} of {side} {asked} is {report.probability(result, 1)} likely."
    )


def _year_sentence(answer: Answer) -> str:
    present = f"for {answer.present_value}, as the scenario has it, the probability is {report.probability(answer.present, 1)}"
    if answer.feasible:
        return f"The target is first {wish(answer.wanted)} likely in {answer.value} ({percent(answer.probability)}); {present}."
    best = f"at best {percent(answer.best_probability)}, in {answer.best_value}"
    return f"No period makes the target {wish(answer.wanted)} likely: {best}; {present}."


def _change_sentence(answer: Answer) -> str:
    result, wanted = answer.present, wish(answer.wanted)
    stands = f"as the scenario stands it is {report.probability(result, 1)}"
    if answer.already:
        return f"{wanted} is reached already: {stands}. Nothing has to change."
    if len(answer.levers) > 1:
        return _together_sentence(answer, stands)
    now, then = (
        present(answer),
        amount(result, answer.best_value if answer.value is None else answer.value, answer.unit),
    )
    name = (
        answer.name
        if answer.levers[0].startswith(("levers.", "risks."))
        else answer.name.replace("The ", "the ", 1)
    )
    if not answer.feasible:
        return (
            f"{wanted} is out of reach for {name} alone ({answer.help}): at best {percent(answer.best_probability)}, at {then}. "
            f"Now it is {now}; {stands}."
        )
    change = f"go from {now} to {then}" if now != then else f"be switched on, at {then}"
    return f"To reach {wanted}, {name} would have to {change} ({answer.help}). The probability is then {percent(answer.probability)}; {stands}."


def moves(answer: Answer) -> list[tuple[str, str, str]]:
    """What moves in an answer: its name, its present value, the new one."""
    result, scenario = answer.present, answer.present.scenario
    units = {knob.path: knob.unit for knob in knobs(scenario)}
    found = []
    for path, value in answer.values.items():
        name = name_of(scenario, path) if len(answer.levers) > 1 else answer.name
        then = amount(result, value, units.get(path, "period"))
        now = (
            present(answer)
            if len(answer.levers) == 1
            else amount(result, answer.present_values[path], units.get(path, "period"))
        )
        found.append((name, now, then))
    return found


def _together_sentence(answer: Answer, stands: str) -> str:
    told = ", ".join(f"{name} from {now} to {then}" for name, now, then in moves(answer))
    if not answer.feasible:
        return f"{wish(answer.wanted)} is out of reach for all of them together: at best {percent(answer.best_probability)}, with {told}; {stands}."
    way = amount(answer.present, answer.value or 0.0, answer.unit)
    return (
        f"To reach {wish(answer.wanted)}, each would have to go {way} of the way to the bound at which it helps most: {told}. "
        f"The probability is then {percent(answer.probability)}; {stands}."
    )


# What money buys


def summary(found: Mix) -> str:
    """The present package against the best for the same money, or the best for the largest budget, in a sentence."""
    now, result = found.present, found.present.result
    stands = f"The present package costs {report.money(result, now.cost)} and gives {report.probability(result, 1)}"
    same = _for_the_same_money(found)
    best = same or found.frontier[-1]
    if same is not None and same.result.probability - result.probability < 5e-4:
        return f"{stands}; no package for the same money does better."
    money = "the same money" if same is not None else report.money(result, best.budget)
    return f"{stands}; the best package for {money} gives {report.probability(best.result, 1)}."


def reached(found: Mix, wanted: float) -> str:
    """The least of the frontier's budgets whose best package reaches a wanted probability, in a sentence."""
    enough = next((bought for bought in found.frontier if bought.result.probability >= wanted), None)
    if enough is not None:
        most = report.probability(enough.result, 1)
        return f"{wish(wanted)} is first reached with {report.money(enough.result, enough.cost)}, of the budgets shown ({most})."
    best = max(found.frontier, key=lambda bought: bought.result.probability)
    return f"No budget reaches {wish(wanted)}: the best package gives {report.probability(best.result, 1)}, for {report.money(best.result, best.cost)}."


def shown(found: Mix) -> Bought:
    """The package that is looked at part by part: the only one asked for, that of the present cost, or the dearest."""
    same = _for_the_same_money(found)
    return same if len(found.frontier) > 1 and same is not None and same.parts else found.frontier[-1]


def _for_the_same_money(found: Mix) -> Bought | None:
    """The best package for what the present one costs, where that is among the budgets."""
    now = found.present.budget
    return next(
        (bought for bought in found.frontier if abs(bought.budget - now) <= CENT * max(now, 1.0)), None
    )


def unit(knob: Knob) -> str:
    """What a cost is the cost of: ``each``, ``a day``, ``a percentage point``."""
    if hundredfold(knob):
        return "a percentage point"
    return UNITS.get(knob.unit) or f"a unit of {knob.path.split('.')[2].replace('_', ' ')}"


def price(result: Result, cost: float | None) -> str:
    """What a percentage point of probability costs."""
    return "adds nothing" if cost is None else report.money(result, cost)
