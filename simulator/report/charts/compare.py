"""Charts of a comparison: the probability of each set, its totals by year, the gap between two step by step.

A set has one colour and one shape in every chart. Names stand above their rows rather than beside them: they
are long, and a telephone is narrow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from simulator._version import __version__
from simulator.analysis.compare import Compared, Comparison, Difference
from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import alternatives_span, asked, probability, threshold, value
from simulator.report.charts.drawing import (
    AXIS,
    BELOW,
    BLUE,
    EDGE,
    FORMS,
    GREY,
    ORANGE,
    ROW,
    Drawing,
    Form,
    between,
    chance_axis,
    form,
    listed,
    names_above,
    quantity_title,
    tooltips,
)
from simulator.report.charts.waterfall import Step, above, beside, change, level, stairs
from simulator.report.tables import Row, compared_target, parts_table
from simulator.report.words.compare import question_sentences
from simulator.scenario import Target
from simulator.scenario.targets import Quantity
from simulator.values.numerals import decimals, points
from simulator.values.periods import Period

# 3 : 1 on white and on the page's dark ground, and apart for people who cannot tell red from green; the
# shapes say the same once more
COLOURS = (BLUE, ORANGE, "#009E73", "#8C40FF", "#5F6670", "#2A9AAF")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
MOST = len(COLOURS)  # sets that are told apart
Q80, BAND = (0.1, 0.5, 0.9), ("p10", "p50", "p90")
BEFORE = 4  # years that are shown before the first that a set expects
LARGEST = 3  # parts of a gap that are told to those who do not see it


# The probability of each set


def dots(comparison: Comparison) -> Drawing:
    """The probability of each set, one row each, with its range under other model settings."""
    rows = [{"place": place, **_dot(member)} for place, member in enumerate(comparison.sets)]
    answers = "; ".join(f"{row['set']} {row['label']}" for row in rows)
    alt = f"The probability of each set, with its range under other model settings: {answers}."
    least, *_, most = sorted(rows, key=lambda row: row["probability"])
    if least["probability"] < most["probability"]:
        alt = f"{most['set']} is the most likely to reach its target, {least['set']} the least. {alt}"
    title = "The probability of each set"
    return Drawing("probabilities", title, tuple(rows), _dots_form(comparison.names), alt)


def _dot(member: Compared) -> dict[str, Any]:
    result = member.result
    span = result.probability_range
    alternatives = f" ({alternatives_span(result)})" if len(span.sources) > 1 else ""
    return {
        "set": member.name,
        "probability": result.probability,
        "low": span.low,
        "high": span.high,
        "label": f"{probability(result)}{alternatives}",
    }


@keep(FORMS)
def _dots_form(names: tuple[str, ...]) -> Form:
    import altair as alt

    colour, shape = _marked(names, legend=False)
    axis = chance_axis(title=None, tickCount=5)
    scale = alt.Scale(zero=True, nice=False, range=between(8, 112))
    place, high = (alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("probability", "high"))
    tips = tooltips(
        ("set:N", "Set"),
        ("probability_told:N", "Probability"),
        ("low_told:N", "Lowest under other settings"),
        ("high_told:N", "Highest under other settings"),
    )
    base = listed()
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
        alt.layer(bars, points, labels, names_above("set")).properties(height=ROW * len(names) + EDGE),
        "probability",
        "low",
        "high",
    )


# Totals over time


def bands(comparison: Comparison) -> Drawing:
    """The median and the 80 % band, in each set, of what the first set's leading target is about.

    By year; of a target for other periods, by its own and the same of other years.
    """
    target = comparison.first.leading
    quantity = target.quantity
    by_set = {member.name: _by_year(comparison, member, quantity) for member in comparison.sets}
    rows = tuple(row for by_year in by_set.values() for row in by_year.values())
    thresholds = {row["target"] for row in rows} - {None}
    lines = "medians and 80 % bands" if len(thresholds) < 2 else "medians, 80 % bands, targets as short lines"
    digits = decimals(row[end] for row in rows for end in BAND)
    alt = _bands_alt(comparison, by_set)
    if len(thresholds) == 1:
        alt += f" The {target.noun} is {asked(comparison.first, target)}."
    title, unit = quantity.title, quantity_title(comparison.first, quantity)
    return Drawing(
        f"{quantity.measure}-by-year",
        f"{title} by year, {unit}: {lines}",
        rows,
        _bands_form(comparison.names, len(thresholds) == 1, digits),
        alt,
    )


def untold(comparison: Comparison) -> list[str]:
    """The sets whose figures do not tell what ``bands`` shows."""
    quantity = comparison.first.leading.quantity
    return [member.name for member in comparison.sets if not _periods(member.result, quantity)]


def _by_year(comparison: Comparison, member: Compared, quantity: Quantity) -> dict[Period, Row]:
    """The rows of one set, from a few years before the first that any set expects."""
    start = min(other.result.ahead.first for other in comparison.sets) // 12 - BEFORE
    target = compared_target(comparison, member.result)
    return {
        period: _band(member, target, quantity.over(period))
        for period in _periods(member.result, quantity)
        if period.end_year >= start
    }


def _periods(result: Result, quantity: Quantity) -> list[Period]:
    """The years of a quantity that a set tells, or its periods; none where its figures do not tell it."""
    try:
        for measure in (quantity.measure, *([quantity.base[0]] if quantity.base else [])):
            result.flows.paths.streams.measured(measure)
    except ValueError:
        return []
    years = result.scenario.years
    if quantity.base is None and years.one(quantity.period):
        return years.within(result.grid)
    return quantity.periods(result.grid)


def _band(member: Compared, target: Target, quantity: Quantity) -> dict[str, Any]:
    result, factor = member.result, quantity.factor
    ratios = result.flows.quantity(quantity).quantile(Q80)
    here = target.quantity == quantity
    return {
        "set": member.name,
        "measure": quantity.measure,
        "period": str(quantity.period),
        **dict(zip(BAND, map(float, factor * quantity.from_ratio(ratios)), strict=True)),
        "target": factor * target.amount if here else None,
        "label": threshold(result, target) if here else None,
    }


def _bands_alt(comparison: Comparison, by_set: Mapping[str, dict[Period, Row]]) -> str:
    """The bands in words: of each set the period of its target, or else its last year."""
    quantity = comparison.first.leading.quantity
    years = sorted({period for by_year in by_set.values() for period in by_year})
    if not years:
        return f"No set tells {quantity.name}."
    lines = []
    for member in comparison.sets:
        by_year = by_set[member.name]
        target = compared_target(comparison, member.result)
        row = by_year.get(target.period) or next(reversed(by_year.values()), None)
        lines.append(
            _band_words(member, quantity, row) if row else f"{member.name} does not tell {quantity.name}"
        )
    return f"Median and 80 % band of {quantity.name} by year, {years[0]} to {years[-1]}. {'; '.join(lines)}."


def _band_words(member: Compared, quantity: Quantity, row: Row) -> str:
    factor = quantity.factor
    low, middle, high = (value(member.result, quantity, row[name] / factor) for name in BAND)
    return f"{member.name}, {row['period']}: {middle} ({low} to {high})"


@keep(FORMS)
def _bands_form(names: tuple[str, ...], one_target: bool, digits: int) -> Form:
    import altair as alt

    colour, shape = _marked(names)
    base = alt.Chart().encode(
        x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy", tickSize=0))
    )
    amount = alt.Axis(format=AXIS, title=None, tickCount=6, domain=False)
    written = f",.{digits}f"
    tips = tooltips(
        ("set:N", "Set"),
        ("period:O", "Year"),
        ("p50:Q", "Median", written),
        ("p10:Q", "80 % band, from", written),
        ("p90:Q", "to", written),
    )
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


def waterfall(comparison: Comparison, difference: Difference) -> Drawing:
    """From the first set's probability to another's: what each changed assumption adds, in points."""
    first, last = (_end(member) for member in _pair(comparison, difference))
    *parts, together = parts_table(comparison, difference)
    rows = stairs(first, [_part(row) for row in parts], last)
    gap = f"{points(together['probability_points'])} percentage points"
    alt = f"From {first.name}, {first.label}, to {last.name}, {last.label}: {gap}."
    if parts:
        alt += f" The {'largest parts' if len(parts) > 1 else 'only part'}: {_largest(parts)}."
    return above("gap", f"From {first.name} to {last.name}", rows, alt)


def _pair(comparison: Comparison, difference: Difference) -> tuple[Compared, Compared]:
    """The two sets that a difference is between."""
    members = {member.name: member for member in comparison.sets}
    return members[difference.origin], members[difference.to]


def _largest(parts: Sequence[Row]) -> str:
    largest = sorted(parts, key=lambda part: -abs(part["probability_points"]))[:LARGEST]
    return ", ".join(f"{part['change']} {points(part['probability_points'])}" for part in largest)


def _part(row: Row) -> Step:
    """One change, with its effect before and after all others; its error for the table of the chart."""
    added, error = row["probability_points"], row["standard_error"]
    alone = {"first": row["first_points"], "last": row["last_points"]}
    words = {f"{order}_told": points(value) for order, value in alone.items()}
    more = {"points": added, "standard_error": error, **alone, **words}
    return Step(row["change"], added, points(added), more)


def _end(member: Compared) -> Step:
    """A set's probability, from which or to which the changes lead."""
    p, error = 100 * member.result.probability, 100 * member.result.standard_error
    alone = dict.fromkeys(("first", "last", "first_told", "last_told"))
    return Step(
        member.name, p, probability(member.result, 1), {"points": p, "standard_error": error, **alone}
    )


def gap(comparison: Comparison, difference: Difference) -> Drawing:
    """The same for a document: what each change contributes, averaged over all orders, beside its name."""
    first, last = _pair(comparison, difference)
    *parts, _ = parts_table(comparison, difference)
    rows = stairs(
        level(first.name, first.result.probability),
        [change(part["change"], part["probability_points"]) for part in parts],
        level(last.name, last.result.probability) if parts else None,
    )
    title = f"From {first.name} to {last.name}"
    what = f"{title}: the probability in percent, and what each change contributes in percentage points"
    return beside("gap", f"{title}, in percentage points", rows, what)


# What all share


def stamp(comparison: Comparison) -> tuple[str, ...]:
    """What a picture says of its inputs, so that it can be made again."""
    return (
        *question_sentences(comparison),
        *map(_stamp_of, comparison.sets),
        f"{comparison.points} points, seed {comparison.seed}, version {__version__}",
    )


def _stamp_of(member: Compared) -> str:
    result = member.result
    answer = f"{probability(result)} ({alternatives_span(result)})"
    return f"{_source(member)}: {answer}; scenario {member.fingerprint[:12]}"


def gap_stamp(comparison: Comparison, difference: Difference) -> tuple[str, ...]:
    """What a picture of a difference says of its inputs, so that it can be made again."""
    pair = [member for member in comparison.sets if member.name in (difference.origin, difference.to)]
    marks = " and ".join(member.fingerprint[:12] for member in pair)
    return (
        *map(_source, pair),
        f"{comparison.points} points, seed {comparison.seed}, version {__version__}, scenarios {marks}",
    )


def _source(member: Compared) -> str:
    scenario = member.result.scenario
    return f"{member.name}: {scenario.title}, as of {scenario.as_of}"


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
