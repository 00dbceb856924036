"""A page whose answers take long, one of the page and one of a fragment: what the browser tier cancels."""

from __future__ import annotations

import time
from functools import partial

import streamlit as st

from simulator.stopping import go_on
from simulator.ui.work import beside, halts_shown

WORDS = ("quick", "slow", "slower")


def worked(word: str) -> str:
    """Quick, or for a minute."""
    for _ in range(10 if word == "quick" else 6000):
        go_on()
        time.sleep(0.01)
    return f"answered {word}"


@st.fragment
def part() -> None:
    """A fragment with a question of its own."""
    word = st.segmented_control("Part", WORDS, default="quick", key="part")
    with halts_shown():
        st.text(f"part {beside('part', word, partial(worked, str(word)))}")


whole = st.segmented_control("Whole", WORDS, default="quick", key="whole")
with halts_shown():
    st.text(f"whole {beside('whole', whole, partial(worked, str(whole)))}")
part()
st.text("below")
