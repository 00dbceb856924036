"""Sentences on what it would take: of a change, an amount, a year, each number alone, a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch

from simulator.analysis.answers import Amount, Answer, Answers, Change, Limit, Year
from simulator.analysis.grid import Axis, Map
from simulator.analysis.questions import Value, name_of
from simulator.model.result import Result
from simulator.report.amounts import amount, asked, clause, exact, in_its_currency, probability, wish
from simulator.scenario import Scenario, Target
from simulator.scenario.parameters import Knob
from simulator.values.address import Address
from simulator.values.numerals import counted, percent

CHANGE_MEANING = (
    "What it means: the least change, all else as in the scenario, at which the model gives the target the "
    "wanted probability.",
    "What it does not mean: that the change can be had, or is worth its cost. The answer moves with every "
    "other assumption; the range under other model settings beside the headline holds for it too.",
)
AMOUNT_MEANING = (
    "What it means: the amount that the model reaches with exactly the wanted probability, all else as in "
    "the scenario.",
    "What it does not mean: a forecast or a proposal. Other model settings move this amount as they "
    "move the probability.",
)
YEAR_MEANING = (
    "What it means: the first period, years apart from the target's own, in which the model gives the same "
    "target the wanted probability.",
    "What it does not mean: a date by which it will be met. The model is carried on far beyond its figures; "
    "no shock or measure after them is known.",
)
MAP_MEANING = (
    "What it means: each cell is the model's probability with both numbers as stated, all else as in the "
    "scenario, on the same draws throughout.",
    "What it does not mean: that all cells are within reach, or cost the same.",
)
MAP_CAVEAT = "Each cell has both numbers as stated and all else as in the scenario; not all are within reach."
MEANINGS: Mapping[type, Sequence[str]] = {
    Change: CHANGE_MEANING,
    Amount: AMOUNT_MEANING,
    Year: YEAR_MEANING,
    Answers: CHANGE_MEANING,
    Map: MAP_MEANING,
}
TOGETHER = (
    "each moved the same fraction of the way from its present value to the bound at which it helps most"
)
WIDER_BESIDE = (
    "Wider bounds can be stated as bounds: at a lever, or given with --bounds LO:HI beside one --lever."
)
CAVEATS = (  # of all that stands on the page, each once
    "What it means: each number here is worked out with everything else as in the scenario, on the same "
    "draws; a measure goes as far as its control does. An amount is reached with exactly the wanted "
    "probability; a year is the first in which the same target is as likely.",
    "What it does not mean: that a change can be had or is worth its cost, nor a forecast, a proposal or "
    "a date. The model is carried on beyond its figures, where no shock or measure is known, and other "
    "model settings move these numbers as they move the probability.",
)
Move = tuple[str, str, str]  # the name of what moves, its present value, the new one


def wanted_percent(wanted: float) -> str:
    """The wanted probability as it was stated: ``80 %``."""
    return f"{100 * wanted:.6g} %"


def meaning(answer: Answer | Answers | Map) -> Sequence[str]:
    """What the numbers mean, and what they do not."""
    if isinstance(answer, Change) and answer.question.section == "target":
        return AMOUNT_MEANING
    return MEANINGS[type(answer)]


# One answer


def sentences(answer: Answer) -> list[str]:
    """The answer to one question in words."""
    reason = [] if answer.reason is None else [f"Why: {answer.reason}."]
    return [_sentence(answer), *switched_on(answer.switched_on, "for this answer"), *reason]


@singledispatch
def _sentence(answer: Answer) -> str:
    """The answer in one sentence or two, by its class."""
    raise TypeError(f"found {type(answer).__name__}, expected an answer that has words")


@_sentence.register
def _amount_sentence(answer: Amount) -> str:
    result, target = answer.present, answer.present.scenario.target[0]
    present = f"{target.noun} of {target.bound} {asked(result, target)}"
    return (
        f"With a probability of {wanted_percent(answer.wanted)}, {clause(result, target)} {target.bound} "
        f"{amount_words(answer)}. The {present} is {probability(result, 1)} likely."
    )


def amount_words(answer: Amount) -> str:
    """The amount that is as likely as is wanted, in the currency of the target and the scenario's."""
    result, target = answer.present, answer.present.scenario.target[0]
    text = amount(result, answer.number, target.quantity.unit)
    return in_its_currency(result, target, text, answer.number)


@_sentence.register
def _year_sentence(answer: Year) -> str:
    wanted, likely = wanted_percent(answer.wanted), percent(answer.probability, 1)
    stands = f"as the scenario has it, the probability is {probability(answer.present, 1)}"
    present = f"for {answer.present_value}, {stands}"
    if answer.feasible:
        return f"The target is first {wanted} likely in {answer.value} ({likely}); {present}."
    return f"No period makes the target {wanted} likely: {_reached(answer, answer.best_value)}; {present}."


@_sentence.register
def _change_sentence(answer: Change) -> str:
    wanted, stands = (
        wanted_percent(answer.wanted),
        f"as the scenario stands it is {probability(answer.present, 1)}",
    )
    if answer.already:
        return f"{wanted} is reached already: {stands}. Nothing has to change."
    if answer.together:
        return _together_sentence(answer, stands)
    ((_, now, then),) = moves(answer)
    name = answer.name if answer.of_driver else f"{answer.name[:1].lower()}{answer.name[1:]}"
    likely = percent(answer.probability, 1)
    if not answer.feasible:
        return (
            f"{wanted} is out of reach for {name} alone ({answer.help}): {_reached(answer, then)}. "
            f"Now it is {now}; {stands}."
        )
    change = f"go from {now} to {then}" if now != then else f"be switched on, at {then}"
    return (
        f"To reach {wanted}, {name} would have to {change} ({answer.help}). "
        f"The probability is then {likely}; {stands}."
    )


def _together_sentence(answer: Change, stands: str) -> str:
    moved = ", ".join(f"{name} from {now} to {then}" for name, now, then in moves(answer))
    wanted, likely = wanted_percent(answer.wanted), percent(answer.probability, 1)
    if not answer.feasible:
        return f"{wanted} is out of reach for all of them: {_reached(answer)}, with {moved}; {stands}."
    return (
        f"To reach {wanted}, each would have to go {way_words(answer)} of the way to the bound at which it "
        f"helps most: {moved}. The probability is then {likely}; {stands}."
    )


def way_sentence(answer: Answer) -> str:
    """How far several numbers would have to go together, without what each of them does."""
    wanted, likely = wanted_percent(answer.wanted), percent(answer.probability, 1)
    if not answer.feasible:
        return f"{wanted} is out of reach even for all of them: {_reached(answer)}."
    way = f"To reach {wanted}, each would have to go {way_words(answer)} of the way."
    return f"{way} The probability is then {likely}."


def way_words(answer: Answer) -> str:
    """Which part of the way to their bounds several numbers go."""
    return amount(answer.present, answer.nearest_value, answer.question.unit)


def moves(answer: Answer) -> list[Move]:
    """What moves in an answer; what a bare number counts stands behind the second one."""
    if isinstance(answer, Change) and answer.together:
        return [_move(answer, knob) for knob in answer.question.knobs]
    present = present_words(answer)
    if isinstance(answer, Change) and answer.question.section != "target":
        then = amount(answer.present, answer.nearest_value, answer.question.unit)
        return [(answer.name, *_counting(answer.question.knobs[0], present, then))]
    return [(answer.name, present, _in_words(answer, value)) for value in answer.values.values()]


def _move(answer: Change, knob: Knob) -> Move:
    """What one of several knobs does."""
    result = answer.present
    before, after = (values[knob.path] for values in (answer.present_values, answer.values))
    now, then = (amount(result, value, knob.unit) for value in (before, after))
    return name_of(result.scenario, knob), *_counting(knob, now, then)


def _counting(knob: Knob, now: str, then: str) -> tuple[str, str]:
    """Two numbers of a knob, the second with what it counts; both where they are the same."""
    return (now if now != then else _of(knob, now)), _of(knob, then)


def _of(knob: Knob, text: str) -> str:
    """A number with what it counts: ``18 new ventures``, ``9 % of the trade it touches``."""
    return f"{text} {knob.counted(text)}".rstrip()


def present_words(answer: Answer) -> str:
    """What a number stands at: a target's amount with every digit that was stated."""
    value = answer.present_value
    if answer.question.section == "target" and isinstance(value, float) and answer.question.unit.money:
        target = _target_of(answer)
        return exact(answer.present, value) if target.step is None else asked(answer.present, target)
    return amount(answer.present, value, answer.question.unit)


def _target_of(answer: Answer) -> Target:
    """The target that a number is of."""
    address = Address.parse(answer.question.paths[0])
    return answer.present.scenario.target[address[1] if isinstance(address[1], int) else 0]


def _in_words(answer: Answer, value: Value) -> str:
    """A value of a number; of a target's amount in both currencies, where the rate of one is uncertain."""
    text = amount(answer.present, value, answer.question.unit)
    if isinstance(answer, Change) and not answer.together:
        text = _of(answer.question.knobs[0], text)
    if answer.question.section != "target" or isinstance(value, str) or not answer.question.unit.money:
        return text
    return in_its_currency(answer.present, _target_of(answer), text, value)


def value_words(answer: Answer) -> str:
    """What a number would have to be, or the best there is where that is out of reach."""
    value = _in_words(answer, answer.nearest_value)
    return value if answer.feasible else f"out of reach: {_reached(answer, value)}"


def reached(answer: Answer) -> str:
    """Where a number stands that does not reach what is wanted: ``with this slider at its end``.

    The best that one number gives is no best case: everything else stays as it is.
    """
    if isinstance(answer, Year):
        return "in the best year"
    several = isinstance(answer, Change) and answer.together
    if not isinstance(answer, Change) or answer.probability <= answer.present.probability:
        return "no change helps"
    if answer.number not in (answer.question.low, answer.question.high):
        return "with all of them where they help most" if several else "with this slider where it helps most"
    return "with everything at its bound" if several else "with this slider at its end"


def _reached(answer: Answer, value: Value = "") -> str:
    """The same with the value there, and the probability."""
    there = f" ({value})" if value else ""
    return f"{reached(answer)}{there}: {percent(answer.probability, 1)}"


def switched_on(paths: Iterable[str], where: str) -> list[str]:
    """Which levers and risks are switched on, and where: ``for this answer``."""
    return [f"{path} is off in the scenario; it is switched on {where}." for path in dict.fromkeys(paths)]


def switched_on_here(scenario: Scenario, paths: Iterable[str]) -> list[str]:
    """Which levers and risks are switched on for what stands beside, by their names."""
    drivers = dict(scenario.drivers())
    addresses = [Address.parse(path) for path in dict.fromkeys(paths)]
    names = [drivers[address].name or address.id for address in addresses]
    return [f"{name} is off in the scenario; here it is switched on." for name in names]


def wider(answer: Change) -> str:
    """How the bounds of an answer can be widened."""
    if answer.together:
        return "Wider bounds can be stated in the scenario: bounds: {field: [lowest, highest]} at each lever."
    given, address = "Wider bounds can be given with --bounds LO:HI", answer.question.knobs[0].address
    if not answer.of_driver:
        return f"{given}."
    in_file = f"bounds: {{{address.field[0]}: [lowest, highest]}} at {address.owner}"
    return f"{given}, or stated in the scenario: {in_file}."


# Each number alone


def question_sentence(answers: Answers) -> str:
    """What is asked of each number, and where it stands."""
    result = answers.present
    asked = f"What alone would make it {wanted_percent(answers.wanted)} likely that {wish(result)}?"
    return f"{asked} Now it is {probability(result, 1)}."


def answer_sentence(answers: Answers, together: Answer | None) -> str:
    """What it would take, in one sentence: the smallest change, or how far all measures together go.

    ``together`` is the answer to all measures moved together; None where there is one or none.
    """
    wanted, drivers = wanted_percent(answers.wanted), answers.of_drivers
    if answers.present.probability >= answers.wanted:
        return f"{wanted} is reached already, at {probability(answers.present, 1)}: nothing has to change."
    nearest = next((answer for answer in drivers if answer.feasible), None)
    if nearest is not None:
        return (
            f"The smallest change: {_moved(nearest)}. The chance is then {percent(nearest.probability, 1)}."
        )
    farthest = together or next(iter(drivers), None)
    if farthest is None:
        return f"No measure can be turned; what is {wanted} likely is another target or another year."
    if farthest.feasible:
        return (
            f"No measure alone is enough; all of them together are, {way_words(farthest)} of the way to "
            f"their bounds: the chance is then {percent(farthest.probability, 1)}."
        )
    every = "every measure" if together else farthest.name
    likely = percent(farthest.probability, 1)
    return f"With {every} at its bound the chance is {likely}: below the {wanted} wanted."


def _moved(answer: Change) -> str:
    """One measure that moves, and from where to where."""
    ((name, now, then),) = moves(answer)
    return f"{name} from {now} to {then}" if now != then else f"{name} switched on, at {then}"


def reach_sentence(answers: Answers) -> str:
    """How many measures get there alone."""
    reachable = sum(answer.feasible for answer in answers.of_drivers)
    several = counted(len(answers.of_drivers), "measure")
    count = f"{reachable} of {several} can" if reachable else "No measure can"
    return f"{count} reach {wanted_percent(answers.wanted)} alone; the nearest come first."


def reasons(answers: Iterable[Answer], *, bounds: bool = True) -> list[str]:
    """Why some numbers cannot reach what is wanted, each reason once.

    ``bounds``: also that their bounds go no further.
    """
    names: dict[str, list[str]] = {}
    for answer in answers:
        for reason in answer.reasons:
            names.setdefault(reason, []).append(answer.name)
    omitted = () if bounds else tuple(limit for limit in Limit if limit.movable)
    return [f"{', '.join(of)}: {reason}." for reason, of in names.items() if reason not in omitted]


def left_out(answers: Answers) -> list[str]:
    """Which levers are not asked, if any."""
    if not answers.left_out:
        return []
    return [f"Left out, for they have no one number to turn: {', '.join(answers.left_out)}."]


# A map


def axis_value(chart: Map, axis: Axis, value: float) -> str:
    """A value of one of its numbers, as people read it."""
    return amount(chart.present, axis.stated(value), axis.knob.unit)


def map_sentence(chart: Map, wanted: float) -> str:
    """Where the wanted probability lies on a map."""
    heights = [height for row in chart.probability for height in row if height is not None]
    low, high = min(heights, default=0.0), max(heights, default=0.0)
    if low < wanted <= high:
        return f"The thick line is {wanted_percent(wanted)}; the dot is where the sliders stand."
    side = "below" if high < wanted else "above"
    span = f"from {percent(low, 1)} to {percent(high, 1)}"
    off = f"{wanted_percent(wanted)} is not on this map: all of it is {side}, {span}."
    return f"{off} The dot is where the sliders stand."


def target_question(wanted: float) -> str:
    """What is asked of the target's own numbers."""
    return (
        "The question turned round: with the measures as they stand, what amount, and what year, would be "
        f"{wanted_percent(wanted)} likely?"
    )


def page_question(result: Result) -> str:
    """What the page asks, under the probability as the sliders stand."""
    return f"That is how likely it is, as the sliders stand, that {wish(result)}."
