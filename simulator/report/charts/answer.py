"""Charts of one answer: bands over time, a hundred futures, what measures add, the range of alternatives."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from simulator.model.result import Result
from simulator.report.answer import aim, alternatives_span, exact, money, probability, subject
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    GREY,
    ORANGE,
    SKY,
    Drawing,
    Form,
    axis_title,
    distinct,
    form,
)
from simulator.values.numerals import decimals, percent, points
from simulator.values.periods import Period, quarter, year

LEVELS = {
    "low95": 0.025,
    "low80": 0.1,
    "low50": 0.25,
    "median": 0.5,
    "high50": 0.75,
    "high80": 0.9,
    "high95": 0.975,
}
FUTURES = 100
FAN = "Totals over time: grey bars are published, the line is the median, around it 50, 80 and 95 % bands; dashed, the target and what is saved"
DOTS = "A hundred equally likely futures of the target's total as stacked dots, those that reach it in blue, on one side of the dashed target"
STEPS = "The probability without the measures, what each adds or takes away, and the probability with them, as floating bars"
RANGE = "The probability as a dot on a scale from 0 to 100 %, among the ticks of its reasonable alternatives"
COLUMNS = 34  # that the futures are stacked in
By = Literal["year", "quarter"]


# Totals over time


def fan(result: Result, measure: str = "turnover", by: By = "year", saved: Result | None = None) -> Drawing:
    """Bands of a measure by year or by quarter, with what is published, the target and the saved scenario's bands."""
    periods = _periods(result, by)
    target = next(
        (t for t, _ in result.target_probabilities if t.measure == measure and t.period in periods), None
    )
    rows = []
    for period in periods:
        drawn = np.quantile(result.drawn(measure, period), list(LEVELS.values()))
        row: dict[str, Any] = {
            "measure": measure,
            "period": str(period),
            **dict(zip(LEVELS, map(float, drawn), strict=True)),
        }
        row["published"] = _published(result, measure, period)
        row |= _saved_row(saved, measure, period)
        row["target"] = target.amount if target else None
        row["label"] = (
            f"{aim(target)} {exact(result, target.amount)}" if target and target.period == period else None
        )
        rows.append(row)
    last = rows[-1]
    digits = decimals(row[end] for row in rows for end in ("low80", "median", "high80"))
    middle, low, high = (money(result, last[end], digits=digits) for end in ("median", "low80", "high80"))
    told = f"{middle}, 80 % band {low} to {high}"
    alt = f"{measure.capitalize()} by {by}, {rows[0]['period']} to {last['period']}, with 50, 80 and 95 % bands. Median for {last['period']}: {told}."
    if target:
        alt += f" The {aim(target)} is {exact(result, target.amount)} in {target.period}."
    drawn_as = _fan_form(axis_title(result), bool(target), digits)
    return Drawing(f"{measure}-by-{by}", f"{measure.capitalize()} by {by}", tuple(rows), drawn_as, alt, FAN)


def _periods(result: Result, by: By) -> list[Period]:
    """Whole calendar years of the grid; or quarters, from a year and a half before the last figure."""
    grid = result.grid
    if by == "year":
        years = [whole for n in range(grid.first // 12, grid.end_year + 1) if grid.covers(whole := year(n))]
        return years or _periods(result, "quarter")
    last = max(target.period.last for target in result.scenario.target)
    start = max(grid.first, quarter(result.ahead.first).first - 18)
    quarters = [
        whole for month in range(start - start % 3, last + 1, 3) if grid.covers(whole := quarter(month))
    ]
    return quarters or [result.leading.period]


def _published(result: Result, measure: str, period: Period) -> float | None:
    """What is published of a period: all of it, or its first months."""
    if period.first >= result.ahead.first:
        return None
    if result.flows.follows(measure, period):
        return float(result.quantiles(measure, period, [0.5])[0])
    within = {
        o.period.last: o.value.amount
        for o in result.scenario.counted
        if o.measure == measure and o.value and o.period.first == period.first
    }
    return max(((last, amount) for last, amount in within.items() if last <= period.last), default=(0, None))[
        1
    ]


def _saved_row(saved: Result | None, measure: str, period: Period) -> dict[str, float | None]:
    known = saved is not None and measure in saved.measures and saved.grid.covers(period)
    values = (
        np.quantile(saved.drawn(measure, period), [0.1, 0.5, 0.9]).tolist()
        if saved is not None and known
        else [None] * 3
    )
    return dict(zip(("saved_low80", "saved_median", "saved_high80"), values, strict=True))


# 2018-Q1 as 2018, and 2018-Q2 as Q2
SHORT = "length(datum.label) < 5 ? datum.label : slice(datum.label, 5) == 'Q1' ? slice(datum.label, 0, 4) : slice(datum.label, 5)"


@lru_cache(maxsize=64)
def _fan_form(axis: str, target: bool, digits: int) -> Form:
    import altair as alt

    base = alt.Chart().encode(
        x=alt.X(
            "period:O",
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap="greedy", tickSize=0, labelExpr=SHORT),
        )
    )
    amount = alt.Axis(
        format=AXIS,
        title=axis,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleY=-10,
        titleX=0,
        tickCount=6,
        domain=False,
    )
    fields = {
        "median": "Median",
        "low80": "80 % band, low",
        "high80": "80 % band, high",
        "published": "Published",
        "saved_median": "Saved median",
    }
    tips = [alt.Tooltip("period:O", title="Period")]
    tips += [alt.Tooltip(f"{field}:Q", title=title, format=f",.{digits}f") for field, title in fields.items()]
    layers: list[Any] = [
        base.mark_bar(aria=False, color=GREY, opacity=0.35, size=18).encode(
            y=alt.Y("published:Q", axis=amount), tooltip=tips
        )
    ]
    for name, opacity in (("95", 0.16), ("80", 0.24), ("50", 0.36)):
        area = base.mark_area(color=BLUE, opacity=opacity, interpolate="monotone").encode(
            y=alt.Y(f"low{name}:Q", axis=amount), y2=f"high{name}:Q"
        )
        layers.append(area)
    for field in ("saved_low80", "saved_median", "saved_high80"):
        ghost = base.mark_line(
            aria=False,
            color=GREY,
            strokeDash=[5, 4],
            strokeWidth=1.6 if field == "saved_median" else 0.9,
            interpolate="monotone",
        )
        layers.append(ghost.encode(y=alt.Y(f"{field}:Q", axis=amount)))
    layers.append(
        base.mark_line(color=BLUE, strokeWidth=2.5, interpolate="monotone").encode(
            y=alt.Y("median:Q", axis=amount)
        )
    )
    layers.append(
        base.mark_circle(color=BLUE, size=52, opacity=1).encode(
            y=alt.Y("median:Q", axis=amount), tooltip=tips
        )
    )
    if target:
        rule = (
            alt.Chart()
            .mark_rule(color=ORANGE, strokeDash=[8, 4], strokeWidth=1.8)
            .encode(y=alt.Y("max(target):Q", axis=amount))
        )
        label = base.mark_text(
            aria=False, color=ORANGE, fontWeight="bold", align="right", dx=26, dy=-9, fontSize=13
        ).encode(y="target:Q", text="label:N")
        layers += [rule, label.transform_filter("isValid(datum.label)")]
    return form(alt.layer(*layers).properties(height=320))


# The target's total


def futures(result: Result) -> Drawing:
    """The leading target's total as a hundred equally likely futures, stacked (a quantile dot plot: Kay and others 2016)."""
    target, own = result.target_probabilities[0]
    at_least, about = target.at_least is not None, subject(result, target)
    drawn = result.drawn(target.measure, target.period)
    count = int(f"{FUTURES * own:.0f}")  # as a percentage is rounded
    met = (drawn >= target.amount) if at_least else (drawn <= target.amount)
    short = math.nextafter(target.amount, -math.inf if at_least else math.inf)
    reaching, missing = (
        _spread(drawn[met], count, target.amount),
        _spread(drawn[~met], FUTURES - count, short),
    )
    totals = np.concatenate([missing, reaching] if at_least else [reaching, missing])
    reached = np.repeat(
        [not at_least, at_least], [len(missing), len(reaching)] if at_least else [len(reaching), len(missing)]
    )
    logs = min(float(totals[0]), target.amount) > 0
    places = np.log(totals) if logs else totals
    edge = math.log(target.amount) if logs else target.amount
    width = max((max(float(places[-1]), edge) - min(float(places[0]), edge)) / COLUMNS, 1e-9)
    columns = np.floor((places - edge) / width).astype(
        int
    )  # counted from the target: none holds futures from both sides of it
    columns = np.where(reached == at_least, np.maximum(columns, 0), np.minimum(columns, -1))
    heights: dict[int, int] = {}
    rows = []
    for total, column, hit in zip(totals, columns.tolist(), reached, strict=True):
        heights[column] = heights.get(column, 0) + 1
        centre = edge + (column + 0.5) * width
        place = math.exp(centre) if logs else centre
        rows.append(
            {
                "total": float(total),
                "place": place,
                "height": heights[column],
                "outcome": OUTCOMES[bool(hit)],
                "target": target.amount,
            }
        )
    digits = decimals(totals)
    low, middle, high = (money(result, float(totals[i]), digits=digits) for i in (0, FUTURES // 2, -1))
    reach = "reach the target" if at_least else "stay within the ceiling"
    alt = (
        f"A hundred equally likely futures of {about}: {count} {reach} of {exact(result, target.amount)}. "
        f"They run from {low} to {high}, half of them below {middle}."
    )
    axis = f"{target.measure} in {target.period}, {axis_title(result)}"
    return Drawing(
        "futures",
        f"{count} of a hundred equally likely futures {reach}",
        tuple(rows),
        _futures_form(axis, logs, digits),
        alt,
        DOTS,
    )


def _spread(drawn: np.ndarray, count: int, instead: float) -> np.ndarray:
    """So many equally likely values of those that were drawn on one side of the target, ascending; ``instead`` where none was drawn there."""
    levels = (np.arange(count) + 0.5) / max(count, 1)
    return np.quantile(drawn, levels) if drawn.size else np.full(count, instead)


OUTCOMES = {True: "reaches the target", False: "misses it"}


@lru_cache(maxsize=64)
def _futures_form(axis: str, logs: bool, digits: int) -> Form:
    import altair as alt

    colour = alt.Color(
        "outcome:N",
        scale=alt.Scale(domain=list(OUTCOMES.values()), range=[BLUE, GREY]),
        legend=alt.Legend(title=None, orient="top"),
    )
    scale = alt.Scale(type="log", padding=10, nice=False) if logs else alt.Scale(zero=False, padding=10)
    place = alt.X(
        "place:Q",
        title=axis,
        scale=scale,
        axis=alt.Axis(format=AXIS, grid=False, tickCount=6, labelOverlap="greedy"),
    )
    stacked = alt.Y("height:Q", axis=None, scale=alt.Scale(zero=True))
    tips = [
        alt.Tooltip("total:Q", title="Total", format=f",.{digits}f"),
        alt.Tooltip("outcome:N", title="It"),
    ]
    dots = alt.Chart().mark_circle(size=78, opacity=1).encode(x=place, y=stacked, color=colour, tooltip=tips)
    rule = (
        alt.Chart()
        .mark_rule(color=ORANGE, strokeDash=[8, 4], strokeWidth=1.8)
        .encode(x=alt.X("max(target):Q", title=axis, scale=scale))
    )
    return form(alt.layer(rule, dots).properties(height=240))


# What measures add


def waterfall(result: Result) -> Drawing:
    """From the probability without the levers to that with them: what each adds alone, and the rest, which they add together."""
    bare = 100 * result.probability_without_levers
    steps = [
        (c.driver.name or c.id, c.probability_points)
        for c in result.contributions["levers"]
        if c.driver.enabled
    ]
    rest = 100 * result.probability - bare - sum(change for _, change in steps)
    if steps:
        steps.append(("together", rest))
    rows = stairs(("without the measures", bare), steps, ("with them", 100 * result.probability))
    alt = f"The probability in percent, and what each measure adds in percentage points: {steps_told(rows)}."
    return Drawing(
        "measures",
        "What each measure adds, in percentage points",
        rows,
        waterfall_form(len(rows)),
        alt,
        STEPS,
    )


def stairs(
    first: tuple[str, float], parts: Sequence[tuple[str, float]], last: tuple[str, float]
) -> tuple[Mapping[str, Any], ...]:
    """The rows of a waterfall from one probability in percent to another, by parts in percentage points; without parts the first alone."""
    rows = [_step(*first, first[1], percent(first[1] / 100, 1), "total")]
    for name, change in parts:
        start = rows[-1]["end"]
        rows.append(
            _step(name, start, start + change, points(change), "adds" if change >= 0 else "takes away")
        )
    if parts:
        rows.append(_step(*last, last[1], percent(last[1] / 100, 1), "total"))
    return tuple(
        row | {"step": name} for row, name in zip(rows, distinct([row["step"] for row in rows]), strict=True)
    )


def steps_told(rows: Sequence[Mapping[str, Any]]) -> str:
    """The steps of a waterfall in words."""
    return "; ".join(f"{row['step']} {row['label']}" for row in rows)


def _step(name: str, start: float, end: float, label: str, kind: str) -> dict[str, Any]:
    return {"step": name, "start": start, "end": end, "points": end - start, "label": label, "kind": kind}


@lru_cache(maxsize=64)
def waterfall_form(steps: int) -> Form:
    """The form of a waterfall of some steps in percent."""
    import altair as alt

    base = alt.Chart().encode(
        y=alt.Y(
            "step:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=240, labelOverlap=False, domain=False, ticks=False),
        )
    )
    across = alt.Scale(zero=False, nice=True, padding=26)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["adds", "takes away", "total"], range=[BLUE, ORANGE, GREY]),
        legend=None,
    )
    tips = [
        alt.Tooltip("step:N", title="Measure"),
        alt.Tooltip("label:N", title="Points"),
        alt.Tooltip("end_told:N", title="Up to"),
    ]
    axis = alt.Axis(format=AXIS, title="probability, %", tickCount=5)
    start, end, outer = (alt.X(f"{name}:Q", scale=across, axis=axis) for name in ("start", "end", "outer"))
    bars = base.mark_bar(height=14, minBandSize=2).encode(x=start, x2="end:Q", color=colour, tooltip=tips)
    ends = (
        base.transform_filter("datum.kind == 'total'")
        .mark_tick(aria=False, thickness=3, height=18)
        .encode(x=end, color=colour, tooltip=tips)
    )
    right = (
        base.transform_calculate(outer="max(datum.start, datum.end)")
        .mark_text(align="left", dx=7)
        .encode(x=outer, text="label:N")
    )
    return form(alt.layer(bars, ends, right).properties(height=28 * steps + 50), hundredths=["end"])


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
    )


@lru_cache(maxsize=1)
def _alternatives_form() -> Form:
    import altair as alt

    axis = alt.Axis(format=".0%", title=None, values=[0, 0.25, 0.5, 0.75, 1], grid=False, tickSize=4)
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
