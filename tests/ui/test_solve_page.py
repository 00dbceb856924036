"""The page What would it take, and setting the sliders to an answer, against the engine. Default tier."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from simulator import Scenario, simulate
from simulator.analysis.grid import swings
from simulator.analysis.solve import solve, solve_each
from simulator.files.reading import shipped_names
from simulator.report import money
from simulator.report.words import solve as words
from simulator.scenario.parameters import knobs, turned
from simulator.ui.pages import mix as mix_page
from simulator.ui.pages import solve as solve_page
from simulator.values import numerals
from simulator.workspace.desk import Desk
from tests.cases import NAMED, SLUMP, SPLIT
from tests.tiers import examples, sampled

FEW = 256
NEAR = {"measure": "turnover", "period": 2020, "at_least": 580}  # two measures reach it together only
percent = partial(numerals.percent, digits=1)


def file(**fields: Any) -> bytes:
    """A scenario file."""
    data = {
        "title": "A case",
        "as_of": "2018-10-31",
        "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
        "observations": SPLIT,
        "levers": NAMED,
    }
    return yaml.safe_dump(data | fields, sort_keys=False).encode()


def desk(**fields: Any) -> Desk:
    return Desk.of_upload(file(**fields), "case.yaml")


# The sliders are set to an answer


def set_to(own: Desk, asked: Any) -> float:
    """The probability after the desk took an answer, which must be the promised one and undone at once."""
    before, steps = dict(own.values), len(own.past)
    own.take(asked.scenario)
    assert len(own.past) == steps + 1
    found = simulate(own.scenario, points=FEW).probability
    assert found == pytest.approx(asked.probability, abs=1e-9)
    own.undo()
    assert own.values == before
    own.redo()
    return found


def test_an_answer_is_set_on_the_desk() -> None:
    own = desk()
    answer = solve(own.scenario, lever="ventures", simulate=simulate, points=FEW)
    assert set_to(own, answer) == pytest.approx(0.8, abs=1e-4)
    assert set(own.values) == {"levers.ventures.money"}
    assert own.values["levers.ventures.money"] == pytest.approx(answer.value)
    assert yaml.safe_load(own.file())["levers"]["ventures"]["money"]["likely"] == pytest.approx(answer.value)


def test_a_measure_that_is_off_is_switched_on() -> None:
    own = desk(levers={**NAMED, "ventures": {**NAMED["ventures"], "enabled": False}})
    set_to(own, solve(own.scenario, lever="ventures", simulate=simulate, points=FEW))
    assert own.values["levers.ventures.enabled"] is True


def test_an_answer_keeps_what_was_changed_before_it() -> None:
    """Ends of a range that were moved alone, and a range that was pulled to nothing, are as the answer had them."""
    own = desk()
    for path, value in (
        ("levers.ventures.money.high", 90.0),
        ("outlook.trend", 0.05),
        ("levers.rules.enabled", False),
    ):
        own.turn(path, value)
    set_to(own, solve(own.scenario, 0.6, lever="ventures", simulate=simulate, points=FEW))
    assert own.values["outlook.trend"] == 0.05
    assert own.values["levers.rules.enabled"] is False
    own.turn("levers.ventures.money", 0.0)
    set_to(own, solve(own.scenario, 0.6, lever="ventures", simulate=simulate, points=FEW))


def test_several_an_amount_and_a_year_are_set() -> None:
    own = desk(target={"measure": "turnover", "period": 2020, "at_least": 800})
    set_to(
        own, solve(own.scenario, 0.6, lever=("support", "rules", "ventures"), simulate=simulate, points=FEW)
    )
    set_to(own, solve(own.scenario, 0.9, lever="target.at_least", simulate=simulate, points=FEW))
    own = desk(target={"measure": "turnover", "period": 2020, "at_least": 700})
    year = solve(own.scenario, 0.72, lever="target.period", simulate=simulate, points=FEW)
    assert year.feasible
    set_to(own, year)
    assert own.values == {"target.period": int(str(year.value))}


@settings(max_examples=examples(20, 10), deadline=None)
@given(st.data())
def test_taking_a_scenario_gives_that_scenario(data: st.DataObject) -> None:
    """Whatever was turned before, and whatever the other scenario has turned."""
    own = desk(risks=SLUMP)
    paths = st.lists(st.sampled_from(sorted(own.knobs)), max_size=3, unique=True)

    def turn(base: Scenario) -> Scenario:
        known = {knob.path: knob for knob in knobs(base)}
        values = {
            path: data.draw(st.floats(known[path].low, known[path].high))
            for path in data.draw(paths)
            if known[path].unit != "month"
        }
        try:
            return turned(
                base,
                {
                    path: float(round(value)) if known[path].unit == "whole number" else value
                    for path, value in values.items()
                },
            )
        except ValueError:
            return base

    for _ in range(2):
        there = turn(own.scenario)
        own.take(there)
        for knob, wanted in zip(knobs(own.scenario), knobs(there), strict=True):
            assert math.isclose(knob.value, wanted.value, rel_tol=1e-8, abs_tol=1e-12), knob.path


# The page


def opened(own: Desk) -> AppTest:
    def script() -> None:
        from simulator.ui.pages import solve

        solve.page()

    page = AppTest.from_function(script, default_timeout=60)
    for key, value in (("desk", own), ("complaints", []), ("opened", 0)):
        page.session_state[key] = value
    return page.run()


def said(page: AppTest) -> str:
    assert not page.exception
    text = "\n".join(each.value for each in (*page.header, *page.text, *page.markdown, *page.success))
    return text.replace("\u00a0", " ").replace("\\", "").replace("\u2060", "")


def button(page: AppTest, key: str) -> Any:
    return next(each for each in page.button if each.key == key)


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened(desk())


def test_the_page_answers_what_each_would_take(page: AppTest) -> None:
    text = said(page)
    found = solve_each(desk().scenario, 0.8, simulate=simulate)
    assert page.metric[0].label == "Probability"
    assert page.metric[0].value == f"{100 * found.present.probability:.0f} %"
    reached, *short = found.answers[:3]
    assert f"$20.0m a year → **{money(found.present, float(reached.value or 0))} a year**" in text
    for answer in short:
        assert f"(its bound): **{percent(answer.probability)}**" in text
    assert "1 of 3 measures can reach 80 % alone" in text
    assert f"turnover in 2020 is at least ${found.answers[3].value:.0f}m" in text
    assert text.count("What it does not mean") == 1
    name, now, then = words.moves(reached)[0]
    assert f"The smallest change: {name} from {now} to {then}. The chance is then 80.0 %." in text
    assert [each.value for each in page.title] == ["A case"]


def test_one_sentence_on_top_says_how_far_all_measures_go() -> None:
    own = Desk.of_shipped("belarus-kazakhstan-2020")
    best = solve(own.scenario, lever=list(own.scenario.levers), simulate=simulate)
    text = said(opened(own))
    assert (
        f"With every measure at its bound the chance is {percent(best.probability)}: below the 80 % wanted."
        in text
    )
    assert "6 → **18 new ventures** (its bound)" in text


EASY = {"measure": "turnover", "period": 2020, "at_least": 400}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"levers": {}}, "what is 80 % likely is another target or another year"),
        ({"levers": {"rules": NAMED["rules"]}}, "With Rules at its bound the chance is"),
        (
            {"levers": {"support": NAMED["support"], "rules": NAMED["rules"]}, "target": NEAR},
            "No measure alone is enough; all of them together are",
        ),
        ({"target": EASY}, "80 % is reached already"),
    ],
)
def test_the_sentence_on_top_is_that_of_the_answer(fields: dict[str, Any], sentence: str) -> None:
    case = desk(**fields).scenario
    answers = solve_each(case, 0.8, simulate=simulate, points=FEW)
    every = list(case.levers)
    together = solve(case, 0.8, lever=every, simulate=simulate, points=FEW) if len(every) > 1 else None
    assert sentence in words.answer_sentence(answers, together)


def test_a_button_sets_the_sliders_and_undo_takes_it_back() -> None:
    own = desk()
    page = opened(own)
    before = page.metric[0].value
    button(page, "set-levers.ventures.money").click().run()
    assert page.metric[0].value == "80 %"
    assert "The probability is now 80.0 %" in said(page)
    assert "80 % is reached already" in said(page)
    assert simulate(own.scenario).probability == pytest.approx(0.8, abs=1e-4)
    next(each for each in page.button if each.label == "Undo").click().run()
    assert page.metric[0].value == before
    assert "now 80.0 %" not in said(page)


def test_an_answer_once_taken_widens_no_bounds() -> None:
    own = desk()
    page = opened(own)
    button(page, "set-levers.rules.percent").click().run()
    high = own.knobs["levers.rules.percent"].high
    assert own.value("levers.rules.percent") == pytest.approx(high)
    assert f"at **{100 * high:.4g} % of the trade it touches** (its bound)" in said(page)
    assert "set-levers.rules.percent" not in [each.key for each in page.button]


def test_the_wanted_probability_is_asked_for(page: AppTest) -> None:
    page.slider(key="wanted").set_value(55).run()
    assert "A target that is 55 % likely" in said(page)
    answer = solve(desk().scenario, 0.55, lever="ventures", simulate=simulate)
    assert f"→ **{money(answer.present, float(answer.value or 0))} a year**" in said(page)
    page.slider(key="wanted").set_value(80).run()


def test_several_are_moved_together(page: AppTest) -> None:
    chosen = page.multiselect(key="0:together")
    answer = solve(desk().scenario, 0.8, lever=tuple(chosen.value), simulate=simulate)
    assert f"each would have to go {100 * float(answer.value or 0):.4g} % of the way" in said(page)
    chosen.set_value(["levers.rules.percent"]).run()
    assert "Choose two measures or more." in said(page)
    page.multiselect(key="0:together").set_value(["levers.rules.percent", "levers.support.percent"]).run()
    assert "80 % is out of reach even for all of them" in said(page)


def test_the_map_starts_with_the_two_that_move_most(page: AppTest) -> None:
    axes = [page.selectbox(key=f"0:map-{axis}") for axis in ("Across", "Up")]
    assert [axis.value for axis in axes] == list(swings(desk().scenario, simulate=simulate))[:2]
    axes[1].set_value(axes[0].value).run()
    assert "Choose two different numbers." in said(page)
    page.selectbox(key="0:map-Up").set_value("outlook.trend").run()
    assert "Choose two different numbers." not in said(page)


def test_pictures_are_stamped_outside_of_the_session_with_what_was_on_the_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: dict[str, Any] = {}
    for room in (solve_page, mix_page):
        monkeypatch.setattr(room, "chart", lambda drawing, key, stamp: kept.update({key: stamp}))
    page = opened(desk(title="Another", levers={**NAMED, "ventures": {**NAMED["ventures"], "cost": 0.5}}))
    page.number_input(key="0:cost-rules").set_value(4.0)
    next(each for each in page.button if each.label == "Use these costs").click().run()
    assert set(kept) == {"reach", "map", "frontier"}
    assert all(stamp()[0] == "Another, as of 2018-10-31" for stamp in kept.values())
    assert all(stamp()[1].startswith("probability ") for stamp in kept.values())
    assert kept["frontier"]()[-1] == "costs entered on the page: rules 4"


def test_text_from_a_file_is_never_markup() -> None:
    name = "**bold** <script>alert(1)</script> $x$ :red[x] [a](b)"
    page = opened(desk(title=name, levers={"evil": {**NAMED["rules"], "name": name}}))
    assert not page.exception
    button(page, "set-levers.evil.percent").click().run()
    assert page.success
    page.number_input(key="0:cost-evil").set_value(4.0)
    next(each for each in page.button if each.label == "Use these costs").click().run()
    assert not page.exception
    labels = [each.label for each in (*page.number_input, *page.button)]
    for text in [
        *(each.value for each in (*page.markdown, *page.title, *page.header, *page.success)),
        *labels,
    ]:
        active = re.sub(r"\\.", "", text)  # what no backslash makes harmless
        assert "<" not in active
        assert ":red" not in active
        assert "[a]" not in active
        assert not re.search(r"\$.*\$", active)
    assert "&lt;script&gt;" in next(html.value for html in page.get("html") if "<table" in html.value)


def test_a_year_beyond_the_sliders_has_no_button() -> None:
    own = desk(
        target={"measure": "turnover", "period": 2020, "at_least": 1200}, levers={}, outlook={"trend": 0.1}
    )
    page = opened(own)
    for wanted, button_there in ((60, True), (80, False)):
        page.slider(key="wanted").set_value(wanted).run()
        answer = solve(own.scenario, wanted / 100, lever="target.period", simulate=simulate)
        assert f"likely in {answer.value}" in said(page)
        assert (int(str(answer.value)) in own.switches["target.period"].options) == button_there
        assert ("set-target.period" in [each.key for each in page.button]) == button_there


@pytest.mark.parametrize("name", sampled(shipped_names(), 20, 3))
def test_the_page_stands_for_shipped_scenarios(name: str) -> None:
    assert "What it means" in said(opened(Desk.of_shipped(name)))


def test_the_page_stands_for_two_targets_and_for_one_from_above() -> None:
    two = [
        {"measure": "turnover", "period": 2019, "at_least": 800},
        {"measure": "exports", "period": 2020, "at_least": 700},
    ]
    assert "80 % is out of reach for the target: exports in 2020 alone" in said(opened(desk(target=two)))
    assert "are at most" in said(opened(desk(target={"measure": "imports", "period": 2020, "at_most": 90})))
