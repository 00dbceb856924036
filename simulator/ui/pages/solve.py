"""What would it take: of each number alone, of several together, over two at once, and for how much money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from simulator.analysis.answers import Answer, Answers, Change, Year
from simulator.analysis.grid import Map, grid, swings
from simulator.analysis.questions import main_knobs, name_of
from simulator.analysis.solve import solve, solve_each
from simulator.model.engine import simulate
from simulator.report.charts import solve as charts
from simulator.report.charts.drawing import stamp
from simulator.report.words import solve as words
from simulator.scenario import Scenario
from simulator.scenario.parameters import TREND, knobs, knobs_by_path
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.pages import mix
from simulator.ui.widgets import tables
from simulator.ui.widgets.answers import (
    beside,
    explained,
    faults_shown,
    headline,
    say,
    setter,
    title,
    within_sliders,
)
from simulator.ui.widgets.charts import STYLE, chart, heading, plain
from simulator.ui.work import QUESTIONS
from simulator.values.numerals import percent
from simulator.values.wording import capital
from simulator.workspace.desk import Desk

LOWEST, HIGHEST, USUAL = 50, 95, 80  # percent that may be wanted
SET, TRY = "Set the sliders to this", "Set the sliders to the most it reaches"
TRY_TOGETHER = "Set the sliders to their best"
KEPT = 12  # megabytes: it holds one answer, and numbers of efforts


def page() -> None:
    """The page."""
    desk = session.desk()
    st.html(STYLE + tables.STYLE)
    title()
    session.tell_complaints()
    headline(words.page_question(session.answers()[0]))
    wanted, beside_it = _toolbar(desk)
    session.write_link()
    with faults_shown():
        with beside_it, st.spinner("Looking for the least change of each number ..."):
            scenario = within_sliders(desk)
            answers = _answers(scenario, wanted)
            together = _all_together(scenario, wanted)
        st.markdown(f"**{plain(words.answer_sentence(answers, together))}**")
        _alone(answers)
        _targets(desk, answers.of_target)
    _together(wanted)
    _map(wanted)
    mix.section(wanted)
    explained(words.CAVEATS)


def _all_together(scenario: Scenario, wanted: float) -> Answer | None:
    """What all measures together would take; None where there are not several."""
    levers = tuple(knob.path for knob in main_knobs(scenario))
    return _moved(scenario, wanted, levers) if len(levers) > 1 else None


def _stamp() -> Callable[[], Sequence[str]]:
    """What a picture says of its inputs: made when it is fetched, which is outside of the session."""
    return partial(stamp, session.answers()[0])


@kept(KEPT, lane=QUESTIONS)
def _answers(scenario: Scenario, wanted: float) -> Answers:
    return solve_each(scenario, wanted, simulate=simulate)


@kept(KEPT, lane=QUESTIONS)
def _moved(scenario: Scenario, wanted: float, levers: tuple[str, ...]) -> Answer:
    return solve(scenario, wanted, lever=levers, simulate=simulate)


@kept(0.01, lane=QUESTIONS)
def _farthest(scenario: Scenario) -> tuple[str, ...]:
    """The numbers that move the probability, the farthest first."""
    return tuple(swings(scenario, simulate=simulate))


@kept(KEPT, lane=QUESTIONS)
def _surface(scenario: Scenario, x: str, y: str) -> Map:
    return grid(scenario, x, y, simulate=simulate)


def _toolbar(desk: Desk) -> tuple[float, Any]:
    """The wanted probability, and the place beside it for what is going on."""
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="wanted-bar")
    with bar:
        wanted = st.slider(
            "Wanted probability",
            LOWEST,
            HIGHEST,
            USUAL,
            format="%d %%",
            key="wanted",
            persist_state="session",
            width=340,
        )
        st.button("Undo", icon=":material/undo:", on_click=desk.undo, disabled=not desk.past)
        st.button("Redo", icon=":material/redo:", on_click=desk.redo, disabled=not desk.future)
    return wanted / 100, bar


# Each alone


def _alone(answers: Answers) -> None:
    drivers = answers.of_drivers
    if not drivers or drivers[0].already:
        return
    left, right = beside()
    with left:
        heading("Each measure alone")
        _drivers(answers)
    with right:
        chart(charts.reach(answers), "reach", _stamp())


def _drivers(answers: Answers) -> None:
    say(words.reach_sentence(answers))
    with st.container(gap="small"):
        for answer in answers.of_drivers:
            _row(answer)
    off = words.switched_on_here(answers.present.scenario, answers.switched_on)
    for line in (*words.reasons(answers.of_drivers, bounds=False), *off, *words.left_out(answers)):
        say(line)


def _row(answer: Change) -> None:
    """What one measure would have to be: two lines, and a button that sets it."""
    ((_, now, then),) = words.moves(answer)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xsmall"
    ):
        st.markdown(f"**{plain(answer.name)}**: {_numbers(answer, now, then)}", width="content")
        if answer.probability > answer.present.probability:
            label = SET if answer.feasible else TRY
            setter(answer.scenario, f"{answer.name} {now} → {then}", label, answer.levers[0], small=True)


def _numbers(answer: Change, now: str, then: str) -> str:
    """From where to where a measure goes, and the probability there."""
    on = "switched on, " if answer.switched_on and now == then else ""
    bound = " (its bound)" if answer.at_bound else ""
    return f"{on}{_step(now, then)}{bound}: {_reached(answer)}**{percent(answer.probability, 1)}**"


def _reached(answer: Change) -> str:
    """What stands before a probability that is not what is wanted."""
    return "" if answer.feasible or answer.at_bound else f"{words.reached(answer)}: "


def _step(now: str, then: str) -> str:
    return f"{plain(now)} → **{plain(then)}**" if now != then else f"at **{plain(then)}**"


def _targets(desk: Desk, answers: Sequence[Answer]) -> None:
    """What amount, and what year, is as likely as is wanted."""
    wanted = answers[0].wanted
    heading(f"A target that is {words.wanted_percent(wanted)} likely")
    for place, answer in zip(st.columns(len(answers)), answers, strict=True):
        with place, st.container(border=True, height="stretch"):
            for line in words.sentences(answer):
                say(line)
            if answer.feasible and answer.value != answer.present_value and _within_reach(desk, answer):
                moved = "; ".join(f"{name} {now} → {then}" for name, now, then in words.moves(answer))
                setter(answer.scenario, moved, SET, answer.levers[0], small=True)


def _within_reach(desk: Desk, answer: Answer) -> bool:
    """Whether the sliders can be set to it: a year may be later than they go."""
    if not isinstance(answer, Year):
        return True
    switch = desk.switches.get(answer.levers[0])
    return switch is not None and answer.scenario.target[0].period.end_year in switch.options


# Several at once


@st.fragment
def _together(wanted: float) -> None:
    scenario = within_sliders(session.desk())
    options = [knob.path for knob in main_knobs(scenario)]
    if len(options) < 2:
        return
    with faults_shown():
        heading("Several measures together")
        with st.expander("Which measures move"):
            chosen = st.multiselect(
                "Moved together",
                options,
                options,
                format_func=partial(_name, scenario),
                key=f"{st.session_state.opened}:together",
                persist_state="session",
                wrap=True,
            )
            say(f"{capital(words.TOGETHER)}.")
        if len(chosen) < 2:
            say("Choose two measures or more.")
            return
        with st.spinner("Moving them together ..."):
            answer = _moved(scenario, wanted, tuple(chosen))
        _moves(answer)


def _name(scenario: Scenario, path: str) -> str:
    return name_of(scenario, knobs_by_path(scenario)[path])


def _moves(answer: Answer) -> None:
    if answer.already:
        say(words.sentences(answer)[0])
        return
    say(words.way_sentence(answer))
    moves = words.moves(answer)
    st.markdown("\n".join(f"- {plain(name)}: {_step(now, then)}" for name, now, then in moves))
    for line in words.switched_on_here(answer.present.scenario, answer.switched_on):
        say(line)
    if answer.probability > answer.present.probability:
        label = SET if answer.feasible else TRY_TOGETHER
        setter(answer.scenario, f"{len(moves)} measures moved together", label, "together", small=True)


@st.fragment
def _map(wanted: float) -> None:
    scenario = within_sliders(session.desk())
    with st.expander("Two numbers at once, as a map", icon=":material/grid_on:"), faults_shown():
        x, y = _axes(scenario)
        if x == y:
            say("Choose two different numbers.")
            return
        with st.spinner("Drawing the map ..."):
            answer = _surface(scenario, x, y)
        chart(charts.surface(answer, wanted), "map", _stamp())
        off = words.switched_on_here(scenario, answer.switched_on)
        for line in (words.map_sentence(answer, wanted), *off, words.MAP_CAVEAT):
            say(line)


def _mapped(scenario: Scenario) -> list[str]:
    """The paths of the numbers that a map may show."""
    return [
        knob.path
        for knob in knobs(scenario)
        if knob.main or knob.address.section == "target" or knob.address == TREND
    ]


def _axes(scenario: Scenario) -> Sequence[str]:
    """The two numbers that are chosen: at first those that move the probability most."""
    options = _mapped(scenario)
    place = f"{st.session_state.opened}:map"
    if not set(st.session_state.get(place, [""])) <= {*options}:
        st.session_state[place] = [*dict.fromkeys((*_farthest(scenario), *options))][:2]
    return [
        column.selectbox(
            label,
            options,
            options.index(first),
            format_func=partial(_name, scenario),
            key=f"{place}-{label}",
            persist_state="session",
        )
        for column, label, first in zip(st.columns(2), ("Across", "Up"), st.session_state[place], strict=True)
    ]
