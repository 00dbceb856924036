"""Named snapshots: how a scenario stood on a day, whatever became of its file since. Default tier."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.errors import InputError, ScenarioError
from simulator.files.loading import load
from simulator.workspace import saving, snapshots
from simulator.workspace.desk import Desk
from simulator.workspace.folder import Folder

PLAN = """\
title: A pair
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 900}  # the minister's
observations:
  - {measure: turnover, period: 2016, value: 600}
  - {measure: turnover, period: 2017, value: 640}
"""
OVER = "extends: plan.yaml\ntitle: Bolder\ntarget: {at_least: 1000}\n"
OCTOBER, NOVEMBER = dt.date(2026, 10, 3), dt.date(2026, 11, 3)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return tmp_path / "plan.yaml"


def answered(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, list(map(str, words)))
    return done.exit_code, done.stdout, done.stderr


def test_a_snapshot_stays_as_the_file_was_and_stands_alone(plan: Path) -> None:
    over = plan.with_name("over.yaml")
    over.write_text(OVER)
    before = load(over).scenario
    kept = snapshots.take(over, "Before the forum", OCTOBER)
    plan.write_text(PLAN.replace("640", "700"))
    over.write_text(OVER.replace("1000", "1200"))
    assert load(kept.file).scenario == before
    assert kept.file.parent == plan.parent / ".snapshots" / "over"
    assert snapshots.taken(over) == (kept,)
    assert snapshots.taken(plan) == ()
    assert Folder(plan.parent).names() == ("over", "plan")  # a snapshot is no scenario of the folder


def test_names_are_taken_once_and_nothing_is_overwritten(plan: Path) -> None:
    kept = snapshots.take(plan, "forum", OCTOBER)
    before = kept.file.read_bytes()
    for name in ("forum", "FORUM"):
        with pytest.raises(InputError, match="already, expected a name of its own"):
            snapshots.take(plan, name, NOVEMBER)
    for name in ("", "a/b", "../x", "con"):
        with pytest.raises(InputError, match="name"):
            snapshots.take(plan, name, NOVEMBER)
    plan.write_text("title: [\n")
    with pytest.raises(ScenarioError):
        snapshots.take(plan, "broken", NOVEMBER)
    assert snapshots.taken(plan) == (kept,)
    assert kept.file.read_bytes() == before


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("first", "first"),
        ("SECOND", "second"),
        ("2026-10-03", "first"),
        ("2026-11-02", "first"),
        ("2027-01-01", "second"),
    ],
)
def test_since_a_name_or_the_last_until_a_day(plan: Path, wanted: str, name: str) -> None:
    snapshots.take(plan, "second", NOVEMBER)
    snapshots.take(plan, "first", OCTOBER)
    assert snapshots.since(plan, wanted).name == name


def test_what_cannot_be_found_is_said_with_what_can(plan: Path) -> None:
    with pytest.raises(InputError, match="take one: python -m simulator snapshot"):
        snapshots.since(plan, "first")
    snapshots.take(plan, "first", OCTOBER)
    for wanted in ("2026-10-02", "third"):
        with pytest.raises(InputError, match=r"expected one of first \(3 October 2026\), or a day"):
            snapshots.since(plan, wanted)


def test_snapshots_follow_a_file_to_its_new_name(plan: Path) -> None:
    kept = snapshots.take(plan, "first", OCTOBER)
    desk = Desk.of_file(plan)
    saving.rename(desk, Folder(plan.parent), "other")
    (moved,) = snapshots.taken(plan.with_name("other.yaml"))
    assert (moved.name, moved.on, moved.file.name) == (kept.name, kept.on, kept.file.name)
    assert snapshots.taken(plan) == ()


def test_compare_since_tells_what_changed(plan: Path) -> None:
    assert answered("snapshot", plan, "--name", "first")[0] == 0
    code, listed, _ = answered("snapshot", plan, "--json")
    assert (code, [one["name"] for one in json.loads(listed)]) == (0, ["first"])
    plan.write_text(PLAN.replace("900", "800"))
    code, out, _ = answered("compare", plan, "--since", "first", "--json", "--points", 256)
    then, now = json.loads(out)["sets"]
    assert code == 0
    assert [one["target"]["at_least"] for one in (then, now)] == [900, 800]
    assert then["probability"] < now["probability"]
    assert [part["assumption"] for part in json.loads(out)["differences"][0]["attribution"]] == ["target"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--since", "nothing"], "found no snapshot of plan.yaml"),
        ([], "or a snapshot of it: --since"),
    ],
)
def test_bad_usage_ends_in_a_sentence(plan: Path, words: list[str], message: str) -> None:
    code, out, error = answered("compare", plan, *words)
    assert (code, out) == (2, "")
    assert message in error
