"""The page with the office's folder: its list, saved in place, approved, commented, told what others saved. Default tier."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.files.loading import load
from simulator.files.reading import SHIPPED
from simulator.ui.server import PAGE
from simulator.workspace import saving
from simulator.workspace.desk import Desk
from simulator.workspace.folder import VARIABLE, Folder
from simulator.workspace.saving import Signature

APP = str(PAGE)
NAME = "vietnam-korea-2020"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    office = tmp_path / "Our *office*"
    office.mkdir()
    shutil.copy(SHIPPED / f"{NAME}.yaml", office / f"{NAME}.yaml")
    (office / "broken.yaml").write_text("title: '**Broken**'\ntarget: [\n")
    monkeypatch.setenv(VARIABLE, str(office))
    return Folder(office)


def opened() -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["scenario"] = NAME
    page.run()
    assert not page.exception
    return page


def laid() -> AppTest:
    """The folder's file on the desk."""
    page = opened()
    dialog(page, "Scenarios")
    page.button(key=f"own-{NAME}").click().run()
    assert not page.exception
    assert page.session_state.desk.reading is not None
    return page


def dialog(page: AppTest, name: str) -> None:
    page.session_state["dialog"] = name
    page.run()
    assert not page.exception


def texts(page: AppTest) -> str:
    return "\n".join(
        str(part.value) for kind in ("text", "caption", "code", "header") for part in page.get(kind)
    )


def badge(page: AppTest) -> str:
    return next(
        state for state in ("Draft", "Saved", "Approved") for part in page.markdown if state in part.value
    )


def test_the_folder_stands_first_with_target_chance_and_state_and_a_broken_file_among_them(
    folder: Folder,
) -> None:
    page = opened()
    dialog(page, "Scenarios")
    keys = [button.key for button in page.button if str(button.key).startswith(("own-", "pick-"))]
    assert keys[:3] == ["own-broken", f"own-{NAME}", "pick-belarus-kazakhstan-2020"]
    read = texts(page)
    assert "is at least" in read
    assert f"likely · {NAME} · last figure " in read.replace("\u2060", "")
    assert "· Saved" in read
    assert "It cannot be used: broken.yaml:" in read
    assert [part.value for part in page.header][-1] == "Examples"
    page.button(key="own-broken").click().run()
    assert not page.exception
    assert "The file cannot be used; nothing has changed." in [part.value for part in page.error]
    assert page.session_state.desk.shipped


def test_save_as_save_approve_and_fall_back(folder: Folder) -> None:
    page = opened()
    dialog(page, "Save as")
    page.text_input(key="file-name").input("a/b")
    next(button for button in page.button if button.label == "Save" and button.key != "save").click().run()
    assert "found '/' in the name" in texts(page)
    page.text_input(key="file-name").input("ours")
    next(button for button in page.button if button.label == "Save" and button.key != "save").click().run()
    assert not page.exception
    assert folder.names() == ("broken", "ours", NAME)
    desk = page.session_state.desk
    assert desk.name == "ours.yaml"
    assert page.button(key="save").disabled
    desk.turn("target.at_least", 50.0) if "target.at_least" in desk.knobs else desk.turn(
        next(iter(desk.knobs)), 1.0
    )
    page.run()
    assert badge(page) == "Draft"
    page.button(key="save").click().run()
    assert badge(page) == "Saved"
    assert load(folder.file("ours")).scenario == desk.scenario
    dialog(page, "Approve")
    page.button(key="sign").click().run()
    assert "found no name" in texts(page)
    page.text_input(key="signature-name").input("Ann Ivanova").run()
    page.button(key="sign").click().run()
    assert not page.exception
    assert badge(page) == "Approved"
    assert "approved: {by: Ann Ivanova" in folder.file("ours").read_text()
    page.session_state.desk.undo()
    page.run()
    assert badge(page) == "Draft"
    page.button(key="save").click().run()
    assert badge(page) == "Saved"
    assert "approved" not in folder.file("ours").read_text()


def test_what_somebody_else_saved_is_taken_or_told_and_never_overwritten(folder: Folder) -> None:
    page = laid()
    other = Desk.of_file(folder.file(NAME))
    saving.save(other, folder, other.text.replace("title:", "title: Theirs,", 1))
    page.run()
    assert "What is shown is the file as it is now" in texts(page)
    assert page.session_state.desk.scenario.title.startswith("Theirs,")
    desk = page.session_state.desk
    desk.turn(next(path for path in desk.knobs if path.startswith("target")), 50.0)
    saving.save(other, folder, other.text.replace("Theirs", "Again theirs", 1))
    page.run()
    assert "The file is left as it is; what you changed is kept as a draft." in texts(page)
    before = folder.file(NAME).read_bytes()
    page.button(key="save").click().run()
    assert folder.file(NAME).read_bytes() == before
    assert "Nothing has changed." in [part.value for part in page.error]
    page.button(key="theirs").click().run()
    assert not page.exception
    assert page.session_state.desk.scenario.title.startswith("Again theirs")
    assert "You changed this scenario on" in texts(page)


def test_rename_delete_and_back(folder: Folder) -> None:
    page = laid()
    dialog(page, "Rename")
    page.text_input(key="file-name").input("renamed")
    next(button for button in page.button if button.label == "Rename").click().run()
    assert folder.names() == ("broken", "renamed")
    dialog(page, "Delete")
    next(button for button in page.button if button.label == "Move to the bin").click().run()
    assert folder.names() == ("broken",)
    assert page.session_state.desk.shipped
    dialog(page, "Scenarios")
    page.button(key="bring-back-0").click().run()
    assert not page.exception
    assert folder.names() == ("broken", "renamed")


def test_a_comment_is_made_and_removed_on_the_page_also_without_a_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    page = opened()
    assert page.session_state.desk.shipped
    dialog(page, "Comment")
    page.text_area(key="comment-text").input("*Why?*")
    page.text_input(key="signature-name").input("Ann")
    page.button(key="comment-add").click().run()
    assert not page.exception
    (comment,) = page.session_state.desk.scenario.comments
    assert (comment.by, comment.text) == ("Ann", "*Why?*")
    dialog(page, "Comment")
    page.button(key="unsay-0").click().run()
    assert page.session_state.desk.scenario.comments == ()


def test_without_a_folder_an_approved_file_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    page = opened()
    dialog(page, "Approve")
    assert "Enter the name of the person who approves it." in texts(page)
    page.text_input(key="signature-name").input("Ann").run()
    assert [part.label for part in page.get("download_button")][-1] == "Approve and take the file"
    assert Signature("Ann", page.date_input(key="signature-day").value).written()["by"] == "Ann"
