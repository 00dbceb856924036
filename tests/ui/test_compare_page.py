"""The page Compare: its tables, its widgets, what it keeps. Default tier."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator import compare, report, simulate
from simulator.analysis.compare import Comparison
from simulator.files.loading import load_text
from simulator.report.words.compare import SPLIT_CAUTIOUSLY
from simulator.ui.pages import compare as page_module
from simulator.values.numerals import points
from simulator.workspace.sets import NOW
from tests.cases import LEVERS, scenario

FLAGSHIP, CAUTIOUS, HOPES = (
    "belarus-kazakhstan-2020",
    "belarus-kazakhstan-cautious",
    "belarus-kazakhstan-officials-hopes",
)
NASTY = ("<script>alert(1)</script>", "**x** $y$ :smile:")
SCRIPT = """
import streamlit as st
from simulator.ui.pages import compare, explore
(explore.page if st.session_state.get("elsewhere") else compare.page)()
"""
STATEMENT = (
    "target: {measure: turnover, period: 2020, at_least: 1000}\n"
    "observations: {measure: turnover, period: 2017, value: 690.8}\n"
)
OWN = f"title: '{NASTY[0]} {NASTY[1]}'\nas_of: 2018-10-31\n{STATEMENT}"


def opened(**words: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for key, value in words.items():
        page.query_params[key] = value
    page.session_state["browser-heard"] = True  # before that the address is left alone
    return ran(page)


def ran(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> list[str]:
    return [text.value for text in page.text]


def tables(page: AppTest) -> str:
    return "".join(html.value for html in page.get("html") if "<table" in html.value)


def names(page: AppTest) -> tuple[str, ...]:
    return tuple(page.session_state.sets.called(page.session_state.desk).values())


def shown(page: AppTest) -> Comparison:
    """The comparison that the page's sets give, by the analysis alone."""
    sets, desk = page.session_state.sets, page.session_state.desk
    return compare({name: sets.scenario(desk, id) for id, name in sets.called(desk).items()})


def test_the_page_compares_something_at_once() -> None:
    page = opened()
    found = shown(page)
    assert found.names == ("current", "cautious")
    (difference,) = found.differences
    assert report.difference_sentence(found, difference) in texts(page)
    assert SPLIT_CAUTIOUSLY in texts(page)
    html = tables(page)
    for row in report.parts_table(found, difference):
        assert escape(row["change"]) in html
        assert points(row["probability_points"]) in html
    for row in report.assumptions_table(found):
        assert escape(row["of"]) in html
    assert not page.error
    assert page.title[0].value == "Compare sets of assumptions"


def test_help_on_shapley_values_is_two_sentences() -> None:
    assert SPLIT_CAUTIOUSLY.count(". ") == 1
    assert SPLIT_CAUTIOUSLY.endswith(".")


def test_sets_are_picked_named_and_put_first() -> None:
    page = opened()
    page.multiselect[0].set_value([NOW, CAUTIOUS, HOPES])
    ran(page)
    page.selectbox[0].set_value(HOPES)
    ran(page)
    next(box for box in page.text_input if "cautious" in box.label).set_value(NASTY[0])
    ran(page)
    found = shown(page)
    assert found.names == ("officials hopes", "current", NASTY[0])
    for difference in found.differences:
        assert report.difference_sentence(found, difference) in texts(page)
    page.get("button_group")[-1].set_value(CAUTIOUS)
    ran(page)
    assert any(
        f"From officials hopes to {page_module.plain(NASTY[0])}" in heading.value for heading in page.header
    )
    assert page.query_params["split"] == CAUTIOUS
    page.session_state["elsewhere"] = True
    ran(page)
    assert page.title[0].value.startswith("Belarus and Kazakhstan")
    page.session_state["elsewhere"] = False
    ran(page)
    assert names(page) == found.names
    assert report.difference_sentence(found, found.differences[0]) in texts(page)
    assert page.multiselect[0].value == [NOW, CAUTIOUS, HOPES]


def test_a_link_lays_the_sets_and_its_nonsense_is_told() -> None:
    words = {
        "scenario": FLAGSHIP,
        "target.at_least": "900",
        "with": f"{HOPES},mars",
        "first": HOPES,
        f"name.{NOW}": "mine",
        "what": "7",
    }
    page = opened(**words)
    found = shown(page)
    assert found.names == ("officials hopes", "mine")
    assert found.sets[1].result.scenario.target[0].at_least == 900
    assert page.warning
    assert "mars" in page.code[0].value
    assert "what" in page.code[0].value
    assert page.code[0].value.count("\n") == 1
    assert page.query_params["with"] == HOPES


def test_text_from_a_file_stays_text() -> None:
    page = opened()
    page.file_uploader[0].set_value([(f"{NASTY[1]}.yaml", OWN.encode(), "text/yaml")])
    ran(page)
    html = tables(page)
    assert "<script" not in html
    assert escape(f"{NASTY[0]} {NASTY[1]}") in html
    assert names(page)[-1] == NASTY[1]
    for element in [*page.markdown, *page.header, *page.text_input, *page.get("button_group")]:
        words = getattr(element, "value", "") if element.type in ("markdown", "header") else element.label
        assert NASTY[1] not in str(words)


def test_a_file_with_faults_is_told_with_its_lines_and_the_rest_stays() -> None:
    page = opened()
    bad = (
        b"title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020}\n"
        b"observations: {measure: turnover, period: 2017, value: 1}\n"
    )
    page.file_uploader[0].set_value(
        [("bad.yaml", bad, "text/yaml"), ("good.yaml", OWN.encode(), "text/yaml")]
    )
    ran(page)
    assert page.error
    assert "bad.yaml:3: target" in page.code[0].value
    found = shown(page)
    assert found.names == names(page) == ("current", "cautious", "good")
    assert report.difference_sentence(found, found.differences[0]) in texts(page)


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ("currency: EUR\n", "mine stands apart: its amounts are in EUR, those of current in USD."),
        (
            "unit: barrels\n",
            "mine stands apart: its amounts are in barrels USD, those of current in million USD",
        ),
        ("home: Peru\n", "mine stands apart: it is about Peru, current about Belarus and Kazakhstan."),
    ],
)
def test_a_set_that_cannot_be_set_against_the_first_stands_apart_in_grey(own: str, why: str) -> None:
    load_text(OWN + own, "mine.yaml")
    page = opened()
    page.file_uploader[0].set_value([("mine.yaml", (OWN + own).encode(), "text/yaml")])
    ran(page)
    assert not page.error
    assert any(text.startswith(why) for text in texts(page))
    assert '<tr class="apart">' in tables(page)
    both = compare([page.session_state.sets.scenario(page.session_state.desk, id) for id in (NOW, CAUTIOUS)])
    assert f"{100 * both.sets[1].result.probability:.0f} %" in tables(page)
    gap = 100 * (both.sets[0].result.probability - both.sets[1].result.probability)
    assert any(text.startswith(f"cautious is {gap:.1f} points below current") for text in texts(page))
    assert page.multiselect[0].value == [NOW, CAUTIOUS, "upload 1"]


def test_where_one_set_is_left_its_answer_stands_with_the_reason() -> None:
    page = opened()
    page.multiselect[0].set_value([NOW, "china-india-2008"])
    ran(page)
    assert not page.error
    assert f"{100 * simulate(page.session_state.desk.scenario).probability:.0f} %" in tables(page)
    assert tables(page).count("<tr") == 3  # the head, the set, and the one apart
    why = "china india 2008 stands apart: it is about China and India, current about Belarus and Kazakhstan."
    assert why in texts(page)
    assert "Pick another set" in page.info[0].value


def test_a_set_in_another_unit_is_compared_and_said_to_be_restated() -> None:
    billions = OWN.replace("at_least: 1000", "at_least: 1").replace("690.8", "0.6908") + "unit: billion\n"
    page = opened()
    page.file_uploader[0].set_value([("mine.yaml", billions.encode(), "text/yaml")])
    ran(page)
    assert not page.error
    assert "mine (in billion USD) is shown in million USD; no chance depends on the unit." in texts(page)
    assert names(page) == ("current", "cautious", "mine")
    assert '<tr class="apart">' not in tables(page)


def test_a_picker_says_what_keeps_a_set_apart() -> None:
    page = opened()
    labels = page.multiselect[0].options
    assert "china-india-2008 \u2013 other countries" in labels
    assert "belarus-kazakhstan-slump" in labels


def test_one_set_is_asked_for_another() -> None:
    page = opened()
    page.multiselect[0].set_value([CAUTIOUS])
    ran(page)
    assert "at least two" in page.info[0].value
    page.multiselect[0].set_value([])
    ran(page)
    assert page.info


def test_a_renamed_set_is_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = {"a": scenario(levers=LEVERS), "b": scenario()}
    found = page_module.compared(sets)
    monkeypatch.setattr(page_module, "compare", lambda *_, **__: pytest.fail("simulated again"))
    again = page_module.compared({"x": sets["a"], "y": sets["b"]})
    assert again.names == ("x", "y")
    assert (again.differences[0].origin, again.differences[0].to) == ("x", "y")
    assert again.differences[0].attribution == found.differences[0].attribution


def test_tables_are_handed_over_whole() -> None:
    found = compare(
        {"a": scenario(), "b": scenario(levers=LEVERS), "c": scenario(outlook={"trend": 0.02})}, points=64
    )
    parts: Any = page_module._all_parts(found)
    for difference in found.differences:
        own = [row for row in parts if row["to"] == difference.to and row["change"] != "Together"]
        assert sum(row["probability_points"] for row in own) == pytest.approx(
            difference.probability_points, abs=1e-9
        )
    rows = page_module._all_assumptions(found)
    assert len(rows) == len(found.assumptions)
    assert report.to_csv(rows).splitlines()[0] == "of,assumption,a,b,c,basis,path,sources"
