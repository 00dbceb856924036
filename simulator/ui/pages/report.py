"""Report: the answer as a document to circulate, looked at before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from simulator.analysis.answers import WANTED
from simulator.analysis.effort import Effort, effort
from simulator.analysis.evidence import evidence
from simulator.analysis.tornado import Bar, tornado
from simulator.model.engine import simulate
from simulator.report.documents import KINDS, Kind, brief, document, email, shown
from simulator.scenario import Scenario
from simulator.scenario.publications import days
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.pages.compare import compared
from simulator.ui.pages.track import tracked
from simulator.ui.widgets import paper
from simulator.ui.widgets.answers import title, within_sliders
from simulator.ui.widgets.charts import STYLE, heading
from simulator.ui.work import QUESTIONS, Halted
from simulator.values.wording import plainly
from simulator.workspace.desk import Desk

KEPT, BARS = 20, 1  # megabytes of what is kept
BRIEFS: tuple[Kind, ...] = ("pdf", "docx")
FORMS: Mapping[Kind, str] = {
    "docx": "Word (docx)",
    "pdf": "PDF",
    "xlsx": "Excel (xlsx)",
    "html": "One web page (html)",
}
ONE, SEVERAL = "As it stands on Explore", "The sets picked on Compare"
MIME: Mapping[Kind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}


def page() -> None:
    """The page."""
    desk = session.desk()
    st.html(STYLE)
    title()
    session.tell_complaints()
    st.text(
        "The answer as a document to circulate: the brief on one page, and the long report as its annex, "
        "with charts, every assumption and its source, the method and its limits, all inputs."
    )
    about = _about()
    scenarios = {desk.name: desk.scenario} if about != SEVERAL else session.picked()
    session.write_link()
    if about == SEVERAL and len(scenarios) < 2:
        st.info("Pick at least two sets on the page Compare first.")
        return
    stem = desk.stem
    if about != SEVERAL:
        _brief(desk, stem)
        heading("The long report")
    _annex(scenarios, desk, stem)


def _brief(desk: Desk, stem: str) -> None:
    """The brief: to take away, to copy into an e-mail, and as it looks; a printed page is this one."""
    heading("The brief")
    with st.spinner("Working out what it would take", show_time=True):
        result, effort = session.answer(desk.scenario), taken(within_sliders(desk), wanted())
        behind = evidence(result)
    with st.container(horizontal=True):
        for kind in BRIEFS:
            make = partial(summed_up, desk.scenario, effort, kind)
            _download(make, f"{stem}-brief.{kind}", kind, f"brief-{kind}")
    with st.expander("A paragraph for an e-mail", key="email"):
        st.code(email(result, effort, behind), language=None, wrap_lines=True)
    paper.page_of(shown(result, effort, behind))


def _annex(scenarios: Mapping[str, Scenario], desk: Desk, stem: str) -> None:
    """The long report: to take away, and as it looks."""
    kind = _form()
    bounded = within_sliders(desk) if len(scenarios) == 1 else None
    about = desk.retargeted, bounded, wanted()
    try:
        with st.spinner("Writing the report", show_time=True):
            page = made(scenarios, "html", *about)
    except Halted:
        raise
    except ValueError as error:
        st.error("These sets cannot stand in one report.")
        st.code(plainly(error), language=None, wrap_lines=True)
        return
    _download(
        partial(made, scenarios, kind, *about),
        f"{stem}{'-compared' if len(scenarios) > 1 else ''}.{kind}",
        kind,
        "report",
    )
    st.iframe(page.decode(), height=1100, alt="The report as one web page; the other forms say the same")


def _download(make: Callable[[], bytes], name: str, kind: Kind, key: str) -> None:
    """A button; the file is made when it is fetched."""
    st.download_button(
        f"Download {name}", make, name, MIME[kind], icon=":material/download:", on_click="ignore", key=key
    )


def wanted() -> float:
    """The probability that is wanted, as it stands on the page What would it take."""
    return float(st.session_state.get("wanted", 100 * WANTED)) / 100


def _about() -> str | None:
    """What the report is about."""
    return st.segmented_control(
        "About", [ONE, SEVERAL], default=ONE, required=True, key="report-about", persist_state="session"
    )


def _form() -> Kind:
    """The form of the long report."""
    kind: Kind | None = st.segmented_control(
        "As",
        KINDS,
        default="docx",
        required=True,
        format_func=FORMS.__getitem__,
        key="report-kind",
        persist_state="session",
    )
    return kind or "docx"


@kept(KEPT, lane=QUESTIONS)
def taken(scenario: Scenario, wanted: float) -> Effort:
    """What it would take, kept while it is looked at."""
    return effort(scenario, wanted, simulate=simulate)


@kept(BARS, lane=QUESTIONS)
def bars(scenario: Scenario) -> tuple[Bar, ...]:
    """The tornado, kept while it is looked at."""
    return tornado(session.answer(scenario), simulate=simulate)


def summed_up(scenario: Scenario, effort: Effort, kind: Kind) -> bytes:
    """The brief as a file."""
    answered = session.answer(scenario)
    return brief(answered, effort, kind, evidence=evidence(answered))


@kept(lambda file: len(file) / 2**20, lane=QUESTIONS)
def made(
    scenarios: Mapping[str, Scenario],
    kind: Kind,
    moved: bool = False,
    bounded: Scenario | None = None,
    wanted: float = WANTED,
) -> bytes:
    """A report from the answers that other pages keep, kept while it is looked at.

    Args:
        scenarios: one, or the sets that are compared.
        kind: of the file.
        moved: whether the target is another than that of the file, so that its title may be false.
        bounded: the one scenario with the bounds of its sliders, for what it would take; left out, nothing.
        wanted: the probability that is wanted.

    Raises:
        ValueError: the sets cannot be compared.
    """
    if len(scenarios) > 1:
        return document(compared(scenarios), kind, moved=moved)
    (scenario,) = scenarios.values()
    answered = session.answer(scenario)
    return document(
        answered,
        kind,
        moved=moved,
        effort=taken(bounded, wanted) if bounded else None,
        bars=bars(scenario) if bounded else (),
        tracked=tracked(scenario) if bounded and days(scenario) else None,
        evidence=evidence(answered),
    )
