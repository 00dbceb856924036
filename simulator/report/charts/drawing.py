"""What every chart is made of: rows, a Vega-Lite form, words for those who do not see it; and its picture.

A form is written in Altair once for each set of labels and kept; a moved slider sends rows only. Colours are
told apart by people who cannot tell red from green, and have a contrast of 3 : 1 on white and on black.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Literal

from simulator._version import __version__
from simulator.caches import MEGABYTE
from simulator.model.result import Result, fingerprint
from simulator.report.amounts import SYMBOLS, alternatives_span, probability, wish
from simulator.report.tables import to_csv
from simulator.scenario.targets import Quantity
from simulator.values.wording import inert

BLUE, ORANGE, GREY, SKY = "#2E7BC4", "#D55E00", "#7D838C", "#5AA9DE"
TARGET, MIDDLE, HALO = "target-words", "median-words", "halo"  # styles of labels: their colours are a theme's


def inks(ink: str, paper: str, target: str, middle: str) -> dict[str, Any]:
    """The colours of words in a chart, as a part of Vega's configuration.

    Args:
        ink: of words.
        paper: on which they stand.
        target: of words on the target, 4.5 : 1 on the paper at least.
        middle: of words on the median, likewise.
    """
    around = {"color": paper, "stroke": paper, "strokeWidth": 4, "strokeJoin": "round"}
    styles = {TARGET: {"color": target}, MIDDLE: {"color": middle}, HALO: around}
    return {"text": {"color": ink}, "style": styles}


LIGHT = {"ink": "#17202B", "paper": "#FFFFFF", "target": "#B34700", "middle": "#1F66AD"}
DARK = {"ink": "#E8EDF3", "paper": "#0F1620", "target": "#FF9A4D", "middle": "#6DB3EE"}
PAPER = {
    "view": {"stroke": None},
    "axis": {"gridColor": "#e6e6e6", "labelFontSize": 12, "titleFontSize": 12},
    **inks(**LIGHT),
}
AXIS = ",f"  # of an axis of amounts: Vega then takes as many decimals as tell its ticks apart
PERCENT = "format(100 * datum.value, '.6~f') + ' %'"  # likewise, of probabilities, as numerals.percent writes
# a probability as numerals.percent writes it, to a tenth and never as certain, as an expression of Vega
CHANCE = (
    "!isValid({0}) ? '' : {0} > 0.000095 && {0} < 0.999905 "
    "? format(100 * {0}, min({0}, 1 - {0}) < 0.00095 ? '.2f' : '.1f') + ' %' "
    ": {0} < 0.5 ? 'less than 0.01 %' : 'more than 99.99 %'"
)
ELSEWHERE = ("$schema", "data", "datasets", "config")  # parts of a specification that a form leaves out
ROW = 44  # pixels of a row that has its name above it
EDGE = 24  # pixels of an axis, and as many for its title: a page counts them in
BELOW = 9  # pixels of a row's middle: where its marks stand, under its name
FORMS = MEGABYTE  # bytes of the forms of one chart that are kept: one for each set of names
LONGEST = 120  # letters of a text in a picture: that is as wide as the picture, and many more take minutes
Row = Mapping[str, Any]
Form = Mapping[str, Any]
Tip = tuple[str, str] | tuple[str, str, str]  # a field with its sort, its title, how its number is written


class ChartKind(StrEnum):
    """What a chart is, and which columns its rows have, for what draws them by other means than its form."""

    BANDS = auto()  # quantiles over time
    FUTURES = auto()  # equally likely totals as stacked dots
    WATERFALL = auto()  # from one probability to another by steps
    ALTERNATIVES = auto()  # one probability among others
    PARTNERS = auto()  # trade with each partner, before and ahead
    OTHER = auto()  # drawn by its form alone


@dataclass(frozen=True)
class Drawing:
    """A chart: its rows, its Vega-Lite form without data, and what it shows, for those who do not see it.

    ``about`` says what kind of chart it is and stays the same while its rows change: a page that changed the
    description of a chart would draw it anew, at three times the cost. ``kind`` says the same to a program.
    """

    name: str
    title: str
    rows: tuple[Row, ...]
    form: Form
    alt: str
    about: str = ""
    kind: ChartKind = ChartKind.OTHER

    def csv(self) -> str:
        """The rows, for a spreadsheet."""
        return to_csv(self.rows, tuple(dict.fromkeys(_fields(self.form))))

    def spec(self, stamp: Sequence[str] = ()) -> dict[str, Any]:
        """The whole Vega-Lite specification, for a picture: data, title and the inputs stamped under it."""
        title = {
            "text": self.title,
            "subtitle": list(stamp),
            "anchor": "start",
            "subtitleColor": "#555",
            "subtitlePadding": 6,
            "offset": 14,
        }
        return {
            **self.form,
            "data": {"values": printable(self.rows, LONGEST)},
            "title": printable(title, LONGEST),
            "width": 720,
            "background": "white",
            "padding": 16,
            "config": PAPER,
        }

    def chart(self) -> Any:
        """The chart as one of Altair."""
        import altair as alt

        return alt.Chart.from_dict(self.spec())

    def picture(self, kind: Literal["png", "svg"], stamp: Sequence[str] = ()) -> bytes:
        """The chart as PNG or SVG."""
        import vl_convert

        spec = self.spec(stamp)
        return (
            vl_convert.vegalite_to_svg(spec).encode()
            if kind == "svg"
            else vl_convert.vegalite_to_png(spec, scale=2)
        )


def _fields(form: Any) -> Iterator[str]:
    """The names of the columns that a form draws: of a chart without rows, all that is known."""
    if isinstance(form, Mapping):
        if isinstance(form.get("field"), str):
            yield form["field"]
        form = list(form.values())
    for part in form if isinstance(form, list | tuple) else ():
        yield from _fields(part)


def printable(value: Any, longest: int | None = None) -> Any:
    """A value whose texts hold only what is read, and no more letters than ``longest``.

    One forbidden character would end the process that draws it.
    """
    if isinstance(value, str):
        text = inert(value, "")
        return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
    if isinstance(value, Mapping):
        return {key: printable(part, longest) for key, part in value.items()}
    return [printable(part, longest) for part in value] if isinstance(value, list | tuple) else value


def distinct(names: Sequence[str]) -> list[str]:
    """Names as an axis takes them, where equal ones would share a place: a repeated one gets its number."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered


def stamp(result: Result) -> tuple[str, ...]:
    """What a picture says of its inputs, so that it can be made again."""
    scenario = result.scenario
    answer = f"probability {probability(result)} ({alternatives_span(result)})"
    return (
        f"{scenario.title}, as of {scenario.as_of}",
        f"{answer} that {wish(result)}",
        f"{result.points} points, seed {result.seed}, version {__version__}, "
        f"scenario {fingerprint(scenario)[:12]}",
    )


def axis_title(result: Result) -> str:
    """Currency and unit, for an axis."""
    scenario = result.scenario
    title: str = printable(f"{SYMBOLS.get(scenario.currency, scenario.currency)} {scenario.unit}", LONGEST)
    return title


def quantity_title(result: Result, quantity: Quantity) -> str:
    """The unit of what a target is about, for an axis: currency and unit, or percent."""
    return axis_title(result) if quantity.unit.money else "percent"


def effect_title(result: Result) -> str:
    """The unit of what a lever adds to the first target's quantity."""
    money = result.scenario.goals[0].quantity.unit.money
    return axis_title(result) if money else "percentage points"


def form(chart: Any, *chances: str, hundredths: Sequence[str] = ()) -> Form:
    """A chart's Vega-Lite form, without data and schema address; as wide as its place.

    Of each of the ``chances``, fields that hold a probability, and of ``hundredths``, which hold one in
    percent, tips can show the words, as the field's name with ``_told``.
    """
    import altair as alt

    values = {name: f"datum.{name}" for name in chances}
    values |= {name: f"(datum.{name} / 100)" for name in hundredths}
    if values:
        words = {f"{name}_told": CHANCE.format(value) for name, value in values.items()}
        chart = chart.transform_calculate(**words)
    placed = chart.properties(width="container", data=alt.InlineData(values=[]))
    with alt.data_transformers.enable("default"):
        spec = json.loads(placed.to_json(validate=False))
    return {key: value for key, value in spec.items() if key not in ELSEWHERE}


def chance_axis(**look: Any) -> Any:
    """An axis of probabilities."""
    import altair as alt

    return alt.Axis(labelExpr=PERCENT, **look)


def tooltips(*tips: Tip) -> list[Any]:
    """What a tip says of a mark, line by line."""
    import altair as alt

    return [
        alt.Tooltip(field, title=title, format=pattern[0] if pattern else alt.Undefined)
        for field, title, *pattern in tips
    ]


# Rows with their names above them


def listed() -> Any:
    """A chart of rows one below the other, by ``place``, whose names stand above their marks."""
    import altair as alt

    return alt.Chart().encode(y=alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)))


def names_above(field: str, right: int = 0) -> Any:
    """The name of each row of ``listed``, from a field, above its marks and as wide as the chart.

    ``right`` leaves pixels free beside it.
    """
    import altair as alt

    room = alt.ExprRef(f"width - {right}" if right else "width")
    text = listed().mark_text(
        align="left", baseline="middle", dy=-BELOW, fontSize=12, fontWeight="bold", limit=room
    )
    return text.encode(x=alt.value(0), text=f"{field}:N")


def between(left: int, right: int) -> Sequence[Any]:
    """The range of a scale that leaves pixels free on both sides, for labels."""
    import altair as alt

    return [left, alt.ExprRef(f"width - {right}")]


# Labels beside one another


def spread(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Places as near to those wanted as labels allow that must be some way apart, in the same order.

    Each group of labels that touch stands around the mean of what it wants (pool adjacent violators).

    Args:
        places: where each would stand by itself.
        least: that two must be apart.
        low: below which none stands, unless there is no room.
        high: above which none stands, unless there is no room.
    """
    groups: list[list[float]] = []
    for place in sorted(places):
        groups.append([place])
        while len(groups) > 1 and _touch(groups[-2], groups[-1], least, low, high):
            groups[-2:] = [groups[-2] + groups[-1]]
    settled = [_start(group, least, low, high) + least * n for group in groups for n in range(len(group))]
    order = sorted(range(len(places)), key=lambda k: places[k])
    return [settled[order.index(k)] for k in range(len(places))]


def _touch(group: Sequence[float], after: Sequence[float], least: float, low: float, high: float) -> bool:
    """Whether a group of labels reaches into the next one."""
    end = _start(group, least, low, high) + least * len(group)
    return end > _start(after, least, low, high) + 1e-9 * least


def _start(group: Sequence[float], least: float, low: float, high: float) -> float:
    """Where a group of labels begins, its mean where it is wanted."""
    middle = sum(group) / len(group) - least * (len(group) - 1) / 2
    return max(low, min(middle, high - least * (len(group) - 1)))
