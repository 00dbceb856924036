"""Pieces that pages share: text that stays text, charts that can be taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Literal

import pyarrow as pa
import streamlit as st

from simulator.report.charts.drawing import DARK, LIGHT, Drawing, inks
from simulator.ui.widgets.paper import PRINTED
from simulator.values.wording import inert

_ACTIVE = re.compile(r"([\\`*_\[\]<~&])")
_ADDRESS = re.compile(r"\bwww(?=\.)", re.IGNORECASE)  # what the page would make a link of
PICTURES: Mapping[Literal["png", "svg"], str] = {"png": "image/png", "svg": "image/svg+xml"}
THEMES = {False: LIGHT, True: DARK}  # as .streamlit/config.toml has them
STYLE = """<style>
.stMainBlockContainer { padding: 4rem 1.5rem 4.5rem; max-width: 1400px; }
[data-testid="stMain"] { scroll-padding: 9.5rem 0 4.5rem; }
h1 { font-size: 1.2rem !important; line-height: 1.25 !important; padding: 0 !important; }
.stMainBlockContainer h2 { font-size: 1rem !important; padding: 0 !important; }
.stMainBlockContainer > div > [data-testid="stVerticalBlock"] { gap: .6rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: light-dark(#4A545E, #B4BDC7); opacity: 1; margin: 0;
}
div:has(> .st-key-messages:empty) { display: none; }
.st-key-toolbar { flex-wrap: nowrap; gap: .35rem; }
.st-key-toolbar > :first-child { flex: 1 1 auto; min-width: 0; }
.st-key-toolbar button { padding: .2rem .55rem; min-height: 2.2rem; }
div:has(> .st-key-headline) {
  position: sticky; top: 3.7rem; z-index: 90; background: light-dark(#FFFFFF, #0F1620);
}
.st-key-headline { border-bottom: 1px solid rgba(125, 131, 140, .35); padding: .2rem 0 .3rem; }
.st-key-desk { flex-wrap: nowrap; align-items: flex-start; }
.st-key-controls {
  position: sticky; top: 9.6rem; max-height: calc(100vh - 13.4rem); overflow-y: auto; flex: none;
  scrollbar-width: thin;
}
.st-key-charts { min-width: 0; }
.st-key-edits { display: none; }
.st-key-source { flex-wrap: nowrap; justify-content: space-between; }
.st-key-views { gap: .5rem 1rem; }
div:has(> .st-key-pins):has([class*="st-key-pin-"]) {
  position: fixed; inset: auto 0 0 0; z-index: 95; padding: .35rem 1.5rem;
  background: light-dark(#F3F6FA, #1A2431);
}
@media (max-width: 900px) {
  .stMainBlockContainer { padding: 4rem .8rem 5rem; }
  [data-testid="stExpandSidebarButton"]::after { content: "Pages"; padding-left: .3rem; }
  .st-key-toolbar { flex-wrap: wrap; }
  .st-key-toolbar > :first-child { flex-basis: 100%; }
  .st-key-desk { flex-direction: column; }
  .st-key-controls { position: static; max-height: none; width: 100% !important; }
  .st-key-desk > div { width: 100% !important; }
  .st-key-pins { flex-wrap: nowrap; overflow-x: auto; }
}
@media (max-width: 640px) {
  .st-key-evidence p { font-size: .8rem; line-height: 1.3; }
  .st-key-evidence > :not(:nth-child(2)):not(:has([data-testid="stAlert"])) { display: none; }
  [data-testid="stMain"] { scroll-padding-top: 8.5rem; }
  .st-key-toolbar button span:has(> [data-testid="stIconMaterial"]) { display: none; }
  .st-key-toolbar button { padding: .2rem .5rem; }
  .st-key-headline { padding: 0; }
  .st-key-charts [data-baseweb="tab-list"], .st-key-charts [role="tablist"] { scroll-snap-type: x proximity; }
  .st-key-charts [role="tab"] { scroll-snap-align: start; }
}
.st-key-cards, .st-key-own-cards {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: .5rem;
}
.st-key-cards [class*="st-key-card-"], .st-key-own-cards [class*="st-key-own-card-"] {
  padding: .5rem .8rem .6rem; height: 100%; gap: .1rem;
}
.st-key-cards button, .st-key-own-cards button {
  min-height: 2rem; padding: 0; justify-content: flex-start; text-align: left;
}
.st-key-cards button p, .st-key-own-cards button p { font-weight: 600; }
.st-key-cards [data-testid="stText"], .st-key-own-cards [data-testid="stText"] { font-size: .85rem; }
"""
STYLE += f"{PRINTED}</style>"


def plain(text: str) -> str:
    """Text from a file as a label shows it.

    Nothing in it is Markdown, an icon, a colour or a formula, and no word becomes a link: a mark that nobody
    sees stands in an address.
    """
    text = _ACTIVE.sub(r"\\\1", " ".join(inert(text).split())).replace(":", ":\u2060")
    text = _ADDRESS.sub("\\g<0>\u2060", text).replace("@", "\u2060@")
    return text if text.count("$") < 2 else text.replace("$", r"\$")


def spreadsheet(table: str) -> bytes:
    """A table as CSV with the mark by which a spreadsheet knows UTF-8: else it guesses an old code page."""
    return table.encode("utf-8-sig")


def heading(text: str) -> None:
    """The heading of a part of the page."""
    st.header(plain(text), anchor=False)


def chart(drawing: Drawing, key: str, stamp: Callable[[], Sequence[str]]) -> None:
    """A chart with its title, and a button to take it away."""
    heading_of(drawing.title, key, lambda: drawing, stamp)
    draw(drawing, key, drawing.alt)


def heading_of(title: str, key: str, make: Callable[[], Drawing], stamp: Callable[[], Sequence[str]]) -> None:
    """The title of a chart, and a button to take away what ``make`` draws."""
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        heading(title)
        if st.button(
            "",
            icon=":material/download:",
            help=f"Take away: {plain(title)}",
            key=f"take-{key}",
            type="tertiary",
        ):
            _take_away(make(), key, stamp())


def draw(drawing: Drawing, key: str, alt: str) -> None:
    """A chart, its words in the ink of the theme: Streamlit leaves labels black, and axes faint."""
    theme = THEMES[st.context.theme.type == "dark"]
    words = {"labelColor": theme["ink"], "titleColor": theme["ink"]}
    form = {**drawing.form, "config": {**inks(**theme), "axis": words, "legend": words}}
    columns = {
        name: [row.get(name) for row in drawing.rows]
        for name in dict.fromkeys(chain.from_iterable(drawing.rows))
    }
    st.vega_lite_chart(pa.table(columns), form, key=f"chart-{key}", alt=alt)


@st.dialog("Take away")
def _take_away(drawing: Drawing, key: str, stamped: Sequence[str]) -> None:
    st.text(drawing.title)
    with st.container(horizontal=True):
        st.download_button(
            "Data as CSV",
            lambda: spreadsheet(drawing.csv()),
            f"{drawing.name}.csv",
            "text/csv",
            on_click="ignore",
            key=f"csv-{key}",
        )
        for kind, mime in PICTURES.items():
            made = partial(drawing.picture, kind, stamped)
            st.download_button(
                f"Picture as {kind.upper()}",
                made,
                f"{drawing.name}.{kind}",
                mime,
                on_click="ignore",
                key=f"{kind}-{key}",
            )
