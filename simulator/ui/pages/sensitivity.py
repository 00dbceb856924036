"""What matters: what moves the answer, whose uncertainty it is, when the target is missed, what is worth knowing first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from simulator import report
from simulator.analysis.discover import HELP as RULES_HELP
from simulator.analysis.discover import OUTCOMES, Discovery, Rule, discover
from simulator.analysis.sensitivity import (
    INFORMATION_HELP,
    SHARES_HELP,
    TORNADO_HELP,
    Sensitivity,
    sensitivity,
)
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report.charts import sensitivity as charts
from simulator.report.charts.drawing import Drawing, stamp
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.widgets.charts import STYLE, chart, heading, plain
from simulator.values.numerals import share

KEPT = 25  # megabytes of an analysis that is kept
NOUNS = {"missed": "misses", "reached": "hits"}


def page() -> None:
    """The page."""
    scenario = session.desk().scenario
    st.html(STYLE)
    st.title(plain(scenario.title), anchor=False)
    session.tell_complaints()
    result = session.answer(scenario)
    st.text(_introduction(result))
    session.write_link()
    with st.spinner(
        "Holding every unknown at its low and its high value, and drawing each group of them anew ..."
    ):
        found = _matters(scenario)
    _first(found)
    with st.container(gap="large"):
        _tornado(found)
        _rules(scenario)
        _shares(found)
        _information(found)
    st.text(
        f"Probability {report.probability(result, 2)}, {result.points} points, seed {result.seed}; standard errors of the bars up to "
        f"{100 * max((bar.standard_error for bar in found.tornado), default=0.0):.2f} percentage points."
    )


@kept(KEPT)
def _matters(scenario: Scenario) -> Sensitivity:
    return sensitivity(scenario, simulate=simulate)


@kept(KEPT)
def _conditions(scenario: Scenario, of: str) -> Discovery:
    return discover(scenario, simulate=simulate, of=of)


def _introduction(result: Result) -> str:
    changes = len(session.desk().values)
    changed = "" if not changes else f", with your {'change' if changes == 1 else f'{changes} changes'}"
    return (
        f"The probability is {report.probability(result)} that {report.wish(result)}. This page shows what that rests on: which unknowns move it, "
        f"whose uncertainty it is, and what is worth settling first, for the scenario as it stands on Explore{changed}."
    )


def _first(found: Sensitivity) -> None:
    with st.container(border=True, gap="medium"):
        heading("What to settle first")
        with st.container(gap="xsmall"):
            for sentence in found.sentences:
                st.text(sentence)


@st.fragment
def _tornado(found: Sensitivity) -> None:
    narrow = len(charts.widest(found)[: charts.MOST_BARS])
    more = len(found.tornado) - narrow
    with _beside(TORNADO_HELP):
        place = st.container()
        everything = more > 0 and st.toggle(
            f"Show the other {more} too", key="all-bars", persist_state="session"
        )
        with place:
            drawing = charts.tornado(found, None if everything else charts.MOST_BARS)
            _chart_or(drawing, "No single unknown moves the probability by 0.05 points.", found)


@st.fragment
def _rules(scenario: Scenario) -> None:
    with _beside(RULES_HELP):
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
        with st.spinner("Looking for conditions ..."):
            found = _conditions(scenario, of or OUTCOMES[0])
        rules = {"By what is assumed": found.assumed, "By figures to come": found.figures}
        for column, (head, rule) in zip(st.columns(len(rules)), rules.items(), strict=True):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"**{head}**")
                _rule(found, rule)


def _rule(found: Discovery, rule: Rule | None) -> None:
    if rule is None:
        st.text(f"No simple rule: nothing plain tells apart the futures in which the target is {found.of}.")
        return
    money = partial(report.money, found.result)
    st.markdown(f"{found.of.capitalize()} in **{share(rule.density)}** of the futures in which")
    st.markdown("\n".join(f"- **{plain(condition.words(money))}**" for condition in rule.conditions))
    st.text(
        f"Density: {share(rule.density)} (± {100 * rule.standard_error:.1f} points), against {share(rule.base)} of all futures.\n"
        f"Coverage: {share(rule.coverage)} of all {NOUNS[found.of]} are among them.\n"
        f"Size: {share(rule.mass)} of all futures are of this kind.\n"
        "Counted on draws held out from the search."
    )


@st.fragment
def _shares(found: Sensitivity) -> None:
    with _beside(SHARES_HELP):
        _chart_or(charts.shares(found), "Nothing is left to vary.", found)


@st.fragment
def _information(found: Sensitivity) -> None:
    with _beside(INFORMATION_HELP):
        _chart_or(
            charts.information(found),
            "No single unknown, if it were settled, would clearly make a wrong verdict less likely.",
            found,
        )


def _chart_or(drawing: Drawing, nothing: str, found: Sensitivity) -> None:
    """A chart; or its title and why there is nothing to draw."""
    if drawing.rows:
        chart(drawing, drawing.name, partial(stamp, found.result))
    else:
        heading(drawing.title)
        st.text(nothing)


def _beside(help_words: Sequence[str]) -> Any:
    """Room for an answer; beside it what its numbers mean, and what they do not."""
    room, beside = st.columns([0.66, 0.34], gap="large")
    with beside, st.container(border=True):
        for head, words in zip(("What this says", "What it does not"), help_words, strict=True):
            with st.container(gap="xsmall"):
                st.markdown(f"**{head}**")
                st.text(words)
    return room
