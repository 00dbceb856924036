"""The chance by amount: how likely the target's total is at least, or at most, each amount."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.amounts import asked, probability, subject, value
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    FORMS,
    ORANGE,
    TARGET,
    Drawing,
    Form,
    chance_axis,
    form,
    quantity_title,
    tooltips,
)
from simulator.values.numerals import decimals, percent

CHANCES = (0.975, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0.025)
TABLED = (0.9, 0.8, 0.5, 0.2, 0.1)  # chances of which the amount is told
ABOUT = (
    "How likely each amount is, as a curve that falls from certain to impossible; the dashed line is the "
    "target, and the dot its probability"
)


def exceedance(result: Result) -> Drawing:
    """How likely the leading target's quantity reaches each amount; the curve goes through the target."""
    target, alone = result.target_probabilities[0]
    quantity = target.quantity
    points = [*zip(amounts(result, CHANCES), CHANCES, strict=True), (quantity.factor * target.amount, alone)]
    rows = [{"amount": amount, "chance": chance, "label": None} for amount, chance in sorted(points)]
    rows.append({"amount": points[-1][0], "chance": alone, "label": f"{target.noun} {asked(result, target)}"})
    listed = "; ".join(f"{percent(chance)} likely: {amount}" for chance, amount in likely(result))
    alt = f"The chance that {subject(result, target)} is {target.bound} each amount. {listed}."
    form_ = _form(axis(result), decimals(amount for amount, _ in points), target.bound)
    title = f"How likely each amount is: {probability(result)} for {asked(result, target)}"
    return Drawing("chance-by-amount", title, tuple(rows), form_, alt, ABOUT)


def axis(result: Result) -> str:
    """What the amounts are, with their unit."""
    return f"{subject(result, result.leading)}, {quantity_title(result, result.leading.quantity)}"


def amounts(result: Result, chances: Sequence[float]) -> np.ndarray:
    """The amounts that the leading target's quantity reaches with some chances, as they stand on an axis.

    Returns:
        shape (chances,).
    """
    target = result.leading
    levels = 1 - np.asarray(chances) if target.floor else np.asarray(chances)
    ratios = result.flows.quantity(target.quantity).quantile(levels)
    return np.asarray(target.quantity.factor * target.quantity.from_ratio(ratios))


def likely(result: Result) -> list[tuple[float, str]]:
    """What is reached with a high, an even and a low chance: (chance, amount in words)."""
    quantity = result.leading.quantity
    reached = amounts(result, TABLED)
    digits = decimals(reached)
    words = [value(result, quantity, amount / quantity.factor, digits=digits) for amount in reached]
    return list(zip(TABLED, words, strict=True))


@keep(FORMS)
def _form(title: str, digits: int, bound: str) -> Form:
    import altair as alt

    tips = tooltips(
        ("amount:Q", bound.capitalize(), f",.{digits}f"),
        ("chance_told:N", "Chance"),
    )
    place = alt.X(
        "amount:Q",
        title=title,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(format=AXIS, tickCount=6),
    )
    height = alt.Y(
        "chance:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=chance_axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False),
    )
    base = alt.Chart().encode(x=place, y=height)
    curve = base.transform_filter("!isValid(datum.label)")
    line = curve.mark_area(
        aria=False, line={"color": BLUE, "strokeWidth": 2.5}, color=BLUE, opacity=0.18, interpolate="monotone"
    )
    marks = curve.mark_circle(aria=False, color=BLUE, size=30).encode(tooltip=tips)
    here = base.transform_filter("isValid(datum.label)")
    rule = here.mark_rule(aria=False, color=ORANGE, strokeDash=[8, 4], strokeWidth=1.8).encode(
        y=alt.value(0), y2=alt.value("height")
    )
    dot = here.mark_circle(color=ORANGE, size=130, opacity=1).encode(tooltip=tips)
    label = here.transform_calculate(words="datum.chance_told + ' for ' + datum.label")
    text = label.mark_text(
        aria=False, style=TARGET, fontWeight="bold", align="left", dx=9, dy=-9, fontSize=13
    )
    layers = alt.layer(line, marks, rule, dot, text.encode(text="words:N"))
    return form(layers.properties(height=320), "chance")
