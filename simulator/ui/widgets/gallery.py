"""What can be opened: the shipped scenarios with title, day and probability, and files of one's own."""

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
from simulator.ui.widgets.charts import plain
from simulator.workspace import link
from simulator.workspace.parcel import LONGEST as LONGEST_LINK
from simulator.workspace.sets import shipped

MEGABYTES = 2  # of an upload
LONGEST = 130  # letters of what is said of a scenario
LONGEST_NAME = 60
OPENED = "dialog"  # the one that is open: it stays while the page runs again for another reason


def close() -> None:
    """Have no dialog open."""
    st.session_state.pop(OPENED, None)


@st.dialog("Scenarios", width="large", on_dismiss=close)
def gallery() -> None:
    """The shipped scenarios, the probability of each following as it is worked out."""
    st.text("Pick one to open it. What you changed of the present one is kept as a draft.")
    with st.container(key="cards"):
        places = {name: _card(name) for name in shipped_names()}
    for name, place in places.items():
        _tell(place, name)


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
        _begin(session.desk().file().encode(), name)
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
        st.download_button(
            "The scenario file", desk.file, desk.name, "application/yaml", on_click="ignore", key="share-file"
        )
        return
    query = urlencode(st.query_params.to_dict())
    address = f"{st.context.url}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"
    st.text("Whoever opens this link sees what you see.")
    st.code(address, language=None, wrap_lines=True)
    if fragment:
        st.text(
            "Your own files and what is pinned travel behind the # of the link: no server or proxy logs it."
        )


@st.dialog("Open a file", on_dismiss=close)
def upload() -> None:
    """A place for a scenario file; what is wrong with one is told here, and stays until the next."""
    st.file_uploader(
        "A scenario file (YAML)", ["yaml", "yml"], max_upload_size=MEGABYTES, key="upload", on_change=_take
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


DIALOGS = {"Scenarios": gallery, "New": new, "Open": upload, "Share": share}


def button(name: str, icon: str) -> None:
    """A button that opens a dialog."""
    st.button(name, icon=icon, on_click=st.session_state.update, kwargs={OPENED: name})


def opened() -> None:
    """The dialog that is open."""
    name = st.session_state.get(OPENED)
    if name:
        DIALOGS[name]()
