"""A grid -> the figures of a pair, with everything that was recognised and left out on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from simulator.errors import StatisticsError
from simulator.files.tables import dates
from simulator.files.tables.blocks import Block, blocks_of, heading
from simulator.files.tables.choices import Choices, LeftOut, unsettled
from simulator.files.tables.contexts import Context, contexts_of
from simulator.files.tables.denominations import Denomination
from simulator.files.tables.facts import Fact, facts_of
from simulator.files.tables.figures import Figure, figures_of, since_january, without_sums
from simulator.files.tables.flows import amounts_of, assigned, matching, settled
from simulator.files.tables.grids import Grid, listed, place
from simulator.files.tables.kinds import FIGURES, Kind
from simulator.files.tables.labels import TURNOVER, parse, plain
from simulator.files.tables.naming import unread_names
from simulator.files.tables.numbers import POINT
from simulator.files.tables.pairs import pairs_in
from simulator.files.tables.reporters import Pair, pair_of
from simulator.files.tables.roles import Role
from simulator.files.tables.sheets import Sheet
from simulator.files.tables.signs import decimal_sign
from simulator.files.tables.times import periods_of
from simulator.files.tables.units import Scale, denominated
from simulator.values.numerals import counted
from simulator.values.wording import show


@dataclass
class Report:
    """What is said of a reading: what was recognised, what was left out and why, what to look at."""

    recognised: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Read:
    """The figures of a table by who reports them, and the report."""

    pair: Pair
    reported: tuple[Figure, ...]
    mirrored: tuple[Figure, ...]
    captions: tuple[str, ...]
    report: Report


def read(grid: Grid, choices: Choices, scale: Scale) -> Read:
    """The figures of a grid.

    Raises:
        StatisticsError: what is wrong, with row and column.
        Unsettled: what can be read in more than one way.
    """
    return _Reading(grid, choices, scale).read()


def read_each(grid: Grid, choices: Choices, scale: Scale) -> Iterator[tuple[str, Read | StatisticsError]]:
    """The figures of every pair of a grid by its name, or what is wrong with them.

    For what depends on no unit: where a table names none, or no flow, its figures are taken as single units
    of turnover.

    Raises:
        StatisticsError: what is wrong with the table as a whole, with row and column.
        Unsettled: what can be read in more than one way.
    """
    return _Reading(grid, choices, scale).pairs()


class _Reading:
    """The steps from a grid to figures, with the report that they add to."""

    def __init__(self, grid: Grid, choices: Choices, scale: Scale) -> None:
        self.grid, self.choices, self.scale = grid, choices, scale
        self.report = Report(remarks=list(grid.remarks))
        self.sheet = Sheet(grid)
        self.blocks = blocks_of(self.sheet)
        self.sign = POINT

    def read(self) -> Read:
        """The figures by who reports them."""
        facts, contexts = self._opened()
        return self._pair(facts, contexts)

    def pairs(self) -> Iterator[tuple[str, Read | StatisticsError]]:
        """The same of every pair that the table names, or what is wrong with its figures."""
        facts, contexts = self._opened()
        facts = [fact.within(Denomination(None, 0)) for fact in facts]
        if not (any(fact.label.flow for fact in facts) or self.choices.columns or self.choices.measure):
            facts = [fact.renamed(TURNOVER) for fact in facts]
        for name, part, choices in pairs_in(facts, self.choices):
            self.report, self.choices = Report(), choices
            try:
                yield name, self._pair(part, contexts)
            except StatisticsError as error:
                yield name, error

    def _opened(self) -> tuple[list[Fact], Sequence[Context]]:
        """The facts of the whole table, and what captions say of it."""
        if not self.blocks:
            raise self.grid.error(None, None, "found no column of numbers, expected a table of figures")
        _check_widths(self.sheet, self.blocks)
        order = _order(self.sheet, self.blocks, self.choices)
        contexts = contexts_of(self.sheet, self.blocks, order)
        facts = self._facts(contexts, order)
        self.report.left_out += chain.from_iterable(
            _unread_columns(self.sheet, block) for block in self.blocks
        )
        self.report.recognised += _layout(self.grid, self.blocks, order)
        return facts, contexts

    def _pair(self, facts: list[Fact], contexts: Sequence[Context]) -> Read:
        """The figures of one pair."""
        captions = tuple(dict.fromkeys(text for context in contexts for text in context.texts))
        pair = pair_of(self.grid, facts, captions, self.choices)
        self.report.left_out += pair.left_out
        self.report.recognised += pair.recognised
        self.sign, words = decimal_sign(self.grid, facts, self.choices)
        self.report.recognised += filter(None, [words])
        reported, mirrored = (
            tuple(self._figures(list(part), pair.named)) for part in (pair.reported, pair.mirrored)
        )
        if not reported and not mirrored:
            raise StatisticsError([self.grid.fault(None, None, _nothing(self.report))])
        _remark(self.report, [*reported, *mirrored], contexts)
        self.report.remarks += unread_names([*reported, *mirrored], self.choices)
        return Read(pair, reported, mirrored, captions, self.report)

    def _facts(self, contexts: Sequence[Context], order: str | None) -> list[Fact]:
        """The facts that are amounts of money, in the rows that are asked for."""
        facts: list[Fact] = []
        for block, context in zip(self.blocks, contexts, strict=True):
            facts += facts_of(self.sheet, block, context, order)
        facts = matching(self.sheet, facts, self.choices.where)
        facts, left = amounts_of(facts)
        self.report.left_out += left
        return facts

    def _figures(self, facts: list[Fact], named: bool) -> list[Figure]:
        """The figures of some facts: of home's, or of the partner's."""
        if not facts:
            return []
        facts, left = assigned(self.sheet, facts, self.choices)
        facts, unfit = settled(self.grid, facts, named)
        dated, timeless = periods_of(self.grid, facts, self.choices)
        figures, missing = figures_of(self.grid, dated, self.sign)
        figures, sums = since_january(self.grid, figures, self.choices)
        figures, foreign, unit = denominated(self.grid, figures, self.scale, self.choices)
        figures, coarse, remarks = without_sums(figures)
        self.report.left_out += [*left, *unfit, *timeless, *missing, *foreign, *coarse]
        self.report.remarks += remarks
        known = self.report.recognised
        known += [line for line in (*_by_captions(figures), unit) if line not in known]
        known += ["months add up the year so far"] if sums else []
        return figures


def _check_widths(sheet: Sheet, blocks: Iterable[Block]) -> None:
    """Refuse rows of a text that have more fields than headings: a comma between thousands parts a number.

    Raises:
        StatisticsError: with the first such row.
    """
    grid = sheet.grid
    for block in blocks:
        last = max((column for row in block.headings for column, _ in grid.filled(row)), default=None)
        if last is None or "delimiter" not in grid.facts:
            continue
        wide = next((row for row in block.body if max(sheet.of_kind(row, *FIGURES), default=0) > last), None)
        if wide is not None:
            fields = f"{max(sheet.of_kind(wide, *FIGURES)) + 1} fields under {last + 1} headings"
            message = f"found {fields}, expected one each; put numbers with a comma in quotation marks"
            raise grid.error(wide, None, message)


def _unread_columns(sheet: Sheet, block: Block) -> Iterator[LeftOut]:
    """Columns that are headed as a flow and hold words alone: amounts that cannot be read."""
    for column, role in block.names.items():
        head = heading(sheet.grid, block, column)
        cells = [text for row in block.body if (text := sheet.grid.at(row, column).text)]
        if role is None and not block.record and cells and parse(head).flow:
            reason = f"{show(head)} holds no number that can be read, such as {show(cells[0])}"
            yield LeftOut(listed([column], "column"), reason, len(cells))


def _by_captions(figures: Iterable[Figure]) -> list[str]:
    """What only captions or footnotes say of figures."""
    known = dict.fromkeys(words for figure in figures for words in figure.fact.by_captions)
    return [f"by caption or footnote: {words}" for words in known]


def _nothing(report: Report) -> str:
    """Why no figure is left."""
    reasons = "; ".join(str(part) for part in report.left_out[:3])
    return (
        f"found no figure that is exports, imports or turnover of the pair{f': {reasons}' if reasons else ''}"
    )


# Dates of the whole table


def _order(sheet: Sheet, blocks: Sequence[Block], choices: Choices) -> str | None:
    """Whether day or month comes first in the table's dates.

    Raises:
        StatisticsError: some dates can only be read the one way, some the other.
        Unsettled: all can be read either way.
    """
    if choices.dates is not None:
        return choices.dates
    firsts: dict[str, tuple[int, int]] = {}  # where each text stands first
    for row, column in _times(sheet, blocks):
        firsts.setdefault(sheet.grid.at(row, column).text, (row, column))
    texts = {where: plain(text) for text, where in firsts.items()}
    order = _sure_order(sheet.grid, texts)
    unsure = next((item for item in texts.items() if dates.is_slashed(item[1])), None)
    if order is None and unsure is not None:
        words = [f"--dates {name}" for name in (dates.DAY_FIRST, dates.MONTH_FIRST)]
        message = f"found {show(unsure[1])}, in which day or month may come first"
        raise unsettled(sheet.grid, place(*unsure[0]), message, words)
    return order


def _sure_order(grid: Grid, texts: dict[tuple[int, int], str]) -> str | None:
    """The order that some dates can only have; None where all can have either.

    Raises:
        StatisticsError: some can only have the one, some the other.
    """
    try:
        return dates.order_of(texts.values())
    except ValueError as error:
        first, second = error.args
        message = f"found {show(second)}, and {show(first)} elsewhere: day and month change places"
        row, column = next(place for place, text in texts.items() if text == second)
        raise grid.error(row, column, message) from None


def _times(sheet: Sheet, blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """The places of headings and rows' names that hold times."""
    for block in blocks:
        heads = ((row, range(len(sheet.kinds[row]))) for row in block.headings)
        for row, columns in chain(heads, ((row, block.names) for row in block.body)):
            kinds = sheet.kinds[row]
            width = len(kinds)
            yield from ((row, column) for column in columns if column < width and kinds[column] is Kind.TIME)


# What is written


def _layout(grid: Grid, blocks: Sequence[Block], order: str | None) -> list[str]:
    """How the table is laid out, in words."""
    lines = [f"{key}: {value}" for key, value in grid.facts.items()]
    for block in blocks:
        heads = f"headings in {listed(block.headings)}" if block.headings else "no headings"
        across = f"figures in {listed(block.values, 'column')}, {listed(block.body)}"
        kind = "a row for each figure" if block.record else "rows and columns"
        lines.append(f"table: {kind}; {heads}; {across}")
    if order:
        lines.append(f"dates: {order}")
    if any(Role.FLOW in block.names.values() for block in blocks):
        lines.append("flows: in a column of their own")
    return lines


def _remark(report: Report, figures: Sequence[Figure], contexts: Iterable[Context]) -> None:
    """Add what the reader should look at."""
    footnotes = sorted(set(chain.from_iterable(map(_footnotes, figures))))
    if footnotes:
        report.remarks.append(f"footnote marks {', '.join(footnotes)}: read the notes below the table")
    states = Counter(chain.from_iterable(figure.statuses for figure in figures))
    report.remarks += [
        f"{counted(count, 'figure')} marked {state}" for state, count in sorted(states.items())
    ]
    if any(context.label.adjusted for context in contexts) or any(map(_is_adjusted, figures)):
        report.remarks.append(
            "seasonally adjusted: not as published; take the unadjusted figures if there are any"
        )
    more = sum(map(_holds_more, figures))
    if more:
        report.remarks.append(f"{more} cells hold more digits than they show; --digits stored takes them")


def _is_adjusted(figure: Figure) -> bool:
    return figure.fact.label.adjusted


def _holds_more(figure: Figure) -> bool:
    return figure.fact.cell.stored not in (None, figure.fact.cell.number)


def _footnotes(figure: Figure) -> list[str]:
    """The marks of footnotes beside a figure, its row or its column; letters say how it was made."""
    printed = figure.fact.amount.printed.marks if figure.fact.amount else ()
    return [mark for mark in (*printed, *figure.fact.label.marks) if not mark.isalpha()]
