"""Charts of one answer: bands over time, a hundred futures, what measures add, the range of alternatives."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import alternatives_span, exact, money, probability, subject, threshold
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    GREY,
    ORANGE,
    SKY,
    ChartKind,
    Drawing,
    Form,
    Row,
    axis_title,
    form,
)
from simulator.report.charts.waterfall import beside, change, level, stairs
from simulator.scenario import Target
from simulator.values.numerals import decimals
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
SAVED = {"saved_low80": 0.1, "saved_median": 0.5, "saved_high80": 0.9}
FUTURES = 100
COLUMNS = 34  # that the futures are stacked in
OUTCOMES = {True: "reaches the target", False: "misses it"}
FAN = (
    "Totals over time: grey bars are published, the line is the median, around it 50, 80 and 95 % bands; "
    "dashed, the target and what is saved"
)
DOTS = (
    "A hundred equally likely futures of the target's total as stacked dots, those that reach it in blue, "
    "on one side of the dashed target"
)
STEPS = (
    "The probability without the measures, what each adds or takes away, and the probability with them, "
    "as floating bars"
)
RANGE = "The probability as a dot on a scale from 0 to 100 %, among the ticks of its reasonable alternatives"
ADDED = "What each measure adds, in percentage points"
By = Literal["year", "quarter"]


# Totals over time


def fan(result: Result, measure: str = "turnover", by: By = "year", saved: Result | None = None) -> Drawing:
    """Bands of a measure by year or quarter, with what is published, the target and what is saved."""
    periods = _periods(result, by)
    targets = (t for t, _ in result.target_probabilities if t.measure == measure and t.period in periods)
    target = next(targets, None)
    rows = tuple(_fan_row(result, measure, period, target, saved) for period in periods)
    digits = decimals(row[end] for row in rows for end in ("low80", "median", "high80"))
    title, last = f"{measure.capitalize()} by {by}", rows[-1]
    middle, low, high = (money(result, last[end], digits=digits) for end in ("median", "low80", "high80"))
    alt = (
        f"{title}, {rows[0]['period']} to {last['period']}, with 50, 80 and 95 % bands. "
        f"Median for {last['period']}: {middle}, 80 % band {low} to {high}."
    )
    if target:
        alt += f" The {target.noun} is {exact(result, target.amount)} in {target.period}."
    drawn_as = _fan_form(axis_title(result), bool(target), digits)
    return Drawing(f"{measure}-by-{by}", title, rows, drawn_as, alt, FAN, ChartKind.BANDS)


def _periods(result: Result, by: By) -> list[Period]:
    """Whole calendar years of the grid; or quarters, from a year and a half before the last figure."""
    grid = result.grid
    if by == "year":
        years = [period for n in range(grid.first // 12, grid.end_year + 1) if grid.covers(period := year(n))]
        return years or _periods(result, "quarter")
    last = max(target.period.last for target in result.scenario.target)
    start = max(grid.first, quarter(result.ahead.first).first - 18)
    months = range(start - start % 3, last + 1, 3)
    return [period for month in months if grid.covers(period := quarter(month))] or [result.leading.period]


def _fan_row(
    result: Result, measure: str, period: Period, target: Target | None, saved: Result | None
) -> Row:
    amounts = np.quantile(result.drawn(measure, period), list(LEVELS.values()))
    return {
        "measure": measure,
        "period": str(period),
        **dict(zip(LEVELS, map(float, amounts), strict=True)),
        "published": _published(result, measure, period),
        **_saved_bands(saved, measure, period),
        "target": target.amount if target else None,
        "label": threshold(result, target) if target and target.period == period else None,
    }


def _published(result: Result, measure: str, period: Period) -> float | None:
    """What is published of a period: all of it, or its first months."""
    if period.first >= result.ahead.first:
        return None
    if result.flows.follows(measure, period):
        return float(result.quantiles(measure, period, [0.5])[0])
    amounts = {
        o.period.last: o.value.amount
        for o in result.scenario.counted
        if o.value and o.measure == measure and _begins(o.period, period)
    }
    return amounts[max(amounts)] if amounts else None


def _begins(months: Period, period: Period) -> bool:
    """Whether some months are the first of a period, or all of it."""
    return months.first == period.first and months.last <= period.last


def _saved_bands(saved: Result | None, measure: str, period: Period) -> Row:
    if saved is None or measure not in saved.measures or not saved.grid.covers(period):
        return dict.fromkeys(SAVED)
    amounts = np.quantile(saved.drawn(measure, period), list(SAVED.values()))
    return dict(zip(SAVED, amounts.tolist(), strict=True))


# 2018-Q1 as 2018, and 2018-Q2 as Q2
SHORT = (
    "length(datum.label) < 5 ? datum.label "
    ": slice(datum.label, 5) == 'Q1' ? slice(datum.label, 0, 4) : slice(datum.label, 5)"
)


@keep(64)
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
    for field in SAVED:
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
    """The leading target's total as a hundred equally likely futures, stacked.

    A quantile dot plot (Kay and others 2016).
    """
    target, alone = result.target_probabilities[0]
    count = int(f"{FUTURES * alone:.0f}")  # as a percentage is rounded
    totals, met = _equally_likely(result.drawn(target.measure, target.period), target, count)
    logs = min(float(totals[0]), target.amount) > 0
    digits = decimals(totals)
    low, middle, high = (money(result, float(totals[i]), digits=digits) for i in (0, FUTURES // 2, -1))
    reach = "reach the target" if target.floor else "stay within the ceiling"
    alt = (
        f"A hundred equally likely futures of {subject(result, target)}: {count} {reach} of "
        f"{exact(result, target.amount)}. They run from {low} to {high}, half of them below {middle}."
    )
    title = f"{count} of a hundred equally likely futures {reach}"
    axis = f"{target.measure} in {target.period}, {axis_title(result)}"
    rows = tuple(_stacked(totals, met, target, logs))
    return Drawing("futures", title, rows, _futures_form(axis, logs, digits), alt, DOTS, ChartKind.FUTURES)


def _equally_likely(drawn: np.ndarray, target: Target, count: int) -> tuple[np.ndarray, np.ndarray]:
    """A hundred totals, ascending, of which so many meet the target; and which do: both of shape (100,)."""
    met = target.met(drawn)
    beyond = math.nextafter(target.amount, -math.inf if target.floor else math.inf)
    meeting = _spread(drawn[met], count, target.amount)
    missing = _spread(drawn[~met], FUTURES - count, beyond)
    below, above = (missing, meeting) if target.floor else (meeting, missing)
    flags = np.repeat([not target.floor, target.floor], [len(below), len(above)])
    return np.concatenate([below, above]), flags


def _spread(drawn: np.ndarray, count: int, instead: float) -> np.ndarray:
    """So many equally likely values of those that were drawn on one side of the target, ascending.

    Where none was drawn there, ``instead``. Shape (count,).
    """
    levels = (np.arange(count) + 0.5) / max(count, 1)
    return np.quantile(drawn, levels) if drawn.size else np.full(count, instead)


def _stacked(totals: np.ndarray, met: np.ndarray, target: Target, logs: bool) -> Iterator[Row]:
    """A row each future: its total, and where its dot stands in columns that begin at the target.

    None of the columns holds futures from both sides of it.
    """
    places = np.log(totals) if logs else totals
    edge = math.log(target.amount) if logs else target.amount
    width = max((max(float(places[-1]), edge) - min(float(places[0]), edge)) / COLUMNS, 1e-9)
    columns = np.floor((places - edge) / width).astype(int)
    columns = np.where(met == target.floor, np.maximum(columns, 0), np.minimum(columns, -1))
    heights: dict[int, int] = {}
    for total, column, hit in zip(totals, columns.tolist(), met, strict=True):
        heights[column] = heights.get(column, 0) + 1
        centre = edge + (column + 0.5) * width
        yield {
            "total": float(total),
            "place": math.exp(centre) if logs else centre,
            "height": heights[column],
            "outcome": OUTCOMES[bool(hit)],
            "target": target.amount,
        }


@keep(64)
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
    """From the probability without the levers to that with them: what each adds alone, then all together."""
    first, last = result.probability_without_levers, result.probability
    levers = [lever for lever in result.contributions["levers"] if lever.driver.enabled]
    steps = [change(lever.driver.name or lever.id, lever.probability_points) for lever in levers]
    together = 100 * last - 100 * first - sum(step.points for step in steps)
    if steps:
        steps.append(change("together", together))
    rows = stairs(level("without the measures", first), steps, level("with them", last) if steps else None)
    what = "The probability in percent, and what each measure adds in percentage points"
    return beside("measures", ADDED, rows, what, STEPS)


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
