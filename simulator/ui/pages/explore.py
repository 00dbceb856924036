"""Explore: the answer, the levers and what each does, live while dragging."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from simulator import report
from simulator.analysis.evidence import Evidence, evidence
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.report.charts import answer, exceedance, futures, over_time, partners
from simulator.report.charts.drawing import Drawing, stamp
from simulator.report.partners import MOST, by_partner, several
from simulator.report.words import context as outside_words
from simulator.report.words import evidence as evidence_words
from simulator.scenario import Scenario
from simulator.scenario.remarks import assurances
from simulator.ui import session
from simulator.ui.kept import kept, key_of
from simulator.ui.live import components as live
from simulator.ui.live.channel import Answer, channel
from simulator.ui.widgets import edits, figures, gallery, office, paper
from simulator.ui.widgets.charts import STYLE, draw, heading_of, plain
from simulator.ui.widgets.dialogs import button
from simulator.ui.widgets.sheet import sheet
from simulator.ui.widgets.strip import strip
from simulator.ui.work import NUMBERS, Halted, beside, halts_shown
from simulator.values.numerals import percent, points
from simulator.values.wording import capital
from simulator.workspace import curve, messages, panel
from simulator.workspace.desk import Desk, State
from simulator.workspace.headline import effects, headline, idle, weights
from simulator.workspace.link import DEFAULT
from simulator.workspace.messages import Message
from simulator.workspace.sets import shipped

KEY = "explore"
Option = TypeVar("Option", bound=str)
BY: tuple[over_time.By, ...] = ("year", "quarter")
TARGET = "the target"  # what it is about, in its own periods
SEEN = "change-seen"  # what somebody else did to the file, as the page tells it
EVERY = 5  # seconds after which it is looked at again
RESTED = "rested"  # whether a thumb has just come to rest: the charts are waited for then
STATES: dict[State, Literal["orange", "green", "blue"]] = {
    State.DRAFT: "orange",
    State.SAVED: "green",
    State.APPROVED: "blue",
}
KEPT = {
    State.DRAFT: "Changed since it was saved; this browser keeps it",
    State.SAVED: "As its file has it, or as it was last saved",
    State.APPROVED: "As its file has it",
}
CHANCE = "Probability"
POINTS = "Percentage points"
MANY = 5  # choices that stand side by side
ASIDE = st.column_config.TextColumn(alignment="right")


def page() -> None:
    """The page: it runs again when a thumb rests; while one moves, only the number follows."""
    desk, seq = session.desk(), channel(KEY).seq  # what the page shows of the desk is no older than that
    st.html(STYLE)
    with st.spinner("Simulating", show_time=True):
        try:
            result, original = session.answers()
            _work_out(result)
        except Halted as halted:
            _without_answer(desk, halted)
            return
    _toolbar(desk, result)
    with st.container(key="messages"):  # always there, so that nothing below moves when one comes or goes
        _messages(desk)
    head, about = st.container(key="headline"), st.container(key="evidence", gap=None)
    with st.container(horizontal=True, key="desk", gap="medium"):
        controls, charts = st.container(width=400, key="controls"), st.container(key="charts")
    parts = [partial(_answer, desk, seq, head, about, controls), partial(_shown, charts)]
    for draw_part in reversed(parts) if st.session_state.pop(RESTED, False) else parts:
        draw_part(result, original)
    paper.measures(result)
    live.swipe(".st-key-charts")
    strip(desk)
    session.write_link()
    gallery.opened()
    if desk.reading:
        st.fragment(_watch, run_every=EVERY)()


def ready() -> None:
    """Work out what a visitor without a link sees first, and load what draws it."""
    result = session.answer(shipped(DEFAULT))
    _beside_number(result)
    evidence(result)
    over_time.fan(result, result.leading.measure, "year").form  # noqa: B018  (kept by all that are alike)


def _work_out(result: Result) -> None:
    """What the page shows beside the number: kept by the answer, and by its evidence."""
    if "probability_range" not in vars(result):
        beside("beside the number", key_of(result.scenario), partial(_beside_number, result), NUMBERS)


def _beside_number(result: Result) -> None:
    """Work out what stands beside the number; the answer keeps it."""
    result.probability_range, effects(result)


def _without_answer(desk: Desk, halted: Halted) -> None:
    """The ways back from a scenario whose answer was stopped."""
    st.title(plain(desk.scenario.title), anchor=False)
    with halts_shown():
        raise halted
    with st.container(horizontal=True):
        gallery.button("Scenarios", ":material/folder_open:")
        st.button("Undo", icon=":material/undo:", on_click=desk.undo, disabled=not desk.past)
        st.button("Back to original", on_click=desk.restore, disabled=not desk.moved)
    gallery.opened()


def _answer(
    desk: Desk,
    seq: int,
    head: DeltaGenerator,
    about: DeltaGenerator,
    controls: DeltaGenerator,
    result: Result,
    original: Result | None,
) -> None:
    """The number, and the controls with what each does."""
    with head:
        behind = evidence(result)
        live.headline(headline(result, original, frequency=behind.context.frequency), KEY, seq)
    _behind(result, behind, about)
    with controls:
        words = effects(result) | _idle(desk.scenario)
        live.controls(panel.sections(desk, words, _weights(result.scenario)), KEY, seq)
        live.line(KEY, partial(answered, desk), rested)
        edits.buttons()


def _behind(result: Result, behind: Evidence, about: DeltaGenerator) -> None:
    """What belongs to the number: as futures, its evidence, the outside view, a warning."""
    *lines, last = report.backing(result, behind)
    with about:
        for line in lines if behind.widely else (*lines, last):
            st.caption(plain(line))
        if behind.widely:
            st.warning(plain(last))


@kept(0.01, lane=NUMBERS)
def _idle(scenario: Scenario) -> dict[str, str]:
    """What the levers and risks that are off would do."""
    return idle(scenario, simulate)


@kept(0.01, lane=NUMBERS)
def _weights(scenario: Scenario) -> str:
    """What all measures do together, beside world trade."""
    return weights(session.answer(scenario), simulate)


def _shown(charts: DeltaGenerator, result: Result, _: Result | None) -> None:
    """The charts, what they rest on, the answer in words: of the first and the last each runs by itself."""
    with charts:
        st.fragment(_charts)()
        with st.container(horizontal=True, vertical_alignment="center", key="source"):
            standing = "; ".join(assurances(result.scenario))
            st.caption(plain(" ".join(filter(None, (report.sources(result), capital(standing))))))
            figures.button()
        st.fragment(_details)()


def answered(desk: Desk, sent: Message) -> Answer:
    """Turn the desk, and say what came of it: a moving thumb is told the number, one that rests has it."""
    moved, fault = messages.answered(desk, sent)
    number = headline(*session.answers_to(desk), moving=True) if sent.phase == "move" else None
    return Answer(number, moved, fault=fault)


def rested() -> None:
    """Remember that a thumb has just come to rest."""
    st.session_state[RESTED] = True


# What can be done with a scenario


def _toolbar(desk: Desk, result: Result) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
        st.title(plain(report.title(result)), anchor=False)
        st.badge(desk.state, color=STATES[desk.state], help=_kept(desk))
        gallery.button("Scenarios", ":material/folder_open:")
        gallery.button("New", ":material/note_add:")
        gallery.button("Open", ":material/upload:")
        office.save(desk)
        sheet(desk)
        gallery.button("Share", ":material/link:")
        st.button("Undo", icon=":material/undo:", on_click=desk.undo, disabled=not desk.past)
        st.button("Redo", icon=":material/redo:", on_click=desk.redo, disabled=not desk.future)
        st.button(
            "Back to original",
            icon=":material/restart_alt:",
            on_click=desk.restore,
            disabled=not desk.moved,
            help="The scenario as it was opened; Undo brings the changes back",
        )
        office.more(desk)


def _messages(desk: Desk) -> None:
    session.tell_complaints()
    session.tell_faults()
    session.tell_news()
    edits.tell()
    _conflict(desk)
    draft = session.drafts().waiting(desk)
    if draft is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="draft"):
        st.text(f"You changed this scenario on {draft.day} and did not save it.")
        st.button("Go on with the draft", on_click=session.open_draft, args=(draft.name,))
        st.button("Let it go", type="tertiary", on_click=session.drafts().forget, args=(draft.name,))


def _kept(desk: Desk) -> str:
    file = f"{desk.name}. " if desk.reading else ""
    return plain(f"{file}{', '.join((KEPT[desk.state], *assurances(desk.scenario)))}")


def _conflict(desk: Desk) -> None:
    """What somebody else did to the file under a desk that was changed, and what can be done."""
    reading = desk.reading
    change = reading.change if reading else ""
    st.session_state[SEEN] = change
    if reading is None or not change:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="conflict"):
        kept = "The file is left as it is; what you changed is kept as a draft."
        st.text(f"{desk.name}: {change}. {kept if desk.changed else 'What is shown is how it was.'}")
        button("Save as", ":material/save_as:", "Save mine as", key="conflict-save-as")
        if reading.file.is_file():
            st.button("Open theirs", on_click=session.open_theirs, args=(reading.file.stem,), key="theirs")


def _watch() -> None:
    """Run the page again when somebody else has saved the file that lies open."""
    reading = session.desk().reading
    if reading and reading.change != st.session_state.get(SEEN):
        st.rerun()


# What the answer shows


def _charts() -> None:
    """The chart that is looked at; the others are worked out when they are."""
    result, original = session.answers()
    draws: dict[str, Callable[[], None]] = {
        "Over time": partial(_over_time, result, original),
        "Chance by amount": partial(_chances, result),
        "What each adds": lambda: _drawn(answer.waterfall(result), "measures"),
        "100 futures": lambda: _drawn(futures.futures(result), "futures"),
    }
    if several(result):
        draws["By partner"] = partial(_by_partner, result)
    for tab, show in zip(st.tabs([*draws], key="tabs", on_change="rerun"), draws.values(), strict=True):
        with tab:
            if tab.open:
                show()


def _by_partner(result: Result) -> None:
    drawing = partners.by_partners(result, by_partner(result, most=MOST, live=True))
    if drawing:
        _drawn(drawing, "partners")


def _over_time(result: Result, original: Result | None) -> None:
    first = TARGET if result.target_apart else result.leading.measure
    shown = tuple(dict.fromkeys((first, *result.listed)))
    with st.container(horizontal=True, vertical_alignment="center", key="views"):
        measure = _picked("Show", shown, "measure")
        by = _picked("By", BY, "by")
        wide = st.toggle("95 % band", key="wide")
    measure = measure if measure in shown else shown[0]
    of_target = partial(over_time.target_fan, result) if measure == TARGET else None
    fan = of_target or partial(over_time.fan, result, measure, by)
    _drawn(fan(original=original, wide=wide), "fan")
    why = report.dip(result)
    if why:
        st.caption(plain(why))


def _picked(label: str, options: tuple[Option, ...], key: str) -> Option:
    """One of several, kept when another page is looked at."""
    if len(options) > MANY:
        return st.selectbox(
            label,
            options,
            key=key,
            format_func=capital,
            persist_state="session",
            width=260,
            label_visibility="collapsed",
        )
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        format_func=capital,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
    )


def _chances(result: Result) -> None:
    drawing = exceedance.exceedance(result)
    heading_of(drawing.title, "chances", lambda: drawing, partial(stamp, result))
    dragged = curve.curve(session.desk(), result, drawing)
    if dragged:
        live.curve(dragged, KEY)
    else:
        draw(drawing, "chances", drawing.alt)
    columns = {f"{percent(chance)} likely": [amount] for chance, amount in exceedance.likely(result)}
    st.dataframe(pd.DataFrame(columns), hide_index=True)


def _drawn(drawing: Drawing, key: str) -> None:
    """A chart; where there is nothing to draw, the sentence that says so."""
    if not drawing.rows:
        st.text(drawing.alt)
        return
    heading_of(drawing.title, key, lambda: drawing, partial(stamp, session.answers()[0]))
    draw(drawing, key, drawing.about)


# The answer in words and numbers


def _details() -> None:
    result, original = session.answers()
    with st.expander("Details: the answer in words and numbers", key="details", on_change="rerun") as details:
        if not details.open:
            return
        for line in report.beyond(result):
            st.text(line)
        behind = evidence(result)
        for line in (*outside_words.details(behind.context), *evidence_words.reasons(behind)):
            st.text(line)
        _effects(result)
        _settings(result)
        for note in report.notes(result):
            st.text(note)
        if original is not None:
            st.text(f"The original scenario stands at {report.probability(original, 2)}.")
        st.text(
            f"Probability {report.probability(result, 2)}, with a numerical standard error of "
            f"{report.error_points(result.standard_error)}; {result.points} points, seed {result.seed}."
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


def _settings(result: Result) -> None:
    """The probability under other settings of the model."""
    drawing = answer.alternatives(result)
    _drawn(drawing, "alternatives")
    names, chances = zip(*result.probability_range.sources, strict=True)
    percents = [percent(chance, 1, decided=result.decided) for chance in chances]
    table = pd.DataFrame({"With": names, CHANCE: percents})
    st.dataframe(table, hide_index=True, column_config={CHANCE: ASIDE})
