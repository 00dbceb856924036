"""The page Board without a browser: shown with a folder, answers kept, a row opens its file. Default tier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator.caches import forget
from simulator.ui import router, session
from simulator.ui.pages import board
from simulator.ui.server import PAGE
from simulator.workspace.folder import VARIABLE
from tests.office import BROKEN, HALF, office

APP = str(PAGE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = office(tmp_path / "office", 8)
    monkeypatch.setenv(VARIABLE, str(made))
    return made


def script() -> None:
    """The page alone: AppTest knows no page that is a function."""
    from simulator.ui import session
    from simulator.ui.pages import board

    session.desk()
    board.page()


def shown() -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def rows(page: AppTest) -> list[dict[str, Any]]:
    (part,) = [part for part in page.get("bidi_component") if part.proto.component_name == "live-board"]
    return list(json.loads(part.proto.json)["content"]["rows"])


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are answered from now on."""
    answered: list[str] = []
    real = board.batch.rows_of

    def counted(scenario: Any, file: str, **options: Any) -> Any:
        answered.append(file)
        return real(scenario, file, **options)

    monkeypatch.setattr(board.batch, "rows_of", counted)
    return answered


def test_the_board_is_in_the_bar_only_with_a_folder_and_explore_stays_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[list[tuple[str, bool]]] = []
    real = router.st.navigation
    monkeypatch.setattr(
        router.st,
        "navigation",
        lambda pages, **look: offered.append([(p.title, p._default) for p in pages]) or real(pages, **look),
    )
    AppTest.from_file(APP, default_timeout=60).run()
    monkeypatch.delenv(VARIABLE)
    AppTest.from_file(APP, default_timeout=60).run()
    with_folder, without = offered
    assert with_folder == [("Board", False), *without]
    assert without[0] == ("Explore", True)


def test_every_target_is_a_row_and_what_is_wrong_is_said(folder: Path) -> None:
    page = shown()
    assert len({row["name"] for row in rows(page)}) == 6
    assert page.warning[0].value == "2 files cannot be answered."
    assert f"{BROKEN}, line 9" in page.code[0].value
    assert f"{HALF}, line" in page.code[0].value
    assert "targets of 6 files" in page.text[0].value


def test_a_second_look_answers_nothing_and_a_changed_file_alone_is_answered_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget()
    answered = counting(monkeypatch)
    before = rows(shown())
    assert len(answered) == 6
    answered.clear()
    assert rows(shown()) == before
    assert answered == []
    file = folder / f"{before[0]['name']}"
    file.write_text(file.read_text("utf-8").replace("title: ", "title: Again, ", 1), "utf-8")
    shown()
    assert answered == [file.name]


def test_a_change_of_what_a_file_extends_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = folder / f"{rows(shown())[0]['name']}"
    (folder / "over.yaml").write_text(f"extends: {base.name}\ntitle: Over\npartner: Over there\n", "utf-8")
    shown()
    answered = counting(monkeypatch)
    base.write_text(base.read_text("utf-8").replace("title: ", "title: Again, ", 1), "utf-8")
    shown()
    assert sorted(answered) == sorted([base.name, "over.yaml"])


def test_a_file_that_is_finished_later_has_its_row_then(folder: Path) -> None:
    assert HALF not in {row["name"] for row in rows(shown())}
    whole = (folder / f"{rows(shown())[0]['name']}").read_text("utf-8")
    (folder / HALF).write_text(whole, "utf-8")
    assert HALF in {row["name"] for row in rows(shown())}


def test_a_click_lays_the_file_on_the_desk_and_goes_to_explore(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    monkeypatch.setattr(board.st, "switch_page", lambda page: went.append(page.title))
    page = shown()
    name = rows(page)[-1]["name"]
    page.session_state[board.OPENED] = name
    page.run()
    assert not page.exception
    assert went == ["Explore"]
    assert page.session_state.desk.name == name
    assert board.OPENED not in page.session_state


def test_a_row_whose_file_broke_meanwhile_says_so_and_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[str] = []
    monkeypatch.setattr(board.st, "switch_page", lambda page: went.append(page.title))
    page = shown()
    before = page.session_state.desk
    name = rows(page)[0]["name"]
    (folder / name).write_text("title: Broken\n", "utf-8")
    page.session_state[board.OPENED] = name
    page.run()
    assert went == []
    assert page.session_state.desk is before
    assert "cannot be opened" in page.error[0].value


def test_an_empty_folder_says_how_to_fill_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    page = shown()
    assert "no scenario file yet" in page.info[0].value
    assert session.folder() is not None
