"""The page Explore without a browser: what it hands to its components, its dialogs, its words. Default tier.

What a hand does to the components, tests/browser/test_explore.py shows; what they mean, tests/workspace.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from simulator import report, simulate
from simulator.files.reading import shipped_names
from simulator.report.charts import answer, futures, over_time
from simulator.report.charts.drawing import stamp
from simulator.ui.server import PAGE
from simulator.ui.widgets.charts import plain
from simulator.workspace import link
from simulator.workspace.desk import Desk
from simulator.workspace.parcel import LONGEST
from tests.tiers import sampled

APP = str(PAGE)
TOP = Path(__file__).parent.parent.parent
FLAGSHIP = "belarus-kazakhstan-2020"


def opened(**words: str) -> AppTest:
    page = AppTest.from_file(APP, default_timeout=60)
    for key, value in words.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def component(page: AppTest, name: str) -> dict[str, Any]:
    """What the page hands to one of its components."""
    (part,) = [part for part in page.get("bidi_component") if part.proto.component_name == f"live-{name}"]
    return dict(json.loads(part.proto.json))


def probability(page: AppTest) -> str:
    return str(component(page, "headline")["content"]["number"])


def title(page: AppTest) -> str:
    return page.title[0].value.replace("\u2060", "")


def look_at(page: AppTest, tab: str) -> AppTest:
    """Open another of the charts."""
    page.session_state["tabs"] = tab
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def turn(page: AppTest, path: str, value: Any) -> None:
    """Turn what lies on the desk, as the panel does, and run the page."""
    page.session_state.desk.turn(path, value)
    page.run()
    assert not page.exception


def state(page: AppTest) -> str:
    """The word beside the title."""
    return next(word for word in ("Draft", "Saved") for text in page.markdown if f"[{word}]" in text.value)


def greyed(page: AppTest) -> list[bool]:
    return [button.disabled for button in page.button if button.label in ("Undo", "Redo", "Back to original")]


# The answer


def test_the_headline_is_the_answer_of_the_file() -> None:
    page, result = opened(), simulate(Desk.of_shipped(FLAGSHIP).base)
    content = component(page, "headline")["content"]
    assert content["number"] == report.probability(result)
    assert report.alternatives_span(result) in content["range"]["words"]
    assert content["change"] == ""
    assert component(look_at(page, "Chance by amount"), "curve")["chance"] == content["number"]


def test_the_settings_of_the_page_are_read() -> None:
    """In a process of its own: it asks nothing at its first start, calls nobody, and stops no session for garbage after each run."""
    names = ("runner.postScriptGC", "browser.gatherUsageStats", "server.showEmailPrompt")
    told = f"from streamlit import config; print([config.get_option(name) for name in {names}])"
    found = subprocess.run([sys.executable, "-c", told], cwd=TOP, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[False, False, False]"
    assert "not a valid" not in found.stderr


def test_a_moved_target_moves_title_and_number_and_undo_redo_and_original_bring_them_back() -> None:
    page = opened()
    before, first = probability(page), title(page)
    assert greyed(page) == [True, True, True]
    turn(page, "target.at_least", 800.0)
    moved = probability(page)
    assert moved != before
    assert "at least $1,000m" in first
    assert "at least $800m" in title(page)
    assert component(page, "headline")["content"]["change"].endswith("points against the original")
    assert greyed(page) == [False, True, False]
    assert state(page) == "Draft"
    press(page, "Undo")
    assert state(page) == "Saved"
    assert (probability(page), title(page)) == (before, first)
    assert greyed(page) == [True, False, True]
    press(page, "Redo")
    assert probability(page) == moved
    press(page, "Back to original")
    assert (probability(page), title(page)) == (before, first)
    assert greyed(page) == [False, True, True]


def test_the_panel_holds_every_control_and_the_curve_the_target() -> None:
    page = opened()
    sections = component(page, "panel")["sections"]
    assert [section["title"] for section in sections] == ["Target", "Measures", "Risks", "World and growth"]
    rules = next(row for section in sections for row in section["rows"] if row["id"] == "levers.rules")
    assert rules["effect"].endswith(" pts")
    assert rules["switch"]["value"] is True
    curve = component(look_at(page, "Chance by amount"), "curve")
    chances = [chance for _, chance in sorted(curve["points"])]
    assert (curve["path"], curve["target"]) == ("target.at_least", 1000.0)
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("name", sampled(shipped_names(), 20, 0))
def test_every_shipped_scenario_opens(name: str) -> None:
    page = opened(scenario=name)
    assert probability(page) == report.probability(simulate(Desk.of_shipped(name).base))


# The link, drafts, dialogs


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
    assert probability(page) == report.probability(simulate(desk.scenario))
    other, told = link.desk_from({"scenario": "../../etc/passwd"})
    assert other.name == FLAGSHIP
    assert "found no scenario" in told[0]


def test_a_parcel_opens_and_a_damaged_one_is_told() -> None:
    from simulator.ui import session

    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 800.0)
    word = link.draft_of(desk)
    for given, faults in ((word, 0), (word[:-9], 1)):
        script = f"""
import streamlit as st
from simulator.ui import session
from simulator.ui.pages import explore
if "once" not in st.session_state:
    st.session_state.once = True
    session.desk()
    session._arrived({{"fragment": {given!r}, "drafts": "nonsense"}})
explore.page()
"""
        page = AppTest.from_string(script, default_timeout=60).run()
        assert not page.exception
        assert len(page.error) == faults
        expected = simulate(desk.base if faults else desk.scenario)
        assert probability(page) == report.probability(expected)
        page.run()
        assert not page.error
    assert session.MARK


def test_the_draft_of_a_scenario_is_offered_and_gone_on_with_or_let_go() -> None:
    desk = Desk.of_shipped(FLAGSHIP)
    desk.turn("target.at_least", 800.0)
    draft = {
        "name": FLAGSHIP,
        "title": desk.scenario.title,
        "word": link.draft_of(desk),
        "when": "2026-11-27T10:00+00:00",
    }
    for label, scenario in (("Go on with the draft", desk.scenario), ("Let it go", desk.base)):
        page = opened()
        assert not [button for button in page.button if button.label == label]
        page.session_state.drafts.read([draft])
        page.run()
        assert "27 November 2026, 10:00 UTC" in " ".join(text.value for text in page.text)
        press(page, label)
        assert probability(page) == report.probability(simulate(scenario))
        assert not [button for button in page.button if button.label == label]
        told = component(page, "browser")
        assert [kept["name"] for kept in told["drafts"]] == ([FLAGSHIP] if scenario is desk.scenario else [])
        assert [*told["gone"]] == ([] if scenario is desk.scenario else [FLAGSHIP])


def test_another_scenario_is_picked_and_the_draft_of_this_one_kept() -> None:
    page = opened()
    turn(page, "target.at_least", 800.0)
    press(page, "Scenarios")
    page.run()  # it stays open while the page runs again for another reason
    next(button for button in page.button if button.key == "pick-china-india-2008").click().run()
    page.run()
    assert not page.exception
    assert title(page).startswith("China and India")
    assert not page.get("dialog")
    assert [kept["name"] for kept in component(page, "browser")["drafts"]] == [FLAGSHIP]
    press(page, "Scenarios")
    next(button for button in page.button if button.key == f"pick-{FLAGSHIP}").click().run()
    page.run()
    assert component(page, "browser")["gone"] == {}
    press(page, "Go on with the draft")
    assert "at least $800m" in title(page)


def test_a_file_with_faults_is_told_in_its_dialog_and_stays_until_the_next() -> None:
    page = opened()
    before = probability(page)
    press(page, "Open")
    uploader = page.get("file_uploader")[0]
    uploader.set_value(("typo.yaml", b"title: x\nas_of: 2018-10-31\ntargte: 3\n", "application/yaml")).run()
    assert any("typo.yaml:3" in code.value for code in page.code)
    page.run()
    assert any("typo.yaml:3" in code.value for code in page.code)
    assert probability(page) == before
    text = Desk.of_shipped(FLAGSHIP).text.replace("at_least: 1000", "at_least: 880").encode()
    page.get("file_uploader")[0].set_value(("ours.yaml", text, "application/yaml")).run()
    page.run()
    assert not page.exception
    assert "at least $880m" in title(page)
    assert not page.code


def test_a_new_scenario_starts_from_what_is_shown_or_from_the_example() -> None:
    for label, name in (
        ("A copy of what is shown", "our-case.yaml"),
        ("The commented example", "our-case.yaml"),
    ):
        page = opened()
        turn(page, "target.at_least", 800.0)
        press(page, "New")
        page.text_input(key="new-name").set_value("our case")
        press(page, label)
        page.run()
        desk = page.session_state.desk
        assert (desk.name, desk.shipped, desk.values) == (name, False, {})
        assert ("at least $800m" in title(page)) == (label == "A copy of what is shown")


def test_what_is_too_long_for_a_link_is_handed_over_as_a_file() -> None:
    page = opened()
    text = Desk.of_shipped(FLAGSHIP).text
    noise = "".join(f"# {sha256(bytes([n])).hexdigest()}\n" for n in range(250))
    page.session_state.desk = Desk.of_upload((noise + text).encode(), "long.yaml")
    assert len(link.parcel_of(page.session_state.desk, page.session_state.sets)) > LONGEST
    page.run()
    press(page, "Share")
    assert any("Hand over the file instead" in text.value for text in page.text)
    assert not page.code


def test_pins_are_kept_swapped_named_and_removed() -> None:
    page = opened()
    before = probability(page)
    press(page, "Keep as variant B")
    turn(page, "target.at_least", 800.0)
    moved = probability(page)
    page.button(key="swap-B").click().run()
    assert probability(page) == before
    assert page.button(key="swap-B").label.replace("\u2060", "") == f"B · {moved} · At least $800m"
    page.text_input(key="name-B").set_value("**bolder**").run()
    assert page.button(key="swap-B").label.replace("\u2060", "").startswith("B: \\*\\*bolder\\*\\* · ")
    for letter in "CDEF":
        press(page, f"Keep as variant {letter}")
    assert not [button for button in page.button if button.label.startswith("Keep as")]
    page.button(key="remove-B").click().run()
    assert [button.label for button in page.button if button.label.startswith("Keep as")] == [
        "Keep as variant B"
    ]


# Charts and text


def test_text_stays_text() -> None:
    assert plain("**a** _b_ <b>c</b> $x$ [d](e)") == r"\*\*a\*\* \_b\_ \<b>c\</b> \$x\$ \[d\](e)"
    assert ":smile:" not in plain(":smile: :red[x]")


@pytest.mark.parametrize("name", sampled(["china-india-2008", "belarus-kazakhstan-2020", "template"], 3))
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
    assert ["By partner" in {tab.label for tab in page.tabs} for page in (portfolio, pair)] == [True, False]
    shown = next(box for box in (*portfolio.selectbox, *portfolio.button_group) if box.key == "measure")
    assert "United States" in shown.options


def test_where_no_measure_adds_anything_a_sentence_says_so() -> None:
    def words(page: AppTest) -> set[str]:
        tab = next(tab for tab in look_at(page, "What each adds").tabs if tab.label == "What each adds")
        return {text.value for text in tab.text}

    assert words(opened(scenario="belarus-kazakhstan-no-measures")) == {"No measure or risk is switched on."}
    assert words(opened()) == set()


def test_details_hold_every_number_to_two_decimals() -> None:
    page = opened()
    page.session_state.details = True
    page.run()
    result = simulate(Desk.of_shipped(FLAGSHIP).base)
    assert any(report.probability(result, 2) in text.value for text in page.text)


PAGES = ("explore", "solve", "sensitivity", "compare", "report")
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


@pytest.mark.parametrize(("name", "odd"), sampled(itertools.product(PAGES, ODD), every=11, start=2))
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
