"""What a document says of how the probability followed the news."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.analysis.track import Track
from simulator.report.charts import track as charts
from simulator.report.charts.drawing import stamp
from simulator.report.documents.blocks import Block, Cell, Column, Listing, Picture, Section, Table
from simulator.report.words import track as words


def sections(tracked: Track | None) -> Iterator[Section]:
    """The section on what moved the probability; none where no figure bears a day."""
    if tracked is not None:
        yield Section(words.TITLE, "What moved it", tuple(_blocks(tracked)))


def _blocks(tracked: Track) -> Iterator[Block]:
    result = tracked.result
    yield words.summary(tracked)
    if len(tracked.steps) > 1:
        yield Picture(charts.course(tracked), stamp(result), words.HOW[0])
    if any(step.parts for step in tracked.moves):
        yield Picture(charts.bars(tracked), stamp(result), words.HOW[1])
        yield _moves(tracked)
    if tracked.notes:
        yield Listing(tracked.notes)
    yield Listing(tuple(words.next_sentences(tracked)))
    if tracked.gaps:
        yield words.projected(tracked)
        yield Listing(tuple(words.gap_sentence(tracked, gap) for gap in tracked.gaps))
    if tracked.actuals:
        yield Picture(charts.actuals(tracked), stamp(result), words.ACTUALS_HOW)
        yield words.actuals_sentence(tracked)
    if tracked.outcome is not None:
        yield Listing(tuple(words.outcome_sentences(tracked)))


def _moves(tracked: Track) -> Table:
    columns = (
        Column("Published", width=12),
        Column("Figure", width=30),
        Column("Came to", width=30),
        Column("Moved it by, points", "points", 12),
    )
    return Table("moves", "What each new figure moved", columns, tuple(_rows(tracked)))


def _rows(tracked: Track) -> Iterator[tuple[Cell, ...]]:
    for step in tracked.moves:
        for part in step.parts:
            name, amount = words.part_name(tracked.result, part), words.came(tracked.result, part)
            yield words.day_of(step), name, amount, part.probability_points
