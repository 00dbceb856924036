"""Charts of a course: the probability by date with what each figure moved, and actuals over old bands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.analysis.track import Track
from simulator.analysis.vintages import Part, Step
from simulator.caches import keep
from simulator.report.amounts import money
from simulator.report.charts.drawing import (
    BELOW,
    BLUE,
    EDGE,
    FORMS,
    GREY,
    ORANGE,
    ROW,
    SKY,
    Drawing,
    Form,
    Row,
    between,
    chance_axis,
    distinct,
    form,
    listed,
    names_above,
)
from simulator.report.words import track as words
from simulator.values.numerals import ordinal, points

UP, DOWN = "raised it", "lowered it"
MOST_BARS = 14  # parts that are drawn, the newest
MOST_ROWS = 24  # actuals that are drawn, the newest


def course(track: Track) -> Drawing:
    """The probability by date: a line that stays until the next figure comes out."""
    rows = tuple(_point(step) for step in track.steps)
    alt = f"{words.summary(track)} A line by date with a point for each publication."
    many = len(rows) > 1
    return Drawing("course", "The probability as it stood", rows, _course_form(many), alt, "By date.")


def _point(step: Step) -> Row:
    return {
        "published": step.published.isoformat(),
        "day": words.day_of(step),
        "probability": step.probability,
        "change": points(step.change_points),
        "figures": ", ".join(part.figure for part in step.parts) or "where it began",
    }


@keep(FORMS)
def _course_form(many: bool) -> Form:
    import altair as alt

    across = alt.X(
        "published:T",
        axis=alt.Axis(title=None, grid=False, tickCount=6, labelOverlap=True, format="%b %Y"),
        scale=alt.Scale(padding=16),
    )
    up = alt.Y(
        "probability:Q",
        axis=chance_axis(title=None, tickCount=5, domain=False),
        scale=alt.Scale(zero=True, padding=8),
    )
    tips = [
        alt.Tooltip("day:N", title="On"),
        alt.Tooltip("probability_told:N", title="Probability"),
        alt.Tooltip("change:N", title="Change, points"),
        alt.Tooltip("figures:N", title="New"),
    ]
    chart = alt.Chart().encode(x=across, y=up)
    points_of = chart.mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(tooltip=tips)
    layers = [points_of]
    if many:
        layers = [chart.mark_line(interpolate="step-after", color=BLUE, strokeWidth=2, aria=False), points_of]
    return form(alt.layer(*layers).properties(height=240), "probability")


def bars(track: Track) -> Drawing:
    """What each new figure moved, by day: bars to the right raised the probability."""
    listed_parts = [(step, part) for step in track.moves for part in step.parts][-MOST_BARS:]
    names = distinct([_named(track, step, part) for step, part in listed_parts])
    rows = tuple(
        _bar(track, place, name, step, part)
        for place, (name, (step, part)) in enumerate(zip(names, listed_parts, strict=True))
    )
    alt = "; ".join(f"{row['name']} {row['label']}" for row in rows)
    text = f"What each new figure moved, in percentage points: {alt}." if rows else "No figure moved it yet."
    title = "What each figure moved, percentage points"
    return Drawing("figures", title, rows, _bars_form(len(rows)), text, "By figure.")


def _named(track: Track, step: Step, part: Part) -> str:
    return f"{words.day_of(step)}: {words.part_name(track.result, part)}"


def _bar(track: Track, place: int, name: str, step: Step, part: Part) -> Row:
    return {
        "place": place,
        "name": name,
        "published": step.published.isoformat(),
        "figure": part.figure,
        "start": 0.0,
        "points": part.probability_points,
        "label": points(part.probability_points),
        "kind": UP if part.probability_points >= 0 else DOWN,
        "came": words.came(track.result, part),
    }


@keep(FORMS)
def _bars_form(count: int) -> Form:
    import altair as alt

    scale = alt.Scale(range=between(52, 52), nice=False, zero=True)
    axis = alt.Axis(title=None, tickCount=5, labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,~f')")
    colour = alt.Color("kind:N", scale=alt.Scale(domain=[UP, DOWN], range=[BLUE, ORANGE]), legend=None)
    tips = [
        alt.Tooltip("name:N", title="Figure"),
        alt.Tooltip("came:N", title="Came to"),
        alt.Tooltip("label:N", title="Percentage points"),
    ]
    bar = (
        listed()
        .mark_bar(height=12, yOffset=BELOW)
        .encode(x=alt.X("start:Q", scale=scale, axis=axis), x2="points:Q", color=colour, tooltip=tips)
    )
    labels = [
        listed()
        .transform_filter(f"datum.kind == '{kind}'")
        .mark_text(align=align, baseline="middle", dx=shift, dy=BELOW, fontSize=12)
        .encode(x=alt.X("points:Q", scale=scale), text="label:N")
        for kind, align, shift in ((UP, "left", 5), (DOWN, "right", -5))
    ]
    layers = alt.layer(bar, *labels, names_above("name"))
    return form(layers.properties(height=max(count, 1) * ROW + EDGE))


# Actuals over old projections


def actuals(track: Track) -> Drawing:
    """Where later figures fell in the bands of an old projection, as a share of its median."""
    rows = tuple(_actuals(track))[-MOST_ROWS:]
    alt = "; ".join(f"{row['name']} at the {row['percentile']} percentile" for row in rows)
    text = f"Later figures over the projection: {alt}." if rows else words.NO_PROJECTION
    title = "Later figures over the projection, percent of its median"
    return Drawing("actuals", title, rows, _actuals_form(len(rows)), text, "By figure.")


def _actuals(track: Track) -> Iterator[Row]:
    chosen = [actual for actual in track.actuals if actual.bands["p50"] > 0][-MOST_ROWS:]
    names = distinct([words.actual_name(track.made, actual) for actual in chosen])
    for place, (name, actual) in enumerate(zip(names, chosen, strict=True)):
        median = actual.bands["p50"]
        yield {
            "place": place,
            "name": name,
            "value": actual.value,
            "told": money(track.made, actual.value),
            "expected": money(track.made, median),
            "percentile": ordinal(min(max(round(100 * actual.percentile), 1), 99)),
            "share": 100 * actual.value / median,
            **{level: 100 * amount / median for level, amount in actual.bands.items()},
        }


@keep(FORMS)
def _actuals_form(count: int) -> Form:
    import altair as alt

    scale = alt.Scale(zero=False, nice=False, range=between(8, 96))
    axis = alt.Axis(title=None, tickCount=5, labelExpr="format(datum.value, ',.0f') + ' %'")

    def across(name: str) -> Any:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    tips = [
        alt.Tooltip("name:N", title="Figure"),
        alt.Tooltip("told:N", title="Came to"),
        alt.Tooltip("expected:N", title="Median expected"),
        alt.Tooltip("percentile:N", title="Percentile"),
    ]
    outer = listed().mark_bar(height=6, yOffset=BELOW, color=SKY, opacity=0.45)
    inner = listed().mark_bar(height=14, yOffset=BELOW, color=SKY)
    layers = alt.layer(
        outer.encode(x=across("p5"), x2="p95", tooltip=tips),
        inner.encode(x=across("p25"), x2="p75", tooltip=tips),
        listed().mark_tick(yOffset=BELOW, height=16, color=GREY, thickness=2).encode(x=across("p50")),
        listed()
        .mark_point(filled=True, size=110, yOffset=BELOW, color=ORANGE, opacity=1)
        .encode(x=across("share"), tooltip=tips),
        listed()
        .mark_text(align="left", baseline="middle", dx=12, dy=BELOW, fontSize=12)
        .encode(x=across("right"), text="percentile:N")
        .transform_calculate(right="max(datum.p95, datum.share)"),
        names_above("name"),
    )
    return form(layers.properties(height=max(count, 1) * ROW + EDGE))
