"""Compare: sets of assumptions side by side, how far apart their answers are, and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from simulator import report
from simulator.analysis.compare import Compared, Comparison, Difference, compare
from simulator.model.engine import simulate
from simulator.model.result import Result, Simulate, fingerprint
from simulator.numerics.draws import POINTS, SEED, Layout
from simulator.report.charts import compare as charts
from simulator.report.charts.drawing import Drawing
from simulator.report.words.compare import SPLIT_CAUTIOUSLY, error_sentence
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept, key_of
from simulator.ui.widgets import sets as set_widgets
from simulator.ui.widgets import tables
from simulator.ui.widgets.charts import STYLE, chart, heading, plain, spreadsheet
from simulator.ui.widgets.tables import Column, Row, table
from simulator.values.numerals import points
from simulator.values.wording import plainly
from simulator.workspace import link
from simulator.workspace.sets import Sets

KEPT = 20  # megabytes of a comparison that is kept
KEPT_DRAWING = 0.2  # megabytes
EVERY = 0.5  # seconds
MARKS = ("\u25cf", "\u25a0", "\u25b2", "\u25c6", "\u25bc", "\u271a")  # the charts' shapes, as characters
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
    if len(called) < 2:
        st.info("Pick at least two sets to compare.")
        return
    progress = st.empty()
    try:
        with st.spinner("Simulating the sets, and every mixture of them ...", show_time=True):
            comparison = compared(session.picked(), _Counted(progress))
            dots, bands = _drawn(charts.dots, comparison), _drawn(charts.bands, comparison)
    except ValueError as error:
        st.error("These sets cannot be compared.")
        st.code(plainly(error), language=None, wrap_lines=True)
        return
    progress.empty()
    _answers(comparison, dots, bands)
    _differences(comparison, sets, called)
    _assumptions(comparison)
    _notes(comparison)


# What is compared


class _Counted:
    """``simulate``, showing every half second how far it is: ten changes make a thousand mixtures."""

    def __init__(self, place: DeltaGenerator) -> None:
        self.place, self.count, self.shown = place, 0, time.monotonic()

    def __call__(
        self,
        scenario: Scenario,
        *,
        points: int = POINTS,
        seed: int = SEED,
        columns: Layout | None = None,
        twins: frozenset[str] = frozenset(),
    ) -> Result:
        result = simulate(scenario, points=points, seed=seed, columns=columns, twins=twins)
        self.count += 1
        if time.monotonic() - self.shown > EVERY:
            self.place.text(f"{self.count} simulated so far")
            self.shown = time.monotonic()
        return result


def compared(named: Mapping[str, Scenario], simulate: Simulate = simulate) -> Comparison:
    """The comparison of some sets, kept; what they are called changes nothing in it.

    Raises:
        ValueError: they cannot be compared.
    """
    return _compared(named, simulate).renamed(tuple(named))


@kept(KEPT, key=lambda named, _: key_of(tuple(named.values())))
def _compared(named: Mapping[str, Scenario], simulate: Simulate) -> Comparison:
    return compare(named, simulate=simulate)


def _drawing_key(draw: Callable[[Comparison], Drawing], comparison: Comparison) -> Hashable:
    sets = [(member.name, member.result.scenario) for member in comparison.sets]
    return draw.__name__, key_of(sets)


@kept(KEPT_DRAWING, key=_drawing_key)
def _drawn(draw: Callable[[Comparison], Drawing], comparison: Comparison) -> Drawing:
    """A chart of a comparison, kept."""
    return draw(comparison)


# Answers


def _answers(comparison: Comparison, dots: Drawing, bands: Drawing) -> None:
    heading("The answers")
    for line in report.question_sentences(comparison):
        st.text(f"{line}.")
    table(ANSWERS, _answer_rows(comparison), "The answer of each set")
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
    rows = zip(comparison.sets, report.sets_table(comparison), MARKS, charts.COLOURS, strict=False)
    return [
        Row(_answer_cells(comparison, member, row), mark=(mark, colour)) for member, row, mark, colour in rows
    ]


def _answer_cells(comparison: Comparison, member: Compared, row: Mapping[str, Any]) -> tuple[str, ...]:
    result = member.result
    value = partial(report.value, result, report.compared_target(comparison, result).quantity)
    return (
        member.name,
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
    return row["assumption"] or row["of"], *(row[name] for name in names), row["sources"]


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
    marks = "; ".join(
        f"{member.name} {fingerprint(member.result.scenario)[:12]}" for member in comparison.sets
    )
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
