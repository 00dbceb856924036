"""Sentences on a sweep: over which sets, how far the probability runs, which have no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.batch.sets import ANSWERS, CASE, LEADING, REASON, Sweep
from simulator.batch.sweep import Summary
from simulator.report.amounts import error_points
from simulator.values.numerals import counted, percent

DESIGNS = {
    "grid": "every combination of their values",
    "sobol": "spread evenly over all of them at once (Sobol's points)",
    "lhs": "spread evenly over each of them (a Latin hypercube)",
}
FEW_REASONS = 5
COLUMNS = (
    "A row holds what varies, then the probability and its standard error as fractions, the median, the 10th "
    "and the 90th percentile of what the target is about, the median shortfall where it is missed, and the "
    "reason where a set has no answer."
)
KNOBS = "Where a range varies by its main value, its ends move along in ratio, as on a slider."
COMMON = "All sets share their draws: a difference between two of them errs far less than either by itself."


def setting(asked: Sweep) -> str:
    """How many sets of what."""
    axes, count = asked.design.axes, len(asked)
    sets = counted(count, "set")
    over = f" of {counted(len(asked.cases), 'scenario')}" if asked.named else ""
    if not axes:
        return f"{sets} of assumptions{over}."
    names = ", ".join(axis.path for axis in axes)
    if len(axes) == 1 and asked.design.kind == "grid":
        return f"{sets} of assumptions{over}: each value of {names}."
    return f"{sets} of assumptions{over}: {names}, {DESIGNS[asked.design.kind]}."


def headline(summary: Summary) -> str:
    """How far the probability runs."""
    if summary.lowest is None or summary.highest is None:
        return f"None of {counted(summary.sets, 'set')} has an answer."
    low, high = (percent(row["probability"], 1) for row in (summary.lowest, summary.highest))
    answered = counted(summary.sets - summary.refused, "set")
    if low == high:
        return f"The probability is {low} in {'all ' if summary.sets > 1 else ''}{answered}."
    return f"The probability runs from {low} to {high} over {answered}."


def extremes(summary: Summary) -> Iterator[str]:
    """The sets with the lowest and the highest probability."""
    for name, row in (("Lowest", summary.lowest), ("Highest", summary.highest)):
        if row is not None and summary.lowest != summary.highest:
            yield f"{name}, {percent(row['probability'], 1)}: {inputs(row)}."


def inputs(row: Mapping[str, Any]) -> str:
    """What a set is told apart by."""
    answers = (*ANSWERS, LEADING, REASON)
    pairs = ((name, value) for name, value in row.items() if name not in answers and not _of_target(name))
    return ", ".join(str(value) if name == CASE else f"{name} {cell(name, value)}" for name, value in pairs)


def _of_target(name: str) -> bool:
    return name.startswith("target.") and name.endswith(".probability")


def heading(name: str) -> str:
    """A column's name over a narrow table: of a path its end, on two lines."""
    shown = {
        "standard_error": "error, points",
        "shortfall_if_missed": "shortfall",
        "probability": "probability, %",
    }
    return shown.get(name, ".\n".join(name.split(".")[-2:]))


def cell(name: str, value: Any) -> str:
    """A cell of a column in few letters."""
    if not isinstance(value, float):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    if name == "standard_error":
        return f"{100 * value:.3f}"
    return f"{100 * value:.2f}" if name == "probability" or _of_target(name) else f"{value:.6g}"


def refusals(summary: Summary) -> Iterator[str]:
    """Which sets have no answer, and why."""
    if not summary.refused:
        return
    yield f"{counted(summary.refused, 'set')} without an answer, for reasons such as:"
    for reason, count in summary.reasons.most_common(FEW_REASONS):
        yield f"  {reason} ({counted(count, 'set')})"
    if len(summary.reasons) > FEW_REASONS:
        yield f"  and {counted(len(summary.reasons) - FEW_REASONS, 'more reason')}; each stands in its row"


def idle(asked: Sweep) -> Iterator[str]:
    """What varies without effect, and how to let it count."""
    for owner in asked.idle:
        yield f"{owner} is off in every set, so that it changes nothing; add --set {owner}.enabled=true."


def details(asked: Sweep, summary: Summary) -> str:
    """How exact the answers are, and what gives them again."""
    error = error_points(summary.error)
    return f"Details: standard errors of at most {error}; {asked.points} points a set, seed {asked.seed}."


def stopped(done: int, count: int, kept: str | None) -> str:
    """What is said when a run is interrupted."""
    if not done:
        return f"Stopped before any of {counted(count, 'set')} was answered."
    so_far = f"Stopped after {done:,} of {counted(count, 'set')}"
    if kept is None:
        return f"{so_far}, of which nothing is kept; with --out a run can go on where it was stopped."
    return f"{so_far}, which stand in {kept}; the same command again goes on from there."


def reading(*, surface: bool, named: bool, even: bool) -> str:
    """How to read the chart: ``surface`` over two numbers, ``named`` over a choice or months.

    ``even``: the line of 50 % is on it.
    """
    if surface:
        thick = "; the thick one is 50 %" if even else ""
        return f"Along each line the probability is the same{thick}. The dot is where the scenario stands."
    if named:
        return "The dots are the probability, the lines through them its numerical error (95 % intervals)."
    return (
        "The line is the probability, the band around it, often thinner than the line, its numerical error "
        "(95 % intervals)."
    )
