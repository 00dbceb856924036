"""Pieces that pages share: text that stays text, charts that can be taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from simulator.charts.drawing import Drawing

_ACTIVE = re.compile(r"([\\`*_\[\]<~&])")
PICTURES: Mapping[Literal["png", "svg"], str] = {"png": "image/png", "svg": "image/svg+xml"}
INK = {False: "#17202B", True: "#E8EDF3"}  # of the light and the dark theme in .streamlit/config.toml
STYLE = """<style>
.stMainBlockContainer { padding: 3.6rem 2rem 2rem; max-width: 1320px; }
h1 { font-size: 1.35rem !important; padding: 0 0 .2rem !important; }
h2 { font-size: 1.05rem !important; padding: 0 !important; }
[data-testid="stCheckbox"] label p { font-weight: 600; }
div:has(> .st-key-headline) { position: sticky; top: 3rem; z-index: 90; background: light-dark(#FFFFFF, #0F1620); }
.st-key-headline { border-bottom: 1px solid rgba(125, 131, 140, .35); padding: .4rem 0 .3rem; }
.st-key-headline [data-testid="stMetricValue"] { font-size: 2.6rem; line-height: 1.1; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.4rem .8rem 1rem; }
  .st-key-headline { gap: .2rem; }
  .st-key-headline [data-testid="stMetricValue"] { font-size: 1.7rem; }
  .st-key-headline [data-testid="stText"] { font-size: .85rem; line-height: 1.25; }
}
</style>"""


def plain(text: str) -> str:
    """Text from a file as a label shows it: nothing in it is Markdown, an icon, a colour or a formula."""
    text = _ACTIVE.sub(r"\\\1", " ".join(text.split())).replace(":", ":\u2060")
    return text if text.count("$") < 2 else text.replace("$", r"\$")


def heading(text: str) -> None:
    """The heading of a part of the page."""
    st.header(plain(text), anchor=False)


def chart(drawing: Drawing, key: str, stamp: Callable[[], Sequence[str]]) -> None:
    """A chart with its title, and a menu to take it away."""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        heading(drawing.title)
        _take_away(plain(drawing.title), lambda: drawing, key, stamp)
    draw(st, drawing, key, drawing.alt)


def draw(room: Any, drawing: Drawing, key: str, alt: str) -> None:
    """Put a chart into a room of the page, its words in the ink of the theme: Streamlit leaves labels black, and axes and legends faint."""
    ink = INK[st.context.theme.type == "dark"]
    words = {"labelColor": ink, "titleColor": ink}
    form = {**drawing.form, "config": {"text": {"color": ink}, "axis": words, "legend": words}}
    room.vega_lite_chart(pd.DataFrame(drawing.rows), form, key=f"chart-{key}", alt=alt)


class Place:
    """Where a chart stands that is written again and again: its title, its menu, and room for what ``make`` makes of an answer."""

    def __init__(self, key: str, title: str, make: Callable[[], Drawing], stamp: Callable[[], Sequence[str]]) -> None:
        self.key, self.made = key, make
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            heading(title)
            _take_away(title, make, key, stamp)
        self.room = st.empty()

    def show(self) -> None:
        """Draw; only the rows travel, for the form and the description stay the same."""
        drawing = self.made()
        draw(self.room, drawing, self.key, drawing.about)


def _take_away(title: str, make: Callable[[], Drawing], key: str, stamp: Callable[[], Sequence[str]]) -> None:
    menu = st.popover("", icon=":material/download:", help=f"Take away: {title}", key=f"take-{key}", on_change="rerun", type="tertiary")
    if not menu.open:
        return
    drawing, stamped = make(), stamp()  # a download is made outside the session, which it could not ask any more
    with menu:
        st.download_button("Data as CSV", drawing.csv, f"{drawing.name}.csv", "text/csv", on_click="ignore", key=f"csv-{key}")
        for kind, mime in PICTURES.items():
            made = partial(drawing.picture, kind, stamped)
            st.download_button(f"Picture as {kind.upper()}", made, f"{drawing.name}.{kind}", mime, on_click="ignore", key=f"{kind}-{key}")
