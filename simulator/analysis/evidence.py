"""How much evidence stands behind an answer: thin, moderate or strong, by stated rules.

Four things are looked at, each weak, fair or good by the bounds below (``docs/method.md``): the figures, the
weight of assumptions, the range under other model settings, and how far the outside view is from the answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum, StrEnum
from typing import Any

from simulator.analysis.context import Context, outside_view
from simulator.model.result import Result
from simulator.scenario.inputs import bases, numbers
from simulator.values.basis import Basis

FIGURES = (10, 20)  # fewer are weak; from the second on, and none too old, they are good
MONTHS = (12, 24)  # from the last month with a figure to the question: good up to the first, weak beyond
ASSUMED = 0.75  # the part of the inputs that are assumptions, beyond which they are not good
MOVED = (3.0, 10.0)  # percentage points that measures and risks move the answer by: good, weak beyond
RANGE = (5.0, 15.0)  # percentage points between the ends of the range: good up to the first, weak beyond
APART = (10.0, 20.0)  # percentage points from the outside view: good up to the first, weak beyond


class Rating(StrEnum):
    """How much evidence there is."""

    THIN = "thin"
    MODERATE = "moderate"
    STRONG = "strong"


class Grade(IntEnum):
    """How good one of the four things is."""

    WEAK = 0
    FAIR = 1
    GOOD = 2


@dataclass(frozen=True)
class Grades:
    """The four things looked at."""

    figures: Grade
    assumptions: Grade
    range: Grade
    outside: Grade

    @property
    def rating(self) -> Rating:
        """Thin where the figures are weak, or two others; strong where none is weak and three are good."""
        grades = (self.figures, self.assumptions, self.range, self.outside)
        if self.figures is Grade.WEAK or grades.count(Grade.WEAK) > 1:
            return Rating.THIN
        strong = Grade.WEAK not in grades and grades.count(Grade.GOOD) > 2
        return Rating.STRONG if strong else Rating.MODERATE


@dataclass(frozen=True)
class Evidence:
    """What stands behind an answer.

    ``figures`` counts published numbers (an amount, a growth rate), ``months`` from the last month with one
    to the question; ``assumed`` of ``inputs`` are assumptions; ``moved`` is by how many percentage points
    measures and risks move the answer, ``range`` how wide the range is, ``apart`` how far the outside view
    is from the answer, None where none fits. ``decided`` answers need no other evidence than their figures.
    """

    context: Context
    decided: bool
    figures: int
    months: int
    inputs: int
    assumed: int
    moved: float
    range: float
    apart: float | None
    grades: Grades

    @property
    def rating(self) -> Rating:
        """By the rules of ``Grades``; strong where published figures decide the target."""
        return Rating.STRONG if self.decided else self.grades.rating

    @property
    def widely(self) -> bool:
        """Whether model and outside view disagree widely."""
        return self.apart is not None and self.apart > APART[1]

    def to_dict(self) -> dict[str, Any]:
        """For a machine; points are percentage points."""
        return {
            "rating": str(self.rating),
            "figures": self.figures,
            "months_since_last_figure": self.months,
            "inputs": self.inputs,
            "assumed": self.assumed,
            "moved_points": self.moved,
            "range_points": self.range,
            "outside_view_points": self.apart,
            "grades": {name: grade.name.lower() for name, grade in asdict(self.grades).items()},
        }


def evidence(result: Result) -> Evidence:
    """What stands behind an answer, with its outside view."""
    context, rested = outside_view(result), bases(result.scenario)
    span, frequency = result.probability_range, context.frequency
    figures, months = numbers(result.scenario), _months(result)
    assumed = sum(basis is Basis.JUDGEMENT for basis in rested)
    moved = 100 * abs(result.probability - result.probability_bare)
    wide = 100 * (span.high - span.low)
    apart = 100 * abs(result.probability - frequency.share) if frequency else None
    grades = Grades(
        _figures(figures, months),
        _assumptions(moved, assumed / max(len(rested), 1)),
        _within(wide, RANGE) if len(span.sources) > 1 else Grade.FAIR,
        Grade.FAIR if apart is None else _within(apart, APART),
    )
    return Evidence(
        context, result.decided, figures, months, len(rested), assumed, moved, wide, apart, grades
    )


def _months(result: Result) -> int:
    day, last = result.scenario.as_of, max(figure.period.last for figure in result.scenario.counted)
    return max(12 * day.year + day.month - 1 - last, 0)


def _figures(figures: int, months: int) -> Grade:
    if figures < FIGURES[0]:
        return Grade.WEAK
    return Grade.GOOD if figures >= FIGURES[1] and months <= MONTHS[0] else _old(months)


def _old(months: int) -> Grade:
    return Grade.WEAK if months > MONTHS[1] else Grade.FAIR


def _assumptions(moved: float, part: float) -> Grade:
    grade = _within(moved, MOVED)
    return Grade.FAIR if grade is Grade.GOOD and part > ASSUMED else grade


def _within(points: float, bounds: tuple[float, float]) -> Grade:
    """Good up to the first bound, weak beyond the second."""
    return Grade.GOOD if points <= bounds[0] else Grade.WEAK if points > bounds[1] else Grade.FAIR
