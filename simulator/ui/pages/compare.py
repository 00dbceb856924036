"""Compare: sets of assumptions side by side, how far apart their answers are, and why."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import streamlit as st

from simulator import report
from simulator.analysis.compare import Comparison, Difference, compare
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report.charts import compare as charts
from simulator.report.charts.drawing import Drawing
from simulator.report.words.compare import (
    SPLIT_CAUTIOUSLY,
    error_sentence,
    restated_sentence,
    unfit_sentence,
)
from simulator.scenario import Scenario, Target
from simulator.ui import session
from simulator.ui.kept import kept, key_of
from simulator.ui.widgets import sets as set_widgets
from simulator.ui.widgets import tables
from simulator.ui.widgets.answers import faults_shown
from simulator.ui.widgets.charts import STYLE, chart, heading, plain, spreadsheet
from simulator.ui.widgets.tables import Column, Row, table
from simulator.ui.work import QUESTIONS
from simulator.values.numerals import points
from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.sets import Sets

KEPT = 20  # megabytes of a comparison that is kept
KEPT_DRAWING = 0.2  # megabytes
MARKS = ("\u25cf", "\u25a0", "\u25b2", "\u25c6", "\u25bc", "\u271a")  # the charts' shapes, as characters
OUTSIDE = "\u2013"  # before a set that stands apart
ANSWERS = (
    Column("Set"),
    *(
        Column(head, "number")
        for head in ("Probability", "Range", "Median", "80 % band", "Typical shortfall when missed")
    ),
    Column("Scenario", "long"),
)
PARTS = (
    Column("Change"),
    *(Column(head, "number") for head in ("Points", "Made first", "Made last")),
)


def page() -> None:
    """The page."""
    desk, sets = session.desk(), session.sets()
    st.html(STYLE + tables.STYLE)
    st.title("Compare sets of assumptions", anchor=False)
    set_widgets.toolbar(desk, sets)
    session.tell_complaints(*st.session_state.set_complaints)
    session.tell_faults()
    session.write_link(link.of_sets(sets, desk))
    called = sets.called(desk)
    if not called:
        st.info("Pick at least two sets to compare.")
        return
    with faults_shown("These sets cannot be compared."):
        apart = _apart(desk, sets, called)
        if len(called) - len(apart) < 2:
            _alone(desk, sets, called, apart)
        else:
            _compared_sets(sets, called, apart)


@dataclass(frozen=True)
class Apart:
    """A set that is picked and cannot be set against the first: its own answer, and why it stands apart."""

    name: str
    result: Result
    why: str


def _apart(desk: Desk, sets: Sets, called: Mapping[str, str]) -> Sequence[Apart]:
    """The sets that stand apart from the first."""
    first = next(iter(called))
    origin = sets.scenario(desk, first)
    apart = []
    for id, why in sets.apart(desk).items():
        other = sets.scenario(desk, id)
        sentence = unfit_sentence((called[first], called[id]), origin, other, why)
        apart.append(Apart(called[id], session.answer(other), sentence))
    return apart


def _alone(desk: Desk, sets: Sets, called: Mapping[str, str], apart: Sequence[Apart]) -> None:
    """The answer of the one set that is left, and why no other stands beside it."""
    id, name = next(iter(called.items()))
    result = session.answer(sets.scenario(desk, id))
    heading("The answer")
    row = Row(_cells(name, result, result.leading), mark=(MARKS[0], charts.COLOURS[0]))
    table(ANSWERS, [row, *map(_row_apart, apart)], "The answer of each set")
    for other in apart:
        st.text(other.why)
    st.info(
        "Pick at least two sets to compare." if not apart else "Pick another set to compare with this one."
    )


def _compared_sets(sets: Sets, called: Mapping[str, str], apart: Sequence[Apart]) -> None:
    """The sets side by side; those that stand apart below them."""
    with st.spinner("Simulating the sets, and every mixture of them ...", show_time=True):
        comparison = compared(session.picked())
        dots, bands = _drawn(charts.dots, comparison), _drawn(charts.bands, comparison)
    _answers(comparison, dots, bands, apart)
    _differences(comparison, sets, {id: name for id, name in called.items() if name in comparison.names})
    _assumptions(comparison)
    _notes(comparison)


# What is compared


def compared(named: Mapping[str, Scenario]) -> Comparison:
    """The comparison of some sets, kept; what they are called changes nothing in it.

    Raises:
        ValueError: they cannot be compared.
    """
    return _compared(named).renamed(tuple(named))


@kept(KEPT, key=lambda named: key_of(tuple(named.values())), lane=QUESTIONS)
def _compared(named: Mapping[str, Scenario]) -> Comparison:
    return compare(named, simulate=simulate)


def _drawing_key(draw: Callable[[Comparison], Drawing], comparison: Comparison) -> Hashable:
    sets = [(member.name, member.result.scenario) for member in comparison.sets]
    return draw.__name__, key_of(sets)


@kept(KEPT_DRAWING, key=_drawing_key)
def _drawn(draw: Callable[[Comparison], Drawing], comparison: Comparison) -> Drawing:
    """A chart of a comparison, kept."""
    return draw(comparison)


# Answers


def _answers(comparison: Comparison, dots: Drawing, bands: Drawing, apart: Sequence[Apart]) -> None:
    heading("The answers")
    for line in report.question_sentences(comparison):
        st.text(f"{line}.")
    rows = [*_answer_rows(comparison), *map(_row_apart, apart)]
    table(ANSWERS, rows, "The answer of each set")
    restated = restated_sentence(comparison)
    for line in (*([restated] if restated else []), *(other.why for other in apart)):
        st.text(line)
    _save(comparison, "sets", report.sets_table)
    stamp = partial(charts.stamp, comparison)
    left, right = st.columns(2, gap="large")
    with left:
        chart(dots, "probabilities", stamp)
        heading("How far apart")
        for difference in comparison.differences:
            st.text(report.difference_sentence(comparison, difference))
    with right:
        if bands.rows:
            chart(bands, "bands", stamp)
        missing = charts.untold(comparison)
        if missing:
            measure = comparison.first.leading.quantity.name
            st.text(f"The figures of {', '.join(missing)} do not tell {measure}.")


def _answer_rows(comparison: Comparison) -> list[Row]:
    rows = zip(comparison.sets, MARKS, charts.COLOURS, strict=False)
    return [
        Row(
            _cells(member.name, member.result, report.compared_target(comparison, member.result)),
            mark=(mark, colour),
        )
        for member, mark, colour in rows
    ]


def _row_apart(apart: Apart) -> Row:
    """A set that stands apart: grey, with its own answer in its own money."""
    return Row(_cells(apart.name, apart.result, apart.result.leading), "apart", mark=(OUTSIDE, "inherit"))


def _cells(name: str, result: Result, target: Target) -> tuple[str, ...]:
    row, value = report.set_row(name, result, target), partial(report.value, result, target.quantity)
    return (
        name,
        report.probability(result),
        report.alternatives_span(result),
        value(row["p50"]),
        f"{value(row['p10'])} \u2013 {value(row['p90'])}",
        report.missed_by(result, row["shortfall_if_missed"]),
        result.scenario.title,
    )


# Differences


def _differences(comparison: Comparison, sets: Sets, called: Mapping[str, str]) -> None:
    difference = _against(comparison, sets, called)
    if not difference.attribution:
        return
    left, right = st.columns(2, gap="large")
    with left:
        chart(charts.waterfall(comparison, difference), "gap", partial(charts.stamp, comparison))
    with right:
        heading("What the difference comes from")
        st.text(SPLIT_CAUTIOUSLY)
        _parts(comparison, difference)
        sentence = report.interaction_sentence(difference)
        for line in [*([sentence] if sentence else []), *difference.notes]:
            st.text(line)


def _against(comparison: Comparison, sets: Sets, called: Mapping[str, str]) -> Difference:
    """The difference that is shown step by step."""
    others = list(called)[1:]
    if len(others) == 1:
        return comparison.differences[0]
    st.session_state["compare-against"] = sets.against if sets.against in others else others[0]
    st.segmented_control(
        f"Step by step from {plain(comparison.names[0])} to",
        others,
        key="compare-against",
        required=True,
        format_func=lambda id: plain(called[id]),
        on_change=_split,
    )
    return comparison.differences[others.index(st.session_state["compare-against"])]


def _split() -> None:
    session.sets().against = st.session_state["compare-against"]


def _parts(comparison: Comparison, difference: Difference) -> None:
    rows = [Row(_part_cells(row)) for row in report.parts_table(comparison, difference)]
    if len(rows) > 2:
        rows[-1] = replace(rows[-1], kind="last")
    else:  # one change is all of the difference
        rows = rows[:1]
    table(PARTS, rows, f"From {difference.origin} to {difference.to}")
    _save(comparison, "differences", _all_parts)


def _part_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        row["change"],
        points(row["probability_points"]),
        points(row["first_points"]),
        points(row["last_points"]),
    )


def _all_parts(comparison: Comparison) -> report.Table:
    """The parts of every difference."""
    return [
        {"from": difference.origin, "to": difference.to, **row}
        for difference in comparison.differences
        for row in report.parts_table(comparison, difference)
    ]


# Assumptions


def _assumptions(comparison: Comparison) -> None:
    heading("The assumptions that differ")
    rows = _all_assumptions(comparison)
    if not rows:
        st.text("There are none: the sets hold the same assumptions.")
        return
    names = comparison.names
    st.text(f"Blank where a set has what {names[0]} has.")
    columns = [Column("Assumption"), *map(Column, names), Column("Where from", "long")]
    shown: list[Row] = []
    for owner, group in groupby(rows, key=itemgetter("of")):
        members = list(group)
        if members[0]["assumption"]:  # else its own row heads the group
            shown.append(Row((owner,), "group"))
        shown += [Row(_assumption_cells(row, names)) for row in members]
    table(columns, shown, "The assumptions that differ")
    _save(comparison, "assumptions", _all_assumptions)


def _assumption_cells(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return (
        row["assumption"] or row["of"],
        *(row[name].replace(" %", "\u00a0%") for name in names),
        row["sources"],
    )


def _all_assumptions(comparison: Comparison) -> report.Table:
    """The assumptions that differ, with where their values come from."""
    rows = zip(report.assumptions_table(comparison), report.sources_table(comparison), strict=True)
    return [{**row, "sources": sources} for row, (_, sources) in rows]


def _notes(comparison: Comparison) -> None:
    notes = report.note_sentences(comparison)
    if notes:
        heading("Notes")
    for note in notes:
        st.text(note)
    marks = "; ".join(f"{member.name} {member.fingerprint[:12]}" for member in comparison.sets)
    st.text(
        f"Details: {error_sentence(comparison)}; all sets on the same {comparison.points} points, "
        f"seed {comparison.seed}. Scenarios: {marks}"
    )


def _save(comparison: Comparison, name: str, tabulate: Callable[[Comparison], report.Table]) -> None:
    """A button that hands over a table as CSV."""
    st.download_button(
        "Table as CSV",
        lambda: spreadsheet(report.to_csv(tabulate(comparison))),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"compare-table-{name}",
    )
