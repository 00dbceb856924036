"""Published figures into a scenario's text and out again, to the byte, over layouts. Default tier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.files.loading import load_text
from simulator.files.observing import Observed, observed
from simulator.files.withdrawing import unobserved
from tests.tiers import examples

SHIPPED = sorted((Path(__file__).parent.parent.parent / "scenarios").glob("*.yaml"))
HEAD = "title: A pair  # mine\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2020, at_least: 100}\n"
ROWS = (
    "{measure: turnover, period: 2016, value: 64.9, published: 2017-02-01}",
    "{measure: turnover, period: 2017, value: 70.25, published: 2018-02-01, source: 'a, b'}",
)
FILE = HEAD + "observations:\n" + "".join(f"  - {row}\n" for row in ROWS)
NEW = (  # of the last two one revises the first, one is later than the scenario's day
    {"measure": "turnover", "period": "2018-08", "value": Decimal("7.20"), "published": "2018-10-01"},
    {"measure": "turnover", "period": "2018-08", "value": Decimal("7.25"), "published": "2018-10-20"},
    {"measure": "turnover", "period": "2018-09", "value": 7, "published": "2018-11-20", "source": "x: y"},
)


def add(text: str, *figures: Mapping[str, Any], **changes: Any) -> Observed:
    stated = [dict(figure) | changes for figure in figures]
    return observed(text, [{k: v for k, v in each.items() if v is not None} for each in stated], "s.yaml")


def remove(text: str, figure: Mapping[str, Any]) -> str:
    day = dt.date.fromisoformat(figure["published"])
    return unobserved(text, figure["measure"], figure["period"], "s.yaml", published=day).text


# Layouts

PADS = st.sampled_from(["", "  ", "    ", "      "])
COMMENTS = st.sampled_from(["", "  # why", "\t#\twhy", " # {a: [1"])
BLOCK = (
    "measure: turnover\n  period: 2016\n  value: 64.9{}\n  published: 2017-02-01",
    "measure: turnover\n  # a source\n  period: 2017\n  published: 2018-02-01\n  value: 70.25{}",
    "measure: turnover\n  period: 2017\n  value: 70.25\n  published: 2018-02-01\n  source: |-{}\n    two\n    lines",
)
SERIES = "{{measure: turnover, from: 2016, every: year, values: [64.9, 70.25], published: 2018-02-01}}{}"
ENDS = (
    "",
    "\n",
    "\n\n",
    "\n\n# the end\n",
    "\n  # of it\n",
    "\n      # of it\n",
    "\n\nnotes: mine # x\n",
    "\n...\n",
)


@st.composite
def block_lists(draw: st.DrawFn) -> str:
    pad = draw(st.sampled_from(["", " ", "  ", "    "]))
    head, gap = draw(COMMENTS), draw(st.sampled_from([" ", "   "]))
    lines = [f"observations:{head}"]
    for row in draw(st.lists(st.sampled_from([*ROWS, *BLOCK, SERIES]), min_size=1, max_size=3, unique=True)):
        if draw(st.booleans()):
            lines.append(f"{draw(PADS)}# before")
        if row in ROWS:
            lines.append(f"{pad}-{gap}{row}{draw(COMMENTS)}")
        else:
            parts = row.format(draw(COMMENTS)).split("\n")
            inner = " " * (len(gap) - 1)
            lines += [f"{pad}-{gap}{parts[0]}", *(f"{pad}{inner}{part}" for part in parts[1:])]
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", f"{pad}  # behind", f"{pad}# behind", "# behind"])))
    return "\n".join(lines)


@st.composite
def flow_lists(draw: st.DrawFn) -> str:
    rows = draw(st.lists(st.sampled_from(ROWS), max_size=2, unique=True))
    inside = draw(st.sampled_from(["", " ", "\n  ", " # c\n  "]))
    between = draw(st.sampled_from([", ", ",", ",\n  ", ",  # c\n    ", "\n  , "]))
    comma = draw(st.sampled_from(["", ",", " ,", ",  # c\n"])) if rows else ""
    behind = draw(st.sampled_from(["", " # behind", "  "]))
    return f"observations: [{inside}{between.join(rows)}{comma}{inside}]{behind}"


@st.composite
def texts(draw: st.DrawFn) -> str:
    figures = draw(st.one_of(block_lists(), flow_lists(), st.just("")))
    body = (
        HEAD + figures + draw(st.sampled_from(ENDS)) if figures else HEAD[: -draw(st.integers(0, 1)) or None]
    )
    start = draw(st.sampled_from(["", "\ufeff", "# first\n---\n", "\n"]))
    return (start + body).replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=examples(60, 20), deadline=None)
@given(texts())
def test_what_is_added_leaves_no_trace_when_it_is_taken_out(text: str) -> None:
    steps = [text]
    for figure in NEW:
        done = add(steps[-1], figure)
        assert len(done.new) == 1
        steps.append(done.text)
    lines = iter(steps[-1].splitlines())
    assert "[" in text or all(line in lines for line in text.splitlines()), "a line is lost or moved"
    assert add(text, *NEW).text == steps[-1]
    for figure in reversed(NEW):
        after = steps.pop()
        assert remove(after, figure) == steps[-1]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_on_every_scenario_that_ships(file: Path) -> None:
    text = file.read_bytes().decode()
    loaded = load_text(text, file.name, file=file)
    if "\nobservations:" not in text:
        with pytest.raises(ScenarioError, match=r"figures in what this file extends .* observe .* instead"):
            observed(text, [NEW[0]], file.name, file)
        return
    last = max(
        filter(lambda figure: figure.value, loaded.scenario.figures), key=lambda figure: figure.period.last
    )
    figure = {
        "measure": last.measure,
        "period": str(last.period.shift(last.period.months)),
        "value": round(last.value.digits * 11 / 10) if last.value else None,
        "published": "2027-12-01",
    }
    done = observed(text, [figure], file.name, file)
    assert done.text != text
    assert unobserved(done.text, last.measure, str(figure["period"]), file.name, file).text == text


# What becomes of a figure

ALIKE = {"measure": "turnover", "period": 2017}


def refused(text: str, **figure: Any) -> tuple[int | None, str]:
    done = add(text, ALIKE | figure)
    assert done.text == text
    assert not done.new
    (met,) = (*done.already, *done.refused)
    return met.line, met.words


def test_what_the_file_says_already_is_refused_with_its_line() -> None:
    same = {"value": Decimal("70.25"), "published": "2018-02-01"}
    assert refused(FILE, **same) == (
        6,
        "turnover 2017, 70.25 (published 2018-02-01) is there already, in line 6 of s.yaml",
    )
    assert refused(FILE, **same | {"published": "2018-09-01"})[0] == 6
    series = FILE.replace(f"- {ROWS[1]}", "- {measure: turnover, from: 2017, every: year, values: [70.25]}")
    assert refused(series, **same)[0] == 6


def test_a_figure_that_no_later_day_replaces_is_refused() -> None:
    line, words = refused(FILE, value=71, published="2018-02-01")
    assert line == 6
    assert "contradicts 70.25 in line 6 of s.yaml; a revision has another day of publication" in words
    assert "published on 2018-02-01; say when this one came out" in refused(FILE, value=71)[1]
    undated = FILE.replace(", published: 2018-02-01", "")
    assert (
        "has no day of publication and so never gives way"
        in refused(undated, value=71, published="2018-03-01")[1]
    )
    assert "say of both when they came out" in refused(undated, value=71)[1]


def test_a_figure_that_came_out_again_replaces_what_counted_then() -> None:
    first = add(FILE, ALIKE, value=71, published="2018-03-01")
    assert [met.line for met in first.revised] == [6]
    back = add(first.text, ALIKE, value=Decimal("70.25"), published="2018-04-01")
    assert [met.words for met in back.revised] == [
        "turnover 2017, 70.25 (published 2018-04-01), in place of 71 in line 7 of s.yaml"
    ]
    between = add(back.text, ALIKE, value=Decimal("70.5"), published="2018-02-15")
    assert [met.line for met in between.revised] == [6]
    counted = load_text(between.text, "s.yaml").scenario.counted
    assert [str(figure.value) for figure in counted if figure.period.is_year] == ["64.9", "70.25"]


def test_the_day_of_the_scenario_stays_and_a_later_figure_is_an_actual() -> None:
    done = add(FILE, NEW[2])
    assert "as_of: 2018-10-31" in done.text
    assert done.later == done.added
    before, after = load_text(FILE, "s").scenario, load_text(done.text, "s").scenario
    assert before.counted == after.counted
    assert add(FILE, NEW[0]).later == ()


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (
            {"measure": "turnver"},
            "s.yaml: the new figure, turnver 2018-08, measure: found 'turnver', expected a measure",
        ),
        (
            {"value": "7,2"},
            "s.yaml: the new figure, turnover 2018-08, value: found '7,2', expected a number without a comma",
        ),
        (
            {"published": None, "period": "2018-11"},
            "s.yaml: the new figure, turnover 2018-11, period: found an undated figure",
        ),
        ({"period": "2018-01..2018-06", "value": 200}, "contradicts"),
        ({"value": None, "growth": 44}, "expected a percent"),
    ],
)
def test_a_figure_that_makes_no_scenario_is_refused(figure: dict[str, Any], message: str) -> None:
    text = add(
        FILE, {"measure": "turnover", "period": "2018-01..2018-07", "value": 30, "published": "2018-09-01"}
    ).text
    with pytest.raises(ScenarioError, match=message):
        add(text, NEW[0] | figure)


def test_a_later_figure_that_contradicts_a_later_one_is_refused() -> None:
    text = add(FILE, NEW[2]).text
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:7: observations\.2: found turnover 2018-09 7, which contra"
    ):
        add(
            text, {"measure": "turnover", "period": "2018-08..2018-10", "value": 1, "published": "2018-12-01"}
        )


def test_an_approval_lapses_and_that_is_told() -> None:
    approved = FILE + "approved: {by: The head, on: 2018-11-01}\n"
    done = add(approved, NEW[0])
    assert done.lapsed
    assert "approved" not in done.text
    assert not add(FILE, NEW[0]).lapsed


def test_figures_that_stand_elsewhere_or_in_no_list_are_refused() -> None:
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:4: observations: found one figure that stands in no list"
    ):
        add(f"{HEAD}observations: {ROWS[0]}\n", NEW[0])
    with pytest.raises(ScenarioError, match="found no list of figures, expected one; write observations"):
        add(f"{HEAD}observations:\n", NEW[0])


@pytest.mark.parametrize(
    ("which", "message"),
    [
        (
            {"period": 2015},
            "found no figure of turnover 2015 published on 2018-02-01; of turnover there are 2016, 2017",
        ),
        (
            {"period": 2016, "published": "2018-01-01"},
            r"published on 2018-01-01; it is published: 2017-02-01",
        ),
        ({"measure": "exports"}, "there is none of exports"),
        ({"period": "2017-13"}, "there is no month 13"),
    ],
)
def test_a_figure_that_is_not_there_cannot_be_taken_out(which: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        remove(FILE, {"measure": "turnover", "period": 2017, "published": "2018-02-01"} | which)


def test_of_several_vintages_the_day_says_which_and_of_a_series_none_goes() -> None:
    text = add(FILE, ALIKE, value=71, published="2018-03-01").text
    with pytest.raises(ScenarioError, match=r"s\.yaml:6: .*2 figures .*2018-02-01, 2018-03-01"):
        unobserved(text, "turnover", "2017", "s.yaml")
    series = FILE + "  - {measure: turnover, from: 2018-01, every: month, values: [5, 6]}\n"
    with pytest.raises(ScenarioError, match=r"s\.yaml:7: .* in a series"):
        unobserved(series, "turnover", "2018-02", "s.yaml")


def test_the_last_figure_may_go_and_it_is_said_that_nothing_can_be_answered() -> None:
    gone = unobserved(f"{HEAD}observations: [{ROWS[0]}]\n", "turnover", "2016", "s.yaml")
    assert gone.text == f"{HEAD}observations: []\n"
    assert "found an empty list" in str(gone.fault)
