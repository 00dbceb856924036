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
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulator.errors import Fault, StatisticsError, Unsettled
from simulator.files.tables.formats import STORED, NumberFormat, stored_digits
from simulator.files.tables.grids import (
    BLANK,
    Cell,
    Grid,
    column_number,
    listed,
    trimmed,
)
from simulator.files.tables.plain_cells import Lightened, Stored, lightened
from simulator.values.letters import tidy
from simulator.values.limits import TABLE_CELLS, WORKBOOK_BYTES, WORKBOOK_CELLS, WORKBOOK_PARTS
from simulator.values.wording import show, unknown

ONE_SHEET = "save the one sheet that is meant as CSV"
_MERGED = re.compile(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
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
    sheets = _sheets(data, name)
    chosen = _sheet(sheets, name, sheet)
    rows = _rows(chosen, name, stored)
    _spread(chosen, rows)
    hidden = _hide(chosen, rows)
    kept = trimmed(rows, f"{name}, sheet '{chosen.title}'")
    remarks = [*hidden, *_passed_over(sheets, chosen)]
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
    return {title: dict(_cells(sheet, stored=False)) for title, sheet in _sheets(data, name).items()}


def _check(data: bytes, name: str, most: int = WORKBOOK_BYTES.most, advice: str = ONE_SHEET) -> None:
    """Refuse what is no workbook, or would fill the memory.

    Raises:
        StatisticsError: in words.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_size(packed.infolist(), name, most, advice)
            _check_parts(packed, name)
    except (StatisticsError, MemoryError):
        raise
    except Exception as error:  # a broken zip raises whatever its decompressors do
        raise _error(name, f"found a file that cannot be unpacked ({_words(error)})") from None


def _check_size(parts: list[zipfile.ZipInfo], name: str, most: int, advice: str) -> None:
    """Refuse what unpacks to too much, or has no workbook in it.

    Raises:
        StatisticsError: in words.
    """
    if message := WORKBOOK_PARTS.exceeded(len(parts)):
        raise _error(name, message)
    size = sum(part.file_size for part in parts)
    if size > most:
        expected = f"expected at most {most / 1e6:.0f} MB; {advice}"
        raise _error(name, f"found {len(parts):,} parts of {size / 1e6:,.0f} MB unpacked, {expected}")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        advice = "unpack it, or save the table as .xlsx or CSV"
        raise _error(name, f"found a zip file that is no Excel workbook; {advice}")


def _check_parts(packed: zipfile.ZipFile, name: str) -> None:
    """Unpack every part of XML once: no entities, no more bytes or cells than stated, none merged.

    Raises:
        StatisticsError: in words.
    """
    parts = (part.filename for part in packed.infolist() if part.filename.endswith((".xml", ".rels")))
    cells = sum(_checked_cells(packed, part, name) for part in parts)
    if message := WORKBOOK_CELLS.exceeded(cells):
        raise _error(name, message)


def _checked_cells(packed: zipfile.ZipFile, part: str, name: str) -> int:
    """How many cells a part holds, once it is unpacked and checked.

    Raises:
        StatisticsError: in words.
    """
    with packed.open(part) as stream:
        head = stream.read(2_000)
        if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
            raise _error(name, f"found a document type in {part}, which no workbook needs")
        rest = head + stream.read()  # reading to the end checks the sum and the stated size
    merged = sum(map(_area, _MERGED.findall(rest))) if b"mergeCell" in rest else 0
    if merged > TABLE_CELLS.most:
        raise _error(name, f"found merged cells that cover {merged:,} places, expected a table")
    return len(_CELL.findall(rest)) if part.startswith("xl/worksheets/") else 0


@dataclass(frozen=True)
class _Sheet:
    """One sheet of a workbook: its cells in which something stands, and where formulas have no result.

    Places are rows and columns from 1: a stray format far below makes no row. ``layout`` is openpyxl's sheet,
    for merged cells and what is hidden, ``width`` the last of its columns.
    """

    layout: Any
    used: dict[tuple[int, int], Stored]
    unsolved: Set[tuple[int, int]]
    width: int

    @property
    def title(self) -> str:
        """Its name."""
        return str(self.layout.title)

    @property
    def hidden(self) -> bool:
        """Whether Excel does not show it."""
        return bool(self.layout.sheet_state != "visible")


def _sheets(data: bytes, name: str) -> dict[str, _Sheet]:
    """The sheets of a workbook by their names.

    Raises:
        StatisticsError: it cannot be read.
    """
    with suppress(Exception):  # a broken workbook raises anything: what openpyxl says of all of it is told
        light = lightened(data)
        if light is not None:
            books = _loaded(light.data, values=True).worksheets
            return {sheet.title: _light(sheet, light) for sheet in books}
    try:
        book = _loaded(data, values=True)
        formulas = _loaded(data, values=False) if _has_formulas(data) else book
    except MemoryError:
        raise
    except Exception as error:
        message = f"found a workbook that cannot be read ({_words(error)}); save it again in Excel, or as CSV"
        raise _error(name, message) from None
    return {sheet.title: _full(sheet, formulas[sheet.title]) for sheet in book.worksheets}


def _loaded(data: bytes, *, values: bool) -> Any:
    """The workbook, its formulas' stored results in place of them if ``values``."""
    import openpyxl  # not before a workbook is met

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values, keep_links=False)


def _light(layout: Any, light: Lightened) -> _Sheet:
    """A sheet of a lightened workbook: its cells are those taken out, but for what merged cells cover."""
    taken = light.taken(layout)
    covered = {place for area in layout.merged_cells.ranges for place in islice(area.cells, 1, None)}
    for place in covered & taken.cells.keys():
        del taken.cells[place]
    links = _used(layout)  # openpyxl writes the address of a link into its cell where nothing else is
    used = links | taken.cells if links else taken.cells
    unsolved = taken.unsolved - used.keys() - covered
    return _Sheet(layout, used, unsolved, max(taken.width, layout.max_column))


def _full(layout: Any, formulas: Any) -> _Sheet:
    """A sheet of a workbook, beside itself with its formulas."""
    used = _used(layout)
    return _Sheet(layout, used, _used(formulas).keys() - used.keys(), layout.max_column)


def _used(sheet: Any) -> dict[tuple[int, int], Stored]:
    """The cells that hold anything, by row and column from 1; those that hold the same share it."""
    used: dict[tuple[int, int], Stored] = {}
    alike: dict[tuple[type, str, str], Stored] = {}
    for place, cell in sheet._cells.items():
        if cell.value is not None:
            holds = Stored(cell.value, str(cell.number_format))
            used[place] = alike.setdefault((type(cell.value), repr(cell.value), holds.number_format), holds)
    return used


def _sheet(sheets: dict[str, _Sheet], name: str, wanted: str | None) -> _Sheet:
    """The sheet that is meant.

    Raises:
        StatisticsError: there is none of that name.
        Unsettled: there are several.
    """
    if wanted is not None:
        return _named(sheets, name, wanted)
    shown = [sheet for sheet in sheets.values() if sheet.used and not sheet.hidden]
    if not shown:
        raise _error(name, "found no sheet that is shown and holds anything; name a hidden one with --sheet")
    if len(shown) > 1:
        fault = Fault(name, None, "", f"found {len(shown)} sheets that hold something, expected one")
        raise Unsettled([fault], [f'--sheet "{sheet.title}"' for sheet in shown])
    return shown[0]


def _named(sheets: dict[str, _Sheet], name: str, wanted: str) -> _Sheet:
    """The sheet of a name, or of a number from 1.

    Raises:
        StatisticsError: there is none.
    """
    if wanted in sheets:
        return sheets[wanted]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(sheets):
        return list(sheets.values())[int(wanted) - 1]
    raise _error(name, unknown(wanted, tuple(sheets), "a sheet (--sheet)"))


def _rows(sheet: _Sheet, name: str, stored: bool) -> list[list[Cell]]:
    """The cells of a sheet as rows of one length.

    Raises:
        StatisticsError: they lie too far apart.
    """
    places = (sheet.used, sheet.unsolved)
    height, width = (max(place[axis] for part in (*places, [(0, 0)]) for place in part) for axis in (0, 1))
    if height * width > TABLE_CELLS.most:
        raise _error(
            name,
            f"found cells in {height:,} rows and {width:,} columns, expected at most "
            f"{TABLE_CELLS.most:,} places; keep the rows and columns of the pair only",
        )
    rows = [[BLANK] * width for _ in range(height)]
    for (row, column), cell in _cells(sheet, stored=stored):
        rows[row - 1][column - 1] = cell
    return rows


def _cells(sheet: _Sheet, *, stored: bool) -> Iterator[tuple[tuple[int, int], Cell]]:
    """What the cells of a sheet show, each with its place; what says the same is one cell."""
    cells: dict[int, Cell] = {}
    forms: dict[str, NumberFormat] = {}
    for place, holds in sheet.used.items():
        cell = cells.get(id(holds))
        if cell is None:
            form = forms.get(holds.number_format)
            if form is None:
                form = forms[holds.number_format] = NumberFormat.parse(holds.number_format)
            cell = cells[id(holds)] = _cell(holds.value, form, stored)
        yield place, cell
    unsolved = Cell(trouble=_NO_RESULT)
    yield from ((place, unsolved) for place in sheet.unsolved)


def _cell(value: Any, form: NumberFormat, stored: bool) -> Cell:
    """What a cell shows of a value under its format."""
    if isinstance(value, bool | dt.time | dt.timedelta):
        return Cell(tidy(str(value)))
    if isinstance(value, dt.datetime | dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return Cell(day.isoformat(), date=day)
    if isinstance(value, int | float):
        return _number(value, form, stored)
    return Cell(tidy(str(value)))


def _number(value: float, form: NumberFormat, stored: bool) -> Cell:
    if value != value or abs(value) == float("inf"):
        return Cell(str(value))
    exact = stored_digits(value)
    if form.as_stored and exact.adjusted() < STORED:
        return Cell(f"{exact:f}", exact, exact)
    printed = form.printed(exact)
    full = exact.scaleb(-3 * form.thousands)
    number = full if stored and not form.percent else printed
    return Cell(f"{number:f}{'%' if form.percent else ''}", number, full, percent=form.percent)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in text or b"<f " in text for text in map(packed.read, names))


def _spread(sheet: _Sheet, rows: list[list[Cell]]) -> None:
    """Let what a merged cell shows stand, marked as copied, in every cell that it covers."""
    for area in sheet.layout.merged_cells.ranges:
        top, left = area.min_row - 1, area.min_col - 1
        if top >= len(rows) or left >= len(rows[top]):
            continue
        source = rows[top][left]
        for row in rows[top : area.max_row]:
            for column in range(left, min(len(row), area.max_col)):
                row[column] = source._replace(copied=True)
        rows[top][left] = source


def _hide(sheet: _Sheet, rows: list[list[Cell]]) -> list[str]:
    """Blank the cells of hidden rows and columns; remarks that say so."""
    hidden = [number - 1 for number, row in sheet.layout.row_dimensions.items() if row.hidden]
    gone = [row for row in hidden if row < len(rows)]
    columns = _hidden_columns(sheet)
    for row in gone:
        rows[row] = [BLANK] * len(rows[row])
    for cells in rows:
        for column in columns & set(range(len(cells))):
            cells[column] = BLANK
    parts = [listed(gone)] * bool(gone) + [listed(columns, "column")] * bool(columns)
    return [f"hidden {part} not read" for part in parts]


def _hidden_columns(sheet: _Sheet) -> set[int]:
    """The columns, counted from 0, that are hidden; a group of them is described once."""
    columns: set[int] = set()
    for dimension in sheet.layout.column_dimensions.values():
        if dimension.hidden and dimension.min is not None and dimension.max is not None:
            columns |= set(range(dimension.min - 1, min(dimension.max, sheet.width)))
    return columns


def _area(reference: tuple[bytes, bytes, bytes, bytes]) -> int:
    """How many places a merged cell covers."""
    left, top, right, bottom = (part.decode() for part in reference)
    return (column_number(right) - column_number(left) + 1) * (int(bottom) - int(top) + 1)


def _passed_over(sheets: dict[str, _Sheet], chosen: _Sheet) -> list[str]:
    """Remarks on hidden sheets that are not read."""
    hidden = [title for title, sheet in sheets.items() if sheet.hidden]
    return [f"hidden sheet {show(title)} not read" for title in hidden if title != chosen.title]


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 80 else text[:77] + "..."


def _error(name: str, message: str) -> StatisticsError:
    return StatisticsError([Fault(name, None, "", message)])
