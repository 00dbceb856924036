"""Which pages there are. One appears here only when it works."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from simulator.ui import session
from simulator.ui.pages import board, compare, explore, report, sensitivity, solve
from simulator.ui.places import FIRST, place

BOARD = "Board"  # first in the bar, and only with a folder
PAGES = {
    FIRST: explore.page,
    "Compare": compare.page,
    "What would it take": solve.page,
    "What matters": sensitivity.page,
    "Report": report.page,
}

NAME = "Trade-target simulator"
ICON = Path(__file__).parent / "icon.svg"

# What the imports left is never garbage, and takes 0.1 s to look through; Streamlit's own collection after
# each run is off in config.toml.
gc.collect()
gc.freeze()


def run() -> None:
    """Show the page that the address names."""
    pages = {BOARD: board.page, **PAGES} if session.folder() else PAGES
    shown = st.navigation([place(*page) for page in pages.items()], position="top")
    st.set_page_config(
        page_title=f"{shown.title} - {NAME}",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    session.follow_file()
    shown.run()
