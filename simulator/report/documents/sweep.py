"""A sweep's chart as a page: the picture, how far the probability runs, which sets have no answer."""

from __future__ import annotations

from simulator.batch.sets import Sweep
from simulator.batch.sweep import Summary
from simulator.model.result import Result
from simulator.report.amounts import wish
from simulator.report.charts.drawing import stamp
from simulator.report.charts.sweep import Rows, drawing
from simulator.report.documents.blocks import Block, Listing, Picture, Report, Section, legible
from simulator.report.documents.html import render as html
from simulator.report.words import sweep as words

READING = Section("How to read it", "Reading", (Listing((words.KNOBS, words.COMMON)),))


def render(asked: Sweep, rows: Rows, summary: Summary, present: Result) -> bytes:
    """The chart of a sweep as HTML, UTF-8; the same sweep gives the same bytes.

    Args:
        asked: one or two axes with more than one value.
        rows: the table's, in order.
        summary: of them.
        present: the scenario as it stands.
    """
    picture = drawing(asked, rows, present)
    reading = words.reading(
        surface=picture.name == "map",
        named="x" in picture.rows[0] and isinstance(picture.rows[0]["x"], str),
        even=any(row.get("part") == "wanted" for row in picture.rows),
    )
    blocks: list[Block] = [Picture(picture, stamp(present), reading)]
    if refusals := tuple(line.strip() for line in words.refusals(summary)):
        blocks.append(Listing(refusals))
    report = Report(
        present.scenario.title,
        f"The probability that {wish(present)}, as of {present.scenario.as_of}",
        (words.headline(summary),),
        (words.setting(asked), *words.extremes(summary)),
        (Section("The probability", "Probability", tuple(blocks)), READING),
        words.details(asked, summary),
        "",
        None,
    )
    return html(legible(report))
