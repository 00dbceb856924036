"""The live panel beside the four charts of Explore, as a page of its own: what the browser tier drags."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from simulator.report.charts import answer, exceedance, futures, over_time
from simulator.ui import session
from simulator.ui.live import components as live
from simulator.ui.live.channel import Answer, channel
from simulator.ui.widgets.charts import STYLE, draw
from simulator.workspace import messages, panel
from simulator.workspace.desk import Desk
from simulator.workspace.headline import effects, headline
from simulator.workspace.messages import Message

KEY = "explore"


def answered(desk: Desk, sent: Message) -> Answer:
    """Turn the desk, and say what came of it: the number only while the thumb moves."""
    moved, fault = messages.answered(desk, sent)
    result, original = session.answers_to(desk)
    if sent.phase == "move":
        return Answer(headline(result, original, moving=True), moved, fault=fault)
    return Answer(headline(result, original), moved, fault=fault)


def charts() -> None:
    """Four charts, drawn again when a thumb rests."""
    live.line(KEY, partial(answered, session.desk()))
    result, original = session.answers()
    drawings = {
        "fan": over_time.target_fan(result, original=original),
        "chances": exceedance.exceedance(result),
        "measures": answer.waterfall(result),
        "futures": futures.futures(result),
    }
    for key, drawing in drawings.items():
        draw(drawing, key, drawing.about)


st.set_page_config(layout="wide")
st.html(STYLE)
desk, seq = session.desk(), channel(KEY).seq
if "file" in st.query_params:
    session.open_upload(Path(st.query_params.pop("file")).read_bytes(), "own.yaml")
    desk = session.desk()
with st.container(horizontal=True):
    st.button("Undo", on_click=desk.undo)
    st.button("Original", on_click=desk.restore)
with st.container(key="headline"):
    live.headline(headline(*session.answers()), KEY, seq)
left, right = st.columns([0.35, 0.65], gap="large")
with left:
    live.controls(panel.sections(desk, effects(session.answers()[0])), KEY, seq)
with right:
    st.fragment(charts)()
