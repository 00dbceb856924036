"""What a page gives when it is printed: the brief, or the answer with its measures, and no control."""

from __future__ import annotations

import streamlit as st

from simulator.model.result import Result
from simulator.report.words import brief as words
from simulator.values.wording import escaped

PRINTED = """.paper {
  background: #fff; color: #1d2329; padding: 1.6rem 2rem; max-width: 52rem; border: 1px solid #d5dae0;
  overflow-wrap: anywhere; font-size: .95rem; line-height: 1.45;
}
.stMainBlockContainer .paper h1 { font-size: 1.35rem !important; color: #1f4e79; }
.stMainBlockContainer .paper h2 { font-size: 1.02rem !important; color: #1f4e79; margin: .8rem 0 .2rem; }
.paper p, .paper ul { margin: .3rem 0; }
.paper ul { padding-left: 1.2rem; }
.paper li { margin: .1rem 0; font-size: inherit; }
.paper .verdict { color: #1f4e79; font-weight: 700; font-size: 1.1rem; }
.paper .soft, .paper figcaption { color: #57606a; font-size: .82rem; }
.paper figure { margin: .6rem 0; }
.paper img { display: block; width: 100%; height: auto; }
div:has(> .st-key-on-paper) { display: none; }
@media print {
  @page { size: A4; margin: 14mm; }
  html, body, #root, .stApp, .stApp > div, [data-testid="stAppViewContainer"], [data-testid="stMain"],
  .stMainBlockContainer {
    position: static !important; height: auto !important; min-height: 0 !important;
    max-height: none !important; overflow: visible !important;
    background: #fff !important; color: #000 !important;
  }
  .stMainBlockContainer { padding: 0 !important; max-width: none; }
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stToolbar"],
  [data-testid="stStatusWidget"], [data-testid="stDecoration"], .stButton, .stDownloadButton, .stSlider,
  .stSelectbox, .stMultiSelect, .stButtonGroup, .stCheckbox, .stFileUploader, .stTextInput,
  .stNumberInput, .stExpander, .stIFrame, .st-key-toolbar > :not(:first-child), .st-key-messages,
  .st-key-views, [role="tablist"], div:has(> .st-key-pins), div:has(> .st-key-controls) {
    display: none !important;
  }
  div:has(> .st-key-on-paper) { display: block !important; }
  div:has(> .st-key-headline) { position: static !important; }
  .st-key-on-paper h2 { font-size: 11pt !important; }
  .st-key-on-paper li { font-size: 10pt; }
  .stMainBlockContainer:has(.paper) [data-testid="stElementContainer"]:not(:has(.paper)) {
    display: none !important;
  }
  .stMainBlockContainer:has(.paper) [data-testid="stVerticalBlock"] {
    gap: 0 !important; display: block !important;
  }
  .stMainBlockContainer .paper {
    border: 0; padding: 0; max-width: none; font-size: 10pt; line-height: 1.3;
  }
  .stMainBlockContainer .paper h1 { padding: 0 !important; margin: 0; }
  .stMainBlockContainer .paper img { max-height: min(var(--room), 80mm); }
}
"""  # the look of a sheet of paper, and of every page once it is printed


def page_of(brief: str) -> None:
    """A brief as a sheet of paper, which alone is printed.

    ``brief`` is HTML in which every text is escaped.
    """
    st.html(brief)


def measures(result: Result) -> None:
    """What each of the leading measures adds: seen on paper only, where no slider says it."""
    lines = "".join(f"<li>{escaped(line)}</li>" for line in words.measure_sentences(result))
    title = escaped(words.measures_title(result))
    with st.container(key="on-paper"):
        st.html(f"<section><h2>{title}</h2><ul>{lines}</ul></section>")
