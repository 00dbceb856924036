"""The page Report by its widgets. Default tier."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Result, Scenario, simulate
from simulator.report.documents import KINDS
from simulator.ui import session
from simulator.ui.pages.report import made
from simulator.ui.widgets.charts import plain
from simulator.values.numerals import percent
from simulator.workspace.desk import Desk

FLAGSHIP = "belarus-kazakhstan-2020"


def test_the_report_says_what_the_desk_says() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 850.0)
    shown = made({"mine": desk.scenario}, "html").decode()
    assert percent(simulate(desk.scenario).probability) in shown
    assert "$850m" in shown
    assert made({"mine": desk.scenario}, "docx").startswith(b"PK")
    assert made({"mine": desk.scenario}, "html") is made({"mine": desk.scenario}, "html")


def test_every_form_comes_of_the_one_answer_that_explore_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Scenario] = []

    def counting(scenario: Scenario) -> Result:
        asked.append(scenario)
        return simulate(scenario)

    monkeypatch.setattr(session, "simulate", counting)
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 860.0)
    kept = session.answer(desk.scenario)
    for kind in KINDS:
        made({"mine": desk.scenario}, kind)
    assert asked == [desk.scenario]
    assert session.answer(desk.scenario) is kept


def test_the_page_shows_the_report_and_offers_each_form() -> None:
    def shown() -> None:
        from simulator.ui.pages import report

        report.page()

    page = AppTest.from_function(shown, default_timeout=60).run()
    assert not page.exception
    assert any("document to circulate" in text.value for text in page.text)
    for kind in ("xlsx", "html"):
        page.segmented_control(key="report-kind").set_value(kind).run()
        assert not page.exception
    assert page.title[0].value == page.session_state.desk.scenario.title
    page.session_state.desk.turn("target.at_least", 870.0)
    page.run()
    assert page.title[0].value == plain("Belarus and Kazakhstan: at least $870m of turnover in 2020")
    page.segmented_control(key="report-about").set_value("The sets picked on Compare").run()
    assert not page.exception
    assert not page.error
