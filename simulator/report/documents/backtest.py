"""What a page says of a backtest: scores by year ahead, beside simpler forecasts, and how to read them."""

from __future__ import annotations

from collections.abc import Sequence

from simulator._version import __version__
from simulator.batch.backtest import Backtest
from simulator.report.charts import backtest as charts
from simulator.report.charts.reliability import reliability
from simulator.report.documents.blocks import Block, Column, Listing, Picture, Report, Section, Table, legible
from simulator.report.documents.html import render as html
from simulator.report.words import backtest as words
from simulator.values.wording import show


def render(tried: Backtest, name: str, sha256: str = "") -> bytes:
    """The backtest as HTML, UTF-8; the same backtest gives the same bytes.

    Args:
        tried: what ``backtest`` gave.
        name: of the table.
        sha256: of its bytes, for the record.
    """
    return html(legible(_report(tried, name, sha256)))


def _report(tried: Backtest, name: str, sha256: str) -> Report:
    stamp = f"{name}{f' (SHA-256 {sha256})' if sha256 else ''}; {tried.points} points, seed {tried.seed}, "
    return Report(
        words.title(show(name)),
        words.setting(tried),
        (words.verdict(tried),),
        tuple(filter(None, [words.beside(tried)])),
        tuple(_sections(tried, (name, f"version {__version__}"))),
        f"{stamp}version {__version__}",
        "",
        None,
    )


def _sections(tried: Backtest, stamp: tuple[str, ...]) -> list[Section]:
    known = [point for point in tried.reliability if point.n]
    chances = reliability(known, "How often what was given a chance came true", "amount", "reached")
    ranks = charts.ranks(tried.scores.ranks)
    diagram: tuple[Block, ...] = (
        Picture(chances, stamp, "Chances of all multiples, in tenths, with 95 % intervals (Wilson)."),
        _table(
            "brier",
            "Brier scores of the chances, and their parts",
            words.BRIER_HEADS,
            words.brier_rows(tried),
        ),
    )
    sections = [
        Section(
            "Totals",
            "Totals",
            (
                _table(
                    "scores",
                    "CRPS of log totals, and what bands held",
                    words.TABLE_HEADS,
                    words.score_rows(tried),
                ),
                Picture(ranks, stamp, words.ranks(tried)),
            ),
        ),
        Section("Chances", "Chances", diagram),
        Section(
            "Beside simpler forecasts",
            "Beside",
            (
                _table("against", "CRPS on the same cases", words.RIVAL_HEADS, words.rival_rows(tried)),
                Listing(words.RULES),
            ),
        ),
        Section("How to read it", "Reading", (Listing(words.LEGEND),)),
    ]
    if tried.skipped:
        left = Listing(tuple(words.skipped(tried)))
        sections.append(Section(words.skipped_title(tried), "Left out", (left,)))
    return sections


def _table(name: str, caption: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    """A table of words, its numbers to the right."""
    columns = (Column(heads[0], width=30), *(Column(head, "points", 9) for head in heads[1:]))
    return Table(name, caption, columns, tuple(rows))
