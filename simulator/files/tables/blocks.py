"""A sheet -> its tables one below the other: captions, headings, rows of figures, and the columns of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.files.tables import labels
from simulator.files.tables.dates import is_serial
from simulator.files.tables.denominations import UNSTATED
from simulator.files.tables.grids import Grid
from simulator.files.tables.kinds import FIGURES, TIMES, Kind
from simulator.files.tables.roles import Role, of_counterpart, of_reporter, role_of
from simulator.files.tables.sheets import Sheet

_HIGHEST: dict[Role | None, int] = {Role.MONTH: 52, Role.QUARTER: 4}  # UN Comtrade's month 52 is the year
MOST = 0.8  # of a column's cells: what they are, it is
TIME_ROLES = (Role.TIME, Role.YEAR, Role.MONTH, Role.QUARTER)


@dataclass
class Block:
    """One table of a sheet; rows and columns are numbers from 0.

    Attributes:
        captions: rows above and between the headings, which speak of all of it.
        headings: rows that name columns, the outermost first.
        body: rows below the headings.
        notes: rows behind the last figure.
        values: columns of figures.
        names: columns that say what a row is, by role.
        record: whether it has a row for each figure, with a column that says it is the value.
    """

    captions: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    names: dict[int, Role | None] = field(default_factory=dict)
    record: bool = False


def blocks_of(sheet: Sheet) -> list[Block]:
    """The tables of a sheet, from top to bottom; none where it holds no figures."""
    blocks: list[Block] = []
    for start, end in _spans(sheet):
        block = _block(sheet, start, end)
        if block.values:
            blocks.append(block)
    return blocks


def _spans(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The first row, and the one behind the last, of each table: a new one starts below figures."""
    start, begun, last = 0, False, 0
    for row in range(len(sheet.kinds)):
        if begun and _heads(sheet, row, last):
            first = _lead(sheet, last + 1, row)
            yield start, first
            start, begun = first, False
        if sheet.holds_figures(row):
            begun, last = True, row
    yield start, len(sheet.kinds)


def _heads(sheet: Sheet, row: int, last: int) -> bool:
    """Whether a row below figures, the last of them in row ``last``, names columns anew."""
    if sheet.has_figures(row) or sheet.of_kind(row, Kind.MISSING) or _continues(sheet, row, last):
        return False
    filled = sheet.of_kind(row, Kind.TIME, Kind.WORDS, Kind.EITHER)
    named = any(_names_time_or_flow(sheet, row, column) for column in filled[1:])
    return len(filled) > 1 and (named or bool(sheet.sequence(row)))


def _continues(sheet: Sheet, row: int, last: int) -> bool:
    """Whether a row goes on with the figures above it: built as they are, its times are no heading."""
    figures = sheet.figures(last)
    names = [column for column in sheet.of_kind(row, Kind.WORDS, *TIMES) if column not in figures]
    return _built_as(sheet, row, last) and (_named_by_time(sheet, row, names) or not sheet.sequence(row))


def _built_as(sheet: Sheet, row: int, other: int) -> bool:
    """Whether a row has names where a row of figures has them, and what may be figures below its figures."""
    figures = sheet.figures(other)
    filled = sheet.of_kind(row, Kind.WORDS, *TIMES)
    names = [column for column in filled if column not in figures]
    fits = all(sheet.kind(row, column) is Kind.EITHER for column in set(filled) & set(figures))
    alike = all(_alike(sheet.kind(row, column), sheet.kind(other, column)) for column in names)
    return fits and alike and len(names) < len(filled)


def _alike(kind: Kind, other: Kind) -> bool:
    """Whether two cells of one column may be of the same kind."""
    return kind is other or {kind, other} <= {*TIMES} or {kind, other} <= {*FIGURES}


def _named_by_time(sheet: Sheet, row: int, names: Sequence[int]) -> bool:
    """Whether the first name of a row is a time, or another is one that can be nothing else."""
    kinds = [sheet.kind(row, column) for column in names]
    return bool(kinds) and (kinds[0] in TIMES or Kind.TIME in kinds)


def _names_time_or_flow(sheet: Sheet, row: int, column: int) -> bool:
    kind = sheet.kind(row, column)
    return kind is Kind.TIME or (
        kind is Kind.WORDS and labels.parse(sheet.grid.at(row, column).text).flow is not None
    )


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
    rows = [row for row in range(start, end) if not sheet.blank(row) and row not in sheet.numbering]
    sure = _sure(sheet, rows)
    if not sure:
        return Block()
    above = _within(rows, start, sure[0])
    column = _time_column(sheet, sure, above)
    first = _first_data(sheet, above, sure[0], column)
    headings = _headings(sheet, _within(rows, start, first), first)
    top = headings[-1] + 1 if headings else first
    last = next(row for row in reversed(_within(rows, first, end)) if _tells(sheet, row, column))
    captions = sorted(set(_within(rows, start, top)) - set(headings))
    block = Block(captions, headings, _within(rows, top, last + 1), _within(rows, last + 1, end))
    _columns(sheet, block)
    return block


def _within(rows: Sequence[int], first: int, end: int) -> list[int]:
    """The rows from one on, up to the one before another."""
    return [row for row in rows if first <= row < end]


def _sure(sheet: Sheet, rows: Sequence[int]) -> list[int]:
    """The rows that hold figures beyond doubt."""
    if sheet.lenient:
        return [row for row in rows if sheet.of_kind(row, Kind.EITHER)][1:]
    return [row for row in rows if sheet.has_figures(row)]


def _first_data(sheet: Sheet, above: Sequence[int], sure: int, column: int | None) -> int:
    """The first row of figures: rows without any number stand above it where their own name is a time."""
    first = sure
    for number, row in reversed(list(enumerate(above))):
        dated = column is not None and _may_be_data(sheet, row, column)
        if not dated and not _is_headed(sheet, row, sure, above[:number]):
            break
        first = row
    return first


def _is_headed(sheet: Sheet, row: int, sure: int, above: Sequence[int]) -> bool:
    """Whether a row is built as one of figures, named by words, below a heading that dates its columns."""
    columns, words = sheet.of_kind(row, Kind.EITHER), sheet.of_kind(row, Kind.WORDS)
    if not columns or not words or words[0] > columns[0]:
        return False
    return _built_as(sheet, row, sure) and any(_dates(sheet, head, columns) for head in above)


def _dates(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    """Whether a row gives each of some columns a whole time, with its year."""
    moments = [labels.parse(sheet.grid.at(row, column).text).moment for column in columns]
    return all(moment is not None and moment.period is not None for moment in moments)


def _time_column(sheet: Sheet, sure: Sequence[int], above: Sequence[int]) -> int | None:
    """The column in which most rows of figures hold a time.

    What may be a figure as well names no row where it stands behind figures under no heading in words.
    """
    headed = {column for row in above for column in sheet.of_kind(row, Kind.WORDS)}
    alike: dict[int, list[int]] = {}  # by the kinds of a row
    times: Counter[int] = Counter()
    for row in sure:
        pattern = -row if row in sheet.copies else id(sheet.kinds[row])
        if pattern not in alike:
            alike[pattern] = _row_times(sheet, row, headed)
        times.update(alike[pattern])
    column, count = times.most_common(1)[0] if times else (None, 0)
    return column if count >= MOST * len(sure) else None


def _row_times(sheet: Sheet, row: int, headed: set[int]) -> list[int]:
    """The columns in which a row of figures holds times that may name it."""
    first = min(sheet.of_kind(row, Kind.NUMBER), default=sheet.grid.width)
    return [
        column
        for column in sheet.of_kind(row, *TIMES)
        if column < first or column in headed or sheet.kind(row, column) is Kind.TIME
    ]


def _may_be_data(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a row named by a time holds figures that look like years, or slips in place of figures."""
    if sheet.kind(row, column) not in TIMES or role_of(sheet.grid.at(row, column).text) is not None:
        return False
    others = [c for c in sheet.of_kind(row, Kind.EITHER, Kind.MISSING) if c != column]
    if others:
        sequence = sheet.sequence(row)
        return not sequence or column not in sequence
    timed = sheet.kind(row, column) is Kind.TIME or _is_under_times(sheet, row, column)
    return timed and _holds_slips(sheet, row)


def _is_under_times(sheet: Sheet, row: int, column: int) -> bool:
    """Whether the nearest cell above names its column as one of times: a year below it heads nothing."""
    above = (sheet.grid.at(other, column).text for other in range(row - 1, -1, -1))
    return role_of(next(filter(None, above), "")) in TIME_ROLES


def _holds_slips(sheet: Sheet, row: int) -> bool:
    """Whether the words of a row head no columns: none names a flow or a unit."""
    words = [labels.parse(sheet.grid.at(row, column).text) for column in sheet.of_kind(row, Kind.WORDS)]
    return bool(words) and not any(label.flow or label.denomination != UNSTATED for label in words)


def _tells(sheet: Sheet, row: int, column: int | None) -> bool:
    """Whether a row is of the table rather than a note: it holds figures, or is named by a time."""
    named = column is not None and sheet.kind(row, column) is Kind.TIME
    return named or bool(sheet.of_kind(row, Kind.NUMBER, Kind.EITHER, Kind.MISSING, Kind.BROKEN))


def _headings(sheet: Sheet, above: Sequence[int], first: int) -> list[int]:
    """The rows that name columns: those just above the figures that hold several things, or one aside."""
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
    if not filled or not filled[0]:
        return False
    aside = filled[0] >= named or any(cell.copied for cell in sheet.grid.rows[row])
    return aside and not _is_unit(sheet.grid.at(row, filled[0]).text)


def _is_unit(text: str) -> bool:
    """Whether a text names a unit and nothing else: it speaks of all columns, wherever it stands."""
    label = labels.parse(text)
    return label.denomination != UNSTATED and not (label.flow or label.moment or label.name)


def _columns(sheet: Sheet, block: Block) -> None:
    """Tell the columns of figures from those that name rows."""
    columns = range(sheet.grid.width)
    counts = dict(enumerate(sheet.counts(block.body)))
    roles = _roles(sheet, block, counts)
    marked = [column for column in columns if roles[column] is Role.VALUE and _holds(counts[column])]
    block.record = bool(marked) and not set(TIME_ROLES).isdisjoint(roles.values())
    block.values = marked if block.record else _value_columns(sheet, block, counts, roles)
    filled = [column for column in columns if counts[column]]
    block.names = {column: roles[column] for column in sorted(set(filled) - set(block.values))}


def _value_columns(
    sheet: Sheet, block: Block, counts: dict[int, Counter[Kind]], roles: dict[int, Role | None]
) -> list[int]:
    """The columns of figures of a table in which no heading says it is the value."""
    return [column for column in counts if _is_value(sheet, block, column, counts[column], roles[column])]


def _roles(sheet: Sheet, block: Block, counts: dict[int, Counter[Kind]]) -> dict[int, Role | None]:
    """The role of each column; of a country's column beside its counterpart's, the reporter's."""
    columns = range(sheet.grid.width)
    roles = {column: _role(sheet, block, column, counts[column]) for column in columns}
    heads = {column: heading(sheet.grid, block, column) for column in columns}
    if any(map(of_counterpart, heads.values())):
        roles |= {column: Role.REPORTER for column in columns if of_reporter(heads[column])}
    return roles


def heading(grid: Grid, block: Block, column: int) -> str:
    """The lowest heading of a column, as printed."""
    texts = [grid.at(row, column).text for row in block.headings]
    return next((text for text in reversed(texts) if text), "")


def _role(sheet: Sheet, block: Block, column: int, counts: Counter[Kind]) -> Role | None:
    """The role that a column's lowest heading gives it, unless its cells cannot have it; times are times."""
    role = role_of(heading(sheet.grid, block, column))
    if role in TIME_ROLES:
        return role if _may_be_times(sheet, block, column, role) else None
    return Role.TIME if counts[Kind.TIME] > MOST * counts.total() else role


def _may_be_times(sheet: Sheet, block: Block, column: int, role: Role | None) -> bool:
    """Whether the numbers of a column may be times: a column of sums headed "Year" holds none."""
    texts = [sheet.grid.at(row, column).text for row in block.body if sheet.kind(row, column) is Kind.NUMBER]
    if not all(text.isdecimal() for text in texts):
        return False
    most = _HIGHEST.get(role)
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
    figures = (row for row in block.body if sheet.kind(row, column) in FIGURES)
    return column == 0 and all(_is_code(sheet.grid.at(row, column).text) for row in figures)


def _is_code(text: str) -> bool:
    """Whether a text is a month written as 201801."""
    return len(text) == 6 and text.isdecimal() and 1900 <= int(text[:4]) <= 2150 and 1 <= int(text[4:]) <= 12
