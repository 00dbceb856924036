"""The chart of what money buys: the probability of the best package over its budget."""

from __future__ import annotations

from typing import Any

from simulator.analysis.mix import Bought, Mix
from simulator.caches import keep
from simulator.report.amounts import amount, money, probability
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    FORMS,
    ORANGE,
    SKY,
    Drawing,
    Form,
    Row,
    axis_title,
    chance_axis,
    form,
    tooltips,
)
from simulator.report.words.mix import late_words

BEST, STANDS, YOURS = "best package", "as it stands", "your budget"
TIPS = (
    ("series:N", "It is the"),
    ("spent:N", "Cost"),
    ("probability_told:N", "Probability"),
    ("package:N", "With"),
)


def frontier(mix: Mix, chosen: Bought | None = None) -> Drawing:
    """The probability of the best package over its budget, on time and late; the present one, and another."""
    late = f"if {late_words(mix)}"
    rows = tuple(_rows(mix, chosen, late))
    shape = _frontier_form(axis_title(mix.present.result), late, chosen is not None)
    return Drawing("frontier", "The best package at each budget", rows, shape, _alt(mix))


def _rows(mix: Mix, chosen: Bought | None, late: str) -> list[Row]:
    rows = [_row(mix, bought, BEST, bought.probability) for bought in mix.frontier]
    if mix.slip:
        rows += [_row(mix, bought, late, bought.probability_if_late) for bought in mix.frontier]
    rows.append(_row(mix, mix.present, STANDS, mix.present.probability))
    if chosen is not None:
        rows.append(_row(mix, chosen, YOURS, chosen.probability))
    return rows


def _alt(mix: Mix) -> str:
    result, least, most = mix.present.result, mix.frontier[0], mix.frontier[-1]
    return (
        f"The probability of the best package at each budget: {probability(least, 1)} for "
        f"{money(result, least.budget)}, up to {probability(most, 1)} for "
        f"{money(result, most.budget)}. The present package costs {money(result, mix.present.cost)} and "
        f"gives {probability(result, 1)}."
    )


def _row(mix: Mix, bought: Bought, series: str, probability: float) -> Row:
    result = mix.present.result
    package = ", ".join(
        f"{part.priced.name} {amount(result, part.amount, part.priced.knob.unit)}" for part in bought.parts
    )
    return {
        "series": series,
        "budget": bought.budget,
        "cost": bought.cost,
        "probability": probability,
        "package": package or "none of the measures with a cost",
        "spent": money(result, bought.cost),
    }


@keep(FORMS)
def _frontier_form(axis: str, late: str, chosen: bool) -> Form:
    import altair as alt

    across = alt.X(
        "budget:Q",
        axis=alt.Axis(title=axis, format=AXIS, grid=False, tickCount=6),
        scale=alt.Scale(nice=False, padding=8),
    )
    up = alt.Y(
        "probability:Q",
        axis=chance_axis(title=None, tickCount=5, domain=False),
        scale=alt.Scale(zero=False, padding=8),
    )
    colour, shape, dash = _series(late, chosen)
    single = f"indexof(['{STANDS}', '{YOURS}'], datum.series)"
    ladder = alt.Chart().transform_filter(f"{single} < 0").mark_line(aria=False, strokeWidth=2.5)
    points = alt.Chart().encode(x=across, y=up, color=colour, shape=shape, tooltip=tooltips(*TIPS))
    layers = alt.layer(
        ladder.encode(x=across, y=up, color=colour, strokeDash=dash),
        points.transform_filter(f"{single} < 0").mark_point(filled=True, size=45, opacity=1),
        points.transform_filter(f"{single} >= 0").mark_point(filled=True, size=150, opacity=1),
    )
    return form(layers.properties(height=300), "probability")


def _series(late: str, chosen: bool) -> tuple[Any, Any, Any]:
    """The colour, shape and dashes of each series."""
    import altair as alt

    marks = [
        (BEST, BLUE, "circle", [1, 0]),
        (late, SKY, "circle", [5, 4]),
        (STANDS, ORANGE, "diamond", [1, 0]),
        (YOURS, BLUE, "square", [1, 0]),
    ]
    shown = marks if chosen else marks[:-1]
    names, colours, shapes, dashes = (list(column) for column in zip(*shown, strict=True))
    key = alt.Legend(
        title=None, orient="top", columns=2, labelLimit=300, symbolOpacity=1, symbolStrokeWidth=0
    )
    return (
        alt.Color("series:N", scale=alt.Scale(domain=names, range=colours), legend=key),
        alt.Shape("series:N", scale=alt.Scale(domain=names, range=shapes), legend=key),
        alt.StrokeDash("series:N", scale=alt.Scale(domain=names, range=dashes), legend=None),
    )
