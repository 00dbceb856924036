"""A month's round as a page: each target before and after, what moved it, the figures, what stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulator._version import __version__
from simulator.batch.board import EVEN
from simulator.batch.observe import Round, Update
from simulator.report.documents.blocks import Block, Cell, Column, Listing, Report, Section, Table, legible
from simulator.report.documents.marks import day_words
from simulator.report.words import board
from simulator.report.words import observe as words
from simulator.values.numerals import percent

TARGETS = (
    Column("File", width=16),
    Column("Target", width=30),
    Column("Before", width=9),
    Column("After", width=9),
    Column("Points", "points", 7),
    Column("Moved by", width=26),
    Column("State", width=18),
)
FIGURES = (
    Column("File", width=22, spare=True),
    Column("Figure", width=36),
    Column("Beside the same months a year earlier", width=36),
)


def content(done: Round, today: dt.date | None = None) -> Report:
    """What the page says; nothing is worked out here.

    Args:
        done: what ``batch.observe`` gave.
        today: the day that it is dated; left out, it bears no date.
    """
    parts = (
        ("Every target, before and after", "Targets", tuple(_targets(done))),
        ("The figures", "Figures", tuple(_figures(done))),
        ("What to know", "Notes", tuple(_notes(done))),
    )
    written: Report = legible(
        Report(
            f"What changed with {done.table}",
            f"Report of {day_words(today)}" if today else "",
            (words.summary(done),),
            (*words.looks(done), *words.crossings(done)),
            tuple(Section(title, sheet, blocks) for title, sheet, blocks in parts if blocks),
            f"version {__version__}",
            "",
            today,
        )
    )
    return written


def _targets(done: Round) -> Iterator[Block]:
    rows = tuple(row for update in done.updates for row in _rows(update))
    if rows:
        yield Table("targets", "Probability that each target is reached", TARGETS, rows)
        yield f"On track: at least as likely as not ({percent(EVEN)})."


def _rows(update: Update) -> Iterator[tuple[Cell, ...]]:
    for moved in update.moved:
        before, after = board.state(moved.was), board.state(moved.now)
        yield (
            update.file.name,
            words.called(moved),
            board.probability(moved.was),
            board.probability(moved.now),
            moved.points,
            words.moved_by(update),
            after if before == after else f"{before}, now {after.lower()}",
        )


def _figures(done: Round) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    for update in done.updates:
        beside = {one.figure: words.year_ago(update, one) for one in update.years_ago}
        rows += [(update.file.name, met.words, beside.get(met.figure, "")) for met in update.noted.new]
    if rows:
        yield Table("figures", "New and revised figures, as printed", FIGURES, tuple(rows))


def _notes(done: Round) -> Iterator[Block]:
    lines = [line for line in map(words.days, done.updates) if line]
    lines += [line for update in done.updates for line in words.refused(update)]
    lines += [f"{update.file.name}: {update.fault}" for update in done.updates if update.fault]
    if lines:
        yield Listing(tuple(lines))
    if done.left:
        yield "These files stay as they are:"
        yield Listing(tuple(map(words.left, done.left)))
