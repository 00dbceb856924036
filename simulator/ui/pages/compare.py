"""Compare: sets of assumptions side by side, how far apart their answers are, and what each difference comes from."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from simulator import report
from simulator.analysis.compare import Comparison, Difference, compare
from simulator.errors import ScenarioError
from simulator.model.engine import simulate
from simulator.model.result import Result, fingerprint
from simulator.report.charts import compare as charts
from simulator.report.charts.drawing import Drawing
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept, key_of
from simulator.ui.widgets import tables
from simulator.ui.widgets.charts import STYLE, chart, heading, plain, spreadsheet
from simulator.ui.widgets.tables import Column, Row, table
from simulator.values.numerals import points
from simulator.values.wording import plainly
from simulator.workspace.desk import Desk
from simulator.workspace.sets import LONGEST, Sets, from_words

SPLIT = (
    "A change's points are its Shapley value: its effect on the probability averaged over all orders in which the changes can be made, so no "
    "order is favoured and the parts sum to the difference. It is not what the change would do alone, and it says nothing about whether an "
    "assumption is right: it accounts for how this model gets from one answer to the other."
)
KEPT = 20  # megabytes of a comparison that is kept
EVERY = 0.5  # seconds
MEGABYTES = 2  # of an upload
MARKS = ("\u25cf", "\u25a0", "\u25b2", "\u25c6", "\u25bc", "\u271a")  # the charts' shapes, as characters


def page() -> None:
    """The page."""
    desk = session.desk()
    sets = _sets()
    st.html(STYLE + tables.STYLE)
    st.title("Compare sets of assumptions", anchor=False)
    _toolbar(desk, sets)
    session.tell_complaints(*st.session_state.set_complaints)
    session.tell_faults()
    session.write_link(sets.words(desk))
    called = sets.called(desk)
    if len(called) < 2:
        st.info("Pick at least two sets to compare.")
        return
    progress = st.empty()
    try:
        with st.spinner("Simulating the sets, and every mixture of them ...", show_time=True):
            found = compared(picked(desk), _Counted(progress))
            dots, bands = _drawn(charts.dots, found), _drawn(charts.bands, found)
    except ValueError as error:
        st.error("These sets cannot be compared.")
        st.code(plainly(error), language=None, wrap_lines=True)
        return
    progress.empty()
    _answers(found, dots, bands)
    _differences(found, sets, called)
    _assumptions(found)
    _notes(found)


# Picking sets


def picked(desk: Desk) -> dict[str, Scenario]:
    """The sets that are picked on this page, by the names given to them."""
    sets = _sets()
    return {name: sets.scenario(desk, id) for id, name in sets.called(desk).items()}


def _sets() -> Sets:
    """This session's sets; the first time those that the link names."""
    if "sets" not in st.session_state:
        words = st.query_params.to_dict()
        st.session_state.sets, st.session_state.set_complaints = from_words(words, "scenario" in words)
        st.session_state["compare-uploads"] = 0
    found: Sets = st.session_state.sets
    return found


def _toolbar(desk: Desk, sets: Sets) -> None:
    called, labels = sets.called(desk), sets.labels(desk)
    st.session_state["compare-picked"] = list(sets.chosen(desk))
    st.multiselect(
        f"Sets to compare, at most {charts.MOST}",
        sets.options(desk),
        key="compare-picked",
        max_selections=charts.MOST,
        format_func=labels.__getitem__,
        on_change=_pick,
        placeholder="Pick two or more",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if called:
            st.session_state["compare-first"] = next(iter(called))
            st.selectbox(
                "Compare all with",
                list(called),
                key="compare-first",
                format_func=called.__getitem__,
                on_change=_lead,
                width=260,
            )
        with st.popover("Name the sets", icon=":material/edit:"):
            for id, name in called.items():
                st.session_state[f"compare-name-{id}"] = name
                st.text_input(
                    plain(labels[id]),
                    key=f"compare-name-{id}",
                    max_chars=LONGEST,
                    on_change=_call,
                    args=(id,),
                )
        with st.popover("Add a file", icon=":material/upload:"):
            key = f"compare-add-{st.session_state['compare-uploads']}"
            st.file_uploader(
                "Scenario files",
                ["yaml", "yml"],
                True,
                key=key,
                max_upload_size=MEGABYTES,
                on_change=_upload,
                args=(key,),
            )
            st.text(
                "What is uploaded is kept for this visit only: while it is compared, the address holds no link to the page."
            )


def _pick() -> None:
    st.session_state.sets.pick(st.session_state["compare-picked"])
    st.session_state.set_complaints = []


def _lead() -> None:
    st.session_state.sets.first = st.session_state["compare-first"]


def _call(id: str) -> None:
    st.session_state.sets.call(id, st.session_state[f"compare-name-{id}"])


def _upload(key: str) -> None:
    """Take what was uploaded: files with faults are told and left out."""
    told, desk = [], session.desk()
    for file in st.session_state[key] or []:
        try:
            room = st.session_state.sets.upload(desk, file.getvalue(), file.name)
        except ScenarioError as error:
            told.append(str(error))
        else:
            if not room:
                told.append(f"{file.name} is there to be picked: {charts.MOST} sets are compared already")
    if told:
        st.session_state.faults = "Not every file is compared.", "\n".join(told)
    st.session_state["compare-uploads"] += 1  # an empty place for the next files


# Answers


class _Counted:
    """``simulate``, telling every half second how far it is: ten changes of the outlook make a thousand mixtures."""

    def __init__(self, place: DeltaGenerator) -> None:
        self.place, self.count, self.told = place, 0, time.monotonic()

    def __call__(self, *arguments: Any, **options: Any) -> Result:
        result = simulate(*arguments, **options)
        self.count += 1
        if time.monotonic() - self.told > EVERY:
            self.place.text(f"{self.count} simulated so far")
            self.told = time.monotonic()
        return result


def compared(named: Mapping[str, Scenario], simulate: Callable[..., Result] = simulate) -> Comparison:
    """The comparison of some sets, kept; what they are called changes nothing in it.

    Raises:
        ValueError: they cannot be compared.
    """
    return _renamed(_compared(named, simulate), tuple(named))


@kept(KEPT, key=lambda named, _: key_of(tuple(named.values())))
def _compared(named: Mapping[str, Scenario], simulate: Callable[..., Result]) -> Comparison:
    return compare(named, simulate=simulate)


def _renamed(found: Comparison, names: tuple[str, ...]) -> Comparison:
    if found.names == names:
        return found
    now = dict(zip(found.names, names, strict=True))
    sets = tuple(replace(each, name=now[each.name]) for each in found.sets)
    differences = tuple(replace(each, origin=now[each.origin], to=now[each.to]) for each in found.differences)
    return replace(found, sets=sets, differences=differences)


@kept(
    0.2,
    key=lambda make, found: (
        make.__name__,
        key_of([(each.name, each.result.scenario) for each in found.sets]),
    ),
)
def _drawn(make: Callable[[Comparison], Drawing], found: Comparison) -> Drawing:
    """A chart of a comparison, kept."""
    return make(found)


def _answers(found: Comparison, dots: Drawing, bands: Drawing) -> None:
    heading("The answers")
    for line in report.question_sentences(found):
        st.text(f"{line}.")
    columns = [
        Column("Set"),
        *(Column(head, "number") for head in ("Probability", "Range", "Median", "80 % band", "Missed by")),
        Column("Scenario", "long"),
    ]
    rows = []
    for place, (each, row) in enumerate(zip(found.sets, report.sets_table(found), strict=True)):
        money = partial(report.money, each.result)
        missed = report.missed_by(each.result, row["shortfall_if_missed"])
        band = f"{money(row['p10'])} \u2013 {money(row['p90'])}"
        cells = (
            row["name"],
            report.probability(each.result),
            report.alternatives_span(each.result),
            money(row["p50"]),
            band,
            missed,
        )
        rows.append(Row((*cells, each.result.scenario.title), mark=(MARKS[place], charts.COLOURS[place])))
    table(columns, rows, "The answer of each set")
    _save(found, "sets", report.sets_table)
    stamp = partial(charts.stamp, found)
    left, right = st.columns(2, gap="large")
    with left:
        chart(dots, "probabilities", stamp)
        heading("How far apart")
        for difference in found.differences:
            st.text(report.difference_sentence(found, difference))
    with right:
        if bands.rows:
            chart(bands, "bands", stamp)
        missing = charts.untold(found)
        if missing:
            st.text(
                f"The figures of {', '.join(missing)} do not tell {found.sets[0].result.leading.measure}."
            )


# Differences


def _differences(found: Comparison, sets: Sets, called: Mapping[str, str]) -> None:
    difference = _against(found, sets, called)
    if not difference.attribution:
        return
    left, right = st.columns(2, gap="large")
    with left:
        chart(charts.waterfall(found, difference), "gap", partial(charts.stamp, found))
    with right:
        heading("What the difference comes from")
        st.text(SPLIT)
        _parts(found, difference)
        sentence = report.interaction_sentence(difference)
        for line in [*([sentence] if sentence else []), *difference.notes]:
            st.text(line)


def _against(found: Comparison, sets: Sets, called: Mapping[str, str]) -> Difference:
    """The difference that is shown step by step."""
    others = list(called)[1:]
    if len(others) == 1:
        return found.differences[0]
    st.session_state["compare-against"] = sets.against if sets.against in others else others[0]
    st.segmented_control(
        f"Step by step from {plain(found.names[0])} to",
        others,
        key="compare-against",
        required=True,
        format_func=lambda id: plain(called[id]),
        on_change=_split,
    )
    return found.differences[others.index(st.session_state["compare-against"])]


def _split() -> None:
    st.session_state.sets.against = st.session_state["compare-against"]


def _parts(found: Comparison, difference: Difference) -> None:
    columns = [
        Column("Change"),
        *(Column(head, "number") for head in ("Points", "\u00b1", "Made first", "Made last")),
    ]
    rows = []
    for row in report.parts_table(found, difference):
        first, *rest = (points(row[name]) for name in ("probability_points", "first_points", "last_points"))
        rows.append(Row((row["change"], first, f"{row['standard_error']:.2f}", *rest)))
    if len(rows) > 2:
        rows[-1] = replace(rows[-1], kind="last")
    table(columns, rows if len(rows) > 2 else rows[:1], f"From {difference.origin} to {difference.to}")
    _save(found, "differences", _all_parts)


def _all_parts(found: Comparison) -> report.Table:
    """The parts of every difference."""
    return [
        {"from": difference.origin, "to": difference.to, **row}
        for difference in found.differences
        for row in report.parts_table(found, difference)
    ]


# Assumptions


def _assumptions(found: Comparison) -> None:
    heading("The assumptions that differ")
    rows = report.assumptions_table(found)
    if not rows:
        st.text("There are none: the sets hold the same assumptions.")
        return
    st.text(f"Blank where a set has what {found.names[0]} has.")
    columns = [Column("Assumption"), Column("Unit"), *map(Column, found.names), Column("Where from", "long")]
    shown: list[Row] = []
    for place, (row, (_, told)) in enumerate(zip(rows, report.sources_table(found), strict=True)):
        alone = not row["assumption"]
        if not alone and (not place or rows[place - 1]["of"] != row["of"]):
            shown.append(Row((row["of"],), "group"))
        name = row["of"] if alone else row["assumption"]
        shown.append(Row((name, row["unit"], *(row[name] for name in found.names), told)))
    table(columns, shown, "The assumptions that differ")
    _save(found, "assumptions", _all_assumptions)


def _all_assumptions(found: Comparison) -> report.Table:
    """The assumptions that differ, with where their values come from."""
    told = [sources for _, sources in report.sources_table(found)]
    return [
        {**row, "sources": sources}
        for row, sources in zip(report.assumptions_table(found), told, strict=True)
    ]


def _notes(found: Comparison) -> None:
    notes = report.note_sentences(found)
    if notes:
        heading("Notes")
    for note in notes:
        st.text(note)
    st.text(
        f"All sets on the same {found.points} points, seed {found.seed}. Scenarios: "
        + "; ".join(f"{each.name} {fingerprint(each.result.scenario)[:12]}" for each in found.sets)
    )


def _save(found: Comparison, name: str, made: Callable[[Comparison], report.Table]) -> None:
    """A button that hands over a table as CSV."""
    st.download_button(
        "Table as CSV",
        lambda: spreadsheet(report.to_csv(made(found))),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"compare-table-{name}",
    )
