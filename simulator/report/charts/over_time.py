"""Totals over time: what is published as bars, what may come as bands, one column a period."""

from __future__ import annotations

from typing import Any, Literal

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import asked, threshold, value
from simulator.report.charts.columns import HEIGHT, NAMED, ends_of, foot, labels, named_bands
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    FORMS,
    GREY,
    HALO,
    MIDDLE,
    ORANGE,
    TARGET,
    ChartKind,
    Drawing,
    Form,
    Row,
    between,
    form,
    quantity_title,
)
from simulator.scenario import Target
from simulator.scenario.measures import PLUS
from simulator.scenario.targets import Kind, Quantity
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
ORIGINAL = {"original_low80": 0.1, "original_median": 0.5, "original_high80": 0.9}
ABOUT = (
    "Totals by period: grey bars are published, striped those of the months that are out; blue bands hold 50 "
    "and 80 of a hundred futures around the median"
)
LABELS = 132  # pixels for them
EDGES = (0.14, 0.86)  # of a column, what its bands take
STRIPES = 12  # of a hatched bar
By = Literal["year", "quarter"]


def fan(
    result: Result,
    measure: str = "turnover",
    by: By = "year",
    original: Result | None = None,
    *,
    wide: bool = False,
) -> Drawing:
    """Bands of a measure by year or quarter, with what is published, the target and the original.

    Args:
        result: the answer.
        measure: a total, a partner or a stream.
        by: year or quarter.
        original: the answer to the file as it was opened, drawn beside it.
        wide: with the 95 % band, to which the axis then reaches.
    """
    periods = _periods(result, by)
    return _fan(result, Quantity(measure, periods[0]), periods, f"{measure}-by-{by}", by, original, wide)


def target_fan(result: Result, original: Result | None = None, *, wide: bool = False) -> Drawing:
    """Bands of what the leading target is about, in its own period and the same of other years."""
    quantity = result.leading.quantity
    return _fan(result, quantity, quantity.periods(result.grid), "target-by-period", "period", original, wide)


def _fan(
    result: Result,
    quantity: Quantity,
    periods: list[Period],
    name: str,
    by: str,
    original: Result | None,
    wide: bool,
) -> Drawing:
    target = _target_of(result, quantity, periods)
    rows = [_row(result, quantity.over(period), target, original) for period in periods]
    digits = decimals(row[end] for row in rows for end in ("low80", "median", "high80"))
    reach = ends_of(rows, share=quantity.kind is Kind.SHARE)
    named = named_bands(rows, reach)
    rows = [{**row, **foot(row, reach), **at} for row, at in zip(rows, named, strict=True)]
    rows[-1] |= labels(result, quantity, rows, digits, reach)
    title, last = f"{quantity.title} by {by}", rows[-1]
    ends = (last[end] / quantity.factor for end in ("median", "low80", "high80"))
    middle, low, high = (value(result, quantity, end, digits=digits) for end in ends)
    alt = (
        f"{title}, {rows[0]['period']} to {last['period']}, with bands of 50 and 80 of a hundred futures. "
        f"Median for {last['period']}: {middle}, 80 % band {low} to {high}."
    )
    if target:
        alt += f" The {target.noun} is {asked(result, target)} in {target.period}."
    drawn_as = _form(quantity_title(result, quantity), digits, wide, quantity.kind is not Kind.SHARE)
    return Drawing(name, title, tuple(rows), drawn_as, alt, ABOUT, ChartKind.BANDS)


def _target_of(result: Result, quantity: Quantity, periods: list[Period]) -> Target | None:
    """The least likely target on a quantity in one of some periods."""
    targets = (target for target, _ in result.target_probabilities if target.period in periods)
    return next((target for target in targets if target.quantity == quantity.over(target.period)), None)


def _periods(result: Result, by: By) -> list[Period]:
    """Whole years of the grid; or quarters, from a year and a half before the last figure."""
    grid = result.grid
    if by == "year":
        return result.scenario.years.within(grid) or _periods(result, "quarter")
    last = max(target.period.last for target in result.scenario.target)
    start = max(grid.first, quarter(result.ahead.first).first - 18)
    months = range(start - start % 3, last + 1, 3)
    return [period for month in months if grid.covers(period := quarter(month))] or [result.leading.period]


# One period


def _row(
    result: Result, quantity: Quantity, target: Target | None, original: Result | None
) -> dict[str, Any]:
    period = quantity.period
    asked = target if target and target.period == period else None
    return {
        "measure": quantity.measure,
        "period": str(period),
        **_bands(result, quantity, LEVELS),
        **_published(result, quantity),
        "without": _without(result, quantity),
        **_original_bands(original, quantity),
        "target": quantity.factor * asked.amount if asked else None,
        "label": threshold(result, asked) if asked else None,
    }


def _bands(result: Result, quantity: Quantity, levels: dict[str, float]) -> dict[str, float]:
    """The quantiles that tables and sentences have, as they stand on an axis."""
    ratios = result.flows.quantity(quantity).quantile(list(levels.values()))
    amounts = quantity.factor * quantity.from_ratio(ratios)
    return dict(zip(levels, map(float, amounts), strict=True))


def _published(result: Result, quantity: Quantity) -> dict[str, Any]:
    """What is published of a period: all of it, or of an amount its first months, and which these are."""
    nothing: dict[str, Any] = {"published": None, "part": None, "months": None}
    if quantity.period.first >= result.ahead.first:
        return nothing
    law = result.flows.quantity(quantity)
    if law.constant or (quantity.base is None and result.flows.follows(quantity.measure, quantity.period)):
        return nothing | {"published": _bands(result, quantity, {"median": 0.5})["median"]}
    months = _first_months(result, quantity) if quantity.base is None else None
    if months is None:
        return nothing
    part = _bands(result, quantity.over(months), {"median": 0.5})["median"]
    return nothing | {"part": part, "months": months.in_words}


def _first_months(result: Result, quantity: Quantity) -> Period | None:
    """The first months of a period, as many as are published: as one sum, or as figures that add up to it."""
    first, last = quantity.period.first, min(quantity.period.last, result.ahead.first - 1)
    runs = (Period(first, end) for end in range(last, first - 1, -1))
    return next((months for months in runs if result.published(quantity.measure, months)), None)


def _without(result: Result, quantity: Quantity) -> float | None:
    """The median without the measures, of what is not published."""
    on = any(lever.enabled for lever in result.scenario.levers.values())
    if not on or quantity.period.last < result.ahead.first:
        return None
    law = result.without_levers.quantity(quantity)
    return float(quantity.factor * quantity.from_ratio(law.quantile([0.5]))[0])


def _original_bands(original: Result | None, quantity: Quantity) -> Row:
    known = (
        original is not None and quantity.period.last >= original.ahead.first and _known(original, quantity)
    )
    return _bands(original, quantity, ORIGINAL) if original and known else dict.fromkeys(ORIGINAL)


def _known(original: Result, quantity: Quantity) -> bool:
    """Whether the original tells a quantity."""
    if quantity.base is None and PLUS not in quantity.measure:
        return quantity.measure in original.listed and original.grid.covers(quantity.period)
    try:
        original.flows.quantity(quantity)
    except ValueError:
        return False
    return True


# The form

# 2018-Q1 as 2018, and 2018-Q2 as Q2
SHORT = (
    "indexof(datum.label, '-Q') < 0 ? datum.label "
    ": slice(datum.label, 5) == 'Q1' ? slice(datum.label, 0, 4) : slice(datum.label, 5)"
)
AHEAD = "!isValid(datum.published)"
SHADES = (("80", 0.28), ("50", 0.42))
WIDEST = ("95", 0.14)


@keep(FORMS)
def _form(axis: str, digits: int, wide: bool, columns: bool) -> Form:
    """The form, with what is published as columns from nothing or, as of shares, as lines."""
    import altair as alt

    base = alt.Chart().encode(tooltip=_tips(digits))
    layers: list[Any] = [
        _column(base, axis, "published").mark_bar(aria=False, color=GREY, opacity=0.4),
        _column(base, axis, "part").mark_bar(aria=False, fill=GREY, fillOpacity=0.16, stroke=GREY),
        _level(_hatched(base), axis, "stripe", color=GREY, strokeWidth=1.5, opacity=0.7),
    ]
    if not columns:
        layers = [_level(base, axis, "published", color=GREY, strokeWidth=4)]
    for name, opacity in (WIDEST, *SHADES) if wide else SHADES:
        edge: dict[str, Any] = {"stroke": BLUE, "strokeWidth": 0.8} if name == "80" else {}
        band = base.transform_filter(AHEAD).mark_bar(fill=BLUE, fillOpacity=opacity, **edge)
        layers.append(band.encode(**_across(), y=_amount(f"low{name}", axis), y2=f"high{name}:Q"))
    original = base.mark_bar(aria=False, filled=False, stroke=GREY, strokeDash=[4, 3], strokeWidth=1.2)
    layers.append(original.encode(**_across(), y=_amount("original_low80", axis), y2="original_high80:Q"))
    layers += [
        _level(base, axis, "original_median", color=GREY, strokeDash=[4, 3], strokeWidth=2),
        _level(base.transform_filter(AHEAD), axis, "median", color=BLUE, strokeWidth=4),
        _level(base, axis, "without", color=BLUE, strokeDash=[3, 3], strokeWidth=2),
        _level(base, axis, "target", color=ORANGE, strokeWidth=3.5, reach=(0.0, 1.0)),
        *_months(base, axis),
        *_named_bands(base, axis),
        *(_label(base, axis, name, style) for name, style in STYLES.items()),
    ]
    return form(alt.layer(*layers).properties(height=HEIGHT))


STYLES = {"median": MIDDLE, "high": None, "low": None, "without": None, "target": TARGET}


def _tips(digits: int) -> list[Any]:
    import altair as alt

    fields = {
        "median": "Median",
        "low80": "80 % band, from",
        "high80": "80 % band, to",
        "published": "Published",
        "part": "Published so far",
        "without": "Median without measures",
        "original_median": "Original: median",
    }
    tips = [alt.Tooltip(f"{field}:Q", title=title, format=f",.{digits}f") for field, title in fields.items()]
    return [alt.Tooltip("period:O", title="Period"), *tips]


def _across(edges: tuple[float, float] = EDGES) -> dict[str, Any]:
    """From one edge of a column to the other, with room for labels behind the last."""
    import altair as alt

    axis = alt.Axis(
        labelAngle=0,
        labelAlign="center",
        labelOverlap="greedy",
        ticks=False,
        labelExpr=SHORT,
        domain=True,
        grid=False,
    )
    scale = alt.Scale(range=between(0, LABELS), padding=0)
    return {
        "x": alt.X("period:O", title=None, axis=axis, scale=scale, bandPosition=edges[0]),
        "x2": alt.X2("period:O", bandPosition=edges[1]),
    }


def _amount(field: str, axis: str) -> Any:
    import altair as alt

    drawn = alt.Axis(
        format=AXIS,
        title=axis,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleY=-10,
        titleX=0,
        tickCount=6,
        domain=False,
        ticks=False,
        labelFlush=False,
    )
    return alt.Y(f"{field}:Q", axis=drawn, scale=alt.Scale(zero=False))


def _column(base: Any, axis: str, field: str) -> Any:
    """A column from nothing to an amount."""
    import altair as alt

    return base.encode(**_across(), y=_amount(field, axis), y2=alt.datum(0))


def _level(base: Any, axis: str, field: str, *, reach: tuple[float, float] = EDGES, **look: Any) -> Any:
    """An amount as a line across its column."""
    return base.mark_rule(aria=False, **look).encode(**_across(reach), y=_amount(field, axis))


def _hatched(base: Any) -> Any:
    """The stripes of columns that are published in part only: from nothing up to what is out."""
    partly = base.transform_filter("isValid(datum.part)")
    numbered = partly.transform_calculate(stripe=f"sequence(1, {STRIPES})").transform_flatten(["stripe"])
    return numbered.transform_calculate(stripe=f"datum.part * datum.stripe / {STRIPES}")


def _months(base: Any, axis: str) -> list[Any]:
    """Which months a striped column adds up, at its foot."""
    known = base.transform_filter("isValid(datum.months)").transform_calculate(
        words="[datum.months, 'published']"
    )
    return _in_column(known, axis, "foot", "words", lineHeight=13, dy=-6, fontSize=11)


def _in_column(base: Any, axis: str, at: str, field: str, **look: Any) -> list[Any]:
    """Words in the middle of a column, which stand apart from what is drawn there."""
    across = _across()["x"]
    across.bandPosition = 0.5
    place = {"x": across, "y": _amount(at, axis), "text": f"{field}:N"}
    marks = (
        base.mark_text(aria=False, baseline="middle", **look, **style) for style in ({"style": HALO}, {})
    )
    return [mark.encode(**place) for mark in marks]


def _named_bands(base: Any, axis: str) -> list[Any]:
    """What the two shades mean, in the first column that has room for it."""
    return [
        mark
        for name in NAMED
        for mark in _in_column(
            base.transform_filter(f"isValid(datum.named{name})").transform_calculate(share=f"'{name} %'"),
            axis,
            f"named{name}",
            "share",
            fontSize=10,
        )
    ]


def _label(base: Any, axis: str, name: str, style: str | None) -> Any:
    known = base.transform_filter(f"isValid(datum.{name}_label)")
    look = {} if style is None else {"style": style, "fontWeight": "bold"}
    text = known.mark_text(aria=False, align="left", baseline="middle", dx=8, fontSize=12, **look)
    across = _across()["x"]
    across.bandPosition = 1
    return text.encode(x=across, y=_amount(f"{name}_at", axis), text=f"{name}_label:N")
