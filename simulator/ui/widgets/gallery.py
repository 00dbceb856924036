"""What can be opened: the office's own scenarios, the shipped ones, and files of one's own."""

from __future__ import annotations

from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from simulator import report
from simulator.files.reading import shipped_names
from simulator.files.template import starter
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.widgets import history, office
from simulator.ui.widgets.charts import plain
from simulator.ui.widgets.dialogs import OPENED, button, close
from simulator.values.numerals import counted
from simulator.values.wording import capital
from simulator.workspace import link, saving
from simulator.workspace.desk import Desk, State
from simulator.workspace.folder import Folder
from simulator.workspace.listing import Entry, entries
from simulator.workspace.parcel import LONGEST as LONGEST_LINK
from simulator.workspace.sets import shipped

__all__ = ["button", "close", "opened"]

LONGEST = 130  # letters of what is said of a scenario
LONGEST_NAME = 60
MOST_BINNED = 50  # that are listed, the last deleted first


@st.dialog("Scenarios", width="large", on_dismiss=close)
def gallery() -> None:
    """The office's scenarios, then the shipped ones; the probability of each follows as it is worked out."""
    st.text("Pick one to open it. What you changed of the present one is kept as a draft.")
    fault = st.session_state.pop("own-fault", None)
    if fault:
        st.error("The file cannot be used; nothing has changed.")
        st.code(fault, language=None, wrap_lines=True)
    cards = _own_cards()
    with st.container(key="cards"):
        places = {name: _card(name) for name in shipped_names()}
    for entry, target, place in cards:
        _tell_own(entry, target, place)
    for name, place in places.items():
        _tell(place, name)


def _own_cards() -> list[tuple[Entry, Any, Any]]:
    """The scenarios of the folder under its name, and its bin; those that can be answered are returned."""
    folder = session.folder()
    if folder is None:
        return []
    st.header(plain(folder.title), anchor=False)
    listed = entries(folder)
    if not listed:
        st.text(folder.fault() or "No scenario file yet: save one as a file of this folder.")
    with st.container(key="own-cards"):
        places = [_own_card(entry) for entry in listed]
    _bin(folder)
    st.header("Examples", anchor=False)
    return [place for place in places if place is not None]


def _own_card(entry: Entry) -> tuple[Entry, Any, Any] | None:
    with st.container(border=True, key=f"own-card-{entry.name}"):
        if st.button(plain(entry.title), key=f"own-{entry.name}", type="tertiary"):
            st.session_state["own-fault"] = session.open_own(entry.name)
            if not st.session_state["own-fault"]:
                close()
            st.rerun()
        if entry.scenario is None:
            st.text(f"It cannot be used: {entry.fault}")
            return None
        target, place = st.empty(), st.empty()
        place.caption(plain(_standing(entry)))
        return entry, target, place


def _tell_own(entry: Entry, target: Any, place: Any) -> None:
    if entry.scenario is not None:
        result = session.answer(entry.scenario)
        target.text(capital(report.wish(result)))
        place.caption(plain(f"{report.probability(result)} likely · {_standing(entry)}"))


def _standing(entry: Entry) -> str:
    """The file, its last figure and its state; of an approved one by whom."""
    approval = entry.scenario.approved if entry.scenario else None
    state = entry.state(session.drafts().kept)
    by = f" by {approval.signature}" if approval and state is State.APPROVED else ""
    last = f"last figure {entry.last} · " if entry.last else ""
    return f"{entry.name} · {last}{state}{by}"


def _bin(folder: Folder) -> None:
    """What was deleted, with the way back."""
    binned = folder.binned()
    if not binned:
        return
    with st.expander(f"Bin: {counted(len(binned), 'file')}", key="bin"):
        for number, one in enumerate(binned[:MOST_BINNED]):
            with st.container(horizontal=True, vertical_alignment="center", key=f"binned-{number}"):
                st.text(f"{one.name}, deleted on {one.day}")
                st.button("Bring back", key=f"bring-back-{number}", on_click=session.bring_back, args=(one,))


@st.dialog("New scenario", on_dismiss=close)
def new() -> None:
    """What a new scenario starts from."""
    st.text("From an empty page to a probability: countries, target, figures, measures, in four steps.")
    if st.button("Make a case", type="primary", icon=":material/edit_note:"):
        close()
        session.go("Make a case")
    st.text("Or start from what is shown, under a name of its own, or from the commented example.")
    name = st.text_input("Name", "my-scenario", LONGEST_NAME, key="new-name")
    copied, example = st.columns(2)
    if copied.button("A copy of what is shown"):
        _begin(saving.copy_of(session.desk()).encode(), name)
    if example.button("The commented example"):
        _begin(starter().encode(), name)


def _begin(content: bytes, name: str) -> None:
    stem = "-".join(name.split()) or "my-scenario"
    faults = session.open_upload(content, f"{stem.removesuffix('.yaml')}.yaml")
    st.session_state.faults = ("The new scenario cannot be used.", faults) if faults else None
    close()
    st.rerun()


@st.dialog("Share", on_dismiss=close)
def share() -> None:
    """The link that opens this screen elsewhere; what is too long for one is handed over as a file."""
    desk, fragment = session.desk(), link.parcel_of(session.desk(), session.sets())
    if len(fragment) > LONGEST_LINK:
        st.text(
            f"The scenario with what is pinned takes {len(fragment):,} letters, and a link carries "
            f"{LONGEST_LINK:,}. Hand over the file instead: whoever opens it sees the scenario as it stands."
        )
        _hand_over(desk)
        return
    query = urlencode(st.query_params.to_dict())
    address = f"{st.context.url}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"
    st.text("Whoever opens this link sees what you see.")
    st.code(address, language=None, wrap_lines=True)
    if session.folder() is not None:
        _hand_over(desk)
    if fragment:
        st.text(
            "Your own files and what is pinned travel behind the # of the link: no server or proxy logs it."
        )


def _hand_over(desk: Desk) -> None:
    st.download_button(
        "The scenario file",
        desk.file,
        f"{desk.stem}.yaml",
        "application/yaml",
        on_click="ignore",
        key="share-file",
    )


@st.dialog("Open a file", on_dismiss=close)
def upload() -> None:
    """A place for a scenario file; what is wrong with one is told here, and stays until the next."""
    st.file_uploader(
        "A scenario file (YAML), or its Excel sheet",
        ["yaml", "yml", "xlsx"],
        max_upload_size=session.MEGABYTES,
        key="upload",
        on_change=_take,
    )
    _tell_faults()


def _tell_faults() -> None:
    """What is wrong with the last file; where nothing is, the scenario lies open and the dialog closes."""
    faults = st.session_state.get("upload_faults")
    if faults:
        st.error("The file cannot be used; nothing has changed.")
        st.code(faults, language=None, wrap_lines=True)
    elif faults == "":
        st.session_state.upload_faults = None
        close()
        st.rerun()


def _take() -> None:
    """Open what was uploaded, or keep what is wrong with it."""
    file = st.session_state.upload
    if file is not None:
        st.session_state.upload_faults = session.open_upload(file.getvalue(), file.name)


def _card(name: str) -> Any:
    scenario = shipped(name)
    draft = " · Draft" if name in session.drafts().kept else ""
    with st.container(border=True, key=f"card-{name}"):
        if st.button(plain(scenario.title), key=f"pick-{name}", type="tertiary"):
            session.open_shipped(name)
            close()
            st.rerun()
        if scenario.description:
            st.text(_first_sentence(scenario.description))
        place = st.empty()
        place.caption(plain(f"{_day(scenario)}{draft}"))
    return place


def _tell(place: Any, name: str) -> None:
    scenario = shipped(name)
    draft = " · Draft" if name in session.drafts().kept else ""
    chance = report.probability(session.answer(scenario))
    place.caption(plain(f"{chance} likely · {_day(scenario)}{draft}"))


def _day(scenario: Scenario) -> str:
    """The day on which a scenario is seen."""
    return f"as of {scenario.as_of.day} {scenario.as_of:%B %Y}"


def _first_sentence(text: str) -> str:
    first = text.split(". ")[0].rstrip(".")
    return shorten(first, LONGEST, placeholder="…") if len(first) > LONGEST else f"{first}."


DIALOGS = {
    "Scenarios": gallery,
    "New": new,
    "Open": upload,
    "Share": share,
    **office.DIALOGS,
    **history.DIALOGS,
}


def opened() -> None:
    """The dialog that is open."""
    name = st.session_state.get(OPENED)
    if name in DIALOGS:
        DIALOGS[name]()
