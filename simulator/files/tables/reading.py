"""A grid -> the figures of a pair, with everything that was recognised and left out on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from simulator.errors import StatisticsError
from simulator.files.tables import dates
from simulator.files.tables.blocks import Block, Sheet, blocks_of
from simulator.files.tables.choices import Choices, LeftOut, unsettled
from simulator.files.tables.facts import Context, Fact, context_of, facts_of
from simulator.files.tables.figures import (
    Figure,
    decimal_sign,
    figures_of,
    periods_of,
    since_january,
    without_sums,
)
from simulator.files.tables.flows import amounts_of, assigned, matching, settled
from simulator.files.tables.grids import Grid, letters, listed
from simulator.files.tables.kinds import Kind
from simulator.files.tables.labels import plain
from simulator.files.tables.reporters import Pair, pair_of
from simulator.files.tables.roles import Role
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
    report = Report(remarks=list(grid.remarks))
    sheet = Sheet(grid)
    blocks = blocks_of(sheet)
    if not blocks:
        raise grid.error(None, None, "found no column of numbers, expected a table of figures")
    order = _order(sheet, blocks, choices)
    contexts = _contexts(sheet, blocks, order)
    facts = [
        fact
        for number, block in enumerate(blocks)
        for fact in facts_of(sheet, block, contexts[number], order, number)
    ]
    captions = tuple(dict.fromkeys(text for context in contexts for text in context.texts))
    report.recognised += _layout(grid, blocks, order)
    facts = matching(sheet, facts, choices.where)
    facts, left = amounts_of(facts)
    report.left_out += left
    pair = pair_of(grid, facts, captions, choices)
    report.left_out += pair.left_out
    report.recognised += pair.recognised
    cumulative = any(context.label.cumulative for context in contexts)
    everything = [fact for fact in facts if fact.amount is not None]
    sign, said = decimal_sign(grid, everything, choices)
    report.recognised += [said] if said else []
    step = _Reading(sheet, choices, scale, sign, cumulative, report)
    reported, mirrored = (step.figures(list(part)) for part in (pair.reported, pair.mirrored))
    if not reported and not mirrored:
        raise StatisticsError([grid.fault(None, None, _nothing(report))])
    _remark(report, [*reported, *mirrored], contexts)
    return Read(pair, tuple(reported), tuple(mirrored), captions, report)


@dataclass
class _Reading:
    """The steps from facts to figures, for those of home and those of the partner alike."""

    sheet: Sheet
    choices: Choices
    scale: Scale
    sign: str
    cumulative: bool
    report: Report

    def figures(self, facts: list[Fact]) -> list[Figure]:
        """The figures of some facts."""
        grid = self.sheet.grid
        if not facts:
            return []
        facts, left = assigned(self.sheet, facts, self.choices)
        self.report.left_out += left
        facts, left = settled(grid, facts)
        self.report.left_out += left
        periods, left = periods_of(grid, facts, self.choices)
        self.report.left_out += left
        figures, left = figures_of(grid, facts, periods, self.sign)
        self.report.left_out += left
        figures, sums = since_january(
            grid, figures, self.cumulative or any(fact.label.cumulative for fact in facts), self.choices
        )
        self.report.recognised += ["months add up the year so far"] if sums else []
        figures, left, said = denominated(grid, figures, self.scale, self.choices)
        self.report.left_out += left
        self.report.recognised += [line for line in said if line not in self.report.recognised]
        figures, left, remarks = without_sums(figures)
        self.report.left_out += left
        self.report.remarks += remarks
        return figures


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
    places = [
        (row, column) for row, column in _times(sheet, blocks) if sheet.grid.at(row, column).date is None
    ]
    texts = {place: plain(sheet.grid.at(*place).text) for place in places}
    try:
        order = dates.order_of(texts.values())
    except ValueError as error:
        first, second = error.args
        row, column = next(place for place, text in texts.items() if text == second)
        message = f"found {show(second)}, and {show(first)} elsewhere: day and month change places"
        raise sheet.grid.error(row, column, message) from None
    unsure = next((place for place, text in texts.items() if dates.is_slashed(text)), None)
    if order is None and unsure is not None:
        text = sheet.grid.at(*unsure).text
        words = [f"--dates {name}" for name in (dates.DAY_FIRST, dates.MONTH_FIRST)]
        message = f"found {show(text)}, in which day or month may come first"
        raise unsettled(sheet.grid, _where(unsure), message, words)
    return order


def _times(sheet: Sheet, blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """The places of headings and rows' names that hold times."""
    for block in blocks:
        for row in (*block.headings, *block.body):
            columns = block.names if row in block.body else range(len(sheet.kinds[row]))
            yield from ((row, column) for column in columns if sheet.kind(row, column) is Kind.TIME)


def _where(place: tuple[int, int]) -> str:
    return f"row {place[0] + 1}, column {letters(place[1])}"


def _contexts(sheet: Sheet, blocks: Sequence[Block], order: str | None) -> list[Context]:
    """What is said of each table; captions of the first hold for those below that say nothing of it."""
    contexts = [context_of(sheet, block, order) for block in blocks]
    first = contexts[0]
    for context in contexts[1:]:
        context.label = context.label.over(first.label)
        context.years = context.years or first.years
    if len(contexts) > 1:
        last = contexts[-1]  # a note below all of them speaks of all
        for context in contexts:
            context.label = context.label.over(last.label)
    return contexts


# What is said


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
    marks = {mark for figure in figures for mark in (*figure.fact.label.marks, *_notes(figure))}
    footnotes = sorted(mark for mark in marks if not mark.isalpha())
    if footnotes:
        report.remarks.append(
            f"footnote marks {', '.join(footnotes)} beside figures or headings: read the notes below the table"
        )
    states = {state for figure in figures for state in figure.statuses}
    report.remarks += [
        f"{counted(_count(figures, state), 'figure')} marked {state}" for state in sorted(states)
    ]
    if any(context.label.adjusted for context in contexts) or any(f.fact.label.adjusted for f in figures):
        report.remarks.append(
            "the figures are seasonally adjusted: no sums as published; take the unadjusted ones if there are any"
        )
    more = sum(figure.fact.cell.stored not in (None, figure.fact.cell.number) for figure in figures)
    if more:
        report.remarks.append(f"{more} cells hold more digits than they show; --digits stored takes them")


def _notes(figure: Figure) -> tuple[str, ...]:
    return figure.fact.amount.printed.marks if figure.fact.amount else ()


def _count(figures: Iterable[Figure], state: str) -> int:
    return sum(state in figure.statuses for figure in figures)
