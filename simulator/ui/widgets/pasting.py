"""Where a table is pasted or dropped: what was read of it, and what is asked of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from simulator.files.tables.units import Scale
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.values.numerals import counted
from simulator.workspace import pasted
from simulator.workspace.pasted import PASTED, Taken

MOST_TOLD = 5  # lines of what is wrong
DAY = "YYYY-MM-DD"


@dataclass(frozen=True)
class Box:
    """A place for a table.

    Attributes:
        key: what its keys in the session begin with.
        scale: the currency and unit of the case.
        known: options of ``Choices`` that are not asked for: the pair, the start of its years.
        take: called with what came of a table in which figures were found, and the options that it took.
    """

    key: str
    scale: Scale
    known: Mapping[str, Any]
    take: Callable[[Taken, Mapping[str, Any]], None]

    def of(self, name: str) -> str:
        """A key of its own."""
        return f"{self.key}-{name}"

    @property
    def day(self) -> dt.date | None:
        """The day on which the figures came out."""
        day = st.session_state.get(self.of("day"))
        return day if isinstance(day, dt.date) else None

    @property
    def given(self) -> tuple[bytes, str] | None:
        """The table that was dropped, else the one that was pasted: its bytes and its name."""
        file, text = st.session_state.get(self.of("file")), st.session_state.get(self.of("paste")) or ""
        if file is not None:
            return file.getvalue(), file.name
        return (text.encode(), PASTED) if text.strip() else None


def fields(box: Box) -> None:
    """The fields of a table."""
    st.text_area(
        "Paste a table from a spreadsheet, with its headings",
        key=box.of("paste"),
        height=120,
        placeholder="Month\tExports\tImports\n2023-01\t20.1\t9.4\n…",
    )
    st.file_uploader(
        "Or drop a file (CSV, TSV or Excel)",
        ["csv", "tsv", "txt", "xlsx"],
        max_upload_size=session.MEGABYTES,
        key=box.of("file"),
    )
    left, right = st.columns(2)
    left.text_input("Who published it", key=box.of("source"), placeholder="Name of the office")
    right.date_input("Came out on (if known)", None, key=box.of("day"), format=DAY)


def act(box: Box) -> None:
    """The button that takes the figures; what came of them."""
    st.button("Take the figures", type="primary", on_click=_take_given, args=(box,))
    taken: Taken | None = st.session_state.get(box.of("read"))
    if taken is None:
        return
    if taken.question:
        ask(taken, box.of("choice"), partial(_settle, box))
    elif taken.faults:
        st.error("No figure was taken.")
        st.code("\n".join(taken.faults[:MOST_TOLD]), language=None, wrap_lines=True)
    else:
        _tell(taken)


def _take_given(box: Box) -> None:
    given = box.given
    if not given:
        st.session_state[box.of("read")] = Taken(faults=("Paste a table above, or drop a file, first.",))
    else:
        source = (st.session_state.get(box.of("source")) or "").strip()
        options = {"source": source, "published": box.day}
        read(box, *given, {key: value for key, value in options.items() if value})


def read(box: Box, data: bytes, name: str, options: Mapping[str, Any]) -> None:
    """Read a table, and take its figures; a question stays open until it is answered."""
    taken = pasted.taken(data, name, box.scale, {**box.known, **options})
    st.session_state[box.of("table")] = (data, name, dict(options))
    st.session_state[box.of("read")] = taken
    if taken.rows:
        box.take(taken, options)


def _settle(box: Box, options: Mapping[str, Any]) -> None:
    data, name, answered = st.session_state[box.of("table")]
    read(box, data, name, {**answered, **options})


def _tell(taken: Taken) -> None:
    """How a table was read."""
    if taken.rows:
        unit = next((line for line in taken.recognised if line.startswith("unit:")), "unit: that of the case")
        rows = f"{counted(taken.count, 'figure')} in {counted(len(taken.rows), 'row')}"
        st.success(plain(f"Taken: {rows}; {unit}."), icon=":material/check:")
    for name, items in taken.alternatives.items():
        st.text(f"Beside them, as another reading of the data: {name}, {counted(len(items), 'figure')}.")
    parts = {"Recognised": taken.recognised, "Left out": taken.left_out, "Look at": taken.remarks}
    with st.expander("How the table was read"):
        for title, lines in parts.items():
            if lines:
                st.text("\n".join([f"{title}:", *lines]))


def ask(taken: Taken, key: str, settle: Callable[..., None]) -> None:
    """What can be read in more than one way, as buttons; ``settle`` takes the options that say so."""
    st.warning("The table can be read in more than one way. Which is meant?")
    st.text(taken.question)
    with st.container(horizontal=True, key=f"{key}s"):
        for number, choice in enumerate(taken.choices):
            st.button(plain(choice.words), key=f"{key}-{number}", on_click=settle, args=(choice.options,))
