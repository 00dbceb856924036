"""Where a page is: in the bar and in the address, for the router and for whoever goes to another page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

FIRST = "Explore"  # at the address without a path


def place(title: str, page: Callable[[], None]) -> StreamlitPage:
    """A page under its title."""
    return st.Page(page, title=title, url_path=title.lower().replace(" ", "-"), default=title == FIRST)
