"""The chart of trade by partner: what it was, what it may come to, what part of the growth each brings.

A name and its numbers stand above the marks of a partner, so that a telephone shows them whole. Several
partners together that are larger than any one have numbers alone: drawn, they would leave the others no room.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from simulator.caches import keep
from simulator.model.result import Result
from simulator.report.charts.drawing import (
    AXIS,
    BELOW,
    BLUE,
    EDGE,
    FORMS,
    GREY,
    ROW,
    ChartKind,
    Drawing,
    Form,
    Row,
    axis_title,
    between,
    form,
    listed,
    names_above,
)
from simulator.report.partners import ByPartner
from simulator.report.words import partners as words

ABOUT = (
    "Trade by partner, the largest first: a grey bar for what was, a dot and a shade for the median and the "
    "80 % band of the target's period, and the part of the growth that each brings on average"
)
LETTER = 7  # pixels
PARTS = 46  # pixels for the parts in percent
BEYOND = "beyond the scale"


def by_partners(result: Result, trade: ByPartner | None) -> Drawing | None:
    """Trade by partner in the leading target's period; None where figures tell fewer than two apart."""
    if trade is None or len(trade.rows) < 2:
        return None
    scale = max((row.bands["p90"] for row in trade.rows if not row.many), default=inf)
    rows = tuple(_row(result, trade, place, scale) for place in range(len(trade.rows)))
    title = f"{words.title(result, trade)}, {trade.quantity.period}"
    parts = PARTS if any(row["part_words"] for row in rows) else 0
    letters = max(len(row["moved"]) for row in rows)
    drawn = _form(len(rows), axis_title(result), words.key(trade), words.places(trade), letters, parts)
    return Drawing("partners", title, rows, drawn, _alt(result, trade, rows), ABOUT, ChartKind.PARTNERS)


def _alt(result: Result, trade: ByPartner, rows: Sequence[Row]) -> str:
    first = "; ".join(f"{row['partner']} {row['moved']} {row['part_words']}".rstrip() for row in rows[:3])
    summary = words.summary(result, trade) or ""
    title = words.title(result, trade)
    return f"{title} in {trade.quantity.period}, {len(rows)} rows, the largest first. {summary} {first}."


def _row(result: Result, trade: ByPartner, place: int, scale: float) -> Row:
    """A partner's row; several together that go beyond a scale are not drawn."""
    row = trade.rows[place]
    return {
        "place": place,
        "partner": row.name,
        "base_period": None if trade.base is None else str(trade.base),
        "base": row.base,
        "period": str(trade.quantity.period),
        "low80": row.bands["p10"],
        "median": row.bands["p50"],
        "high80": row.bands["p90"],
        "mean_added": row.added,
        "part": trade.part(row),
        "moved": words.moved(result, trade, row),
        "part_words": words.part_words(trade, row),
        "drawn": not row.many or row.bands["p90"] <= scale,
    }


@keep(FORMS)
def _form(rows: int, unit: str, key: tuple[str, ...], digits: int, letters: int, parts: int) -> Form:
    """Bars, bands and dots under names and numbers.

    Args:
        rows: how many.
        unit: of the axis.
        key: how to read it, in lines.
        digits: decimals of its amounts.
        letters: of the longest amounts above the marks.
        parts: pixels for the parts in percent; 0 where none is told.
    """
    import altair as alt

    axis = alt.Axis(
        format=AXIS,
        title=[unit, *key],
        tickCount=4,
        grid=False,
        orient="top",
        domain=False,
        titleAnchor="start",
        titleAlign="left",
        titleX=0,
        titleFontWeight="normal",
    )
    scale = alt.Scale(zero=True, nice=False, range=between(0, 8))

    def across(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    tips = [alt.Tooltip("partner:N", title="Partner")]
    fields = {"base": "Before", "median": "Median", "low80": "80 % band, low", "high80": "80 % band, high"}
    tips += [alt.Tooltip(f"{field}:Q", title=title, format=f",.{digits}f") for field, title in fields.items()]
    tips += [
        alt.Tooltip("mean_added:Q", title="Adds on average", format=f"+,.{digits}f"),
        alt.Tooltip("part:Q", title="Part of the growth", format=".0%"),
    ]
    base = listed()
    shown, beyond = (base.transform_filter(test) for test in ("datum.drawn", "!datum.drawn"))
    before = shown.mark_bar(height=13, yOffset=BELOW, color=GREY, opacity=0.35)
    band = shown.mark_bar(height=7, yOffset=BELOW, color=BLUE, opacity=0.5, cornerRadius=3)
    middle = shown.mark_circle(size=80, yOffset=BELOW, color=BLUE, opacity=1)
    instead = beyond.mark_text(align="left", baseline="middle", dy=BELOW, fontSize=12, fontStyle="italic")
    layers = alt.layer(
        before.encode(x=across("base"), tooltip=tips),
        band.encode(x=across("low80"), x2="high80:Q", tooltip=tips),
        middle.encode(x=across("median"), tooltip=tips),
        instead.encode(x=alt.value(0), text=alt.value(BEYOND)),
        _note("moved", parts),
        *([_note("part_words", 0)] if parts else []),
        names_above("partner", LETTER * letters + parts + 8),
    )
    return form(layers.properties(height=ROW * rows + (2 + len(key)) * EDGE))


def _note(field: str, left: int) -> Any:
    """A number above the marks of a row, so many pixels left of the end."""
    import altair as alt

    text = listed().mark_text(align="right", baseline="middle", dy=-BELOW, fontSize=12)
    return text.encode(x=alt.value(alt.ExprRef(f"width - {left}")), text=f"{field}:N")
