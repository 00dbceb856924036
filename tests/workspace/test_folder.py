"""The office's folder: nothing overwritten, overlays that stay overlays, a bin, approval and comments. Default tier."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from simulator.errors import Changed, InputError, ScenarioError
from simulator.files.editing import edited
from simulator.files.loading import load
from simulator.files.reading import SHIPPED
from simulator.workspace import link, panel, saving
from simulator.workspace.desk import Desk, State
from simulator.workspace.drafts import Drafts
from simulator.workspace.folder import VARIABLE, Folder, Reading, checked_name
from simulator.workspace.listing import entries
from simulator.workspace.saving import Signature

TARGET, COUNT = "target.at_least", "levers.assembly.count"
ANN = Signature("Ann  Ivanova", dt.date(2026, 11, 28))
OVER = """\
extends: plan.yaml
title: A slump  # our own words
# growth as the ministry sees it
outlook:
  trend: 0.01
"""


TEXT = """\
title: A pair
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 700}
observations:
  - {measure: turnover, period: 2017, value: 690.8}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    shutil.copy(SHIPPED / "belarus-kazakhstan-2020.yaml", tmp_path / "plan.yaml")
    (tmp_path / "over.yaml").write_text(OVER)
    (tmp_path / "broken.yml").write_text("title: Broken\n")
    (tmp_path / "notes.txt").write_text("no scenario")
    return Folder(tmp_path)


def laid(folder: Folder, name: str = "plan") -> Desk:
    return Desk.of_file(folder.file(name))


def text(folder: Folder, name: str = "plan") -> str:
    return folder.file(name).read_text("utf-8")


def test_a_folder_lists_its_scenario_files_and_only_these(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder.names() == ("broken", "over", "plan")
    assert folder.file("broken").name == "broken.yml"
    assert Folder(folder.path / "nowhere").names() == ()
    assert "cannot be read" in Folder(folder.path / "nowhere").fault()
    assert not folder.fault()
    monkeypatch.setenv(VARIABLE, str(folder.path))
    assert Folder.of_environment() == folder
    monkeypatch.delenv(VARIABLE)
    assert Folder.of_environment() is None


def test_save_writes_in_place_and_keeps_comments_and_rights(folder: Folder) -> None:
    file = folder.file("plan")
    file.chmod(0o640)
    before = file.read_text()
    desk = laid(folder)
    desk.turn(TARGET, 800.0)
    assert desk.state is State.DRAFT
    saving.save(desk, folder)
    assert desk.state is State.SAVED
    assert text(folder) == before.replace("at_least: 1000", "at_least: 800")
    assert text(folder).count("#") == before.count("#") > 0
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in folder.path.iterdir() if path.name.startswith(".")] == []
    desk.undo()
    assert desk.state is State.DRAFT
    saving.save(desk, folder)
    assert text(folder) == before


def test_a_file_that_somebody_changed_is_never_overwritten(folder: Folder) -> None:
    mine, theirs = laid(folder), laid(folder)
    theirs.turn(TARGET, 900.0)
    saving.save(theirs, folder)
    mine.turn(TARGET, 700.0)
    as_saved = text(folder)
    with pytest.raises(
        Changed, match=r"plan.yaml: it was changed by somebody at \d\d:\d\d UTC; it is left as it is"
    ):
        saving.save(mine, folder)
    assert text(folder) == as_saved
    assert mine.state is State.DRAFT
    desk, news = saving.follow(mine)
    assert desk is mine
    assert "changed by somebody" in news
    other = saving.save_as(mine, folder, "plan of mine")
    assert other.state is State.SAVED
    assert other.scenario.target[0].amount == 700
    assert text(folder) == as_saved


def test_a_change_that_leaves_size_and_time_alike_is_seen(folder: Folder) -> None:
    desk, file = laid(folder), folder.file("plan")
    state = file.stat()
    file.write_text(file.read_text().replace("at_least: 1000", "at_least: 1001"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    desk.turn(TARGET, 700.0)
    with pytest.raises(Changed):
        saving.save(desk, folder)
    assert "at_least: 1001" in text(folder)


def test_a_file_written_again_with_the_same_bytes_is_no_change(folder: Folder) -> None:
    desk, file = laid(folder), folder.file("plan")
    file.write_bytes(file.read_bytes())
    os.utime(file, (1, 1))
    desk.turn(TARGET, 700.0)
    assert desk.reading is not None
    assert not desk.reading.change
    saving.save(desk, folder)
    assert "at_least: 700" in text(folder)


def test_a_desk_on_which_nothing_was_changed_takes_what_others_saved(folder: Folder) -> None:
    reader, writer = laid(folder), laid(folder)
    writer.turn(TARGET, 900.0)
    saving.save(writer, folder)
    desk, news = saving.follow(reader)
    assert desk.scenario.target[0].amount == 900
    assert "What is shown is the file as it is now" in news
    assert saving.follow(desk) == (desk, "")
    folder.file("plan").write_text("title: half a file\n")
    again, news = saving.follow(desk)
    assert again is desk
    assert "cannot be used as it is now" in news


def test_a_file_that_is_gone_is_told_and_not_written_again(folder: Folder) -> None:
    desk = laid(folder, "over")
    folder.delete(folder.file("over"))
    desk.turn(TARGET, 700.0)
    with pytest.raises(Changed, match="renamed or deleted"):
        saving.save(desk, folder)
    assert "over" not in folder.names()


def test_a_file_that_extends_another_still_does_after_it_was_saved(folder: Folder) -> None:
    desk = laid(folder, "over")
    base = text(folder)
    desk.turn(TARGET, 800.0)
    desk.turn("outlook.trend", 0.02)
    desk.turn(COUNT, 9.0)
    saving.save(desk, folder)
    written = text(folder, "over")
    assert written.startswith(OVER.replace("0.01", "0.02"))
    assert "observations" not in written
    assert load(folder.file("over")).scenario == desk.scenario
    assert desk.state is State.SAVED
    assert text(folder) == base


def test_what_is_taken_out_of_an_overlay_is_gone_though_the_base_has_it(folder: Folder) -> None:
    desk = laid(folder, "over")
    desk.edit(edited(desk.text, {"levers.rules": None, "outlook.trend": None}, desk.name))
    saving.save(desk, folder)
    assert "extends: plan.yaml" in text(folder, "over")
    assert "rules" not in load(folder.file("over")).scenario.levers
    assert load(folder.file("over")).scenario == desk.scenario


def test_what_a_file_extends_is_watched_as_well(folder: Folder) -> None:
    over, plan = laid(folder, "over"), laid(folder)
    plan.turn(TARGET, 900.0)
    saving.save(plan, folder)
    followed, news = saving.follow(over)
    assert "what it extends was changed" in news
    assert followed.scenario.target[0].amount == 900
    over.turn(COUNT, 9.0)
    with pytest.raises(Changed, match="what it extends"):
        saving.save(over, folder)
    assert text(folder, "over") == OVER


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "C:plan",
        "con",
        "x" * 61,
        "plan",
        "Plan.yaml",
        "broken",
        "a\nb",
        "-",
    ],
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_is_written(folder: Folder, name: str) -> None:
    before = {file: file.read_bytes() for file in folder.path.rglob("*") if file.is_file()}
    with pytest.raises(InputError, match="found"):
        saving.save_as(laid(folder), folder, name)
    with pytest.raises(InputError, match="found"):
        folder.rename(folder.file("over"), name)
    assert {file: file.read_bytes() for file in folder.path.rglob("*") if file.is_file()} == before


def test_a_file_is_renamed_and_one_that_others_extend_is_not(folder: Folder) -> None:
    desk = laid(folder, "over")
    desk.turn(TARGET, 700.0)
    saving.rename(desk, folder, "Планы 2027")
    assert desk.name == "Планы 2027.yaml"
    assert desk.state is State.DRAFT
    saving.save(desk, folder)
    assert folder.names() == ("broken", "plan", "Планы 2027")
    with pytest.raises(InputError, match="Планы 2027 extends it"):
        folder.rename(folder.file("plan"), "other")
    with pytest.raises(InputError, match="Планы 2027 extends it"):
        folder.delete(folder.file("plan"))


def test_what_is_deleted_is_in_the_bin_and_comes_back(folder: Folder) -> None:
    for _ in range(2):
        folder.delete(folder.file("over"))
        (folder.path / "over.yaml").write_text(OVER)
    folder.delete(folder.file("over"))
    assert [binned.name for binned in folder.binned()] == ["over.yaml"] * 3
    newest = folder.binned()[0]
    assert newest.day.endswith("UTC")
    assert folder.bring_back(newest).read_text() == OVER
    with pytest.raises(InputError, match=r"another file called 'over.yaml'"):
        folder.bring_back(folder.binned()[0])
    assert len(folder.binned()) == 2
    assert "over" in folder.names()


def test_what_cannot_be_written_is_said_in_a_sentence(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, before = laid(folder), text(folder)
    desk.turn(TARGET, 700.0)
    folder.file("plan").chmod(0o444)
    with pytest.raises(
        InputError, match=r"found 'plan.yaml', which cannot be written \(it is read-only\); nothing"
    ):
        saving.save(desk, folder)
    assert text(folder) == before
    assert desk.state is State.DRAFT

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulator.files.writing.os.fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        saving.save_as(desk, folder, "other")


def test_approval_stands_in_the_file_and_falls_at_the_next_change(folder: Folder) -> None:
    desk = laid(folder)
    saving.save(desk, folder, saving.approved(desk, ANN))
    assert desk.state is State.APPROVED
    assert desk.approval is not None
    assert desk.approval.signature == "Ann Ivanova, 28 November 2026"
    again = laid(folder)
    assert again.state is State.APPROVED
    again.turn(TARGET, 800.0)
    assert again.state is State.DRAFT
    assert again.scenario.approved is None
    again.undo()
    assert again.state is State.APPROVED
    again.redo()
    saving.save(again, folder)
    assert again.state is State.SAVED
    assert "approved" not in text(folder)
    again.undo()  # the approved text, but not the file any more
    assert again.state is State.DRAFT
    assert again.scenario.approved is None
    saving.save(again, folder)
    assert again.state is State.SAVED
    assert "approved" not in text(folder)


def test_approval_needs_a_name_and_is_not_copied(folder: Folder) -> None:
    desk = laid(folder)
    for name in ("  ", "x" * 101):
        with pytest.raises(InputError, match="name"):
            saving.approved(desk, Signature(name, ANN.on))
    saving.save(desk, folder, saving.approved(desk, ANN))
    assert saving.save_as(desk, folder, "copy").state is State.SAVED
    assert "approved" not in text(folder, "copy")


def test_an_overlay_is_approved_itself_and_not_by_what_it_extends(folder: Folder) -> None:
    plan = laid(folder)
    saving.save(plan, folder, saving.approved(plan, ANN))
    over = laid(folder, "over")
    assert over.state is State.SAVED
    saving.save(over, folder, saving.approved(over, ANN))
    assert laid(folder, "over").state is State.APPROVED
    assert text(folder, "over").startswith(OVER)


def test_a_comment_stands_at_its_input_and_can_be_taken_back(folder: Folder) -> None:
    desk = laid(folder)
    figure = desk.scenario.counted[0]
    at = f"observations.{figure.measure} {figure.period}"
    for place, words in (
        (COUNT, "Six?\n*Really*?"),
        ("levers.assembly", "Of all."),
        (TARGET, "Why?"),
        (at, "Ours."),
    ):
        assert place in panel.inputs(desk)
        saving.comment(desk, place, ANN, words)
    saving.save(desk, folder)
    rows = {row.id: row for section in panel.sections(laid(folder)) for row in section.rows}
    assert [remark.text for remark in rows["levers.assembly"].comments] == ["Of all."]
    sliders = {
        slider.path: slider for row in rows.values() for slider in row.controls if slider.kind == "slider"
    }
    (remark,) = next(slider.comments for path, slider in sliders.items() if COUNT in path)
    assert (remark.who, remark.text) == ("Ann Ivanova, 28 November 2026", "Six?\n*Really*?")
    assert [remark.text for remark in sliders[TARGET].comments] == ["Why?"]
    (remark, *_) = desk.scenario.comments
    for _click in range(2):  # the second finds nothing to take off
        saving.take_back(desk, remark)
    assert [comment.text for comment in desk.scenario.comments] == ["Of all.", "Why?", "Ours."]
    desk.undo()
    assert desk.state is State.SAVED
    for fault, words in (("no text", " "), ("2,001 letters", "x" * 2001)):
        with pytest.raises(InputError, match=fault):
            saving.comment(desk, COUNT, ANN, words)
    with pytest.raises(ScenarioError, match="did you mean 'assembly'"):
        saving.comment(desk, "levers.asembly", ANN, "x")


def test_the_list_has_every_file_with_its_state_and_a_broken_one_in_nobodys_way(folder: Folder) -> None:
    broken, over, plan = entries(folder)
    assert broken.scenario is None
    assert broken.fault.startswith("broken.yml:1: found no as_of")
    assert "(and " in broken.fault
    assert broken.state() is None
    assert over.title == "A slump"
    assert (plan.last, plan.state()) == ("turnover Jan-Sep 2018", State.SAVED)
    assert plan.state({plan.key}) is State.DRAFT
    assert entries(folder)[2].scenario is plan.scenario
    desk = laid(folder)
    saving.save(desk, folder, saving.approved(desk, ANN))
    assert entries(folder)[2].state() is State.APPROVED
    folder.file("plan").write_text(text(folder).replace("at_least: 1000", "at_least: 900"))
    scenario = entries(folder)[1].scenario  # what is laid over a file that changed has changed too
    assert scenario is not None
    assert scenario.target[0].amount == 900


def test_no_draft_is_taken_for_that_of_another_scenario_with_the_same_name(
    folder: Folder, tmp_path: Path
) -> None:
    name = "belarus-kazakhstan-2020"
    shutil.copy(folder.file("plan"), folder.path / f"{name}.yaml")
    (tmp_path / "other").mkdir()
    shutil.copy(folder.file("plan"), tmp_path / "other" / f"{name}.yaml")
    content = folder.file("plan").read_bytes()
    desks = [
        Desk.of_shipped(name),
        Desk.of_upload(content, f"{name}.yaml"),
        laid(folder, name),
        laid(Folder(tmp_path / "other"), name),
    ]
    assert len({desk.key for desk in desks}) == 4
    assert Desk.of_upload(content, name).key != name
    assert Desk.of_upload(content, desks[2].key).key not in {desk.key for desk in desks}
    drafts = Drafts()
    desks[2].turn(TARGET, 700.0)
    drafts.follow(desks[2])
    drafts.reopen(desks[2].key)
    assert drafts.waiting(laid(folder, name)) is not None
    assert all(drafts.waiting(desk) is None for desk in (desks[0], desks[1], desks[3]))


@pytest.mark.parametrize("name", ["plan", "over"])
def test_a_parcel_lies_on_its_file_again_where_the_folder_has_it(
    folder: Folder, name: str, tmp_path: Path
) -> None:
    desk = laid(folder, name)
    desk.turn(TARGET, 800.0)
    saving.save(desk, folder)
    shipped = Desk.of_shipped(link.DEFAULT)
    saved, _, _ = link.opened(link.draft_of(desk), shipped, folder)
    assert saved.state is State.SAVED
    desk.turn(COUNT, 9.0)
    draft, _, complaints = link.opened(link.draft_of(desk), shipped, folder)
    assert not complaints
    assert (draft.state, draft.key) == (State.DRAFT, desk.key)
    (tmp_path / "elsewhere").mkdir()
    for office in (None, Folder(tmp_path / "elsewhere")):
        upload, _, _ = link.opened(link.draft_of(desk), shipped, office)
        assert upload.reading is None
        assert upload.scenario == desk.scenario
    theirs = laid(folder, name)
    theirs.turn(TARGET, 900.0)
    saving.save(theirs, folder)
    with pytest.raises(Changed):
        saving.save(draft, folder)
    assert theirs.state is State.SAVED
    late, _, _ = link.opened(link.draft_of(desk), shipped, folder)
    with pytest.raises(Changed):
        saving.save(late, folder)


def test_a_parcel_cannot_pass_for_what_the_file_says(folder: Folder) -> None:
    desk = laid(folder)
    desk.turn(TARGET, 800.0)
    desk.keep()  # as a link that was made by hand would claim
    opened, _, _ = link.opened(link.draft_of(desk), Desk.of_shipped(link.DEFAULT), folder)
    assert opened.state is State.DRAFT


def test_of_two_files_with_one_stem_each_is_its_own(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("q.yaml", "q.yml"):
        (tmp_path / name).write_text(TEXT, "utf-8")
    assert folder.names() == ("q", "q.yml")
    desk = Desk.of_file(folder.file("q.yml"))
    saving.rename(desk, folder, "r")
    assert folder.names() == ("q", "r")
    folder.delete(tmp_path / "q.yaml")
    assert folder.names() == ("r",)
    with pytest.raises(InputError, match="renamed or deleted"):
        folder.delete(tmp_path / "q.yaml")
    saving.rename(desk, folder, "R")  # another case of the same letters is another name
    assert folder.names() == ("R",)


def test_what_is_extended_stays_however_the_folder_is_written(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "over.yaml").write_text("extends: plan.yaml\n", "utf-8")
    roundabout = Folder(tmp_path / ".." / tmp_path.name)
    with pytest.raises(InputError, match="over extends it"):
        roundabout.delete(roundabout.file("plan"))


def test_a_file_of_the_same_size_and_time_is_another_file_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(TEXT, "utf-8")
    reading, _ = Reading.of(file)
    before = file.stat()
    with file.open("r+b") as there:
        there.seek(TEXT.index("700"))
        there.write(b"800")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Changed):
        Folder(tmp_path).save(reading, TEXT)
    assert "800" in file.read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["con.txt", "nul.tar", "CON .x", "a\u202eb", "a\u2028b", "a\x85b", "\U0001f600" * 60]
)
def test_names_that_some_disk_or_reader_would_not_take_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        checked_name(name)
