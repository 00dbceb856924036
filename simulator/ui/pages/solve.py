"""What would it take: the wanted probability, by each number alone, by several together, over two at once, and for how much money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from simulator import report
from simulator.analysis.grid import Map, grid, swings
from simulator.analysis.questions import name_of
from simulator.analysis.solve import Answer, Answers, solve, solve_each
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report import advice
from simulator.report.charts import solve as charts
from simulator.report.charts.drawing import stamp
from simulator.scenario import Scenario
from simulator.scenario.parameters import knobs
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
    within_sliders,
)
from simulator.ui.widgets.charts import STYLE, chart, heading, plain
from simulator.values.numerals import counted
from simulator.workspace.desk import Desk

LOWEST, HIGHEST, USUAL = 50, 95, 80  # percent that may be wanted
SET, TRY = "Set the sliders to this", "Set the sliders to its best"
TREND = "outlook.trend"
KEPT = 20  # megabytes of an answer that is kept


def page() -> None:
    """The page."""
    desk = session.desk()
    st.html(STYLE + tables.STYLE)
    st.title(plain(desk.scenario.title), anchor=False)
    session.tell_complaints()
    headline(_sentence(session.answers()[0]))
    wanted, beside_it = _toolbar(desk)
    session.write_link()
    with faults_shown():
        with beside_it, st.spinner("Looking for the least change of each number ..."):
            found = _each(within_sliders(desk), wanted)
        _alone(found)
        _targets(desk, [answer for answer in found.answers if answer.levers[0].startswith("target.")])
    _together(wanted)
    _map(wanted)
    mix.section(wanted)


def _stamp() -> Callable[[], Sequence[str]]:
    """What a picture says of its inputs: made when it is fetched, which is outside of the session."""
    return partial(stamp, session.answers()[0])


@kept(KEPT)
def _each(scenario: Scenario, wanted: float) -> Answers:
    return solve_each(scenario, wanted, simulate=simulate)


@kept(KEPT)
def _moved(scenario: Scenario, wanted: float, levers: tuple[str, ...]) -> Answer:
    return solve(scenario, wanted, lever=levers, simulate=simulate)


@kept(KEPT)
def _surface(scenario: Scenario, x: str, y: str) -> Map:
    return grid(scenario, x, y, simulate=simulate)


def _sentence(result: Result) -> str:
    return f"That is how likely it is, as the sliders stand, that {report.wish(result)}. This page shows what it would take to make it more likely."


def _toolbar(desk: Desk) -> tuple[float, Any]:
    """The wanted probability, and the place beside it for what is going on."""
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="toolbar")
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


def _alone(found: Answers) -> None:
    measures = charts.measures(found)
    told = bool(measures) and not measures[0].already
    left, right = beside()
    with left:
        heading("What each measure alone would have to be")
        if not measures:
            say("The scenario has no measure with one number to turn.")
        elif told:
            _measures(found, measures)
        else:
            say(advice.sentences(measures[0])[0])
    with right:
        explained(advice.meaning(found))
        if told:
            chart(charts.reach(found), "reach", _stamp())


def _measures(found: Answers, measures: Sequence[Answer]) -> None:
    reachable = sum(answer.feasible for answer in measures)
    reach = (
        f"{reachable} of {counted(len(measures), 'measure')} can reach"
        if reachable
        else "No measure can reach"
    )
    say(f"{reach} {advice.wish(found.wanted)} alone; the nearest come first.")
    for answer in measures:
        _row(answer)
    off = _off(found.present.scenario, [place for answer in measures for place in answer.switched_on])
    for line in [*advice.reasons(measures, bounds=False), *off]:
        say(line)
    if found.left_out:
        say(f"Left out, for they have no one number to turn: {', '.join(found.left_out)}.")


def _row(answer: Answer) -> None:
    """What one measure would have to be; its columns stand below each other on a narrow screen."""
    ((_, now, then),) = advice.moves(answer)
    helps = answer.probability > answer.present.probability
    reached = "" if answer.feasible else "at best " if helps else "no change helps: "
    step = "switched on, " * bool(answer.switched_on and now == then) + _step(now, then)
    with st.container(border=True):
        name, numbers, button = st.columns([0.42, 0.28, 0.3], gap="xxsmall", vertical_alignment="center")
        name.markdown(f"**{plain(answer.name)}**  \n{plain(answer.help)}")
        numbers.markdown(
            f"{step}{' (its bound)' if answer.at_bound else ''}  \n{reached}**{advice.percent(answer.probability)}**"
        )
        if helps:
            with button:
                setter(
                    answer.scenario,
                    f"{answer.name} {now} → {then}",
                    SET if answer.feasible else TRY,
                    answer.levers[0],
                )


def _step(now: str, then: str) -> str:
    return f"{plain(now)} → **{plain(then)}**" if now != then else f"at **{plain(then)}**"


def _off(scenario: Scenario, places: Sequence[str]) -> list[str]:
    """Which measures are switched on for an answer."""
    names = [
        getattr(scenario, section)[key].name or key
        for section, key in (place.split(".") for place in dict.fromkeys(places))
    ]
    return [f"{name} is off in the scenario; here it is switched on." for name in names]


def _targets(desk: Desk, answers: Sequence[Answer]) -> None:
    """What amount, and what year, is as likely as is wanted."""
    wanted = advice.wish(answers[0].wanted)
    heading(f"A target that is {wanted} likely")
    say(
        f"The question turned round: with the measures as they stand, what amount, and what year, would be {wanted} likely?"
    )
    for place, answer in zip(st.columns(len(answers)), answers, strict=True):
        with place, st.container(border=True, height="stretch"):
            for line in advice.sentences(answer):
                say(line)
            if answer.feasible and answer.value != answer.present_value and _held(desk, answer):
                what = "; ".join(f"{name} {now} → {then}" for name, now, then in advice.moves(answer))
                setter(answer.scenario, what, SET, answer.levers[0])
            explained(advice.meaning(answer), border=False)


def _held(desk: Desk, answer: Answer) -> bool:
    """Whether the sliders can be set to it: a year may be later than they go."""
    if answer.unit != "period":
        return True
    switch = desk.switches.get(answer.levers[0])
    return switch is not None and answer.scenario.target[0].period.end_year in switch.options


# Several at once


@st.fragment
def _together(wanted: float) -> None:
    scenario = within_sliders(session.desk())
    options = [knob.path for knob in knobs(scenario) if knob.main and knob.path.startswith("levers.")]
    if len(options) < 2:
        return
    left, right = beside()
    with left, faults_shown():
        heading("Several measures together")
        key = f"{st.session_state.opened}:together"
        named = partial(name_of, scenario)
        chosen = st.multiselect(
            "Moved together", options, options, format_func=named, key=key, persist_state="session", wrap=True
        )
        if len(chosen) < 2:
            say("Choose two measures or more.")
            return
        with st.spinner("Moving them together ..."):
            answer = _moved(scenario, wanted, tuple(chosen))
        _moves(answer)
    with right:
        explained([f"How: {answer.help}.", *advice.meaning(answer)])


def _moves(answer: Answer) -> None:
    if answer.already:
        say(advice.sentences(answer)[0])
        return
    probability = advice.percent(answer.probability)
    if answer.feasible:
        way = advice.amount(answer.present, answer.value or 0.0, answer.unit)
        say(
            f"To reach {advice.wish(answer.wanted)}, each would have to go {way} of the way. The probability is then {probability}."
        )
    else:
        say(f"{advice.wish(answer.wanted)} is out of reach even for all of them: at best {probability}.")
    moves = advice.moves(answer)
    st.markdown("\n".join(f"- {plain(name)}: {_step(now, then)}" for name, now, then in moves))
    for line in _off(answer.present.scenario, answer.switched_on):
        say(line)
    if answer.probability > answer.present.probability:
        label = SET if answer.feasible else TRY.replace("its", "their")
        setter(answer.scenario, f"{len(moves)} measures moved together", label, "together")


@st.fragment
def _map(wanted: float) -> None:
    scenario = within_sliders(session.desk())
    known = knobs(scenario)
    options = [
        knob.path for knob in known if knob.main or knob.path.startswith("target.") or knob.path == TREND
    ]
    left, right = beside()
    with left, faults_shown():
        heading("Two numbers at once")
        keys = [f"{st.session_state.opened}:map-{axis}" for axis in "xy"]
        if keys[0] not in st.session_state:
            farthest = [
                *swings(scenario, simulate=simulate),
                *(path for path in options if not path.startswith("levers.")),
            ]
            st.session_state[keys[0]], st.session_state[keys[1]] = farthest[:2]
        axes = [
            place.selectbox(
                label, options, format_func=partial(name_of, scenario), key=key, persist_state="session"
            )
            for place, label, key in zip(st.columns(2), ("Across", "Up"), keys, strict=True)
        ]
        if axes[0] == axes[1]:
            say("Choose two different numbers.")
            return
        with st.spinner("Drawing the map ..."):
            found = _surface(scenario, *axes)
        chart(charts.surface(found, wanted), "map", _stamp())
        for line in [_line(found, wanted), *_off(scenario, found.switched_on)]:
            say(line)
    with right:
        explained(advice.meaning(found))


def _line(found: Map, wanted: float) -> str:
    """Where the wanted probability lies on the map."""
    heights = [p for row in found.probability for p in row if p is not None]
    low, high = min(heights, default=0.0), max(heights, default=0.0)
    if low < wanted <= high:
        return f"The thick line is {advice.wish(wanted)}; the dot is where the sliders stand."
    side = "below" if high < wanted else "above"
    return (
        f"{advice.wish(wanted)} is not on this map: all of it is {side}, from {advice.percent(low)} to {advice.percent(high)}. "
        "The dot is where the sliders stand."
    )
