"""A reliability diagram: how often what was given a chance came true, by chance, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.caches import keep
from simulator.numerics.scores import Point
from simulator.report.charts.drawing import BLUE, FORMS, GREY, Drawing, Form, Row, chance_axis, form
from simulator.values.numerals import counted, share, span

HEIGHT = 320
FINEST = 6  # decimals: what rounding leaves of an end at 0 or 1 is none


def reliability(points: Sequence[Point], title: str, noun: str, came: str) -> Drawing:
    """The dots of a reliability diagram, with 95 % intervals and the diagonal.

    Args:
        points: of the forecasts in bins.
        title: of the chart.
        noun: what was forecast, in the singular, such as ``target``.
        came: what came of those that count, such as ``reached``.
    """
    rows: list[Row] = [_row("diagonal", end, end) for end in (0.0, 1.0)]
    rows += [
        _row("group", point.chance, point.share, point.low, point.high, _words(point, noun, came))
        for point in points
    ]
    return Drawing(
        "reliability",
        title,
        tuple(rows),
        _reliability_form(came),
        f"{_about(noun, came)} {_groups(points, noun, came)}",
        _about(noun, came),
    )


def _row(
    part: str, chance: float, happened: float, low: float = 0.0, high: float = 0.0, label: str = ""
) -> Row:
    return {"part": part, "chance": chance, "share": happened, "low": low, "high": high, "label": label}


def _words(point: Point, noun: str, came: str) -> str:
    return f"{point.hits} of {counted(point.n, noun)} {came}"


def _about(noun: str, came: str) -> str:
    """How to read it."""
    return (
        f"How often {noun}s were {came}, by the chance given: a dot for each group of chances, a line "
        "for the 95 % interval around it, and the diagonal on which honest chances lie."
    )


def _groups(points: Sequence[Point], noun: str, came: str) -> str:
    """The same in numbers, for those who do not see it."""
    groups = (
        f"given {share(point.chance)} on average, {_words(point, noun, came)} "
        f"(95 % interval {span(round(point.low, FINEST), round(point.high, FINEST), decided=True)})"
        for point in points
    )
    return f"In groups: {'; '.join(groups)}."


@keep(FORMS)
def _reliability_form(came: str) -> Form:
    import altair as alt

    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("chance:Q", scale=scale, axis=chance_axis(title="Chance given", grid=False, tickCount=6))
    y = alt.Y("share:Q", scale=scale, axis=chance_axis(title=f"Share {came}", tickCount=6, domain=False))
    tips: list[Any] = [
        alt.Tooltip("label:N", title="Came"),
        alt.Tooltip("chance_told:N", title="Chance given"),
    ]
    groups = alt.Chart().transform_filter("datum.part == 'group'")
    layers = alt.layer(
        alt.Chart()
        .transform_filter("datum.part == 'diagonal'")
        .mark_line(aria=False, color=GREY, strokeDash=[5, 4])
        .encode(x=x, y=y),
        groups.mark_rule(aria=False, color=BLUE, strokeWidth=2.5, opacity=0.55).encode(
            x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"
        ),
        groups.mark_point(aria=False, filled=True, size=110, opacity=1, color=BLUE).encode(
            x=x, y=y, tooltip=tips
        ),
        groups.mark_text(aria=False, align="left", dx=9, dy=-9, fontSize=12).encode(x=x, y=y, text="label:N"),
    )
    return form(layers.properties(height=HEIGHT), "chance")
