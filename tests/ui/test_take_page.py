"""The page What would it take, its charts, and setting the sliders to an answer. Default tier.

Charts are held against the analyses' numbers and against laws of lines of equal height; the page against plain calls of the engine.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from collections import Counter
from typing import Any

import pytest
import vl_convert
import yaml
from cases import LEVERS, SLUMP, SPLIT, scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from simulator import Scenario, simulate
from simulator.analysis.grid import grid, swings
from simulator.analysis.mix import mix, with_costs
from simulator.analysis.solve import solve, solve_each
from simulator.files.reading import shipped_names
from simulator.numerics.contours import levels, segments
from simulator.report import money
from simulator.report.advice import percent
from simulator.report.charts import solve as charts
from simulator.report.charts.drawing import Drawing
from simulator.scenario.parameters import knobs, turned
from simulator.ui.pages import mix as budget
from simulator.ui.pages import solve as take
from simulator.workspace.desk import Desk

FEW = 256
NAMES = {"ventures": "New ventures", "support": "Support", "rules": "Rules"}
MEASURES: dict[str, Any] = {key: {**lever, "name": NAMES[key]} for key, lever in LEVERS.items()}
MEASURES["ventures"]["bounds"] = {"money": [0, 2000]}  # far enough for what is wanted
COSTS = {"ventures": 0.5, "rules": 4.0}


def file(**fields: Any) -> bytes:
    """A scenario file."""
    data = {
        "title": "A case",
        "as_of": "2018-10-31",
        "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
        "observations": SPLIT,
        "levers": MEASURES,
    }
    return yaml.safe_dump(data | fields, sort_keys=False).encode()


def desk(**fields: Any) -> Desk:
    return Desk.of_upload(file(**fields), "case.yaml")


# Lines of equal height

heights = st.lists(st.lists(st.floats(0.01, 0.99), min_size=4, max_size=4), min_size=3, max_size=3)


def near(value: float, grid_of: list[float]) -> float:
    return min(abs(value - node) for node in grid_of)


@given(heights, st.floats(0.05, 0.95))
def test_a_line_lies_where_straight_edges_meet_its_height(surface: list[list[float]], level: float) -> None:
    x, y = [0.0, 1.0, 3.0, 4.0], [0.0, 2.0, 3.0]
    for across, up in itertools.chain.from_iterable(segments(x, y, surface, level)):
        i = max(n for n in range(len(x) - 1) if x[n] <= across)
        j = max(n for n in range(len(y) - 1) if y[n] <= up)
        right, above = (across - x[i]) / (x[i + 1] - x[i]), (up - y[j]) / (y[j + 1] - y[j])
        assert (
            min(near(across, x), near(up, y)) < 1e-9
        )  # on an edge of a cell, along which the two-way mean of its corners is straight
        low = surface[j][i] * (1 - right) + surface[j][i + 1] * right
        high = surface[j + 1][i] * (1 - right) + surface[j + 1][i + 1] * right
        assert low * (1 - above) + high * above == pytest.approx(level, abs=1e-9)


@given(heights, st.floats(0.05, 0.95))
def test_a_line_ends_at_the_border_only(surface: list[list[float]], level: float) -> None:
    x, y = [0.0, 1.0, 3.0, 4.0], [0.0, 2.0, 3.0]
    if any(abs(height - level) < 1e-9 for row in surface for height in row):
        return
    ends = Counter(
        (round(across, 9), round(up, 9))
        for across, up in itertools.chain.from_iterable(segments(x, y, surface, level))
    )
    for (across, up), count in ends.items():
        border = across in (x[0], x[-1]) or up in (y[0], y[-1])
        assert count == (1 if border else 2)


def test_a_saddle_is_settled_by_its_mean_and_a_cell_without_law_has_no_line() -> None:
    one = segments(
        [0, 1], [0, 1], [[1.0, 0.0], [0.0, 1.0]], 0.4
    )  # mean .5: the high corners hang together, the low ones are cut off
    assert all(
        abs(across1 - across2) < 1 and (up1 - up2) * (across1 - across2) > 0
        for (across1, up1), (across2, up2) in one
    )
    other = segments([0, 1], [0, 1], [[1.0, 0.0], [0.0, 1.0]], 0.6)
    assert all((up1 - up2) * (across1 - across2) < 0 for (across1, up1), (across2, up2) in other)
    assert len(one) == len(other) == 2
    assert segments([0, 1], [0, 1], [[1.0, None], [0.0, 1.0]], 0.5) == []


@given(st.floats(0, 1), st.floats(0, 1))
def test_levels_are_round_evenly_spaced_and_inside(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = levels(low, high)
    assert all(low < level < high and level == round(level, 3) for level in found)
    gaps = {round(b - a, 6) for a, b in itertools.pairwise(found)}
    assert len(gaps) <= 1
    if high - low >= 0.01:
        assert len(found) >= 4
    assert len(found) <= 12


# Charts


@pytest.fixture(scope="module")
def case() -> Scenario:
    return scenario(levers=MEASURES)


@pytest.fixture(scope="module")
def drawings(case: Scenario) -> dict[str, Drawing]:
    found = mix(with_costs(case, COSTS), simulate=simulate, points=FEW)
    return {
        "reach": charts.reach(solve_each(case, simulate=simulate, points=FEW)),
        "map": charts.surface(grid(case, "ventures", "support", simulate=simulate, points=FEW), 0.5),
        "frontier": charts.frontier(found, found.frontier[3]),
    }


@pytest.mark.parametrize("name", ["reach", "map", "frontier"])
def test_every_chart_renders_and_can_be_taken_away(drawings: dict[str, Drawing], name: str) -> None:
    drawing = drawings[name]
    picture = vl_convert.vegalite_to_svg(drawing.spec(["a stamp"]))
    assert "a stamp" in picture
    assert "NaN" not in picture
    read = list(csv.DictReader(io.StringIO(drawing.csv())))
    assert [list(row) for row in read] == [list(row) for row in drawing.rows]
    json.dumps(drawing.spec(), allow_nan=False)


def test_reach_shows_the_answers(case: Scenario, drawings: dict[str, Drawing]) -> None:
    answers = [
        answer
        for answer in solve_each(case, simulate=simulate, points=FEW).answers
        if answer.levers[0].startswith("levers.")
    ]
    rows = drawings["reach"].rows
    assert [(row["measure"], row["now"], row["there"]) for row in rows] == [
        (a.name, a.present.probability, a.probability) for a in answers
    ]
    assert (
        [row["outcome"] == charts.REACHED[True] for row in rows]
        == [a.feasible for a in answers]
        == [True, False, False]
    )
    assert rows[0]["there"] == pytest.approx(0.8, abs=1e-4)
    assert "New ventures can reach 80 %" in drawings["reach"].alt


def test_reach_says_when_none_gets_there(case: Scenario) -> None:
    drawing = charts.reach(
        solve_each(scenario(levers={"rules": MEASURES["rules"]}), 0.9, simulate=simulate, points=FEW)
    )
    assert (
        f"None can reach 90 % alone. Rules goes farthest, to {percent(drawing.rows[0]['there'])}"
        in drawing.alt
    )


def test_the_map_shows_the_engine_s_probabilities(case: Scenario, drawings: dict[str, Drawing]) -> None:
    rows = drawings["map"].rows
    cells = [row for row in rows if row["part"] == "cell"]
    assert len(cells) == 81
    money = next(knob for knob in knobs(case) if knob.path == "levers.ventures.money")
    cell = cells[4 * 9 + 6]  # the fifth value up, the seventh across
    share = next(knob for knob in knobs(case) if knob.path == "levers.support.percent")
    there = turned(
        case, {money.path: money.high * 6 / 8, share.path: share.low + (share.high - share.low) * 4 / 8}
    )
    assert cell["probability"] == pytest.approx(simulate(there, points=FEW).probability, abs=1e-12)
    assert (cell["x"], cell["x2"]) == pytest.approx((money.high * 5.5 / 8, money.high * 6.5 / 8))
    assert cell["y"] == pytest.approx(
        100 * (share.low + (share.high - share.low) * 3.5 / 8)
    )  # percents as such
    assert sum((row["x2"] - row["x"]) * (row["y2"] - row["y"]) for row in cells) == pytest.approx(
        money.high * 100 * (share.high - share.low)
    )  # they fill the map
    (now,) = (row for row in rows if row["part"] == "now")
    assert (now["x"], now["probability"]) == (
        money.value,
        pytest.approx(simulate(case, points=FEW).probability),
    )
    low, high = min(row["probability"] for row in cells), max(row["probability"] for row in cells)
    assert f"lowest with {percent(low)}" in drawings["map"].alt
    assert f"highest with {percent(high)}" in drawings["map"].alt
    enough = sum(row["probability"] >= 0.5 for row in cells)
    assert 0 < enough < 81
    assert f"50 % is reached in {enough} of 81 cells" in drawings["map"].alt


def test_the_wanted_line_parts_the_map(case: Scenario, drawings: dict[str, Drawing]) -> None:
    """On it the engine gives what is wanted, up to the bend between two values."""
    line = [row for row in drawings["map"].rows if row["part"] == "wanted"]
    assert {row["probability"] for row in line} == {0.5}
    assert sum(bool(row["label"]) for row in line) == 1
    for row in line[:: max(len(line) // 3, 1)]:
        there = turned(case, {"levers.ventures.money": row["x"], "levers.support.percent": row["y"] / 100})
        assert simulate(there, points=FEW).probability == pytest.approx(0.5, abs=0.03)
    others = {row["probability"] for row in drawings["map"].rows if row["part"] == "line"}
    assert others
    assert 0.5 not in others


def test_a_wanted_probability_off_the_map_is_told(case: Scenario) -> None:
    drawing = charts.surface(
        grid(case, "rules", "support", simulate=simulate, points=FEW, steps=(2, 2)), 0.95
    )
    assert not [row for row in drawing.rows if row["part"] == "wanted"]
    assert "95 % is reached nowhere" in drawing.alt


def test_the_frontier_shows_the_packages(case: Scenario, drawings: dict[str, Drawing]) -> None:
    found = mix(with_costs(case, COSTS), simulate=simulate, points=FEW)
    rows = drawings["frontier"].rows
    best = [row for row in rows if row["series"] == charts.BEST]
    assert [(row["budget"], row["probability"]) for row in best] == [
        (b.budget, b.result.probability) for b in found.frontier
    ]
    late = [row["probability"] for row in rows if "slips by 6 months" in row["series"]]
    assert late == [b.probability_if_late for b in found.frontier]
    (present,) = (row for row in rows if row["series"] == charts.STANDS)
    assert present["probability"] == pytest.approx(simulate(case, points=FEW).probability)
    assert present["cost"] == pytest.approx(
        sum(COSTS[key] * amount for key, amount in (("ventures", 20), ("rules", 3)))
    )
    assert (best[0]["package"], best[-1]["cost"]) == (
        "none of the measures with a cost",
        pytest.approx(found.frontier[-1].cost),
    )
    (chosen,) = (row for row in rows if row["series"] == charts.YOURS)
    assert chosen["probability"] == best[3]["probability"]
    assert percent(best[-1]["probability"]) in drawings["frontier"].alt


def test_swings_are_told_farthest_first(case: Scenario) -> None:
    by_hand = {}
    for knob in (knob for knob in knobs(case) if knob.main):
        low, high = (
            simulate(turned(case, {knob.path: bound}), points=FEW).probability
            for bound in (knob.low, knob.high)
        )
        by_hand[knob.path] = abs(high - low)
    found = swings(case, simulate=simulate, points=FEW)
    assert list(found) == sorted(by_hand, key=lambda path: -by_hand[path])
    assert found == pytest.approx(by_hand)


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
    own = desk(levers={**MEASURES, "ventures": {**MEASURES["ventures"], "enabled": False}})
    set_to(own, solve(own.scenario, lever="ventures", simulate=simulate, points=FEW))
    assert own.values["levers.ventures.enabled"] is True


def test_an_answer_keeps_what_was_changed_before_it() -> None:
    """Ends of a range that were moved alone, and a range that was pulled to nothing, come out as the answer had them."""
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


def test_a_package_is_set() -> None:
    own = desk()
    best = mix(with_costs(own.scenario, COSTS), [100], simulate=simulate, points=FEW).frontier[0]
    own.take(best.result.scenario)
    assert simulate(own.scenario, points=FEW).probability == pytest.approx(best.result.probability, abs=1e-9)
    assert not any(
        path.endswith(".cost") for path in own.values
    )  # costs that the file does not state stay out of it


@settings(max_examples=20, deadline=None)
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
        from simulator.ui.pages import solve as take

        take.page()

    page = AppTest.from_function(script, default_timeout=60)
    for key, value in (("desk", own), ("complaints", []), ("opened", 0)):
        page.session_state[key] = value
    return page.run()


def said(page: AppTest) -> str:
    assert not page.exception
    text = "\n".join(each.value for each in (*page.header, *page.text, *page.markdown, *page.success))
    return text.replace("\u00a0", " ").replace("\\", "").replace("\u2060", "")


def cells(page: AppTest) -> list[list[str]]:
    """The rows of the table of the package."""
    (table,) = (html.value for html in page.get("html") if "<table" in html.value)
    rows = table.partition("<tbody>")[2].split("</tr>")
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in rows if "<td" in row]


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
        assert f"at best **{percent(answer.probability)}**" in text
    assert "1 of 3 measures can reach 80 % alone" in text
    assert f"turnover in 2020 is at least ${found.answers[3].value:.0f}m" in text
    assert "What it does not mean" in text
    assert [each.value for each in page.title] == ["A case"]


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
    assert f"at **{100 * high:.4g} %** (its bound)" in said(page)
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
    axes = [page.selectbox(key=f"0:map-{axis}") for axis in "xy"]
    assert [axis.value for axis in axes] == list(swings(desk().scenario, simulate=simulate))[:2]
    axes[1].set_value(axes[0].value).run()
    assert "Choose two different numbers." in said(page)
    page.selectbox(key="0:map-y").set_value("outlook.trend").run()
    assert "Choose two different numbers." not in said(page)


def test_costs_can_be_entered_and_are_the_user_s() -> None:
    own = desk()
    page = opened(own)
    assert "The scenario states no costs." in said(page)
    for key, cost in COSTS.items():
        page.number_input(key=f"0:cost-{key}").set_value(cost)
    next(each for each in page.button if each.label == "Use these costs").click().run()
    assert "The scenario states no costs." not in said(page)
    rows = cells(page)
    assert [row[0] for row in rows] == ["New ventures", "Rules"]
    assert [row[-1] for row in rows] == ["$0.5m, yours", "$4m, yours"]
    found = mix(with_costs(own.scenario, COSTS), [22], simulate=simulate)
    best = found.frontier[0]
    assert f"The present package costs $22.0m and gives {percent(found.present.result.probability)}" in said(
        page
    )
    assert f"If every start slips by 6 months it gives {percent(best.probability_if_late)}" in said(page)
    assert [row[3] for row in rows if row[3]] == [f"${part.cost:.1f}m" for part in best.parts]
    assert "they are not the scenario's" in said(page)
    button(page, "set-package").click().run()
    assert simulate(own.scenario).probability == pytest.approx(best.result.probability, abs=1e-9)
    assert b"cost" not in own.file().encode()
    page.number_input(key="0:budget").set_value(31.4).run()
    assert "The best package for $31.4m" in said(page)


def test_costs_of_the_file_need_no_entering() -> None:
    page = opened(desk(levers={**MEASURES, "ventures": {**MEASURES["ventures"], "cost": 0.5}}))
    assert "The scenario states no costs." not in said(page)
    assert [row[-1] for row in cells(page)] == ["$0.5m"]
    assert [each.key for each in page.number_input if "cost" in str(each.key)] == [
        "0:cost-support",
        "0:cost-rules",
    ]


def test_pictures_are_stamped_outside_of_the_session_with_what_was_on_the_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: dict[str, Any] = {}
    for room in (take, budget):
        monkeypatch.setattr(room, "chart", lambda drawing, key, stamp: kept.update({key: stamp}))
    page = opened(
        desk(title="Another", levers={**MEASURES, "ventures": {**MEASURES["ventures"], "cost": 0.5}})
    )
    page.number_input(key="0:cost-rules").set_value(4.0)
    next(each for each in page.button if each.label == "Use these costs").click().run()
    assert set(kept) == {"reach", "map", "frontier"}
    assert all(stamp()[0].startswith("Another, as of 2018-10-31: probability") for stamp in kept.values())
    assert kept["frontier"]()[-1] == "costs entered on the page: rules 4"


def test_text_from_a_file_is_never_markup() -> None:
    name = "**bold** <script>alert(1)</script> $x$ :red[x] [a](b)"
    page = opened(desk(title=name, levers={"evil": {**MEASURES["rules"], "name": name}}))
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


@pytest.mark.parametrize(
    "name", [name for name in shipped_names() if "cautious" not in name and "kazakh-" not in name][3:]
)
def test_the_page_stands_for_shipped_scenarios(name: str) -> None:
    assert "What it means" in said(opened(Desk.of_shipped(name)))


def test_the_page_stands_for_two_targets_and_for_one_from_above() -> None:
    two = [
        {"measure": "turnover", "period": 2019, "at_least": 800},
        {"measure": "exports", "period": 2020, "at_least": 700},
    ]
    assert "80 % is out of reach for the target: exports in 2020 alone" in said(opened(desk(target=two)))
    assert "is at most" in said(opened(desk(target={"measure": "imports", "period": 2020, "at_most": 90})))
