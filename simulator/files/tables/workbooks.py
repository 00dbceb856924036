"""Excel workbooks (.xlsx) -> one sheet's cells, each as it is printed.

A workbook from outside is a zip of XML: its size unpacked is looked at before it is, and entities are
refused.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from dataclasses import replace
from typing import Any

from simulator.errors import Fault, StatisticsError, Unsettled
from simulator.files.tables.formats import NumberFormat, stored_digits
from simulator.files.tables.grids import (
    BLANK,
    MOST_CELLS,
    Cell,
    Grid,
    column_number,
    listed,
    trimmed,
)
from simulator.values.letters import tidy
from simulator.values.wording import show, unknown

MOST_UNPACKED = 40_000_000  # bytes: half a minute of reading
MOST_PARTS = 2_000
ONE_SHEET = "save the one sheet that is meant as CSV"
_MERGED = re.compile(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_NO_RESULT = (
    "holds a formula without a stored result; open the workbook in Excel, save it, and import it again"
)


def grid_of(data: bytes, name: str, sheet: str | None = None, stored: bool = False) -> Grid:
    """The cells of a workbook's sheet.

    Args:
        data: its bytes.
        name: its name in messages.
        sheet: the sheet's name, or its number from 1; left out, the only one that is shown.
        stored: whether a number's digits are those stored in place of those that its cell shows.

    Raises:
        StatisticsError: it is no workbook, unpacks to too much, or has no such sheet.
        Unsettled: several sheets may be meant.
    """
    _check(data, name)
    book = _opened(data, name, values=True)
    chosen = _sheet(book, name, sheet)
    formulas = _opened(data, name, values=False)[chosen.title] if _has_formulas(data) else None
    rows = _rows(chosen, formulas, name, stored)
    _spread(chosen, rows)
    hidden = _hide(chosen, rows)
    kept = trimmed(rows, f"{name}, sheet '{chosen.title}'")
    remarks = [*hidden, *_passed_over(book, chosen)]
    return Grid(name, kept, chosen.title, {"sheet": chosen.title}, tuple(remarks))


def cells_of(data: bytes, name: str, most: int, advice: str) -> dict[str, dict[tuple[int, int], Cell]]:
    """The cells of every sheet in which something stands, by row and column from 1; hidden ones as well.

    Args:
        data: the workbook's bytes.
        name: its name in messages.
        most: how many bytes it may unpack to.
        advice: what to do where it is more.

    Raises:
        StatisticsError: it is no workbook, unpacks to too much, or cannot be read.
    """
    _check(data, name, most, advice)
    book = _opened(data, name, values=True)
    formulas = _opened(data, name, values=False) if _has_formulas(data) else None
    sheets: dict[str, dict[tuple[int, int], Cell]] = {}
    for sheet in book.worksheets:
        used = _used(sheet)
        cells = {place: _cell(cell, stored=False) for place, cell in used.items()}
        if formulas is not None:
            unsolved = _used(formulas[sheet.title]).keys() - used.keys()
            cells |= dict.fromkeys(unsolved, Cell(trouble=_NO_RESULT))
        sheets[sheet.title] = cells
    return sheets


def _check(data: bytes, name: str, most: int = MOST_UNPACKED, advice: str = ONE_SHEET) -> None:
    """Refuse what is no workbook, or would fill the memory.

    Raises:
        StatisticsError: in words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_size(packed.infolist(), name, most, advice)
            _check_parts(packed, name)
    except StatisticsError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _error(name, f"found a file that cannot be unpacked ({_words(error)})") from None


def _check_size(parts: list[zipfile.ZipInfo], name: str, most: int, advice: str) -> None:
    """Refuse what unpacks to too much, or has no workbook in it.

    Raises:
        StatisticsError: in words.
    """
    size = sum(part.file_size for part in parts)
    if size > most or len(parts) > MOST_PARTS:
        message = (
            f"found {len(parts):,} parts of {size / 1e6:,.0f} MB unpacked, expected at most "
            f"{most / 1e6:.0f} MB; {advice}"
        )
        raise _error(name, message)
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        advice = "unpack it, or save the table as .xlsx or CSV"
        raise _error(name, f"found a zip file that is no Excel workbook; {advice}")


def _check_parts(packed: zipfile.ZipFile, name: str) -> None:
    """Unpack every part of XML once: no entities, no more bytes than it says, no sheet merged into one cell.

    Raises:
        StatisticsError: in words.
    """
    for part in packed.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with packed.open(part) as stream:
            head = stream.read(2_000)
            if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
                raise _error(name, f"found a document type in {part.filename}, which no workbook needs")
            rest = head + stream.read()  # reading to the end checks the sum and the stated size
            merged = sum(map(_area, _MERGED.findall(rest))) if b"mergeCell" in rest else 0
            if merged > MOST_CELLS:
                raise _error(name, f"found merged cells that cover {merged:,} places, expected a table")


def _opened(data: bytes, name: str, *, values: bool) -> Any:
    """The workbook, its formulas' stored results in place of them if ``values``.

    Raises:
        StatisticsError: it cannot be read.
    """
    import openpyxl  # not before a workbook is met

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # a broken workbook raises anything
        message = f"found a workbook that cannot be read ({_words(error)}); save it again in Excel, or as CSV"
        raise _error(name, message) from None


def _sheet(book: Any, name: str, wanted: str | None) -> Any:
    """The sheet that is meant.

    Raises:
        StatisticsError: there is none of that name.
        Unsettled: there are several.
    """
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if wanted is not None:
        return _named(sheets, name, wanted)
    shown = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible" and _used(sheet)]
    if not shown:
        raise _error(name, "found no sheet that is shown and holds anything; name a hidden one with --sheet")
    if len(shown) > 1:
        fault = Fault(name, None, "", f"found {len(shown)} sheets that hold something, expected one")
        raise Unsettled([fault], [f'--sheet "{sheet.title}"' for sheet in shown])
    return shown[0]


def _named(sheets: dict[str, Any], name: str, wanted: str) -> Any:
    """The sheet of a name, or of a number from 1.

    Raises:
        StatisticsError: there is none.
    """
    if wanted in sheets:
        return sheets[wanted]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(sheets):
        return list(sheets.values())[int(wanted) - 1]
    raise _error(name, unknown(wanted, tuple(sheets), "a sheet (--sheet)"))


def _used(sheet: Any) -> dict[tuple[int, int], Any]:
    """The cells that hold anything, by row and column from 1: a stray format far below makes no row."""
    return {place: cell for place, cell in sheet._cells.items() if cell.value is not None}


def _rows(sheet: Any, formulas: Any, name: str, stored: bool) -> list[list[Cell]]:
    """The cells of a sheet as rows of one length.

    Raises:
        StatisticsError: they lie too far apart.
    """
    used = _used(sheet)
    wanted = used if formulas is None else used | _used(formulas)
    height, width = (max((place[axis] for place in wanted), default=0) for axis in (0, 1))
    if height * width > MOST_CELLS:
        raise _error(
            name,
            f"found cells in {height:,} rows and {width:,} columns, expected at most "
            f"{MOST_CELLS:,} places; keep the rows and columns of the pair only",
        )
    rows = [[BLANK] * width for _ in range(height)]
    for row, column in wanted:
        cell = used.get((row, column))
        rows[row - 1][column - 1] = Cell(trouble=_NO_RESULT) if cell is None else _cell(cell, stored)
    return rows


def _cell(cell: Any, stored: bool) -> Cell:
    """What one cell shows."""
    value = cell.value
    if isinstance(value, bool | dt.time | dt.timedelta):
        return Cell(tidy(str(value)))
    if isinstance(value, dt.datetime | dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return Cell(day.isoformat(), date=day)
    if isinstance(value, int | float):
        return _number(value, NumberFormat.parse(str(cell.number_format)), stored)
    return Cell(tidy(str(value)))


def _number(value: float, form: NumberFormat, stored: bool) -> Cell:
    if value != value or abs(value) == float("inf"):
        return Cell(str(value))
    exact = stored_digits(value)
    printed = form.printed(exact)
    full = exact.scaleb(-3 * form.thousands)
    number = full if stored and not form.percent else printed
    return Cell(f"{number:f}{'%' if form.percent else ''}", number, full, percent=form.percent)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in text or b"<f " in text for text in map(packed.read, names))


def _spread(sheet: Any, rows: list[list[Cell]]) -> None:
    """Let what a merged cell shows stand, marked as copied, in every cell that it covers."""
    for area in sheet.merged_cells.ranges:
        top, left = area.min_row - 1, area.min_col - 1
        if top >= len(rows) or left >= len(rows[top]):
            continue
        source = rows[top][left]
        for row in rows[top : area.max_row]:
            for column in range(left, min(len(row), area.max_col)):
                row[column] = replace(source, copied=True)
        rows[top][left] = source


def _hide(sheet: Any, rows: list[list[Cell]]) -> list[str]:
    """Blank the cells of hidden rows and columns; remarks that say so."""
    hidden = [number - 1 for number, row in sheet.row_dimensions.items() if row.hidden]
    gone = [row for row in hidden if row < len(rows)]
    columns = _hidden_columns(sheet)
    for row in gone:
        rows[row] = [BLANK] * len(rows[row])
    for cells in rows:
        for column in columns & set(range(len(cells))):
            cells[column] = BLANK
    parts = [listed(gone)] * bool(gone) + [listed(columns, "column")] * bool(columns)
    return [f"hidden {part} not read" for part in parts]


def _hidden_columns(sheet: Any) -> set[int]:
    """The columns, counted from 0, that are hidden; a group of them is described once."""
    columns: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min is not None and dimension.max is not None:
            columns |= set(range(dimension.min - 1, min(dimension.max, sheet.max_column)))
    return columns


def _area(reference: tuple[bytes, bytes, bytes, bytes]) -> int:
    """How many places a merged cell covers."""
    left, top, right, bottom = (part.decode() for part in reference)
    return (column_number(right) - column_number(left) + 1) * (int(bottom) - int(top) + 1)


def _passed_over(book: Any, chosen: Any) -> list[str]:
    """Remarks on hidden sheets that are not read."""
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    return [f"hidden sheet {show(title)} not read" for title in hidden if title != chosen.title]


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:77] + "..."


def _error(name: str, message: str) -> StatisticsError:
    return StatisticsError([Fault(name, None, "", message)])
