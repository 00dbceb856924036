"""Charts of a sweep: the probability over one number as a line, over two as a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.analysis.grid import Axis as MapAxis
from simulator.analysis.grid import Map
from simulator.analysis.questions import name_of
from simulator.batch.design import Axis
from simulator.batch.sets import Sweep
from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import probability
from simulator.report.charts.drawing import (
    BLUE,
    FORMS,
    ORANGE,
    Drawing,
    Form,
    Row,
    chance_axis,
    form,
    tooltips,
)
from simulator.report.charts.solve import surface, unit_title
from simulator.scenario.parameters import knobs_by_path
from simulator.values.numerals import percent
from simulator.values.units import Unit
from simulator.values.wording import show

EVEN = 0.5  # the line of equal chance that a map shows thick
WIDTHS = 1.96  # standard errors to either side of a band that holds 95 %
MOST = 5_000  # sets that a chart shows
HEIGHT = 340
EXPECTED = "expected one number (a line), or two with --design grid (a map)"
Rows = Sequence[dict[str, Any]]


def check(asked: Sweep) -> None:
    """Refuse what cannot be drawn, before anything is worked out for it.

    Raises:
        ValueError: with what can be.
    """
    axes = _varied(asked)
    if len(asked.cases) > 1:
        raise ValueError("found several scenarios to be drawn, expected one; leave --chart out")
    if not axes or len(asked) == 1:
        raise ValueError(_nothing(asked.design.axes))
    if len(axes) > 2:
        names = ", ".join(axis.path for axis in axes)
        raise ValueError(f"found {len(axes)} numbers to be drawn ({names}), {EXPECTED}")
    if len(asked) > MOST:
        raise ValueError(f"found {len(asked):,} sets to be drawn, expected at most {MOST:,}")
    if len(axes) == 2:
        _check_map(asked, axes)


def _nothing(axes: Sequence[Axis]) -> str:
    """Why nothing can be drawn of a sweep in which nothing varies."""
    if not axes:
        return "found nothing that varies, so that there is no line to be drawn; name a number with --range"
    only = [f" {show(axis.cell(axis.values[0]))} of {axis.path}" for axis in axes[:1] if axis.values]
    mend = f"one value draws no line; name two ends with --range {axes[0].path}=LO:HI:9, or leave --chart out"
    return f"found one value{''.join(only)} to be drawn, expected several: {mend}"


def _check_map(asked: Sweep, axes: Sequence[Axis]) -> None:
    if asked.design.kind != "grid":
        raise ValueError(f"found two numbers in the design {asked.design.kind} to be drawn, {EXPECTED}")
    for axis in axes:
        if axis.unit in (None, Unit.MONTH):
            raise ValueError(f"found {axis.path}, which is no number, to be drawn in a map; {EXPECTED}")


def drawing(asked: Sweep, rows: Rows, present: Result) -> Drawing:
    """The probability over what varies.

    Args:
        asked: one or two axes with more than one value.
        rows: the table's, in order.
        present: the scenario as it stands.
    """
    axes = _varied(asked)
    return _line(axes[0], rows, present) if len(axes) == 1 else _surface(axes, rows, present)


def _varied(asked: Sweep) -> list[Axis]:
    return [axis for axis in asked.design.axes if len(axis.values) != 1]


def _name(axis: Axis, present: Result) -> str:
    if axis.unit is None:
        return axis.path
    knob = knobs_by_path(present.scenario)[axis.path]
    return name_of(present.scenario, knob) + unit_title(present, axis.unit)


# One number


def _line(axis: Axis, rows: Rows, present: Result) -> Drawing:
    named = axis.unit is None or axis.unit is Unit.MONTH
    answered = [row for row in rows if row["probability"] is not None]
    if not named:
        answered.sort(key=lambda row: row[axis.path])
    points = tuple(_point(axis, row) for row in answered)
    name = _name(axis, present)
    return Drawing(
        "sweep", f"The probability over {name}", points, _line_form(name, named), _alt(name, points, present)
    )


def _point(axis: Axis, row: dict[str, Any]) -> Row:
    value, chance = row[axis.path], row["probability"]
    half = WIDTHS * row["standard_error"]
    shown = axis.unit.displayed(value) if axis.unit and not isinstance(value, str) else value
    text = str(shown).lower() if isinstance(shown, bool) else shown
    low, high = max(chance - half, 0.0), min(chance + half, 1.0)
    return {"x": text, "probability": chance, "low": low, "high": high}


def _alt(name: str, points: Sequence[Row], present: Result) -> str:
    text = f"The probability over {name}, as a line with its numerical error."
    if points:
        ends = (min(points, key=_height), max(points, key=_height))
        for word, point in zip(("lowest", "highest"), ends, strict=True):
            text += f" It is {word} with {percent(point['probability'], 1)}, at {point['x']}."
    return f"{text} As the scenario stands it is {probability(present, 1)}."


def _height(point: Row) -> float:
    return float(point["probability"])


@keep(FORMS)
def _line_form(name: str, named: bool) -> Form:
    import altair as alt

    scale = alt.Undefined if named else alt.Scale(zero=False, nice=False, padding=8)
    sort: Any = {"sort": None} if named else {}
    below = alt.Axis(title=name, grid=False, labelOverlap="greedy", labelAngle=0, titleLimit=640)
    x = alt.X("x:N" if named else "x:Q", scale=scale, axis=below, **sort)
    y = alt.Y("probability:Q", scale=alt.Scale(zero=False), axis=chance_axis(title="probability"))
    tips = tooltips((f"x:{'N' if named else 'Q'}", name), ("probability_told:N", "Probability"))
    base = alt.Chart().encode(x=x)
    ends = {"y": alt.Y("low:Q", title="probability", scale=alt.Scale(zero=False)), "y2": "high:Q"}
    band = base.mark_rule(strokeWidth=2) if named else base.mark_area(opacity=0.35)
    line = base.mark_line(color=BLUE, strokeWidth=2, opacity=0 if named else 1).encode(y=y)
    dots = base.mark_circle(color=BLUE, size=36, opacity=1).encode(y=y, tooltip=tips)
    layers = alt.layer(band.encode(**ends, color=alt.value(ORANGE)), line, dots)
    return form(layers.properties(height=HEIGHT), "probability")


# Two


def _surface(axes: Sequence[Axis], rows: Rows, present: Result) -> Drawing:
    across, up = (_map_axis(axis, present) for axis in axes)
    heights = {(row[axes[0].path], row[axes[1].path]): row["probability"] for row in rows}
    cells = tuple(tuple(heights[x, y] for x in across.values) for y in up.values)
    return surface(Map(across, up, cells, present, ()), EVEN)


def _map_axis(axis: Axis, present: Result) -> MapAxis:
    knob = knobs_by_path(present.scenario)[axis.path]
    values = tuple(sorted(float(value) for value in axis.values if not isinstance(value, str | None)))
    return MapAxis(knob, name_of(present.scenario, knob), values)
