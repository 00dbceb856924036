"""What the brief says on one page: how likely the target is, what matters, what it takes, its basis."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import replace

from simulator import report
from simulator.analysis.effort import Effort
from simulator.analysis.evidence import Evidence
from simulator.model.result import Result
from simulator.report.charts import over_time
from simulator.report.charts.drawing import Drawing
from simulator.report.documents.assumptions import judged
from simulator.report.documents.blocks import Kind, Listing, Picture, Report, Section, legible
from simulator.report.documents.html import fragment
from simulator.report.documents.marks import day_words, stamp
from simulator.report.words import brief as words
from simulator.report.words.answer import FAN
from simulator.values.periods import quarter
from simulator.values.wording import capital

PAGE = 258.0  # millimetres of a page between its margins, less what fonts may differ by
HIGHEST = 95.0  # millimetres of the picture: it is then about as wide as the page
POINT = 25.4 / 72  # millimetres
ACROSS = 880.0  # letters of one point on a line, of fonts that are wider than most
LEADING = 1.25  # from line to line, in the size of the letters
KINDS: tuple[Kind, ...] = ("docx", "pdf", "html")  # a workbook has no pages


def shown(result: Result, effort: Effort, evidence: Evidence | None = None) -> str:
    """The brief as a part of a page: HTML in which every text is escaped."""
    return fragment(content(result, effort, evidence=evidence))


def email(result: Result, effort: Effort, evidence: Evidence | None = None) -> str:
    """The same as one paragraph of plain text, to be copied into an e-mail."""
    text: str = legible(words.email(report.title(result), result, effort, judged(result), evidence))
    return text


def content(
    result: Result, effort: Effort, today: dt.date | None = None, evidence: Evidence | None = None
) -> Report:
    """What the brief says, as data; every part of it is of a bounded length."""
    sections = (
        Section("", "", (Picture(_drawing(result), (), FAN),)),
        Section(words.measures_title(result), "", (Listing(tuple(words.measure_sentences(result))),)),
        Section(words.effort_title(effort), "", (Listing(tuple(words.effort_sentences(effort))),)),
        Section("What it rests on", "", (Listing(tuple(words.basis_sentences(result, judged(result)))),)),
    )
    written: Report = legible(
        Report(
            words.short(report.title(result), words.TITLE),
            _subtitle(result, today),
            (words.verdict(result),),
            (*words.backing(result, evidence), words.middle(result)),
            sections,
            stamp([result]),
            words.short(result.scenario.author or "", words.CASE),
            today,
        )
    )
    return replace(written, room=_room(written))


def _room(written: Report) -> float:
    """How high its picture may be, in millimetres: what the text leaves of the page, by its letters."""
    items = [item for section in written.sections for item in _items(section)]
    heads = [section.title for section in written.sections if section.title]
    parts = (
        (17, 4, [written.title]),
        (9, 3, [written.subtitle, FAN]),
        (12, 4, written.verdicts),
        (11.5, 8, heads),
        (10.5, 3, [*written.lines, *items]),
    )
    text = sum(_height(text, points) + after for points, after, texts in parts for text in texts)
    return min(HIGHEST, PAGE - text * POINT)


def _items(section: Section) -> Iterator[str]:
    """The sentences of a section's lists."""
    for block in section.blocks:
        if isinstance(block, Listing):
            yield from block.items


def _height(text: str, points: float) -> float:
    """How high a text stands that is set in letters of a size, in points."""
    return math.ceil(len(text) * points / ACROSS) * points * LEADING


def _subtitle(result: Result, today: dt.date | None) -> str:
    """The case by its own title, the day from which it is seen, and the day of the brief."""
    scenario = result.scenario
    parts = [
        *([] if _says_the_same(result) else [words.short(scenario.title, words.CASE)]),
        f"as seen on {day_words(scenario.as_of)}",
        *([f"brief of {day_words(today)}"] if today else []),
    ]
    return capital("; ".join(parts))


def _says_the_same(result: Result) -> bool:
    """Whether the case's own title only names the pair and the year of its target, as the brief's does."""
    title, asked = result.scenario.title, str(result.leading.period)
    parties = filter(None, (result.scenario.home, result.scenario.partner))
    return asked in title and all(party in title for party in parties)


def _drawing(result: Result) -> Drawing:
    """The one chart: what the leading target is about, over time."""
    target = result.leading
    quarterly = target.period == quarter(target.period.first)
    if result.target_apart and not quarterly:
        return over_time.target_fan(result)
    known = next(iter(result.yearly.values()))
    return over_time.fan(result, target.measure, "quarter" if quarterly or not known else "year")
