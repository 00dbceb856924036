"""The page Compare: its charts against the analysis' numbers, its sets and their link, its widgets without a browser. Default tier."""

from __future__ import annotations

from html import escape
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from simulator import Scenario, ScenarioError, compare, simulate
from simulator.analysis.compare import Comparison
from simulator.files.loading import load_text
from simulator.files.reading import shipped_names
from simulator.report import FIXED
from simulator.report import answer as report
from simulator.report.charts import compare as charts
from simulator.report.charts.compare import MOST
from simulator.report.charts.drawing import Drawing
from simulator.ui.pages import compare as page_module
from simulator.workspace.desk import Desk
from simulator.workspace.sets import LONGEST, NOW, SAVED, Sets, from_words, is_word, unique
from tests.cases import LEVERS, SLUMP, TOTALS_ONLY, scenario

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
STATEMENT = "target: {measure: turnover, period: 2020, at_least: 1000}\nobservations: {measure: turnover, period: 2017, value: 690.8}\n"
OWN = f"title: '{NASTY[0]} {NASTY[1]}'\nas_of: 2018-10-31\n{STATEMENT}"


# Charts


@pytest.fixture(scope="module")
def three() -> Comparison:
    """Three sets: levers, without them, and with a slump and another trend."""
    other = scenario(
        levers=LEVERS | {"support": LEVERS["support"] | {"enabled": False}},
        risks=SLUMP,
        outlook={"trend": 0.02},
    )
    return compare({"all": scenario(levers=LEVERS), "none": scenario(), "slump": other}, points=512)


def test_a_dot_and_its_range_are_the_answer_of_its_set(three: Comparison) -> None:
    rows = charts.dots(three).rows
    assert [row["set"] for row in rows] == ["all", "none", "slump"]
    for row, each in zip(rows, three.sets, strict=True):
        alone = simulate(each.result.scenario, points=4096).probability
        assert row["probability"] == pytest.approx(alone, abs=0.004)
        assert (row["low"], row["high"]) == (
            each.result.probability_range.low,
            each.result.probability_range.high,
        )
        assert report.percent(row["probability"]) in row["label"]


def test_bands_are_quantiles_and_published_years_what_was_published(three: Comparison) -> None:
    drawing = charts.bands(three)
    rows = {(row["set"], row["period"]): row for row in drawing.rows}
    for each in three.sets:
        assert [rows[each.name, "2017"][name] for name in ("p10", "p50", "p90")] == pytest.approx([690.8] * 3)
        drawn = each.result.drawn("turnover", each.result.scenario.target[0].period)
        row = rows[each.name, "2020"]
        shares = [float(np.mean(drawn < row[name])) for name in ("p10", "p50", "p90")]
        assert shares == pytest.approx([0.1, 0.5, 0.9], abs=0.02)
        assert row["target"] == 1000
        assert rows[each.name, "2019"]["target"] is None
    assert {row["measure"] for row in drawing.rows} == {"turnover"}


def test_a_set_that_does_not_tell_the_measure_is_named_and_has_no_band() -> None:
    target = {"measure": "exports", "period": 2020, "at_least": 700}
    found = compare({"split": scenario(target=target), "totals": scenario(TOTALS_ONLY)}, points=64)
    assert {row["set"] for row in charts.bands(found).rows} == {"split"}
    assert charts.untold(found) == ["totals"]
    assert "totals does not tell exports" in charts.bands(found).alt


def test_the_waterfall_goes_from_one_probability_to_the_other_without_a_gap(three: Comparison) -> None:
    for difference, other in zip(three.differences, three.sets[1:], strict=True):
        first, *parts, last = charts.waterfall(three, difference).rows
        assert first["end"] == pytest.approx(100 * three.sets[0].result.probability, abs=1e-9)
        assert last["end"] == pytest.approx(100 * other.result.probability, abs=1e-9)
        assert all(row["start"] == before["end"] for before, row in pairwise([first, *parts]))
        assert parts[-1]["end"] == pytest.approx(last["end"], abs=1e-9)
        assert [row["points"] for row in parts] == [
            part.probability_points for part in difference.attribution
        ]
        assert [row["standard_error"] for row in parts] == [
            part.standard_error for part in difference.attribution
        ]
        assert all((row["kind"] == "adds") == (row["points"] >= 0) for row in parts)


def test_alternative_texts_say_the_main_finding(three: Comparison) -> None:
    dots, bands = charts.dots(three).alt, charts.bands(three).alt
    ranked = sorted(three.sets, key=lambda each: each.result.probability)
    assert dots.startswith(
        f"{ranked[-1].name} is the most likely to reach its target, {ranked[0].name} the least."
    )
    assert all(f"{each.name} {report.percent(each.result.probability)}" in dots for each in three.sets)
    for each in three.sets:
        assert (
            f"{each.name}, 2020: {report.money(each.result, float(each.result.quantiles('turnover', 2020, [0.5])[0]))}"
            in bands
        )
    for difference in three.differences:
        largest = max(difference.attribution, key=lambda part: abs(part.probability_points))
        alt = charts.waterfall(three, difference).alt
        assert f"{difference.probability_points:+.2f} percentage points" in alt
        assert f"{report.change_words(three, largest.change)} {largest.probability_points:+.2f}" in alt


def drawings(found: Comparison) -> list[Drawing]:
    return [
        charts.dots(found),
        charts.bands(found),
        *(charts.waterfall(found, difference) for difference in found.differences),
    ]


def test_every_chart_is_a_picture_with_its_names_and_inputs() -> None:
    names = [NASTY[0], NASTY[1], *(f"set {n}" for n in range(MOST - 2))]
    sets: list[Scenario] = [scenario(levers=LEVERS, outlook={"trend": 0.01 * n}) for n in range(MOST)]
    found = compare(dict(zip(names, sets, strict=True)), points=64)
    stamp = charts.stamp(found)
    assert any("seed 1" in line for line in stamp)
    for drawing in drawings(found)[:3]:
        picture = vl_convert.vegalite_to_svg(drawing.spec(stamp))
        assert escape(names[0], quote=False) in picture
        assert names[1] in picture
        assert "<script" not in picture


def test_targets_that_differ_and_equal_sets_are_drawn_too() -> None:
    target = {"measure": "turnover", "period": 2019, "at_least": 850}
    for other in (scenario(target=target), scenario()):
        found = compare([scenario(), other], points=64)
        for drawing in drawings(found):
            assert drawing.picture("svg", charts.stamp(found)).startswith(b"<svg")
            assert drawing.csv().count("\n") == len(drawing.rows) + 1


# Colour vision: Machado, Oliveira, Fernandes 2009, severity 1; contrast: WCAG 2.2
VISION = {
    "usual": [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(TO_XYZ @ np.clip(light, 0.001, 1) / TO_XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION)
def test_colours_are_told_apart_with_any_cones(vision: str) -> None:
    seen = [lab(np.array(VISION[vision]) @ linear(colour)) for colour in charts.COLOURS]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) > 15


@pytest.mark.parametrize("ground", ["#FFFFFF", "#0F1620"])
def test_colours_have_a_contrast_of_three_to_one_on_both_grounds(ground: str) -> None:
    for colour in charts.COLOURS:
        low, high = sorted(float(TO_XYZ[1] @ linear(each)) for each in (colour, ground))
        assert (high + 0.05) / (low + 0.05) >= 3, colour


# Sets, names, the link


@pytest.fixture
def desk() -> Desk:
    return Desk.of_shipped(FLAGSHIP)


def test_what_is_compared_at_first_makes_sense(desk: Desk) -> None:
    sets = Sets()
    assert sets.ids(desk) == (NOW, CAUTIOUS)
    assert list(sets.called(desk).values()) == ["current", "cautious"]
    desk.turn("target.at_least", 900.0)
    assert sets.ids(desk) == (NOW, FLAGSHIP)
    assert list(sets.called(desk).values()) == ["current", "saved"]
    desk.keep()
    desk.turn("target.at_least", 950.0)
    assert sets.ids(desk) == (NOW, SAVED)
    assert sets.scenario(desk, SAVED).target[0].at_least == 900


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_has_a_neighbour_in_its_money(name: str) -> None:
    desk = Desk.of_shipped(name)
    one, other = (Sets().scenario(desk, id) for id in Sets().ids(desk))
    assert (one.currency, one.unit) == (other.currency, other.unit)
    if name.startswith("belarus"):
        assert (one.home, one.partner) == (other.home, other.partner)


def test_names_are_short_and_no_two_are_equal(desk: Desk) -> None:
    sets = Sets()
    sets.pick((NOW, CAUTIOUS, HOPES))
    assert list(sets.called(desk).values()) == ["current", "cautious", "officials hopes"]
    sets.call(CAUTIOUS, "  Officials   hopes ")
    assert sets.called(desk)[CAUTIOUS] == "Officials hopes"
    assert sets.called(desk)[HOPES] == "officials hopes (2)"
    sets.call(CAUTIOUS, " ")
    assert sets.called(desk)[CAUTIOUS] == "cautious"
    assert unique(["a", "A", "a (2)", "Unit", "b"]) == ["a", "A (2)", "a (2) (2)", "Unit (2)", "b"]


def test_a_set_may_be_called_like_a_column_of_a_table() -> None:
    names = unique(FIXED[:2])
    found = compare(dict(zip(names, (scenario(), scenario(levers=LEVERS)), strict=True)), points=64)
    (row, *_) = report.assumptions_table(found)
    assert {*FIXED, *names} == set(row)


def test_the_link_holds_the_sets_and_their_names(desk: Desk) -> None:
    desk.turn("target.at_least", 900.0)
    sets = Sets()
    assert sets.words(desk) == desk.words()
    sets.pick((NOW, CAUTIOUS, HOPES))
    sets.first, sets.against = CAUTIOUS, HOPES
    sets.call(NOW, "mine, a & b")
    words = sets.words(desk)
    assert words == desk.words() | {
        "with": f"{CAUTIOUS},{HOPES}",
        "first": CAUTIOUS,
        "split": HOPES,
        f"name.{NOW}": "mine, a & b",
    }
    again, complaints = from_words(words, True)
    assert not complaints
    assert again.called(desk) == sets.called(desk)
    assert again.words(desk) == words
    assert [key for key in words if not is_word(key)] == list(desk.words())


def test_a_link_without_the_desk_has_shipped_sets_only(desk: Desk) -> None:
    sets = Sets()
    sets.pick((CAUTIOUS, HOPES))
    assert sets.words(desk) == {"with": f"{CAUTIOUS},{HOPES}"}
    assert from_words(sets.words(desk), False)[0].ids(desk) == (CAUTIOUS, HOPES)
    assert from_words({"with": HOPES}, False)[0].ids(desk) == (NOW, HOPES)


def test_no_link_promises_a_file_of_ones_own(desk: Desk) -> None:
    sets = Sets()
    assert sets.upload(desk, OWN.encode(), "mine.yaml")
    assert sets.ids(desk) == (NOW, CAUTIOUS, "upload 1")
    assert sets.words(desk) == {}
    own = Desk.of_upload(OWN.encode(), "mine.yaml")
    sets = Sets()
    assert NOW in sets.ids(own)
    assert sets.words(own) == {}
    sets.pick((CAUTIOUS, HOPES))
    assert sets.words(own) == {"with": f"{CAUTIOUS},{HOPES}"}


def test_nonsense_in_a_link_is_left_out_and_told(desk: Desk) -> None:
    words = {
        "with": f"{CAUTIOUS},../../etc/passwd,{NASTY[0]}",
        "first": "mars",
        "split": "7",
        "name.mars": "x",
    }
    sets, complaints = from_words(words, True)
    assert sets.ids(desk) == (NOW, CAUTIOUS)
    assert len(complaints) == 5
    assert from_words({"with": "mars"}, True)[0].ids(desk) == Sets().ids(desk)
    many, told = from_words({"with": ",".join(shipped_names())}, True)
    assert len(many.ids(desk)) == MOST
    assert "took the first" in told[0]


def test_uploads_are_bounded_and_those_with_faults_refused(desk: Desk) -> None:
    sets = Sets()
    for number in range(20):
        assert sets.upload(desk, OWN.encode(), f"{'long' * 20}.yaml") == (number < MOST - 2)
    assert len(sets.ids(desk)) == MOST
    assert len(sets.uploads) <= 12
    names = list(sets.called(desk).values())
    assert len(set(names)) == MOST
    assert all(len(name) <= LONGEST + 4 for name in names)
    with pytest.raises(ScenarioError, match=r"bad\.yaml:2: found the end"):
        sets.upload(desk, b"title: [", "bad.yaml")


# The page


def opened(**words: str) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=60)
    for key, value in words.items():
        page.query_params[key] = value
    return ran(page)


def ran(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def texts(page: AppTest) -> list[str]:
    return [text.value for text in page.text]


def tables(page: AppTest) -> str:
    return "".join(html.value for html in page.get("html") if "<table" in html.value)


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
    assert page_module.SPLIT in texts(page)
    html = tables(page)
    for row in report.parts_table(found, difference):
        assert escape(row["change"]) in html
        assert f"{row['probability_points']:+.2f}" in html
    for row in report.assumptions_table(found):
        assert escape(row["of"]) in html
    assert not page.error
    assert page.title[0].value == "Compare sets of assumptions"


def test_help_on_shapley_values_is_two_sentences() -> None:
    assert page_module.SPLIT.count(". ") == 1
    assert page_module.SPLIT.endswith(".")


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
    assert page.metric
    page.session_state["elsewhere"] = False
    ran(page)
    assert shown(page).names == found.names
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
    assert shown(page).names[-1] == NASTY[1]
    for element in [*page.markdown, *page.header, *page.text_input, *page.get("button_group")]:
        words = getattr(element, "value", "") if element.type in ("markdown", "header") else element.label
        assert NASTY[1] not in str(words)


def test_a_file_with_faults_is_told_with_its_lines_and_the_rest_stays() -> None:
    page = opened()
    bad = b"title: x\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020}\nobservations: {measure: turnover, period: 2017, value: 1}\n"
    page.file_uploader[0].set_value(
        [("bad.yaml", bad, "text/yaml"), ("good.yaml", OWN.encode(), "text/yaml")]
    )
    ran(page)
    assert page.error
    assert "bad.yaml:3: target" in page.code[0].value
    assert shown(page).names == ("current", "cautious", "good")
    assert report.difference_sentence(shown(page), shown(page).differences[0]) in texts(page)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("unit: thousand\n", "found unit 'thousand' in mine, expected 'million'"),
        ("currency: EUR\n", "found currency 'EUR' in mine"),
    ],
)
def test_sets_in_other_money_are_refused_plainly(own: str, told: str) -> None:
    load_text(OWN + own, "mine.yaml")
    page = opened()
    page.file_uploader[0].set_value([("mine.yaml", (OWN + own).encode(), "text/yaml")])
    ran(page)
    assert page.error[0].value == "These sets cannot be compared."
    assert told in page.code[0].value
    assert page.multiselect[0].value == [NOW, CAUTIOUS, "upload 1"]


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
    assert report.to_csv(rows).splitlines()[0] == "of,assumption,unit,a,b,c,basis,path,sources"
