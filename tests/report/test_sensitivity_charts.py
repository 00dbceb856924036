"""The charts of what matters against the analysis' own numbers, and as pictures. Default tier."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from simulator import Scenario, simulate
from simulator.analysis.sensitivity import Sensitivity, sensitivity
from simulator.report.charts import sensitivity as charts
from simulator.report.charts.drawing import Drawing, stamp
from tests.cases import LEVERS, SLUMP, SPLIT, scenario

OTHER = {"other-office": [{"measure": "turnover", "period": 2017, "value": 604.1, "growth": "56.4%"}]}


def analysed(case: Scenario) -> Sensitivity:
    return sensitivity(case, simulate=simulate, points=512)


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    return analysed(scenario(levers=LEVERS, risks=SLUMP, alternatives=OTHER))


@pytest.fixture(scope="module")
def decided() -> Sensitivity:
    return analysed(scenario(target={"measure": "turnover", "period": 2017, "at_least": 500}))


SVG = "{http://www.w3.org/2000/svg}"


def picture(drawing: Drawing, *lines: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.picture("svg", lines))


def written(drawing: Drawing, *lines: str) -> list[str]:
    """Every piece of text in the picture."""
    return ["".join(node.itertext()) for node in picture(drawing, *lines).iter(f"{SVG}text")]


def placed(drawing: Drawing) -> dict[str, list[tuple[float, float]]]:
    """Where each text stands, within its layer."""
    found: dict[str, list[tuple[float, float]]] = {}
    for node in picture(drawing).iter(f"{SVG}text"):
        spot = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", node.get("transform", ""))
        if spot:
            found.setdefault("".join(node.itertext()), []).append((float(spot[1]), float(spot[2])))
    return found


def bars(drawing: Drawing) -> list[tuple[float, float]]:
    """The left edge and the length of every bar."""
    paths = [
        node.get("d", "")
        for node in picture(drawing).iter(f"{SVG}path")
        if node.get("aria-roledescription") == "bar"
    ]
    drawn = [re.fullmatch(r"M([-\d.]+),[-\d.]+h([-\d.]+)v[-\d.]+h[-\d.]+Z", path) for path in paths]
    return [(float(m[1]), float(m[2])) for m in drawn if m]


# One unknown at a time


def test_the_tornado_shows_the_widest_bars_as_they_were_found(found: Sensitivity) -> None:
    drawing = charts.tornado(found)
    assert len(drawing.rows) == charts.MOST_BARS < len(found.tornado)
    for row, bar in zip(drawing.rows, found.tornado, strict=False):
        assert (row["unknown"], row["meaning"], row["path"]) == (bar.name, bar.meaning, bar.path)
        assert (row["low_probability"], row["high_probability"], row["swing"]) == (
            bar.low.probability,
            bar.high.probability,
            bar.swing,
        )
        assert row["as_it_stands"] == found.result.probability
    assert min(row["swing"] for row in drawing.rows) >= max(
        bar.swing for bar in found.tornado[charts.MOST_BARS :]
    )


def test_the_rest_of_the_tornado_is_there_for_the_asking(found: Sensitivity) -> None:
    assert [row["path"] for row in charts.tornado(found, None).rows] == [bar.path for bar in found.tornado]


def test_the_ends_are_told_in_plain_words_and_judgement_is_flagged(found: Sensitivity) -> None:
    rows = {row["path"]: row for row in charts.tornado(found, None).rows}
    ends = {path: (row["low_value"], row["high_value"]) for path, row in rows.items()}
    assert ends["levers.ventures.enabled"] == ("off", "on")
    assert ends["levers.rules.probability"] == ("no", "yes")
    assert ends["outlook.world"] == ("slump", "boom")
    assert ends["alternatives.other-office"] == ("as declared", "other-office")
    assert rows["outlook.world"]["rests_on"] == rows["levers.ventures.enabled"]["rests_on"] == ""
    assert rows["outlook.trend"]["rests_on"] == "our assumption"
    texts = written(charts.tornado(found))
    flagged = [text for text in texts if text.startswith("our assumption · ")]
    assert len(flagged) == sum(bar.judgement for bar in found.tornado[: charts.MOST_BARS]) > 0


def test_a_source_is_told_from_judgement() -> None:
    levers: dict[str, Any] = {
        "rules": {
            "kind": "custom",
            "percent": {"low": "0%", "likely": "9%", "high": "30%"},
            "sources": {"percent": "a study of 2015"},
            "name": "Rules",
        },
    }
    rows = {
        row["path"]: row["rests_on"] for row in charts.tornado(analysed(scenario(levers=levers)), None).rows
    }
    assert rows["levers.rules.percent"] == "study"


def test_the_picture_of_the_tornado_holds_every_name_and_end_and_its_bars_lie_where_their_numbers_say(
    found: Sensitivity,
) -> None:
    drawing = charts.tornado(found)
    texts = written(drawing, *stamp(found.result))
    for row in drawing.rows:
        assert {row["unknown"], row["low_value"], row["high_value"]} <= set(texts)
    assert drawing.title in texts
    spans = [(min(row[k] for k in ENDS), max(row[k] for k in ENDS)) for row in drawing.rows]
    drawn = bars(drawing)
    assert len(drawn) == len(spans)
    (low, high), (left, length) = spans[0], drawn[0]
    scale = length / (high - low)  # pixels for a probability of one
    for span, bar in zip(spans, drawn, strict=True):
        assert bar == (
            pytest.approx(left + scale * (span[0] - low), abs=0.01),
            pytest.approx(scale * (span[1] - span[0]), abs=0.01),
        )


def test_each_value_stands_at_its_own_end(found: Sensitivity) -> None:
    places = placed(charts.tornado(found))
    turned = 0
    for row in charts.tornado(found).rows:
        (low, high) = (places[row[f"{side}_value"]] for side in ("low", "high"))
        if len(low) == len(high) == 1:
            assert low[0][1] == high[0][1]
            assert (low[0][0] < high[0][0]) is (row["low_probability"] <= row["high_probability"])
            turned += row["low_probability"] > row["high_probability"]
    assert turned


ENDS = ("low_probability", "high_probability", "as_it_stands")


def test_the_description_of_the_tornado_says_what_moves_the_answer_most(found: Sensitivity) -> None:
    first = found.tornado[0]
    assert f"{first.name} from {100 * first.low.probability:.1f} % at " in charts.tornado(found).alt
    assert f"beside {100 * found.result.probability:.1f} % as it stands" in charts.tornado(found).alt


def test_a_decided_target_has_no_bar_that_is_worth_telling(decided: Sensitivity) -> None:
    assert charts.tornado(decided).rows == ()
    assert written(charts.tornado(decided))


# Whose uncertainty it is


def test_the_shares_are_those_found_of_both_spreads(found: Sensitivity) -> None:
    drawing = charts.shares(found)
    rows = {
        (row["unknowns"], row["spread_of"]): (row["alone"], row["with_interplay"]) for row in drawing.rows
    }
    for each in found.shares:
        for spread, share in (("the total, in logs", each.amount), ("hit or miss", each.hit)):
            assert share is not None
            assert rows[each.group.name, spread] == (share.first_order.value, share.total.value)
    assert len(rows) == 2 * len(found.shares)


def test_a_balance_is_not_said_to_be_in_logs() -> None:
    balance = analysed(scenario(SPLIT, {"measure": "balance", "period": 2020, "at_least": 700}))
    assert {row["spread_of"] for row in charts.shares(balance).rows} == {"the total", "hit or miss"}


def test_the_picture_of_the_shares_names_each_group_once_and_shows_both_shares(found: Sensitivity) -> None:
    drawing = charts.shares(found)
    texts = written(drawing)
    assert all(texts.count(each.group.name) == 1 for each in found.shares)
    assert all(row["label"] in texts for row in drawing.rows)
    largest = found.shares[0].amount
    assert largest is not None
    assert f"{100 * largest.first_order.value:.0f} | {100 * largest.total.value:.0f} %" in texts


def test_the_description_of_the_shares_says_whose_is_largest(found: Sensitivity) -> None:
    largest = max(found.shares, key=lambda each: each.amount.total.value if each.amount else 0)
    assert largest.amount is not None
    assert f"{largest.group.name} makes {100 * largest.amount.total.value:.0f} %" in charts.shares(found).alt


def test_nothing_has_a_share_where_nothing_varies(decided: Sensitivity) -> None:
    assert charts.shares(decided).rows == ()


# What is worth knowing


def test_only_what_is_clearly_worth_knowing_is_drawn_with_what_would_be_left(found: Sensitivity) -> None:
    drawing = charts.information(found)
    clear = [each for each in found.information if each.clear]
    assert [row["path"] for row in drawing.rows] == [each.unknown.path for each in clear][
        : charts.MOST_UNKNOWNS
    ]
    for row, each in zip(drawing.rows, clear, strict=False):
        assert row["reduction_points"] == 100 * each.reduction
        assert row["left"] == pytest.approx(
            min(found.result.probability, 1 - found.result.probability) - each.reduction
        )
    texts = written(drawing)
    assert all({row["unknown"], row["how"], row["label"]} <= set(texts) for row in drawing.rows)


def test_the_description_says_what_is_most_worth_knowing(found: Sensitivity) -> None:
    best = next(each for each in found.information if each.clear)
    assert f"{best.unknown.name} {100 * best.reduction:.1f} points" in charts.information(found).alt


def test_the_rows_are_the_csv(found: Sensitivity) -> None:
    for drawing in (charts.tornado(found), charts.shares(found), charts.information(found)):
        read = list(csv.DictReader(io.StringIO(drawing.csv())))
        assert [list(row) for row in read] == [list(row) for row in drawing.rows]


def test_a_name_from_a_file_is_drawn_as_it_is_written() -> None:
    name = "<b>A & B</b> {{datum.x}} $y$"
    levers: dict[str, Any] = {
        "rules": {"kind": "custom", "name": name, "percent": {"low": "0%", "likely": "9%", "high": "30%"}}
    }
    found = analysed(scenario(levers=levers))
    assert name in written(charts.tornado(found))
    assert name in written(charts.shares(found))
