"""The strip of pinned variants: each with its probability and what differs; a click swaps it."""

from __future__ import annotations

import streamlit as st

from simulator import report
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.workspace import panel
from simulator.workspace.desk import Desk
from simulator.workspace.pins import LONGEST, MOST

SHOWN = 2  # differences that stand on a button


def strip(desk: Desk) -> None:
    """What is pinned, and a button to pin what lies on the desk."""
    pins = session.sets().pins
    with st.container(key="pins", horizontal=True, vertical_alignment="center"):
        if pins.next:
            st.button(
                f"Keep as variant {pins.next}",
                icon=":material/keep:",
                on_click=_keep,
                args=(desk, pins.next),
                help="Pin what is shown, to swap it with other variants and to compare them",
            )
        else:
            st.text(f"{MOST} variants are kept, as many as fit.")
        for letter, pinned in pins.desks.items():
            _pinned(letter, pinned)


def _keep(desk: Desk, letter: str) -> None:
    """Pin a desk under the letter of the button, once: it may be pressed again before the page is drawn."""
    pins = session.sets().pins
    if pins.next == letter:
        pins.keep(desk)


def _pinned(letter: str, pinned: Desk) -> None:
    pins = session.sets().pins
    chance = report.probability(session.answer(pinned.scenario))
    label = f"{pins.called(letter)} \u00b7 {chance} \u00b7 {differences(pinned)}"
    with st.container(horizontal=True, gap=None, width="content", key=f"pin-{letter}"):
        st.button(
            plain(label),
            key=f"swap-{letter}",
            help="Swap it with what is shown",
            on_click=session.swap,
            args=(letter,),
        )
        with st.popover("", icon=":material/edit:", help=f"Name or remove {letter}", key=f"edit-{letter}"):
            key = f"name-{letter}"
            st.text_input(
                "Name", pins.names.get(letter, ""), LONGEST, key, on_change=_called, args=(letter, key)
            )
            st.button("Remove", key=f"remove-{letter}", on_click=pins.let_go, args=(letter,))


def _called(letter: str, key: str) -> None:
    session.sets().pins.call(letter, st.session_state[key])


def differences(desk: Desk) -> str:
    """What of a desk differs from its file, shortly."""
    changed = panel.changed(desk)
    if not changed:
        return "as the original"
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    return ", ".join(changed[:SHOWN]) + more
