"""What lies on the desk: turned, taken back, saved, opened again; no page. Default tier."""

from __future__ import annotations

import pytest

from simulator import ScenarioError, simulate
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.sets import Sets

FLAGSHIP = "belarus-kazakhstan-2020"


def test_the_file_of_the_desk_gives_the_answer_of_the_page() -> None:
    """What is downloaded answers as the page does, to the last digit, keeps its comments, and comes back as it was."""
    desk = Desk.of_shipped(FLAGSHIP)
    for path, value in {
        "target.at_least": 850.0,
        "levers.rules.percent": 0.041,
        "levers.assembly.enabled": False,
        "outlook.world": "boom",
        "target.period": 2021,
    }.items():
        desk.turn(path, value)
    text = desk.file()
    assert "# For 2017 Kazakhstan reported 13 % less than Belarus." in text
    again = load_text(text, "download").scenario
    assert simulate(again).probability == simulate(desk.scenario).probability
    back = Desk.of_upload(text.encode(), "download.yaml")
    for path in list(desk.values):
        own = desk.knobs[path].value if path in desk.knobs else desk.switches[path].value
        back.turn(path, own)
    assert simulate(back.scenario).probability == pytest.approx(simulate(desk.base).probability, abs=1e-12)


def test_what_extends_another_is_downloaded_whole() -> None:
    desk = Desk.of_shipped("belarus-kazakhstan-officials-hopes")
    text = desk.file()
    assert "extends:" not in text
    assert simulate(load_text(text, "download").scenario).probability == simulate(desk.base).probability


def test_what_is_saved_is_no_change_and_the_original_stays_in_reach() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 900.0)
    assert desk.changed
    desk.keep()
    assert not desk.changed
    desk.turn("target.at_least", 950.0)
    desk.restore()
    assert desk.value("target.at_least") == 1000.0
    desk.undo()
    assert desk.value("target.at_least") == 950.0


def test_the_main_value_takes_the_ends_of_its_range_along() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    low, high = desk.value("levers.corridor.percent.low"), desk.value("levers.corridor.percent.high")
    desk.turn("levers.corridor.percent", 0.02)
    assert desk.value("levers.corridor.percent.high") == pytest.approx(2 * high)
    assert desk.value("levers.corridor.percent.low") == pytest.approx(2 * low)


def test_one_pull_of_a_slider_is_one_step_back() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    for amount in (900.0, 910.0, 920.0):
        desk.turn("target.at_least", amount)
    desk.turn("levers.rules.enabled", False)
    desk.undo()
    desk.undo()
    assert not desk.values


def test_what_the_scenario_cannot_take_changes_nothing() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    with pytest.raises(ValueError, match="found low '50%' above likely '1%'; expected low <= likely <= high"):
        desk.turn("levers.corridor.percent.low", 0.5)
    assert not desk.values


def test_an_upload_with_faults_is_refused_with_its_lines() -> None:
    with pytest.raises(ScenarioError, match=r"bad.yaml:3: target"):
        Desk.of_upload(
            b"title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020}\nobservations: {measure: turnover, period: 2017, value: 1}\n",
            "bad.yaml",
        )


def test_the_text_is_edited_beside_what_was_turned_and_both_are_taken_back() -> None:
    """A lever that is taken out takes its own numbers along and nobody else's; a fault changes nothing."""
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 900.0)
    desk.turn("levers.rules.percent", 0.041)
    without = edited(desk.text, {"levers.rules": None}, "file")
    desk.edit(without)
    assert "rules" not in desk.scenario.levers
    assert desk.values == {"target.at_least": 900.0}
    assert desk.changed
    assert desk.moved
    assert not desk.shipped
    assert (desk.text, desk.original) == (without, Desk.of_shipped(FLAGSHIP).base)
    with pytest.raises(ScenarioError):
        desk.edit(without.replace("currency: USD", "curency: USD"))
    assert desk.text == without
    desk.undo()
    assert desk.values == {"target.at_least": 900.0, "levers.rules.percent": 0.041}
    assert desk.shipped
    desk.redo()
    desk.restore()
    assert not desk.moved
    assert desk.shipped


def test_an_edited_file_travels_with_what_it_was_opened_as() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.edit(edited(desk.text, {"levers.rules": None}, "file"))
    desk.turn("target.at_least", 900.0)
    there, _, complaints = link.opened(link.parcel_of(desk, Sets()), Desk.of_shipped(FLAGSHIP))
    assert not complaints
    assert (there.text, there.values, there.original) == (desk.text, desk.values, desk.original)
    assert there.changed
    assert not there.past
