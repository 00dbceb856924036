"""What changes the file that lies on the desk: measures and risks added, named, copied, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from simulator import report
from simulator.model.result import Result
from simulator.ui import session
from simulator.ui.widgets import dialogs, gallery
from simulator.ui.widgets.charts import plain
from simulator.values.address import Address
from simulator.values.numerals import points
from simulator.values.wording import plainly
from simulator.workspace import drivers
from simulator.workspace.drivers import Rewritten
from simulator.workspace.kinds import CARDS, Card, cards, section_of
from simulator.workspace.panel import ACTIONS, EDIT

DONE, REFUSED = "edit-done", "edit-refused"  # what the last edit did, and why it could not be made
LEAST = 0.05  # percentage points that are told
NOUNS = {"levers": "measure", "risks": "risk"}
MOST_TOLD = 6  # faults that are told at once
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


def tell() -> None:
    """What the last edit did, once: in sight wherever the page is scrolled to."""
    done = st.session_state.pop(DONE, None)
    if done:
        st.toast(plain(done), icon=":material/check:", duration="long")


# Edits


def applied(
    make: Callable[[], Rewritten], out: str = "", refused: Callable[[ValueError], list[str]] | None = None
) -> bool:
    """Change the file on the desk; what came of it is told on the page, what is wrong in the dialog.

    Args:
        make: gives the other text.
        out: what is said before the probabilities, in place of that they changed.
        refused: receives why it could not be made; returns what of that is told at the foot of the dialog.
    """
    desk = session.desk()
    before = session.answer(desk.scenario)
    try:
        rewritten = make()
        desk.edit(rewritten.text)
    except ValueError as error:
        st.session_state[REFUSED] = (refused or _reasons)(error)
        return False
    moved = _moved(before, session.answer(desk.scenario))
    words = " ".join(rewritten.words)
    st.session_state[DONE] = f"{out or 'The probability'}: {moved}. {words} Undo takes it back."
    st.session_state.pop(REFUSED, None)
    return True


def _moved(before: Result, after: Result) -> str:
    """The probability before and after an edit, as the headline has it; where it stays, by how much."""
    one, other = report.probability(before), report.probability(after)
    if one != other:
        return f"{one} \u2192 {other}"
    change = 100 * (after.probability - before.probability)
    return f"still {other} ({points(change, 1)} points)" if abs(change) >= LEAST else f"still {other}"


def _reasons(error: ValueError) -> list[str]:
    return plainly(error).splitlines()


def refusals() -> None:
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
    refusals()


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
    refusals()


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


gallery.DIALOGS |= {
    ACTIONS["levers"]: _add_lever,
    ACTIONS["risks"]: _add_risk,
    EDIT: _edit,
}
