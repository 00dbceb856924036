"""Where a page is: what stands in the bar and in the address, the same for the router and for links between pages."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

FIRST = "Explore"  # at the address without a path


def place(title: str, page: Callable[[], None]) -> StreamlitPage:
    """A page under its title."""
    return st.Page(page, title=title, url_path=title.lower().replace(" ", "-"), default=title == FIRST)
