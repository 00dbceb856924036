"""What moved it: the probability as it stood after each publication, what comes next, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from simulator.analysis.track import Track, track
from simulator.model.engine import simulate
from simulator.report.charts import track as charts
from simulator.report.charts.drawing import Drawing, stamp
from simulator.report.words import track as words
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.places import FIRST
from simulator.ui.widgets import dialogs
from simulator.ui.widgets.answers import beside, explained, faults_shown, say, title
from simulator.ui.widgets.charts import STYLE, chart, heading
from simulator.ui.widgets.tables import STYLE as TABLES
from simulator.ui.widgets.tables import Column, Row, table
from simulator.ui.work import QUESTIONS
from simulator.values.numerals import points

KEPT = 12  # megabytes: it holds one answer, and numbers of steps
FIGURES = "Figures"  # the dialog of Explore in which figures are added
STEPS = (
    Column("Published"),
    Column("Figure", "long"),
    Column("Came to", "long"),
    Column("Points", "number"),
    Column("Probability", "number"),
)
GAPS = (
    Column("Measure"),
    Column("Months"),
    *(Column(head, "number") for head in ("Came to", "Median path", "Ahead or behind", "Paths that reach")),
)
MEANING = (f"What this says: {words.HOW[0]}", f"Worth knowing: {words.HOW[1]}")


def page() -> None:
    """The page."""
    scenario = session.desk().scenario
    st.html(STYLE)
    st.html(TABLES)
    title()
    session.tell_complaints()
    session.write_link()
    with faults_shown(), st.spinner("Answering the scenario as of each publication ..."):
        course = tracked(scenario)
        _course(course)
        _next(course)
        _standing(course)
        _outcome(course)


@kept(KEPT, lane=QUESTIONS)
def tracked(scenario: Scenario) -> Track:
    """How the probability followed the news, kept while it is looked at."""
    return track(scenario, simulate=simulate)


def _course(course: Track) -> None:
    wide, narrow = beside()
    with wide:
        _lines([words.summary(course), *course.notes])
        _add()
        _drawn(course, charts.course(course))
        moved = charts.bars(course)
        if moved.rows:
            _drawn(course, moved)
    with narrow:
        explained(MEANING)
    if any(step.parts for step in course.moves):
        with st.expander("Every figure as a table", icon=":material/table_rows:"):
            table(STEPS, list(_rows(course)), "What each new figure moved")


def _lines(sentences: Iterable[str]) -> None:
    """Sentences close together."""
    with st.container(gap="xsmall"):
        for sentence in sentences:
            say(sentence)


def _add() -> None:
    """The way to the dialog in which a figure is added."""
    if st.button("Add a figure", icon=":material/add:", key="add-figure"):
        st.session_state[dialogs.OPENED] = FIGURES
        session.go(FIRST)


def _drawn(course: Track, drawing: Drawing) -> None:
    chart(drawing, drawing.name, partial(stamp, course.result))


def _rows(course: Track) -> Iterable[Row]:
    for step in course.moves:
        change = points(step.change_points) if step.parts else ""
        yield Row((words.day_of(step), "All new figures", "", change, words.chance_of(step)), "last")
        for part in step.parts:
            name, amount = words.part_name(course.result, part), words.came(course.result, part)
            yield Row(("", name, amount, points(part.probability_points), ""))


def _next(course: Track) -> None:
    with st.container(border=True, gap="small"):
        heading("The next figure")
        _lines(words.next_sentences(course))


def _standing(course: Track) -> None:
    if not course.gaps and not course.actuals:
        return
    heading("Behind or ahead")
    say(words.projected(course))
    if course.gaps:
        rows = [Row(words.gap_cells(course, gap)) for gap in course.gaps]
        table(GAPS, rows, "Trade since the projection, beside it")
    if course.actuals:
        _drawn(course, charts.actuals(course))
        _lines([words.ACTUALS_HOW, words.actuals_sentence(course)])


def _outcome(course: Track) -> None:
    if course.outcome is None:
        return
    with st.container(border=True, gap="small"):
        heading("What came of it")
        _lines(words.outcome_sentences(course))
