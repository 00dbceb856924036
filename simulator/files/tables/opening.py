"""A file of statistics -> its cells, by what its bytes are rather than by its name."""

from __future__ import annotations

import re

from simulator.errors import Fault, StatisticsError
from simulator.files.tables.delimited import rows_of
from simulator.files.tables.encodings import decoded
from simulator.files.tables.grids import BLANK, Cell, Grid, trimmed
from simulator.values.limits import TABLE_BYTES

_DIMENSIONS = re.compile(r"(\w+(?:,\w+)*)\\\\?TIME(?:_PERIOD)?", re.IGNORECASE)
_OTHERS = (  # how the bytes of what is no table start, and what to do instead
    (b"%PDF", "a PDF", "copy its table into a spreadsheet and save it as .xlsx or CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "open it in Excel and save it as .xlsx"),
    (b"\x1f\x8b", "a file packed by gzip", "unpack it first"),
    (b"7z\xbc\xaf", "a file packed by 7-Zip", "unpack it first"),
    (b"Rar!", "a file packed by RAR", "unpack it first"),
    (b"PAR1", "a Parquet file", "write it as CSV"),
    (b"{\\rtf", "a text document", "copy its table into a spreadsheet and save it as .xlsx or CSV"),
)
_MARKUP = (
    (b"<!doctype html", "a web page", "open it in Excel and save it as .xlsx"),
    (b"<html", "a web page", "open it in Excel and save it as .xlsx"),
    (b"<table", "a web page", "open it in Excel and save it as .xlsx"),
    (b"<?xml", "an XML file", "download SDMX-CSV, or open it in Excel and save it as .xlsx"),
    (b"{", "JSON", "download CSV"),
    (b"[{", "JSON", "download CSV"),
)


def opened(
    data: bytes,
    name: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    stored: bool = False,
) -> Grid:
    """The cells of a table.

    Args:
        data: the file's bytes.
        name: its name in messages.
        sheet: of a workbook, the sheet that is meant.
        encoding: of a text, in place of the one recognised.
        delimiter: of a text, in place of the one recognised.
        stored: of a workbook, the digits stored in place of those printed.

    Raises:
        StatisticsError: it is no table, or too large.
        Unsettled: it has several sheets, or several delimiters may be meant.
    """
    _check(data, name)
    if data.startswith(b"PK"):
        from simulator.files.tables.workbooks import grid_of

        return grid_of(data, name, sheet, stored)
    if sheet is not None:
        raise _error(name, f"found --sheet {sheet} with a text, which has no sheets; leave it out")
    text, read_as = decoded(data, name, encoding)
    rows, parted_by = rows_of(text, name, delimiter)
    _part_dimensions(rows)
    return Grid(name, trimmed(rows, name), None, {"encoding": read_as, "delimiter": parted_by})


def _part_dimensions(rows: list[list[Cell]]) -> None:
    """Give every dimension of a Eurostat table a column of its own, to the right, so that others keep theirs.

    There the first column holds them all, and its heading their names, the time's behind a backslash.
    """
    heading = _DIMENSIONS.fullmatch(rows[0][0].text) if rows and rows[0] else None
    if heading is None:
        return
    names, width = heading[1].split(","), max(map(len, rows))
    for row in rows:
        texts = names if row is rows[0] else row[0].text.split(",") if row else []
        row += [BLANK] * (width - len(row)) + [Cell(text.strip()) for text in texts]
        row[0] = BLANK


def _check(data: bytes, name: str) -> None:
    """Refuse what is empty, too large, or a file of another kind.

    Raises:
        StatisticsError: in words.
    """
    if not data.strip():
        raise _error(name, "found an empty file, expected a table")
    if len(data) > TABLE_BYTES.most:
        raise _error(
            name,
            f"found more than {TABLE_BYTES.most // 1_000_000} MB, expected a table of one pair of countries; "
            "keep the rows of the pair only",
        )
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for sign, what, advice in (*_OTHERS, *_MARKUP):
        if start.startswith(sign.lower()):
            raise _error(name, f"found {what}, expected CSV, TSV or an Excel workbook (.xlsx): {advice}")


def _error(name: str, message: str) -> StatisticsError:
    return StatisticsError([Fault(name, None, "", message)])
