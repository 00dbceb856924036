"""How a scenario came to be as it is: the log of its file, and snapshots of it to compare with."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from simulator.ui import session
from simulator.ui.widgets.dialogs import close, end
from simulator.ui.widgets.office import LOG, SNAPSHOTS, my_name
from simulator.workspace.folder import LONGEST_NAME
from simulator.workspace.saving import LONGEST_TEXT, Signature
from simulator.workspace.snapshots import Snapshot, taken


@st.dialog("Log", width="large", on_dismiss=close)
def log() -> None:
    """A line for the log, and those that are there, the last first."""
    what = st.text_area("What was changed, and why", max_chars=LONGEST_TEXT, key="log-text")
    by = Signature(my_name(), dt.date.today())
    if st.button("Add to the log", type="primary", key="log-add"):
        end(session.log(by, what))
    for entry in sorted(session.desk().scenario.log, key=lambda entry: entry.date, reverse=True):
        with st.container(border=True):
            st.text(f"{entry.signature}\n{entry.what}")


@st.dialog("Snapshots", width="large", on_dismiss=close)
def snapshots() -> None:
    """The scenario kept as it stands under a name, and what is kept, the last first."""
    desk = session.desk()
    st.text(
        "A snapshot keeps the scenario as it stands now; it never changes, and can be compared with later."
    )
    with st.form("snapshot", border=False):
        name = st.text_input("Name", max_chars=LONGEST_NAME, key="snapshot-name")
        if st.form_submit_button("Take a snapshot", type="primary"):
            end(session.take_snapshot(name, dt.date.today()))
    kept = taken(desk.reading.file) if desk.reading else ()
    for number, one in enumerate(reversed(kept)):
        _kept(number, one)


def _kept(number: int, one: Snapshot) -> None:
    """A snapshot, with the way to Compare."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(one.title)
        compare = partial(session.compare_with, one)
        if st.button("Compare with now", key=f"snapshot-{number}", type="tertiary"):
            end(compare())


DIALOGS = {LOG: log, SNAPSHOTS: snapshots}
