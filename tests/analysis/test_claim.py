"""Claims and milestones. Default tier."""

from __future__ import annotations

import json
import math
import re

import pytest
from click.testing import CliRunner

from simulator import simulate
from simulator.analysis.claim import claim, read_claim
from simulator.cli import main
from simulator.values.periods import Period
from tests.cases import SPLIT, scenario

FLAGSHIP = "scenarios/belarus-kazakhstan-2020.yaml"


def test_a_claim_is_a_chance_under_the_law() -> None:
    found = claim(scenario(), "turnover 2018 >= 850", simulate=simulate)
    assert found.result.probability == pytest.approx(
        simulate(scenario()).chance("turnover", "2018", at_least=850), abs=0.02
    )
    assert found.outcome is None
    below = claim(scenario(), "exports 2019 at most 600", simulate=simulate)
    assert 0 < below.result.probability < 1


def test_a_claim_is_scored_once_its_outcome_is_published() -> None:
    later = [*SPLIT, {"measure": "turnover", "period": 2018, "value": 840.0, "published": "2019-02-15"}]
    missed = claim(scenario(later), "turnover 2018 >= 1,000", simulate=simulate)
    assert missed.met is False
    assert missed.log_score == pytest.approx(math.log(1 - missed.result.probability))
    met = claim(scenario(later), "turnover 2018 >= 800", simulate=simulate)
    assert met.met is True
    assert met.log_score == pytest.approx(math.log(met.result.probability))


NO_CLAIMS = [
    ("soon", "expected a claim such as"),
    ("turnvr 2018 >= 3", "did you mean 'turnover'"),
    ("turnover 2018-13 >= 3", "month 13"),
]


@pytest.mark.parametrize(("text", "message"), NO_CLAIMS)
def test_what_is_no_claim_is_told(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        claim(scenario(), text, simulate=simulate)
    done = CliRunner().invoke(main, ["claim", FLAGSHIP, text])
    assert done.exit_code == 2
    assert done.stdout == ""


def test_the_verb_answers_people_and_machines() -> None:
    done = CliRunner().invoke(main, ["claim", FLAGSHIP, "turnover 2018 >= 1000"])
    assert "turnover in 2018 is at least $1,000m" in done.stdout
    found = json.loads(
        CliRunner().invoke(main, ["claim", FLAGSHIP, "turnover 2018 >= 1000", "--json"]).stdout
    )
    assert found["claim"] == "turnover 2018 >= 1000"
    assert 0 < found["probability"] < 0.2


def test_paths_that_reach_the_target_pass_higher_milestones() -> None:
    milestones = simulate(scenario()).milestones
    assert [period for period, _, _ in milestones] == [
        "2018-Q4",
        *(f"{y}-Q{q}" for y in (2019, 2020) for q in (1, 2, 3, 4)),
    ]
    assert all(reaching > usual for _, usual, reaching in milestones)
    assert (
        simulate(scenario(target={"measure": "turnover", "period": 2020, "at_least": 10**7})).milestones == ()
    )


@pytest.mark.parametrize(
    "amount", ["1,000", "1 000", "1\u00a0000", "1\u202f000", "1000", "1000.0", "+1,000.00"]
)
def test_a_comma_or_a_blank_stands_between_thousands(amount: str) -> None:
    assert read_claim(scenario(), f"turnover 2018 >= {amount}") == {
        "measure": "turnover",
        "period": Period.parse(2018),
        "at_least": 1000.0,
    }
    assert read_claim(scenario(), f"turnover 2018 \u2265 {amount}")["at_least"] == 1000.0


AMBIGUOUS = [
    ("690,8", "690,8: found a comma that is none between thousands; 690.8 or 6908?"),
    ("10,00", "10.00 or 1000?"),
    ("1,0000", "1.0000 or 10000?"),
    ("1.000,5", "1000.5?"),
    ("1 000,5", "1000.5?"),
    ("20%", "expected an amount in place of '20%'"),
    ("1 00", "expected an amount in plain decimals in place of '1 00'"),
    ("1e3", "expected an amount in plain decimals in place of '1e3'"),
    ("nan", "expected an amount in plain decimals in place of 'nan'"),
    ("-5", "only a balance may be 0 or less"),
]


@pytest.mark.parametrize(("amount", "message"), AMBIGUOUS)
def test_an_amount_that_may_mean_two_things_is_refused_with_both(amount: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_claim(scenario(), f"turnover 2018 >= {amount}")


def test_a_balance_may_be_below_zero() -> None:
    assert read_claim(scenario(), "balance 2018 <= -375")["at_most"] == -375.0
    assert read_claim(scenario(), "balance 2018 at least \u22121,375.5")["at_least"] == -1375.5
    done = CliRunner().invoke(main, ["claim", FLAGSHIP, "balance 2018 <= 375", "--points", "256"])
    assert done.exit_code == 0
    assert "balance in 2018 is at most $375m" in done.stdout


def test_a_claim_on_growth_is_a_target_on_growth() -> None:
    target = read_claim(scenario(), "turnover 2018 growth >= 20%")
    assert (target["growth_at_least"], str(target["period"])) == ("20%", "2018")
    with pytest.raises(ValueError, match="expected a percent"):
        read_claim(scenario(), "turnover 2018 growth >= 20")
