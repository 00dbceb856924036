"""From one probability to another, step by step: what each adds or takes away, in percentage points.

The names of the steps stand beside them; where they are long, above them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.caches import keep
from simulator.report.charts.drawing import (
    AXIS,
    BELOW,
    BLUE,
    EDGE,
    FORMS,
    GREY,
    ORANGE,
    ROW,
    ChartKind,
    Drawing,
    Form,
    Row,
    between,
    distinct,
    form,
    listed,
    names_above,
    tooltips,
)
from simulator.values.numerals import percent, points

COLOURS = {"adds": BLUE, "takes away": ORANGE, "total": GREY}
TOTAL = "datum.kind == 'total'"
WIDTH = 5  # percentage points that an axis spans at least
LABEL = 52  # pixels of a label beside the outermost bar


# Rows


@dataclass(frozen=True)
class Step:
    """A probability in percent, or what is added to it in percentage points.

    ``more`` are columns beside those that every waterfall has, or in place of one of them.
    """

    name: str
    points: float
    label: str
    more: Mapping[str, Any] = field(default_factory=dict)


def level(name: str, probability: float) -> Step:
    """A probability, from which a waterfall begins or to which it leads."""
    return Step(name, 100 * probability, percent(probability, 1))


def change(name: str, added: float) -> Step:
    """What is added, in percentage points."""
    return Step(name, added, points(added))


def stairs(first: Step, parts: Sequence[Step], last: Step | None) -> tuple[Row, ...]:
    """The rows of a waterfall from one probability to another; without a ``last``, the first stands alone."""
    rows = [_row(first, first.points, first.points, "total")]
    for part in parts:
        start = rows[-1]["end"]
        rows.append(_row(part, start, start + part.points, "adds" if part.points >= 0 else "takes away"))
    if last:
        rows.append(_row(last, last.points, last.points, "total"))
    return tuple(rows)


def _row(step: Step, start: float, end: float, kind: str) -> dict[str, Any]:
    place = {"step": step.name, "start": start, "end": end, "points": end - start}
    return {**place, **step.more, "label": step.label, "kind": kind}


def in_words(rows: Sequence[Row]) -> str:
    """The steps of a waterfall in words."""
    return "; ".join(f"{row['step']} {row['label']}" for row in rows)


# The chart


def beside(name: str, title: str, rows: Sequence[Row], what: str, about: str = "") -> Drawing:
    """A waterfall with the names of its steps beside them; of steps with one name, the later get a number.

    ``what`` begins its words, which the steps end; where there are none, it is all of them.
    """
    names = distinct([row["step"] for row in rows])
    rows = tuple({**row, "step": step} for row, step in zip(rows, names, strict=True))
    alt = f"{what}: {in_words(rows)}." if rows else what
    return Drawing(name, title, rows, _form_beside(len(rows)), alt, about, ChartKind.WATERFALL)


def above(name: str, title: str, rows: Sequence[Row], alt: str) -> Drawing:
    """A waterfall with the names of its steps above them."""
    rows = tuple({"place": place, **row} for place, row in enumerate(rows))
    return Drawing(name, title, rows, _form_above(len(rows)), alt, kind=ChartKind.WATERFALL)


@keep(FORMS)
def _form_beside(steps: int) -> Form:
    import altair as alt

    names = alt.Axis(labelLimit=240, labelOverlap=False, domain=False, ticks=False)
    base = alt.Chart().encode(y=alt.Y("step:N", sort=None, title=None, axis=names))
    place = _places(alt.Scale(zero=False, nice=True, padding=LABEL))
    marked = {"color": _colour(), "tooltip": _tips("Measure")}
    bars = base.mark_bar(height=14, minBandSize=2).encode(x=place("start"), x2="end:Q", **marked)
    totals = base.transform_filter(TOTAL).mark_tick(aria=False, thickness=3, height=18)
    far = base.transform_calculate(outer="max(datum.start, datum.end)")
    labels = far.mark_text(align="left", dx=7).encode(x=place("outer"), text="label:N")
    layers = alt.layer(_room(place), bars, totals.encode(x=place("end"), **marked), labels)
    return form(layers.properties(height=28 * steps + 50), hundredths=["end"])


def _room(place: Callable[[str], Any]) -> Any:
    """What is not seen and makes the axis ``WIDTH`` percentage points wide at least.

    So small effects look small.
    """
    import altair as alt

    ends = alt.Chart().transform_calculate(
        lower="min(datum.start, datum.end)", upper="max(datum.start, datum.end)"
    )
    ends = ends.transform_aggregate(least="min(lower)", most="max(upper)").transform_calculate(
        left=f"clamp((datum.least + datum.most - {WIDTH}) / 2, 0, {100 - WIDTH})"
    )
    ends = ends.transform_calculate(left="min(datum.left, datum.least)", right=f"datum.left + {WIDTH}")
    return ends.mark_rule(aria=False, opacity=0).encode(x=place("left"), x2="right:Q")


@keep(FORMS)
def _form_above(steps: int) -> Form:
    import altair as alt

    base = listed()
    place = _places(alt.Scale(zero=False, nice=False, range=between(12, 100)))
    tips = _tips("Assumption", first_told="Made before all others", last_told="Made after all others")
    marked = {"color": _colour(), "tooltip": tips}
    parts = base.transform_filter(f"!({TOTAL})")
    bars = parts.mark_bar(height=12, yOffset=BELOW, minBandSize=2)
    totals = base.transform_filter(TOTAL).mark_tick(thickness=4, height=20, yOffset=BELOW, opacity=1)
    far = base.transform_calculate(outer="max(datum.start, datum.end)")
    labels = far.mark_text(align="left", baseline="middle", dx=8, dy=BELOW, fontSize=12)
    layers = alt.layer(
        _room(place),
        bars.encode(x=place("start"), x2="end:Q", **marked),
        totals.encode(x=place("end"), **marked),
        labels.encode(x=place("outer"), text="label:N"),
        names_above("step"),
    )
    return form(layers.properties(height=ROW * steps + 2 * EDGE), hundredths=["end"])


def _places(scale: Any) -> Callable[[str], Any]:
    """Where a field in percent stands on the axis of the probability."""
    import altair as alt

    axis = alt.Axis(format=AXIS, title="probability, %", tickCount=5)
    return lambda field: alt.X(f"{field}:Q", scale=scale, axis=axis)


def _colour() -> Any:
    import altair as alt

    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    return alt.Color("kind:N", scale=scale, legend=None)


def _tips(noun: str, **more: str) -> list[Any]:
    """What a tip says of a step: its name under a noun, its label, further fields by name, where it ends."""
    titles = {"step": noun, "label": "Points", **more, "end_told": "Up to"}
    return tooltips(*((f"{field}:N", title) for field, title in titles.items()))
