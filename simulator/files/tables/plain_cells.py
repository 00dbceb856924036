"""The cells of a workbook's sheets off their XML, where it is as programs write it; openpyxl reads all else.

Of a sheet of many cells nearly all time goes into making an element of each. Here the rows are read as bytes
and taken out of the workbook. What is no plain number is given to openpyxl once for all cells that say the
same, far below the table: an example, off which its value is read. A sheet that is written in any other way
is left to openpyxl as it is.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from simulator.files.tables.grids import column_number

EXAMPLES = 2_500_000  # the row of the first example: no table of Excel's has so many
_MAIN = re.escape(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main")
_ROOT = re.compile(
    rb"\s*(?:<\?xml\b(?:(?!encoding)[^<>])*(?:encoding=[\"'](?i:utf-8)[\"'][^<>]*)?>\s*)?"
    rb"<worksheet\b[^<>]*\sxmlns=\"" + _MAIN + rb"\"[^<>]*>"
)
_PLAIN_ROW = re.compile(
    rb"(?:\s+(?:r=\"\d+\"|spans=\"[\d: ]*\"|\w+:dyDescent=\"[\d.]*\"|"
    rb"ht=\"\d+(?:\.\d+)?\"|customHeight=\"[01]\"))+"
)
_QUOTED = re.compile(rb"\"[^\"]*\"")
_NUMBERED = re.compile(rb"\sr=\"\d+\"")
_ROW = re.compile(rb"\s*((?:<row\b[^<>]*/>\s*)*)<row\b([^<>]*)>\s*")
_EMPTY_ROW = re.compile(rb"<row\b([^<>]*)/>\s*")
_CELL = re.compile(
    rb"(<c r=\"([A-Z]{1,3})([1-9]\d{0,6})\"([^<>/]*)"
    rb"(?:/>|>(<f(?:\s[^<>]*)?(?:/>|(?<!/)>[^<]*</f>))?"
    rb"(?:<v>([^<]*)</v>|((?:<(?!/?(?:c|f|row)\b|[!?])[^<>]*>|[^<>]++)*+))</c>)\s*)"
)
_ATTRIBUTE = re.compile(rb"\s+([\w:]+)=\"([^\"<&]*)\"")
_FRACTION = re.compile(rb"[.eE]")
_NUMBER = re.compile(rb"-?[0-9]{1,30}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")


class Stored(NamedTuple):
    """What is stored in a cell: its value as openpyxl gives it, and the format under which it is shown."""

    value: Any
    number_format: str


_Content: TypeAlias = tuple[bytes, bytes, bytes]  # a cell's attributes, its value, its other elements


@dataclass(frozen=True)
class _Look:
    """What the attributes of a cell say: the style, by its number, and whether a plain value is a number."""

    style: bytes
    number: bool

    @property
    def example(self) -> bytes:
        """The element, but for its place, of a number in this style."""
        return b' s="%b"><v>1</v></c>' % self.style


class _OtherwiseError(Exception):
    """A sheet is written in another way than programs do."""


@dataclass
class _Part:
    """The cells that were taken out of a sheet's part.

    ``cells`` hold by row and column from 1 the number of their content; ``unsolved`` where formulas have no
    result; ``rows`` the elements of rows of which more is said than their number.
    """

    cells: dict[tuple[int, int], int] = field(default_factory=dict)
    contents: dict[_Content, int] = field(default_factory=dict)
    unsolved: set[tuple[int, int]] = field(default_factory=set)
    rows: list[bytes] = field(default_factory=list)
    kinds: set[bytes] = field(default_factory=set)  # of rows: the names of their attributes
    columns: dict[bytes, int] = field(default_factory=dict)
    looks: dict[bytes, _Look] = field(default_factory=dict)  # by attributes
    odd: set[_Content] = field(default_factory=set)
    examples: dict[bytes, int] = field(default_factory=dict)  # elements but for their places

    def look(self) -> None:
        """Tell what openpyxl is to read, once all cells were taken."""
        self.looks = {
            attributes: _look(attributes) for attributes in {content[0] for content in self.contents}
        }
        self.odd = set(filter(self._is_odd, self.contents))
        texts = [look.example for look in self.looks.values()] + list(map(_element, self.odd))
        self.examples = {text: number for number, text in enumerate(dict.fromkeys(texts), 1)}

    def stored(self, examples: Sequence[Stored], sheet: Any) -> list[Stored]:
        """What is stored in cells of every content, by what openpyxl read of the examples in a sheet."""
        known = dict(zip(self.examples, examples, strict=True))
        styles = {attributes: known[look.example] for attributes, look in self.looks.items()}
        epoch, odd = sheet.parent.epoch, self.odd
        return [
            known[_element(content)] if content in odd else _number(content, styles[content[0]], epoch)
            for content in self.contents
        ]

    def _is_odd(self, content: _Content) -> bool:
        """Whether a content is no plain number, and not nothing: openpyxl reads it."""
        attributes, value, other = content
        number = self.looks[attributes].number and _NUMBER.fullmatch(value)
        return bool((value or other) and not number)


@dataclass(frozen=True)
class Taken:
    """What was taken out of a sheet: what places hold, where formulas have no result, its last column."""

    cells: dict[tuple[int, int], Stored]
    unsolved: frozenset[tuple[int, int]]
    width: int


class Lightened:
    """A workbook without the cells of its sheets: ``data`` are its bytes, ``parts`` what was taken out."""

    def __init__(self, data: bytes) -> None:
        self.parts: list[_Part] = []
        self.formulas = False
        light = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as full, zipfile.ZipFile(light, "w") as packed:
            if len(set(full.namelist())) < len(full.namelist()):
                raise _OtherwiseError
            for item in full.infolist():
                packed.writestr(item.filename, self._lighter(item.filename, full.read(item)))
        self.data = light.getvalue()

    def taken(self, sheet: Any) -> Taken:
        """What was taken out of a sheet of the lightened workbook; the examples go out of it as well."""
        part = self.parts[sheet._cells.pop((EXAMPLES, 1)).value]
        examples = [sheet._cells.pop((EXAMPLES + number, 1)) for number in part.examples.values()]
        stored = part.stored([Stored(cell.value, str(cell.number_format)) for cell in examples], sheet)
        filled = [cell if cell.value is not None else None for cell in stored]
        cells = {place: cell for place, number in part.cells.items() if (cell := filled[number])}
        unsolved = frozenset(part.unsolved if self.formulas else ())
        return Taken(cells, unsolved, max(part.columns.values(), default=1))

    def _lighter(self, name: str, data: bytes) -> bytes:
        """A part of a workbook without the cells in it."""
        if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
            return data
        head, start, rest = data.partition(b"<sheetData>")
        body, end, tail = rest.partition(b"</sheetData>")
        if not end or b"sheetData" in head + tail or b"<!" in data or not _ROOT.match(head):
            raise _OtherwiseError
        self.formulas |= b"<f>" in data or b"<f " in data
        part = _part_of(body)
        self.parts.append(part)
        mark = b'<c r="A%d"><v>%d</v></c>' % (EXAMPLES, len(self.parts) - 1)
        cells = (b'<c r="A%d"' % (EXAMPLES + number) + text for text, number in part.examples.items())
        row = b'<row r="%d">%b%b</row>' % (EXAMPLES, mark, b"".join(cells))
        return b"".join((head, start, *part.rows, row, end, tail))


def lightened(data: bytes) -> Lightened | None:
    """A workbook without the cells of its sheets; None where any is not written as programs write it.

    Args:
        data: the bytes of a workbook that was checked: nothing in it is too large.
    """
    try:
        return Lightened(data)
    except _OtherwiseError:
        return None


def _part_of(body: bytes) -> _Part:
    """The cells of a sheet's data."""
    part = _Part()
    *rows, last = body.split(b"</row>")
    for row in rows:
        _take(part, row)
    _take_empty(part, last.lstrip())
    if max((row for row, _ in part.cells), default=0) >= EXAMPLES:
        raise _OtherwiseError
    part.look()
    return part


def _take(part: _Part, row: bytes) -> None:
    """Take the cells of a row, and any rows without cells before it."""
    start = _ROW.match(row)
    if start is None or start[2].endswith(b"/"):
        raise _OtherwiseError
    _take_empty(part, start[1])
    _take_row(part, start[2])
    read, cells, contents, columns = start.end(), part.cells, part.contents, part.columns
    for text, letters, digits, attributes, formula, value, other in _CELL.findall(row, read):
        read += len(text)
        if letters not in columns:
            columns[letters] = column_number(letters.decode()) + 1
        place = int(digits), columns[letters]
        content = attributes, value, other
        cells[place] = contents.setdefault(content, len(contents))
        if formula and not value:
            part.unsolved.add(place)
    if read != len(row):
        raise _OtherwiseError


def _take_empty(part: _Part, rows: bytes) -> None:
    """Take rows without cells."""
    if _EMPTY_ROW.sub(b"", rows):
        raise _OtherwiseError
    for attributes in _EMPTY_ROW.findall(rows):
        _take_row(part, attributes)


def _take_row(part: _Part, attributes: bytes) -> None:
    """Keep a row for openpyxl where more is said of it than its number."""
    if not _NUMBERED.search(attributes):
        raise _OtherwiseError
    names = _QUOTED.sub(b"", attributes)  # one row of each kind stays, whose attributes are to be checked
    if names not in part.kinds or not _PLAIN_ROW.fullmatch(attributes):
        part.kinds.add(names)
        part.rows.append(b"<row" + attributes + b"></row>")


def _look(attributes: bytes) -> _Look:
    """What the attributes of a cell say."""
    pairs = _ATTRIBUTE.findall(attributes)
    known = dict(pairs)
    style = known.get(b"s", b"0")
    odd = _ATTRIBUTE.sub(b"", attributes).strip() or len(known) < len(pairs) or b"r" in known
    if odd or not style.isdigit():
        raise _OtherwiseError
    return _Look(style, known.get(b"t", b"n") == b"n")


def _element(content: _Content) -> bytes:
    """The element of a content but for its place."""
    attributes, value, other = content
    return b"%b>%b</c>" % (attributes, b"<v>%b</v>" % value if value else other)


def _number(content: _Content, one: Stored, epoch: dt.datetime) -> Stored:
    """What is stored in cells of a plain number, or of nothing, by the example of 1 in their style."""
    value = content[1]
    if not value:
        return Stored(None, one.number_format)
    number = float(value) if _FRACTION.search(value) else int(value)
    return Stored(number, one.number_format) if one.value == 1 else _date(number, one, epoch)


def _date(number: float, one: Stored, epoch: dt.datetime) -> Stored:
    """A number whose style makes it a date or a duration, as openpyxl reads it."""
    from openpyxl.utils.datetime import from_excel

    try:
        day = from_excel(number, epoch, timedelta=isinstance(one.value, dt.timedelta))
    except (OverflowError, ValueError):
        return Stored("#VALUE!", one.number_format)
    return Stored(day, one.number_format)
