"""What can be done with a scenario as a file: saved, renamed, deleted, reviewed, approved, commented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import streamlit as st

from simulator.scenario.remarks import Comment
from simulator.ui import session
from simulator.ui.widgets.charts import plain
from simulator.ui.widgets.dialogs import OPENED, button, close, end
from simulator.workspace import panel, saving
from simulator.workspace.desk import Desk
from simulator.workspace.folder import LONGEST_NAME
from simulator.workspace.saving import LONGEST_TEXT, Signature

ME = "my-name"  # who approves and comments here: it is typed once a session
CHECKED = (
    "You have checked the assumptions and their sources. Your name and the day stand in the file until the "
    "next change; its log keeps them."
)
YAML = "application/yaml"
SAVE, SAVE_AS, RENAME, DELETE = "Save", "Save as", "Rename", "Delete"
APPROVE, REVIEW, COMMENT = "Approve", "Review", "Comment"
LOG, SNAPSHOTS = "Log", "Snapshots"  # see widgets/history


def save(desk: Desk) -> None:
    """The button that saves: in place in the folder, under a name there, or as a file that is taken away."""
    if session.folder() is None:
        st.download_button(
            SAVE,
            desk.file,
            f"{desk.stem}.yaml",
            YAML,
            icon=":material/download:",
            on_click=desk.keep,
            key="yaml",
            help="The scenario file with every change in its place, comments kept",
        )
    elif desk.reading is None:
        button(SAVE_AS, ":material/save:", SAVE, key="save", help="Into the folder, under a name")
    else:
        st.button(
            SAVE,
            icon=":material/save:",
            key="save",
            on_click=session.save,
            disabled=not desk.changed,
            help=f"{plain(desk.name)} in the folder, every change in its place, comments kept",
        )


def more(desk: Desk) -> None:
    """What is done with the file now and then, each in a dialog."""
    names = [SAVE_AS] if session.folder() is not None else []
    names += [RENAME, DELETE, SNAPSHOTS] if desk.reading is not None else []
    st.menu_button(
        "More",
        [*names, REVIEW, APPROVE, COMMENT, LOG],
        icon=":material/more_horiz:",
        key="more",
        on_click=_chosen,
    )


def _chosen() -> None:
    st.session_state[OPENED] = st.session_state.more


# Files


@st.dialog("Save as", on_dismiss=close)
def save_as() -> None:
    """A name in the folder for what is shown."""
    st.text("A new file of the folder; no other is overwritten.")
    _named(session.desk().stem, SAVE, session.save_as)


@st.dialog("Rename", on_dismiss=close)
def rename() -> None:
    """Another name for the file."""
    _named(session.desk().stem, RENAME, session.rename)


def _named(present: str, label: str, act: Callable[[str], str]) -> None:
    with st.form("named", border=False):
        name = st.text_input("Name", present, LONGEST_NAME, key="file-name")
        if st.form_submit_button(label, type="primary"):
            end(act(name))


@st.dialog("Delete", on_dismiss=close)
def delete() -> None:
    """The file goes to the bin of the folder."""
    st.text(f"{session.desk().name} goes to the bin of the folder; Scenarios has the way back.")
    if st.button("Move to the bin", type="primary"):
        end(session.delete())


# Approval and review


@st.dialog("Approve", on_dismiss=close)
def approve() -> None:
    """Who stands for the scenario as it stands, and since which day."""
    st.text("Your name and the day stand in the file. The next change makes it a draft again.")
    _signed(APPROVE, "approves", saving.approved)


@st.dialog("Review", on_dismiss=close)
def review() -> None:
    """Who has checked the assumptions and their sources, and on which day."""
    st.text(CHECKED)
    _signed(REVIEW, "reviewed", saving.reviewed)


def _signed(verb: str, does: str, make: Callable[[Desk, Signature], str]) -> None:
    """A name and a day under a scenario: in the folder in place, else in a file that is taken away."""
    desk, by = session.desk(), signature()
    if session.folder() is not None and desk.reading is not None:
        if st.button(verb, type="primary", key="sign"):
            end(session.sign(make, by))
    elif not by.by.strip():
        st.text(f"Enter the name of the person who {does} it.")
    else:
        st.download_button(
            f"{verb} and take the file",
            partial(make, desk, by),
            f"{desk.stem}.yaml",
            YAML,
            on_click=_take_signed,
            args=(make, by),
            type="primary",
            key="sign",
        )


def _take_signed(make: Callable[[Desk, Signature], str], by: Signature) -> None:
    desk = session.desk()
    desk.edit(make(desk, by))
    desk.keep()
    close()


def signature() -> Signature:
    """The day, and who it is: what lies open under the day covers no button."""
    day = st.date_input("Day", "today", key="signature-day")
    return Signature(my_name(), day if isinstance(day, dt.date) else dt.date.today())


def my_name() -> str:
    """Who it is, as typed before."""
    name = st.text_input("Your name", st.session_state.get(ME, ""), saving.LONGEST_NAME, key="signature-name")
    st.session_state[ME] = name
    return name


# Comments


@st.dialog("Comment", width="large", on_dismiss=close)
def comment() -> None:
    """What is to be said of one input, and what was said already."""
    desk = session.desk()
    inputs = panel.inputs(desk)
    at = st.selectbox("Input", [*inputs], format_func=inputs.__getitem__, key="comment-at")
    text = st.text_area("Comment", max_chars=LONGEST_TEXT, key="comment-text")
    signature = Signature(my_name(), dt.date.today())
    if st.button("Add the comment", type="primary", key="comment-add"):
        end(session.comment(at, signature, text))
    for number, remark in enumerate(desk.scenario.comments):
        _remark(number, remark, inputs.get(remark.at, remark.at))


def _remark(number: int, remark: Comment, of: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"remark-{number}"):
        st.text(f"{of}\n{remark.signature}: {remark.text}")
        st.button(
            "Remove", key=f"unsay-{number}", on_click=session.take_back, args=(remark,), type="tertiary"
        )


DIALOGS = {
    SAVE_AS: save_as,
    RENAME: rename,
    DELETE: delete,
    REVIEW: review,
    APPROVE: approve,
    COMMENT: comment,
}
