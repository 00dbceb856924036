"""Charts of one answer: bands over time, what measures add, the range of alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import alternatives_span, probability
from simulator.report.charts.drawing import (
    BLUE,
    FORMS,
    SKY,
    ChartKind,
    Drawing,
    Form,
    chance_axis,
    form,
    tooltips,
)
from simulator.report.charts.waterfall import Step, beside, change, level, stairs
from simulator.report.words.answer import nothing_added

NOUNS = {"levers": "measures", "risks": "risks"}
STEPS = (
    "The probability without measures and risks, what each adds or takes away, and the probability as it "
    "stands, as floating bars"
)
RANGE = "The probability as a dot on a scale from 0 to 100 %, among the ticks of other model settings"
ADDED = "What each adds, in percentage points"
LEAST = 0.05  # percentage points: a step that rounds to 0.0 is not drawn
OVERLAP = "overlap"  # what measures and risks lose to one another, or add to one another


# What measures add


def waterfall(result: Result) -> Drawing:
    """From the probability without measures and risks to that as it stands: what each does, then overlap.

    A step is what the answer loses when the measure or risk alone is switched off; one too small to be seen
    is named in the words alone. Without rows where none is seen (``words.answer.nothing_added`` says so).
    """
    steps, first, last = _steps(result), result.probability_bare, result.probability
    if not _seen(steps):
        return beside("measures", ADDED, (), nothing_added(result), STEPS)
    shown = _seen(steps)
    overlap = 100 * (last - first) - sum(step.points for step in shown)
    shown += _seen([change(_rest(steps, shown), overlap)])
    rows = stairs(level(_start(result), first), shown, level("as it stands", last))
    what = "The probability in percent, and what each measure or risk adds in percentage points"
    small = [step.name for step in steps if step not in shown]
    unseen = f" No visible effect: {', '.join(small)}." if small else ""
    drawn = beside("measures", ADDED, rows, what, STEPS)
    return replace(drawn, alt=f"{drawn.alt}{unseen}")


def _steps(result: Result) -> list[Step]:
    """What each measure and risk that is on adds or takes away."""
    parts = (part for section in result.contributions.values() for part in section if part.driver.enabled)
    return [change(part.driver.name or part.id, part.probability_points) for part in parts]


def _seen(steps: Sequence[Step]) -> list[Step]:
    """Those that a chart shows: the others round to nothing."""
    return [step for step in steps if abs(step.points) >= LEAST]


def _start(result: Result) -> str:
    """What a waterfall begins with: it has no risks to speak of where none is on."""
    on = [name for name, parts in result.contributions.items() if any(part.driver.enabled for part in parts)]
    kinds = [NOUNS[name] for name in on] or [NOUNS["levers"]]
    return f"without {' and '.join(kinds)}"


def _rest(steps: Sequence[Step], shown: Sequence[Step]) -> str:
    """What the last step is called; steps that are not drawn are in it."""
    hidden = sum(step.points for step in steps) - sum(step.points for step in shown)
    return OVERLAP if abs(hidden) < LEAST else f"{OVERLAP} and small effects"


# The headline among its alternatives


def alternatives(result: Result) -> Drawing:
    """The probability on a scale from 0 to 100 %, with that under every other model setting."""
    wide = result.probability_range
    rows = [
        {"name": name, "probability": p, "part": "headline" if number == 0 else "alternative"}
        for number, (name, p) in enumerate(wide.sources)
    ]
    alt = f"The probability is {probability(result)}; other model settings give {alternatives_span(result)}."
    return Drawing(
        "alternatives",
        "The probability under other model settings",
        tuple(rows),
        _alternatives_form(),
        alt,
        RANGE,
        ChartKind.ALTERNATIVES,
    )


@keep(FORMS)
def _alternatives_form() -> Form:
    import altair as alt

    axis = chance_axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], grid=False, tickSize=4)
    place = alt.X("probability:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    tips = tooltips(("name:N", "With"), ("probability_told:N", "Probability"))
    of = {
        part: alt.Chart().transform_filter(f"datum.part == '{part}'") for part in ("headline", "alternative")
    }
    bar = (
        alt.Chart()
        .mark_rule(color=SKY, strokeWidth=12, strokeCap="round", opacity=0.55)
        .encode(
            x=alt.X("min(probability):Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="max(probability):Q"
        )
    )
    ticks = (
        of["alternative"]
        .mark_tick(color=BLUE, thickness=1.2, height=12, opacity=0.8)
        .encode(x=place, tooltip=tips)
    )
    dot = of["headline"].mark_circle(color=BLUE, size=200, opacity=1).encode(x=place, tooltip=tips)
    return form(alt.layer(bar, ticks, dot).properties(height=62), "probability")
