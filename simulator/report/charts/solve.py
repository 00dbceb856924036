"""Charts of what it would take: how far each measure goes, the probability over two numbers, and over what is spent."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from simulator.analysis.grid import Axis, Map
from simulator.analysis.mix import Bought, Mix
from simulator.analysis.solve import Answer, Answers
from simulator.model.result import Result
from simulator.numerics.contours import levels, segments
from simulator.numerics.least_change import log_odds
from simulator.report.advice import amount, percent, wish
from simulator.report.amounts import money, probability
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    GREY,
    ORANGE,
    SHARES,
    SKY,
    Drawing,
    Form,
    axis_title,
    form,
)
from simulator.values.numerals import counted

DARK, PALE = (
    "#17202B",
    "#EEF5FB",
)  # ink on the map, and its lowest colour: the map looks the same on a light and a dark page
IN_PERCENT = ("percent", "share", "probability")
ABOVE: dict[str, Any] = {
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "end",
    "titleY": -10,
    "titleX": 0,
}  # an axis' title
BEST, STANDS, YOURS = "best package", "as it stands", "your budget"
LABEL_AT = (0.5, 0.2, 0.8)  # of a line, that neighbours' labels keep apart
Span = tuple[float, float]
REACHED = {True: "reached", False: "out of reach: its best"}


# How far each goes alone


def reach(found: Answers) -> Drawing:
    """The probability as it stands, and as far as each measure alone takes it."""
    rows = [_reach_row(place, answer) for place, answer in enumerate(measures(found))]
    within = [row["measure"] for row in rows if row["outcome"] == REACHED[True]]
    best = max(rows, key=lambda row: row["there"], default=None)
    now = probability(found.present, 1)
    told = (
        f"{', '.join(within)} can reach {wish(found.wanted)}"
        if within
        else f"None can reach {wish(found.wanted)} alone"
    )
    alt = f"The probability is {now} as it stands. {told}."
    if best is not None and not within:
        alt += f" {best['measure']} goes farthest, to {percent(best['there'])} at {best['value']}."
    return Drawing("reach", "How far each measure goes alone", tuple(rows), _reach_form(), alt)


def measures(found: Answers) -> list[Answer]:
    """The answers about levers and risks, without those about the target's own numbers."""
    return [answer for answer in found.answers if answer.levers[0].startswith(("levers.", "risks."))]


def _reach_row(place: int, answer: Answer) -> dict[str, Any]:
    value = amount(answer.present, answer.best_value if answer.value is None else answer.value, answer.unit)
    return {
        "place": place,
        "measure": answer.name,
        "now": answer.present.probability,
        "there": answer.probability,
        "value": value,
        "outcome": REACHED[answer.feasible],
        "wanted": answer.wanted,
        "label": f"{answer.name}: {percent(answer.probability)} at {value}",
    }


@lru_cache(maxsize=1)
def _reach_form() -> Form:
    import altair as alt

    axis = alt.Axis(
        format=".0%",
        title="probability; grey tick: as it stands, orange: wanted",
        values=[0, 0.25, 0.5, 0.75, 1],
    )
    colour = alt.Color(
        "outcome:N", scale=alt.Scale(domain=list(REACHED.values()), range=[BLUE, GREY]), legend=None
    )
    tips = [
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("value:N", title="At"),
        alt.Tooltip("there_told:N", title="Probability there"),
        alt.Tooltip("now_told:N", title="As it stands"),
        alt.Tooltip("outcome:N", title="What is wanted is"),
    ]
    base = alt.Chart().encode(y=alt.Y("place:O", axis=None))
    at = {
        name: alt.X(f"{name}:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
        for name in ("now", "there", "wanted")
    }
    below = 10
    bars = base.mark_bar(aria=False, height=9, yOffset=below, opacity=0.55).encode(
        x=at["now"], x2="there:Q", color=colour, tooltip=tips
    )
    start = base.mark_tick(aria=False, thickness=2, height=17, yOffset=below, color=GREY, opacity=1).encode(
        x=at["now"], tooltip=tips
    )
    end = base.mark_circle(aria=False, size=110, yOffset=below, opacity=1).encode(
        x=at["there"], color=colour, tooltip=tips
    )
    wanted = base.mark_tick(
        aria=False, thickness=3, height=17, yOffset=below, color=ORANGE, opacity=1
    ).encode(x=at["wanted"])
    names = base.mark_text(align="left", baseline="middle", dy=-8, fontSize=13, limit=330).encode(
        x=alt.value(0), text="label:N"
    )
    return form(alt.layer(bars, start, wanted, end, names).properties(height=alt.Step(44)), "there", "now")


# The probability over two numbers


def surface(found: Map, wanted: float) -> Drawing:
    """The map: its cells, lines of equal probability with the wanted one among them, and where the scenario stands."""
    axes = (found.x, found.y)
    names = [axis.name for axis in axes]
    titles = [name + _unit(found.present, axis) for name, axis in zip(names, axes, strict=True)]
    cells = list(_cells(found))
    rows = (*cells, *_lines(found, wanted), _now(found))
    return Drawing(
        "map",
        "The probability over both",
        rows,
        _surface_form(*titles),
        _surface_alt(found, names, cells, wanted),
    )


def _surface_alt(found: Map, names: Sequence[str], cells: Sequence[Mapping[str, Any]], wanted: float) -> str:
    known = sorted(
        (cell for cell in cells if cell["probability"] is not None), key=lambda cell: cell["probability"]
    )
    text = f"The probability over {names[0]}, across, and {names[1]}, up, as a map with lines of equal probability."
    for word, cell in (("lowest", known[0]), ("highest", known[-1])) if known else ():
        text += f" It is {word} with {cell['label']}, at {cell['across']} and {cell['up']}."
    enough = sum(cell["probability"] >= wanted for cell in known)
    where = f"in {enough} of {counted(len(known), 'cell')}" if enough else "nowhere"
    return f"{text} {wish(wanted)} is reached {where}. As it stands it is {probability(found.present, 1)}."


def _row(
    part: str, x: Span, y: Span, probability: float | None, label: str, at: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    ends = {"x": x[0], "x2": x[1], "y": y[0], "y2": y[1]}
    return {"part": part, **ends, "probability": probability, "label": label, "across": at[0], "up": at[1]}


def _cells(found: Map) -> Iterator[dict[str, Any]]:
    """One rectangle about each value that was worked out, up to half way to its neighbours."""
    x, y = (_scaled(axis, axis.values) for axis in (found.x, found.y))
    for j, i in itertools.product(range(len(y)), range(len(x))):
        p = found.probability[j][i]
        at = _told(found, found.x.values[i], found.y.values[j])
        yield _row("cell", _edges(x, i), _edges(y, j), p, "no law" if p is None else percent(p), at)


def _edges(values: Sequence[float], index: int) -> Span:
    middle = values[index]
    return (values[max(index - 1, 0)] + middle) / 2, (values[min(index + 1, len(values) - 1)] + middle) / 2


def _lines(found: Map, wanted: float) -> Iterator[dict[str, Any]]:
    """Lines of equal probability, straight in log odds between values; one piece of each has its label, in turn at another place."""
    x, y = (_scaled(axis, axis.values) for axis in (found.x, found.y))
    heights = [p for row in found.probability for p in row if p is not None]
    low, high = min(heights, default=0.0), max(heights, default=0.0)
    odds = [[None if p is None else log_odds(p) for p in row] for row in found.probability]
    for turn, level in enumerate(sorted({*levels(low, high), *([wanted] if low < wanted <= high else [])})):
        pieces = sorted(segments(x, y, odds, log_odds(level)))
        for number, ((x1, y1), (x2, y2)) in enumerate(pieces):
            label = wish(level) if number == int(LABEL_AT[turn % len(LABEL_AT)] * len(pieces)) else ""
            yield _row("wanted" if level == wanted else "line", (x1, x2), (y1, y2), level, label)


def _now(found: Map) -> dict[str, Any]:
    x, y = (_scaled(axis, [axis.present] * 2) for axis in (found.x, found.y))
    p = found.present.probability
    return _row(
        "now",
        (x[0], x[1]),
        (y[0], y[1]),
        p,
        f"{percent(p)}, as it stands",
        _told(found, found.x.present, found.y.present),
    )


def _told(found: Map, across: float, up: float) -> tuple[str, str]:
    return amount(found.present, across, found.x.unit), amount(found.present, up, found.y.unit)


def _scaled(axis: Axis, values: Sequence[float]) -> list[float]:
    """Values as an axis shows them: percents as such."""
    return [100 * value if axis.unit.startswith(IN_PERCENT) else value for value in values]


def _unit(result: Result, axis: Axis) -> str:
    """An axis' unit in brackets, where there is one."""
    if axis.unit.startswith(IN_PERCENT):
        return " (%)"
    if axis.unit in ("whole number", "number"):
        return ""
    return f" ({axis.unit.replace('money', axis_title(result))})"


@lru_cache(maxsize=64)
def _surface_form(across: str, up: str) -> Form:
    import altair as alt

    scale = alt.Scale(zero=False, nice=False, padding=0)
    x = alt.X(
        "x:Q",
        scale=scale,
        axis=alt.Axis(title=across, grid=False, tickCount=6, labelOverlap="greedy", titleLimit=460),
    )
    y = alt.Y("y:Q", scale=scale, axis=alt.Axis(title=up, grid=False, tickCount=6, **ABOVE))
    at: dict[str, Any] = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    tips = [
        alt.Tooltip("across:N", title=across),
        alt.Tooltip("up:N", title=up),
        alt.Tooltip("label:N", title="Probability"),
    ]
    shades = alt.Scale(range=[PALE, SKY], zero=False, nice=False)
    colour = {
        "fill": alt.Fill("probability:Q", scale=shades, legend=None),
        "stroke": alt.Stroke("probability:Q", scale=shades, legend=None),
    }
    of = {
        part: alt.Chart().transform_filter(f"datum.part == '{part}'")
        for part in ("cell", "line", "wanted", "now")
    }
    cells = of["cell"].mark_rect(strokeWidth=1, aria=False).encode(**at, **colour, tooltip=tips)
    lines = (
        of["line"]
        .mark_rule(aria=False, color=DARK, strokeWidth=1, strokeCap="round", opacity=0.75)
        .encode(**at)
    )
    casing = of["wanted"].mark_rule(aria=False, color="white", strokeWidth=6, strokeCap="round").encode(**at)
    wanted = of["wanted"].mark_rule(aria=False, color=ORANGE, strokeWidth=3, strokeCap="round").encode(**at)
    labelled = (
        alt.Chart()
        .transform_filter("datum.label && (datum.part == 'line' || datum.part == 'wanted')")
        .encode(x=x, y=y, text="label:N")
    )
    halo = labelled.mark_text(
        aria=False, baseline="middle", fontSize=12, color=PALE, stroke=PALE, strokeWidth=5, strokeJoin="round"
    )
    labels = labelled.mark_text(aria=False, baseline="middle", fontSize=12, color=DARK)
    point = of["now"].mark_point(
        aria=False,
        shape="circle",
        filled=True,
        size=130,
        color=DARK,
        stroke="white",
        strokeWidth=2,
        opacity=1,
    )
    return form(
        alt.layer(
            cells, lines, casing, wanted, halo, labels, point.encode(x=x, y=y, tooltip=tips)
        ).properties(height=360)
    )


# What money buys


def frontier(found: Mix, chosen: Bought | None = None) -> Drawing:
    """The probability of the best package over its budget, on time and late, with the present package and another."""
    late = f"if every start slips by {counted(found.slip, 'month')}"
    rows = [_bought(bought, BEST, bought.result.probability) for bought in found.frontier]
    rows += (
        [_bought(bought, late, bought.probability_if_late) for bought in found.frontier] if found.slip else []
    )
    rows.append(_bought(found.present, STANDS, found.present.result.probability))
    if chosen is not None:
        rows.append(_bought(chosen, YOURS, chosen.result.probability))
    result, now, most = found.present.result, found.present, found.frontier[-1]
    alt = (
        f"The probability of the best package at each budget: {probability(found.frontier[0].result, 1)} for "
        f"{money(result, found.frontier[0].budget)}, up to {probability(most.result, 1)} for {money(result, most.budget)}. "
        f"The present package costs {money(result, now.cost)} and gives {probability(now.result, 1)}."
    )
    return Drawing(
        "frontier",
        "What each budget buys at best",
        tuple(rows),
        _frontier_form(axis_title(result), late, chosen is not None),
        alt,
    )


def _bought(bought: Bought, series: str, probability: float) -> dict[str, Any]:
    result = bought.result
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


@lru_cache(maxsize=64)
def _frontier_form(axis: str, late: str, chosen: bool) -> Form:
    import altair as alt

    marks = [
        (BEST, BLUE, "circle", [1, 0]),
        (late, SKY, "circle", [5, 4]),
        (STANDS, ORANGE, "diamond", [1, 0]),
        (YOURS, BLUE, "square", [1, 0]),
    ]
    series, colours, shapes, dashes = (list(each) for each in zip(*marks[: 4 if chosen else 3], strict=True))
    across = alt.X(
        "budget:Q",
        axis=alt.Axis(title=axis, format=AXIS, grid=False, tickCount=6),
        scale=alt.Scale(nice=False, padding=8),
    )
    up = alt.Y(
        "probability:Q",
        axis=alt.Axis(title=None, format=SHARES, tickCount=5, domain=False),
        scale=alt.Scale(zero=False, padding=8),
    )
    key = alt.Legend(
        title=None, orient="top", columns=2, labelLimit=300, symbolOpacity=1, symbolStrokeWidth=0
    )
    colour = alt.Color("series:N", scale=alt.Scale(domain=series, range=colours), legend=key)
    shape = alt.Shape("series:N", scale=alt.Scale(domain=series, range=shapes), legend=key)
    dash = alt.StrokeDash("series:N", scale=alt.Scale(domain=series, range=dashes), legend=None)
    tips = [
        alt.Tooltip("series:N", title="It is the"),
        alt.Tooltip("spent:N", title="Cost"),
        alt.Tooltip("probability_told:N", title="Probability"),
        alt.Tooltip("package:N", title="With"),
    ]
    single = f"indexof(['{STANDS}', '{YOURS}'], datum.series)"
    lines = (
        alt.Chart()
        .transform_filter(f"{single} < 0")
        .mark_line(aria=False, strokeWidth=2.5)
        .encode(x=across, y=up, color=colour, strokeDash=dash)
    )
    points = alt.Chart().encode(x=across, y=up, color=colour, shape=shape, tooltip=tips)
    ladder = points.transform_filter(f"{single} < 0").mark_point(filled=True, size=45, opacity=1)
    chosen_ones = points.transform_filter(f"{single} >= 0").mark_point(filled=True, size=150, opacity=1)
    return form(alt.layer(lines, ladder, chosen_ones).properties(height=300), "probability")
