"""The page Make a case, and the dialogs that change a case on Explore, without a browser. Default tier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.ui.live.components import HEARD
from simulator.ui.pages import build
from simulator.ui.server import PAGE
from simulator.workspace import builder, panel
from simulator.workspace.desk import Desk
from simulator.workspace.folder import VARIABLE

APP = str(PAGE)
FIELDS = {
    "case-0-home": "Northland",
    "case-0-partner": "Southland",
    "case-0-as_of": "2025-02-15",
    "case-0-goal-0-number": "500",
    "case-0-goal-0-period": "2026",
}
TABLE = "Month,Exports,Imports\n" + "".join(
    f"{2023 + m // 12}-{m % 12 + 1:02d},{20 + 0.3 * m:.1f},{9 + 0.1 * m:.1f}\n" for m in range(24)
)


def opened() -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    page.run()
    if not any(button.label == "Make a case" for button in page.button):  # an empty folder offers it at once
        press(page, "New")
    press(page, "Make a case")
    return page


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def put(page: AppTest, key: str, text: str) -> None:
    next(field for field in page.text_input if field.key == key).input(text).run()
    assert not page.exception


def texts(page: AppTest) -> list[str]:
    return [text.value for text in page.text]


def with_figures() -> AppTest:
    page = opened()
    for key, text in FIELDS.items():
        put(page, key, text)
    press(page, "Next: figures")
    page.text_area[0].input(TABLE).run()
    press(page, "Take the figures")
    press(page, "in million USD")
    return page


def chance(page: AppTest) -> str:
    return str(page.metric[0].value)


def test_from_an_empty_page_to_a_probability_to_explore() -> None:
    page = opened()
    assert "Name the two countries." in texts(page)
    page = with_figures()
    assert any("48 figures in 24 rows" in success.value for success in page.success)
    before = chance(page)
    assert before.endswith("%")
    press(page, "Next: measures")
    press(page, "Add: trade missions and visits")
    assert chance(page) != before
    press(page, "Next: check and save")
    assert any("rest on our assumption" in text for text in texts(page))
    text = page.code[0].value
    after = chance(page)
    press(page, "Open on Explore")
    desk = page.session_state.desk
    assert desk.text.strip() == text
    assert str(desk.state) == "Draft"
    assert builder.made(page.session_state["case"]).scenario == desk.scenario
    assert after.removesuffix("%").strip().isdecimal()


def test_back_and_forth_loses_nothing_and_starting_afresh_all() -> None:
    page = with_figures()
    press(page, "Back")
    assert next(field for field in page.text_input if field.key == "case-0-home").value == "Northland"
    put(page, "case-0-goal-0-number", "450")
    press(page, "Next: figures")
    press(page, "Next: measures")
    press(page, "Add: supply deals")
    press(page, "Back")
    press(page, "Back")
    form = page.session_state["case"]
    assert (form.goals[0].number, len(form.rows), [*form.drivers]) == ("450", 24, ["levers.deals"])
    press(page, "Start afresh")
    assert not page.session_state["case"].begun
    assert "Name the two countries." in texts(page)


def test_a_case_that_is_kept_by_the_browser_is_gone_on_with() -> None:
    page = with_figures()
    assert builder.KEPT_AS not in page.session_state.drafts.kept  # the browser has not said what it keeps
    page.session_state[HEARD] = True
    page.run()
    kept = page.session_state.drafts.kept[builder.KEPT_AS]
    again = AppTest.from_file(APP, default_timeout=60)
    again.run()
    again.session_state.drafts.read(
        [{"name": kept.name, "title": kept.title, "word": kept.word, "when": kept.when}]
    )
    press(again, "New")
    press(again, "Make a case")
    assert again.session_state["case"] == page.session_state["case"]
    assert chance(again) == chance(page)


def test_fields_of_an_open_page_take_the_place_of_no_case_that_is_kept() -> None:
    page = with_figures()
    page.session_state[HEARD] = True
    page.run()
    kept = page.session_state.drafts.kept[builder.KEPT_AS]
    again = opened()  # the server was started again: it hears what stands in the fields before what is kept
    put(again, "case-0-home", "Northland")
    again.session_state[HEARD] = True
    again.session_state.drafts.read(
        [{"name": kept.name, "title": kept.title, "word": kept.word, "when": kept.when}]
    )
    again.run()
    assert again.session_state["case"] == page.session_state["case"]
    assert again.session_state.drafts.kept[builder.KEPT_AS].word == kept.word


def test_a_measure_of_a_case_is_named_copied_and_removed() -> None:
    page = with_figures()
    press(page, "Next: measures")
    press(page, "Add: trade missions and visits")
    put(page, "case-name-levers.missions", "The visit of May")
    press(page, "Copy")
    names = [fields["name"] for fields in page.session_state["case"].drivers.values()]
    assert names == ["The visit of May", "The visit of May, copy"]
    press(page, "Remove")
    assert [*page.session_state["case"].drivers] == ["levers.missions-2"]


def test_a_second_click_on_what_has_gone_or_is_full_does_nothing() -> None:
    form = with_figures().session_state["case"]
    form.drivers["levers.visits"] = {"name": "Visits"}
    for act in (builder.remove, builder.remove, builder.copy):
        act(form, "levers.visits")
    build._renamed(form, "levers.visits", "a field that has gone")
    assert not form.drivers
    for _ in range(5):
        build._add_goal(form)
    assert len(form.goals) == build.MOST_GOALS
    for _ in range(5):
        build._drop_goal(form)
    assert len(form.goals) == 1


def test_what_is_wrong_with_a_figure_is_said_with_its_row() -> None:
    page = with_figures()
    page.text_area[0].input(TABLE.replace("2023-04,20.9", "2023-04,20900")).run()
    press(page, "Take the figures")
    press(page, "in million USD")
    assert any("Row 4, 2023-04" in code.value for code in page.code)


# The dialogs of Explore


def explore() -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    page.run()
    return page


def test_a_measure_is_added_on_explore_and_taken_back() -> None:
    page = explore()
    press(page, "Add measure")
    press(page, "Add: trade missions and visits")
    desk: Desk = page.session_state.desk
    assert panel.changed(desk) == ["with Trade missions and visits"]
    assert "Trade missions and visits is added. Undo takes it back." in page.toast[0].value
    assert re.search(r"\d+ % → \d+ %|\(\+\d.\d points\)", page.toast[0].value)
    press(page, "Undo")
    assert not desk.changed
    assert not page.toast


def test_measures_are_named_copied_and_removed_on_explore() -> None:
    page = explore()
    press(page, "Edit measures")
    field = next(field for field in page.text_input if field.value == "Harmonised rules")
    field.input("Rules of the union").run()
    assert not page.exception
    page.button(key="copy-levers.rules").click().run()
    page.button(key="drop-levers.corridor").click().run()
    assert not page.exception
    assert panel.changed(page.session_state.desk) == [
        "Harmonised rules called Rules of the union",
        "with Rules of the union, copy",
        "without Northern branch of the Belt and Road",
    ]


def test_a_name_that_is_taken_changes_nothing_and_says_so() -> None:
    page = explore()
    press(page, "Edit measures")
    field = next(field for field in page.text_input if field.value == "Harmonised rules")
    field.input("Interregional deals").run()
    assert [error.value for error in page.error] == ["Nothing has changed."]
    assert "a name of its own" in page.code[0].value
    assert not page.session_state.desk.changed


def test_a_figure_that_came_out_moves_the_day_only_where_that_is_chosen() -> None:
    page = explore()
    press(page, "Figures")
    page.selectbox(key="figure-measure").select("turnover").run()
    put(page, "figure-period", "2018-Q4")
    put(page, "figure-value", "210.5")
    put(page, "figure-published", "2019-01-20")
    assert any("after the day of the case" in text for text in texts(page))
    press(page, "Add, and see the case on 20 January 2019")
    desk: Desk = page.session_state.desk
    assert page.toast[0].value.startswith("Turnover 2018-Q4 is out")
    assert str(desk.scenario.as_of) == "2019-01-20"
    press(page, "Undo")
    assert not desk.changed


def test_a_figure_that_cannot_be_read_stays_in_the_dialog() -> None:
    page = explore()
    press(page, "Figures")
    put(page, "figure-period", "2018-Q5")
    put(page, "figure-value", "x")
    put(page, "figure-published", "tomorrow")
    press(page, "Add")
    said = [error.value for error in page.error]
    assert any("Found '2018-Q5'" in text for text in said)
    assert any("Found 'x'" in text for text in said)
    assert any("Found 'tomorrow'" in text for text in said)
    assert not page.session_state.desk.changed


def test_with_an_office_the_case_is_saved_into_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    page = with_figures()
    press(page, "Next: measures")
    press(page, "Next: check and save")
    text = page.code[0].value
    press(page, "Save to the folder")
    (file,) = tmp_path.glob("*.yaml")
    assert file.read_text("utf-8").strip() == text
    desk = page.session_state.desk
    assert (desk.reading.file, str(desk.state)) == (file.resolve(), "Saved")
