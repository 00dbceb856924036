"""Targets that are no amount of a calendar year: growth, shares, sums, fiscal years, lists of years. Default tier.

They are checked against the plain Monte Carlo of ``test_bruteforce``, which knows sums of single measures only: growth and
shares are divided here.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Scenario, claim, report, simulate, solve
from simulator.errors import BaselineError
from simulator.model.targets import conditions
from simulator.numerics.exponential_sums import Total
from simulator.numerics.ratio import Ratio
from simulator.values.periods import Period, Years, fiscal_years
from tests.cases import scenario
from tests.model.test_bruteforce import MANY, PATHS, PILOT, SEED, Paths, flagship, held, of_five
from tests.tiers import sampled

Case = dict[str, Any]
Sums = tuple[tuple[str, str], ...]

# name: the case's maker, the target without its threshold, the sums of its top and of its base
RATIOS: dict[str, tuple[Any, Case, Sums, Sums]] = {
    "growth on the year before": (
        flagship,
        {"measure": "turnover", "period": 2020},
        (("turnover", "2020"),),
        (("turnover", "2019"),),
    ),
    "growth since a published year": (
        flagship,
        {"measure": "exports", "period": 2020, "since": 2016},
        (("exports", "2020"),),
        (("exports", "2016"),),
    ),
    "growth on a year under way": (
        flagship,
        {"measure": "imports", "period": 2019},
        (("imports", "2019"),),
        (("imports", "2018"),),
    ),
    "growth a year": (
        flagship,
        {"measure": "turnover", "period": 2020, "since": 2018, "a_year": True},
        (("turnover", "2020"),),
        (("turnover", "2018"),),
    ),
    "growth of a half-year": (
        flagship,
        {"measure": "exports", "period": "2020-H1"},
        (("exports", "2020-01..2020-06"),),
        (("exports", "2019-01..2019-06"),),
    ),
    "a share": (
        of_five,
        {"measure": "machinery", "of": "exports", "period": 2020},
        (("machinery", "2020"),),
        (("exports", "2020"),),
    ),
    "a share of a sum in a sum": (
        of_five,
        {"measure": ["machinery", "energy"], "of": "turnover", "period": 2020},
        (("machinery", "2020"), ("energy", "2020")),
        (("turnover", "2020"),),
    ),
    "growth of a sum": (
        of_five,
        {"measure": ["energy", "consumer"], "period": 2020, "since": 2017},
        (("imports", "2020"),),
        (("imports", "2017"),),
    ),
}


@cache
def ratios(name: str) -> tuple[Case, np.ndarray]:
    """The target without its threshold, and its top over its base in every path, shape (paths,)."""
    make, target, top, base = RATIOS[name]
    side = "share_at_least" if "of" in target else "growth_at_least"
    sums = [(measure, Period.parse(period)) for measure, period in (*top, *base)]
    drawn = Paths(make(target | {side: 0.5 if "of" in target else "10%"}), SEED).totals(sums, PATHS)
    return target, drawn[: len(top)].sum(axis=0) / drawn[len(top) :].sum(axis=0)


def asked(name: str, level: float) -> tuple[Scenario, np.ndarray, bool]:
    """The scenario with a threshold at a quantile of the first paths; which of the others meet it; the side."""
    make, target, *_ = RATIOS[name]
    drawn = ratios(name)[1]
    threshold = float(np.quantile(drawn[:PILOT], level))
    if "of" in target:
        return (
            Scenario.model_validate(make(target | {"share_at_least": threshold})),
            drawn[PILOT:] >= threshold,
            True,
        )
    years = 2 if target.get("a_year") else 1
    growth = threshold ** (1 / years) - 1
    case = make(target | {"growth_at_least": f"{100 * growth:.15f}%"})
    return Scenario.model_validate(case), drawn[PILOT:] >= (1 + growth) ** years, True


@pytest.mark.parametrize(("name", "level"), sampled(itertools.product(RATIOS, (0.1, 0.6, 0.95)), every=4))
def test_growth_and_shares_are_the_share_of_paths(name: str, level: float) -> None:
    case, hits, _ = asked(name, level)
    result = simulate(case, points=MANY)
    p = result.probability
    smooth = all(condition.total.smooth for condition in conditions(case, result.flows))
    plain = 0.0 if smooth else float(np.sqrt(p * (1 - p) / MANY))
    held(p, max(result.standard_error, plain), hits)


@pytest.mark.parametrize("name", RATIOS)
def test_quantiles_of_growth_and_shares_are_those_of_the_paths(name: str) -> None:
    case, _, _ = asked(name, 0.5)
    result, drawn = simulate(case, points=2048), ratios(name)[1]
    quantity = case.target[0].quantity
    levels = np.array([0.05, 0.5, 0.95])
    law = result.flows.quantity(quantity)
    error = 3 * np.sqrt(levels * (1 - levels) * (1 / PATHS + (0 if law.smooth else 1 / 2048)))
    low, high = np.quantile(drawn, levels - error), np.quantile(drawn, levels + error)
    quantiles = law.quantile(levels)
    assert np.all((low <= quantiles) & (quantiles <= high)), (low, quantiles, high)
    bands = result.quantity[str(quantity.period)]
    assert bands["p50"] == pytest.approx(float(quantity.from_ratio(quantiles[1])), rel=1e-9)


def test_years_in_a_row_are_the_share_of_paths() -> None:
    target = {"measure": "exports", "period": [2019, 2020], "growth_at_least": "5%"}
    years = [("exports", Period.parse(year)) for year in (2018, 2019, 2020)]
    before, first, second = Paths(flagship(target), SEED).totals(years, PATHS)
    hits = (first >= 1.05 * before) & (second >= 1.05 * first)
    result = simulate(Scenario.model_validate(flagship(target)), points=MANY)
    plain = float(np.sqrt(result.probability * (1 - result.probability) / MANY))
    held(result.probability, max(result.standard_error, plain), hits)
    assert [str(goal.period) for goal in result.scenario.goals] == ["2019", "2020"]
    assert result.probability <= min(chance for _, chance in result.target_probabilities)


FIGURES = [
    {"measure": "exports", "period": 2016, "value": 300},
    {"measure": "exports", "period": 2017, "value": 390.85},
    {"measure": "imports", "period": 2017, "value": 91.3},
]


@pytest.mark.parametrize(
    ("growth", "amount"), [("100%", 781.7), ("14.5%", 447.52325), ("-10%", 351.765), ("0%", 390.85)]
)
@pytest.mark.parametrize("side", ["at_least", "at_most"])
def test_growth_on_a_published_year_is_the_amount_written_out(growth: str, amount: float, side: str) -> None:
    grown = {"measure": "exports", "period": 2020, "since": 2017, f"growth_{side}": growth}
    one, other = (
        simulate(scenario(FIGURES, target))
        for target in (grown, {"measure": "exports", "period": 2020, side: amount})
    )
    assert one.probability == other.probability
    assert one.standard_error == other.standard_error
    assert one.growth_needed == other.growth_needed


def test_opposite_sides_make_one() -> None:
    for at_least, at_most in (("growth_at_least", "growth_at_most"), ("share_at_least", "share_at_most")):
        of = {"of": "turnover"} if at_least.startswith("share") else {}
        one, other = (
            simulate(scenario(FIGURES, {"measure": "exports", "period": 2020, side: "60%", **of})).probability
            for side in (at_least, at_most)
        )
        assert one + other == pytest.approx(1, abs=1e-9)


@given(st.floats(-0.5, 3), st.floats(0.001, 0.5))
def test_more_growth_is_never_likelier(growth: float, more: float) -> None:
    def likely(rate: float) -> float:
        target = {"measure": "exports", "period": 2020, "growth_at_least": f"{100 * rate:.6f}%"}
        return simulate(scenario(FIGURES, target), points=64).probability

    assert likely(growth + more) <= likely(growth)


def test_a_sum_of_all_parts_is_the_direction() -> None:
    streams = {
        "oil": {"direction": "exports", "share": 0.3},
        "rest": {"direction": "exports"},
        "imports": {"direction": "imports"},
    }
    one, other = (
        simulate(scenario(FIGURES, {"measure": m, "period": 2020, "at_least": 500}, streams=streams))
        for m in ("exports", ["rest", "oil"])
    )
    assert one.probability == pytest.approx(other.probability, abs=1e-12)


def test_a_fiscal_year_is_its_months() -> None:
    observations = [
        *FIGURES,
        {"measure": "exports", "period": "FY2017-18", "value": 400, "published": "2018-05-01"},
    ]
    target = {"measure": "exports", "period": "FY2020-21", "at_least": 500}
    fiscal = simulate(scenario(observations, target, fiscal_year_starts=4))
    plain = simulate(
        scenario(
            [*FIGURES, {**observations[-1], "period": "2017-04..2018-03"}],
            {**target, "period": "2020-04..2021-03"},
        )
    )
    assert fiscal.probability == plain.probability
    assert next(iter(fiscal.yearly["exports"])).startswith("FY")
    assert set(fiscal.totals["exports"]) == set(plain.totals["exports"])
    assert fiscal.last_published_year is not None
    assert str(fiscal.last_published_year[0]) == "FY2017-18"
    assert fiscal.growth_needed == pytest.approx((500 / 400) ** (1 / 3) - 1)
    assert fiscal.chance("exports", "FY2020-21", at_least=500) == fiscal.probability
    assert fiscal.quantiles("exports", "FY2020-21", [0.5]) == plain.quantiles(
        "exports", "2020-04..2021-03", [0.5]
    )


def test_fiscal_years_and_halves_are_read_and_written() -> None:
    with fiscal_years(4):
        year = Period.parse("2021/22")
        assert (str(year), str(year.shift(-12)), year) == (
            "FY2021-22",
            "FY2020-21",
            Period.parse("2021-04..2022-03"),
        )
        assert str(Period.parse("FY2021-22..FY2022-23")) == "FY2021-22..FY2022-23"
    assert str(Period.parse("2018-H2")) == "2018-H2"
    assert [str(year) for year in Years(7).within(Period.parse("2018..2020"))] == ["FY2018-19", "FY2019-20"]
    for text, message in (
        ("FY2021-22", "fiscal_year_starts"),
        ("2021/23", "a year and the next"),
        ("2021-22", "write FY2021-22"),
        ("2018-H3", "expected H1 to H2"),
    ):
        with pytest.raises(ValueError, match=message):
            Period.parse(text)


def test_a_target_that_was_moved_is_told_against_the_original() -> None:
    history = [
        {"on": "2018-05-01", "at_least": 900, "reason": "a weak spring"},
        {"on": "2017-01-01", "at_least": 1000, "period": 2019},
    ]
    target = {
        "measure": "exports",
        "period": 2020,
        "at_least": 600,
        "history": history,
        "resolved_by": "the customs",
    }
    result = simulate(scenario(FIGURES, target))
    (day, original, chance), (_, _, later) = result.earlier_targets
    assert str(day) == "2017-01-01"
    alone = simulate(scenario(FIGURES, {"measure": "exports", "period": 2019, "at_least": 1000}))
    assert chance == pytest.approx(alone.probability, abs=0.01)
    assert chance < later < result.probability
    assert original.period == Period.parse(2019)
    words = " ".join(report.headline(result))
    assert "as set on 2017-01-01" in words
    assert "settled by the customs" in words
    assert [row["on"] for row in result.to_dict()["earlier_targets"]] == ["2017-01-01", "2018-05-01"]


def test_the_answer_gives_the_amount_of_any_probability() -> None:
    for target, lever in (
        ({"measure": "exports", "period": 2020, "growth_at_least": "20%"}, "target.growth_at_least"),
        (
            {"measure": "exports", "of": "turnover", "period": 2020, "share_at_least": "80%"},
            "target.share_at_least",
        ),
    ):
        case = scenario(FIGURES, target)
        answer = solve(case, 0.7, lever=lever)
        assert answer.probability == pytest.approx(0.7, abs=1e-6)
        assert answer.feasible


CLAIMS = {
    "exports 2020 growth >= 14.5%": {"growth_at_least": 0.145},
    "exports 2020 growth since 2017 >= 50%": {"growth_at_least": 0.5, "since": "2017"},
    "exports 2020 growth a year since 2017 at most 8 %": {"growth_at_most": 0.08, "a_year": True},
    "exports of turnover 2020 >= 80%": {"share_at_least": 0.8, "of": "turnover"},
    "exports + imports 2020 >= 400": {"at_least": 400.0, "measure": ["exports", "imports"]},
    "balance 2020 <= -375": {"at_most": -375.0, "measure": "balance"},
}


@pytest.mark.parametrize("text", CLAIMS)
def test_claims_take_the_same_forms(text: str) -> None:
    told = claim(scenario(FIGURES), text, points=64).to_dict()["target"]
    assert {key: told[key] for key in CLAIMS[text]} == CLAIMS[text]


def test_a_claim_on_growth_is_scored_by_later_figures() -> None:
    later = {"measure": "exports", "period": 2018, "value": 430, "published": "2019-02-01"}
    answer = claim(scenario([*FIGURES, later]), "exports 2018 growth >= 14.5%", points=64)
    assert answer.outcome == pytest.approx(430 / 390.85 - 1)
    assert answer.met is False


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"growth_at_least": "5%", "at_least": 5}, "found both at_least and growth_at_least"),
        ({"share_at_least": "5%"}, "a share without of:"),
        ({"share_at_least": "5%", "of": "exports"}, "a share of itself"),
        ({"at_least": 5, "of": "turnover"}, "found of beside at_least"),
        ({"growth_at_least": "5%", "a_year": True}, "expected since:"),
        ({"growth_at_least": "5%", "since": 2021}, "not before 2020"),
        ({"growth_at_least": "5%", "since": "2017-Q1"}, "periods of one length"),
        ({"growth_at_least": "5%", "measure": "balance"}, "has no growth"),
        ({"at_least": 5, "measure": ["exports", "turnover"]}, "counts exports"),
        ({"at_least": 5, "measure": ["exports", "exports"]}, "stands in it twice"),
        ({"at_least": 5, "measure": []}, "expected a measure"),
        ({"at_least": 5, "period": []}, "an empty list"),
        ({"growth_at_least": "5%", "since": 2012}, "the figures begin"),
        ({"growth_at_least": 0.05}, "expected a percent"),
        ({"at_least": 5, "history": [{"on": "2018-01-01"}]}, "neither an amount nor a period"),
        ({"at_least": 5, "history": [{"on": "2018-01-01", "growth_at_least": "5%"}]}, "the same kind"),
    ],
)
def test_what_makes_no_target_is_refused(target: Case, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario(FIGURES, {"measure": "exports", "period": 2020, **target})


def test_growth_that_no_figure_tells_is_refused() -> None:
    target = {"measure": "oil", "of": "exports", "period": 2020, "share_at_least": "10%"}
    streams = {
        "oil": {"direction": "exports"},
        "gas": {"direction": "imports"},
        "rest": {"direction": "exports"},
    }
    with pytest.raises((BaselineError, ValueError)):
        simulate(scenario([{"measure": "gas", "period": 2017, "value": 3}], target, streams=streams))


def test_a_ratio_of_one_total_to_itself_is_one() -> None:
    rng = np.random.default_rng(1)
    points = 64
    total = Total(
        np.zeros(points),
        rng.normal(size=(points, 3)),
        np.array([0.1, 0.2, 0.3]),
        np.ones(3),
        np.ones(points),
        rng.normal(size=points),
    )
    assert Ratio(total, total).values == pytest.approx(np.ones(points))
    assert Ratio(total, total).less(0.5).sign == pytest.approx(np.full(3, 0.5))
