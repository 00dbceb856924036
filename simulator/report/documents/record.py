"""What a document says of a track record: misses and hits, scores, the diagram, every target, the limits."""

from __future__ import annotations

from collections.abc import Iterator

from simulator._version import __version__
from simulator.batch.record import By, Case, Record
from simulator.report.charts.record import calibration
from simulator.report.documents.blocks import Cell, Column, Listing, Picture, Report, Section, Table, legible
from simulator.report.words import record as words

CASE_COLUMNS = (
    Column("Target", width=34),
    Column("As of", width=12),
    Column(words.HEADS["probability"], "decided"),
    Column(words.HEADS["class"], "part"),
    Column(words.HEADS["drift"], "part"),
    Column(words.HEADS["state"], width=10),
    Column("Of the target", width=8),
    Column(words.HEADS["brier"], width=8),
    Column("Log score", width=8),
    Column("Scenario", width=24),
)
GROUP_COLUMNS = (
    Column("Targets", width=8),
    Column("Chance given, on average", "part"),
    Column("Reached", width=8),
    Column("Share reached", "part"),
    Column("95 % interval, from", "part"),
    Column("to", "part"),
)
SOURCE_COLUMNS = (Column("Target", width=34), Column("Outcome", width=10), Column("Source", width=90))


def content(record: Record, points: int, seed: int) -> Report:
    """The record as a document."""
    lines = (words.verdict(record), *words.better(record), *([words.faulty(record)] if record.faults else []))
    report: Report = legible(
        Report(
            words.TITLE,
            words.LEAD,
            (words.summary(record),),
            tuple(filter(None, lines)),
            tuple(_sections(record)) if record.cases else (),
            f"{points} points, seed {seed}, version {__version__}",
            "",
            None,
        )
    )
    return report


def _sections(record: Record) -> Iterator[Section]:
    picture = Picture(calibration(record), (), words.READING[-1])
    yield Section(words.HEADINGS["wrong"], "Wrong", (Listing(tuple(words.wrong(record))),))
    yield Section(words.HEADINGS["scores"], "Scores", (_scores(record),))
    yield Section(words.HEADINGS["diagram"], "Diagram", (picture, _groups(record)))
    yield Section(words.HEADINGS["cases"], "Targets", (_cases(record), _sources(record)))
    yield Section(words.HEADINGS["reading"], "Reading", (Listing(words.READING[:-1]),))
    yield Section(words.HEADINGS["limits"], "Limits", (Listing(words.LIMITS),))
    if words.shipped(record):
        yield Section(words.HEADINGS["choice"], "Choice", (Listing(words.CHOICE),))


def _scores(record: Record) -> Table:
    columns = tuple(Column(head, width=12) for head in words.SCORE_HEADS)
    return Table("scores", words.SCORES_CAPTION, columns, tuple(map(words.score_row, record.scores())))


def _groups(record: Record) -> Table:
    rows = tuple(
        (str(point.n), point.chance, str(point.hits), point.share, point.low, point.high)
        for point in record.reliability()
    )
    return Table("groups", "The diagram in numbers, by groups of chances", GROUP_COLUMNS, rows)


def _cases(record: Record) -> Table:
    return Table("cases", words.CASES_CAPTION, CASE_COLUMNS, tuple(map(_case, record.cases)))


def _case(case: Case) -> tuple[Cell, ...]:
    ratio = case.outcome.over_target
    return (
        f"{words.between(case)}: {words.target(case)}",
        str(case.scenario.as_of),
        case.chance,
        case.chances[By.CLASS],
        case.chances[By.DRIFT],
        words.outcome(case),
        "" if ratio is None else f"{ratio:.2f}",
        words.score(case.brier),
        words.score(case.log_score),
        case.outcome.file,
    )


def _sources(record: Record) -> Table:
    rows = tuple(
        (
            words.between(case),
            words.outcome(case),
            "; ".join(filter(None, (case.outcome.source, words.known(case)))),
        )
        for case in record.cases
    )
    return Table("sources", "Whose outcome it is", SOURCE_COLUMNS, rows)
