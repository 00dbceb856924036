"""What levers take, as files, words of --set, edits in place and editors have it. Default tier."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from simulator.errors import ScenarioError
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.scenario.parameters import knobs, written
from simulator.scenario.schema import schema

TEXT = """\
title: A case
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 1000}
observations:
  - {measure: exports, period: 2017, value: 610.8}
  - {measure: imports, period: 2017, value: 80.0}
levers:
  fx:
    kind: custom
    percent: {low: 2%, likely: 6%, high: 30%}
    start: 2019-01-15   # in force
    streams: {exports: 1, imports: -0.5}   # of one draw
    together: {group: oil, correlation: 0.8}
  contract:
    kind: custom
    requires: fx
    quota: 50
    money:
      2020-01..2020-06: 5   # signed
      2020-H2: {low: 8, likely: 12, high: 20}
      2021: 30
    streams: [exports]
risks:
  stop: {kind: disruption, yearly_probability: 10%, depth: 100%}
"""


def with_line(old: str, new: str) -> str:
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "imports: -0.5}",
            "imprts: -0.5}",
            ":12: levers.fx.streams.imprts: found 'imprts', expected a stream",
        ),
        (
            "imports: -0.5}",
            "imports: half}",
            ":12: levers.fx.streams.imports: found 'half', expected a number",
        ),
        (
            "start: 2019-01-15",
            "start: 2019-02-30",
            ":11: levers.fx.start: found '2019-02-30', expected a day",
        ),
        (
            "2020-H2:",
            "2020-H3:",
            ":20: levers.contract.money.2020-H3: found '2020-H3': there is no half-year 3",
        ),
        (
            "2020-H2:",
            "2020-Q2:",
            ":20: levers.contract.money.2020-Q2: found 2020-Q2, which shares months with",
        ),
        ("2021: 30", "2021: 30%", ":21: levers.contract.money.2021: found '30%', expected a number without"),
        (
            "requires: fx",
            "requires: fy",
            ":16: levers.contract.requires: found 'fy', expected a lever or risk",
        ),
        (
            "requires: fx",
            "requires: contract",
            ":16: levers.contract.requires: found contract, which leads back",
        ),
        ("quota: 50", "quota: -1", ":17: levers.contract.quota: found -1, expected at least 0"),
        ("correlation: 0.8", "correlation: 80%", ":13: levers.fx.together.correlation: found '80%'"),
        ("depth: 100%", "depth: 101%", ":24: risks.stop.depth: found 101%, expected from 0% to 100%"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_else(old: str, new: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_text(with_line(old, new), "a file")
    lines = str(error.value).splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_words_of_set_change_and_add_items() -> None:
    words = ["levers.fx.streams.imports=-1", "levers.contract.money.2020-01..2020-06=6"]
    words += ["levers.contract.money.2022=7", "levers.contract.money.2021=null", "levers.fx.start=2019-03-02"]
    levers = load_text(TEXT, "a file", settings=words).scenario.levers
    assert levers["fx"].streams == {"exports": 1, "imports": -1}
    assert levers["fx"].start is not None
    assert levers["fx"].start.written() == "2019-03-02"
    money: Any = levers["contract"].money
    assert {key: amount.main for key, amount in money.items()} == {
        "2020-01..2020-06": 6,
        "2020-H2": 12,
        "2022": 7,
    }


def test_every_knob_is_written_where_it_stands_and_all_else_stays() -> None:
    scenario = load_text(TEXT, "a file").scenario
    paths = {"levers.fx.streams.imports": -0.25, "levers.contract.money.2021": 31.0}
    paths |= {"levers.contract.money.2020-01..2020-06": 6.0, "levers.contract.quota": 40.0}
    assert paths.keys() <= {knob.path for knob in knobs(scenario)}
    text = edited(TEXT, written(scenario, paths), "a file")
    expected = TEXT.replace("imports: -0.5", "imports: -0.25").replace("2021: 30", "2021: 31")
    expected = expected.replace("2020-06: 5 ", "2020-06: 6 ").replace("quota: 50", "quota: 40")
    assert text.replace("-0.250", "-0.25").replace(".0", "") == expected.replace(".0", "")


def test_a_file_that_was_written_back_says_the_same() -> None:
    scenario = load_text(TEXT, "a file").scenario
    dumped = scenario.model_dump(exclude_unset=True)
    assert type(scenario).model_validate(dumped) == scenario


def test_editors_know_weights_periods_and_days() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    base = {
        "title": "A case",
        "as_of": "2018-10-31",
        "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
        "observations": [{"measure": "turnover", "period": 2017, "value": 610.8}],
    }

    def valid(**fields: Any) -> bool:
        return validator.is_valid(base | {"levers": {"one": {"kind": "custom"} | fields}})

    assert valid(percent="5%", streams={"exports": 1, "imports": -0.5}, start="2019-05-15")
    assert valid(money={"2020-H1": 5, "2021": {"low": 1, "likely": 2, "high": 3}}, requires="other", quota=5)
    assert valid(money=5, streams=["exports"], together={"group": "g", "correlation": 0.5})
    assert not valid(percent="5%", streams={"exports": "much"})
    assert not valid(money={"2020-H3": 5})
    assert not valid(money=5, start="2019-05-32")
    assert not valid(money=5, together={"group": "g"})
