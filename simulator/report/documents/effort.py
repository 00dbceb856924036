"""What a document says of what it would take to reach the target, and of what moves the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.analysis.answers import Change
from simulator.analysis.effort import Effort
from simulator.analysis.tornado import Bar
from simulator.model.result import Result
from simulator.report.charts import sensitivity as charts
from simulator.report.charts.drawing import stamp
from simulator.report.documents.blocks import Block, Cell, Column, Listing, Picture, Section, Table
from simulator.report.words import sensitivity, solve
from simulator.report.words.brief import effort_title


def sections(result: Result, effort: Effort | None, bars: Sequence[Bar]) -> Iterator[Section]:
    """The sections on what it would take and on the tornado, of what was worked out."""
    if effort is not None:
        yield Section(effort_title(effort), "What it takes", tuple(_effort(effort)))
    if bars:
        yield Section("What moves the answer", "What moves it", tuple(_tornado(result, bars)))


# What it would take


def _effort(effort: Effort) -> Iterator[Block]:
    if effort.alone.present.decided:
        yield "Nothing can change it: published figures decide the target."
        return
    answers, drivers = effort.alone, effort.alone.of_drivers
    if drivers and effort.already:
        yield solve.sentences(drivers[0])[0]
    elif drivers:
        yield f"{solve.question_sentence(answers)} {solve.reach_sentence(answers)}"
        yield _answers_table(effort)
        yield from solve.switched_on_here(answers.present.scenario, answers.switched_on)
        yield from solve.reasons(drivers, bounds=False)
    else:
        yield "The scenario has no measure with one number to turn."
    yield from solve.left_out(answers)
    if effort.together is not None:
        yield f"All of them together: {solve.way_sentence(effort.together)}"
    yield solve.target_question(effort.wanted)
    yield Listing(tuple(line for answer in answers.of_target for line in solve.sentences(answer)))


def _answers_table(effort: Effort) -> Table:
    columns = (
        Column("Measure", width=30),
        Column("Which is", width=40),
        Column("Now", width=14),
        Column(f"To reach {solve.wanted_percent(effort.wanted)}", width=26),
        Column("Probability then", "probability", 11),
    )
    rows = tuple(map(_row, effort.alone.of_drivers))
    return Table("effort", "What each measure alone would have to be", columns, rows)


def _row(answer: Change) -> tuple[Cell, ...]:
    ((name, now, then),) = solve.moves(answer)
    helps = answer.probability > answer.present.probability
    best = f"out of reach, even at {then}" if helps else "out of reach; no change helps"
    return name, answer.help, now, then if answer.feasible else best, answer.probability


# What moves the answer


def _tornado(result: Result, bars: Sequence[Bar]) -> Iterator[Block]:
    shown = charts.moving(bars)[: charts.MOST_BARS]
    if not shown:
        yield sensitivity.NOTHING_MOVES
        return
    yield Picture(charts.bars_drawn(result, bars), stamp(result), sensitivity.TORNADO_HELP[0])
    yield _bars_table(result, shown)
    if others := bars[len(shown) :]:
        yield sensitivity.other_bars(others)
    yield sensitivity.TORNADO_HELP[1]


def _bars_table(result: Result, bars: Sequence[Bar]) -> Table:
    columns = (
        Column("Unknown", width=30),
        Column("Low", width=14),
        Column("High", width=14),
        Column("Probability at low", "probability", 11),
        Column("Probability at high", "probability", 11),
        Column("Rests on", width=14),
        Column("Path of --set", width=34, spare=True),
    )
    rows = tuple(_bar(result, bar) for bar in bars)
    return Table("tornado", "The probability with one unknown at a time at its ends", columns, rows)


def _bar(result: Result, bar: Bar) -> tuple[Cell, ...]:
    low, high = sensitivity.end_words(result, bar)
    ends = bar.low.probability, bar.high.probability
    return bar.name, low, high, *ends, sensitivity.rests_on(bar), bar.path
