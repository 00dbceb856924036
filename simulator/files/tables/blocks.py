"""A sheet -> its tables one below the other: captions, headings, rows of figures, and the columns of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.files.tables import labels
from simulator.files.tables.dates import is_serial
from simulator.files.tables.denominations import UNSTATED
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import FIGURES, TIMES, Kind, kind_of
from simulator.files.tables.roles import Role, role_of

TIME_ROLES = (Role.TIME, Role.YEAR, Role.MONTH, Role.QUARTER)


@dataclass
class Block:
    """One table of a sheet; rows and columns are numbers from 0.

    ``headings`` are the rows that name columns, the outermost first; ``captions`` those above and between that
    speak of all of it; ``body`` the rows below the headings, ``notes`` what follows the last figure.
    ``values`` are the columns of figures, ``names`` those that say what a row is, by role. ``record``: it has a
    row for each figure, with a column that says it is the value.
    """

    captions: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    names: dict[int, Role | None] = field(default_factory=dict)
    record: bool = False


class Sheet:
    """A grid with the kind of every cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.kinds = [[kind_of(cell) for cell in row] for row in grid.rows]
        self.lenient = not any(Kind.NUMBER in row for row in self.kinds)
        self.numbering = {row for row in range(len(self.kinds)) if self._numbers_columns(row)}

    def kind(self, row: int, column: int) -> Kind:
        """The kind of a cell; a row may be shorter than others."""
        kinds = self.kinds[row]
        return kinds[column] if column < len(kinds) else Kind.BLANK

    def of_kind(self, row: int, *kinds: Kind) -> list[int]:
        """The columns of a row whose cells are of some kinds, but for copies of merged cells."""
        cells = self.grid.rows[row]
        return [c for c, kind in enumerate(self.kinds[row]) if kind in kinds and not cells[c].copied]

    def blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return not any(kind is not Kind.BLANK for kind in self.kinds[row])

    def has_figures(self, row: int) -> bool:
        """Whether a row holds a number that can be nothing else."""
        return Kind.NUMBER in self.kinds[row] and row not in self.numbering

    def consecutive(self, row: int) -> bool:
        """Whether the years of a row follow one another, as in a heading and hardly ever in figures."""
        columns = self.of_kind(row, Kind.EITHER)
        years = [self.grid.at(row, column).text for column in columns]
        if len(years) < 2 or not all(year.isdecimal() for year in years):
            return False
        steps = {int(later) - int(former) for former, later in zip(years, years[1:], strict=False)}
        return steps in ({1}, {-1}, {0, 1}, {0, -1})

    def _numbers_columns(self, row: int) -> bool:
        """Whether a row counts the columns, 1, 2, 3, as official forms do below their headings."""
        columns = self.of_kind(row, Kind.NUMBER)
        counts = [self.grid.at(row, column).text for column in columns]
        if len(counts) < 2 or not all(count.isdecimal() for count in counts):
            return False
        rest = [
            self.grid.at(row, column).text for column in self.of_kind(row, Kind.WORDS, Kind.TIME, Kind.EITHER)
        ]
        first = int(counts[0])
        follows = [int(count) for count in counts] == list(range(first, first + len(counts)))
        return first in (1, 2) and follows and all(len(text) == 1 for text in rest)


def blocks_of(sheet: Sheet) -> list[Block]:
    """The tables of a sheet, from top to bottom; none where it holds no figures."""
    blocks: list[Block] = []
    for start, end in _spans(sheet):
        block = _block(sheet, start, end)
        if block.values:
            blocks.append(block)
    return blocks


def _spans(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The first row, and the one behind the last, of each table: a new one starts at headings below figures."""
    start, begun, last = 0, False, 0
    for row in range(len(sheet.kinds)):
        if begun and _heads(sheet, row):
            first = _lead(sheet, last + 1, row)
            yield start, first
            start, begun = first, False
        if sheet.has_figures(row) or (sheet.lenient and row and sheet.of_kind(row, Kind.EITHER)):
            begun, last = True, row
    yield start, len(sheet.kinds)


def _heads(sheet: Sheet, row: int) -> bool:
    """Whether a row below figures names columns anew."""
    if sheet.has_figures(row) or sheet.of_kind(row, Kind.MISSING):
        return False
    filled = sheet.of_kind(row, Kind.TIME, Kind.WORDS, Kind.EITHER)
    if len(filled) < 2:
        return False
    times = [column for column in filled[1:] if sheet.kind(row, column) is Kind.TIME]
    flows = [column for column in filled[1:] if labels.parse(sheet.grid.at(row, column).text).flow]
    return bool(times or flows) or sheet.consecutive(row)


def _lead(sheet: Sheet, first: int, row: int) -> int:
    """Where the captions of a table that is headed by a row start: behind the last blank row before them."""
    start = row
    while start > first and not sheet.blank(start - 1):
        start -= 1
    blank = start
    while blank > first and sheet.blank(blank - 1):
        blank -= 1
    single = blank > first and start == row and len(sheet.of_kind(blank - 1, Kind.WORDS, *TIMES)) == 1
    return blank - 1 if single else start


def _block(sheet: Sheet, start: int, end: int) -> Block:
    """One table: its figures give the columns away, these the headings."""
    block = Block()
    rows = [row for row in range(start, end) if not sheet.blank(row) and row not in sheet.numbering]
    sure = [row for row in rows if sheet.has_figures(row)]
    if sheet.lenient:
        sure = [row for row in rows if sheet.of_kind(row, Kind.EITHER)][1:]
    if not sure:
        return block
    first = _first_data(sheet, rows, sure)
    block.headings = _headings(sheet, [row for row in rows if row < first], first)
    top = block.headings[-1] + 1 if block.headings else first
    block.captions = [row for row in rows if row < top and row not in block.headings]
    last = max(row for row in rows if row >= first and _tells(sheet, row))
    block.body = [row for row in rows if top <= row <= last]
    block.notes = [row for row in rows if row > last]
    _columns(sheet, block)
    return block


def _first_data(sheet: Sheet, rows: Sequence[int], sure: Sequence[int]) -> int:
    """The first row of figures: rows of what may be years stand above it where their own name is a time."""
    first = sure[0]
    times = Counter(column for row in sure for column in sheet.of_kind(row, *TIMES))
    common = times.most_common(1)
    if not common or common[0][1] < 0.8 * len(sure):
        return first
    column = common[0][0]
    for row in reversed([row for row in rows if row < sure[0]]):
        others = [c for c in sheet.of_kind(row, Kind.EITHER, Kind.MISSING) if c != column]
        if sheet.kind(row, column) not in TIMES or not others or sheet.consecutive(row):
            break
        first = row
    return first


def _tells(sheet: Sheet, row: int) -> bool:
    return bool(sheet.of_kind(row, Kind.NUMBER, Kind.EITHER, Kind.MISSING, Kind.BROKEN))


def _headings(sheet: Sheet, above: Sequence[int], first: int) -> list[int]:
    """The rows that name columns: those just above the figures that hold more than one thing, or one aside."""
    named = min(sheet.of_kind(first, *FIGURES), default=0)
    headings: list[int] = []
    for row in reversed(above):
        if headings and row < headings[0] - 1:  # a blank row between
            break
        if not _names_columns(sheet, row, named):
            if headings:
                break
            continue  # a section's name between the headings and the figures
        headings.insert(0, row)
    return headings


def _names_columns(sheet: Sheet, row: int, named: int) -> bool:
    """Whether a row says something of single columns: it fills several, or one beside the rows' names."""
    filled = sheet.of_kind(row, Kind.WORDS, Kind.TIME, Kind.EITHER, Kind.NUMBER, Kind.MISSING)
    if len(filled) > 1:
        return True
    copies = any(cell.copied for cell in sheet.grid.rows[row])
    if not filled or not filled[0] or (filled[0] < named and not copies):
        return False
    label = labels.parse(sheet.grid.at(row, filled[0]).text)
    unit_alone = label.denomination != UNSTATED and not (label.flow or label.moment or label.name)
    return not unit_alone  # which speaks of all columns, wherever it stands


def _columns(sheet: Sheet, block: Block) -> None:
    """Tell the columns of figures from those that name rows."""
    counts = [Counter[Kind]() for _ in range(sheet.grid.width)]
    for row in block.body:
        for column, kind in enumerate(sheet.kinds[row]):
            if not sheet.grid.rows[row][column].copied or kind is Kind.WORDS:
                counts[column][kind] += 1
    roles = {column: _role(sheet, block, column) for column in range(sheet.grid.width)}
    by_value = [column for column, role in roles.items() if role is Role.VALUE and _holds(counts[column])]
    block.record = bool(by_value) and any(role in TIME_ROLES for role in roles.values())
    if block.record:
        block.values = by_value
    else:
        block.values = [c for c in roles if _is_value(sheet, block, c, counts[c], roles[c])]
    block.names = {
        column: role
        for column, role in roles.items()
        if column not in block.values and any(kind is not Kind.BLANK for kind in counts[column])
    }


def _role(sheet: Sheet, block: Block, column: int) -> Role | None:
    """The role that a column's headings give it."""
    texts = [sheet.grid.at(row, column) for row in block.headings]
    roles = (role_of(cell.text) for cell in reversed(texts) if cell.text)
    role = next((role for role in roles if role), None)
    return None if role in TIME_ROLES and not _may_be_times(sheet, block, column, role) else role


def _may_be_times(sheet: Sheet, block: Block, column: int, role: Role) -> bool:
    """Whether the numbers of a column may be times: a column of sums headed "Year" holds none."""
    texts = [sheet.grid.at(row, column).text for row in block.body if sheet.kind(row, column) is Kind.NUMBER]
    if not all(text.isdecimal() for text in texts):
        return False
    most = {Role.MONTH: 52, Role.QUARTER: 4}.get(role)  # UN Comtrade's month 52 is the year
    return all(int(text) <= most if most else _is_code(text) or is_serial(int(text)) for text in texts)


def _holds(counts: Counter[Kind]) -> bool:
    return counts[Kind.NUMBER] + counts[Kind.EITHER] + counts[Kind.MISSING] + counts[Kind.BROKEN] > 0


def _is_value(sheet: Sheet, block: Block, column: int, counts: Counter[Kind], role: Role | None) -> bool:
    """Whether a column holds figures rather than names, times or codes."""
    if role not in (None, Role.VALUE):
        return False
    figures, words = counts[Kind.NUMBER], counts[Kind.WORDS] + counts[Kind.TIME]
    if figures:
        return figures + counts[Kind.MISSING] + counts[Kind.EITHER] >= words and not _is_time(
            sheet, block, column
        )
    heads = [labels.parse(sheet.grid.at(row, column).text) for row in block.headings]
    headed = any(head.flow or head.moment for head in heads)
    return headed and _holds(counts) and not words


def _is_time(sheet: Sheet, block: Block, column: int) -> bool:
    """Whether a column's numbers are months written as 201801."""
    cells = [sheet.grid.at(row, column).text for row in block.body if sheet.kind(row, column) in FIGURES]
    return column == 0 and all(map(_is_code, cells))


def _is_code(text: str) -> bool:
    """Whether a text is a month written as 201801."""
    return len(text) == 6 and text.isdecimal() and 1900 <= int(text[:4]) <= 2150 and 1 <= int(text[4:]) <= 12
