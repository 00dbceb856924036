"""What can be opened: the shipped scenarios with title, day and probability, and files of one's own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from simulator import report
from simulator.files.loading import load
from simulator.files.opening import checked
from simulator.files.reading import PREFIX, shipped_names
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets.charts import plain

MEGABYTES = 2  # of an upload
KEPT = 0.5  # megabytes of a scenario that is kept
LONGEST = 160  # letters of what is said of a scenario


@st.dialog("Scenarios", width="large")
def gallery() -> None:
    """The shipped scenarios, the probability of each following as it is worked out."""
    st.text("Pick one to open it. What you changed of the present one is kept as a draft.")
    places = {name: _card(name) for name in shipped_names()}
    for name, place in places.items():
        _tell(place, name)


@st.dialog("Open a file")
def upload() -> None:
    """A place for a scenario file; what is wrong with one is told here, and stays until the next."""
    st.file_uploader(
        "A scenario file (YAML)", ["yaml", "yml"], max_upload_size=MEGABYTES, key="upload", on_change=_take
    )
    faults = st.session_state.get("upload_faults")
    if faults:
        st.error("The file cannot be used; nothing has changed.")
        st.code(faults, language=None, wrap_lines=True)
    elif faults == "":
        st.session_state.upload_faults = None
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
            st.rerun()
        if scenario.description:
            st.text(_first_sentence(scenario.description))
        place = st.empty()
        place.caption(plain(f"as of {scenario.as_of:%d %B %Y}{draft}"))
    return place


def _tell(place: Any, name: str) -> None:
    scenario = shipped(name)
    draft = " · Draft" if name in session.drafts().kept else ""
    chance = report.probability(session.answer(scenario))
    place.caption(plain(f"{chance} likely · as of {scenario.as_of:%d %B %Y}{draft}"))


def _first_sentence(text: str) -> str:
    first = text.split(". ")[0].rstrip(".")
    return f"{first[:LONGEST].rstrip()}…" if len(first) > LONGEST else f"{first}."


@kept(KEPT)
def shipped(name: str) -> Scenario:
    """A scenario that comes with the simulator."""
    return checked(load(PREFIX + name)).scenario
