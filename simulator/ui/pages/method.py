"""Method and glossary: how the number comes about, what it cannot know, what the words mean."""

from __future__ import annotations

import streamlit as st

from simulator.report.words.glossary import LEAD, TERMS, TITLE
from simulator.report.words.method import HOW, LIMITS, METHOD
from simulator.ui import session
from simulator.ui.widgets.charts import STYLE, heading
from simulator.values.wording import escaped

DOCUMENT = "The formulas with their sources, and how the model scores on past trade, are in docs/method.md."
LISTED = """<style>
.glossary { columns: 24rem; column-gap: 3rem; margin: 0; line-height: 1.45; }
.index { line-height: 1.7; } .index a { white-space: nowrap; }
.glossary div { break-inside: avoid; padding-bottom: .7rem; }
.glossary dt { font-weight: 600; scroll-margin-top: 5rem; }
.glossary dd { margin: 0; }
.method { max-width: 46rem; line-height: 1.5; margin: 0; padding-left: 1.2rem; }
.method li { padding-bottom: .5rem; }
</style>"""


def page() -> None:
    """The page."""
    st.html(STYLE + LISTED)
    st.title(TITLE, anchor=False)
    session.write_link()
    heading("How the number comes about")
    st.html(_list(HOW))
    heading("What it cannot know")
    st.html(_list(LIMITS))
    with st.expander("For statisticians", icon=":material/functions:"):
        st.html(_list(METHOD))
        st.text(DOCUMENT)
    heading("Glossary")
    st.text(LEAD)
    st.html(_index() + _glossary())


def _list(sentences: tuple[str, ...]) -> str:
    """Paragraphs one below the other."""
    return f'<ul class="method">{"".join(f"<li>{escaped(line)}</li>" for line in sentences)}</ul>'


def _index() -> str:
    """A link to every term, for a telephone's long page."""
    links = (f'<a href="#{term.anchor}">{escaped(term.name)}</a>' for term in TERMS)
    return f'<p class="index">{" · ".join(links)}</p>'


def _glossary() -> str:
    """Every term with its meaning, each with a place of its own."""
    terms = (
        f'<div><dt id="{term.anchor}">{escaped(term.name)}</dt><dd>{escaped(term.text)}</dd></div>'
        for term in TERMS
    )
    return f'<dl class="glossary">{"".join(terms)}</dl>'
