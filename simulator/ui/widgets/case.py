"""The case that is being made: its form in the session, what its fields hold, and its table of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import pandas as pd
import streamlit as st

from simulator.files.tables.units import Scale
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.values.numerals import counted
from simulator.workspace import builder, grid, pasted
from simulator.workspace.builder import Made, Problem
from simulator.workspace.form import Form, Goal, today
from simulator.workspace.pasted import PASTED, Taken

FORM, MADE, STEP = "case", "case-made", "case-step"
TABLE, READ = "case-table", "case-read"  # what was pasted or dropped with its options, and what came of it
GRID, SHOWN, WARNED = (
    "case-grid",
    "case-shown",
    "case-warned",
)  # number of the editor, its rows, their warnings
LOOK = "Look at"
HEADS = {"period": "Period", **{name: name.capitalize() for name in grid.MEASURES}}
HEADS |= {"published": "Came out on", "source": "Source"}
EMPTY_ROWS = 3
MOST_TOLD = 5  # lines of how a table was read, or of what is wrong
GOAL_FIELDS = tuple(field.name for field in fields(Goal))
FIELDS = ("nation", "home", "partner", "currency", "unit", "as_of", "title", "name")


# The form


def form() -> Form:
    """The form of this session, with what its fields hold now."""
    if FORM not in st.session_state:
        st.session_state[FORM] = Form(as_of=today())
    present: Form = st.session_state[FORM]
    waiting = session.drafts().kept.get(builder.KEPT_AS)
    if waiting and builder.KEPT_AS not in session.drafts().begun and not present.begun:
        kept = builder.unpacked(waiting.word)
        if kept is not None:
            replace(kept)
            present = kept
    _read(present)
    return present


def replace(other: Form) -> None:
    """Take another form in place of the present one, and forget what the fields held."""
    for key in [key for key in st.session_state if str(key).startswith("case-")]:
        del st.session_state[key]
    st.session_state[FORM] = other


def start_afresh() -> None:
    """An empty form; the one that was kept is forgotten."""
    session.drafts().forget(builder.KEPT_AS)
    replace(Form(as_of=today()))


def keep(present: Form) -> None:
    """Let the browser keep the form, so that a reload loses nothing."""
    if present.begun:
        title = present.headline if present.home else "A new case"
        session.drafts().keep(builder.KEPT_AS, title, builder.packed(present))


def _read(present: Form) -> None:
    """Put what the fields hold into the form: those of a step that is not shown keep what they held."""
    for name in FIELDS:
        _take(present, name, f"case-{name}")
    for number, goal in enumerate(present.goals):
        for name in GOAL_FIELDS:
            _take(goal, name, f"case-goal-{number}-{name}")
    raw = st.session_state.get(_grid_key())
    if raw and SHOWN in st.session_state:
        present.rows = grid.revised(st.session_state[SHOWN], raw)


def _take(holder: Any, name: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is not None:
        setattr(holder, name, value)


def made(present: Form) -> Made:
    """What came of the form, worked out once for each state of it."""
    word = repr(present)
    if MADE not in st.session_state or st.session_state[MADE][0] != word:
        st.session_state[MADE] = word, builder.made(present)
    result: Made = st.session_state[MADE][1]
    return result


# The table of figures


def _grid_key() -> str:
    return f"{GRID}-{st.session_state.get(GRID, 0)}"


def lay_out(rows: list[grid.Row]) -> None:
    """Show other rows: an editor of its own begins with them."""
    st.session_state[GRID] = st.session_state.get(GRID, 0) + 1
    st.session_state[SHOWN] = [dict(row) for row in rows]


def figures(present: Form, result: Made) -> None:
    """The editable table; a row with something odd says so in its own cell."""
    warnings = _by_row(result.of(builder.FIGURES))
    if _grid_key() not in st.session_state or warnings != st.session_state.get(WARNED):
        lay_out(present.rows or [{} for _ in range(EMPTY_ROWS)])
        st.session_state[WARNED] = warnings
    rows = st.session_state[SHOWN]
    config = {name: st.column_config.TextColumn(head) for name, head in HEADS.items()}
    config[LOOK] = st.column_config.TextColumn(LOOK, disabled=True, width="medium")
    st.data_editor(
        _frame(rows, warnings),
        hide_index=True,
        num_rows="dynamic",
        key=_grid_key(),
        column_config=config,
        height=min(36 * (len(rows) + 2), 460),
    )


def _frame(rows: Sequence[grid.Row], warnings: Mapping[int, Sequence[str]]) -> pd.DataFrame:
    """The rows as the editor takes them, with what is odd about each where anything is."""
    columns = {name: [row.get(name, "") for row in rows] for name in grid.COLUMNS}
    frame = pd.DataFrame(columns, dtype=str)
    if warnings:
        frame.insert(1, LOOK, [" ".join(warnings.get(number, ())) for number in range(1, len(rows) + 1)])
    return frame


def _by_row(problems: tuple[Problem, ...]) -> dict[int, list[str]]:
    warnings: dict[int, list[str]] = {}
    for problem in problems:
        if problem.row:
            column = problem.place.rpartition(", ")[2] if ", " in problem.place else ""
            words = f"{column}: {problem.message}" if column in HEADS.values() else problem.message
            warnings.setdefault(problem.row, []).append(words)
    return warnings


# A table pasted or dropped


def table(present: Form) -> None:
    """Where a table is pasted or dropped; what it lacks is asked."""
    st.text_area(
        "Paste a table from a spreadsheet, with its headings",
        key="case-paste",
        height=120,
        placeholder="Month\tExports\tImports\n2023-01\t20.1\t9.4\n…",
    )
    st.file_uploader(
        "Or drop a file (CSV, TSV or Excel)",
        ["csv", "tsv", "txt", "xlsx"],
        max_upload_size=session.MEGABYTES,
        key="case-file",
    )
    left, right = st.columns(2)
    left.text_input("Who published it", key="case-source", placeholder="Name of the office")
    right.date_input("Came out on (if known)", None, key="case-day", format="YYYY-MM-DD")
    st.button(
        "Take the figures",
        type="primary",
        on_click=_take_given,
        args=(present,),
    )
    _tell_table(present)


def _given() -> tuple[bytes, str] | None:
    """The table that was dropped, else the one that was pasted: its bytes and its name."""
    file, text = st.session_state.get("case-file"), st.session_state.get("case-paste") or ""
    if file is not None:
        return file.getvalue(), file.name
    return (text.encode(), PASTED) if text.strip() else None


def _take_given(present: Form) -> None:
    given = _given()
    if not given:
        st.session_state[READ] = Taken(faults=("Paste a table above, or drop a file, first.",))
    else:
        source = (st.session_state.get("case-source") or "").strip()
        options = {"source": source, "published": st.session_state.get("case-day")}
        take_table(present, *given, {key: value for key, value in options.items() if value})


def take_table(present: Form, data: bytes, name: str, options: Mapping[str, Any]) -> None:
    """Read a table, and put its figures into the form; a question stays open until it is answered."""
    partner = "World" if present.nation else present.partner.strip() or None
    known: dict[str, Any] = {"home": present.home.strip() or None, "partner": partner}
    known["fiscal_year_starts"] = present.fiscal_year_starts
    scale = Scale(present.currency.strip().upper(), present.unit)
    taken = pasted.taken(data, name, scale, {**known, **options})
    st.session_state[TABLE], st.session_state[READ] = (data, name, dict(options)), taken
    if taken.rows:
        present.rows = grid.joined(present.rows, taken.rows)
        present.alternatives |= taken.alternatives
        starts = options.get("fiscal_year_starts")
        present.fiscal_year_starts = int(starts) if starts else present.fiscal_year_starts
        lay_out(present.rows)
        st.session_state[WARNED] = _by_row(builder.made(present).of(builder.FIGURES))


def _tell_table(present: Form) -> None:
    """What came of the table that was read last."""
    taken: Taken | None = st.session_state.get(READ)
    if taken is None:
        return
    if taken.question:
        _ask(present, taken)
    elif taken.faults:
        st.error("No figure was taken.")
        st.code("\n".join(taken.faults[:MOST_TOLD]), language=None, wrap_lines=True)
    else:
        _tell_taken(taken)


def _tell_taken(taken: Taken) -> None:
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


def _ask(present: Form, taken: Taken) -> None:
    """What can be read in more than one way, as buttons."""
    st.warning("The table can be read in more than one way. Which is meant?")
    st.text(taken.question)
    data, name, options = st.session_state[TABLE]
    with st.container(horizontal=True, key="case-choices"):
        for number, choice in enumerate(taken.choices):
            st.button(
                plain(choice.words),
                key=f"case-choice-{number}",
                on_click=take_table,
                args=(present, data, name, {**options, **choice.options}),
            )
