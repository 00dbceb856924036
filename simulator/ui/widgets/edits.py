"""What changes the file that lies on the desk: measures and risks added, named, copied, removed; figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from simulator import report
from simulator.errors import ScenarioError
from simulator.model.result import Result
from simulator.report.names import named
from simulator.scenario import Scenario
from simulator.scenario.measures import MEASURES
from simulator.ui import session
from simulator.ui.widgets import dialogs, gallery
from simulator.ui.widgets.charts import plain
from simulator.values.address import Address
from simulator.values.wording import capital, plainly
from simulator.workspace import drivers, figures
from simulator.workspace.drivers import Rewritten
from simulator.workspace.figures import Edits
from simulator.workspace.kinds import CARDS, Card, cards, section_of
from simulator.workspace.panel import ACTIONS, EDIT

DONE, REFUSED = "edit-done", "edit-refused"  # what the last edit did, and why it could not be made
NOUNS = {"levers": "measure", "risks": "risk"}
FIGURES = "Figures"
MOST_TOLD = 6  # faults that are told at once
LINES = 260  # pixels of the table of figures
STYLE = """<style>
[class*="st-key-cards-"] {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .5rem;
}
[class*="st-key-cards-"] > div { height: 100%; }
</style>"""


def buttons() -> None:
    """The buttons that the panel presses from its headings; they are not seen."""
    with st.container(key="edits"):
        for label in (*ACTIONS.values(), EDIT):
            dialogs.button(label, "")


def figures_button() -> None:
    """The button that opens the table of figures."""
    dialogs.button(FIGURES, ":material/table:", help="Add a figure that came out, or mend one")


def tell() -> None:
    """What the last edit did, once: in sight wherever the page is scrolled to."""
    done = st.session_state.pop(DONE, None)
    if done:
        st.toast(plain(done), icon=":material/check:", duration="long")


# Edits


def applied(make: Callable[[], Rewritten], out: str = "") -> bool:
    """Change the file on the desk; what came of it is told on the page, what is wrong in the dialog.

    Args:
        make: gives the other text.
        out: what is said before the probabilities, in place of that they changed.
    """
    desk = session.desk()
    before = session.answer(desk.scenario)
    try:
        rewritten = make()
        desk.edit(rewritten.text)
    except ValueError as error:
        st.session_state[REFUSED] = _reasons(error)
        return False
    moved = _moved(before, session.answer(desk.scenario))
    words = " ".join(rewritten.words)
    st.session_state[DONE] = f"{out or 'The probability'}: {moved}. {words} Undo takes it back."
    st.session_state.pop(REFUSED, None)
    return True


def _moved(before: Result, after: Result) -> str:
    """The probability before and after an edit, with as few digits as show that it moved."""
    for digits in (0, 1):
        one, other = report.probability(before, digits), report.probability(after, digits)
        if one != other:
            return f"{one} \u2192 {other}"
    return f"still {report.probability(after)}"


def _reasons(error: ValueError) -> list[str]:
    """Why an edit cannot be made, in the words of the table of figures where it is about one."""
    if isinstance(error, ScenarioError):
        desk = session.desk()
        return figures.explained(error, figures.lines(desk.text, desk.base))
    return plainly(error).splitlines()


def _refusals() -> None:
    """Why the last edit could not be made, once."""
    reasons: Sequence[str] = st.session_state.pop(REFUSED, ())
    if reasons:
        st.error("Nothing has changed.")
        more = len(reasons) - MOST_TOLD
        lines = [*reasons[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]
        st.code("\n".join(lines), language=None, wrap_lines=True)


# Measures and risks


@st.dialog("Add a measure", width="large", on_dismiss=dialogs.close)
def _add_lever() -> None:
    _offer("levers")


@st.dialog("Add a risk", width="large", on_dismiss=dialogs.close)
def _add_risk() -> None:
    _offer("risks")


def _offer(section: str) -> None:
    """The kinds as cards; a click adds one with the values that its card shows."""
    st.text("A new one begins with what studies say; every number can be turned once it is there.")
    desk = session.desk()
    card = deck(section, "dialog")
    if card:
        if applied(partial(drivers.added, desk.text, desk.scenario, card.kind)):
            dialogs.close()
        st.rerun()
    _refusals()


def deck(
    section: str, key: str, *, ready: bool = True, act: Callable[[str], Any] | None = None
) -> Card | None:
    """The cards of a section; the one whose button was pressed.

    Args:
        section: levers or risks.
        key: what tells these cards from others.
        ready: whether one can be added.
        act: called with the kind before the page runs again.
    """
    st.html(STYLE)
    chosen = None
    with st.container(key=f"cards-{key}-{section}"):
        for card in cards(section):
            with st.container(border=True, key=f"card-{key}-{card.kind}", gap="xsmall"):
                st.markdown(f"**{card.title}**")
                st.text(card.sentence)
                st.caption(plain(f"Begins with: {card.default}. {card.source}."))
                pressed = st.button(
                    f"Add: {card.title.lower()}",
                    key=f"add-{key}-{card.kind}",
                    icon=":material/add:",
                    disabled=not ready,
                    on_click=act,
                    args=(card.kind,),
                )
                chosen = card if pressed else chosen
    return chosen


@st.dialog("Edit measures and risks", width="large", on_dismiss=dialogs.close)
def _edit() -> None:
    """Every lever and risk with its name, a copy, a way out."""
    st.text("A name can be typed over. A copy begins with the values of the one that it is made from.")
    desk = session.desk()
    for address, driver in [*desk.base.drivers()]:
        _line(address, drivers.name_of(desk.base, address), driver.kind)
    _refusals()


def _line(address: Address, name: str, kind: str) -> None:
    desk = session.desk()
    key = f"{address}-{desk.opened.text is desk.text}-{len(desk.past)}"
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"driver-{address}"):
        label = f"{NOUNS[section_of(kind)].capitalize()}: {CARDS[kind].title.lower()}"
        typed = st.text_input(plain(label), name, drivers.LONGEST, f"name-{key}")
        copy = st.button(
            "Copy", key=f"copy-{address}", icon=":material/content_copy:", help=plain(f"Copy {name}")
        )
        remove = st.button(
            "Remove", key=f"drop-{address}", icon=":material/delete:", help=plain(f"Remove {name}")
        )
    makes = (
        (copy, partial(drivers.copied, desk.text, desk.base, address, desk.file())),
        (remove, partial(drivers.removed, desk.text, desk.base, address)),
        (typed != name, partial(drivers.renamed, desk.text, desk.base, address, typed)),
    )
    for asked, make in makes:
        if asked and applied(make):
            st.rerun()


# Figures


@st.dialog(FIGURES, width="large", on_dismiss=dialogs.close)
def _figures() -> None:
    """The published figures: one more, with the day on which it came out; those that are there, to edit."""
    desk = session.desk()
    st.subheader("Add a figure", anchor=False)
    _more(desk.base)
    st.subheader("The figures of this case", anchor=False)
    st.text(
        f"Amounts in {desk.base.unit} {desk.base.currency}. Cells can be typed over, rows added at the end; "
        "a row is taken out by its mark at the left and the bin above the table."
    )
    _table(desk.text, desk.base)
    _refusals()


def _more(scenario: Scenario) -> None:
    """The fields of a new figure, and the buttons that add it."""
    measures = [
        *dict.fromkeys((*(figure.measure for figure in scenario.figures), *MEASURES, *scenario.streams))
    ]
    first, second, third = st.columns(3)
    cells = {
        "measure": first.selectbox(
            "Measure", measures, format_func=partial(_measure, scenario), key="figure-measure"
        ),
        "period": second.text_input("Period", key="figure-period", placeholder="2018-Q4 or 2018-10"),
        "value": third.text_input(f"Value, {scenario.unit} {scenario.currency}", key="figure-value"),
    }
    first, second, third = st.columns(3)
    cells["published"] = first.text_input("Came out on", key="figure-day", placeholder="2019-01-20")
    cells["source"] = second.text_input("Source", key="figure-source", placeholder="Who published it")
    cells["growth"] = third.text_input("Growth on a year earlier, %", key="figure-growth")
    _add(scenario, {column: str(cell or "").strip() for column, cell in cells.items()})


def _measure(scenario: Scenario, measure: str) -> str:
    return capital(measure if measure in MEASURES else named(scenario, measure).text)


def _late(scenario: Scenario, published: str) -> dt.date | None:
    """The day on which a figure came out, where that is after the day of the case."""
    try:
        return figures.late(scenario, published)
    except ValueError:
        return None  # told once it is to be added


def _add(scenario: Scenario, cells: dict[str, str]) -> None:
    """The button that adds a figure; of one that came out after the day of the case, two."""
    late, desk = _late(scenario, cells["published"]), session.desk()
    ways = {"Add": False}
    if late is not None:
        st.text(
            f"It came out after the day of the case, {figures.spoken(scenario.as_of)}: it counts only once "
            "the case is seen on a later day."
        )
        ways = {f"Add, and see the case on {figures.spoken(late)}": True, "Add, and leave the day": False}
    with st.container(horizontal=True):
        for label, move in ways.items():
            wanted = st.button(
                label, key=f"figure-add-{move}", type="primary" if move or not late else "secondary"
            )
            make = partial(figures.with_figure, desk.text, scenario, cells, move=move)
            if wanted and applied(make, f"{cells['period']} is out"):
                dialogs.close()
                st.rerun()


def _table(text: str, scenario: Scenario) -> None:
    """The figures as a table that can be edited."""
    table = figures.lines(text, scenario)
    frame = pd.DataFrame([line.cells for line in table], columns=[*figures.COLUMNS], dtype=str)
    key = f"figures-{hash(text)}"
    st.data_editor(
        frame,
        hide_index=True,
        num_rows="dynamic",
        height=LINES,
        key=key,
        column_config={name: st.column_config.TextColumn(figures.WORDS[name]) for name in figures.COLUMNS},
    )
    raw: dict[str, Any] = st.session_state.get(key) or {}
    edits = Edits.of(raw)
    ready = bool(edits.cells or edits.gone or edits.more)
    if st.button("Apply the changes", type="primary", disabled=not ready):
        if applied(partial(figures.changed, text, scenario, edits)):
            dialogs.close()
        st.rerun()


gallery.DIALOGS |= {
    ACTIONS["levers"]: _add_lever,
    ACTIONS["risks"]: _add_risk,
    EDIT: _edit,
    FIGURES: _figures,
}
