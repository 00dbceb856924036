"""Charts of what it would take: how far each measure goes alone, and the probability over two numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.analysis.answers import Answers, Change
from simulator.analysis.grid import Axis, Map
from simulator.caches import keep
from simulator.model.result import Result
from simulator.numerics.contours import levels, segments
from simulator.numerics.least_change import log_odds
from simulator.report.amounts import amount, probability
from simulator.report.charts.drawing import (
    BLUE,
    FORMS,
    GREY,
    ORANGE,
    ROW,
    SKY,
    Drawing,
    Form,
    Row,
    axis_title,
    chance_axis,
    form,
    tooltips,
)
from simulator.report.words.solve import axis_value, wanted_percent
from simulator.values.numerals import counted, percent
from simulator.values.units import Unit

# Ink on the map, and its lowest colour: the map looks the same on a light and a dark page.
DARK, PALE = "#17202B", "#EEF5FB"
ABOVE: dict[str, Any] = {  # where the title of an upright axis stands: above it
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "end",
    "titleY": -10,
    "titleX": 0,
}
LABEL_AT = (0.5, 0.2, 0.8)  # of a line, that neighbours' labels keep apart
UNDER = 10  # pixels under the middle of a row, where its marks stand
REACH_TIPS = (
    ("measure:N", "Measure"),
    ("value:N", "At"),
    ("there_told:N", "Probability there"),
    ("now_told:N", "As it stands"),
    ("outcome:N", "What is wanted is"),
)
REACHED = {True: "reached", False: "out of reach: its best"}
UNITLESS = (Unit.WHOLE_NUMBER, Unit.NUMBER)  # an axis states no unit of these
Span = tuple[float, float]


# How far each goes alone


def reach(answers: Answers) -> Drawing:
    """The probability as it stands, and as far as each measure alone takes it."""
    rows = tuple(_reach_row(place, answer) for place, answer in enumerate(answers.of_drivers))
    alt = f"The probability is {probability(answers.present, 1)} as it stands. {_farthest(answers, rows)}"
    return Drawing("reach", "How far each measure goes alone", rows, _reach_form(), alt)


def _farthest(answers: Answers, rows: Sequence[Row]) -> str:
    """Which measures reach what is wanted, or which comes nearest."""
    wanted = wanted_percent(answers.wanted)
    within = [row["measure"] for row in rows if row["outcome"] == REACHED[True]]
    if within:
        return f"{', '.join(within)} can reach {wanted}."
    text = f"None can reach {wanted} alone."
    if not rows:
        return text
    best = max(rows, key=lambda row: row["there"])
    return f"{text} {best['measure']} goes farthest, to {percent(best['there'], 1)} at {best['value']}."


def _reach_row(place: int, answer: Change) -> Row:
    value = amount(answer.present, answer.nearest_value, answer.question.unit)
    return {
        "place": place,
        "measure": answer.name,
        "now": answer.present.probability,
        "there": answer.probability,
        "value": value,
        "outcome": REACHED[answer.feasible],
        "wanted": answer.wanted,
        "label": f"{answer.name}: {percent(answer.probability, 1)} at {value}",
    }


@keep(FORMS)
def _reach_form() -> Form:
    import altair as alt

    base = alt.Chart().encode(y=alt.Y("place:O", axis=None))
    at = {name: _share(name) for name in ("now", "there", "wanted")}
    shown: dict[str, Any] = {"color": _outcome(), "tooltip": tooltips(*REACH_TIPS)}
    tick: dict[str, Any] = {"aria": False, "height": 17, "yOffset": UNDER, "opacity": 1}
    bars = base.mark_bar(aria=False, height=9, yOffset=UNDER, opacity=0.55)
    start = base.mark_tick(**tick, thickness=2, color=GREY)
    wanted = base.mark_tick(**tick, thickness=3, color=ORANGE)
    end = base.mark_circle(aria=False, size=110, yOffset=UNDER, opacity=1)
    names = base.mark_text(align="left", baseline="middle", dy=-8, fontSize=13, limit=330)
    layers = alt.layer(
        bars.encode(x=at["now"], x2="there:Q", **shown),
        start.encode(x=at["now"], tooltip=shown["tooltip"]),
        wanted.encode(x=at["wanted"]),
        end.encode(x=at["there"], **shown),
        names.encode(x=alt.value(0), text="label:N"),
    )
    return form(layers.properties(height=alt.Step(ROW)), "there", "now")


def _share(name: str) -> Any:
    """The place of a probability."""
    import altair as alt

    axis = chance_axis(
        title="probability; grey tick: as it stands, orange: wanted",
        values=[0, 0.25, 0.5, 0.75, 1],
    )
    return alt.X(f"{name}:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)


def _outcome() -> Any:
    import altair as alt

    scale = alt.Scale(domain=list(REACHED.values()), range=[BLUE, GREY])
    return alt.Color("outcome:N", scale=scale, legend=None)


# The probability over two numbers


def surface(chart: Map, wanted: float) -> Drawing:
    """The map: its cells, lines of equal probability with the wanted one, and where the scenario stands."""
    titles = [axis.name + unit_title(chart.present, axis.knob.unit) for axis in (chart.x, chart.y)]
    cells = list(_cells(chart))
    rows = (*cells, *_lines(chart, wanted), _now(chart))
    alt = _surface_alt(chart, cells, wanted)
    return Drawing("map", "The probability over both", rows, _surface_form(*titles), alt)


def _surface_alt(chart: Map, cells: Sequence[Row], wanted: float) -> str:
    known = sorted(
        (cell for cell in cells if cell["probability"] is not None), key=lambda cell: cell["probability"]
    )
    axes = f"{chart.x.name}, across, and {chart.y.name}, up"
    text = f"The probability over {axes}, as a map with lines of equal probability."
    for word, cell in (("lowest", known[0]), ("highest", known[-1])) if known else ():
        text += f" It is {word} with {cell['label']}, at {cell['across']} and {cell['up']}."
    enough = sum(cell["probability"] >= wanted for cell in known)
    where = f"in {enough} of {counted(len(known), 'cell')}" if enough else "nowhere"
    text += f" {wanted_percent(wanted)} is reached {where}."
    return f"{text} As it stands it is {probability(chart.present, 1)}."


def _row(
    part: str, x: Span, y: Span, probability: float | None, label: str, at: tuple[str, str] = ("", "")
) -> Row:
    ends = {"x": x[0], "x2": x[1], "y": y[0], "y2": y[1]}
    return {"part": part, **ends, "probability": probability, "label": label, "across": at[0], "up": at[1]}


def _cells(chart: Map) -> Iterator[Row]:
    """One rectangle about each value that was worked out, up to half way to its neighbours."""
    x, y = (_scaled(axis, axis.values) for axis in (chart.x, chart.y))
    for j, i in itertools.product(range(len(y)), range(len(x))):
        height = chart.probability[j][i]
        at = _words(chart, chart.x.values[i], chart.y.values[j])
        label = "no answer" if height is None else percent(height, 1)
        yield _row("cell", _edges(x, i), _edges(y, j), height, label, at)


def _edges(values: Sequence[float], index: int) -> Span:
    middle = values[index]
    return (values[max(index - 1, 0)] + middle) / 2, (values[min(index + 1, len(values) - 1)] + middle) / 2


def _lines(chart: Map, wanted: float) -> Iterator[Row]:
    """Lines of equal probability, straight in log odds between values.

    One piece of each has its label, in turn at another place.
    """
    x, y = (_scaled(axis, axis.values) for axis in (chart.x, chart.y))
    odds = [[None if height is None else log_odds(height) for height in row] for row in chart.probability]
    for turn, level in enumerate(_levels(chart, wanted)):
        pieces = sorted(segments(x, y, odds, log_odds(level)))
        labelled = int(LABEL_AT[turn % len(LABEL_AT)] * len(pieces))
        part = "wanted" if level == wanted else "line"
        for number, ((x1, y1), (x2, y2)) in enumerate(pieces):
            yield _row(part, (x1, x2), (y1, y2), level, wanted_percent(level) if number == labelled else "")


def _levels(chart: Map, wanted: float) -> list[float]:
    """The heights at which lines are drawn: round ones, and the wanted one where it is on the map."""
    heights = [height for row in chart.probability for height in row if height is not None]
    low, high = min(heights, default=0.0), max(heights, default=0.0)
    return sorted({*levels(low, high), *([wanted] if low < wanted <= high else [])})


def _now(chart: Map) -> Row:
    x, y = (_scaled(axis, [axis.knob.value] * 2) for axis in (chart.x, chart.y))
    likely = chart.present.probability
    at = _words(chart, chart.x.knob.value, chart.y.knob.value)
    return _row("now", (x[0], x[1]), (y[0], y[1]), likely, f"{percent(likely, 1)}, as it stands", at)


def _words(chart: Map, across: float, up: float) -> tuple[str, str]:
    """Two values as people read them."""
    return axis_value(chart, chart.x, across), axis_value(chart, chart.y, up)


def _scaled(axis: Axis, values: Sequence[float]) -> list[float]:
    """Values as an axis shows them: percents as such."""
    return [axis.knob.unit.displayed(value) for value in values]


def unit_title(result: Result, unit: Unit) -> str:
    """The unit of an axis in brackets, where there is one."""
    if unit.of_hundred or unit.log:
        return " (% a year)" if unit is Unit.LOG_POINTS_A_YEAR else " (%)"
    return "" if unit in UNITLESS else f" ({unit.replace(Unit.MONEY, axis_title(result))})"


@keep(FORMS)
def _surface_form(across: str, up: str) -> Form:
    import altair as alt

    scale = alt.Scale(zero=False, nice=False, padding=0)
    below = alt.Axis(title=across, grid=False, tickCount=6, labelOverlap="greedy", titleLimit=460)
    x = alt.X("x:Q", scale=scale, axis=below)
    y = alt.Y("y:Q", scale=scale, axis=alt.Axis(title=up, grid=False, tickCount=6, **ABOVE))
    tips = tooltips(("across:N", across), ("up:N", up), ("label:N", "Probability"))
    ends = {"x": x, "x2": "x2:Q", "y": y, "y2": "y2:Q"}
    layers = alt.layer(*_areas(ends, tips), *_labels(x, y), _dot().encode(x=x, y=y, tooltip=tips))
    return form(layers.properties(height=360))


def _part(name: str) -> Any:
    """The rows of one part of the map."""
    import altair as alt

    return alt.Chart().transform_filter(f"datum.part == '{name}'")


def _areas(ends: Mapping[str, Any], tips: Sequence[Any]) -> Sequence[Any]:
    """The cells, the lines over them, and the wanted line in a white casing."""
    import altair as alt

    shades = alt.Scale(range=[PALE, SKY], zero=False, nice=False)
    fill = alt.Fill("probability:Q", scale=shades, legend=None)
    stroke = alt.Stroke("probability:Q", scale=shades, legend=None)
    thick: dict[str, Any] = {"aria": False, "strokeCap": "round"}
    cells = _part("cell").mark_rect(strokeWidth=1, aria=False)
    lines = _part("line").mark_rule(**thick, color=DARK, strokeWidth=1, opacity=0.75)
    casing = _part("wanted").mark_rule(**thick, color="white", strokeWidth=6)
    wanted = _part("wanted").mark_rule(**thick, color=ORANGE, strokeWidth=3)
    return [
        cells.encode(**ends, fill=fill, stroke=stroke, tooltip=tips),
        *(rule.encode(**ends) for rule in (lines, casing, wanted)),
    ]


def _labels(x: Any, y: Any) -> Sequence[Any]:
    """What the lines are, each with a pale halo."""
    import altair as alt

    labelled = alt.Chart().transform_filter("datum.label && (datum.part == 'line' || datum.part == 'wanted')")
    labelled = labelled.encode(x=x, y=y, text="label:N")
    text: dict[str, Any] = {"aria": False, "baseline": "middle", "fontSize": 12}
    halo = labelled.mark_text(**text, color=PALE, stroke=PALE, strokeWidth=5, strokeJoin="round")
    return [halo, labelled.mark_text(**text, color=DARK)]


def _dot() -> Any:
    """Where the scenario stands."""
    look: dict[str, Any] = {"shape": "circle", "filled": True, "size": 130, "opacity": 1}
    return _part("now").mark_point(aria=False, color=DARK, stroke="white", strokeWidth=2, **look)
