"""The page Report by its widgets. Default tier."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from simulator import Result, Scenario, simulate
from simulator.analysis.evidence import evidence
from simulator.report.documents import KINDS, Kind, email, shown
from simulator.ui import session
from simulator.ui.pages.report import made, summed_up, taken, wanted
from simulator.ui.widgets.answers import within_sliders
from simulator.ui.widgets.charts import plain
from simulator.values.numerals import percent
from simulator.workspace.desk import Desk
from tests.tiers import sampled

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


def report_page() -> None:
    from simulator.ui.pages import report

    report.page()


def test_the_page_shows_the_report_and_offers_each_form() -> None:
    page = AppTest.from_function(report_page, default_timeout=60).run()
    assert not page.exception
    assert any("document to circulate" in text.value for text in page.text)
    page.segmented_control(key="report-kind").set_value("xlsx").run()
    assert not page.exception
    assert page.title[0].value == page.session_state.desk.scenario.title
    page.session_state.desk.turn("target.at_least", 870.0)
    page.run()
    assert page.title[0].value == plain("Belarus and Kazakhstan: at least $870m of turnover in 2020")
    page.segmented_control(key="report-about").set_value("The sets picked on Compare").run()
    assert not page.exception
    assert not page.error
    assert not page.code  # sets that are compared have no brief
    assert "The brief" not in [head.value for head in page.header]


def test_the_brief_comes_first_as_pdf_word_and_a_paragraph() -> None:
    page = AppTest.from_function(report_page, default_timeout=60).run()
    assert not page.exception
    assert [head.value for head in page.header] == ["The brief", "The long report"]
    desk = page.session_state.desk
    result, effort = session.answer(desk.scenario), taken(within_sliders(desk), wanted())
    (paragraph,) = page.code
    stands = evidence(result)
    assert paragraph.value == email(result, effort, stands)
    assert percent(result.probability) in paragraph.value
    (sheet,) = (part.proto.body for part in page.get("html") if "<article" in part.proto.body)
    assert sheet == shown(result, effort, stands)
    for kind, head in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert summed_up(desk.scenario, effort, kind).startswith(head)
    page.session_state["wanted"] = 60  # on the page What would it take
    page.run()
    assert not page.exception
    assert "60 %" in page.code[0].value
    assert "80 %" not in page.code[0].value


@pytest.mark.parametrize("kind", sampled(KINDS, start=KINDS.index("html")))
def test_the_long_report_holds_the_tornado_and_what_it_would_take(kind: Kind) -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    file = made({"mine": desk.scenario}, kind, False, within_sliders(desk))
    assert len(file) > len(made({"mine": desk.scenario}, kind))
    text = made({"mine": desk.scenario}, "html", False, within_sliders(desk)).decode()
    assert "What moves the answer" in text
    assert "What it would take for 80 %" in text
