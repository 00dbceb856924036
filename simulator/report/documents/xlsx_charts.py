"""Drawings as charts that Excel draws itself, from rows that stand in the workbook."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from simulator.report.charts.drawing import BLUE, GREY, ORANGE, SKY, ChartKind, Drawing
from simulator.report.charts.futures import OUTCOMES
from simulator.report.charts.waterfall import WIDTH as POINTS_WIDE
from simulator.report.documents.blocks import Form, shown
from simulator.values.numerals import tick_decimals

Columns = Mapping[str, Sequence[Any]]
Refer = Callable[[Drawing, Columns], dict[str, list[Any]]]
ENDS = ("low95", "low80", "low50", "high50", "high80", "high95")
STACKED = (  # between one end and the next
    "95 % band",
    "80 % band",
    "50 % band",
    "80 % band, upper part",
    "95 % band, upper part",
)
UNNAMED = [0, 4, 5]  # of what is stacked: what has no key, as it is below all or has the colour of another
SHADES = {"95 %": "#DCE9F5", "80 %": "#B3CFEA", "50 %": "#83B0DB"}
ABOVE = 2  # rows of a title and of heads, over the rows that a chart is drawn from
WIDTH, HEIGHT, LOWER = 620, 360, 320  # pixels
ROW, AROUND = 24, 110  # pixels of a bar, and of what is around the bars
GRID = {"visible": True, "line": {"color": "#E2E6EA", "width": 0.5}}
PLAIN = {"line": {"color": "#AAB2BA"}, "major_gridlines": {"visible": False}, "label_position": "low"}
DASHED = {"line": {"color": ORANGE, "width": 1.75, "dash_type": "dash"}}
EDGE = {"line": {"color": SKY, "width": 1}}


def native(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """The chart of a drawing, or None where there is nothing to draw.

    Args:
        workbook: where it is to stand.
        drawing: what it shows.
        refer: columns of values to references to them.
    """
    draw = DRAWN.get(drawing.kind)
    return draw(workbook, drawing, refer) if draw else None


def _dressed(chart: Any, at: Mapping[str, list[Any]], height: int) -> Any:
    """A chart with its title, which stands two rows above what it is drawn from.

    As a text, a title with an exclamation mark would be a reference.
    """
    sheet, first, *_ = next(iter(at.values()))
    chart.set_title(
        {"name": [sheet, first - ABOVE, 0], "name_font": {"size": 12, "bold": True}, "overlay": False}
    )
    chart.set_size({"width": WIDTH, "height": height})
    chart.set_chartarea({"border": {"color": "#D5DAE0"}})
    return chart


def number_format(digits: int) -> str:
    """A workbook's number format of amounts with so many decimals."""
    return with_decimals("#,##0", digits)


def with_decimals(pattern: str, digits: int) -> str:
    """A workbook's number format with so many decimals behind it."""
    return f"{pattern}.{'0' * digits}" if digits else pattern


def _column(drawing: Drawing, name: str) -> list[Any]:
    return [row[name] for row in drawing.rows]


def _dot(kind: str, size: int, colour: str) -> dict[str, Any]:
    return {
        "line": {"none": True},
        "marker": {"type": kind, "size": size, "fill": {"color": colour}, "border": {"color": colour}},
    }


# Bands over time


def _fan(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """Bands as stacked areas, each the difference of its ends, under lines.

    Where amounts fall below zero, areas do not stack: the ends are lines too.
    """
    ends = {end: _column(drawing, end) for end in ENDS}
    drawn = {name: _column(drawing, name) for name in LOOKS}
    lines = {name: column for name, column in drawn.items() if _amounts(column)}
    stacks = min(ends[ENDS[0]]) >= 0
    areas, over = (_areas(ends), lines) if stacks else ({}, ends | lines)
    at = refer(drawing, {"period": _column(drawing, "period"), **areas, **over})
    chart = _lines(workbook, over, at)
    if stacks:
        below = _stack(workbook, areas, at)
        below.combine(chart)
        chart = below
    chart.set_x_axis(PLAIN | ({"position_axis": "on_tick"} if stacks else {}))
    amounts = [0.0, *chain.from_iterable(map(_amounts, (*over.values(), *ends.values())))]
    pattern = number_format(tick_decimals(amounts))
    chart.set_y_axis({"num_format": pattern, "major_gridlines": GRID, "line": {"none": True}})
    without_key = UNNAMED if stacks else list(range(len(ENDS)))
    chart.set_legend({"position": "bottom", "delete_series": without_key})
    return _dressed(chart, at, HEIGHT)


def _amounts(column: Sequence[float | None]) -> list[float]:
    return [amount for amount in column if amount is not None]


def _lines(workbook: Any, columns: Columns, at: Mapping[str, Any]) -> Any:
    chart = workbook.add_chart({"type": "line"})
    for name in columns:
        place = {"name": name, "categories": at["period"], "values": at[name]}
        chart.add_series({**place, **LOOKS.get(name, EDGE)})
    return chart


def _stack(workbook: Any, areas: Columns, at: Mapping[str, Any]) -> Any:
    chart = workbook.add_chart({"type": "area", "subtype": "stacked"})
    for name in areas:
        shade = SHADES.get(name[:4])
        look = {"fill": {"color": shade} if shade else {"none": True}, "border": {"none": True}}
        chart.add_series({"name": name, "categories": at["period"], "values": at[name], **look})
    return chart


def _areas(ends: Columns) -> dict[str, list[float]]:
    """What is stacked: the lowest end, and over it how far each end is above the one before."""
    areas = {"below": list(ends[ENDS[0]])}
    for name, low, high in zip(STACKED, ENDS, ENDS[1:], strict=False):
        areas[name] = [above - below for below, above in zip(ends[low], ends[high], strict=True)]
    return areas


LOOKS: Mapping[str, Mapping[str, Any]] = {
    "median": _dot("circle", 5, BLUE) | {"line": {"color": BLUE, "width": 2.25}},
    "published": _dot("square", 7, GREY),
    "target": _dot("long_dash", 14, ORANGE),
}


# One total


def _futures(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """A dot a future; the target as an upright line."""
    chart = workbook.add_chart({"type": "scatter"})
    for outcome, colour in zip(OUTCOMES.values(), (BLUE, GREY), strict=True):
        rows = [row for row in drawing.rows if row["outcome"] == outcome]
        if rows:
            places, heights = refer(
                drawing, {outcome: [row["place"] for row in rows], "height": [row["height"] for row in rows]}
            ).values()
            chart.add_series(
                {"name": outcome, "categories": places, "values": heights, **_dot("circle", 7, colour)}
            )
    top, target = max(_column(drawing, "height")) + 1, drawing.rows[0]["target"]
    at = refer(drawing, {"target": [target, target], "height": [0, top]})
    places, heights = at.values()
    chart.add_series(
        {"name": "target", "categories": places, "values": heights, "marker": {"type": "none"}, **DASHED}
    )
    across = [*_column(drawing, "place"), target]
    scale = _decades(across)
    digits = max(0, -round(math.log10(scale["min"]))) if scale else tick_decimals(across)
    chart.set_x_axis({"num_format": number_format(digits), **PLAIN, **scale})
    chart.set_y_axis({"visible": False, "min": 0, "max": top, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom"})
    return _dressed(chart, at, LOWER)


def _decades(places: Sequence[float]) -> dict[str, float]:
    """A logarithmic scale, where all is above zero."""
    low, high = min(places), max(places)
    return (
        {"log_base": 10, "min": 10 ** math.floor(math.log10(low)), "max": 10 ** math.ceil(math.log10(high))}
        if low > 0
        else {}
    )


# Bars


def _steps(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """What each step adds, in percentage points."""
    steps = [row for row in drawing.rows if row["kind"] != "total"]
    if not steps:
        return None
    names, amounts = [row["step"] for row in steps], [row["points"] for row in steps]
    colours = [{"fill": {"color": BLUE if amount >= 0 else ORANGE}} for amount in reversed(amounts)]
    look = {"points": colours, "data_labels": _labels(amounts, "points", "+0.0;-0.0;0.0")}
    columns = {"step": names, "percentage points": amounts}
    axis = _at_least(POINTS_WIDE, [0.0, *amounts])
    scale = number_format(tick_decimals([*axis.values(), *amounts]))
    return _bars(workbook, drawing, columns, refer, look, {"num_format": f"+{scale};-{scale};0", **axis})


def _at_least(width: float, amounts: Sequence[float]) -> dict[str, float]:
    """The ends of an axis where amounts span less than a width; none where they span it themselves."""
    low, high = min(amounts), max(amounts)
    if high - low >= width:
        return {}
    return {"min": high - width, "max": high} if -low > high else {"min": low, "max": low + width}


def _alternatives(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """The probability under each alternative."""
    columns = {name: _column(drawing, name) for name in ("name", "probability")}
    look = {"fill": {"color": SKY}, "data_labels": _labels(columns["probability"], "probability", "0.0%")}
    digits = tick_decimals([0.0, *(100 * row["probability"] for row in drawing.rows)])
    return _bars(
        workbook, drawing, columns, refer, look, {"num_format": f"{number_format(digits)}%", "min": 0}
    )


def _labels(values: Sequence[float], form: Form, pattern: str) -> dict[str, Any]:
    """Labels of bars, first to last.

    Where the number format would round to certainty or a minus zero, they are the words of other documents.
    """
    labels = [_label(value, form) for value in reversed(values)]
    return {"value": True, "num_format": pattern, **({"custom": labels} if any(labels) else {})}


def _label(value: float, form: Form) -> dict[str, str] | None:
    """What other documents say of a value; None where the number format says the same."""
    formatted = f"{100 * value:.1f} %" if form == "probability" else f"{value:+.1f}"
    text = shown(value, form)
    return None if text == formatted else {"value": text}


def _bars(
    workbook: Any,
    drawing: Drawing,
    columns: Columns,
    refer: Refer,
    look: Mapping[str, Any],
    scale: Mapping[str, Any],
) -> Any:
    """Bars from the top down; Excel begins at the bottom."""
    at = refer(drawing, {name: column[::-1] for name, column in columns.items()})
    names, values = at.values()
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series({"categories": names, "values": values, "gap": 60, **look})
    chart.set_x_axis({"major_gridlines": GRID, "line": {"none": True}, **scale})
    chart.set_y_axis(PLAIN)
    chart.set_legend({"none": True})
    return _dressed(chart, at, AROUND + ROW * len(drawing.rows))


def _partners(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """Trade with each partner before and in the target's period, as pairs of bars from the top down."""
    rows = [row for row in reversed(drawing.rows) if row["drawn"]]
    heads = {"median": f"{rows[0]['period']}, median", "base": f"{rows[0]['base_period']}"}
    series = {heads[key]: [row[key] for row in rows] for key in heads if rows[0][key] is not None}
    at = refer(drawing, {"partner": [row["partner"] for row in rows], **series})
    chart = workbook.add_chart({"type": "bar"})
    for head, colour in zip(series, (BLUE, GREY), strict=False):
        look = {"name": head, "gap": 40, "fill": {"color": colour}}
        chart.add_series({"categories": at["partner"], "values": at[head], **look})
    pattern = number_format(tick_decimals([0.0, *chain.from_iterable(series.values())]))
    chart.set_x_axis({"num_format": pattern, "major_gridlines": GRID, "line": {"none": True}})
    chart.set_y_axis(PLAIN)
    chart.set_legend({"position": "bottom"})
    return _dressed(chart, at, AROUND + len(series) * ROW * len(rows))


DRAWN: Mapping[ChartKind, Callable[[Any, Drawing, Refer], Any]] = {
    ChartKind.BANDS: _fan,
    ChartKind.FUTURES: _futures,
    ChartKind.WATERFALL: _steps,
    ChartKind.ALTERNATIVES: _alternatives,
    ChartKind.PARTNERS: _partners,
}
