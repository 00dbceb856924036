"""The chart of where outcomes fell among their forecasts."""

from __future__ import annotations

from simulator.caches import keep
from simulator.numerics.scores import Histogram
from simulator.report.charts.drawing import BLUE, FORMS, GREY, Drawing, Form, form


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


@keep(FORMS)
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
