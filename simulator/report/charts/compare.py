"""Charts of a comparison: the probability of each set, its totals by year, and the gap between two of them step by step.

A set has one colour and one shape in every chart. Names stand above their rows rather than beside them: they are long, and a telephone
is narrow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from simulator._version import __version__
from simulator.analysis.compare import Compared, Comparison, Difference
from simulator.errors import NotKnown
from simulator.model.result import Result, fingerprint
from simulator.report.answer import (
    aim,
    alternatives_span,
    compared_target,
    exact,
    money,
    parts_table,
    probability,
    question_sentences,
)
from simulator.report.charts.drawing import AXIS, BLUE, GREY, ORANGE, SHARES, Drawing, Form, axis_title, form
from simulator.scenario import Target
from simulator.values.numerals import decimals, fixed, points
from simulator.values.periods import Period, year

# 3 : 1 on white and on the page's dark ground, and apart for people who cannot tell red from green; the shapes say the same once more
COLOURS = (BLUE, ORANGE, "#009E73", "#8C40FF", "#5F6670", "#2A9AAF")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
MOST = len(COLOURS)  # sets that are told apart
Q80, BAND = (0.1, 0.5, 0.9), ("p10", "p50", "p90")
BEFORE = 4  # years that are shown before the first that a set expects
ROW = 44  # pixels
EDGE = 24  # pixels of an axis, and as many for its title: a page counts them in
BELOW = 9  # of a row's middle: where its marks stand, under its name


# The probability of each set


def dots(found: Comparison) -> Drawing:
    """The probability of each set, one row each, with the range of its reasonable alternatives."""
    rows: list[dict[str, Any]] = []
    for place, each in enumerate(found.sets):
        p, wide = each.result.probability, each.result.probability_range
        beside = f" ({alternatives_span(each.result)})" if len(wide.sources) > 1 else ""
        label = f"{probability(each.result)}{beside}"
        rows.append(
            {
                "place": place,
                "set": each.name,
                "probability": p,
                "low": wide.low,
                "high": wide.high,
                "label": label,
            }
        )
    told = "; ".join(f"{row['set']} {row['label']}" for row in rows)
    ranked = sorted(rows, key=lambda row: row["probability"])
    alt = f"The probability of each set, with the range of its reasonable alternatives: {told}."
    if ranked[0]["probability"] < ranked[-1]["probability"]:
        alt = (
            f"{ranked[-1]['set']} is the most likely to reach its target, {ranked[0]['set']} the least. {alt}"
        )
    return Drawing("probabilities", "The probability of each set", tuple(rows), _dots_form(found.names), alt)


@lru_cache(maxsize=64)
def _dots_form(names: tuple[str, ...]) -> Form:
    import altair as alt

    colour, shape = _marked(names, legend=False)
    axis = alt.Axis(format=SHARES, title=None, tickCount=5)
    scale = alt.Scale(zero=True, nice=False, range=_between(8, 112))
    place, high = (alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("probability", "high"))
    tips = [
        alt.Tooltip("set:N", title="Set"),
        alt.Tooltip("probability_told:N", title="Probability"),
        alt.Tooltip("low_told:N", title="Lowest reasonable"),
        alt.Tooltip("high_told:N", title="Highest reasonable"),
    ]
    base = _listed()
    bars = base.mark_bar(height=8, yOffset=BELOW, opacity=0.35, cornerRadius=4).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour, tooltip=tips
    )
    points = base.mark_point(filled=True, size=130, opacity=1, yOffset=BELOW).encode(
        x=place, color=colour, shape=shape, tooltip=tips
    )
    labels = base.mark_text(align="left", baseline="middle", dx=10, dy=BELOW, fontSize=12).encode(
        x=high, text="label:N"
    )
    return form(
        alt.layer(bars, points, labels, _names("set")).properties(height=ROW * len(names) + EDGE),
        "probability",
        "low",
        "high",
    )


# Totals over time


def bands(found: Comparison) -> Drawing:
    """The median and the 80 % band of each set's total by year, of the measure that the first set's leading target is about."""
    target = found.sets[0].result.leading
    measure, told = target.measure, []
    rows: list[dict[str, Any]] = []
    start = min(each.result.ahead.first for each in found.sets) // 12 - BEFORE
    years = {
        each.name: [whole for whole in _years(each.result, measure) if whole.end_year >= start]
        for each in found.sets
    }
    shown = sorted({period for own in years.values() for period in own})
    for each in found.sets:
        own_target = compared_target(found, each.result)
        own = {period: _band(each, own_target, measure, period) for period in years[each.name]}
        rows += own.values()
        asked = own_target.period
        last = own.get(asked) or (list(own.values())[-1] if own else None)
        told.append(_told(each, measure, last))
    amounts = {row["target"] for row in rows} - {None}
    alt = (
        f"Median and 80 % band of {measure} by year, {shown[0]} to {shown[-1]}. {'; '.join(told)}."
        if shown
        else f"No set tells {measure}."
    )
    if len(amounts) == 1:
        alt += f" The {aim(target)} is {exact(found.sets[0].result, target.amount)}."
    lines = "medians, 80 % bands, targets as short lines" if len(amounts) > 1 else "medians and 80 % bands"
    title = f"{measure.capitalize()} by year, {axis_title(found.sets[0].result)}: {lines}"
    return Drawing(
        f"{measure}-by-year",
        title,
        tuple(rows),
        _bands_form(found.names, len(amounts) == 1, decimals(row[end] for row in rows for end in BAND)),
        alt,
    )


def untold(found: Comparison) -> list[str]:
    """The sets whose figures do not tell the measure that ``bands`` shows."""
    measure = found.sets[0].result.leading.measure
    return [each.name for each in found.sets if not _years(each.result, measure)]


def _years(result: Result, measure: str) -> list[Period]:
    try:
        result.flows.paths.streams.measured(measure)
    except (NotKnown, ValueError):
        return []
    grid = result.grid
    return [
        whole for number in range(grid.first // 12, grid.end_year + 1) if grid.covers(whole := year(number))
    ]


def _band(each: Compared, target: Target, measure: str, period: Period) -> dict[str, Any]:
    result = each.result
    low, middle, high = map(float, result.quantiles(measure, period, Q80))
    here = target.measure == measure and target.period == period
    row = {
        "set": each.name,
        "measure": measure,
        "period": str(period),
        "p10": low,
        "p50": middle,
        "p90": high,
    }
    return row | {
        "target": target.amount if here else None,
        "label": f"{aim(target)} {exact(result, target.amount)}" if here else None,
    }


def _told(each: Compared, measure: str, row: Mapping[str, Any] | None) -> str:
    if row is None:
        return f"{each.name} does not tell {measure}"
    low, middle, high = (money(each.result, row[name]) for name in BAND)
    return f"{each.name}, {row['period']}: {middle} ({low} to {high})"


@lru_cache(maxsize=64)
def _bands_form(names: tuple[str, ...], one_target: bool, digits: int) -> Form:
    import altair as alt

    colour, shape = _marked(names)
    base = alt.Chart().encode(
        x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy", tickSize=0))
    )
    amount = alt.Axis(format=AXIS, title=None, tickCount=6, domain=False)
    written = f",.{digits}f"
    tips = [
        alt.Tooltip("set:N", title="Set"),
        alt.Tooltip("period:O", title="Year"),
        alt.Tooltip("p50:Q", title="Median", format=written),
        alt.Tooltip("p10:Q", title="80 % band, from", format=written),
        alt.Tooltip("p90:Q", title="to", format=written),
    ]
    low, middle, high, target = (alt.Y(f"{name}:Q", axis=amount) for name in ("p10", "p50", "p90", "target"))
    layers: list[Any] = [
        base.mark_area(opacity=min(0.16, 0.4 / len(names))).encode(y=low, y2="p90:Q", color=colour)
    ]
    layers += [
        base.mark_line(strokeWidth=1.1, opacity=0.8, strokeDash=[3, 3]).encode(y=edge, color=colour)
        for edge in (low, high)
    ]
    layers.append(base.mark_line(strokeWidth=2.4).encode(y=middle, color=colour))
    layers.append(
        base.mark_point(filled=True, size=62, opacity=1).encode(
            y=middle, color=colour, shape=shape, tooltip=tips
        )
    )
    if one_target:
        layers.append(
            alt.Chart()
            .mark_rule(color=GREY, strokeDash=[8, 4], strokeWidth=1.8)
            .encode(y=alt.Y("max(target):Q", axis=amount))
        )
        once = base.transform_filter("isValid(datum.label)").transform_aggregate(groupby=["target", "label"])
        layers.append(
            once.mark_text(fontWeight="bold", align="right", dx=-2, dy=-9, fontSize=12).encode(
                x=alt.value("width"), y=target, text="label:N"
            )
        )
    else:
        layers.append(base.mark_tick(thickness=3, size=44, opacity=1).encode(y=target, color=colour))
    return form(alt.layer(*layers).properties(height=310 + 24 * math.ceil(len(names) / 2)))


# The gap between two sets


def waterfall(found: Comparison, difference: Difference) -> Drawing:
    """From the first set's probability to another's: what each changed assumption adds, in percentage points, with its error."""
    one, other = (
        next(each for each in found.sets if each.name == name) for name in (difference.origin, difference.to)
    )
    rows = [_end(one)]
    *parts, whole = parts_table(found, difference)
    for part in parts:
        start, change, error = rows[-1]["end"], part["probability_points"], part["standard_error"]
        kind = "adds" if change >= 0 else "takes away"
        row = {
            "step": part["change"],
            "start": start,
            "end": start + change,
            "points": change,
            "standard_error": error,
        }
        alone = {"first": part["first_points"], "last": part["last_points"]}
        said = {"first_told": points(part["first_points"]), "last_told": points(part["last_points"])}
        rows.append(
            row | alone | said | {"label": f"{points(change)} \u00b1 {fixed(error, 2)}", "kind": kind}
        )
    rows.append(_end(other))
    rows = [{"place": place, **row} for place, row in enumerate(rows)]
    largest = sorted(parts, key=lambda part: -abs(part["probability_points"]))[:3]
    told = ", ".join(f"{part['change']} {points(part['probability_points'])}" for part in largest)
    gap = f"{points(whole['probability_points'])} percentage points (\u00b1 {fixed(whole['standard_error'], 2)})"
    alt = f"From {one.name}, {rows[0]['label']}, to {other.name}, {rows[-1]['label']}: {gap}."
    if parts:
        alt += f" The {'largest parts' if len(parts) > 1 else 'only part'}: {told}."
    title = f"From {one.name} to {other.name}"
    return Drawing("gap", title, tuple(rows), _waterfall_form(len(rows)), alt)


def _end(each: Compared) -> dict[str, Any]:
    p, error = 100 * each.result.probability, 100 * each.result.standard_error
    row = {
        "step": each.name,
        "start": p,
        "end": p,
        "points": p,
        "standard_error": error,
        "first": None,
        "last": None,
    }
    row |= {"first_told": None, "last_told": None}
    return row | {"label": f"{probability(each.result, 2)} \u00b1 {fixed(error, 2)}", "kind": "total"}


@lru_cache(maxsize=64)
def _waterfall_form(steps: int) -> Form:
    import altair as alt

    scale = alt.Scale(zero=False, nice=False, range=_between(12, 100))
    axis = alt.Axis(format=AXIS, title="probability, %", tickCount=5)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["adds", "takes away", "total"], range=[BLUE, ORANGE, GREY]),
        legend=None,
    )
    start, end, outer, less = (
        alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("start", "end", "outer", "less")
    )
    tips = [
        alt.Tooltip("step:N", title="Assumption"),
        alt.Tooltip("label:N", title="Points"),
        alt.Tooltip("first_told:N", title="Made before all others"),
        alt.Tooltip("last_told:N", title="Made after all others"),
        alt.Tooltip("end_told:N", title="Up to"),
    ]
    ends = "datum.kind == 'total'"
    base = _listed()
    parts, totals = base.transform_filter(f"!({ends})"), base.transform_filter(ends)
    around = parts.transform_calculate(
        less="datum.end - datum.standard_error", more="datum.end + datum.standard_error"
    )
    right = base.transform_calculate(outer="max(datum.start, datum.end + datum.standard_error)")
    layers = [
        parts.mark_bar(height=12, yOffset=BELOW, minBandSize=2).encode(
            x=start, x2="end:Q", color=colour, tooltip=tips
        ),
        totals.mark_tick(thickness=4, height=20, yOffset=BELOW, opacity=1).encode(
            x=end, color=colour, tooltip=tips
        ),
        around.mark_rule(strokeWidth=2, yOffset=BELOW, color=GREY).encode(x=less, x2="more:Q"),
        right.mark_text(align="left", baseline="middle", dx=8, dy=BELOW, fontSize=12).encode(
            x=outer, text="label:N"
        ),
    ]
    return form(
        alt.layer(*layers, _names("step")).properties(height=ROW * steps + 2 * EDGE), hundredths=["end"]
    )


# What all share


def stamp(found: Comparison) -> tuple[str, ...]:
    """What a picture says of its inputs, so that it can be made again."""
    lines = question_sentences(found)
    for each in found.sets:
        scenario = each.result.scenario
        answer = f"{probability(each.result)} ({alternatives_span(each.result)})"
        lines.append(
            f"{each.name}: {scenario.title}, as of {scenario.as_of}: {answer}; scenario {fingerprint(scenario)[:12]}"
        )
    return (*lines, f"{found.points} points, seed {found.seed}, version {__version__}")


def _marked(names: Sequence[str], legend: bool = True) -> tuple[Any, Any]:
    """The colour and the shape of each set."""
    import altair as alt

    key = (
        alt.Legend(title=None, orient="top", columns=2, labelLimit=150, symbolOpacity=1, symbolSize=80)
        if legend
        else None
    )
    colours, shapes = (
        alt.Scale(domain=list(names), range=list(of[: len(names)])) for of in (COLOURS, SHAPES)
    )
    return alt.Color("set:N", scale=colours, legend=key), alt.Shape("set:N", scale=shapes, legend=key)


def _listed() -> Any:
    import altair as alt

    return alt.Chart().encode(y=alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)))


def _between(left: int, right: int) -> Sequence[Any]:
    """A range that leaves pixels free on both sides, for labels."""
    import altair as alt

    return [left, alt.ExprRef(f"width - {right}")]


def _names(field: str) -> Any:
    import altair as alt

    text = _listed().mark_text(
        align="left", baseline="middle", dy=-9, fontSize=12, fontWeight="bold", limit=alt.ExprRef("width")
    )
    return text.encode(x=alt.value(0), text=f"{field}:N")
