"""Charts of how forecasts fared: a reliability diagram, and where outcomes fell among their forecasts."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.caches import keep
from simulator.numerics.scores import Histogram, Point
from simulator.report.charts.drawing import BLUE, GREY, Drawing, Form, chance_axis, form
from simulator.report.words import backtest as words


def reliability(points: Sequence[Point]) -> Drawing:
    """Chances that were told against how often they came true, with 95 % intervals; the line is perfect."""
    rows = [
        {
            "chance": point.chance,
            "share": point.share,
            "low": point.low,
            "high": point.high,
            "n": point.n,
            "perfect": point.chance,
        }
        for point in points
    ]
    ends = [{"perfect": end} for end in (0.0, 1.0)]
    return Drawing(
        "reliability",
        "How often what was given a chance came true",
        (*rows, *ends),
        _reliability_form(),
        words.reliability(points),
        "Chances that were told across, how often they came true upwards; on the line the two are the same",
    )


@keep(4)
def _reliability_form() -> Form:
    import altair as alt

    unit = alt.Scale(domain=[0, 1], nice=False)
    across = alt.X("chance:Q", scale=unit, axis=chance_axis(title="Chance that was told", grid=False))
    up = alt.Y("share:Q", scale=unit, axis=chance_axis(title="Came true", tickCount=5, domain=False))
    tips = [
        alt.Tooltip("chance_told:N", title="Chance, on average"),
        alt.Tooltip("share_told:N", title="Came true"),
        alt.Tooltip("low_told:N", title="Interval from"),
        alt.Tooltip("high_told:N", title="to"),
        alt.Tooltip("n:Q", title="Forecasts"),
    ]
    real = "isValid(datum.share)"
    line = alt.Chart().mark_line(strokeDash=[4, 4], color=GREY, aria=False)
    bars = alt.Chart().transform_filter(real).mark_rule(color=BLUE, strokeWidth=2, aria=False)
    dots = alt.Chart().transform_filter(real).mark_point(filled=True, color=BLUE, size=90, opacity=1)
    layers = alt.layer(
        line.encode(x=alt.X("perfect:Q", scale=unit), y=alt.Y("perfect:Q", scale=unit)),
        bars.encode(x=across, y=alt.Y("low:Q", scale=unit), y2="high:Q"),
        dots.encode(x=across, y=up, tooltip=tips),
    )
    return form(layers.properties(height=360), "chance", "share", "low", "high")


def ranks(histogram: Histogram) -> Drawing:
    """How many outcomes fell into each part of their forecasts, beside how many are expected."""
    parts = len(histogram.counts)
    rows = tuple(
        {"part": f"{100 * k // parts}-{100 * (k + 1) // parts} %", "count": count, "expected": expected}
        for k, (count, expected) in enumerate(zip(histogram.counts, histogram.expected, strict=True))
    )
    counts = ", ".join(str(count) for count in histogram.counts)
    alt_text = (
        f"Outcomes by part of their forecast, from the lowest: {counts}; "
        f"{histogram.expected[0]:.1f} are expected."
    )
    return Drawing("ranks", "Where outcomes fell in their forecasts", rows, _ranks_form(), alt_text)


@keep(4)
def _ranks_form() -> Form:
    import altair as alt

    across = alt.X("part:N", sort=None, axis=alt.Axis(title="Part of the forecast", labelAngle=0))
    up = alt.Y("count:Q", axis=alt.Axis(title="Outcomes", tickCount=5, domain=False))
    tips = [
        alt.Tooltip("part:N", title="Part"),
        alt.Tooltip("count:Q", title="Outcomes"),
        alt.Tooltip("expected:Q", title="Expected", format=".1f"),
    ]
    bars = alt.Chart().mark_bar(color=BLUE).encode(x=across, y=up, tooltip=tips)
    ticks = alt.Chart().mark_tick(color=GREY, thickness=3, aria=False).encode(x=across, y="expected:Q")
    return form(alt.layer(bars, ticks.properties()).properties(height=240))
