"""A workbook -> what was changed in it, each change and each fault with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import Fault, ScenarioError, StatisticsError
from simulator.files.tables.grids import BLANK, Cell, letters
from simulator.files.tables.workbooks import cells_of
from simulator.files.workbook.assumptions import PARTS, VALUE
from simulator.files.workbook.contents import book_of
from simulator.files.workbook.entries import entered, unchanged
from simulator.files.workbook.figures import ALTERNATIVES, OBSERVATIONS, SET
from simulator.files.workbook.form import PATH, TEXT_SHEET, Book, Entry, Row, Sheet
from simulator.files.workbook.stored import unpacked
from simulator.values.address import Address
from simulator.values.fields import IDENTIFIER
from simulator.values.forms import FORMS
from simulator.values.limits import FILE_BYTES, SHEET_BYTES
from simulator.values.wording import show

SMALLER = "take out what does not belong to the scenario"
ZIP = b"PK\x03\x04"
ENDS = 2  # of the bounds of a figure

Place = tuple[int, int]
Cells = Mapping[Place, Cell]


@dataclass(frozen=True)
class New:
    """A figure that was written into a blank row; ``cells`` are the names of its cells, by field."""

    figure: dict[str, Any]
    cells: Mapping[Address, str]


@dataclass
class Edits:
    """What was changed in a workbook.

    ``changes`` are new values by their addresses, None where one is taken out; ``added`` new figures by the
    list that they belong to; ``defaults`` what held where the file has nothing; ``cells`` the name of each
    path's cell; ``faults`` what cannot be read.
    """

    name: str
    book: Book
    changes: dict[Address, Any] = field(default_factory=dict)
    added: dict[Address, list[New]] = field(default_factory=dict)
    defaults: dict[Address, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def is_workbook(content: bytes) -> bool:
    """Whether bytes are those of a workbook rather than of a text."""
    return content.startswith(ZIP)


def read(data: bytes, name: str) -> Edits:
    """What was changed in a workbook since it was written.

    Args:
        data: its bytes.
        name: its name in messages.

    Raises:
        ScenarioError: it is no workbook of a scenario.
    """
    if len(data) > FILE_BYTES.most:
        message = f"found more than {FILE_BYTES.most // 1_000_000} MB, expected a workbook of some hundred kB"
        raise ScenarioError([Fault(name, None, "", message)])
    try:
        sheets = cells_of(data, name, SHEET_BYTES.most, SMALLER)
    except StatisticsError as error:
        raise ScenarioError(error.faults) from None
    edits = Edits(name, book_of(_text(sheets, name), name))
    for sheet in edits.book.sheets:
        if sheet.name not in sheets:
            message = f"found no sheet of this name, expected the sheet {show(sheet.name)} as it was written"
            edits.faults.append(Fault(name, None, sheet.name, message))
        else:
            _SheetReader(edits, sheet, sheets[sheet.name], name).read()
    return edits


def _text(sheets: Mapping[str, Cells], name: str) -> str:
    """The text that the workbook was made from.

    Raises:
        ScenarioError: it has none, or not as it was written.
    """
    if TEXT_SHEET not in sheets:
        message = (
            "found no workbook of a scenario, expected one that was written by: "
            "python -m simulator sheet FILE --out NAME.xlsx"
        )
        raise ScenarioError([Fault(name, None, "", message)])
    column = sorted((row, cell.text) for (row, column), cell in sheets[TEXT_SHEET].items() if column == 1)
    try:
        return unpacked(text for _, text in column)
    except ValueError as error:
        raise ScenarioError([Fault(name, None, TEXT_SHEET, f"{error}; write it out again")]) from None


class _SheetReader:
    """Reads one sheet: finds its rows by their paths, whatever their order, and compares their cells."""

    def __init__(self, edits: Edits, sheet: Sheet, cells: Cells, name: str) -> None:
        self.edits, self.sheet, self.cells, self.name = edits, sheet, cells, name
        self.columns: dict[str, int] = {}
        self.row = 0

    def read(self) -> None:
        """Note every change and every fault of the sheet."""
        head = self.head()
        if head is None:
            heads = ", ".join(column.head for column in self.sheet.columns)
            self.fault("A1", f"found no row of heads, expected {heads}")
            return
        known = {row.path: row for row in self.sheet.rows}
        seen: dict[str, str] = {}
        for number in sorted({row for row, _ in self.cells if row > head}):
            self.row = number
            self.meet(known, seen)
        self.missing([row for path, row in known.items() if path not in seen])

    def meet(self, known: Mapping[str, Row], seen: dict[str, str]) -> None:
        """Note what became of the row that has the path of the present one."""
        path, cell = self.at(PATH).text, self.cell(PATH)
        if path in seen:
            place = f"{seen[path]} already; leave it blank in the row of a new figure"
            self.fault(cell, f"found {show(path)} again, which stands in {place}")
        elif path in known:
            seen[path] = cell
            self.compare(known[path])
        elif path:
            self.fault(cell, f"found {show(path)}, which leads nowhere; expected the path that stood here")
        else:
            self.unknown()

    def head(self) -> int | None:
        """The row of heads, once it is known which column has which; None where there is none."""
        wanted = {column.head for column in self.sheet.columns}
        rows = sorted({row for (row, _), cell in self.cells.items() if cell.text == PATH})
        for row in rows:
            self.columns = {cell.text: column for (other, column), cell in self.cells.items() if other == row}
            if wanted <= self.columns.keys():
                return row
        return None

    def at(self, column: str) -> Cell:
        """The cell of the present row in a column."""
        return self.cells.get((self.row, self.columns[column]), BLANK)

    def cell(self, column: str) -> str:
        """What the cell of the present row in a column is called."""
        return f"{letters(self.columns[column] - 1)}{self.row}"

    def name_of(self, column: str) -> str:
        """The same with the name of its sheet."""
        return f"{self.sheet.name}!{self.cell(column)}"

    def fault(self, cell: str, message: str) -> None:
        """Note what is wrong with a cell."""
        self.edits.faults.append(Fault(self.name, None, f"{self.sheet.name}!{cell}", message))

    def compare(self, row: Row) -> None:
        """Note what differs in a row from how it was written."""
        self.edits.cells.setdefault(row.path, self.name_of(PATH))
        self.edits.cells |= {
            str(entry.address): self.name_of(column) for column, entry in row.entries.items()
        }
        if self.sheet.blank is not None and all(self.at(column).blank for column in row.entries):
            self.remove(row)
        else:
            self.differences(row)

    def differences(self, row: Row) -> None:
        """Note the cells of a row that differ."""
        if SET in self.columns and self.at(SET).text != row.words.get(SET, ""):
            place = show(row.words.get(SET, ""))
            text = "a figure that changes its set; clear its row, and write it into a blank one"
            self.fault(self.cell(SET), f"found {show(self.at(SET).text)} in place of {place}, {text}")
        changed = [column for column, entry in row.entries.items() if not unchanged(self.at(column), entry)]
        numbers = set(changed) & set(PARTS.values()) if row.number else set()
        if row.number and numbers:
            self.number(row, row.number, sorted(numbers, key=changed.index))
        for column in sorted(set(changed) - numbers, key=changed.index):
            self.change(column, row.entries[column])

    def change(self, column: str, entry: Entry) -> None:
        """Note the new value of one cell."""
        count = len(self.edits.faults)
        value = self.value(column, entry)
        if len(self.edits.faults) > count:
            return
        if value is None and entry.raw is None:
            message = "found nothing, expected a value: the file has none that could be taken out"
            self.fault(self.cell(column), f"{message}, and {show(entry.default)} holds")
        else:
            self.edits.changes[entry.address] = value
            self.edits.defaults[entry.address] = entry.default

    def value(self, column: str, entry: Entry) -> Any:
        """What a cell states; None, with a fault noted, where it cannot stand there."""
        cell = self.at(column)
        try:
            if entry.fixed:
                text = show(cell.text)
                raise ValueError(
                    f"found {text} in a cell that is not changed here, expected {show(entry.shown)}"
                )
            return entered(cell, entry)
        except ValueError as error:
            self.fault(self.cell(column), str(error))
            return None

    def number(self, row: Row, place: Address, changed: list[str]) -> None:
        """Note an uncertain number that was changed: its parts, or all of it where its form is another."""
        count = len(self.edits.faults)
        stated = self.stated(row, changed)
        if len(self.edits.faults) > count:
            return
        form, cell = _form(set(stated)), self.cell(changed[0])
        if form is not None:
            self.state(row, place, form, stated, changed)
        elif stated:
            self.fault(cell, f"found {' and '.join(stated)}, expected {_forms()}")
        elif all(entry.raw is None for entry in row.entries.values()):
            self.fault(cell, "found nothing, expected a number: the file has none that could be taken out")
        else:
            self.edits.changes[place] = None

    def stated(self, row: Row, changed: list[str]) -> dict[str, Any]:
        """What the cells of an uncertain number state, by column."""
        columns = dict.fromkeys(PARTS.values())
        values = {
            column: self.value(column, row.entries[column])
            if column in changed
            else row.entries[column].shown
            for column in columns
        }
        return {column: value for column, value in values.items() if value is not None}

    def state(
        self, row: Row, place: Address, form: tuple[str, ...], stated: dict[str, Any], changed: list[str]
    ) -> None:
        """Note a number in a form: part by part where it has that form already, else as one."""
        self.edits.cells[str(place)] = self.name_of(changed[0])
        self.edits.cells |= {str(place / key): self.name_of(PARTS[key]) for key in form}
        self.edits.defaults[place] = _shown(row, place)
        parts = {place / key: stated[PARTS[key]] for key in form}
        raw = {entry.address: entry.raw for entry in row.entries.values()}
        if not form:
            self.edits.changes[place] = stated[VALUE]
        elif None in map(raw.get, parts):
            self.edits.changes[place] = {address.name: value for address, value in parts.items()}
        else:
            moved = {address: value for address, value in parts.items() if PARTS[address.name] in changed}
            self.edits.changes |= moved

    # Rows that are new or gone, which figures alone can be

    def unknown(self) -> None:
        """A row without a path: of figures a new one, elsewhere it must be blank."""
        filled = [column for column in self.columns if column in self.heads and not self.at(column).blank]
        if not filled:
            return
        if self.sheet.blank is None:
            text = show(self.at(filled[0]).text)
            self.fault(self.cell(filled[0]), f"found {text} in a row without a path, expected nothing there")
        else:
            self.add(self.sheet.blank)

    @property
    def heads(self) -> set[str]:
        """The heads of the sheet's columns."""
        return {column.head for column in self.sheet.columns}

    def add(self, blank: Row) -> None:
        """Note a new figure."""
        figure: dict[str, Any] = {}
        count = len(self.edits.faults)
        for column, entry in blank.entries.items():
            if (value := self.value(column, entry)) is not None:
                _put(figure, entry.address, value)
        name = self.at(SET).text
        if name and not re.fullmatch(IDENTIFIER, name):
            self.fault(self.cell(SET), f"found {show(name)}, expected a name of letters, digits, - and _")
        if len(self.edits.faults) == count:
            place = Address.of(ALTERNATIVES, name) if name else Address.of(OBSERVATIONS)
            cells = {
                Address(entry.address[1:]): self.name_of(column) for column, entry in blank.entries.items()
            }
            new = New(figure, cells | {Address(): self.name_of(PATH)})
            self.edits.added.setdefault(place, []).append(new)

    def missing(self, rows: list[Row]) -> None:
        """Rows that are gone: figures that are taken out; of all else the row is wanted back."""
        for row in rows:
            if self.sheet.blank is not None:
                self.remove(row)
            else:
                self.fault(row.path, "found no row of this path, expected it; clear its cells in place of it")

    def remove(self, row: Row) -> None:
        """Note a figure that is taken out, if there was one: a series may have none for a period."""
        if any(entry.raw is not None for entry in row.entries.values()):
            self.edits.changes[Address.parse(row.path)] = None


def _put(figure: dict[str, Any], address: Address, value: Any) -> None:
    """Put a value into a new figure, the ends of its bounds into a list."""
    field_name, *end = address[1:]
    if end:
        figure.setdefault(str(field_name), [None] * ENDS)[int(end[0])] = value
    else:
        figure[str(field_name)] = value


def _shown(row: Row, place: Address) -> Any:
    """What an uncertain number was when the workbook was written."""
    shown = {entry.address: entry.shown for entry in row.entries.values() if entry.shown is not None}
    parts = {address.name: value for address, value in shown.items() if address.parent == place}
    return parts or shown.get(place)


def _form(columns: set[str]) -> tuple[str, ...] | None:
    """The parameters of the form that some columns hold: none of a certain number, None of no form."""
    if columns == {VALUE}:
        return ()
    for form in FORMS:
        if set(form.keys) <= set(PARTS) and {PARTS[key] for key in form.keys} == columns:
            return form.keys
    return None


def _forms() -> str:
    several = [
        " with ".join(PARTS[key] for key in form.keys) for form in FORMS if set(form.keys) <= set(PARTS)
    ]
    return ", ".join([f"{VALUE} alone", *several[:-1]]) + f" or {several[-1]}"
