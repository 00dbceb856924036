"""What matters: what moves the answer, whose uncertainty it is, when the target is missed, what to know."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from simulator import report
from simulator.analysis.discover import OUTCOMES, Discovery, Rule, discover
from simulator.analysis.sensitivity import Sensitivity, sensitivity
from simulator.model.engine import simulate
from simulator.report.charts import sensitivity as charts
from simulator.report.charts.drawing import Drawing, stamp
from simulator.report.words import discover as rule_words
from simulator.report.words import sensitivity as words
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets.answers import title
from simulator.ui.widgets.charts import STYLE, chart, heading, plain
from simulator.ui.work import QUESTIONS, halts_shown
from simulator.values.numerals import share

KEPT = 25  # megabytes of an analysis that is kept


def page() -> None:
    """The page."""
    scenario = session.desk().scenario
    st.html(STYLE)
    title()
    session.tell_complaints()
    result = session.answer(scenario)
    st.text(words.introduction(result, len(session.desk().values)))
    session.write_link()
    with st.spinner(
        "Holding every unknown at its low and its high value, and drawing each group of them anew ..."
    ):
        analysis = _analysed(scenario)
    _first(analysis)
    with st.container(gap="large"):
        _tornado(analysis)
        _rules(scenario)
    with st.expander(words.STATISTICS, icon=":material/functions:"):
        st.text(words.STATISTICS_NOTE)
        _shares(analysis)
        _information(analysis)
        st.text(
            f"Details: probability {report.probability(result, 2)}, {result.points} points, "
            f"seed {result.seed}; standard errors of the bars up to {words.largest_error(analysis)} "
            "percentage points."
        )


@kept(KEPT, lane=QUESTIONS)
def _analysed(scenario: Scenario) -> Sensitivity:
    return sensitivity(scenario, simulate=simulate)


@kept(KEPT, lane=QUESTIONS)
def _discovered(scenario: Scenario, of: str) -> Discovery:
    return discover(scenario, simulate=simulate, of=of)


def _first(analysis: Sensitivity) -> None:
    with st.container(border=True, gap="medium"):
        heading("What is worth knowing beforehand")
        with st.container(gap="xsmall"):
            for sentence in words.sentences(analysis):
                st.text(sentence)


@st.fragment
def _tornado(analysis: Sensitivity) -> None:
    narrow = len(charts.widest(analysis)[: charts.MOST_BARS])
    more = len(analysis.tornado) - narrow
    with _beside(words.TORNADO_HELP):
        place = st.container()
        everything = more > 0 and st.toggle(
            f"Show the other {more} too", key="all-bars", persist_state="session"
        )
        with place:
            drawing = charts.tornado(analysis, None if everything else charts.MOST_BARS)
            _chart_or(drawing, words.NOTHING_MOVES, analysis)


@st.fragment
def _rules(scenario: Scenario) -> None:
    with _beside(rule_words.HELP):
        with st.container(horizontal=True, vertical_alignment="center"):
            heading("When is the target")
            of = st.segmented_control(
                "When is the target",
                OUTCOMES,
                default=OUTCOMES[0],
                required=True,
                key="outcome",
                label_visibility="collapsed",
                persist_state="session",
            )
        with halts_shown():
            with st.spinner("Looking for conditions ..."):
                discovery = _discovered(scenario, of or OUTCOMES[0])
            rules = rule_words.rules(discovery)
            for column, (head, rule) in zip(st.columns(len(rules)), rules.items(), strict=True):
                with column, st.container(border=True, height="stretch"):
                    st.markdown(f"**{head}**")
                    _rule(discovery, rule)


def _rule(discovery: Discovery, rule: Rule | None) -> None:
    if rule is None:
        st.text(rule_words.no_rule_of_futures(discovery))
        return
    st.markdown(f"{discovery.of.capitalize()} in **{share(rule.density)}** of the futures in which")
    conditions = rule_words.conditions(discovery, rule)
    st.markdown("\n".join(f"- **{plain(condition)}**" for condition in conditions))
    st.text("\n".join(rule_words.counts_of_futures(discovery, rule)))


@st.fragment
def _shares(analysis: Sensitivity) -> None:
    with _beside(words.SHARES_HELP):
        _chart_or(charts.shares(analysis), words.NOTHING_VARIES, analysis)


@st.fragment
def _information(analysis: Sensitivity) -> None:
    with _beside(words.INFORMATION_HELP):
        _chart_or(charts.information(analysis), words.NOTHING_TO_LEARN, analysis)


def _chart_or(drawing: Drawing, nothing: str, analysis: Sensitivity) -> None:
    """A chart; or its title and why there is nothing to draw."""
    if drawing.rows:
        chart(drawing, drawing.name, partial(stamp, analysis.result))
    else:
        heading(drawing.title)
        st.text(nothing)


def _beside(help_words: Sequence[str]) -> Any:
    """Room for an answer; beside it what its numbers mean, and what they do not."""
    room, beside = st.columns([0.66, 0.34], gap="large")
    with beside, st.container(border=True):
        for head, text in zip(("What this says", "What it does not"), help_words, strict=True):
            with st.container(gap="xsmall"):
                st.markdown(f"**{head}**")
                st.text(text)
    return room
