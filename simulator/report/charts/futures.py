"""The chart of what may come of the target: a hundred equally likely futures as dots."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import asked, subject, value
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    FORMS,
    GREY,
    ORANGE,
    ChartKind,
    Drawing,
    Form,
    Row,
    form,
    quantity_title,
    tooltips,
)
from simulator.scenario import Target
from simulator.scenario.targets import Quantity
from simulator.values.numerals import decimals

FUTURES = 100
COLUMNS = 34  # that the futures are stacked in
OUTCOMES = {True: "reaches the target", False: "misses it"}
DOTS = (
    "A hundred equally likely futures of the target's total as stacked dots, those that reach it in blue, "
    "on one side of the dashed target"
)


def futures(result: Result) -> Drawing:
    """The leading target's total as a hundred equally likely futures, stacked.

    A quantile dot plot (Kay and others 2016).
    """
    target, alone = result.target_probabilities[0]
    count = int(f"{FUTURES * alone:.0f}")  # as a percentage is rounded
    quantity = target.quantity
    edge = quantity.factor * target.amount
    totals, met = _equally_likely(_drawn(result, quantity), target, edge, count)
    logs = min(float(totals[0]), edge) > 0
    ends, factor = totals[[0, FUTURES // 2, -1]].tolist(), quantity.factor
    digits = decimals(ends)
    low, middle, high = (value(result, quantity, total / factor, digits=digits) for total in ends)
    reach = "reach the target" if target.floor else "stay within the ceiling"
    alt = (
        f"A hundred equally likely futures of {subject(result, target)}: {count} {reach} of "
        f"{asked(result, target)}. "
        f"They run from {low} to {high}, half of them below {middle}."
    )
    title = f"{count} of a hundred equally likely futures {reach}"
    axis = f"{quantity.name} in {target.period}, {quantity_title(result, quantity)}"
    rows = tuple(_stacked(totals, met, target.floor, edge, logs))
    return Drawing("futures", title, rows, _futures_form(axis, logs, digits), alt, DOTS, ChartKind.FUTURES)


def _drawn(result: Result, quantity: Quantity) -> np.ndarray:
    """What a target is about in each draw, as it stands on an axis, shape (points,)."""
    if quantity.base is None:
        return result.drawn(quantity.measure, quantity.period)
    values = result.flows.quantity(quantity).values
    return quantity.factor * quantity.from_ratio(values[np.isfinite(values)])


def _equally_likely(
    values: np.ndarray, target: Target, edge: float, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """A hundred totals, ascending, of which so many meet the target; and which do: both of shape (100,)."""
    met = values >= edge if target.floor else values <= edge
    beyond = math.nextafter(edge, -math.inf if target.floor else math.inf)
    meeting = _spread(values[met], count, edge)
    missing = _spread(values[~met], FUTURES - count, beyond)
    below, above = (missing, meeting) if target.floor else (meeting, missing)
    flags = np.repeat([not target.floor, target.floor], [len(below), len(above)])
    return np.concatenate([below, above]), flags


def _spread(values: np.ndarray, count: int, instead: float) -> np.ndarray:
    """So many equally likely values of those that were drawn on one side of the target, ascending.

    Where none was drawn there, ``instead``. Shape (count,).
    """
    levels = (np.arange(count) + 0.5) / max(count, 1)
    return np.quantile(values, levels) if values.size else np.full(count, instead)


def _stacked(totals: np.ndarray, met: np.ndarray, floor: bool, target: float, logs: bool) -> Iterator[Row]:
    """A row each future: its total, and where its dot stands in columns that begin at the target.

    None of the columns holds futures from both sides of it.
    """
    places = np.log(totals) if logs else totals
    edge = math.log(target) if logs else target
    width = max((max(float(places[-1]), edge) - min(float(places[0]), edge)) / COLUMNS, 1e-9)
    columns = np.floor((places - edge) / width).astype(int)
    columns = np.where(met == floor, np.maximum(columns, 0), np.minimum(columns, -1))
    heights: dict[int, int] = {}
    for total, column, hit in zip(totals, columns.tolist(), met, strict=True):
        heights[column] = heights.get(column, 0) + 1
        centre = edge + (column + 0.5) * width
        yield {
            "total": float(total),
            "place": math.exp(centre) if logs else centre,
            "height": heights[column],
            "outcome": OUTCOMES[bool(hit)],
            "target": target,
        }


@keep(FORMS)
def _futures_form(axis: str, logs: bool, digits: int) -> Form:
    import altair as alt

    colour = alt.Color(
        "outcome:N",
        scale=alt.Scale(domain=list(OUTCOMES.values()), range=[BLUE, GREY]),
        legend=alt.Legend(title=None, orient="top"),
    )
    scale = alt.Scale(type="log", padding=10, nice=False) if logs else alt.Scale(zero=False, padding=10)
    place = alt.X(
        "place:Q",
        title=axis,
        scale=scale,
        axis=alt.Axis(format=AXIS, grid=False, tickCount=6, labelOverlap="greedy"),
    )
    stacked = alt.Y("height:Q", axis=None, scale=alt.Scale(zero=True))
    tips = tooltips(
        ("total:Q", "Total", f",.{digits}f"),
        ("outcome:N", "It"),
    )
    dots = alt.Chart().mark_circle(size=78, opacity=1).encode(x=place, y=stacked, color=colour, tooltip=tips)
    rule = (
        alt.Chart()
        .mark_rule(color=ORANGE, strokeDash=[8, 4], strokeWidth=1.8)
        .encode(x=alt.X("max(target):Q", title=axis, scale=scale))
    )
    return form(alt.layer(rule, dots).properties(height=240))
