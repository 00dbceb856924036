"""The page Explore by its widgets, and the desk behind it, without a browser. Default tier."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator import ScenarioError, simulate
from simulator.files.loading import load_text
from simulator.files.reading import shipped_names
from simulator.report.charts import answer, futures, over_time
from simulator.report.charts.drawing import stamp
from simulator.ui.widgets.charts import plain
from simulator.values.numerals import percent
from simulator.workspace import link
from simulator.workspace.desk import Desk

APP = str(Path(__file__).parent.parent.parent / "app.py")
FLAGSHIP = "belarus-kazakhstan-2020"


def opened(**words: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=30)
    for key, value in words.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def probability(page: AppTest) -> str:
    (found,) = [metric for metric in page.metric if metric.label == "Probability"]
    return str(found.value)


def test_the_headline_is_the_answer_of_the_file() -> None:
    page = opened()
    assert probability(page) == percent(simulate(Desk.of_shipped(FLAGSHIP).base).probability)
    assert any("other model settings give" in text.value for text in page.text)


def test_the_settings_of_the_page_are_read() -> None:
    """In a process of its own: it asks nothing at its first start, calls nobody, and stops no session for garbage after each run."""
    names = ("runner.postScriptGC", "browser.gatherUsageStats", "server.showEmailPrompt")
    told = f"from streamlit import config; print([config.get_option(name) for name in {names}])"
    found = subprocess.run(
        [sys.executable, "-c", told], cwd=Path(APP).parent, check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[False, False, False]"
    assert "not a valid" not in found.stderr


def test_a_slider_moves_the_answer_and_undo_redo_and_reset_bring_it_back() -> None:
    page = opened()
    before = probability(page)
    slider = next(s for s in page.slider if s.label.startswith("Target, at least"))
    slider.set_value(800).run()
    moved = probability(page)
    assert moved != before
    assert page.session_state.desk.scenario.target[0].at_least == 800
    press(page, "Undo")
    assert probability(page) == before
    press(page, "Redo")
    assert probability(page) == moved
    press(page, "Reset")
    assert probability(page) == before


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def test_a_measure_is_switched_off_and_on() -> None:
    page = opened()
    before = probability(page)
    for _ in range(2):
        toggle = page.toggle[-2]
        assert "Harmonised rules" in toggle.label
        toggle.set_value(not toggle.value).run()
        assert page.session_state.desk.scenario.levers["rules"].enabled == toggle.value
    assert probability(page) == before
    assert not page.session_state.desk.changed


def test_the_kind_of_flow_is_a_choice_among_the_rest_of_the_outlook() -> None:
    page = opened(scenario="vietnam-korea-2020")
    press(page, "More of the outlook, and shares")
    choice = next(box for box in page.selectbox if box.label == "Flow")
    assert choice.options == ["national", "large-pair", "pair", "lumpy"]
    choice.set_value("large-pair").run()
    desk = Desk.of_shipped("vietnam-korea-2020")
    desk.turn("outlook.flow", "large-pair")
    assert probability(page) == percent(simulate(desk.scenario).probability)
    assert simulate(desk.scenario).probability < simulate(desk.base).probability
    assert "flow: large-pair" in desk.file()


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_opens(name: str) -> None:
    page = opened(scenario=name)
    assert probability(page) == percent(simulate(Desk.of_shipped(name).base).probability)


def test_a_link_lays_the_desk_and_its_nonsense_is_told() -> None:
    words = {
        "scenario": FLAGSHIP,
        "target.at_least": "900",
        "levers.rules.enabled": "false",
        "outlook.world": "mars",
        "what": "7",
        "levers.rules.percent": "900%",
    }
    desk, complaints = link.desk_from(words)
    assert desk.values == {"target.at_least": 900.0, "levers.rules.enabled": False}
    assert len(complaints) == 3
    assert link.desk_from(link.of_desk(desk))[0].values == desk.values
    page = opened(**words)
    assert any("makes no sense" in warning.value for warning in page.warning)
    assert probability(page) == percent(simulate(desk.scenario).probability)
    other, told = link.desk_from({"scenario": "../../etc/passwd"})
    assert other.name == FLAGSHIP
    assert "found no scenario" in told[0]


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


def test_saving_moves_the_ghost() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 900.0)
    assert desk.changed
    desk.keep()
    assert not desk.changed
    desk.turn("target.at_least", 950.0)
    desk.reset()
    assert desk.value("target.at_least") == 900.0
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


def test_a_range_turned_inside_out_springs_back_and_says_why() -> None:
    page = opened()
    next(button for button in page.button if button.key == "0:more-levers.corridor").click().run()
    slider = next(s for s in page.slider if s.label == "Percent, low")
    slider.set_value(2.0).run()
    assert any("nothing has changed" in error.value for error in page.error)


def test_text_stays_text() -> None:
    assert plain("**a** _b_ <b>c</b> $x$ [d](e)") == r"\*\*a\*\* \_b\_ \<b>c\</b> \$x\$ \[d\](e)"
    assert ":smile:" not in plain(":smile: :red[x]")


@pytest.mark.parametrize("name", ["belarus-kazakhstan-2020", "china-india-2008", "template"])
def test_charts_say_what_the_answer_says(name: str) -> None:
    result = simulate(Desk.of_shipped(name).base)
    target = result.scenario.target[0]
    dots = futures.futures(result)
    assert len(dots.rows) == futures.FUTURES
    assert sum(row["outcome"] == "reaches the target" for row in dots.rows) == pytest.approx(
        100 * result.probability, abs=0.5 + 1e-9
    )
    ends = [row["end"] for row in answer.waterfall(result).rows if row["kind"] == "total"]
    assert not ends or ends == pytest.approx(
        [100 * result.probability_without_levers, 100 * result.probability]
    )
    assert bool(ends) == any(lever.enabled for lever in result.scenario.levers.values())
    bands = {row["period"]: row for row in over_time.fan(result, target.measure, "year").rows}
    exact = result.quantiles(target.measure, target.period, [0.1, 0.5, 0.9])
    assert [bands[str(target.period)][key] for key in ("low80", "median", "high80")] == pytest.approx(
        exact, rel=0.03
    )
    for drawing in (
        dots,
        answer.waterfall(result),
        over_time.fan(result, by="quarter"),
        answer.alternatives(result),
    ):
        assert drawing.picture("svg", stamp(result)).startswith(b"<svg")
        assert drawing.csv().count("\n") == len(drawing.rows) + 1
        assert drawing.alt
        assert drawing.about


def test_trade_by_partner_is_drawn_where_there_are_partners() -> None:
    portfolio, pair = (opened(scenario=name) for name in ("india-partners-2022", FLAGSHIP))
    heads = [{head.value for head in page.header} for page in (portfolio, pair)]
    assert ["By partner" in titles for titles in heads] == [True, False]
    shown = next(group for group in portfolio.button_group if group.key == "measure")
    assert list(shown.options)[1:3] == ["Exports", "United States"]


def test_where_no_measure_adds_anything_a_sentence_says_so() -> None:
    page = opened(scenario="belarus-kazakhstan-no-measures")
    assert answer.ADDED in {head.value for head in page.header}
    assert "The scenario has no measures." in {text.value for text in page.text}
    assert not any("measures." in text.value for text in opened().text)


ODD = {
    "a quarter of exports alone": (
        "target: {measure: exports, period: 2019-Q1, at_least: 150}\nobservations: {measure: exports, period: 2018-07..2018-09, value: 140}"
    ),
    "one stream of three": (
        "streams:\n  wine: {direction: exports}\n  rest: {direction: exports}\n  imp: {direction: imports}\n"
        "target: {measure: wine, period: 2020, at_least: 15}\nobservations: {measure: wine, period: 2017, value: 14}"
    ),
    "a balance that is decided": (
        "target: {measure: balance, period: 2017, at_least: 1}\nobservations:\n  - {measure: exports, period: 2017, value: 14}\n"
        "  - {measure: imports, period: 2017, value: 9}"
    ),
    "rates that are uncertain": (
        "rates: {EUR: {2016: 1.1, 2017: {p5: 1.1, p95: 1.2}, 2020: {p5: 1.0, p95: 1.3}}, RUB: {low: 0.01, likely: 0.02, high: 0.03}}\n"
        "target: {measure: turnover, period: 2020, at_least: 700 EUR}\nobservations:\n  - {measure: turnover, period: 2016, value: 600 EUR}\n"
        "  - {measure: turnover, period: 2017, value: 640 EUR}\n"
        "levers:\n  x: {kind: custom, money: {low: 1000 RUB, likely: 2000 RUB, high: 3000 RUB}, cost: 1 EUR}"
    ),
}


@pytest.mark.parametrize("name", ["explore", "solve", "sensitivity", "compare", "report"])
@pytest.mark.parametrize("odd", ODD)
def test_every_page_bears_an_odd_scenario(name: str, odd: str) -> None:
    text = f"title: Odd\nas_of: 2018-10-31\n{ODD[odd]}\n"
    script = f"""
import streamlit as st
from simulator.ui.pages import {name}
from simulator.workspace.desk import Desk
if "desk" not in st.session_state:
    st.session_state.desk = Desk.of_upload({text.encode()!r}, "odd.yaml")
    st.session_state.complaints, st.session_state.opened = [], 0
{name}.page()
"""
    page = AppTest.from_string(script, default_timeout=60).run()
    assert not page.exception
    assert not page.error
