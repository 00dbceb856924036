"""The charts of a comparison against the analysis' numbers; their colours, for all eyes. Default tier."""

from __future__ import annotations

from html import escape
from itertools import combinations, pairwise

import numpy as np
import pytest
import vl_convert

from simulator import Scenario, compare, report, simulate
from simulator.analysis.compare import Comparison
from simulator.report.charts import compare as charts
from simulator.report.charts.compare import MOST
from simulator.report.charts.drawing import Drawing
from simulator.values.numerals import percent
from tests.cases import LEVERS, SLUMP, TOTALS_ONLY, scenario

NASTY = ("<script>alert(1)</script>", "**x** $y$ :smile:")


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
        assert percent(row["probability"]) in row["label"]


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
    assert all(f"{each.name} {percent(each.result.probability)}" in dots for each in three.sets)
    for each in three.sets:
        median = float(each.result.quantiles("turnover", 2020, [0.5])[0])
        assert f"{each.name}, 2020: {report.money(each.result, median)}" in bands
    for difference in three.differences:
        largest = max(difference.attribution, key=lambda part: abs(part.probability_points))
        alt = charts.waterfall(three, difference).alt
        assert f"{difference.probability_points:+.1f} percentage points" in alt
        assert f"{report.change_words(three, largest.change)} {largest.probability_points:+.1f}" in alt


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
