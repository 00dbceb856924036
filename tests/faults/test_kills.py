"""Killed at each step of writing, and written by several at once: every file is whole, old or new. Default tier; every verb in CI."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.batch.parts import PARTS
from simulator.errors import Changed, NotWritten
from simulator.files import locks, places, writing
from simulator.files.writing import (
    BEGINS,
    ENDS,
    move,
    new_folder,
    unchanged,
    write_file,
    write_new,
    write_set,
)
from tests.faults.test_places import WRITTEN, place_for
from tests.faults.verbs import Written, forked
from tests.tiers import sampled

if sys.platform != "linux":
    pytest.skip("faults as Linux has them", allow_module_level=True)

STEPS = ("open", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync", "chmod")
NAMES = {"a", "b", "c"}
Action = Callable[[Path], object]


def killed_at(step: int) -> Callable[[], None]:
    """Have a process kill itself at a step of writing: before the first, after it, before the second, and so on."""

    def patch() -> None:
        count = 0

        def wrapped(call: Callable[..., object]) -> Callable[..., object]:
            def counted(*words: object, **named: object) -> object:
                nonlocal count
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                answer = call(*words, **named)
                if count + 1 == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                count += 2
                return answer

            return counted

        for name in STEPS:
            setattr(os, name, wrapped(getattr(os, name)))
        places._exchanged = wrapped(places._exchanged)  # type: ignore[assignment]

    return patch


def in_a_process(action: Callable[[], object]) -> int:
    """How a process ends that does something: 0, 1 where it is refused, or by which signal."""
    child = os.fork()
    if child == 0:
        try:
            action()
        except NotWritten:
            os._exit(1)
        except BaseException:
            os._exit(2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def remains(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(f"{BEGINS}*") if path.name.endswith(ENDS)]


def state(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but for what is not yet in its place."""
    unfinished = remains(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(path == part or part in path.parents for part in unfinished)
        and not path.parent.name.endswith(PARTS)  # of a sweep, which goes on there
    }


def clear_by_writing(folder: Path) -> None:
    """Write a file into each folder that something was left in; what is empty counts after a minute."""
    for part in remains(folder):
        os.utime(part, (part.stat().st_mtime - 2 * writing.YOUNG,) * 2)
    for above in {part.parent for part in remains(folder)}:
        write_file(above / "other", "x")
        (above / "other").unlink()
    assert not remains(folder)


def old(folder: Path) -> None:
    (folder / "file").write_text("old")
    (folder / "set").mkdir()
    for name in NAMES:
        (folder / "set" / name).write_text("old")


ACTIONS: dict[str, Action] = {
    "replace a file": lambda folder: write_file(folder / "file", "new" * 10000),
    "a new file": lambda folder: write_new(folder / "below" / "new", "new" * 10000),
    "a new set": lambda folder: write_set(folder / "below" / "other", dict.fromkeys(NAMES, "new")),
    "replace a set": lambda folder: write_set(folder / "set", dict.fromkeys(NAMES, "new"), NAMES),
}


@pytest.mark.parametrize("what", sampled(ACTIONS))
def test_whoever_is_killed_while_writing_leaves_old_or_new(what: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    old(whole)
    before = state(whole)
    ACTIONS[what](whole)
    after = state(whole)
    assert before != after
    assert not remains(whole)
    for step in range(200):
        folder = tmp_path / str(step)
        folder.mkdir()
        old(folder)
        code = in_a_process(lambda step=step, folder=folder: (killed_at(step)(), ACTIONS[what](folder)))  # type: ignore[misc]
        assert code in (0, -signal.SIGKILL)
        assert state(folder) in (before, after), step
        clear_by_writing(folder)
        if code == 0:
            break
    assert step > 6
    assert code == 0


@pytest.mark.ci_only(reason="many processes, seconds each")
def test_without_an_exchange_of_names_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_exchanged", lambda *_: False)
    for step in range(200):
        folder = tmp_path / str(step)
        folder.mkdir()
        old(folder)
        code = in_a_process(
            lambda step=step, folder=folder: (killed_at(step)(), ACTIONS["replace a set"](folder))
        )  # type: ignore[misc]
        clear_by_writing(folder)
        sets = [{file.read_text() for file in each.iterdir()} for each in folder.glob("set*")]
        assert {"old"} in sets or {"new"} in sets
        assert all(len(one) == 1 for one in sets)
        if code == 0:
            break
    assert [path.name for path in folder.glob("set*")] == ["set"]


@pytest.mark.ci_only(reason="the law of the writer, in every verb")
@pytest.mark.parametrize("case", WRITTEN, ids=str)
def test_every_verb_that_is_killed_while_writing_leaves_old_or_new(case: Written, inputs: Path) -> None:
    before, kept = state(inputs), inputs / "kept"
    assert forked(case.at(place_for(case, inputs)), inputs).code == 0
    after = state(inputs)
    kept.mkdir()
    for step in range(200):
        for name in state(inputs).keys() - before.keys():
            (inputs / name).unlink()
        for name, content in before.items():
            (inputs / name).write_bytes(content)
        for path in sorted(inputs.rglob("*"), reverse=True):
            if path.is_dir() and not any(path.iterdir()) and path != kept:
                path.rmdir()
        done = forked(case.at(place_for(case, inputs)), inputs, killed_at(step))
        assert done.code in (0, -signal.SIGKILL), done.err
        assert state(inputs).keys() in (before.keys(), after.keys())
        assert_whole(before, after, state(inputs))
        clear_by_writing(inputs)
        if done.code == 0:
            break
    assert step > 6


def assert_whole(before: dict[str, bytes], after: dict[str, bytes], now: dict[str, bytes]) -> None:
    """A file is as it was, or as long as it is to be: documents bear the time at which they are made."""
    for name, content in now.items():
        assert content == before.get(name) or abs(len(content) - len(after[name])) < 40, name


# Several at once


def at_once(actions: list[Callable[[], object]]) -> list[int]:
    """How processes end that begin together."""
    reader, writer = os.pipe()
    children = []
    for action in actions:
        child = os.fork()
        if child == 0:
            os.close(writer)
            os.read(reader, 1)  # until all are there
            os._exit(in_a_process(action))
        children.append(child)
    os.close(writer)
    os.close(reader)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@pytest.mark.parametrize("what", sampled(["in place", "new", "set", "replaced set", "moved"], 5))
def test_of_several_writers_one_wins_whole_and_the_others_are_told(what: str, tmp_path: Path) -> None:
    for turn in range(5):
        folder = tmp_path / str(turn)
        folder.mkdir()
        old(folder)
        for number in range(4):
            (folder / f"file{number}").write_text(f"{number}" * 5000)
        before = places.state(folder / "set")

        def write(number: int, folder: Path = folder, before: places.State = before) -> None:
            mine = f"{number}" * 5000
            match what:
                case "in place":
                    write_file(folder / "file", mine, unchanged(folder / "file", b"old"))
                case "new":
                    write_new(folder / "new", mine)
                case "set":
                    write_set(folder / "other", dict.fromkeys(NAMES, mine))
                case "moved":
                    move(folder / f"file{number}", folder / "new")
                case _:
                    check = writing.untouched(folder / "set", before)
                    write_set(folder / "set", dict.fromkeys(NAMES, mine), NAMES, check)

        codes = at_once([lambda number=number: write(number) for number in range(4)])  # type: ignore[misc]
        assert sorted(codes) == [0, 1, 1, 1]
        won = f"{codes.index(0)}" * 5000
        place = {"in place": "file", "set": "other", "replaced set": "set"}.get(what, "new")
        files = [folder / place / name for name in NAMES] if "set" in what else [folder / place]
        assert {file.read_text() for file in files} == {won}
        assert not remains(folder)


@pytest.mark.parametrize("kernel", sampled([True, False], 2))
def test_one_run_works_in_a_folder_and_one_that_is_killed_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: bool
) -> None:
    folder = tmp_path / "above" / "work"
    if not kernel:  # a disk without locks
        monkeypatch.setattr(locks, "fcntl", None)

    def work(seconds: float = 0.0, killed: bool = False) -> None:
        with locks.reserved(folder, "a file", lasting=False):
            time.sleep(seconds)
            if killed:
                os.kill(os.getpid(), signal.SIGKILL)

    for _ in range(3 if kernel else 1):
        codes = at_once([lambda: work(0.4)] * (4 if kernel else 1))
        assert sorted(codes) == [0, 1, 1, 1][: len(codes)]
        assert not list(tmp_path.iterdir())
    with locks.reserved(folder, "a file", lasting=False):
        assert in_a_process(work) == 1
    assert in_a_process(lambda: work(killed=True)) == -signal.SIGKILL
    assert (folder / locks.LOCK).exists()
    assert in_a_process(work) == 0
    assert not folder.exists()


@pytest.mark.ci_only(reason="many processes, seconds each")
def test_figures_that_several_add_at_once_are_there_or_were_refused(inputs: Path) -> None:
    months = [f"2018-{month:02d}" for month in range(1, 7)]
    words = ["observe", str(inputs / "case.yaml"), "--measure", "turnover", "--value", "31", "--period"]
    with ThreadPoolExecutor(len(months)) as pool:
        codes = list(pool.map(lambda month: forked([*words, month], inputs).code, months))
    assert set(codes) <= {0, 1}
    assert 0 in codes
    text = (inputs / "case.yaml").read_text()
    assert [f"period: {month}" in text for month in months] == [code == 0 for code in codes]


# Nobody's changes


def test_what_was_changed_since_it_was_read_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"theirs")
    with pytest.raises(Changed, match="file: it was changed by somebody meanwhile; it is left as it is"):
        write_file(file, "mine", unchanged(file, b"as read"))
    assert file.read_bytes() == b"theirs"
    write_file(file, "mine", unchanged(file, b"theirs"))
    assert file.read_bytes() == b"mine"


def test_a_folder_holds_all_of_a_set_or_none(tmp_path: Path) -> None:
    folder = tmp_path / "set"

    def half() -> None:
        with new_folder(folder) as staged:
            (staged / "a").write_text("1")
            assert not folder.exists()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert list(tmp_path.iterdir()) == []
    folder.mkdir(mode=0o750)
    write_set(folder, {"a": "1", "b": b"2"})
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "1", "b": "2"}
    with pytest.raises(NotWritten, match="found 'a' and 1 more in set"):
        write_set(folder, {"a": "3"})
    (folder / "mine").write_text("mine")
    with pytest.raises(NotWritten, match="found 'mine' in set, which stays as it is"):
        write_set(folder, {"a": "3"}, {"a", "b"})
    (folder / "mine").unlink()
    write_set(folder, {"a": "3"}, {"a", "b"})
    assert [path.name for path in folder.iterdir()] == ["a"]
    assert list(tmp_path.iterdir()) == [folder]


def test_only_what_nobody_uses_any_more_is_cleared(tmp_path: Path) -> None:
    name = f"{BEGINS}0123456789abcdef{ENDS}"
    other, link, young = (
        tmp_path / ".0123.part",
        tmp_path / f"{BEGINS}link{ENDS}",
        tmp_path / f"{BEGINS}young{ENDS}",
    )
    other.write_text("not ours")
    link.symlink_to(other)
    young.write_text("")
    with new_folder(tmp_path / "set") as staged:
        (staged / "a").write_text("1")
        (tmp_path / name).write_text("left behind")
        writing.clear(tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {other.name, link.name, young.name, staged.name}
