"""Report: the answer as a document to circulate, looked at before it is taken."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from simulator.report.documents import KINDS, Kind, document
from simulator.scenario import Scenario
from simulator.ui import session
from simulator.ui.kept import kept
from simulator.ui.pages.compare import compared
from simulator.ui.widgets.answers import title
from simulator.ui.widgets.charts import STYLE
from simulator.values.wording import plainly

FORMS: Mapping[Kind, str] = {"docx": "Word (docx)", "xlsx": "Excel (xlsx)", "html": "One web page (html)"}
ONE, SEVERAL = "As it stands on Explore", "The sets picked on Compare"
MIME: Mapping[Kind, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
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
        "The answer as a document to circulate: verdict, charts, every assumption with its source, the "
        "method and its limits, all inputs."
    )
    about, kind = _choices()
    scenarios = {desk.name: desk.scenario} if about != SEVERAL else session.picked()
    session.write_link()
    if about == SEVERAL and len(scenarios) < 2:
        st.info("Pick at least two sets on the page Compare first.")
        return
    try:
        with st.spinner("Writing the report", show_time=True):
            file, shown = (made(scenarios, form, desk.retargeted) for form in (kind, "html"))
    except ValueError as error:
        st.error("These sets cannot stand in one report.")
        st.code(plainly(error), language=None, wrap_lines=True)
        return
    stem = desk.name.removesuffix(".yaml").removesuffix(".yml")
    name = f"{stem}{'-compared' if len(scenarios) > 1 else ''}.{kind}"
    st.download_button(
        f"Download {name}",
        file,
        name,
        MIME[kind],
        icon=":material/download:",
        on_click="ignore",
        key="report",
    )
    st.iframe(
        shown.decode(), height=1100, alt="The report as one web page; the Word and Excel forms say the same"
    )


def _choices() -> tuple[str | None, Kind]:
    """What the report is about, and its form."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        about = st.segmented_control(
            "About", [ONE, SEVERAL], default=ONE, required=True, key="report-about", persist_state="session"
        )
        kind: Kind | None = st.segmented_control(
            "As",
            KINDS,
            default="docx",
            required=True,
            format_func=FORMS.__getitem__,
            key="report-kind",
            persist_state="session",
        )
    return about, kind or "docx"


@kept(lambda file: len(file) / 2**20)
def made(scenarios: Mapping[str, Scenario], kind: Kind, moved: bool = False) -> bytes:
    """A report from the answers that other pages keep, kept while it is looked at.

    ``moved``: the target is another than that of the file, so that its title may be false.

    Raises:
        ValueError: the sets cannot be compared.
    """
    if len(scenarios) > 1:
        return document(compared(scenarios), kind, moved=moved)
    (scenario,) = scenarios.values()
    return document(session.answer(scenario), kind, moved=moved)
