"""Figures of a table into a scenario's text: in place, comments kept, nothing overwritten unasked. Default tier."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import ScenarioError
from simulator.files.editing import lengthened
from simulator.files.importing import read_table
from simulator.files.loading import load_text
from simulator.files.recording import Draft, Recorded, summary

HEAD = """\
title: A pair  # mine
as_of: 2018-10-31
home: Belarus
partner: Kazakhstan
target: {measure: exports, period: 2020, at_least: 100}
"""
OBSERVED = """\
observations:  # from the office
  # the first
  - {measure: exports, period: 2016, value: 364.9, source: press}  # as printed
  - measure: exports
    period: 2017
    value: 594.4

# the end
notes: mine
"""
TABLE = "Год;Экспорт, млн долл. США\n2015;524,90\n2016;364,9\n2017;594,5\n"


def recorded(scenario: str, table: str = TABLE, *, replace: bool = False, **options: Any) -> Recorded:
    draft = Draft(scenario.encode(), "s.yaml", None)
    statistics = read_table(table.encode(), "t.csv", draft.choices(**options), draft.scale)
    return draft.record(statistics, replace=replace)


def without_sources(text: str) -> str:
    return "\n".join(line.partition(", source: t.csv")[0] for line in text.splitlines()) + "\n"


def test_figures_are_added_behind_those_that_are_there_and_all_else_stays() -> None:
    done = recorded(HEAD + OBSERVED)
    before, after = OBSERVED.split("\n\n")
    added = f"{before}\n  - {{measure: exports, period: 2015, value: 524.90\n\n{after}"
    assert without_sources(done.text) == HEAD + added
    assert (done.added, done.already) == (["exports 2015"], ["exports 2016"])
    assert done.kept == ["exports 2017: 594.4 stays, the table has 594.5"]
    assert summary(done) == "1 figure added, 1 already there, 1 kept as they were"
    source = str(load_text(done.text, "s.yaml").scenario.observations[-1].source)
    assert source.startswith("t.csv (SHA-256 ")
    assert len(source) == len("t.csv (SHA-256 )") + 64


def test_figures_are_replaced_only_where_that_is_asked_for() -> None:
    done = recorded(HEAD + OBSERVED, replace=True)
    assert done.replaced == ["exports 2017: 594.5 in place of 594.4"]
    scenario = load_text(done.text, "s.yaml").scenario
    assert [(str(o.period), str(o.value)) for o in scenario.observations] == [
        ("2016", "364.9"),
        ("2017", "594.5"),
        ("2015", "524.90"),
    ]
    assert "# as printed" in done.text
    assert "# the first" in done.text


def test_figures_of_a_fiscal_year_are_recognised() -> None:
    head = HEAD + "fiscal_year_starts: 4\n"
    observed = "observations:\n  - {measure: exports, period: FY2016-17, value: 364.9}\n"
    table = "Year;Exports, USD million\n2015/16;524.9\n2016/17;364.9\n"
    done = recorded(head + observed, table)
    assert (done.added, done.already) == (["exports 2015-04..2016-03"], ["exports 2016-04..2017-03"])
    again = recorded(done.text, table)
    assert (again.added, again.text) == ([], done.text)


def test_a_second_import_changes_nothing() -> None:
    text = recorded(HEAD + OBSERVED, replace=True).text
    done = recorded(text, replace=True)
    assert done.text == text
    assert done.already == ["exports 2015", "exports 2016", "exports 2017"]


def test_a_draft_without_figures_gets_its_first() -> None:
    done = recorded(HEAD)
    assert without_sources(done.text) == HEAD + "observations:\n" + "".join(
        f"  - {{measure: exports, period: {year}, value: {value}\n"
        for year, value in ((2015, "524.90"), (2016, "364.9"), (2017, "594.5"))
    )


def test_a_single_figure_written_as_a_mapping_becomes_a_list() -> None:
    done = recorded(HEAD + "observations: {measure: exports, period: 2017, value: 594.4}\n")
    assert len(load_text(done.text, "s.yaml").scenario.observations) == 3
    done = recorded(HEAD + "observations: {measure: exports, period: 2017, value: 594.4}\n", replace=True)
    assert "594.4" not in done.text


def test_figures_after_the_scenarios_day_are_kept_for_later_only_with_a_date() -> None:
    table = "Период;Экспорт, млн долл. США\n2018-09;51,2\n2018-10;52,2\n2018-11;53,2\n"
    done = recorded(HEAD + OBSERVED, table)
    assert done.added == ["exports 2018-09", "exports 2018-10"]
    assert done.late == ["exports 2018-11"]
    done = recorded(HEAD + OBSERVED, table, published=dt.date(2018, 12, 20))
    assert done.added == ["exports 2018-09", "exports 2018-10", "exports 2018-11"]
    scenario = load_text(done.text, "s.yaml").scenario
    assert {o.published for o in scenario.observations[2:]} == {dt.date(2018, 12, 20)}
    assert len(scenario.counted) == 2


def test_a_later_publication_of_a_figure_stands_beside_the_first() -> None:
    dated = OBSERVED.replace("value: 594.4", "value: 594.4\n    published: 2018-02-20")
    done = recorded(HEAD + dated, published=dt.date(2018, 6, 20))
    assert "exports 2017" in done.added
    scenario = load_text(done.text, "s.yaml").scenario
    assert [str(o.value) for o in scenario.counted if str(o.period) == "2017"] == ["594.5"]


def test_figures_take_the_scenarios_unit() -> None:
    done = recorded(HEAD + "unit: billion\n" + "observations: {measure: exports, period: 2014, value: 0.5}\n")
    assert [str(o.value) for o in load_text(done.text, "s.yaml").scenario.observations] == [
        *("0.5", "0.52490", "0.3649", "0.5945")
    ]


def test_the_outcome_is_checked_before_it_is_handed_out() -> None:
    streams = "streams: {a: {direction: exports}}\n"
    with pytest.raises(ScenarioError, match="no stream goes that way"):
        recorded(HEAD + streams + OBSERVED, TABLE.replace("Экспорт", "Импорт"))
    with pytest.raises(ScenarioError, match="before the period 2015 is over"):
        recorded(HEAD + OBSERVED, published=dt.date(2015, 3, 1))


def test_a_list_that_would_replace_that_of_another_file_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(HEAD + OBSERVED)
    over = b"extends: base.yaml\n"
    draft = Draft(over, "over.yaml", tmp_path / "over.yaml")
    statistics = read_table(TABLE.encode(), "t.csv", draft.choices(), draft.scale)
    with pytest.raises(ScenarioError, match="observations in what this file extends"):
        draft.record(statistics)
    statistics = read_table(TABLE.encode(), "t.csv", draft.choices(alternative="office"), draft.scale)
    assert without_sources(draft.record(statistics).text).startswith(
        "extends: base.yaml\nalternatives:\n  office:\n    - {measure: exports, period: 2015, value: 524.90"
    )


def test_an_alternative_that_is_there_is_added_to() -> None:
    first = recorded(HEAD + OBSERVED, alternative="office").text
    second = recorded(first, TABLE.replace("2015;524,90", "2014;500,1"), alternative="office")
    assert second.added == ["exports 2014"]
    assert [str(o.period) for o in load_text(second.text, "s.yaml").scenario.alternatives["office"]] == [
        *("2015", "2016", "2017", "2014")
    ]


ITEM = {"a": 1, "b": "x, y"}
LISTS = {
    "lines": ("l:\n  - {a: 1}  # c\n\nm: 1\n", 'l:\n  - {a: 1}  # c\n  - {a: 1, b: "x, y"}\n\nm: 1\n'),
    "dashes at the margin": ("l:\n- a: 1\n  b: 2\nm: 1\n", 'l:\n- a: 1\n  b: 2\n- {a: 1, b: "x, y"}\nm: 1\n'),
    "brackets": ("l: [{a: 1},\n  {a: 2}]\n", 'l: [{a: 1},\n  {a: 2}, {a: 1, b: "x, y"}]\n'),
    "a comma at the end": ("l: [{a: 1},]\n", 'l: [{a: 1}, {a: 1, b: "x, y"},]\n'),
    "no line end": ("l:\n  - {a: 1}", 'l:\n  - {a: 1}\n  - {a: 1, b: "x, y"}'),
    "CRLF": ("l:\r\n  - {a: 1}\r\nm: 1\r\n", 'l:\r\n  - {a: 1}\r\n  - {a: 1, b: "x, y"}\r\nm: 1\r\n'),
    "a comment below": (
        "l:\n  - {a: 1}\n  # d\n# e\n",
        'l:\n  - {a: 1}\n  # d\n  - {a: 1, b: "x, y"}\n# e\n',
    ),
    "none yet": ("m: 1\n", 'm: 1\nl:\n  - {a: 1, b: "x, y"}\n'),
    "an empty one": ("l: []\n", 'l: [{a: 1, b: "x, y"}]\n'),
    "a mapping": ("l: {a: 2}\n", 'l:\n  - {a: 2}\n  - {a: 1, b: "x, y"}\n'),
}


@pytest.mark.parametrize("what", LISTS)
def test_items_are_added_at_the_end_of_a_list(what: str) -> None:
    before, after = LISTS[what]
    assert lengthened(before, {"l": [ITEM]}, "a file") == after
