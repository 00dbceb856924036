"""Charts of what matters: the tornado, whose uncertainty the spread is, what is worth knowing first.

Names stand above their bars rather than beside them: they are long, and a telephone is narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.analysis.information import Information
from simulator.analysis.sensitivity import GroupShares, Sensitivity
from simulator.analysis.tornado import Bar
from simulator.caches import keep
from simulator.model.result import Result
from simulator.numerics.sobol_indices import Share
from simulator.report.amounts import probability
from simulator.report.charts.drawing import (
    AXIS,
    BLUE,
    FORMS,
    GREY,
    ORANGE,
    Drawing,
    Form,
    Tip,
    chance_axis,
    form,
    listed,
    tooltips,
)
from simulator.report.words.sensitivity import HOW_KNOWN, RESTS_ON, end_words, rests_on
from simulator.values.basis import Basis
from simulator.values.numerals import counted, percent

MOST_BARS = 12
MOST_UNKNOWNS = 8
SMALL = 0.01  # a share below it is written as such
HIT = "hit or miss"
ROW = 56  # pixels of a bar with its name above it
THICK = 11  # pixels of a bar
UNDER = 14  # pixels of a bar below the middle of its row: over it stand its name and a note
MOST_ROOM = "width * 0.24"  # for a label beside a bar
TOP: dict[str, Any] = {
    "orient": "top",
    "domain": False,
    "titleAnchor": "start",
    "titleAlign": "left",
    "titleX": 0,
}
TORNADO_TIPS: Sequence[Tip] = (
    ("unknown:N", "Unknown"),
    ("meaning:N", "Which is"),
    ("rests_on:N", "Rests on"),
    ("low_value:N", "Low"),
    ("low_probability_told:N", "Probability there"),
    ("high_value:N", "High"),
    ("high_probability_told:N", "Probability at high"),
)
SHARES_TIPS: Sequence[Tip] = (
    ("unknowns:N", "Unknowns"),
    ("spread_of:N", "Spread of"),
    ("alone:Q", "Alone", ".1%"),
    ("alone_error:Q", "Standard error", ".1%"),
    ("with_interplay:Q", "With interplay", ".1%"),
    ("with_interplay_error:Q", "Its standard error", ".1%"),
)
INFORMATION_TIPS: Sequence[Tip] = (
    ("unknown:N", "Unknown"),
    ("how:N", "Which"),
    ("reduction_points:Q", "Less likely by, points", ".1f"),
    ("left_told:N", "Wrong verdict then"),
)


# One unknown at a time


def tornado(analysis: Sensitivity, most: int | None = MOST_BARS) -> Drawing:
    """The widest bars of the tornado, those that move the probability; ``None`` for all there are."""
    return bars_drawn(analysis.result, analysis.tornado, most)


def bars_drawn(result: Result, bars: Sequence[Bar], most: int | None = MOST_BARS) -> Drawing:
    """The same of bars alone, without the rest of an analysis."""
    shown = bars if most is None else moving(bars)[:most]
    rows = [_bar(place, bar, result) for place, bar in enumerate(shown)]
    title, alt = "One unknown at a time", _tornado_alt(result, len(bars), shown, rows)
    return Drawing("tornado", title, tuple(rows), _tornado_form(*_room(rows)), alt)


def _tornado_alt(result: Result, several: int, shown: Sequence[Bar], rows: Sequence[dict[str, Any]]) -> str:
    first = "; ".join(f"{row['unknown']} from {_end(row, 'low')} to {_end(row, 'high')}" for row in rows[:3])
    return (
        f"The probability with one unknown at a time at its low and its high value, {len(shown)} of "
        f"{counted(several, 'unknown')}, the widest first, beside "
        f"{probability(result, 1)} as it stands. {first}. "
        f"Resting on our assumption: {sum(bar.judgement for bar in shown)} of those shown."
    )


def widest(analysis: Sensitivity) -> tuple[Bar, ...]:
    """The bars of an analysis that move the probability by as much as is worth telling."""
    return moving(analysis.tornado)


def moving(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Those of some bars that move the probability by as much as is worth telling."""
    return tuple(bar for bar in bars if bar.moves)


def _bar(place: int, bar: Bar, result: Result) -> dict[str, Any]:
    low, high = end_words(result, bar)
    return {
        "place": place,
        "unknown": bar.name,
        "meaning": bar.meaning,
        "rests_on": rests_on(bar),
        "low_value": low,
        "high_value": high,
        "low_probability": bar.low.probability,
        "high_probability": bar.high.probability,
        "as_it_stands": result.probability,
        "swing": bar.swing,
        "path": bar.path,
    }


def _room(rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """Letters left and right of the widest bars, for the values at their ends."""
    left, right = 0, 0
    for row in rows[:3]:
        ends = sorted((row[f"{side}_probability"], len(row[f"{side}_value"])) for side in ("low", "high"))
        left, right = max(left, ends[0][1]), max(right, ends[1][1])
    return left, right


def _end(row: dict[str, Any], side: str) -> str:
    return f"{percent(row[f'{side}_probability'], 1)} at {row[f'{side}_value']}"


@keep(FORMS)
def _tornado_form(left: int, right: int) -> Form:
    """Bars between the ends, ticks at them, a thin line at the answer as it stands.

    Args:
        left: letters of the longest value left of a bar.
        right: likewise.
    """
    import altair as alt

    kinds = [RESTS_ON[basis] for basis in (Basis.JUDGEMENT, Basis.STUDY, None)]
    colours = dict(zip(kinds, (ORANGE, BLUE, GREY), strict=True))
    colour = _coloured("rests_on", "rests on", colours, "datum.label || 'neither'")
    axis = chance_axis(title="probability; the thin line is the answer as it stands", tickCount=5, **TOP)
    room = (f"min({7 * letters}, {MOST_ROOM}) + 12" for letters in (left, right))
    scale = alt.Scale(zero=False, nice=False, range=_between(*room))

    def across(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    look = {"color": colour, "tooltip": tooltips(*TORNADO_TIPS)}
    base, ordered = listed(), _ordered()
    span = ordered.mark_bar(height=THICK, yOffset=UNDER, opacity=0.55, cursor="default")
    now = base.mark_tick(thickness=1.5, height=19, yOffset=UNDER, color=GREY, opacity=1)
    end = base.mark_tick(thickness=4, height=THICK, yOffset=UNDER, opacity=1)
    layers = alt.layer(
        span.encode(x=across("left"), x2="right:Q", **look),
        now.encode(x=across("as_it_stands")),
        *(end.encode(x=across(f"{side}_probability"), **look) for side in ("low", "high")),
        _value(ordered, "right", -7).encode(x=across("left"), text="left_value:N"),
        _value(ordered, "left", 7).encode(x=across("right"), text="right_value:N"),
        _names("unknown"),
        _note("datum.rests_on ? datum.rests_on + ' \u00b7 ' + datum.meaning : datum.meaning"),
    )
    return form(layers.properties(height=alt.Step(ROW)), "low_probability", "high_probability")


def _ordered() -> Any:
    """Bars from left to right, whichever end is higher, with the values at their ends."""
    rising = "datum.low_probability <= datum.high_probability"
    return listed().transform_calculate(
        left="min(datum.low_probability, datum.high_probability, datum.as_it_stands)",
        right="max(datum.low_probability, datum.high_probability, datum.as_it_stands)",
        left_value=f"{rising} ? datum.low_value : datum.high_value",
        right_value=f"{rising} ? datum.high_value : datum.low_value",
    )


def _value(ordered: Any, align: str, shift: int) -> Any:
    """The text beside an end of a bar."""
    import altair as alt

    limit = alt.ExprRef(MOST_ROOM)
    return ordered.mark_text(align=align, dx=shift, dy=UNDER, baseline="middle", limit=limit, fontSize=12)


# Whose uncertainty it is


def shares(analysis: Sensitivity) -> Drawing:
    """What each group of unknowns contributes to the spread of the target's total and of hit or miss.

    Alone, and with its interplay with the others.
    """
    total = f"the total{', in logs' if analysis.in_logs else ''}"
    rows = [
        _share(place, part.group.name, spread, share)
        for place, part in enumerate(analysis.shares)
        for spread, share in ((total, part.amount), (HIT, part.hit))
        if share is not None
    ]
    first = "; ".join(f"{part.group.name} makes {_largest(part)}" for part in analysis.shares[:3])
    alt = (
        f"Shares of the spread of {total}, and of {HIT}, by group of unknowns; alone, and with the interplay "
        f"with the others. Of {total}, with interplay: {first}."
    )
    return Drawing("shares", "Whose uncertainty it is", tuple(rows), _shares_form(total), alt)


def _share(place: int, group: str, spread: str, share: Share) -> dict[str, Any]:
    return {
        "place": place,
        "unknowns": group,
        "spread_of": spread,
        "alone": share.first_order.value,
        "with_interplay": share.total.value,
        "alone_error": share.first_order.standard_error,
        "with_interplay_error": share.total.standard_error,
        "label": _label(share),
    }


def _label(share: Share) -> str:
    alone = share.first_order.value
    with_interplay = max(share.total.value, alone)  # their errors may put them the other way round
    if with_interplay < SMALL:
        return "under 1 %"
    return f"{'under 1' if alone < SMALL else f'{100 * alone:.0f}'} | {100 * with_interplay:.0f} %"


def _largest(shares: GroupShares) -> str:
    share = shares.amount or shares.hit
    return "nothing" if share is None else f"{100 * share.total.value:.0f} %"


@keep(FORMS)
def _shares_form(total: str) -> Form:
    import altair as alt

    title = "share of the spread; solid: alone, faint: with the interplay"
    axis = chance_axis(title=title, tickCount=4, grid=False, **TOP)
    scale = alt.Scale(zero=True, nice=False, range=_between("0", "104"))
    faint, solid = (alt.X(f"{name}:Q", scale=scale, axis=axis) for name in ("faint", "solid"))
    colour = _coloured("spread_of", "spread of", {total: BLUE, HIT: ORANGE})
    look = {"color": colour, "tooltip": tooltips(*SHARES_TIPS)}
    layers: list[Any] = []
    for spread, below in ((total, 0), (HIT, 15)):
        shown = (
            listed()
            .transform_filter(alt.datum.spread_of == spread)
            .transform_calculate(
                solid="max(datum.alone, 0)", faint="max(datum.with_interplay, datum.alone, 0)"
            )
        )
        label = shown.mark_text(align="left", dx=6, dy=below, baseline="middle", fontSize=12)
        layers += [
            shown.mark_bar(height=THICK, yOffset=below, opacity=0.5).encode(x=faint, **look),
            shown.mark_bar(height=THICK, yOffset=below, opacity=1).encode(x=solid, **look),
            label.encode(x=faint, text="label:N"),
        ]
    return form(alt.layer(*layers, _names("unknowns")).properties(height=alt.Step(ROW)))


# What is worth knowing


def information(analysis: Sensitivity) -> Drawing:
    """How much less likely a wrong verdict would be with one unknown known, of those that stand out."""
    shown = [known for known in analysis.information if known.clear][:MOST_UNKNOWNS]
    rows = [_known(place, known, analysis.wrong) for place, known in enumerate(shown)]
    labels = "; ".join(f"{row['unknown']} {row['label']}" for row in rows)
    now = percent(analysis.wrong, 1, decided=analysis.result.decided)
    alt = (
        f"How much less likely a wrong verdict, now {now}, would be on average if an unknown were known "
        f"beforehand: {labels}."
    )
    return Drawing(
        "information", "What each is worth, known beforehand", tuple(rows), _information_form(), alt
    )


def _known(place: int, known: Information, wrong: float) -> dict[str, Any]:
    left = wrong - known.reduction
    return {
        "place": place,
        "unknown": known.unknown.name,
        "how": HOW_KNOWN[known.unknown.sort],
        "reduction_points": 100 * known.reduction,
        "standard_error_points": 100 * known.standard_error,
        "left": left,
        "label": f"{100 * known.reduction:.1f} points, to {percent(left, 1)}",
        "path": known.unknown.path,
    }


@keep(FORMS)
def _information_form() -> Form:
    import altair as alt

    title = "percentage points off a wrong verdict"
    axis = alt.Axis(format=AXIS, title=title, tickCount=4, grid=False, **TOP)
    scale = alt.Scale(zero=True, nice=False, range=_between("0", "146"))
    place = alt.X("reduction_points:Q", scale=scale, axis=axis)
    base = listed()
    bars = base.mark_bar(height=THICK, yOffset=UNDER, color=BLUE)
    labels = base.mark_text(align="left", dx=7, dy=UNDER, baseline="middle", fontSize=12)
    layers = alt.layer(
        bars.encode(x=place, tooltip=tooltips(*INFORMATION_TIPS)),
        labels.encode(x=place, text="label:N"),
        _names("unknown"),
        _note("datum.how"),
    )
    return form(layers.properties(height=alt.Step(ROW)), "left")


# Lists of bars under their names


def _coloured(field: str, title: str, colours: Mapping[str, str], label: str | None = None) -> Any:
    """The colour of each kind of bar, with a key above; ``label`` is how the key writes a kind."""
    import altair as alt

    key = alt.Legend(
        title=title,
        titleOrient="left",
        orient="top",
        labelExpr=label or alt.Undefined,
        symbolType="square",
        symbolOpacity=1,
    )
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=key)


def _between(left: str, right: str) -> Sequence[Any]:
    """A range that leaves pixels free on both sides, for labels."""
    import altair as alt

    return [alt.ExprRef(left), alt.ExprRef(f"width - ({right})")]


def _names(field: str) -> Any:
    import altair as alt

    once = listed().transform_aggregate(groupby=["place", field])
    text = once.mark_text(
        align="left", baseline="middle", dy=-19, fontSize=13, fontWeight="bold", limit=alt.ExprRef("width")
    )
    return text.encode(x=alt.value(0), text=f"{field}:N")


def _note(words: str) -> Any:
    import altair as alt

    text = (
        listed()
        .transform_calculate(note=words)
        .mark_text(align="left", baseline="middle", dy=-3, fontSize=12, limit=alt.ExprRef("width"))
    )
    return text.encode(x=alt.value(0), text="note:N")
