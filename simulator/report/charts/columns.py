"""Where words stand in and beside the columns of a chart over time, none over another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simulator.model.result import Result
from simulator.report.amounts import value
from simulator.report.charts.drawing import Row, spread
from simulator.scenario.targets import Quantity

HEIGHT = 320  # pixels
APART = 17  # pixels between two labels at the end, from middle to middle
NAMED = {"80": ("low80", "low50"), "50": ("low50", "median")}  # between which ends a band's share stands
ROOM = 13  # pixels that it takes
FOOT = 20  # pixels from the end of a column to the middle of two lines
Reach = tuple[float, float]  # about the ends of the axis


def foot(row: Row, reach: Reach) -> Row:
    """Where the words of a hatched column stand: at its foot, or beyond its tip where it is short."""
    part, room = row["part"], FOOT / HEIGHT * (reach[1] - reach[0])
    if part is None:
        return {"foot": None}
    return {"foot": part / 6 if abs(part) > 3 * room else part + math.copysign(room, part)}


def named_bands(rows: Sequence[Row], reach: Reach) -> list[Row]:
    """Where the share of each band stands in each row: below the median, in one column."""
    places: list[Row] = [dict.fromkeys(f"named{name}" for name in NAMED) for _ in rows]
    for name, ends in NAMED.items():
        number = next((number for number, row in enumerate(rows) if _has_room(row, ends, reach)), None)
        if number is not None:
            places[number] = {**places[number], f"named{name}": sum(rows[number][end] for end in ends) / 2}
    return places


def _has_room(row: Row, ends: tuple[str, str], reach: Reach) -> bool:
    """Whether nothing else stands in a column, and a band of it is high enough for words."""
    free = all(row[name] is None for name in ("published", "part", "target"))
    return free and row[ends[1]] - row[ends[0]] >= ROOM / HEIGHT * (reach[1] - reach[0])


def labels(
    result: Result, quantity: Quantity, rows: Sequence[Row], digits: int, reach: Reach
) -> dict[str, Any]:
    """What stands beside the last column: text and height of each label, none over another."""
    last = rows[-1]
    if last["published"] is not None:
        return {}

    def text(amount: float) -> str:
        return value(result, quantity, amount / quantity.factor, digits=digits)

    wanted = {
        "median": (last["median"], f"median {text(last['median'])}"),
        "high": (last["high80"], f"80 % band: to {text(last['high80'])}"),
        "low": (last["low80"], f"from {text(last['low80'])}"),
    }
    if last["target"] is not None:
        wanted["target"] = (last["target"], last["label"])
    if last["without"] is not None and text(last["without"]) != text(last["median"]):
        wanted["without"] = (last["without"], f"without measures {text(last['without'])}")
    places = spread([at for at, _ in wanted.values()], APART / HEIGHT * (reach[1] - reach[0]), *reach)
    return {
        key: entry
        for (name, (_, label)), place in zip(wanted.items(), places, strict=True)
        for key, entry in ((f"{name}_label", label), (f"{name}_at", place))
    }


def ends_of(rows: Sequence[Row], *, share: bool) -> tuple[float, float]:
    """About the ends of the axis: of shares not from nothing."""
    fields = ("low80", "high80", "published", "target", "original_low80", "original_high80")
    amounts = [row[field] for row in rows for field in fields if row[field] is not None]
    if not share:
        amounts.append(0.0)
    return min(amounts), max(amounts)
