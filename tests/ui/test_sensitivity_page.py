"""The page What matters, driven as a user would. Default tier."""

from __future__ import annotations

import io
import re
from typing import Any

import pyarrow as pa
import pytest
import yaml
from streamlit.testing.v1 import AppTest

from simulator import Scenario, simulate
from simulator.analysis import discover, sensitivity
from simulator.report.words import discover as rule_words
from simulator.report.words import sensitivity as words
from simulator.ui import router
from simulator.ui.pages import sensitivity as sensitivity_page
from simulator.ui.widgets.charts import plain
from simulator.workspace.desk import Desk
from tests.cases import SLUMP, SPLIT

CASE: dict[str, Any] = {
    "title": "A case of $1 <b>billion</b> and :red[more]",
    "as_of": "2018-10-31",
    "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
    "observations": SPLIT,
    "levers": {
        "rules": {
            "kind": "custom",
            "name": "**Rules** <script>$x$",
            "percent": {"low": "40%", "likely": "60%", "high": "90%"},
            "probability": 0.5,
        }
    },
    "risks": SLUMP,
}
DECIDED = CASE | {"target": {"measure": "turnover", "period": 2017, "at_least": 500}}


def opened(case: dict[str, Any] = CASE, **turned: Any) -> AppTest:
    """The page with a case on the desk, and some of its knobs turned."""

    def show() -> None:
        from simulator.ui.pages import sensitivity as sensitivity_page

        sensitivity_page.page()

    desk = Desk.of_upload(yaml.safe_dump(case).encode(), "case.yaml")
    for path, value in turned.items():
        desk.turn(path.replace("__", "."), value)
    page = AppTest.from_function(show, default_timeout=60)
    page.session_state.desk, page.session_state.complaints, page.session_state.opened = desk, [], 0
    return page.run()


def scenario(case: dict[str, Any] = CASE) -> Scenario:
    return Scenario.model_validate(case)


def texts(page: AppTest) -> list[str]:
    assert not page.exception
    return [each.value for each in page.text]


def charts(page: AppTest) -> list[Any]:
    return [each.proto for each in page.get("vega_lite_chart")]


def rows(chart: Any) -> int:
    return pa.ipc.open_stream(io.BytesIO(chart.data.data)).read_all().num_rows


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened()


def test_the_page_is_in_the_menu() -> None:
    assert router.PAGES["What matters"] is sensitivity_page.page


def test_it_begins_with_the_scenarios_title_and_answer(page: AppTest) -> None:
    assert [title.value for title in page.title] == [plain(CASE["title"])]
    answer = f"The probability is {100 * simulate(scenario()).probability:.0f} % that turnover in 2020 is at least $1,000m."
    assert texts(page)[0].startswith(answer)
    assert texts(page)[0].endswith("as it stands on Explore.")


def test_what_is_worth_knowing_is_said_first(page: AppTest) -> None:
    found = sensitivity.sensitivity(scenario(), simulate=simulate)
    sentences = words.sentences(found)
    assert tuple(texts(page)[1 : 1 + len(sentences)]) == sentences
    assert len(sentences) >= 2


def test_what_each_number_means_and_what_not_stands_beside_it(page: AppTest) -> None:
    shown = texts(page)
    for meant in (words.TORNADO_HELP, rule_words.HELP, words.SHARES_HELP, words.INFORMATION_HELP):
        assert set(meant) <= set(shown)


def test_three_charts_each_with_a_description_and_a_menu(page: AppTest) -> None:
    assert [chart.alt.partition(" ")[0] for chart in charts(page)] == ["The", "Shares", "How"]
    assert [head.value for head in page.header] == [
        "What is worth knowing beforehand",
        "One unknown at a time",
        "When is the target",
        "Whose uncertainty it is",
        "What each is worth, known beforehand",
    ]


def test_what_only_statisticians_ask_is_in_a_section_that_is_closed_at_first(page: AppTest) -> None:
    (section,) = page.expander
    assert (section.label, section.proto.expanded) == (words.STATISTICS, False)
    assert [head.value for head in section.header] == [
        "Whose uncertainty it is",
        "What each is worth, known beforehand",
    ]
    inside = {text.value for text in section.text}
    outside = [text for text in texts(page) if text not in inside]
    assert any("standard errors" in text for text in inside)
    for term in ("Sobol", "value of information", "standard error of the bars", "seed"):
        assert not any(term in text for text in outside)


def test_ends_of_bars_have_their_units() -> None:
    found = sensitivity.sensitivity(scenario(), simulate=simulate, points=64)
    said = {bar.name: words.end_words(found.result, bar) for bar in found.tornado}
    assert said["**Rules** <script>$x$: percent"] == ("50 %", "77.8 %")
    assert said["How long swings last that pass"] == ("6 months", "12 months")
    assert said["Underlying growth"] == ("2 % a year", "6.2 % a year")


def test_the_rest_of_the_bars_come_when_they_are_asked_for() -> None:
    more = {
        f"other{number}": {"kind": "custom", "percent": {"low": "0%", "likely": "1%", "high": "9%"}}
        for number in range(3)
    }
    case = CASE | {"levers": CASE["levers"] | more}
    page = opened(case)
    every = len(sensitivity.sensitivity(scenario(case), simulate=simulate).tornado)
    first = rows(charts(page)[0])
    assert first <= 12 < every
    assert page.toggle[0].label == f"Show the other {every - first} too"
    assert rows(charts(page.toggle[0].set_value(True).run())[0]) == every


@pytest.mark.parametrize("of", discover.OUTCOMES)
def test_the_rules_are_told_with_density_base_rate_and_coverage(of: str) -> None:
    page = opened()
    page.segmented_control[0].set_value(of).run()
    found = discover.discover(scenario(), simulate=simulate, of=of)
    told = [rule for rule in (found.assumed, found.figures) if rule is not None]
    assert told
    said = [each.value for each in page.markdown]
    cards = [text for text in texts(page) if text.startswith("Density")]
    assert len(cards) == len(told)
    for rule, card in zip(told, cards, strict=True):
        assert f"{of.capitalize()} in **{100 * rule.density:.0f} %** of the futures in which" in said
        assert f"Density: {100 * rule.density:.0f} %" in card
        assert f"against {100 * rule.base:.0f} % of all futures" in card
        assert (
            f"Coverage: {100 * rule.coverage:.0f} % of all {'misses' if of == 'missed' else 'hits'}" in card
        )
        assert "held out" in card


def test_where_there_is_no_rule_the_page_says_so() -> None:
    shown = texts(opened(DECIDED))
    assert (
        shown.count("No simple rule: nothing plain tells apart the futures in which the target is missed.")
        == 2
    )


def test_a_decided_target_leaves_nothing_to_learn_and_nothing_to_draw() -> None:
    page = opened(DECIDED)
    assert "Published figures decide the target: it is reached, and nothing is left to learn." in texts(page)
    assert not charts(page)
    assert "No single unknown moves the probability by 0.05 points." in texts(page)
    assert "Nothing is left to vary." in texts(page)
    assert any(text.startswith("Knowing any one unknown beforehand") for text in texts(page))


def test_every_bar_of_a_decided_target_can_still_be_asked_for() -> None:
    page = opened(DECIDED)
    page.toggle[0].set_value(True).run()
    assert rows(charts(page)[0]) > 5


def test_it_answers_for_the_scenario_as_it_stands_and_changes_nothing_of_it() -> None:
    page = opened(target__at_least=700.0)
    changed = scenario(CASE | {"target": CASE["target"] | {"at_least": 700}})
    assert (
        f"The probability is {100 * simulate(changed).probability:.0f} % that turnover in 2020 is at least $700m."
        in texts(page)[0]
    )
    assert texts(page)[0].endswith("as it stands on Explore, with your change.")
    assert page.session_state.desk.values == {"target.at_least": 700.0}
    found = sensitivity.sensitivity(changed, simulate=simulate)
    assert tuple(texts(page)[1:3]) == words.sentences(found)[:2]


def test_text_from_a_file_is_never_markup(page: AppTest) -> None:
    active = [
        re.sub(r"\\.", "", each.value) for each in (*page.title, *page.header, *page.markdown)
    ]  # what no backslash makes harmless
    for word in ("<", "[", ":red", "$x$"):
        assert not any(word in each for each in active)
    assert any(
        plain(CASE["levers"]["rules"]["name"]) in each.value for each in page.markdown
    )  # a rule names it


def test_one_scenario_is_analysed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    def counting(*args: Any, **named: Any) -> Any:
        counted.append(args)
        return sensitivity.sensitivity(*args, **named)

    monkeypatch.setattr(sensitivity_page, "sensitivity", counting)
    case = CASE | {"notes": "looked at twice"}
    page = opened(case)
    texts(page.run())
    texts(opened(case))
    assert len(counted) == 1


def test_what_a_link_holds_in_vain_is_told() -> None:
    page = AppTest.from_function(shown_page, default_timeout=60)
    page.query_params.update(
        {"scenario": "china-india-2008", "levers.none.count": "3", "target.at_least": "21"}
    )
    page.run()
    assert not page.exception
    assert "levers.none.count" in page.code[0].value
    assert "at least $21bn" in texts(page)[0]


def shown_page() -> None:
    from simulator.ui.pages import sensitivity as sensitivity_page

    sensitivity_page.page()
