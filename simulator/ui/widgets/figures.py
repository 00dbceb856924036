"""The published figures of the case on the desk: one more, those of a table, those that are there typed over.

What is wrong stands at the field or in the row that it belongs to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from simulator.errors import ScenarioError
from simulator.files.tables.units import Scale
from simulator.report.names import named
from simulator.scenario import Scenario
from simulator.scenario.measures import MEASURES
from simulator.ui import session
from simulator.ui.widgets import dialogs, gallery, pasting
from simulator.ui.widgets.charts import plain
from simulator.ui.widgets.editor import editor
from simulator.ui.widgets.edits import applied, refusals
from simulator.ui.widgets.pasting import Box
from simulator.values.wording import capital, plainly
from simulator.workspace import figures, grid, pasted
from simulator.workspace.figures import CellsError, Edits, Fault, spoken
from simulator.workspace.pasted import Taken

NAME = "Figures"
KEY = "figures"  # what the keys of a pasted table begin with
TYPED = "figures-typed"  # the table that is being typed over
TRIED = "figure-tried"  # whether a figure was to be added that lacks something
FIELDS = {"period": "Period", "published": "Came out on", "source": "Source"}
FIELDS |= {"growth": "Growth on a year earlier, %"}
LIKE = {
    "period": "2018-Q4 or October 2018",
    "published": "2019-01-20 or 20.01.2019",
    "source": "Who published it",
}


@dataclass
class Typed:
    """A table that is being typed over: the text it is of, its rows, what is wrong with each, its edition."""

    text: str
    rows: list[dict[str, str]]
    faults: dict[int, list[str]] = field(default_factory=dict)
    edition: int = 0

    @property
    def key(self) -> str:
        """Of the editor that begins with these rows."""
        return f"figures-{hash(self.text)}-{self.edition}"


def button() -> None:
    """The button that opens the dialog."""
    dialogs.button(NAME, ":material/table:", help="Add a figure that came out, or mend one")


def _close() -> None:
    """Have the dialog closed, and nothing of it waiting."""
    for key in [key for key in st.session_state if str(key).startswith(f"{KEY}-")]:
        del st.session_state[key]
    st.session_state.pop(TRIED, None)
    dialogs.close()


@st.dialog(NAME, width="large", on_dismiss=_close)
def _figures() -> None:
    """One figure more, with the day on which it came out; those of a table; those that are there, to edit."""
    desk = session.desk()
    one, several = st.tabs(["Add a figure", "Paste or drop a table"])
    with one:
        _more(desk.base)
    with several:
        _several(desk.text, desk.base)
    st.subheader("The figures of this case", anchor=False)
    st.text(
        f"Amounts in {desk.base.unit} {desk.base.currency}. Cells can be typed over, rows added at the end; "
        "a row is taken out by its mark at the left and the bin above the table."
    )
    _table(desk.text, desk.base)
    refusals()


def _done() -> None:
    _close()
    st.rerun()


# One more


def _more(scenario: Scenario) -> None:
    """The fields of a new figure, and the buttons that add it."""
    places = [*st.columns(3), *st.columns(3)]
    listed = [*dict.fromkeys((*(f.measure for f in scenario.figures), *MEASURES, *scenario.streams))]
    name = partial(_measure, scenario)
    columns = ("measure", "period", "value", "published", "source", "growth")
    heads = FIELDS | {"value": f"Value, {scenario.unit} {scenario.currency}"}
    cells: dict[str, str] = {}
    for column, place in zip(columns, places, strict=True):
        key = f"figure-{column}"
        cells[column] = (
            place.selectbox("Measure", listed, format_func=name, key=key)
            if column == "measure"
            else place.text_input(heads[column], key=key, placeholder=LIKE.get(column)).strip()
        )
    faults = _faults(scenario, cells)
    for column, place in zip(columns, places, strict=True):
        if column in faults and (cells[column] or TRIED in st.session_state):
            place.error(plain(capital(faults[column])))
    _add(scenario, cells, faults)


def _faults(scenario: Scenario, cells: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fields, or lacks, by column."""
    try:
        figures.entry(cells, scenario)
    except CellsError as error:
        return {fault.column: fault.message for fault in error.faults}
    return {}


def _measure(scenario: Scenario, measure: str) -> str:
    return capital(measure if measure in MEASURES else named(scenario, measure).text)


def _add(scenario: Scenario, cells: dict[str, str], faults: Mapping[str, str]) -> None:
    """The button that adds a figure; of one that came out after the day of the case, two."""
    late = None if "published" in faults else figures.late(scenario, cells["published"])
    ways = {"Add": False}
    if late is not None:
        st.text(_later(scenario))
        ways = {f"Add, and see the case on {spoken(late)}": True, "Add, and leave the day": False}
    with st.container(horizontal=True):
        for label, move in ways.items():
            kind: Any = "primary" if move or not late else "secondary"
            if st.button(label, key=f"figure-add-{move}", type=kind):
                _try(scenario, cells, faults, move)


def _try(scenario: Scenario, cells: dict[str, str], faults: Mapping[str, str], move: bool) -> None:
    """Add a figure, or have what is wrong with it or lacks shown at its fields."""
    if faults:
        st.session_state[TRIED] = True
        st.rerun()
    text = session.desk().text
    out = f"{capital(cells['measure'])} {cells['period']} is out"
    make = partial(figures.with_figure, text, scenario, cells, move=move)
    if applied(make, out, partial(_reasons, _new(text, scenario, cells))):
        _done()


def _later(scenario: Scenario) -> str:
    return (
        f"It came out after the day of the case, {spoken(scenario.as_of)}: it counts only once the case is "
        "seen on a later day."
    )


def _new(text: str, scenario: Scenario, cells: Mapping[str, str]) -> tuple[Sequence[figures.Line], Edits]:
    return figures.lines(text, scenario), Edits(more=(cells,))


def _reasons(edited: tuple[Sequence[figures.Line], Edits], error: ValueError) -> list[str]:
    """Why a file that was edited cannot be used, without the names of its lines."""
    if not isinstance(error, ScenarioError):
        return plainly(error).splitlines()
    return [*dict.fromkeys(capital(fault.message) for fault in figures.explained(error, *edited))]


# Those of a table


def _several(text: str, scenario: Scenario) -> None:
    """A table with figures that came out: they join those of the case."""
    known = {"home": scenario.home or None, "partner": scenario.partner or "World"}
    known |= {"fiscal_year_starts": scenario.fiscal_year_starts}  # type: ignore[dict-item]
    box = Box(KEY, Scale(scenario.currency, scenario.unit), known, partial(_take, text))
    pasting.fields(box)
    if box.day is not None and box.day > scenario.as_of:
        st.text(_later(scenario))
        st.checkbox(f"See the case on {spoken(box.day)}", True, key=box.of("move"))
    st.checkbox("Replace figures of the case that the table has otherwise", key=box.of("replace"))
    pasting.act(box)
    if st.session_state.pop(box.of("taken"), False):
        _done()


def _take(text: str, taken: Taken, _: Mapping[str, Any]) -> None:
    """Put the figures of a table into the file."""
    if taken.statistics is None:
        return
    state = st.session_state
    day = state.get(f"{KEY}-day") if state.get(f"{KEY}-move") else None
    make = partial(
        pasted.recorded,
        text,
        taken.statistics,
        as_of=day if isinstance(day, dt.date) else None,
        replaced=bool(state.get(f"{KEY}-replace")),
    )
    state.pop(f"{KEY}-read", None)
    state[f"{KEY}-taken"] = applied(make, "The figures are in")


# Those that are there


def _table(text: str, scenario: Scenario) -> None:
    """The figures as a table that can be edited."""
    table = figures.lines(text, scenario)
    typed: Typed | None = st.session_state.get(TYPED)
    if typed is None or typed.text != text:
        typed = st.session_state[TYPED] = Typed(text, figures.rows(table))
    editor(typed.rows, figures.WORDS, typed.key, typed.faults)
    raw: dict[str, Any] = st.session_state.get(typed.key) or {}
    rows = grid.revised(typed.rows, raw)
    edits = Edits.between(table, rows)
    if st.button("Apply the changes", type="primary", disabled=edits == Edits()):
        refused = partial(_refused, rows, (table, edits))
        if applied(partial(figures.changed, text, scenario, edits), refused=refused):
            _done()
        st.rerun()


def _refused(
    rows: list[dict[str, str]], edited: tuple[Sequence[figures.Line], Edits], error: ValueError
) -> list[str]:
    """Put what is wrong into the rows, and keep what was typed; the rest is returned."""
    faults: Sequence[Fault] = ()
    if isinstance(error, CellsError):
        faults = error.faults
    elif isinstance(error, ScenarioError):
        faults = figures.explained(error, *edited)
    by_row: dict[int, list[str]] = {}
    for fault in faults:
        head = f"{figures.WORDS[fault.column]}: " if fault.column else ""
        by_row.setdefault(fault.row, []).append(f"{head}{fault.message}.")
    typed: Typed = st.session_state[TYPED]
    st.session_state[TYPED] = Typed(typed.text, rows, by_row, typed.edition + 1)
    elsewhere = by_row.pop(0, [])
    return [*elsewhere, *(["See the column “Look at”."] if by_row else [])] or plainly(error).splitlines()


gallery.DIALOGS |= {NAME: _figures}
