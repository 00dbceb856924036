"""Sentences on several sets of assumptions: what is asked of them, how far apart they are, and why."""

from __future__ import annotations

from simulator.analysis.compare import Comparison, Difference
from simulator.analysis.fitness import Unfit
from simulator.report.amounts import wish
from simulator.report.words.assumptions import change_words
from simulator.scenario import Scenario
from simulator.scenario.targets import Kind
from simulator.values.numerals import enumeration, fixed, points

LARGEST = 3  # parts of a difference that are named one by one
LEAST = 0.05  # percentage points: a smaller difference is none to one decimal
LEAST_TOGETHER = 0.05  # percentage points that changes do together, worth a sentence

# What the parts of a difference are: in a document, in the terminal, on the page
_AVERAGED = "averaged over all orders in which the changes can be made"
_BESIDE = "its effect when it is made before all others and after them."
_POINTS = f"A change's points are its effect {_AVERAGED} (Shapley value), so they sum to the difference;"
SPLIT_IN_FULL = (
    f"Each difference is split over the assumptions that differ. {_POINTS} beside them stands {_BESIDE}"
)
SPLIT = f"{_POINTS} beside them {_BESIDE}"
SPLIT_CAUTIOUSLY = (
    f"A change's points are its Shapley value: its effect on the probability {_AVERAGED}, so no order is "
    "favoured and the parts sum to the difference. It is not what the change would do alone, and it says "
    "nothing about whether an assumption is right: it accounts for how this model gets from one answer to "
    "the other."
)
KINDS = {Kind.AMOUNT: "an amount", Kind.GROWTH: "a growth rate", Kind.SHARE: "a share"}
PARTS = f"What each change contributes, {_AVERAGED}."


def question_sentences(comparison: Comparison) -> list[str]:
    """What the probabilities are of: once where all sets ask the same, else for each."""
    wishes = {member.name: wish(member.result) for member in comparison.sets}
    if len(set(wishes.values())) == 1:
        return [f"How likely it is that {wishes[comparison.names[0]]}"]
    return [f"{name}: how likely it is that {words}" for name, words in wishes.items()]


def unfit_note(scenario: Scenario, why: Unfit) -> str:
    """What keeps a set apart from the first one, in a few words."""
    if why is Unfit.CURRENCY:
        return f"in {scenario.currency}"
    if why is Unfit.UNIT:
        return f"in {scenario.unit} {scenario.currency}"
    return "other countries" if why is Unfit.COUNTRIES else "another kind of target"


def unfit_sentence(names: tuple[str, str], first: Scenario, other: Scenario, why: Unfit) -> str:
    """Why a set is not compared with the first, and what would make it comparable.

    Args:
        names: of the first and of the other set.
        first: the scenario with which all are compared.
        other: the one that is set apart.
        why: the reason.
    """
    one, two = names
    if why is Unfit.CURRENCY:
        reason = f"its amounts are in {other.currency}, those of {one} in {first.currency}"
        mend = f"a file in {first.currency}, with rates: {{{other.currency}: ...}}"
        write = f"write its amounts as 12.3 {other.currency} in {mend}"
        return f"{two} stands apart: {reason}. To compare it, {write}."
    if why is Unfit.UNIT:
        units = [f"{scenario.unit} {scenario.currency}" for scenario in (other, first)]
        return (
            f"{two} stands apart: its amounts are in {units[0]}, those of {one} in {units[1]}, and one of "
            "them is no unit such as thousand, million or billion."
        )
    if why is Unfit.COUNTRIES:
        return f"{two} stands apart: it is about {_countries(other)}, {one} about {_countries(first)}."
    kinds = [
        enumeration(dict.fromkeys(KINDS[target.kind] for target in scenario.target))
        for scenario in (other, first)
    ]
    return f"{two} stands apart: its target is {kinds[0]}, that of {one} {kinds[1]}."


def _countries(scenario: Scenario) -> str:
    return enumeration(filter(None, (scenario.home, scenario.partner)))


def restated_sentence(comparison: Comparison) -> str | None:
    """Which sets are shown in another unit than their files have; None where none is."""
    others = [member for member in comparison.sets if member.restated]
    if not others:
        return None
    names = enumeration(f"{member.name} (in {_unit(member.stated)})" for member in others)
    verb = "is" if len(others) == 1 else "are"
    return f"{names} {verb} shown in {_unit(comparison.first.scenario)}; no chance depends on the unit."


def _unit(scenario: Scenario) -> str:
    return f"{scenario.unit} {scenario.currency}"


def note_sentences(comparison: Comparison) -> list[str]:
    """The notes on the sets' answers, each once."""
    holders: dict[str, list[str]] = {}
    for member in comparison.sets:
        for note in member.result.notes:
            holders.setdefault(note, []).append(member.name)
    return [
        f"Note on {', '.join(names)}: {note}" if len(names) < len(comparison.sets) else f"Note: {note}"
        for note, names in holders.items()
    ]


def difference_sentence(comparison: Comparison, difference: Difference) -> str:
    """How far a set is from the first, and the changes that matter most."""
    name, first = difference.to, difference.origin
    place = comparison.names.index(name)
    if not any(place in assumption.differs for assumption in comparison.assumptions):
        return f"{name} has the assumptions of {first}, and its answer."
    if not difference.attribution:
        return f"{name} and {first} have one answer: nothing in which they differ moves the probability."
    if abs(difference.probability_points) < LEAST and len(difference.attribution) == 1:
        return f"{_gap(difference)}."
    return f"{_gap(difference)}: {_largest(comparison, difference)}."


def _gap(difference: Difference) -> str:
    """How far a set is from the first: ``B is 3.4 points above A``."""
    name, first, gap = difference.to, difference.origin, difference.probability_points
    if abs(gap) < LEAST:
        return f"{name} and {first} are as likely, to a tenth of a point"
    return f"{name} is {fixed(abs(gap), 1)} points {'above' if gap > 0 else 'below'} {first}"


def _largest(comparison: Comparison, difference: Difference) -> str:
    """The three largest parts, and the sum of the others."""
    parts = sorted(difference.attribution, key=lambda part: -abs(part.probability_points))
    if len(parts) == 1:
        return f"all of it comes from {change_words(comparison, parts[0].change)}"
    words = [
        f"{change_words(comparison, part.change)} {points(part.probability_points)}"
        for part in parts[:LARGEST]
    ]
    others = parts[LARGEST:]
    if others:
        count = "one other" if len(others) == 1 else f"{len(others)} others"
        words.append(f"{count} {points(sum(part.probability_points for part in others))}")
    return ", ".join(words)


def interaction_sentence(difference: Difference) -> str | None:
    """What the changes do together beyond what each does alone.

    None where one change is all, or where it is hardly anything.
    """
    if len(difference.attribution) < 2 or abs(difference.interaction_points) < LEAST_TOGETHER:
        return None
    alone = difference.probability_points - difference.interaction_points
    return (
        f"Each made alone in {difference.origin}, the changes would add up to {points(alone)}; "
        f"the other {points(difference.interaction_points)} is their overlap."
    )


def error_sentence(comparison: Comparison) -> str:
    """How exactly the differences and their parts are known, for the details."""
    errors = [difference.standard_error for difference in comparison.differences]
    errors += [part.standard_error for gap in comparison.differences for part in gap.attribution]
    return f"numerical standard errors of the points up to {max(errors, default=0.0):.2f}"
