"""The case that is being made: its form in the session, what its fields hold, and its table of figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any

import streamlit as st

from simulator.files.tables.units import Scale
from simulator.ui import session
from simulator.ui.live.components import heard
from simulator.ui.widgets import pasting
from simulator.ui.widgets.editor import editor
from simulator.ui.widgets.pasting import Box
from simulator.workspace import builder, grid
from simulator.workspace.builder import Made, Problem
from simulator.workspace.form import Form, Goal, today
from simulator.workspace.pasted import Taken

FORM, MADE, STEP = "case", "case-made", "step"
EDITION = "case_edition"  # how many forms were taken in place of another: the fields of each are its own
GRID, SHOWN, WARNED = (
    "case-grid",
    "case-shown",
    "case-warned",
)  # number of the editor, its rows, their warnings
GROWN = "growth"  # whether growth rates have columns
EMPTY_ROWS = 3
GOAL_FIELDS = tuple(field.name for field in fields(Goal))
FIELDS = ("nation", "home", "partner", "currency", "unit", "as_of", "title", "name")


# The form


def form() -> Form:
    """The form of this session, with what its fields hold now."""
    if FORM not in st.session_state:
        st.session_state[FORM] = Form(as_of=today())
    present: Form = st.session_state[FORM]
    waiting = session.drafts().kept.get(builder.KEPT_AS)
    if waiting and builder.KEPT_AS not in session.drafts().begun:
        kept = builder.unpacked(waiting.word)
        if kept is not None:
            replace(kept)
            present = kept
    _read(present)
    return present


def replace(other: Form) -> None:
    """Take another form in place of the present one, with its own fields, that begin with what it holds."""
    for key in [key for key in st.session_state if str(key).startswith("case-")]:
        del st.session_state[key]
    st.session_state[FORM] = other
    st.session_state[EDITION] = st.session_state.get(EDITION, 0) + 1


def key_of(name: str) -> str:
    """The key of a field of the present form."""
    return f"case-{st.session_state.get(EDITION, 0)}-{name}"


def start_afresh() -> None:
    """An empty form; the one that was kept is forgotten."""
    session.drafts().forget(builder.KEPT_AS)
    replace(Form(as_of=today()))


def keep(present: Form) -> None:
    """Let the browser keep the form, so that a reload loses nothing.

    Not before it has said what it keeps: after the server was started again the fields of an open page come
    back alone, and would take the place of a form with figures and measures.
    """
    if present.begun and heard():
        title = present.headline if present.home else "A new case"
        session.drafts().keep(builder.KEPT_AS, title, builder.packed(present))


def _read(present: Form) -> None:
    """Put what the fields hold into the form: those of a step that is not shown keep what they held."""
    for name in FIELDS:
        _hold(present, name, key_of(name))
    for number, goal in enumerate(present.goals):
        for name in GOAL_FIELDS:
            _hold(goal, name, key_of(f"goal-{number}-{name}"))
    raw = st.session_state.get(_grid_key())
    if raw and SHOWN in st.session_state:
        present.rows = grid.revised(st.session_state[SHOWN], raw)


def _hold(holder: Any, name: str, key: str) -> None:
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


def _lay_out_again(present: Form) -> None:
    lay_out(present.rows or [{} for _ in range(EMPTY_ROWS)])


def figures(present: Form, result: Made) -> None:
    """The editable table; a row with something odd says so in its own cell."""
    warnings = _by_row(result.of(builder.FIGURES))
    if _grid_key() not in st.session_state or warnings != st.session_state.get(WARNED):
        _lay_out_again(present)
        st.session_state[WARNED] = warnings
    rows = st.session_state[SHOWN]
    grown = any(row.get(name) for row in rows for name in grid.GROWTHS)
    growth = st.toggle("With growth rates", grown, key_of(GROWN), on_change=_lay_out_again, args=(present,))
    heads = {name: head for name, head in grid.HEADS.items() if growth or name not in grid.GROWTHS}
    editor(rows, heads, _grid_key(), warnings)


def _by_row(problems: tuple[Problem, ...]) -> dict[int, list[str]]:
    warnings: dict[int, list[str]] = {}
    for problem in problems:
        if problem.row:
            column = problem.place.rpartition(", ")[2] if ", " in problem.place else ""
            words = f"{column}: {problem.message}" if column in grid.HEADS.values() else problem.message
            warnings.setdefault(problem.row, []).append(words)
    return warnings


# A table pasted or dropped


def table(present: Form) -> None:
    """Where a table is pasted or dropped; what it lacks is asked."""
    partner = "World" if present.nation else present.partner.strip() or None
    known: dict[str, Any] = {"home": present.home.strip() or None, "partner": partner}
    known["fiscal_year_starts"] = present.fiscal_year_starts
    scale = Scale(present.currency.strip().upper(), present.unit)
    box = Box("case", scale, known, partial(_take, present))
    pasting.fields(box)
    pasting.act(box)


def _take(present: Form, taken: Taken, options: Mapping[str, Any]) -> None:
    """Put the figures of a table into the form."""
    present.rows = grid.joined(present.rows, taken.rows)
    present.alternatives |= taken.alternatives
    starts = options.get("fiscal_year_starts")
    present.fiscal_year_starts = int(starts) if starts else present.fiscal_year_starts
    lay_out(present.rows)
    st.session_state[WARNED] = _by_row(builder.made(present).of(builder.FIGURES))
