"""Track record: targets whose outcome is known, answered as of their day; a row opens its scenario."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence

import streamlit as st

from simulator._version import __version__
from simulator.batch import record as batch
from simulator.errors import Fault
from simulator.files.outcomes import TABLE, Outcome, outcomes
from simulator.files.reading import source_of
from simulator.model.engine import simulate
from simulator.numerics.points import POINTS, SEED
from simulator.report.charts.record import calibration
from simulator.report.words import record as words
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.live import components as live
from simulator.ui.pages import explore
from simulator.ui.places import FIRST, place
from simulator.ui.widgets.charts import STYLE, chart, heading
from simulator.ui.widgets.tables import STYLE as TABLE_STYLE
from simulator.ui.widgets.tables import Column, Row, table
from simulator.ui.work import QUESTIONS, Halted
from simulator.values.numerals import counted
from simulator.workspace import record as workspace
from simulator.workspace.board import changed

KEPT = 0.3  # megabytes of a case, its scenario among them
PATIENCE = 0.3  # seconds after which progress is shown
OPENED = "record-opened"


def page() -> None:
    """The track record of what ships."""
    st.html(STYLE)
    st.title(words.TITLE, anchor=False)
    _open()
    record = _answered(outcomes())
    st.text(words.LEAD)
    st.markdown(f"**{words.summary(record)}**")
    for line in (words.verdict(record), *words.better(record)):
        st.text(line)
    if record.faults:
        st.warning(words.faulty(record))
        st.code("\n".join(words.faults(record)), language=None, wrap_lines=True)
    if record.cases:
        _parts(record)
    session.remember()


def _parts(record: batch.Record) -> None:
    heading(words.HEADINGS["cases"])
    st.caption("A target opens its scenario on Explore, as of its day.")
    live.board(workspace.content(record), "record", _remember)
    left, right = st.columns(2, gap="large")
    with left:
        chart(
            calibration(record),
            "reliability",
            lambda: (f"{POINTS} points, seed {SEED}, version {__version__}",),
        )
    with right:
        heading(words.HEADINGS["wrong"])
        for line in words.wrong(record):
            st.text(line)
    heading(words.HEADINGS["scores"])
    st.html(TABLE_STYLE)
    first, *numbers = words.SCORE_HEADS
    table(
        [Column(first), *(Column(head, "number") for head in numbers)],
        [Row(words.score_row(one)) for one in record.scores()],
        words.SCORES_CAPTION,
    )
    heading(words.HEADINGS["limits"])
    _lines(words.LIMITS)
    for name, lines in (("choice", words.CHOICE), ("reading", words.READING)):
        with st.expander(words.HEADINGS[name]):
            _lines(lines)


def _lines(lines: Sequence[str]) -> None:
    for line in lines:
        st.text(line)


def _remember(name: str) -> None:
    st.session_state[OPENED] = name


def _open() -> None:
    """Lay the scenario of the row that was clicked on the desk, and go there."""
    name = st.session_state.pop(OPENED, None)
    if name is None or not name.isdecimal():
        return
    cases = _answered(outcomes()).cases
    shipped = cases[int(name)].outcome.shipped if int(name) < len(cases) else None
    if shipped is not None:
        session.open_shipped(shipped)
        st.switch_page(place(FIRST, explore.page))


def _answered(rows: Sequence[Outcome]) -> batch.Record:
    """The record; how many rows are done is shown once that takes a while."""
    bar, begun = st.empty(), time.perf_counter()

    def answer(row: Outcome) -> batch.Entry:
        if time.perf_counter() - begun > PATIENCE:
            done = rows.index(row)
            bar.progress(done / len(rows), f"Answering {counted(len(rows), 'target')}: {done} done")
        return _entry(row)

    record = batch.record(str(TABLE), rows, answer)
    bar.empty()
    return record


def _entry(row: Outcome) -> batch.Entry:
    """What comes of a row, from what is kept where its file has not changed."""
    file = source_of(row.path).file
    stamp = changed(file) if file is not None else None
    try:
        return batch.answered(row, simulate=simulate) if stamp is None else _kept_entry(row, stamp)
    except Halted as halted:
        return batch.Entry(row.file, faults=(Fault(row.file, None, "", str(halted)),))


@kept(KEPT, key=lambda row, stamp: (row, stamp), lane=QUESTIONS)
def _kept_entry(row: Outcome, stamp: Hashable) -> batch.Entry:  # noqa: ARG001  (the stamp is part of the key)
    return batch.answered(row, simulate=simulate)
