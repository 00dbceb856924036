"""Which pages there are. One appears here only when it works."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from simulator.report.words.glossary import TITLE as METHOD
from simulator.report.words.record import TITLE as RECORD
from simulator.ui import session
from simulator.ui.pages import (
    board,
    build,
    compare,
    explore,
    method,
    record,
    report,
    sensitivity,
    solve,
    track,
)
from simulator.ui.places import FIRST, place
from simulator.ui.signing import signed_in
from simulator.ui.work import halts_shown, turn

BOARD = "Board"  # first in the bar, and only with a folder
PAGES = {
    FIRST: explore.page,
    "Compare": compare.page,
    "What would it take": solve.page,
    "What matters": sensitivity.page,
    "What moved it": track.page,
    "Report": report.page,
    "Make a case": build.page,
    RECORD: record.page,
    METHOD: method.page,
}
BEGUN = "begun"  # whether a session has shown a page
FOOT = "What the words mean: method, glossary"

NAME = "Trade-target simulator"
ICON = Path(__file__).parent / "icon.svg"

# What the imports left is never garbage, and takes 0.1 s to look through; Streamlit's own collection after
# each run is off in config.toml.
gc.collect()
gc.freeze()


ready = explore.ready


def run() -> None:
    """Show the page that the address names, to whoever may see it."""
    if not signed_in():
        return
    shown_in_bar = {BOARD: board.page, **PAGES} if session.folder() else PAGES
    pages = {title: place(title, page) for title, page in shown_in_bar.items()}
    st.session_state[session.PAGES] = pages
    shown = st.navigation([*pages.values()], position="top")
    st.set_page_config(
        page_title=f"{shown.title} - {NAME}",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    if _begins_empty():
        st.switch_page(pages[BOARD])
    session.follow_file()
    with turn(), halts_shown():
        shown.run()
    if shown.title != METHOD:
        _foot()


def _begins_empty() -> bool:
    """Whether somebody comes to an office's folder that is empty, and asks for nothing else; told once."""
    office, first = session.folder(), not st.session_state.get(BEGUN)
    st.session_state[BEGUN] = True
    return first and office is not None and not office.names() and not st.query_params


def _foot() -> None:
    """A line at the end of every page that leads to the method and the glossary."""
    with st.container(key="foot"):
        st.page_link(place(METHOD, method.page), label=FOOT, icon=":material/menu_book:")
