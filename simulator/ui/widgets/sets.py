"""Which sets of assumptions are compared: picked, put first, named, uploaded."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from simulator.errors import ScenarioError
from simulator.files.workbook.bringing import scenario_of
from simulator.report.charts.compare import MOST
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.workspace.desk import Desk
from simulator.workspace.pins import LONGEST
from simulator.workspace.sets import Sets

UPLOAD_HELP = "What is uploaded travels behind the # of the page's address: no server or proxy logs it."


def toolbar(desk: Desk, sets: Sets) -> None:
    """What can be done to the sets."""
    _choice(desk, sets)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        called = sets.called(desk)
        if called:
            _first(called)
        with st.popover("Name the sets", icon=":material/edit:"):
            _names(called, sets.labels(desk))
        with st.popover("Add a file", icon=":material/upload:"):
            _upload()


def _choice(desk: Desk, sets: Sets) -> None:
    st.session_state["compare-picked"] = list(sets.chosen(desk))
    st.multiselect(
        f"Sets to compare, at most {MOST}",
        sets.options(desk),
        key="compare-picked",
        max_selections=MOST,
        format_func=sets.choices(desk).__getitem__,
        on_change=_picked,
        placeholder="Pick two or more",
    )


def _picked() -> None:
    session.sets().pick(st.session_state["compare-picked"])
    st.session_state.set_complaints = []


def _first(called: Mapping[str, str]) -> None:
    st.session_state["compare-first"] = next(iter(called))
    st.selectbox(
        "Compare all with",
        list(called),
        key="compare-first",
        format_func=called.__getitem__,
        on_change=_put_first,
        width=260,
    )


def _put_first() -> None:
    session.sets().first = st.session_state["compare-first"]


def _names(called: Mapping[str, str], labels: Mapping[str, str]) -> None:
    for id, name in called.items():
        key = f"compare-name-{id}"
        st.session_state[key] = name
        st.text_input(plain(labels[id]), key=key, max_chars=LONGEST, on_change=_named, args=(id,))


def _named(id: str) -> None:
    session.sets().call(id, st.session_state[f"compare-name-{id}"])


def _upload() -> None:
    key = f"compare-add-{st.session_state['compare-uploads']}"
    st.file_uploader(
        "Scenario files, or their Excel sheets",
        ["yaml", "yml", "xlsx"],
        True,
        key=key,
        max_upload_size=session.MEGABYTES,
        on_change=_uploaded,
        args=(key,),
    )
    st.text(UPLOAD_HELP)


def _uploaded(key: str) -> None:
    """Take what was uploaded: files with faults are left out, and their faults shown."""
    messages, desk, sets = [], session.desk(), session.sets()
    for file in st.session_state[key] or []:
        try:
            room = sets.upload(desk, *scenario_of(file.getvalue(), file.name))
        except ScenarioError as error:
            messages.append(str(error))
        else:
            if not room:
                messages.append(f"{file.name} is there to be picked: {MOST} sets are compared already")
    if messages:
        st.session_state.faults = "Not every file is compared.", "\n".join(messages)
    st.session_state["compare-uploads"] += 1  # an empty place for the next files
