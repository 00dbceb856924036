"""What pages that answer questions share: what a number means, a button that sets the sliders."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import streamlit as st

from simulator import report
from simulator.levers.driver import Driver
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.ui.work import halts_shown
from simulator.values.units import Unit, digits
from simulator.values.wording import capital, plainly
from simulator.workspace.desk import Desk
from simulator.workspace.headline import headline as in_sight

SET = "sliders-set"  # what they were set to, for the next run of the page


def within_sliders(desk: Desk) -> Scenario:
    """The scenario as it stands, the main value of each lever bounded as it was when the file was opened.

    An answer once taken widens no bounds.
    """
    scenario = desk.scenario
    levers = {key: _bounded(desk, key, lever) for key, lever in scenario.levers.items()}
    return scenario.model_copy(update={"levers": levers})


def _bounded(desk: Desk, key: str, lever: Driver) -> Driver:
    knob = desk.knobs.get(f"levers.{key}.{lever.main_field}")
    if knob is None:
        return lever
    ends = tuple(_stated(end, knob.unit) for end in desk.bounds(knob.path))
    return lever.model_copy(update={"bounds": {**lever.bounds, lever.main_field: ends}})


def _stated(value: float, unit: Unit) -> object:
    """A bound as a file states it."""
    return f"{digits(100 * value)}%" if unit.percent else value


def beside() -> tuple[Any, Any]:
    """A wide place for what is answered, and one for what it means: below it on a narrow screen."""
    left, right = st.columns([0.66, 0.34], gap="large")
    return left, right


def say(line: str) -> None:
    """A sentence; no line breaks before a percent sign."""
    st.text(line.replace(" %", "\u00a0%"))


def explained(lines: Sequence[str], *, border: bool = True) -> None:
    """What a number means, and what it does not: each line under what stands before its colon."""
    with st.container(border=border):
        for line in lines:
            head, _, words = line.partition(": ")
            with st.container(gap="xsmall"):
                st.markdown(f"**{head}**")
                say(capital(words))


def setter(scenario: Scenario, what: str, label: str, key: str, *, small: bool = False) -> None:
    """A button that turns the sliders to where a scenario has them, and says so."""
    kind: Any = "tertiary" if small else "secondary"
    if st.button(label, key=f"set-{key}", icon=":material/tune:", type=kind):
        session.desk().take(scenario)
        now = report.probability(session.answer(session.desk().scenario), 1)
        st.session_state[SET] = (
            f"The sliders are set: {what}. The probability is now {now}. Undo takes it back."
        )
        st.rerun()


def title() -> None:
    """The title of the case; where its target was moved, what is asked as it stands."""
    desk = session.desk()
    moved = desk.retargeted
    st.title(plain(report.title(session.answers()[0]) if moved else desk.scenario.title), anchor=False)


def headline(sentence: str) -> None:
    """The probability as the sliders stand, in sight; beside it what they were set to, else a sentence."""
    shown = in_sight(*session.answers(), moving=True)
    with st.container(key="headline"):
        number, words = st.columns([0.22, 0.78], vertical_alignment="center")
        number.metric("Probability", shown.number, shown.change or None)
        message = st.session_state.pop(SET, None)
        with words:
            if message:
                st.success(plain(message), icon=":material/check:")
            else:
                say(sentence)


@contextlib.contextmanager
def faults_shown(head: str = "This cannot be answered for the scenario as it stands.") -> Iterator[None]:
    """What cannot be answered, or was stopped, is told in its place; the rest of the page stands."""
    try:
        with halts_shown():
            yield
    except ValueError as error:
        st.error(head)
        st.code(plainly(error), language=None, wrap_lines=True)
