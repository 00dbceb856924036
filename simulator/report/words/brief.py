"""Sentences of a brief: what matters most, what it would take, what it rests on, and an e-mail of them.

Each has a bounded length, whatever a scenario calls its parts, so that a brief has one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten

from simulator.analysis.answers import Change
from simulator.analysis.effort import Effort
from simulator.analysis.evidence import Evidence
from simulator.model.contributions import Contribution
from simulator.model.result import Result
from simulator.report.amounts import clause, distance, probability, subject
from simulator.report.names import named
from simulator.report.words import answer as answers
from simulator.report.words import evidence as evidence_words
from simulator.report.words import solve
from simulator.report.words.over_time import sources
from simulator.report.words.values import moment
from simulator.scenario.inputs import numbers
from simulator.values.numerals import counted, fixed, percent
from simulator.values.periods import Period

MOST_MEASURES = 3
TITLE, CASE, VERDICT, LINE, NAME = 96, 80, 270, 165, 56  # letters, at most
MOST_WORDS = 120  # of an e-mail
SMALLEST = 0.05  # percentage points, below which a measure moves nothing that shows
MORE = "…"


def short(text: str, most: int) -> str:
    """A text of at most so many letters, cut between words where it can be; no line ends before a ``%``."""
    cut = shorten(text, most, placeholder=f" {MORE}")
    cut = cut if cut.strip() != MORE else f"{' '.join(text.split())[: most - 1]}{MORE}"
    return cut.replace(" %", "\u00a0%")


def name_of(contribution: Contribution) -> str:
    """What people call a measure, in a bounded number of letters."""
    return short(contribution.driver.name or contribution.id, NAME)


# The verdict


def verdict(result: Result) -> str:
    """To be reached, to be missed, and the range."""
    return short(answers.verdict(result), VERDICT)


def backing(result: Result, evidence: Evidence | None) -> list[str]:
    """What belongs to the number: as futures, its evidence, the outside view, a warning."""
    lines = answers.backing(result, evidence) if evidence else [answers.hundred(result)]
    return [short(line, VERDICT) for line in lines]


def middle(result: Result) -> str:
    """How far the middle of the total is from the target; of several from the least likely one."""
    return short(answers.distances(result)[0], LINE)


# What matters most


def leading_measures(result: Result) -> list[Contribution]:
    """The measures that move the probability most, then the median, of those that are on."""
    on = [part for part in result.contributions["levers"] if part.driver.enabled]
    on.sort(key=lambda part: (-abs(part.probability_points), -abs(part.median_effect)))
    return on[:MOST_MEASURES]


def measures_title(result: Result) -> str:
    """The heading over the measures."""
    several = sum(part.driver.enabled for part in result.contributions["levers"])
    if several > 1:
        return "What each measure adds" if several <= MOST_MEASURES else "The measures that matter most"
    return "What the measure adds" if several else "Measures"


def measure_sentences(result: Result) -> list[str]:
    """What each of the leading measures adds in money and in points; or why there is none to name."""
    if result.decided:
        return ["Published figures decide the target: no measure can change the answer."]
    leading = leading_measures(result)
    if not leading:
        return [_none(result)]
    lines = [short(f"{name_of(part)}: {_effect(result, part)}.", LINE) for part in leading]
    return [*lines, answers.without_sentence(result)]


def _none(result: Result) -> str:
    """Why no measure is named."""
    if not result.scenario.levers:
        return "The scenario has no measures: this is what the figures alone lead to expect."
    return "No measure is switched on."


def _effect(result: Result, part: Contribution) -> str:
    """What a measure does to the median and to the probability, in one verb where that is enough."""
    quantity = result.scenario.goals[0].quantity
    of = f" of {subject(result, result.scenario.goals[0]).rstrip(',')}" if len(result.targets) > 1 else ""
    money = _moves(part.median_effect, distance(result, quantity, abs(part.median_effect)), f"median{of}")
    size = fixed(abs(part.probability_points), 1)
    one = "percentage point" if size == "1.0" else "percentage points"
    chance = _moves(part.probability_points, f"{size} {one}", "probability")
    return f"{money} and {chance.removeprefix(f'{money.split()[0]} ')}"


def _moves(effect: float, size: str, what: str) -> str:
    """What is added to something, or taken from it."""
    if not any(digit in "123456789" for digit in size):
        return f"adds nothing that shows to the {what}"
    return f"adds {size} to the {what}" if effect > 0 else f"takes {size} from the {what}"


# What it would take


def effort_title(effort: Effort) -> str:
    """The heading over what it would take."""
    return f"What it would take for {solve.wanted_percent(effort.wanted)}"


def effort_sentences(effort: Effort) -> list[str]:
    """The least change, then the amount and the year that are as likely as is wanted."""
    result = effort.alone.present
    if result.decided:
        return ["Nothing can change it: published figures decide the target."]
    lines = [change_sentence(effort), amount_sentence(effort), _year_sentence(effort)]
    return [short(line, LINE) for line in lines if line]


def change_sentence(effort: Effort) -> str:
    """The least change that makes the target as likely as is wanted, or how far all there is would lead."""
    result, wanted = effort.alone.present, solve.wanted_percent(effort.wanted)
    if effort.already:
        return f"{wanted} is reached already, at {probability(result, 1)}: nothing has to change."
    least = effort.least
    if least is None:
        return "No measure of the scenario can be stepped up."
    if least.together:
        return _together_sentence(effort, least)
    ((name, now, then),) = solve.moves(least)
    name, likely = short(name, NAME), percent(least.probability, 1)
    about = short(least.help, NAME)
    if not least.feasible:
        return f"{wanted} is out of reach: {_best(least, name, then)}."
    if now == then:
        return f"The least change that is enough: {name} switched on, at {then} ({about}); then {likely}."
    return f"The least change that is enough: {name} from {now} to {then} ({about}); then {likely}."


def _best(least: Change, name: str, then: str) -> str:
    """What the one measure leads to where that is not enough."""
    if least.probability <= least.present.probability:
        return f"{name}, the only measure that can be turned, makes it no likelier"
    likely = percent(least.probability, 1)
    return f"with {name}, the only measure that can be turned, at {then}, it is {likely}"


def _together_sentence(effort: Effort, moved: Change) -> str:
    """How far all measures together would have to go, or would lead."""
    wanted, likely = solve.wanted_percent(effort.wanted), percent(moved.probability, 1)
    if moved.feasible:
        way = solve.way_words(moved)
        return f"No measure is enough alone; all together would have to go {way} of the way to their bounds."
    if moved.probability <= moved.present.probability:
        return f"{wanted} is out of reach: no change of the measures within their bounds makes it likelier."
    best = "even with every measure at the bound that helps most"
    return f"{wanted} is out of reach of the measures: {best} it is {likely}."


def amount_sentence(effort: Effort) -> str:
    """The amount that is as likely as is wanted: ``It is 80 % likely that ...``."""
    answer, result = effort.amount, effort.alone.present
    if answer is None or effort.already:
        return ""
    target = result.scenario.target[0]
    size = f"{target.bound} {solve.amount_words(answer)}"
    return f"It is {solve.wanted_percent(effort.wanted)} likely that {clause(result, target)} {size}."


def _year_sentence(effort: Effort) -> str:
    """When the same target is as likely as is wanted; nothing where it is so already."""
    year = effort.year
    if year is None or effort.already:
        return ""
    wanted, last = solve.wanted_percent(effort.wanted), year.bounds[1]
    if not year.feasible:
        return f"Time alone would not be enough: no period up to {last} makes the target {wanted} likely."
    then, now = (Period.parse(value).last for value in (year.value, year.present_value))
    lead = "With more time" if then >= now else "With less time"
    return f"{lead}: the same target is {wanted} likely in {year.value}."


# What it rests on


def basis_sentences(result: Result, judged: str | None) -> list[str]:
    """The figures and their date, the assumptions, what settles the target, who approved, the sources."""
    lines = [figures_sentence(result), judged, answers.resolution_sentence(result), *_approved(result)]
    return [short(line, LINE) for line in (*lines, sources(result)) if line]


def figures_sentence(result: Result) -> str:
    """How many figures there are, and how far they go."""
    many = numbers(result.scenario)
    goes = "goes" if many == 1 else "go"
    return f"It rests on {counted(many, 'published figure')}, which {goes} up to {_ends(result)}."


def _ends(result: Result) -> str:
    """The month up to which the figures go; where they end apart, which of them go how far."""
    last: dict[str, int] = {}
    for figure in result.scenario.counted:
        last[figure.measure] = max(figure.period.last, last.get(figure.measure, figure.period.last))
    latest, measure = max(last.values()), result.leading.measure
    of_target = last.get(measure, latest)
    if measure not in last or of_target == latest:
        return moment(latest)
    ahead = next(name for name, end in last.items() if end == latest)
    asked, other = (named(result.scenario, name).text for name in (measure, ahead))
    return f"{moment(of_target)} for {asked} and {moment(latest)} for {other}"


def _approved(result: Result) -> Iterator[str]:
    """Who approved the scenario, and when, where it says so."""
    approved = result.scenario.approved
    if approved is not None:
        yield f"Approved by {short(approved.by, NAME)}, {approved.on.day} {approved.on:%B %Y}."


# An e-mail


def email(
    title: str, result: Result, effort: Effort, judged: str | None, evidence: Evidence | None = None
) -> str:
    """The answer as one paragraph for an e-mail, of at most ``MOST_WORDS`` words; last what it rests on."""
    head = short(title, TITLE)
    rated = [evidence_words.sentence(evidence)] if evidence else []
    start = f"{head}{'' if head.endswith(MORE) else '.'} {verdict(result)}"
    end = " ".join(rated or filter(None, (figures_sentence(result), judged)))
    taken = effort_sentences(effort)
    sentences = [middle(result), *_measure(result), *taken]
    wanted = [taken[0], *(sentence for sentence in sentences if sentence != taken[0])]
    return _within(start, sentences, wanted, end)


def _measure(result: Result) -> Iterator[str]:
    """What the leading measure does, if there is one."""
    if not result.decided:
        for part in leading_measures(result)[:1]:
            yield f"Of the measures {name_of(part)} matters most: it {_effect(result, part)}."


def _within(start: str, sentences: Sequence[str], wanted: Sequence[str], end: str) -> str:
    """A paragraph of as many sentences as there is room for, its start and its end in any case.

    Args:
        start: the first.
        sentences: those between, in the order in which they are said.
        wanted: the same, the most important first.
        end: the last.
    """
    taken: set[str] = set()
    room = MOST_WORDS - len(f"{start} {end}".split())
    for sentence in wanted:
        if (words := len(sentence.split())) <= room:
            taken.add(sentence)
            room -= words
    in_order = (sentence for sentence in sentences if sentence in taken)
    return " ".join(" ".join((start, *in_order, end)).split())
