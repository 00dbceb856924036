"""A month's table into every file of the folder: what would change, a yes, and a page of what did."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from simulator.batch.observe import Round, Table, observe
from simulator.errors import Unsettled
from simulator.model.engine import simulate
from simulator.report.documents import blocks
from simulator.report.documents.contents import rendered
from simulator.report.documents.observe import content
from simulator.stopping import go_on
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets import dialogs, pasting, tables
from simulator.ui.widgets.charts import heading, plain
from simulator.ui.work import QUESTIONS, beside, halts_shown
from simulator.values.numerals import counted
from simulator.workspace import board, pasted
from simulator.workspace.rounds import write

NAME = "Figures of a month"
ANSWERS, WRITTEN = "round-answers", "round-written"
KEPT = 0.5  # megabytes of a file that is changed, its targets before and after
KINDS: tuple[tuple[blocks.Kind, str], ...] = (
    ("html", "text/html"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)


def button() -> None:
    """The button that opens it."""
    dialogs.button(
        NAME,
        ":material/table_view:",
        f"{NAME} …",
        key="round",
        help="Put a statistics office's table into every file that it concerns",
    )


def opened(files: Sequence[Path]) -> None:
    """The dialog, where it is open."""
    if st.session_state.get(dialogs.OPENED) == NAME:
        _dialog(files)


def _close() -> None:
    dialogs.close()
    for key in (ANSWERS, WRITTEN):
        st.session_state.pop(key, None)


@st.dialog(NAME, width="large", on_dismiss=_close)
def _dialog(files: Sequence[Path]) -> None:
    """A table, and what it changes; nothing is written before a yes."""
    if WRITTEN in st.session_state:
        _tell_written(*st.session_state[WRITTEN])
        return
    st.text("A table is held against every file of the folder. Nothing is written before you say so.")
    file = st.file_uploader(
        "The office's table (CSV, TSV or Excel)",
        ["csv", "tsv", "txt", "xlsx"],
        max_upload_size=session.MEGABYTES,
        key="round-file",
    )
    left, right = st.columns(2)
    day = left.date_input("Came out on", None, key="round-day", format="YYYY-MM-DD")
    source = right.text_input("Who published it", key="round-source", placeholder="Name of the office")
    moves = st.checkbox(
        "See every target from that day on",
        True,
        key="round-moves",
        help="Else the new figures wait in the files, and count once the day of a file is moved.",
    )
    if file is None or not isinstance(day, dt.date):
        st.text("Give the table, and the day on which its figures came out.")
        return
    options = {"published": day, **({"source": source.strip()} if source.strip() else {})}
    table = Table(file.getvalue(), file.name, options | st.session_state.get(ANSWERS, {}))
    with halts_shown():
        _tell(_answered(files, table, day if moves else None))


def _tell(done: Round) -> None:
    """What the table changes, with the button that writes it; before that what is to be settled."""
    if _asked(done):
        return
    _show(done)
    count = len(done.writes)
    if count and st.button(f"Write {counted(count, 'file')}", type="primary", key="round-write"):
        st.session_state[WRITTEN] = done, write(done)
        st.rerun(scope="fragment")


def _answered(files: Sequence[Path], table: Table, as_of: dt.date | None) -> Round:
    """What the table changes; worked out once for the same table and files.

    Raises:
        Halted: it took too long or was cancelled.
    """
    stamps = tuple(map(board.changed, files))
    if None in stamps:  # a file has gone: what it said cannot be known again
        asked = _round_key(files, table, as_of, stamps)
        return beside(NAME, asked, partial(_held_against, files, table, as_of))
    return _kept_round(tuple(files), table, as_of, stamps)


def _held_against(files: Sequence[Path], table: Table, as_of: dt.date | None) -> Round:
    return observe(files, table, simulate=simulate, as_of=as_of, progress=lambda _: go_on())


def _round_key(files: Sequence[Path], table: Table, as_of: dt.date | None, stamps: Hashable) -> Hashable:
    digest = hashlib.sha256(table.data).digest()
    return tuple(map(str, files)), table.name, digest, repr(table.options), as_of, stamps


@kept(lambda done: KEPT * (1 + len(done.updates)), key=_round_key, lane=QUESTIONS)
def _kept_round(
    files: Sequence[Path],
    table: Table,
    as_of: dt.date | None,
    stamps: Hashable,  # noqa: ARG001  (they are part of the key)
) -> Round:
    return _held_against(files, table, as_of)


def _asked(done: Round) -> bool:
    """What of the table can be read in more than one way, as buttons, the first question only."""
    error = next((note.error for note in done.left if isinstance(note.error, Unsettled)), None)
    asked = pasted.question(error) if error is not None else None
    if asked is None or not asked.choices:
        return False
    pasting.ask(asked, "round-choice", _settle)
    return True


def _settle(options: Any) -> None:
    st.session_state[ANSWERS] = {**st.session_state.get(ANSWERS, {}), **options}


def _show(done: Round) -> None:
    """The page of what changes."""
    page = content(done)
    for line in (*page.verdicts, *page.lines):
        st.text(line)
    for section in page.sections:
        heading(section.title)
        for block in section.blocks:
            _block(block)


def _block(block: blocks.Block) -> None:
    if isinstance(block, blocks.Table):
        columns = [
            tables.Column(column.head, "words" if column.form == "text" else "number")
            for column in block.narrow
        ]
        rows = [tables.Row(cells) for _, members in block.groups() for cells in members]
        tables.table(columns, rows, block.caption)
    elif isinstance(block, blocks.Listing):
        st.text("\n".join(f"\u2022 {item}" for item in block.items))
    else:
        st.text(str(block))


def _tell_written(done: Round, lost: Sequence[str]) -> None:
    """What was written, and the page of it to take away."""
    written = len(done.writes) - len(lost)
    st.success(plain(f"{counted(written, 'file')} written."), icon=":material/check:")
    if lost:
        st.error("These are left as they are.")
        st.code("\n".join(lost), language=None, wrap_lines=True)
    page = content(done, dt.date.today())
    for line in (*page.verdicts, *page.lines):
        st.text(line)
    with st.container(horizontal=True):
        for kind, mime in KINDS:
            st.download_button(
                f"What changed, as {kind.upper()}",
                rendered(page, kind),
                f"what-changed.{kind}",
                mime,
                key=f"round-{kind}",
                on_click="ignore",
            )
    if st.button("Close", key="round-close"):
        _close()
        st.rerun()
