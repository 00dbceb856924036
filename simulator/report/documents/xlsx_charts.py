"""Drawings as charts that Excel draws itself, from rows that stand in the workbook."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.report.charts.answer import OUTCOMES
from simulator.report.charts.drawing import BLUE, GREY, ORANGE, SKY, ChartKind, Drawing
from simulator.report.documents.blocks import Form, shown
from simulator.values.numerals import tick_decimals

Columns = Mapping[str, Sequence[Any]]
Refer = Callable[[Drawing, Columns], dict[str, list[Any]]]
ENDS = ("low95", "low80", "low50", "high50", "high80", "high95")
BANDS = ("95 %", "80 %", "50 %", "80 %", "95 %")  # between one end and the next
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
    """A chart with its title, which stands two rows above what it is drawn from: as a text, one with an exclamation mark would be a reference."""
    sheet, first, *_ = next(iter(at.values()))
    chart.set_title(
        {"name": [sheet, first - ABOVE, 0], "name_font": {"size": 12, "bold": True}, "overlay": False}
    )
    chart.set_size({"width": WIDTH, "height": height})
    chart.set_chartarea({"border": {"color": "#D5DAE0"}})
    return chart


def number_format(digits: int) -> str:
    """A workbook's number format of amounts with so many decimals."""
    return f"#,##0{'.' if digits else ''}{'0' * digits}"


def _column(drawing: Drawing, name: str) -> list[Any]:
    return [row[name] for row in drawing.rows]


def _dot(kind: str, size: int, colour: str) -> dict[str, Any]:
    return {
        "line": {"none": True},
        "marker": {"type": kind, "size": size, "fill": {"color": colour}, "border": {"color": colour}},
    }


# Bands over time


def _fan(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """Bands as stacked areas, each the difference of its ends, under lines; where amounts fall below zero, the ends are lines too."""
    ends = {end: _column(drawing, end) for end in ENDS}
    lines = {
        name: _column(drawing, name) for name in LOOKS if any(row[name] is not None for row in drawing.rows)
    }
    stacks = min(ends[ENDS[0]]) >= 0
    areas = _areas(ends) if stacks else {}
    lines = lines if stacks else ends | lines
    at = refer(drawing, {"period": _column(drawing, "period"), **areas, **lines})
    over = workbook.add_chart({"type": "line"})
    for name in lines:
        over.add_series(
            {"name": name, "categories": at["period"], "values": at[name], **LOOKS.get(name, EDGE)}
        )
    chart = over
    if stacks:
        chart = workbook.add_chart({"type": "area", "subtype": "stacked"})
        for name in areas:
            fill = {"color": SHADES[name[:4]]} if name[:4] in SHADES else {"none": True}
            chart.add_series(
                {
                    "name": name,
                    "categories": at["period"],
                    "values": at[name],
                    "fill": fill,
                    "border": {"none": True},
                }
            )
        chart.combine(over)
    chart.set_x_axis(PLAIN | ({"position_axis": "on_tick"} if stacks else {}))
    amounts = [
        0.0,
        *(amount for column in lines.values() for amount in column if amount is not None),
        *ends[ENDS[0]],
        *ends[ENDS[-1]],
    ]
    chart.set_y_axis(
        {"num_format": number_format(tick_decimals(amounts)), "major_gridlines": GRID, "line": {"none": True}}
    )
    chart.set_legend({"position": "bottom", "delete_series": [0, 4, 5] if stacks else list(range(len(ENDS)))})
    return _dressed(chart, at, HEIGHT)


def _areas(ends: Columns) -> dict[str, list[float]]:
    """What is stacked: the lowest end, and over it how far each end is above the one before."""
    found = {"below": list(ends[ENDS[0]])}
    for place, (band, low, high) in enumerate(zip(BANDS, ENDS, ENDS[1:], strict=False)):
        found[f"{band} band{', upper part' * (place > 2)}"] = [
            b - a for a, b in zip(ends[low], ends[high], strict=True)
        ]
    return found


LOOKS: Mapping[str, Mapping[str, Any]] = {
    "median": _dot("circle", 5, BLUE) | {"line": {"color": BLUE, "width": 2.25}},
    "published": _dot("square", 7, GREY),
    "target": DASHED,
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
    columns = {"step": [row["step"] for row in steps], "percentage points": [row["points"] for row in steps]}
    labels = _labels([row["points"] for row in steps], "points", "+0.00;-0.00;0.00")
    colours = [{"fill": {"color": BLUE if row["points"] >= 0 else ORANGE}} for row in reversed(steps)]
    look = {"points": colours, "data_labels": labels}
    scale = number_format(tick_decimals([0.0, *(row["points"] for row in steps)]))
    return _bars(workbook, drawing, columns, refer, look, {"num_format": f"+{scale};-{scale};0"})


def _alternatives(workbook: Any, drawing: Drawing, refer: Refer) -> Any:
    """The probability under each alternative."""
    columns = {name: _column(drawing, name) for name in ("name", "probability")}
    look = {"fill": {"color": SKY}, "data_labels": _labels(columns["probability"], "probability", "0.0%")}
    digits = tick_decimals([0.0, *(100 * row["probability"] for row in drawing.rows)])
    return _bars(
        workbook, drawing, columns, refer, look, {"num_format": f"{number_format(digits)}%", "min": 0}
    )


def _labels(values: Sequence[float], form: Form, pattern: str) -> dict[str, Any]:
    """Labels of bars, first to last: where the number format would round to certainty or to a minus zero, the words of other documents."""
    texts = [shown(value, form) for value in reversed(values)]
    usual = [
        f"{100 * value:.1f} %" if form == "probability" else f"{value:+.2f}" for value in reversed(values)
    ]
    custom = [None if text == plain else {"value": text} for text, plain in zip(texts, usual, strict=True)]
    return {"value": True, "num_format": pattern, **({"custom": custom} if any(custom) else {})}


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


DRAWN: Mapping[ChartKind, Callable[[Any, Drawing, Refer], Any]] = {
    ChartKind.BANDS: _fan,
    ChartKind.FUTURES: _futures,
    ChartKind.WATERFALL: _steps,
    ChartKind.ALTERNATIVES: _alternatives,
}
