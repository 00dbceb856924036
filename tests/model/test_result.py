"""The answer's parts against each other and against conservation laws. Default tier."""

from __future__ import annotations

import dataclasses
import gc
import json
import time
import weakref
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import BeforeValidator

from simulator import Scenario, caches, load_scenario, simulate
from simulator.model.law import fit
from simulator.model.result import fingerprint
from simulator.report import money, to_csv, verdict
from simulator.scenario import Target
from simulator.values.fields import read_some
from simulator.values.numerals import percent, span
from simulator.values.periods import Period
from tests.cases import LEVERS, SLUMP, SPLIT, scenario


def test_the_shortfall_is_the_median_of_the_missing_money() -> None:
    result = simulate(scenario(levers=LEVERS), points=2**15)
    values = result.flows.total("turnover", scenario().target[0].period).values
    assert result.shortfall_if_missed == pytest.approx(np.median(1000 - values[values < 1000]), rel=0.02)
    most = simulate(scenario(target={"measure": "turnover", "period": 2020, "at_most": 700}))
    assert most.shortfall_if_missed is not None
    assert most.shortfall_if_missed > 0


def test_at_least_and_at_most_sum_to_one() -> None:
    targets = [{"measure": "turnover", "period": 2020, side: 900} for side in ("at_least", "at_most")]
    assert sum(simulate(scenario(target=t)).probability for t in targets) == pytest.approx(1, abs=1e-12)


def test_growth_needed_counts_from_the_last_published_year() -> None:
    assert simulate(scenario()).growth_needed == pytest.approx((1000 / 690.8) ** (1 / 3) - 1)
    monthly = [{"measure": "turnover", "period": f"2017-{m:02d}", "value": 50.0} for m in range(1, 13)]
    assert simulate(scenario(monthly)).growth_needed == pytest.approx((1000 / 600) ** (1 / 3) - 1)
    assert simulate(scenario([SPLIT[1]])).growth_needed is None
    assert (
        simulate(scenario(target={"measure": "turnover", "period": "2020-Q4", "at_least": 300})).growth_needed
        is None
    )


def test_later_publications_are_actuals_and_the_latest_known_counts() -> None:
    vintages = [
        {"measure": "turnover", "period": 2017, "value": 650.0, "published": "2018-02-01"},
        {"measure": "turnover", "period": 2017, "value": 690.8, "published": "2018-06-01"},
        {"measure": "turnover", "period": 2018, "value": 800.0, "published": "2019-02-15"},
    ]
    result = simulate(scenario(vintages))
    assert result.quantiles("turnover", "2017", [0.5])[0] == pytest.approx(690.8)
    assert result.quantiles("turnover", "2018", [0.1])[0] < 800
    assert len(result.notes) == 4
    assert simulate(scenario(vintages, as_of="2019-03-01")).quantiles("turnover", "2018", [0.1])[
        0
    ] == pytest.approx(800)


def test_the_range_names_each_alternative_and_spares_what_is_stated() -> None:
    result = simulate(
        scenario(
            alternatives={"lower": [{"measure": "turnover", "period": 2017, "value": 604.1}]},
            outlook={"trend": 0.04},
        )
    )
    names = [name for name, _ in result.probability_range.sources]
    assert names[0] == "as stated"
    assert names[-1] == "lower"
    assert not {"lower trend", "higher trend"} & set(names)
    assert result.probability_range.low <= result.probability <= result.probability_range.high


def test_a_trend_given_as_a_range_widens_the_years_ahead_and_keeps_the_median() -> None:
    plain, wide = (
        simulate(scenario(outlook={"trend": t})) for t in (0.04, {"low": -0.06, "likely": 0.04, "high": 0.14})
    )
    a, b = (r.quantiles("turnover", "2020", [0.1, 0.5, 0.9]) for r in (plain, wide))
    assert b[1] == pytest.approx(a[1], rel=0.01)
    assert b[2] / b[0] > a[2] / a[0]


def test_any_period_of_the_grid_can_be_asked_for_and_no_other() -> None:
    result = simulate(scenario())
    assert result.quantiles("turnover", "2018-01..2018-09", [0.1, 0.5, 0.9]) == pytest.approx([610.5] * 3)
    for period in ("2015", "2021", "2015..2018"):
        with pytest.raises(ValueError, match=r"expected months within 2016\.\.2020"):
            result.quantiles("turnover", period, [0.5])
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        result.quantiles("turnover", "2020", [0, 0.5])
    with pytest.raises(ValueError, match="found measure 'services'"):
        result.chance("services", "2020", at_least=1)
    with pytest.raises(ValueError, match="one of them"):
        result.chance("turnover", "2020")


def test_a_balance_is_preintegrated_or_says_that_it_is_not() -> None:
    result = simulate(scenario(target={"measure": "balance", "period": 2020, "at_least": 500}))
    assert result.standard_error < 0.002
    assert not any("plain share" in note for note in result.notes)
    partial = simulate(
        scenario(target={"measure": "turnover", "period": "2018-Q3..2018-Q4", "at_least": 380})
    )
    assert any("plain share" in note for note in partial.notes)


def test_a_scenario_needs_only_four_fields() -> None:
    found = Scenario.model_validate(
        {
            "title": "Least",
            "as_of": "2018-10-31",
            "target": {"measure": "turnover", "period": 2019, "at_least": 700},
            "observations": [{"measure": "turnover", "period": 2017, "value": 690.8}],
        }
    )
    assert 0.3 < simulate(found).probability < 0.7


def test_a_seed_of_zero_is_a_seed() -> None:
    assert simulate(scenario(), seed=0).probability != simulate(scenario(), seed=1).probability
    with pytest.raises(ValueError, match="seed"):
        simulate(scenario(), seed=-1)


def test_risks_stay_on_without_levers() -> None:
    result = simulate(scenario(levers=LEVERS, risks=SLUMP))
    assert result.probability_without_levers == pytest.approx(
        simulate(scenario(risks=SLUMP)).probability, abs=0.001
    )
    assert result.probability_without_levers < simulate(scenario()).probability


@pytest.mark.parametrize(
    ("probability", "share"),
    [
        (0.0, "less than 0.01 %"),
        (0.00001, "less than 0.01 %"),
        (0.0006, "0.06 %"),
        (0.2546, "25 %"),
        (0.9996, "99.96 %"),
        (1.0, "more than 99.99 %"),
    ],
)
def test_chances_in_percent(probability: float, share: str) -> None:
    assert percent(probability) == share


def test_money_and_ranges_in_words() -> None:
    result = simulate(scenario(), points=16)
    assert money(result, 1000) == "$1,000m"
    assert money(result, -3.21, sign=True) == "-$3.21m"
    assert money(result, -1e-9, sign=True) == "$0.000000m"
    assert money(simulate(scenario(currency="RUB", unit="billion"), points=16), 12.34) == "12.3 billion RUB"
    assert span(0.15, 0.31) == "15-31 %"
    assert span(0.251, 0.252) == "25 %"
    assert "to be reached (" in verdict(result)
    assert verdict(result).endswith("to be missed.")


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    assert to_csv([{"name": "=1+1", "x": -2.5}]) == "name,x\n'=1+1,-2.5\n"


def test_what_charts_show_is_what_totals_are_made_of() -> None:
    result = simulate(scenario(levers=LEVERS, risks=SLUMP))
    for measure in ("turnover", "exports", "imports"):
        for period in ("2018", "2019", "2020-Q2", "2018-Q4", "2017"):
            own = result.flows.total(measure, Period.parse(period)).values
            np.testing.assert_allclose(result.drawn(measure, Period.parse(period)), own, rtol=1e-10)
    np.testing.assert_allclose(
        np.quantile(result.drawn("turnover", Period.parse(2020)), 0.5),
        result.quantiles("turnover", 2020, [0.5]),
        rtol=0.01,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"levers": {**LEVERS, "rules": LEVERS["rules"] | {"probability": 0.3}}},
        {"levers": {key: lever for key, lever in LEVERS.items() if key != "rules"}},
        {"outlook": {"trend": 0.09, "random_walk": 0.25}},
        {"target": {"measure": "exports", "period": 2019, "at_least": 500}},
        {
            "streams": {
                "machines": {"direction": "exports", "share": "30%"},
                "others": {"direction": "exports"},
                "bought": {"direction": "imports"},
            }
        },
    ],
    ids=["a lever", "a lever less", "outlook", "target", "streams"],
)
def test_a_change_gives_the_same_answer_whether_the_rest_was_kept_or_not(change: dict[str, Any]) -> None:
    def answered(case: Scenario) -> dict[str, Any]:
        answer = simulate(case, points=256).to_dict()
        return {key: value for key, value in answer.items() if key != "elapsed_seconds"}

    one, other = (
        scenario(levers=LEVERS, risks=SLUMP),
        scenario(**{"levers": LEVERS, "risks": SLUMP, **change}),
    )
    warm = [answered(case) for case in (one, other, one)]
    cold = []
    for case in (one, other):
        caches.forget()
        fit.cache_clear()
        cold.append(answered(case))
    assert warm == [cold[0], cold[1], cold[0]]


def test_an_answer_that_nobody_holds_is_gone_at_once() -> None:
    """Answers are large: one that waits for Python's search for circles would take a server's memory."""
    result = simulate(scenario(levers=LEVERS, risks=SLUMP))
    assert result.to_dict()["levers"]
    held = weakref.ref(result)
    gc.disable()
    try:
        del result
        assert held() is None
    finally:
        gc.enable()


def test_a_quantile_that_was_told_before_is_told_again_whatever_was_done_to_it() -> None:
    total = simulate(scenario()).flows.total("turnover", scenario().target[0].period)
    levels = np.array([0.9, 0.5])
    told = total.quantile(levels)
    first = told.copy()
    told[:] = 0
    assert np.array_equal(total.quantile(levels), first)
    assert total.quantile(levels[::-1]) == pytest.approx(first[::-1])
    for level in np.linspace(0.1, 0.8, 40):
        assert total.quantile([level])[0] < first[0]


class NewTarget(Target):
    """A target as a later version may know it."""

    tolerance: float = 0.05


class NewScenario(Scenario):
    """A scenario as a later version may know it."""

    target: Annotated[tuple[NewTarget, ...], BeforeValidator(read_some)]  # type: ignore[assignment]
    region: str | None = "all"


RAW: dict[str, Any] = {
    "title": "A case",
    "as_of": "2018-10-31",
    "target": {"measure": "turnover", "period": 2020, "at_least": 1000},
    "observations": SPLIT,
    "levers": LEVERS,
    "risks": SLUMP,
}


def test_a_new_field_with_a_default_changes_no_fingerprint() -> None:
    old, new = Scenario.model_validate(RAW), NewScenario.model_validate(RAW)
    assert new.region == "all"
    assert fingerprint(new) == fingerprint(old)
    assert fingerprint(NewScenario.model_validate({**RAW, "region": "Minsk"})) != fingerprint(old)
    stated = {**RAW, "target": {**RAW["target"], "tolerance": 0.1}}
    assert fingerprint(NewScenario.model_validate(stated)) != fingerprint(old)


def test_scenarios_that_resolve_alike_share_a_fingerprint_and_no_others(tmp_path: Path) -> None:
    listed = {**RAW, "target": [dict(reversed(RAW["target"].items()))]}
    assert fingerprint(Scenario.model_validate(listed)) == fingerprint(scenario(levers=LEVERS, risks=SLUMP))
    (tmp_path / "base.json").write_text(json.dumps({**RAW, "title": "Base", "levers": {}}), "utf-8")
    overlay = {"extends": "base.json", "title": RAW["title"], "levers": LEVERS}
    (tmp_path / "overlay.json").write_text(json.dumps(overlay), "utf-8")
    assert fingerprint(load_scenario(tmp_path / "overlay.json")) == fingerprint(Scenario.model_validate(RAW))
    changes: list[dict[str, Any]] = [
        {"title": "Another"},
        {"as_of": "2018-11-30"},
        {"target": {**RAW["target"], "at_least": 1000.0000001}},
        {"levers": {**LEVERS, "rules": {**LEVERS["rules"], "percent": {"mean": "3%", "sd": "2.0000001%"}}}},
        {"outlook": {"trend": 0.04}},
        {"outlook": {"world": "normal"}},
        {"currency": "USD"},  # what is stated stays as it is when defaults change
    ]
    marks = [fingerprint(Scenario.model_validate({**RAW, **change})) for change in [{}, *changes]]
    assert len(set(marks)) == len(marks)


def test_the_seconds_of_an_answer_are_those_of_all_that_was_asked_of_it() -> None:
    begun = time.perf_counter()
    result = simulate(scenario(levers=LEVERS), points=64, seed=11)
    headline = time.perf_counter() - begun
    seconds = result.to_dict()["elapsed_seconds"]
    assert headline < seconds < time.perf_counter() - begun
    assert result.to_dict()["elapsed_seconds"] == seconds
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.begun = 0.0  # type: ignore[misc]


def test_quantiles_of_what_is_counted_by_paths_are_its_least_amounts() -> None:
    result = simulate(scenario(levers=LEVERS), points=256)
    period = Period.parse("2020")
    assert not result.flows.total("balance", period).smooth
    levels = np.linspace(0.004, 0.996, 63)
    for level, amount in zip(levels, result.quantiles("balance", period, levels), strict=True):
        below = result.chance("balance", period, at_most=float(np.nextafter(amount, -np.inf)))
        assert below - 1e-12 < level <= result.chance("balance", period, at_most=float(amount)) + 1e-12


def test_amounts_beyond_every_number_are_never_reached() -> None:
    result = simulate(scenario(), points=64)
    assert result.chance("turnover", "2020", at_least=10**400) == 0
    assert result.chance("turnover", "2020", at_most=10**400) == 1
