"""Charts of one answer: bands over time, what measures add, the range of alternatives."""

from __future__ import annotations

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import alternatives_span, probability
from simulator.report.charts.drawing import (
    BLUE,
    GREY,
    SKY,
    ChartKind,
    Drawing,
    Form,
    chance_axis,
    form,
)
from simulator.report.charts.waterfall import Step, beside, change, level, stairs
from simulator.report.words.answer import nothing_added

STEPS = (
    "The probability without the measures, what each adds or takes away, and the probability with them, "
    "as floating bars"
)
RANGE = "The probability as a dot on a scale from 0 to 100 %, among the ticks of its reasonable alternatives"
ADDED = "What each measure adds, in percentage points"


# What measures add


def waterfall(result: Result) -> Drawing:
    """From the probability without the levers to that with them: what each adds alone, then all together.

    Without rows where no lever moves the probability (``words.answer.nothing_added`` says so).
    """
    first, last = result.probability_without_levers, result.probability
    steps = _steps(result)
    moved = any(step.tells for step in steps)
    rows = stairs(level("without the measures", first), steps, level("with them", last)) if moved else ()
    what = "The probability in percent, and what each measure adds in percentage points"
    return beside("measures", ADDED, rows, what if rows else nothing_added(result), STEPS)


def _steps(result: Result) -> list[Step]:
    """What each lever that is on adds alone; and what they add to one another, where that is anything."""
    levers = [lever for lever in result.contributions["levers"] if lever.driver.enabled]
    steps = [change(lever.driver.name or lever.id, lever.probability_points) for lever in levers]
    added = 100 * (result.probability - result.probability_without_levers)
    together = change("together", added - sum(step.points for step in steps))
    return [*steps, together] if together.tells else steps


# The headline among its alternatives


def alternatives(result: Result, saved: Result | None = None) -> Drawing:
    """The probability on a scale from 0 to 100 %, with every reasonable alternative."""
    wide = result.probability_range
    rows = [
        {"name": name, "probability": p, "part": "headline" if number == 0 else "alternative"}
        for number, (name, p) in enumerate(wide.sources)
    ]
    if saved is not None:
        rows.append({"name": "the saved scenario", "probability": saved.probability, "part": "saved"})
    alt = (
        f"The probability is {probability(result)}; reasonable alternatives give {alternatives_span(result)}."
    )
    return Drawing(
        "alternatives",
        "The probability among reasonable alternatives",
        tuple(rows),
        _alternatives_form(),
        alt,
        RANGE,
        ChartKind.ALTERNATIVES,
    )


@keep(1)
def _alternatives_form() -> Form:
    import altair as alt

    axis = chance_axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], grid=False, tickSize=4)
    place = alt.X("probability:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    tips = [alt.Tooltip("name:N", title="With"), alt.Tooltip("probability_told:N", title="Probability")]
    of = {
        part: alt.Chart().transform_filter(f"datum.part == '{part}'")
        for part in ("headline", "alternative", "saved")
    }
    line = alt.Chart().transform_filter("datum.part != 'saved'")
    bar = line.mark_rule(color=SKY, strokeWidth=12, strokeCap="round", opacity=0.55).encode(
        x=alt.X("min(probability):Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="max(probability):Q"
    )
    ticks = (
        of["alternative"]
        .mark_tick(color=BLUE, thickness=1.2, height=12, opacity=0.8)
        .encode(x=place, tooltip=tips)
    )
    ghost = (
        of["saved"].mark_tick(aria=False, color=GREY, thickness=3, height=26).encode(x=place, tooltip=tips)
    )
    dot = of["headline"].mark_circle(color=BLUE, size=200, opacity=1).encode(x=place, tooltip=tips)
    return form(alt.layer(bar, ticks, ghost, dot).properties(height=62), "probability")
