"""Between Streamlit's session and the workspace: the link, the desk and the sets, the answers to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from simulator.errors import ScenarioError
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.scenario import Scenario
from simulator.ui.kept import kept
from simulator.ui.live.components import browser, heard
from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.drafts import Drafts
from simulator.workspace.parcel import MARK
from simulator.workspace.sets import Sets

KEPT = 20  # megabytes of an answer that is kept, once all of it was looked at


def desk() -> Desk:
    """This session's desk; the first time it is laid out as the link says."""
    if "desk" not in st.session_state:
        words = st.query_params.to_dict()
        st.session_state.desk, st.session_state.complaints = link.desk_from(
            {key: word for key, word in words.items() if not link.is_of_sets(key)}
        )
        st.session_state.opened = 0
    present: Desk = st.session_state.desk
    return present


def sets() -> Sets:
    """This session's sets; the first time those that the link names."""
    if "sets" not in st.session_state:
        words = st.query_params.to_dict()
        st.session_state.sets, st.session_state.set_complaints = link.sets_from(
            words, desk_named=link.SCENARIO in words
        )
        st.session_state["compare-uploads"] = 0
    present: Sets = st.session_state.sets
    return present


def drafts() -> Drafts:
    """What this session's browser keeps: nothing until it has said so."""
    if "drafts" not in st.session_state:
        st.session_state.drafts = Drafts()
    present: Drafts = st.session_state.drafts
    return present


def picked() -> dict[str, Scenario]:
    """The sets that are picked to be compared, by the names given to them."""
    return {name: sets().scenario(desk(), id) for id, name in sets().called(desk()).items()}


def write_link(words: Mapping[str, str] | None = None) -> None:
    """Put the screen into the address: what a query can hold there, the rest into the fragment.

    ``words`` are those of a page that has more than the desk.
    """
    if words is None:
        words = link.of_desk(desk()) if desk().shipped else {}
    if heard() and st.query_params.to_dict() != words:  # else the fragment is lost before it is read
        st.query_params.from_dict(words)
    remember()


def remember() -> None:
    """Let the browser keep what no server is told: the fragment of the address, and the draft."""
    present = desk()
    drafts().follow(present)
    browser(link.parcel_of(present, sets()), drafts().message(), _arrived)


def _arrived(raw: object) -> None:
    """What the browser has when the page is opened: the fragment of the address, and drafts."""
    has = raw if isinstance(raw, Mapping) else {}
    drafts().read(has.get("drafts"))
    word = has.get("fragment")
    if isinstance(word, str) and word.startswith(MARK):
        open_parcel(word, "The link cannot be opened; what is shown is another scenario.")


def open_parcel(word: str, refusal: str) -> None:
    """Lay out the desk and the sets of a parcel; what is wrong with one is told, and nothing changes."""
    words = st.query_params.to_dict()
    try:
        opened, with_pins, complaints = link.opened(word, desk())
    except ValueError as error:
        st.session_state.faults = refusal, str(error)
        return
    st.session_state.sets, st.session_state.set_complaints = link.sets_from(
        words, link.SCENARIO in words or not opened.shipped, with_pins
    )
    st.session_state.setdefault("compare-uploads", 0)
    _lay(opened, complaints)


def open_draft(name: str) -> None:
    """Go on with a draft that the browser keeps; what is pinned stays."""
    draft = drafts().kept.get(name)
    if draft is None:
        return
    try:
        opened, _, complaints = link.opened(draft.word, desk())
    except ValueError as error:
        st.session_state.faults = "The draft cannot be opened; it is left out.", str(error)
        drafts().forget(name)
    else:
        _lay(opened, complaints)


def open_shipped(name: str) -> None:
    """Lay another of the shipped scenarios on the desk."""
    _lay(Desk.of_shipped(name))
    drafts().reopen(name)


def open_upload(content: bytes, name: str) -> str:
    """Lay an uploaded file on the desk; one with faults changes nothing, and its faults are returned."""
    try:
        made = Desk.of_upload(content, name)
    except ScenarioError as error:
        return str(error)
    _lay(made)
    drafts().reopen(name)
    return ""


def swap(letter: str) -> None:
    """Lay a pinned variant on the desk, and pin what lay there."""
    _lay(sets().pins.swap(letter, desk()))


def _lay(other: Desk, complaints: Sequence[str] = ()) -> None:
    """Lay another desk out; what lay there is kept as a draft if it was changed."""
    drafts().follow(desk())
    st.session_state.desk = other
    st.session_state.faults, st.session_state.complaints = None, list(complaints)
    st.session_state.opened += 1


def tell_complaints(*more: str) -> None:
    """What of the link made no sense and was left out; ``more`` of a page that reads words of its own."""
    complaints = [*st.session_state.complaints, *more]
    if complaints:
        st.warning("The link holds what makes no sense here; it was left out.")
        st.code("\n".join(complaints), language=None, wrap_lines=True)


def tell_faults() -> None:
    """What could not be done, once."""
    faults = st.session_state.pop("faults", None)
    if faults:
        st.error(faults[0])
        st.code(faults[1], language=None, wrap_lines=True)


@kept(KEPT, key=id)  # what is kept holds the scenario, so no other one can come to have its id
def answer(scenario: Scenario) -> Result:
    """The answer to a scenario, kept while it is looked at."""
    return simulate(scenario)


def answers() -> tuple[Result, Result | None]:
    """The answer to what lies on the desk, and that to the original if anything differs from it."""
    return answers_to(desk())


def answers_to(present: Desk) -> tuple[Result, Result | None]:
    """The answer to a desk as it stands, and that to the original if anything differs from it."""
    return answer(present.scenario), answer(present.original) if present.moved else None
