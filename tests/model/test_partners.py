"""Streams with partners: a partner's name is a measure wherever one is named. Default tier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import Scenario, ScenarioError, claim, simulate
from simulator.cli import main
from simulator.files.loading import load_text
from simulator.values.periods import Period

STREAMS = """streams:
  uzbekistan-exports: {direction: exports, partner: Uzbekistan}
  uzbekistan-imports: {direction: imports, partner: Uzbekistan}
  korea-exports: {direction: exports, partner: South Korea}
"""
TEXT = f"""title: A portfolio
as_of: 2019-02-01
home: Kazakhstan
{STREAMS}target: {{measure: turnover, period: 2020, at_least: 420}}
observations:
- {{measure: uzbekistan-exports, period: 2017, value: 100}}
- {{measure: uzbekistan-exports, period: 2018, value: 120}}
- {{measure: Uzbekistan, period: 2017, value: 150}}
- {{measure: Uzbekistan, period: 2018, value: 180}}
- {{measure: South Korea, period: 2017, value: 200}}
- {{measure: South Korea, period: 2018, value: 210}}
levers:
  fair: {{kind: custom, percent: 10%, start: 2019-03, streams: [Uzbekistan]}}
"""


def case(text: str = TEXT) -> Scenario:
    """The portfolio."""
    return load_text(text, "s.yaml").scenario


def test_a_partner_adds_up_its_streams_in_every_draw() -> None:
    flows = simulate(case(), points=512).flows
    for period in map(Period.parse, ("2018", "2020")):
        totals = {
            m: flows.total(m, period).values for m in (*flows.paths.streams.order, "Uzbekistan", "turnover")
        }
        ways = totals["uzbekistan-exports"] + totals["uzbekistan-imports"]
        np.testing.assert_allclose(totals["Uzbekistan"], ways)
        np.testing.assert_allclose(totals["Uzbekistan"] + totals["korea-exports"], totals["turnover"])


def test_a_partner_is_a_measure_of_figures_targets_levers_and_claims() -> None:
    asked = TEXT.replace("{measure: turnover,", "{measure: [Uzbekistan, South Korea],")
    assert simulate(case(asked), points=512).probability == pytest.approx(
        simulate(case(), points=512).probability, abs=0.01
    )
    shares = TEXT.replace("measure: turnover, period: 2020, at_least: 420", SHARE)
    assert 0 < simulate(case(shares), points=512).probability < 1
    for text in ("Uzbekistan 2020 >= 200", "South Korea of turnover 2020 >= 50%"):
        assert 0 < claim(case(), text, points=512).result.probability < 1
    result = simulate(case(), points=512)
    assert result.flows.paths.streams.grid.members["Uzbekistan"] == (0, 1)
    assert result.quantiles("Uzbekistan", "2018", [0.5])[0] == pytest.approx(180)


SHARE = "measure: Uzbekistan, of: turnover, period: 2020, share_at_least: 50%"


def test_tables_and_the_answer_list_each_partner() -> None:
    result = simulate(case(), points=512)
    assert result.listed == ("turnover", "exports", "imports", "Uzbekistan", "South Korea")
    assert list(result.to_dict()["totals"])[-2:] == ["Uzbekistan", "South Korea"]


def test_run_prints_a_line_for_each_partner(tmp_path: Any) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(TEXT)
    output = CliRunner().invoke(main, ["run", str(file), "--points", "512"]).output
    assert "Turnover by partner in 2020" in output
    assert "South Korea" in output.split("by partner", 1)[1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("korea-exports", "which is the id of a stream"),
        ("exports", "which names a total"),
        ("balance", "which names a total"),
        ("A + B", "a plus adds measures up"),
    ],
)
def test_a_partner_that_names_something_else_is_refused(name: str, message: str) -> None:
    text = TEXT.replace("partner: South Korea", f"partner: {name}")
    with pytest.raises(ScenarioError) as refused:
        load_text(text, "s.yaml")
    assert any(message in fault.message and fault.line == 7 for fault in refused.value.faults)


def test_a_partner_misspelt_is_refused_with_the_ones_that_exist() -> None:
    with pytest.raises(ScenarioError, match="South Korea"):
        load_text(
            TEXT.replace("measure: South Korea, period: 2018", "measure: South Corea, period: 2018"), "s"
        )
