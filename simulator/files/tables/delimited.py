"""Comma-, semicolon-, tab- or bar-separated text -> rows of cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from simulator.errors import Fault, StatisticsError, Unsettled
from simulator.files.tables.grids import Cell
from simulator.values.letters import tidy
from simulator.values.limits import TABLE_CELLS

NAMES = {"tab": "\t", "semicolon": ";", "comma": ",", "bar": "|"}
LOOKED_AT = 400  # rows from which the delimiter is recognised
_STATED = re.compile(r"\s*\"?sep=(.)\"?\s*\Z", re.IGNORECASE)


def rows_of(text: str, name: str, delimiter: str | None = None) -> tuple[list[list[Cell]], str]:
    """The cells of a delimited text, and the name of its delimiter.

    Args:
        text: the text.
        name: its name in messages.
        delimiter: a key of ``NAMES`` as the reader states it; left out, it is recognised.

    Raises:
        StatisticsError: a quotation mark is not closed, or no delimiter parts the text into a table.
        Unsettled: two delimiters do.
    """
    first, _, rest = text.partition("\n")
    stated = _STATED.match(first)
    if stated and delimiter is None:
        delimiter = next((key for key, sign in NAMES.items() if sign == stated[1]), None)
    chosen = delimiter or _recognised(text, name)
    rows = _parsed(f"\n{rest}" if stated else text, NAMES[chosen], name)
    return _cells(rows), chosen


def _cells(rows: list[list[str]]) -> list[list[Cell]]:
    """The cells of fields; what says the same is one cell."""
    cells = {field: Cell(tidy(field)) for row in rows for field in row}
    return [[cells[field] for field in row] for row in rows]


def _parsed(text: str, sign: str, name: str) -> list[list[str]]:
    """The fields of every row.

    Raises:
        StatisticsError: with the row in which a quotation mark is opened and not closed.
    """
    rows: list[list[str]] = []
    fields = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True):
            rows.append(row)
            fields += len(row)
            if fields > TABLE_CELLS.most:
                break
    except csv.Error as error:
        message = f"found {_reason(error)}; expected a quotation mark to be doubled or closed"
        raise StatisticsError([Fault(name, None, f"row {len(rows) + 1}", message)]) from None
    return rows


def _reason(error: csv.Error) -> str:
    if "limit" in str(error):
        return "a field of more than 100,000 letters, where a quotation mark may be open"
    return "a quotation mark that is not closed, or text behind one that is"


def _recognised(text: str, name: str) -> str:
    """The delimiter of a text.

    That of which most rows have as many as others have, and whose fields hold none of the others beside
    digits: ``2017;51,2`` is parted by its semicolon.

    Raises:
        StatisticsError: there is none.
        Unsettled: two do equally well.
    """
    head = "\n".join(text.splitlines()[:LOOKED_AT])
    scores = {key: _score(head, sign, name) for key, sign in NAMES.items()}
    best = max(scores.values())
    if best <= (0, 0):
        _parsed(head, max(NAMES.values(), key=head.count), name)  # what is wrong with it, if anything is
        message = (
            "found no tab, semicolon, comma or bar that parts its lines into columns, expected a table with "
            "two columns or more"
        )
        raise StatisticsError([Fault(name, None, "", message)])
    likely = [key for key, score in scores.items() if score == best]
    if len(likely) > 1:
        fault = Fault(name, None, "", f"found columns that may be parted by {' or by '.join(likely)}")
        raise Unsettled([fault], [f"--delimiter {key}" for key in likely])
    return likely[0]


def _score(text: str, sign: str, name: str) -> tuple[int, int]:
    """How well a sign parts a text: the rows that agree, then their columns; (0, 0) for not at all."""
    try:
        rows = _parsed(text, sign, name) if sign in text else []
    except StatisticsError:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0
    width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
    others = "".join(other for other in NAMES.values() if other not in (sign, ","))
    mixed = sum(bool(set("".join(row)) & set(others)) for row in rows)
    return agreeing - 2 * mixed, width
