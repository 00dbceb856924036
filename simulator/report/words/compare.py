"""Sentences on several sets of assumptions: what is asked of them, how far apart they are, and why."""

from __future__ import annotations

from simulator.analysis.compare import Comparison, Difference
from simulator.report.amounts import wish
from simulator.report.words.assumptions import change_words
from simulator.values.numerals import points

LARGEST = 3  # parts of a difference that are named one by one
LEAST = 0.005  # percentage points: a smaller difference, or error, is none to two decimals
LEAST_TOGETHER = 0.05  # percentage points that changes do together, worth a sentence

# What the parts of a difference are: in a document, in the terminal, on the page
_AVERAGED = "averaged over all orders in which the changes can be made"
_BESIDE = "its numerical error, and its effect when it is made before all others and after them."
_POINTS = f"A change's points are its effect {_AVERAGED} (Shapley value), so they sum to the difference;"
SPLIT_IN_FULL = (
    f"Each difference is split over the assumptions that differ. {_POINTS} beside them stand {_BESIDE}"
)
SPLIT = f"{_POINTS} beside them {_BESIDE}"
SPLIT_CAUTIOUSLY = (
    f"A change's points are its Shapley value: its effect on the probability {_AVERAGED}, so no order is "
    "favoured and the parts sum to the difference. It is not what the change would do alone, and it says "
    "nothing about whether an assumption is right: it accounts for how this model gets from one answer to "
    "the other."
)
PARTS = f"What each change contributes, {_AVERAGED}."


def question_sentences(comparison: Comparison) -> list[str]:
    """What the probabilities are of: once where all sets ask the same, else for each."""
    wishes = {member.name: wish(member.result) for member in comparison.sets}
    if len(set(wishes.values())) == 1:
        return [f"How likely it is that {wishes[comparison.names[0]]}"]
    return [f"{name}: how likely it is that {words}" for name, words in wishes.items()]


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
    return f"{_gap(difference)}: {_largest(comparison, difference)}."


def _gap(difference: Difference) -> str:
    """How far a set is from the first: ``B is 3.4 points above A (± 0.02)``."""
    name, first, gap = difference.to, difference.origin, difference.probability_points
    if abs(gap) < LEAST:
        return f"{name} and {first} are as likely, within 0.01 points"
    side, error = "above" if gap > 0 else "below", difference.standard_error
    size = f"{abs(gap):.{_digits(gap)}f} points {side} {first}"
    return f"{name} is {size} ({f'± {error:.2f}' if error >= LEAST else '± less than 0.01'})"


def _largest(comparison: Comparison, difference: Difference) -> str:
    """The three largest parts, and the sum of the others."""
    parts = sorted(difference.attribution, key=lambda part: -abs(part.probability_points))
    if len(parts) == 1:
        return f"all of it comes from {change_words(comparison, parts[0].change)}"
    digits = _digits(difference.probability_points)
    words = [
        f"{change_words(comparison, part.change)} {points(part.probability_points, digits)}"
        for part in parts[:LARGEST]
    ]
    others = parts[LARGEST:]
    if others:
        count = "one other" if len(others) == 1 else f"{len(others)} others"
        words.append(f"{count} {points(sum(part.probability_points for part in others), digits)}")
    return ", ".join(words)


def interaction_sentence(difference: Difference) -> str | None:
    """What the changes do together beyond what each does alone.

    None where one change is all, or where it is hardly anything.
    """
    if len(difference.attribution) < 2 or abs(difference.interaction_points) < LEAST_TOGETHER:
        return None
    digits = _digits(difference.probability_points)
    alone = difference.probability_points - difference.interaction_points
    return (
        f"Each made alone in {difference.origin}, the changes would add up to {points(alone, digits)}; "
        f"the other {points(difference.interaction_points, digits)} is what they do together."
    )


def _digits(points: float) -> int:
    """How finely a difference in percentage points is told."""
    return 1 if abs(points) >= 0.95 else 2
