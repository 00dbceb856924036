"""Board: all targets of the office's folder in one table; a row opens its file on Explore."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from pathlib import Path

import streamlit as st

from simulator.batch import board as batch
from simulator.model.engine import simulate
from simulator.report.words import board as words
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.live import components as live
from simulator.ui.pages import explore
from simulator.ui.places import FIRST, place
from simulator.ui.widgets import rounds, tables
from simulator.ui.widgets.charts import STYLE, plain
from simulator.ui.work import QUESTIONS
from simulator.values.limits import BOARD_FILES
from simulator.values.numerals import counted
from simulator.workspace import board as workspace
from simulator.workspace.folder import Folder

KEPT = 0.3  # megabytes of a row, its scenario among them
PATIENCE = 0.3  # seconds after which progress is shown
OPENED = "board-opened"


def page() -> None:
    """The board of the folder that the page was started with."""
    st.html(STYLE + tables.STYLE)
    st.title("Board", anchor=False)
    _open()
    office = session.folder()
    files = [] if office is None else [office.file(name) for name in office.names()]
    if office is None or not files:
        _tell_empty(office)
        return
    if more := BOARD_FILES.exceeded(len(files)):
        st.warning(plain(more))
        return
    rounds.button()
    rounds.opened(files)
    answered = batch.board(office.path, files, _Progress(len(files)).answer)
    st.text(words.summary(answered))
    _tell_faults(answered)
    if answered.rows:
        live.board(workspace.content(answered, session.drafts().kept), "board", _remember)
    with st.expander("How to read it"):
        for line in words.LEGEND:
            st.text(line)
    session.remember()


def _tell_empty(office: Folder | None) -> None:
    """How the first file comes into the folder."""
    if office is None:
        st.info("There is no folder: start the page with app --folder DIR.")
        return
    st.info(
        plain(f"The folder {office.title} holds no scenario file yet: make a case, or save an example there.")
    )
    with st.container(horizontal=True):
        if st.button("Make a case", type="primary", key="first-case"):
            session.go("Make a case")
        if st.button("Look at an example", key="first-example"):
            session.go(FIRST)


def _remember(name: str) -> None:
    st.session_state[OPENED] = name


def _open() -> None:
    """Lay the file of the row that was clicked on the desk, and go there."""
    name = st.session_state.pop(OPENED, None)
    if name is None:
        return
    faults = session.open_own(name)
    if faults:
        st.error(plain(f"{name} cannot be opened."))
        st.code(faults, language=None, wrap_lines=True)
    else:
        st.switch_page(place(FIRST, explore.page))


def _tell_faults(answered: batch.Board) -> None:
    if not answered.faults:
        return
    st.warning(words.faulty(answered))
    st.code("\n".join(words.faults(answered)), language=None, wrap_lines=True)


class _Progress:
    """Answers file by file, and shows how many are done once that takes a while."""

    def __init__(self, count: int) -> None:
        self.count, self.done, self.begun = count, 0, time.perf_counter()
        self.bar = st.empty()

    def answer(self, file: Path) -> batch.Entry:
        entry = batch.entry(file, lambda: _rows(file))
        self.done += 1
        if self.done == self.count:
            self.bar.empty()
        elif time.perf_counter() - self.begun > PATIENCE:
            text = f"Answering {counted(self.count, 'file')}: {self.done} done"
            self.bar.progress(self.done / self.count, text)
        return entry


def _rows(file: Path) -> Sequence[batch.Row]:
    """The rows of a file, from what is kept where it has not changed.

    Raises:
        ScenarioError: with every fault of the file.
    """
    stamp = workspace.changed(file)
    return batch.rows_of_file(file, simulate=simulate) if stamp is None else _kept_rows(file, stamp)


@kept(lambda rows: KEPT * len(rows), key=lambda file, stamp: (str(file), stamp), lane=QUESTIONS)
def _kept_rows(file: Path, stamp: Hashable) -> Sequence[batch.Row]:  # noqa: ARG001  (the stamp is the key)
    return batch.rows_of_file(file, simulate=simulate)
