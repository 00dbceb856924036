"""Between Streamlit's session and the workspace: the link, the desk and the sets, the answers to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from simulator.errors import InputError, ScenarioError
from simulator.files.workbook.bringing import scenario_of
from simulator.model.engine import simulate
from simulator.model.result import Result
from simulator.scenario import Scenario
from simulator.scenario.remarks import Comment
from simulator.ui.kept import kept, key_of
from simulator.ui.live.components import browser, heard
from simulator.ui.work import NUMBERS
from simulator.values.limits import UPLOAD_BYTES
from simulator.workspace import link, saving, snapshots
from simulator.workspace.desk import Desk
from simulator.workspace.drafts import Drafts
from simulator.workspace.folder import Binned, Folder
from simulator.workspace.parcel import MARK
from simulator.workspace.saving import Signature
from simulator.workspace.sets import NOW, Sets
from simulator.workspace.snapshots import Snapshot

PAGES = "pages"  # which there are, by title
MEGABYTES = UPLOAD_BYTES.most // 1_000_000  # of a file that is uploaded
KEPT = 8  # megabytes of an answer that is kept, until it is weighed with all that was looked at


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


def folder() -> Folder | None:
    """The office's folder, if the page was started with one."""
    return Folder.of_environment()


def drafts() -> Drafts:
    """What this session's browser keeps: nothing until it has said so."""
    if "drafts" not in st.session_state:
        st.session_state.drafts = Drafts()
    present: Drafts = st.session_state.drafts
    return present


def go(title: str) -> None:
    """Turn to another page."""
    st.switch_page(st.session_state[PAGES][title])


def picked() -> dict[str, Scenario]:
    """The sets that are picked and can be compared with the first, by the names given to them."""
    called = sets().called(desk())
    return {called[id]: sets().scenario(desk(), id) for id in sets().fit(desk())}


def write_link(words: Mapping[str, str] | None = None) -> None:
    """Put the screen into the address: what a query can hold there, the rest into the fragment.

    ``words`` are those of a page that has more than the desk.
    """
    if words is None:
        words = link.of_desk(desk()) if desk().shipped else {}
    if heard() and st.query_params.to_dict() != words:  # else the fragment is lost before it is read
        st.query_params.from_dict(words)
    remember()


def remember(top: str = "") -> None:
    """Let the browser keep what no server is told: the fragment of the address, and the draft.

    ``top`` names what the page shows; where that is another part than before, it is seen from its top.
    """
    present = desk()
    drafts().follow(present)
    browser(link.parcel_of(present, sets()), MARK, drafts().message(), _arrived, top)


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
        opened, with_pins, complaints = link.opened(word, desk(), folder())
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
        opened, _, complaints = link.opened(draft.word, desk(), folder())
    except ValueError as error:
        st.session_state.faults = "The draft cannot be opened; it is left out.", str(error)
        drafts().forget(name)
    else:
        _lay(opened, complaints)


def open_shipped(name: str) -> None:
    """Lay another of the shipped scenarios on the desk."""
    _lay(Desk.of_shipped(name))
    drafts().reopen(name)


def open_own(name: str) -> str:
    """Lay a file of the folder on the desk; one with faults changes nothing, and they are returned."""
    office = folder()
    if office is None:
        return f"found no folder for {name}, expected the page to be started with one: app --folder DIR"
    file = office.file(name)
    try:
        made = Desk.of_file(file)
    except ScenarioError as error:
        return str(error)
    _lay(made)
    drafts().reopen(made.key)
    return ""


def save() -> None:
    """Write the desk into its file; what somebody else changed meanwhile is not overwritten."""
    _attempt(lambda office: saving.save(desk(), office), tell=True)


def save_as(name: str) -> str:
    """Write the desk into a new file of the folder, and go on with that; else why not."""

    def act(office: Folder) -> None:
        before = desk()
        made = saving.save_as(before, office, name)
        before.keep()  # what was changed stands in the new file, and is no draft of the old one
        _lay(made)

    return _attempt(act)


def rename(name: str) -> str:
    """Give the desk's file another name; else why not."""

    def act(office: Folder) -> None:
        drafts().forget(desk().key)
        saving.rename(desk(), office, name)

    return _attempt(act)


def delete() -> str:
    """Put the desk's file into the bin, and lay a shipped scenario on the desk; else why not."""

    def act(office: Folder) -> None:
        office.delete(office.path / desk().name)
        open_shipped(link.DEFAULT)

    return _attempt(act)


def bring_back(binned: Binned) -> None:
    """Put a file from the bin back into the folder."""
    _attempt(lambda office: office.bring_back(binned), tell=True)


def sign(make: Callable[[Desk, Signature], str], by: Signature) -> str:
    """Write the desk into its file with somebody's name under it, as ``make`` puts it; else why not."""
    return _attempt(lambda office: saving.save(desk(), office, make(desk(), by)))


def log(by: Signature, what: str) -> str:
    """Write a line into the log; else why not."""
    return _attempted(lambda: saving.log(desk(), by, what))


def take_snapshot(name: str, on: dt.date) -> str:
    """Keep the desk as it stands beside its file, under a name; else why not."""

    def act(_office: Folder) -> None:
        reading = desk().reading
        if reading is not None:
            snapshots.take(reading.file, name, on, desk().file())

    return _attempt(act)


def compare_with(snapshot: Snapshot) -> str:
    """Turn to Compare, with a snapshot beside the desk; why not, if it cannot be read."""
    try:
        pinned = sets().keep(Desk.of_upload(snapshot.file.read_bytes(), snapshot.file.name), snapshot.name)
    except (InputError, OSError) as error:
        return str(error)
    sets().first = pinned
    sets().pick((pinned, NOW))
    go("Compare")
    return ""


def comment(at: str, signature: Signature, text: str) -> str:
    """Put a comment on an input; else why not."""
    return _attempted(lambda: saving.comment(desk(), at, signature, text))


def take_back(comment: Comment) -> None:
    """Take a comment off."""
    saving.take_back(desk(), comment)


def _attempted(act: Callable[[], object]) -> str:
    """Do something, and say why it could not be done."""
    try:
        act()
    except InputError as error:
        return str(error)
    return ""


def _attempt(act: Callable[[Folder], object], tell: bool = False) -> str:
    """Do something in the folder, and say why it could not be done; ``tell`` it on the page as well."""
    office = folder()
    if office is None:
        return "found no folder, expected the page to be started with one: app --folder DIR"
    try:
        act(office)
    except InputError as error:
        if tell:
            st.session_state.faults = "Nothing has changed.", str(error)
        return str(error)
    return ""


def follow_file() -> None:
    """Take up what others saved of the desk's file, where nothing is changed here; it is told once."""
    if "desk" in st.session_state:
        before = desk()
        followed, news = saving.follow(before)
        if followed is not before:
            _lay(followed)
            st.session_state.news = news


def open_theirs(name: str) -> None:
    """Lay the file on the desk as somebody else saved it; what was changed here stays a draft."""
    faults = open_own(name)
    if faults:
        st.session_state.faults = "The file cannot be used as it is now.", faults


def open_upload(content: bytes, name: str) -> str:
    """Lay an uploaded file or its Excel sheet on the desk; faults are returned, and nothing is changed."""
    try:
        content, name = scenario_of(content, name)
        made = Desk.of_upload(content, name)
    except ScenarioError as error:
        return str(error)
    _lay(made)
    drafts().reopen(made.key)
    return ""


def open_made(text: str, name: str, *, saved: bool) -> None:
    """Lay a case that was made here on the desk; ``saved``: its file was taken away already.

    Raises:
        ScenarioError: with every fault.
    """
    made = Desk.of_upload(text.encode(), name)
    if not saved:
        made.keep_nothing()
    _lay(made)


def swap(letter: str) -> None:
    """Lay a pinned variant on the desk, if it is still there, and pin what lay there."""
    if letter not in sets().pins.desks:
        return
    before = desk()
    swapped = sets().pins.swap(letter, before)
    if swapped.key == before.key:  # two of one file: what was saved meanwhile is the file of both
        swapped.reading, swapped.saved = before.reading, before.saved
    _lay(swapped)


def _lay(other: Desk, complaints: Sequence[str] = ()) -> None:
    """Lay another desk out; what lay there is kept as a draft if it was changed."""
    drafts().follow(desk())
    st.session_state.desk = other
    st.session_state.faults, st.session_state.complaints = None, list(complaints)
    st.session_state.opened += 1
    st.session_state.pop("news", None)


def tell_complaints(*more: str) -> None:
    """What of the link made no sense and was left out; ``more`` of a page that reads words of its own."""
    complaints = [*st.session_state.complaints, *more]
    if complaints:
        st.warning("The link holds what makes no sense here; it was left out.")
        st.code("\n".join(complaints), language=None, wrap_lines=True)


def tell_news() -> None:
    """What others did to the desk's file, once."""
    news = st.session_state.pop("news", None)
    if news:
        st.text(news)


def tell_faults() -> None:
    """What could not be done, once."""
    faults = st.session_state.pop("faults", None)
    if faults:
        st.error(faults[0])
        st.code(faults[1], language=None, wrap_lines=True)


@kept(KEPT, key=key_of, lane=NUMBERS)
def answer(scenario: Scenario) -> Result:
    """The answer to a scenario, kept while it is looked at: the same for all sessions that ask the same."""
    return simulate(scenario)


def answers() -> tuple[Result, Result | None]:
    """The answer to what lies on the desk, and that to the original if anything differs from it."""
    return answers_to(desk())


def answers_to(present: Desk) -> tuple[Result, Result | None]:
    """The answer to a desk as it stands, and that to the original if anything differs from it.

    No session holds them: what all of them look at stays within what is kept, and is answered again once
    it was pushed out.
    """
    return answer(present.scenario), answer(present.original) if present.moved else None
