"""Charts of one answer: bands over time, what measures add, the range of alternatives."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import alternatives_span, asked, probability, threshold, value
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
    form,
    quantity_title,
)
from simulator.report.charts.waterfall import beside, change, level, stairs
from simulator.scenario import Target
from simulator.scenario.measures import PLUS
from simulator.scenario.targets import Quantity
from simulator.values.numerals import decimals
from simulator.values.periods import Period, quarter

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
FAN = (
    "Totals over time: grey bars are published, the line is the median, around it 50, 80 and 95 % bands; "
    "dashed, the target and what is saved"
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
    return _fan(result, Quantity(measure, periods[0]), periods, f"{measure}-by-{by}", by, saved)


def target_fan(result: Result, saved: Result | None = None) -> Drawing:
    """Bands of what the leading target is about, in its own period and the same of other years."""
    quantity = result.leading.quantity
    return _fan(result, quantity, quantity.periods(result.grid), "target-by-period", "period", saved)


def _fan(
    result: Result, quantity: Quantity, periods: list[Period], name: str, by: str, saved: Result | None
) -> Drawing:
    target = _target_of(result, quantity, periods)
    rows = tuple(_fan_row(result, quantity.over(period), target, saved) for period in periods)
    digits = decimals(row[end] for row in rows for end in ("low80", "median", "high80"))
    title, last = f"{quantity.title} by {by}", rows[-1]
    ends = (last[end] / quantity.factor for end in ("median", "low80", "high80"))
    middle, low, high = (value(result, quantity, end, digits=digits) for end in ends)
    alt = (
        f"{title}, {rows[0]['period']} to {last['period']}, with 50, 80 and 95 % bands. "
        f"Median for {last['period']}: {middle}, 80 % band {low} to {high}."
    )
    if target:
        alt += f" The {target.noun} is {asked(result, target)} in {target.period}."
    drawn_as = _fan_form(quantity_title(result, quantity), bool(target), digits)
    return Drawing(name, title, rows, drawn_as, alt, FAN, ChartKind.BANDS)


def _target_of(result: Result, quantity: Quantity, periods: list[Period]) -> Target | None:
    """The least likely target on a quantity in one of some periods."""
    targets = (target for target, _ in result.target_probabilities if target.period in periods)
    return next((target for target in targets if target.quantity == quantity.over(target.period)), None)


def drawn(result: Result, quantity: Quantity) -> np.ndarray:
    """What a target is about in each draw, as it is drawn on an axis, shape (points,)."""
    if quantity.base is None:
        return result.drawn(quantity.measure, quantity.period)
    values = result.flows.quantity(quantity).values
    return quantity.factor * quantity.from_ratio(values[np.isfinite(values)])


def _periods(result: Result, by: By) -> list[Period]:
    """Whole years of the grid; or quarters, from a year and a half before the last figure."""
    grid = result.grid
    if by == "year":
        return result.scenario.years.within(grid) or _periods(result, "quarter")
    last = max(target.period.last for target in result.scenario.target)
    start = max(grid.first, quarter(result.ahead.first).first - 18)
    months = range(start - start % 3, last + 1, 3)
    return [period for month in months if grid.covers(period := quarter(month))] or [result.leading.period]


def _fan_row(result: Result, quantity: Quantity, target: Target | None, saved: Result | None) -> Row:
    amounts = np.quantile(drawn(result, quantity), list(LEVELS.values()))
    period = quantity.period
    return {
        "measure": quantity.measure,
        "period": str(period),
        **dict(zip(LEVELS, map(float, amounts), strict=True)),
        "published": _published(result, quantity),
        **_saved_bands(saved, quantity),
        "target": quantity.factor * target.amount if target else None,
        "label": threshold(result, target) if target and target.period == period else None,
    }


def _published(result: Result, quantity: Quantity) -> float | None:
    """What is published of a period: all of it, or of an amount its first months."""
    if quantity.period.first >= result.ahead.first:
        return None
    if quantity.base is None:
        return _published_amount(result, quantity.measure, quantity.period)
    law = result.flows.quantity(quantity)
    return quantity.factor * float(quantity.from_ratio(law.values[0])) if law.constant else None


def _published_amount(result: Result, measure: str, period: Period) -> float | None:
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


def _saved_bands(saved: Result | None, quantity: Quantity) -> Row:
    if saved is None or not _known(saved, quantity):
        return dict.fromkeys(SAVED)
    amounts = np.quantile(drawn(saved, quantity), list(SAVED.values()))
    return dict(zip(SAVED, amounts.tolist(), strict=True))


def _known(saved: Result, quantity: Quantity) -> bool:
    """Whether what is saved tells a quantity."""
    if quantity.base is None and PLUS not in quantity.measure:
        return quantity.measure in saved.listed and saved.grid.covers(quantity.period)
    try:
        saved.flows.quantity(quantity)
    except ValueError:
        return False
    return True


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
