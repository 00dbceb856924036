"""Chart of a difference between two sets of assumptions: from one probability to the other, part by part."""

from __future__ import annotations

from simulator._version import __version__
from simulator.analysis.compare import Comparison, Difference
from simulator.model.result import fingerprint
from simulator.report.charts.answer import stairs, steps_told, waterfall_form
from simulator.report.charts.drawing import Drawing
from simulator.report.tables import parts_table


def gap(comparison: Comparison, difference: Difference) -> Drawing:
    """From the probability of the first set to that of another: what each change contributes, averaged over all orders."""
    answers = {each.name: 100 * each.result.probability for each in comparison.sets}
    one, other = difference.origin, difference.to
    parts = [
        (part["change"], part["probability_points"]) for part in parts_table(comparison, difference)[:-1]
    ]
    rows = stairs((one, answers[one]), parts, (other, answers[other]))
    alt = f"From {one} to {other}: the probability in percent, and what each change contributes in percentage points: {steps_told(rows)}."
    return Drawing(
        "gap", f"From {one} to {other}, in percentage points", rows, waterfall_form(len(rows)), alt
    )


def stamp(comparison: Comparison, difference: Difference) -> tuple[str, ...]:
    """What a picture of a difference says of its inputs, so that it can be made again."""
    pair = [each for each in comparison.sets if each.name in (difference.origin, difference.to)]
    marks = " and ".join(fingerprint(each.result.scenario)[:12] for each in pair)
    return (
        *(f"{each.name}: {each.result.scenario.title}, as of {each.result.scenario.as_of}" for each in pair),
        f"{comparison.points} points, seed {comparison.seed}, version {__version__}, scenarios {marks}",
    )
