"""The answer in words and digits: what is said is what was computed, in any unit, order and direction. Default tier."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import Result, Scenario, compare, mix, report, sensitivity, simulate
from simulator.cli import main
from simulator.report.charts import answer, futures, over_time
from simulator.report.charts import compare as compare_charts
from simulator.report.charts import mix as mix_charts
from simulator.report.charts import sensitivity as matters
from simulator.report.charts.drawing import Drawing
from simulator.report.documents import document
from simulator.report.documents.blocks import Picture, Table
from simulator.report.documents.contents import content
from simulator.report.documents.xlsx import _pattern
from simulator.report.words.answer import _against
from simulator.report.words.sensitivity import sentences as settle_sentences
from simulator.values.numerals import (
    counted,
    decimals,
    exact,
    fixed,
    percent,
    points,
    share,
    span,
    tick_decimals,
)
from simulator.values.periods import Period
from tests.cases import LEVERS, SLUMP, SPLIT, TOTALS_ONLY, scenario

FEW = 256  # points
CHANCY: dict[str, Any] = {
    "chancy": {"kind": "custom", "percent": "60%", "start": "2019-01", "probability": 0.4}
}
FIGURES = ("value", "error")


def in_billions(observations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            key: value / 1000 if key in FIGURES and isinstance(value, float) else value
            for key, value in each.items()
        }
        for each in observations
    ]


BILLIONS = scenario(
    in_billions(SPLIT),
    {"measure": "turnover", "period": 2020, "at_least": 0.69085},
    unit="billion",
    levers={
        "ventures": {
            **LEVERS["ventures"],
            "money": {"low": 0.005, "likely": 0.02, "high": 0.06},
            "cost": 0.2,
        },
        "rules": {**LEVERS["rules"], "cost": 0.01},
    },
    risks=SLUMP,
    alternatives={"other-office": [{"measure": "turnover", "period": 2017, "value": 0.6041}]},
)
SURE = scenario(
    TOTALS_ONLY,
    {"measure": "turnover", "period": 2020, "at_least": 0.5},
    levers={"rules": {**LEVERS["rules"], "cost": 1}},
    alternatives={"other-office": [{"measure": "turnover", "period": 2017, "value": 604.1}]},
)


def ran(path: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["run", str(path), *words])
    assert done.exit_code == 0, done.stderr
    return " ".join(done.stdout.split())


@pytest.fixture
def chancy(tmp_path: Path) -> Path:
    path = tmp_path / "chancy.yaml"
    path.write_text(
        "title: Chancy\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8, growth: 64.8%}\n"
        "levers:\n  chancy: {kind: custom, percent: 60%, start: 2019-01, probability: 0.4}\n"
    )
    return path


# What a lever adds


def test_what_a_lever_adds_is_what_the_median_and_the_mean_lose_without_it() -> None:
    whole = scenario(levers=LEVERS | CHANCY, risks=SLUMP)
    result = simulate(whole, points=FEW)
    for section, found in result.contributions.items():
        for each in found:
            off = {
                key: m if key != each.id else m.model_copy(update={"enabled": False})
                for key, m in getattr(whole, section).items()
            }
            rest = simulate(whole.model_copy(update={section: off}), points=FEW)
            (one,), (other,) = (r.quantiles("turnover", 2020, [0.5]) for r in (result, rest))
            assert each.median_effect == pytest.approx(one - other, rel=1e-6, abs=1e-6)
            means = [r.flows.total("turnover", Period.parse(2020)).values.mean() for r in (result, rest)]
            assert each.mean_effect == pytest.approx(means[0] - means[1], rel=1e-9)


def test_a_lever_that_is_unlikely_still_moves_the_median() -> None:
    (each,) = simulate(scenario(levers=CHANCY)).contributions["levers"]
    change = np.median(
        simulate(scenario(levers=CHANCY)).drawn("turnover", Period.parse(2020))
        - simulate(scenario()).drawn("turnover", Period.parse(2020))
    )
    assert change == 0, "on most paths it does not happen"
    assert each.median_effect > 50
    assert each.mean_effect > each.median_effect


def test_the_head_and_the_value_are_the_same_thing_wherever_it_is_told(chancy: Path, tmp_path: Path) -> None:
    told = json.loads(CliRunner().invoke(main, ["run", str(chancy), "--json"]).stdout)["levers"][0]
    text = ran(chancy, "--out", str(tmp_path / "out"))
    assert "adds to the median adds to the mean percentage points" in text
    assert (
        f"chancy +${told['median_effect']:.0f}m +${told['mean_effect']:.0f}m {told['probability_points']:+.1f}"
        in text
    )
    (row,) = csv.DictReader((tmp_path / "out" / "levers.csv").open())
    assert [float(row[name]) for name in ("median_effect", "mean_effect")] == [
        told["median_effect"],
        told["mean_effect"],
    ]
    sections = content(simulate(scenario([SPLIT[0]], levers=CHANCY))).sections
    (table,) = (
        block
        for section in sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "measures"
    )
    assert [column.head.partition(",")[0] for column in table.columns[2:4]] == list(report.ADDS)
    assert table.rows[0][2:4] == pytest.approx((told["median_effect"], told["mean_effect"]))


def test_a_lever_that_is_off_adds_nothing() -> None:
    (each,) = simulate(
        scenario(levers={"chancy": {**CHANCY["chancy"], "enabled": False}}), points=FEW
    ).contributions["levers"]
    assert (each.median_effect, each.mean_effect, each.probability_points) == (0, 0, 0)


# The next quarter


@pytest.mark.parametrize(
    ("as_of", "last", "expected"),
    [
        ("2018-10-31", "2018-09", "2018-Q4"),
        ("2018-09-30", "2018-06", "2018-Q4"),  # the third ends on that day
        ("2018-09-29", "2018-06", "2018-Q3"),
        ("2018-12-31", "2018-09", "2019-Q1"),
        ("2018-11-30", "2018-11", "2018-Q4"),
        ("2018-10-31", "2015-12", "2018-Q4"),  # not the first of 2016: that is long over
        ("2017-05-01", "2016-12", "2017-Q2"),
    ],
)
def test_the_next_quarter_is_the_first_that_is_not_over_and_has_figures_to_come(
    as_of: str, last: str, expected: str
) -> None:
    figures = [{"measure": "turnover", "period": f"2014-01..{last}", "value": 1000.0}]
    coming = simulate(scenario(figures, as_of=as_of), points=64).next_quarter
    assert str(coming) == expected
    assert coming is not None
    after = coming.last + 1
    assert dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1) > dt.date.fromisoformat(as_of)


def test_no_quarter_is_next_beyond_the_months_of_the_law() -> None:
    over = scenario([SPLIT[0]], {"measure": "turnover", "period": 2017, "at_least": 600}, as_of="2018-03-01")
    result = simulate(over, points=64)
    assert result.next_quarter is None
    assert report.quarter_sentence(result) is None
    assert report.quarter_table(result) == []


QUARTERS = [
    {"measure": "turnover", "period": f"2017-Q{q}", "value": value}
    for q, value in zip((1, 2, 3, 4), (100.0, 110.0, 120.0, 360.0), strict=True)
]


def test_a_quarter_is_said_to_have_made_a_share_of_its_year_only_where_both_are_published() -> None:
    told = {
        "both follow": simulate(scenario(), points=FEW),
        "both published": simulate(scenario(QUARTERS), points=FEW),
        "the quarter alone": simulate(scenario(QUARTERS[3:]), points=FEW),
        "the year alone": simulate(scenario([SPLIT[0]]), points=FEW),
        "long ago": simulate(scenario([{"measure": "turnover", "period": 2015, "value": 610.8}]), points=FEW),
    }
    said = {name: report.quarter_sentence(result) or "" for name, result in told.items()}
    for name, text in said.items():
        assert ("of its year" in text) == name.startswith("both"), (name, text)
        assert ("which is not published" in text) == (name in ("the year alone", "long ago")), (name, text)
        assert ("the model's median of" in text) == ("which is not published" in text)
    assert "the $267m of 2017-Q4: that quarter made 39 % of its year" in said["both follow"]
    assert "the $360m of 2017-Q4: that quarter made 52 % of its year" in said["both published"]
    assert report.quarter_table(told["long ago"])[0]["basis"] == "simulated"
    assert [row["basis"] for row in report.quarter_table(told["both published"])] == [
        "published",
        "simulated",
    ]
    assert report.quarter_table(told["both follow"])[0]["basis"] == "from published"


def test_a_total_behind_the_last_figure_that_no_figure_tells_is_not_called_published() -> None:
    result = simulate(scenario(), points=64)
    rest = {
        p: result.provenance("turnover", Period.parse(p))
        for p in ("2017", "2017-Q4", "2017-Q1", "2018", "2019")
    }
    assert rest == {
        "2017": "published",
        "2017-Q4": "from published",
        "2017-Q1": "simulated",
        "2018": "partly simulated",
        "2019": "simulated",
    }


def test_a_balance_that_is_negative_is_compared_in_money() -> None:
    figures = [
        {"measure": "sold", "period": 2017, "value": 71.3},
        {"measure": "bought", "period": 2017, "value": 539.2},
    ]
    streams = {"sold": {"direction": "exports"}, "bought": {"direction": "imports"}}
    result = simulate(
        scenario(figures, {"measure": "balance", "period": 2020, "at_least": -375}, streams=streams),
        points=FEW,
    )
    assert "a deficit of at most $375m" in report.headline(result)[0]
    assert result.growth_needed is None
    assert re.search(
        r"The median for 2020 is -\$\d+m, \$\d+m below the target\.", " ".join(report.headline(result))
    )
    shown = {"p10": -150.0, "p50": -120.0, "p90": -90.0}
    assert _against(result, shown["p50"], -100.0) == "$20.0m below"
    assert _against(result, 50.4, 50.3) == "about the same as"


# Ceilings, and several targets


def test_a_target_that_must_not_be_exceeded_is_told_as_a_ceiling() -> None:
    result = simulate(
        scenario(target={"measure": "turnover", "period": 2020, "at_most": 1000}, levers=LEVERS), points=FEW
    )
    text = " ".join(report.headline(result))
    assert re.search(r"The median for 2020 is \$\d+m, \$\d+m below the ceiling\.", text)
    assert re.search(r"exceed the ceiling, the typical excess is \$\d+m \(half exceed it by more\)", text)
    assert "It takes" not in text
    assert result.growth_needed is None
    over = simulate(scenario(target={"measure": "turnover", "period": 2020, "at_most": 500}), points=FEW)
    assert "over the ceiling" in report.distances(over)[0]
    assert "stay within the ceiling of $1,000m" in futures.futures(result).alt
    assert any(row["label"] == "ceiling $1,000m" for row in over_time.fan(result).rows)


TWO = [
    {"measure": "turnover", "period": 2019, "at_least": 700},
    {"measure": "exports", "period": 2020, "at_least": 800},
]
THREE = [*TWO, {"measure": "imports", "period": 2020, "at_most": 200}]


@pytest.mark.parametrize("targets", [TWO, THREE], ids=["two", "three"])
def test_the_order_of_targets_in_the_file_changes_nothing_that_is_said(targets: list[dict[str, Any]]) -> None:
    said, numbers = [], []
    for order in itertools.permutations(targets):
        result = simulate(scenario(target=list(order), levers=LEVERS), points=FEW)
        drawings = (over_time.fan(result), futures.futures(result), answer.alternatives(result))
        said.append(
            [
                report.verdict(result),
                *report.headline(result),
                report.quarter_sentence(result),
                *(d.title + d.alt for d in drawings),
            ]
        )
        numbers.append([result.probability, result.shortfall_if_missed, result.growth_needed])
        assert [row["measure"] for row in result.to_dict()["target"]] == [
            target["measure"] for target in order
        ]
    assert all(each == said[0] for each in said)
    for each in numbers:
        assert each == pytest.approx(numbers[0])


def test_the_least_likely_target_leads() -> None:
    result = simulate(scenario(target=TWO), points=FEW)
    own = [result.chance(t["measure"], t["period"], at_least=t["at_least"]) for t in TWO]
    assert own[1] < own[0]
    assert (result.leading.measure, result.target_probabilities[0][1]) == ("exports", pytest.approx(own[1]))
    futures, *text = report.headline(result)
    assert futures.endswith("meet both targets.")
    assert text[0].startswith(
        f"That exports in 2020 are at least $800m is {percent(own[1])} likely by itself: its median is "
    )
    assert text[1].startswith("That turnover in 2019")
    assert text[2].startswith(
        "In the futures that miss the target for exports in 2020, the typical shortfall is "
    )
    alone = simulate(scenario(target=TWO[1]), points=FEW)
    assert result.shortfall_if_missed == pytest.approx(alone.shortfall_if_missed, rel=0.05)
    assert "money: turnover in 2019" in report.losses(result)
    assert "money" not in report.losses(alone)


def test_the_growth_that_is_needed_is_never_minus_zero() -> None:
    def said(amount: float) -> str:
        return " ".join(
            report.headline(
                simulate(
                    scenario(target={"measure": "turnover", "period": 2020, "at_least": amount}), points=64
                )
            )
        )

    assert "It takes no growth from the $691m of 2017." in said(690.7)
    assert "It takes 13.1 % a year from" in said(1000)
    assert "It allows a fall of 5.0 % a year from" in said(690.8 * 0.95**3)


# Digits


def test_a_verdict_that_turns_on_a_digit_shows_it() -> None:
    (row,) = [{"measure": "turnover", "period": 2017, "value": 690.8}]
    target = {"measure": "turnover", "period": 2017, "at_least": 690.85}
    result = simulate(scenario([row], target), points=64)
    assert report.verdict(result) == "0 % to be reached, 100 % to be missed: published figures decide it."
    assert report.distances(result) == ["The total for 2017 is $690.800m, $0.050m below the target."]
    near = simulate(scenario(target={"measure": "turnover", "period": 2020, "at_least": 789.01}), points=FEW)
    middle, gap = re.search(r"is \$([\d.]+)m, \$([\d.]+)m", report.distances(near)[0]).groups()  # type: ignore[union-attr]
    side = 1 if "above" in report.distances(near)[0] else -1
    assert float(middle) - side * float(gap) == pytest.approx(
        789.01, abs=0.6 * 10.0 ** -len(middle.partition(".")[2])
    )
    same = simulate(scenario([row], {**target, "at_least": 690.8}), points=64)
    assert report.distances(same) == ["The total for 2017 is $690.8m, which is the target."]


def test_a_probability_is_not_rounded_up_to_what_is_required_of_it(chancy: Path) -> None:
    own = json.loads(CliRunner().invoke(main, ["run", str(chancy), "--json", "--points", "64"]).stdout)[
        "probability"
    ]
    done = CliRunner().invoke(main, ["run", str(chancy), "--points", "64", "--require", repr(own + 1e-9)])
    assert done.exit_code == 3
    told, required = re.fullmatch(
        r"The probability (\S+) is below the required (\S+)\.\n", done.stderr
    ).groups()
    assert float(told) < float(required) == own + 1e-9


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([789], 0),
        ([12.3], 1),
        ([0.0123], 4),
        ([99.97], 0),
        ([690.81, 690.85], 3),
        ([693, 700], 1),
        ([803, 60.8], 0),
        ([120, 0.068], 2),
        ([5000, 1e-9], 2),
        ([0.010, 0.012, 0.013], 4),
        ([690.8, 690.8 + 1e-12], 0),
        ([1e-13], 6),
        ([0, 0], 0),
        ([float("nan"), 2.5], 2),
        ([], 0),
    ],
)
def test_decimals_are_chosen_from_what_stands_together(amounts: list[float], expected: int) -> None:
    assert decimals(amounts) == expected


def test_numbers_are_written_as_people_read_them() -> None:
    assert [fixed(-0.001, 2, sign=True), fixed(-0.04, 1), fixed(-1234.56, 1), fixed(3, 0, sign=True)] == [
        "0.00",
        "0.0",
        "-1,234.6",
        "+3",
    ]
    assert [points(-0.04), points(0.36), points(-2.005, 2)] == ["0.0", "+0.4", "-2.00"]
    assert [exact(690.85), exact(1000.0), exact(1e-6), exact(-500.0), exact(0.1 + 0.2), exact(1e15)] == [
        *("690.85", "1,000", "0.000001", "-500", "0.3", "1,000,000,000,000,000")
    ]
    assert [counted(1, "other figure"), counted(0, "month"), counted(2, "month")] == [
        "1 other figure",
        "0 months",
        "2 months",
    ]
    assert [
        tick_decimals([0, 3.2]),
        tick_decimals([0, 0.04]),
        tick_decimals([0, 3000]),
        tick_decimals([5.0]),
    ] == [1, 3, 0, 2]


def test_only_what_figures_decide_is_certain() -> None:
    assert [percent(p, decided=True) for p in (0, 1, 0.99999)] == ["0 %", "100 %", "more than 99.99 %"]
    assert [percent(p, 1) for p in (0, 0.0004, 0.2822, 0.9996, 0.99996, 1)] == [
        *("less than 0.01 %", "0.04 %", "28.2 %", "99.96 %", "more than 99.99 %", "more than 99.99 %")
    ]
    assert [share(1.0), share(0.99999), share(0.25)] == ["100 %", "more than 99.99 %", "25 %"]
    for p in np.linspace(0, 1, 20_001):
        for digits in (0, 1, 2):
            text = percent(float(p), digits)
            assert not re.match(r"(100|0)(\.0+)? %", text), (p, digits, text)


def test_a_range_whose_ends_are_words_reads_as_one() -> None:
    assert span(0, 0.3) == "less than 0.01 % to 30 %"
    assert span(0.9995, 1) == "99.95 % to more than 99.99 %"
    assert span(0, 1) == "less than 0.01 % to more than 99.99 %"
    assert span(1, 1) == "more than 99.99 %"
    assert span(1, 1, decided=True) == "100 %"


CERTAINTY = re.compile(r"(?<![\d.,])(100|0)(\.0+)? %(?! (?:growth|in place))")


def sentences(case: Scenario) -> Iterator[str]:
    """What the documents say of a case, without its assumptions, which are a file's own words."""
    for section in content(simulate(case, points=FEW)).sections:
        if section.title.startswith(("Assumptions", "Published", "Other readings")):
            continue
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (cell for _, rows in block.groups() for row in rows for cell in row)
            yield (
                block.drawing.alt + block.drawing.title + " ".join(block.stamp)
                if isinstance(block, Picture)
                else block
                if isinstance(block, str)
                else ""
            )
    result = simulate(case, points=FEW)
    yield from [report.verdict(result), *report.headline(result)]


def test_no_text_rounds_a_probability_to_certainty(tmp_path: Path) -> None:
    told = [*sentences(SURE), *settle_sentences(sensitivity(SURE, points=FEW))]
    told += [
        drawing.alt + str(drawing.rows)
        for drawing in (
            matters.tornado(sensitivity(SURE, points=FEW)),
            mix_charts.frontier(mix(SURE, points=FEW)),
        )
    ]
    found = compare({"A": SURE, "B": SURE.changed(title="B", outlook={"trend": 0.02})}, points=FEW)
    told += [
        drawing.alt + str(drawing.rows)
        for drawing in (compare_charts.dots(found), compare_charts.waterfall(found, found.differences[0]))
    ]
    told += [*report.note_sentences(found), report.difference_sentence(found, found.differences[0])]
    path = tmp_path / "sure.yaml"
    path.write_text(
        "title: Sure\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 0.5}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8}\n"
        "levers:\n  b: {kind: custom, percent: 5%, start: 2019-01, cost: 1}\n"
    )
    for words in (["run", "-v"], ["solve"], ["mix", "--slip", "1"], ["sensitivity"], ["discover"]):
        told.append(CliRunner().invoke(main, [words[0], str(path), *words[1:], "--points", "256"]).stdout)
    told.append(CliRunner().invoke(main, ["compare", str(path), str(path), "--points", "256"]).stdout)
    assert "slips by 1 month" in told[-4]
    for text in told:
        assert not CERTAINTY.search(text), CERTAINTY.search(text)
        assert not re.search(
            r"(?<![\d.])-0(\.0+)?(?![\d.])|\b1 (other figures|figures|months|sets|values|measures|points)\b",
            text,
        ), text
    result = simulate(SURE, points=FEW)
    assert 0.99999 < result.probability <= 1
    assert report.verdict(result).startswith("More than 99.99 % to be reached (")


def test_a_decided_target_is_certain_and_says_so_everywhere() -> None:
    decided = SURE.changed(
        target={"measure": "turnover", "period": 2017, "at_least": 690.75}, alternatives={}
    )
    result = simulate(decided, points=64)
    assert report.verdict(result).startswith("100 % to be reached, 0 % to be missed")
    assert (
        report.probability(result, 2)
        == report.without_levers(result)
        == report.alternatives_span(result)
        == "100 %"
    )
    assert not any("99.99" in text for text in sentences(decided))


@pytest.mark.parametrize(
    ("cell", "form", "pattern"),
    [
        (0.2822, "probability", "0.0%"),
        (0.99996, "probability", '"more than 99.99 %"'),
        (0.9996, "probability", "0.00%"),
        (1.0, "decided", "0%"),
        (-0.001, "points", "#,##0.0;#,##0.0"),
        (-0.126, "points", "+#,##0.0;-#,##0.0;#,##0.0"),
        (0.0123, "money", "#,##0.0000"),
        (-0.00001, "change", "#,##0.0000;#,##0.0000"),
    ],
)
def test_a_workbook_shows_a_number_as_the_other_documents_do(cell: float, form: Any, pattern: str) -> None:
    assert _pattern(cell, form, 4) == pattern


# A hundred futures

FUTURES: dict[str, dict[str, Any]] = {
    "at least": {"target": {"measure": "turnover", "period": 2020, "at_least": 1000}},
    "at most": {"target": {"measure": "turnover", "period": 2020, "at_most": 700}},
    "a balance": {"target": {"measure": "balance", "period": 2020, "at_least": 500}},
    "a negative balance at most": {"target": {"measure": "balance", "period": 2020, "at_most": -10}},
    "a part of a year, a plain share": {
        "target": {"measure": "turnover", "period": "2018-Q3..2018-Q4", "at_least": 380}
    },
    "two": {"target": TWO},
    "nearly sure": {"target": {"measure": "turnover", "period": 2020, "at_least": 1}},
    "hardly": {"target": {"measure": "turnover", "period": 2020, "at_least": 10**7}},
    "levers and a slump": {
        "target": {"measure": "exports", "period": 2019, "at_least": 600},
        "levers": LEVERS,
        "risks": SLUMP,
    },
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", FUTURES)
def test_no_dot_of_the_hundred_futures_stands_on_the_wrong_side_of_the_line(name: str, seed: int) -> None:
    result = simulate(scenario(**FUTURES[name]), points=64, seed=seed)
    target, own = result.target_probabilities[0]
    rows = futures.futures(result).rows
    reaching = [row for row in rows if row["outcome"] == futures.OUTCOMES[True]]
    assert len(rows) == 100
    assert len(reaching) == int(f"{100 * own:.0f}")
    for row in rows:
        hit = row in reaching
        met = row["total"] >= target.amount if target.at_least is not None else row["total"] <= target.amount
        assert met == hit, row
        right = row["place"] > target.amount
        assert right == (hit == (target.at_least is not None)), row
    totals = [row["total"] for row in rows]
    assert totals == sorted(totals)


# Any unit


@cache
def billions() -> Result:
    return simulate(BILLIONS, points=FEW)


def drawings() -> dict[str, Drawing]:
    result, low = billions(), BILLIONS.changed(title="Lower", outlook={"trend": 0.02})
    found = compare({"A": BILLIONS, "B": low}, points=FEW)
    analysed = sensitivity(BILLIONS, points=FEW)
    return {
        "fan": over_time.fan(result),
        "fan by quarter": over_time.fan(result, "imports", "quarter"),
        "futures": futures.futures(result),
        "waterfall": answer.waterfall(result),
        "alternatives": answer.alternatives(result),
        "dots": compare_charts.dots(found),
        "bands": compare_charts.bands(found),
        "gap": compare_charts.waterfall(found, found.differences[0]),
        "tornado": matters.tornado(analysed),
        "shares": matters.shares(analysed),
        "frontier": mix_charts.frontier(mix(BILLIONS, points=FEW)),
    }


def test_every_tick_of_every_axis_has_a_label_of_its_own_in_billions() -> None:
    for name, drawing in drawings().items():
        svg = ElementTree.fromstring(drawing.picture("svg"))
        groups = [
            g for g in svg.iter("{http://www.w3.org/2000/svg}g") if "role-axis-label" in g.get("class", "")
        ]
        assert groups or name == "tornado", name
        for group in groups:
            labels = [
                t.text
                for t in group.iter("{http://www.w3.org/2000/svg}text")
                if t.text and t.get("opacity") != "0"
            ]
            quarters = any(label.startswith("Q") for label in labels)
            assert len(set(labels)) == len(labels) or quarters, (name, labels)


def test_amounts_in_billions_are_told_apart_in_words_tables_and_tips() -> None:
    result = billions()
    text = " ".join([*report.headline(result), report.quarter_sentence(result) or "", report.verdict(result)])
    amounts = re.findall(r"\$([\d.,]+)bn", text)
    assert "0.69085" in amounts
    assert all(len(amount.replace(".", "").strip("0")) >= 2 for amount in amounts), amounts
    for section in content(simulate(BILLIONS, points=FEW)).sections:
        for block in section.blocks:
            if isinstance(block, Table) and block.name in ("years", "measures", "milestones"):
                for place, column in enumerate(block.columns):
                    if column.form in ("money", "change"):
                        digits = block.digits(place)
                        cells = [row[place] for row in block.rows if isinstance(row[place], float)]
                        assert all(round(cell, digits) != 0 for cell in cells if abs(cell) > 1e-4), (
                            block.name,
                            column.head,
                        )
    tips = json.dumps(over_time.fan(result).form)
    assert '"format": ",.0f"' not in tips
    assert '"format": ",f"' in tips


def test_the_axes_of_a_workbooks_charts_have_decimals_in_billions() -> None:
    book = zipfile.ZipFile(io.BytesIO(document(simulate(BILLIONS, points=FEW), "xlsx")))
    charts = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/")}
    fan, futures = (
        next(part for part in charts.values() if sign in part) for sign in ("areaChart", "scatterChart")
    )
    for part in (fan, futures):
        assert re.search(r'<c:numFmt formatCode="#,##0\.0+"', part)
    whole = zipfile.ZipFile(io.BytesIO(document(simulate(scenario(), points=64), "xlsx")))
    assert 'formatCode="#,##0"' in next(
        part
        for name in whole.namelist()
        if "charts/" in name and "areaChart" in (part := whole.read(name).decode())
    )
