"""Inputs that once ended in another exception than ours: each small, with what was wrong. None of them may again."""

from __future__ import annotations

from typing import Any

from tests.fuzz.inputs import tables

HEAD = "title: A\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2019, at_least: 5}\n"
FIGURE = "observations: {measure: turnover, period: 2017, value: 5}\n"


def _cut_part() -> bytes:
    """A workbook of which a packed part has lost some bytes."""
    data = dict(tables())["months.xlsx"]
    start = data.find(b"xl/worksheets/sheet1.xml") + 60
    return data[:start] + b"\xff\xff\xff\xff" + data[start + 4 :]


# (kind, input, what was wrong)
FOUND: list[tuple[str, Any, str]] = [
    (
        "file",
        f"{HEAD}observations: {{measure: exports, from: 1900, values: []}}\n",
        "min() of no figures, then an IndexError",
    ),
    (
        "file",
        f"{HEAD}{FIGURE}alternatives: {{oil: {{measure: turnover, from: 1900, values: []}}}}\n",
        "a TypeError: max() of a number, for a reading without a figure",
    ),
    (
        "file",
        f"{HEAD}notes: {chr(0x2028) * 5}b\n{FIGURE}x: 1\n",
        "faults below a line break that no editor counts named other lines",
    ),
    ("file", f"{HEAD}notes: {chr(0x85) * 5}b\n{FIGURE}x: {{\n", "the same of a syntax error"),
    (
        "table",
        (b"Year,Exports\n2016,5\n2017,6\n", "t.csv", {"unit": 40236, "measure": "exports"}),
        "AttributeError: an option that is no text",
    ),
    ("table", (_cut_part(), "t.xlsx", {}), "zlib.error: a part of the zip that does not unpack"),
    ("upload", (_cut_part(), "t.xlsx"), "zlib.error: the same, as a scenario's sheet"),
]
