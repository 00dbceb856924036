"""Series of figures: the same as the figures written one by one, and faults at their item. Default tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from simulator import ScenarioError, load_scenario, simulate
from simulator.files.editing import edited
from simulator.files.loading import load_text
from simulator.scenario.ledger import differing
from simulator.scenario.schema import schema
from simulator.values.periods import month_text
from tests.cases import scenario

Row = dict[str, Any]
MONTHS = [round(8 + 0.1 * n + 2 * (n % 3), 1) for n in range(21)]  # January 2017 to September 2018
TEXT = """\
title: A table of months
as_of: 2018-10-31
target: {measure: exports, period: 2020, at_least: 200}
observations:
  - {measure: exports, period: 2016, value: 110.5}
  - measure: exports
    from: 2017-01
    every: month
    values:
      - 8.20
      - null
      - 9.1
"""


def series(values: list[float | None], **more: Any) -> Row:
    return {"measure": "exports", "from": "2017-01", "every": "month", "values": values, **more}


def singles(values: list[float | None]) -> list[Row]:
    periods = [month_text(12 * 2017 + n) for n in range(len(values))]
    stated = zip(periods, values, strict=True)
    return [{"measure": "exports", "period": p, "value": v} for p, v in stated if v is not None]


def answer(rows: list[Row], **fields: Any) -> Row:
    target = {"measure": "exports", "period": 2020, "at_least": 200}
    result = simulate(scenario(rows, target, **fields), points=512).to_dict()
    return {name: result[name] for name in ("probability", "standard_error", "totals", "probability_range")}


@pytest.mark.parametrize("values", [MONTHS, [*MONTHS[:7], None, *MONTHS[8:20], None]])
def test_a_series_is_its_figures_written_out(values: list[float | None]) -> None:
    assert answer([series(values)]) == answer(singles(values))


def test_quarters_and_years_follow_one_another() -> None:
    rows = [
        {"measure": "turnover", "from": 2014, "values": [100, None, 120.5]},
        {"measure": "turnover", "from": "2017-Q1", "values": [30, 31, 29, 35]},
    ]
    periods = {str(figure.period): str(figure.value) for figure in scenario(rows).figures}
    quarters = {f"2017-Q{n}": text for n, text in enumerate(("30", "31", "29", "35"), 1)}
    assert periods == {"2014": "100", "2016": "120.5"} | quarters


def test_sums_over_the_year_so_far_say_what_the_months_say() -> None:
    sums = [round(sum(MONTHS[12 * (n // 12) : n + 1]), 1) if n != 4 else None for n in range(len(MONTHS))]
    rows = scenario([series(sums, cumulative=True)]).figures
    assert [str(figure.period) for figure in rows[:3]] == ["2017-01", "2017-01..2017-02", "2017-Q1"]
    assert str(rows[10].period) == "2017"
    by_sums, by_months = answer([series(sums, cumulative=True)]), answer([series(MONTHS)])
    assert by_sums["probability"] == pytest.approx(by_months["probability"], abs=1e-6)


def test_the_year_so_far_is_the_fiscal_one_where_years_are_fiscal() -> None:
    rows = [
        series([5, 9, 14], cumulative=True) | {"from": "2017-04"},
        {"measure": "imports", "from": "FY2015-16", "values": [5, 6]},
    ]
    case = scenario(rows, fiscal_year_starts=4)
    assert [str(f.period) for f in case.figures] == [
        "2017-04",
        "2017-04..2017-05",
        "2017-Q2",
        "FY2015-16",
        "FY2016-17",
    ]


def test_digits_are_kept_as_printed_and_null_is_not_published() -> None:
    case = load_text(TEXT, "x.yaml").scenario
    assert [str(figure.value) for figure in case.figures] == ["110.5", "8.20", "9.1"]
    assert case.figures[1].value.rounding == pytest.approx(0.005)  # type: ignore[union-attr]


def test_one_value_is_set_and_edited_in_place() -> None:
    case = load_text(TEXT, "x.yaml", ["observations.1.values.1=8.75"]).scenario
    assert [str(figure.value) for figure in case.figures] == ["110.5", "8.20", "8.75", "9.1"]
    written = edited(TEXT, {"observations.1.values.1": 8.75}, "x.yaml")
    assert written == TEXT.replace("- null", "- 8.75")


FAULTS = {
    "- 9.1": ("- nine", "x.yaml:12: observations.1.values.2: found 'nine', expected a number"),
    "- 8.20": ("- -8.2", "x.yaml:10: observations.1.values.0: found -8.2, expected at least 0"),
    "from: 2017-01": (
        "from: 2018-09",
        "x.yaml:12: observations.1.values.2: found an undated figure for 2018-11",
    ),
    "every: month": ("every: year", "x.yaml:12: observations.1.values.2: found an undated figure for 2019"),
    "every: month\n": ("every: week\n", "x.yaml:8: observations.1.every: found 'week', expected one of"),
    "    every: month\n": ("    evry: month\n", "did you mean 'every'?"),
    "measure: exports\n": ("measure: machines\n", "x.yaml:6: observations.1.measure: found 'machines'"),
    "from: 2017-01\n    every: month": (
        "from: 2017-02\n    every: quarter",
        "x.yaml:7: observations.1.from: found 2017-02, in which no quarter begins",
    ),
}


@pytest.mark.parametrize("old", FAULTS)
def test_a_fault_is_at_its_item(old: str) -> None:
    new, message = FAULTS[old]
    with pytest.raises(ScenarioError) as refused:
        load_text(TEXT.replace(old, new), "x.yaml")
    assert message in str(refused.value)


def test_figures_that_contradict_one_another_are_named_by_their_item() -> None:
    from simulator.files.opening import checked

    text = TEXT.replace("  - measure", "  - {measure: exports, period: 2017-Q1, value: 8.0}\n  - measure")
    with pytest.raises(ScenarioError) as refused:
        checked(load_text(text, "x.yaml"))
    assert "x.yaml:11: observations.2.values.0" in str(refused.value)


def test_the_ledger_names_figures_by_period() -> None:
    one, other = scenario([series(MONTHS)]), scenario([series([*MONTHS[:5], 9.9, *MONTHS[6:]])])
    assert [assumption.name for assumption in differing([one, other])] == ["observations.exports 2017-06"]
    assert not differing([one, scenario(singles(MONTHS))])


def test_the_schema_takes_a_series() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    rows = [series([3.5, None]), {"measure": "turnover", "period": 2016, "value": 3}]
    case = {
        "title": "x",
        "as_of": "2018-10-31",
        "target": {"measure": "turnover", "period": 2020, "at_least": 3},
    }
    validator.validate(case | {"observations": rows, "alternatives": {"x": rows[0]}})
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(case | {"observations": [rows[0] | {"vales": 3}]})


def test_the_same_file_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(TEXT, "utf-8")
    assert np.isfinite(simulate(load_scenario(tmp_path / "x.yaml"), points=512).probability)
