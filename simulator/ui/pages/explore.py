"""Explore: the answer, live beside the sliders."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from simulator import report
from simulator.files.reading import shipped_names
from simulator.model.result import Result
from simulator.report.charts import answer, futures, over_time, partners
from simulator.report.charts.drawing import Drawing, stamp
from simulator.report.names import headed
from simulator.report.partners import several
from simulator.ui import session
from simulator.ui.widgets import sliders
from simulator.ui.widgets.charts import STYLE, draw, heading_of, plain
from simulator.values.numerals import percent, points
from simulator.workspace.desk import Desk

WELCOME = (
    "The large figure is the chance that the target is reached; the bar beside it shows what other model "
    "settings would say. In the charts grey is published, blue is what may come, and the "
    "dashed line is the target. Move a slider or switch a measure off and watch the chance change: **Undo** "
    "takes it back, and the address in your browser holds this screen."
)
BY: tuple[over_time.By, ...] = ("year", "quarter")
TARGET = "the target"  # what it is about, in its own periods
CHARTS = {
    "fan": "What is published, and what may come",
    "measures": answer.ADDED,
    "futures": "A hundred equally likely futures",
}
CHANCE = "Probability"
POINTS = "Percentage points"
ASIDE = st.column_config.TextColumn(alignment="right")
MEGABYTES = 2  # of an upload
ROOM = 0.012  # seconds in which the number leaves before the charts are worked out


def page() -> None:
    """The page."""
    desk = session.desk()
    st.html(STYLE)
    st.title(plain(desk.scenario.title), anchor=False)
    _toolbar(desk)
    _messages()
    with st.spinner("Simulating", show_time=True):
        _drawings()
    live = Live()
    left, right = st.columns([0.6, 0.4], gap="large")
    with left:
        live.place_charts()
    with right:
        sliders.controls(desk, live)
    st.fragment(
        live.show
    )()  # in a fragment like the cards that write there later: the browser then keeps what it has drawn


def _toolbar(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        names = list(shipped_names())
        key = f"open-{st.session_state.opened}"
        options = names if desk.shipped else [desk.name, *names]
        st.selectbox(
            "Scenario",
            options,
            index=options.index(desk.name),
            key=key,
            on_change=_open,
            args=(key,),
            width=340,
            format_func=str,
        )
        _file_menu(desk)
        st.button("Undo", icon=":material/undo:", on_click=desk.undo)
        st.button("Redo", icon=":material/redo:", on_click=desk.redo)
        st.button("Reset", icon=":material/restart_alt:", on_click=desk.reset)


def _open(key: str) -> None:
    chosen = st.session_state[key]
    if (
        chosen in shipped_names() and chosen != session.desk().name
    ):  # Streamlit also calls this when a page is left with the menu open
        session.open_shipped(chosen)


def _file_menu(desk: Desk) -> None:
    menu = st.popover("File", icon=":material/folder_open:", key="file", on_change="rerun")
    if not menu.open:
        return
    with menu:
        name = f"{desk.name.removesuffix('.yaml').removesuffix('.yml')}.yaml"
        st.download_button(
            "Download this scenario",
            desk.file,
            name,
            "application/yaml",
            icon=":material/download:",
            on_click=desk.keep,
            key="yaml",
        )
        st.markdown(
            "What is downloaded counts as saved; comments stay, and whatever it extends is merged in."
        )
        st.file_uploader(
            "Open a scenario file",
            ["yaml", "yml"],
            max_upload_size=MEGABYTES,
            key="upload",
            on_change=_upload,
        )
        if desk.shipped:
            st.markdown("A link that reproduces this screen is in your browser's address.")


def _upload() -> None:
    file = st.session_state.upload
    if file is not None:
        session.open_upload(file.getvalue(), file.name)


def _messages() -> None:
    session.tell_complaints()
    with st.expander(
        "What you see, and what to try",
        expanded=not st.session_state.desk.past and not st.session_state.desk.values,
    ):
        st.markdown(WELCOME)


class Live:
    """What a moved slider changes: places outside the cards that are written again, the number first."""

    def __init__(self) -> None:
        self.refused = st.empty()
        with st.container(key="headline"):
            number, words = st.columns([0.22, 0.78], vertical_alignment="center")
            self.number = number.empty()
            with words:
                self.sentence, self.bar = st.empty(), st.empty()

    def place_charts(self) -> None:
        """Lay out the charts, each with its title and a button to take it away."""
        _views()
        self.charts = {}
        for key, title in _titles(session.answers()[0]).items():
            heading_of(title, key, partial(_drawings().__getitem__, key), _stamp)
            self.charts[key] = st.empty()
        self.details = st.expander(
            "Details: the answer in words and numbers", key="details", on_change="rerun"
        )
        with self.details:
            self.inside = st.empty()

    def reserve(self) -> None:
        """Make room for what a card writes when it runs alone."""
        for place in (self.refused, self.number, self.sentence, self.bar, self.inside, *self.charts.values()):
            place.empty()

    def show(self) -> None:
        """The answer to what lies on the desk: the number first, then the rest together.

        Every batch is a render of the whole page.
        """
        result, saved = session.answers()
        change, against = None, None
        if saved is not None:
            change = f"{points(100 * (result.probability - saved.probability), 1)} points"
            against = "against saved"
        self.number.metric("Probability", report.probability(result), change, delta_description=against)
        time.sleep(ROOM)
        drawings, words = _drawings(), " ".join([report.verdict(result), *report.distances(result)])
        for key, room in self.charts.items():
            _draw(room, drawings[key], key)
        self.sentence.text(words)
        _draw(self.bar, drawings["alternatives"], "alternatives")
        if self.details.open:
            with self.inside.container():
                _details(result, saved)
        with self.refused.container():
            session.tell_faults()
        session.write_link()


def _views() -> None:
    with st.container(horizontal=True, key="views"):
        measures = _shown(session.answers()[0])
        st.segmented_control(
            "Show",
            measures,
            default=measures[0],
            required=True,
            format_func=headed,
            key="measure",
            persist_state="session",
        )
        st.segmented_control(
            "By",
            BY,
            default=BY[0],
            required=True,
            format_func=str.capitalize,
            key="by",
            persist_state="session",
        )


def _titles(result: Result) -> Mapping[str, str]:
    """The charts by key, with their titles; one by partner where there are several."""
    return {**CHARTS, **({"partners": "By partner"} if several(result) else {})}


def _shown(result: Result) -> tuple[str, ...]:
    """What can be shown over time: the target's own quantity, if it is no total, the totals, the partners."""
    return (*((TARGET,) if result.target_apart else ()), *result.listed)


def _drawings() -> Mapping[str, Drawing]:
    """The charts of what lies on the desk, kept until it or the view changes."""
    result, saved = session.answers()
    measure, by = st.session_state.get("measure"), st.session_state.get("by") or BY[0]
    shown = _shown(result)
    asked = (result, saved, measure if measure in shown else shown[0], by)
    if st.session_state.get("drawn", (None,))[0] != asked:
        of_target = asked[2] == TARGET
        fan = over_time.target_fan(result, saved) if of_target else over_time.fan(result, *asked[2:], saved)
        drawn = (answer.alternatives(result, saved), fan, answer.waterfall(result), futures.futures(result))
        kept = dict(zip(("alternatives", *CHARTS), drawn, strict=True))
        trade = partners.by_partners(result, live=True)
        st.session_state.drawn = asked, kept | ({"partners": trade} if trade else {})
    drawings: Mapping[str, Drawing] = st.session_state.drawn[1]
    return drawings


def _draw(room: Any, drawing: Drawing, key: str) -> None:
    with room:
        if drawing.rows:
            draw(drawing, key, drawing.about)
        else:
            st.text(drawing.alt)


def _stamp() -> tuple[str, ...]:
    return stamp(session.answers()[0])


def _details(result: Result, saved: Result | None) -> None:
    for line in report.beyond(result):
        st.text(line)
    _effects(result)
    _alternatives(result)
    for note in report.notes(result):
        st.text(note)
    if saved is not None:
        st.text(f"The saved scenario stands at {report.probability(saved, 2)}.")
    st.text(
        f"Probability {report.probability(result, 2)}, with a numerical standard error of "
        f"{report.error_points(result.standard_error)}; {result.points} points, seed {result.seed}. "
        f"Bands and futures are read off the {result.points} simulated paths."
    )


def _effects(result: Result) -> None:
    """What each lever and risk that is on adds."""
    drivers = [row for row in report.levers_table(result) if row["enabled"]]
    if not drivers:
        return
    money = partial(report.distance, result, result.scenario.goals[0].quantity, sign=True)
    columns = {
        "Measure": [row["name"] for row in drivers],
        report.ADDS[0]: [money(row["median_effect"]) for row in drivers],
        report.ADDS[1]: [money(row["mean_effect"]) for row in drivers],
        POINTS: [points(row["probability_points"]) for row in drivers],
    }
    st.text(f"{report.losses(result)}.")
    aside = dict.fromkeys((*report.ADDS, POINTS), ASIDE)
    st.dataframe(pd.DataFrame(columns), hide_index=True, column_config=aside)


def _alternatives(result: Result) -> None:
    heading_of(_drawings()["alternatives"].title, "alternatives", lambda: _drawings()["alternatives"], _stamp)
    names, chances = zip(*result.probability_range.sources, strict=True)
    percents = [percent(chance, 1, decided=result.decided) for chance in chances]
    table = pd.DataFrame({"With": names, CHANCE: percents})
    st.dataframe(table, hide_index=True, column_config={CHANCE: ASIDE})
