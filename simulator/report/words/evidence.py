"""Sentences on how much evidence stands behind an answer, and why it is rated so."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.analysis.evidence import APART, ASSUMED, FIGURES, MONTHS, MOVED, RANGE, Evidence, Grade
from simulator.analysis.tornado import Bar
from simulator.report.amounts import probability
from simulator.report.words.context import disagreement
from simulator.values.numerals import counted, fixed

WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
GRADES = {Grade.WEAK: "weak", Grade.FAIR: "fair", Grade.GOOD: "good"}
RULE = (
    f"The rules: figures are weak below {FIGURES[0]} or if the last is more than {MONTHS[1]} months old, "
    f"good from {FIGURES[1]} on if it is at most {MONTHS[0]} months old; assumptions are good where measures "
    f"and risks move the answer by at most {MOVED[0]:g} points and at most {100 * ASSUMED:.0f} % of the "
    f"inputs are our assumptions, weak where they move it by more than {MOVED[1]:g}; the range is good up to "
    f"{RANGE[0]:g} points, weak beyond {RANGE[1]:g}; the outside view up to {APART[0]:g} points from the "
    f"answer, weak beyond {APART[1]:g}. Thin: weak "
    "figures, or two of the others weak. Strong: none weak and three good. Else moderate."
)


def sentence(evidence: Evidence) -> str:
    """``Evidence: thin - eight published figures, 27 of 31 inputs are our assumptions, range 8 points.``."""
    if evidence.decided:
        return "Evidence: strong - published figures decide the target."
    reasons = [_figures(evidence), _inputs(evidence), _range(evidence)]
    if evidence.widely:
        reasons.append(f"{evidence.apart:.0f} points from the outside view")
    return f"Evidence: {evidence.rating} - {', '.join(reasons)}."


def reasons(evidence: Evidence) -> list[str]:
    """Each of the four things looked at with its grade, then the rules."""
    if evidence.decided:
        return ["Published figures decide the target: nothing else is rated."]
    grades = evidence.grades
    old = counted(evidence.months, "month")
    moved = f"measures and risks move the answer by {evidence.moved:.1f} points"
    apart = "no class fits" if evidence.apart is None else f"{evidence.apart:.0f} points from the answer"
    return [
        f"Figures: {GRADES[grades.figures]} ({_figures(evidence)}, the last {old} before the question).",
        f"Assumptions: {GRADES[grades.assumptions]} ({_inputs(evidence)}; {moved}).",
        f"Range under other model settings: {GRADES[grades.range]} ({_range(evidence)}).",
        f"Outside view: {GRADES[grades.outside]} ({apart}).",
        RULE,
    ]


def warning(evidence: Evidence) -> str | None:
    """What is said where model and outside view disagree widely; None where they do not."""
    outside = evidence.context
    return disagreement(probability(outside.result), outside) if evidence.widely else None


def _figures(evidence: Evidence) -> str:
    many = evidence.figures
    return f"{WORDS[many] if many < len(WORDS) else many} published figure{'' if many == 1 else 's'}"


def _inputs(evidence: Evidence) -> str:
    if not evidence.inputs:
        return "no input is our assumption"
    are = "is" if evidence.assumed == 1 else "are"
    assumptions = "our assumption" if evidence.assumed == 1 else "our assumptions"
    return f"{evidence.assumed} of {counted(evidence.inputs, 'input')} {are} {assumptions}"


def _range(evidence: Evidence) -> str:
    many = len(evidence.context.result.probability_range.sources) > 1
    if not many:
        return "no range"
    size = f"{evidence.range:.0f}" if evidence.range >= 1 else f"{evidence.range:.1f}"
    return f"range {size} point{'' if size == '1' else 's'}"


def weight(evidence: Evidence | None, bars: Sequence[Bar]) -> list[str]:
    """What the assumptions carry of the points by which inputs, one at a time, move the answer."""
    known = [bar for bar in bars if bar.basis is not None]
    total = 100 * sum(bar.swing for bar in known)
    if evidence is None or evidence.decided or not total:
        return []
    carried = 100 * sum(bar.swing for bar in known if bar.judgement)
    many = f"{evidence.assumed} of {evidence.inputs} inputs are our assumptions"
    turned = "inputs and settings, each turned alone from its low to its high end, move the answer"
    return [
        f"{many}; they carry {fixed(carried, 1)} of the {fixed(total, 1)} points by which {turned}, added up."
    ]
