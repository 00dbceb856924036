"""Published figures of a scenario as rows of a workbook: one row an observation, or a sum of a series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.files.workbook.form import PATH, Column, Entry, Kind, Row
from simulator.scenario import Observation, Scenario, Series
from simulator.scenario.ledger import legible
from simulator.values.address import Address

OBSERVATIONS, ALTERNATIVES = "observations", "alternatives"
SET = "Set"
COLUMNS = (
    Column(SET, 20, "Blank for the figures that count, else the name of another reading of the data."),
    Column("Measure", 24, "turnover, exports, imports, balance, or the id of a stream."),
    Column("Period", 22, "2018, 2018-Q3, 2018-09, 2018-01..2018-09."),
    Column("Value", 14, "The sum, with the digits that were published: they say how exact it is."),
    Column("Least", 14, "In place of a value, the least that it can be."),
    Column("Most", 14, "In place of a value, the most that it can be."),
    Column("Growth", 11, "On the same period a year earlier, in percent."),
    Column("Error", 11, "Standard error, in the unit or in percent; blank is half the last digit."),
    Column("Published", 13, "The day on which it became known, such as 2018-10-31."),
    Column("Source", 60, "Where it was published."),
    Column(PATH, 30, "By this a row is known again: leave it as it is, and blank in a new row."),
)
GUIDE = (
    "Change a figure in its cell. Clear or delete a row to take a figure out; write a new one into a blank "
    "row below the last, its path left blank.",
)
# column -> field of an observation, what may stand there, and of a figure whether it is money or percent
FIELDS = {
    "Measure": ("measure", Kind.TEXT, ""),
    "Period": ("period", Kind.PERIOD, ""),
    "Value": ("value", Kind.FIGURE, "money"),
    "Growth": ("growth", Kind.FIGURE, "percent"),
    "Error": ("error", Kind.FIGURE, "either"),
    "Published": ("published", Kind.DATE, ""),
    "Source": ("source", Kind.TEXT, ""),
}
ENDS = {"Least": 0, "Most": 1}
BETWEEN = "between"


def figure_rows(scenario: Scenario, stated: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each figure of a scenario, those of other readings of the data behind.

    Args:
        scenario: whose.
        stated: what its file holds, plainly.
    """
    yield from _rows(scenario, stated, Address.of(OBSERVATIONS), scenario.observations, "")
    for name, items in scenario.alternatives.items():
        yield from _rows(scenario, stated, Address.of(ALTERNATIVES, name), items, name)


def _rows(
    scenario: Scenario,
    stated: Mapping[str, Any],
    place: Address,
    items: Sequence[Observation | Series],
    name: str,
) -> Iterator[Row]:
    listed = place.get(stated)
    for number, item in enumerate(items):
        raw = listed[number] if isinstance(listed, list) else listed
        if isinstance(item, Series):
            yield from _of_series(scenario, raw, place / number, item, name)
        else:
            yield observation_row(raw, place / number, name)


def observation_row(raw: Mapping[str, Any], address: Address, name: str) -> Row:
    """The row of one observation as a file has it; of none, the row in which one is filled in."""
    entries = {
        column: Entry(kind, address / field, raw.get(field), printed=printed)
        for column, (field, kind, printed) in FIELDS.items()
    }
    ends = raw.get(BETWEEN) or (None, None)
    entries |= {
        column: Entry(Kind.FIGURE, address.join((BETWEEN, end)), ends[end]) for column, end in ENDS.items()
    }
    ordered = {column.head: entries[column.head] for column in COLUMNS if column.head in entries}
    return Row(str(address) if raw else "", {SET: name}, ordered)


def _of_series(
    scenario: Scenario, raw: Mapping[str, Any], address: Address, series: Series, name: str
) -> Iterator[Row]:
    """A row for each sum of a series, whose amount alone may be changed."""
    words = {
        SET: name,
        "Measure": legible(raw.get("measure")),
        "Error": legible(raw.get("error")) if "error" in raw else "",
        "Published": legible(raw.get("published")) if "published" in raw else "",
        "Source": series.source or "",
    }
    for number, period in series.periods(scenario.years):
        place = address.join(("values", number))
        entry = Entry(Kind.FIGURE, place, raw["values"][number])
        yield Row(str(place), words | {"Period": str(period)}, {"Value": entry})
