"""The law of monthly flows against what it did not produce: published sums, closed forms, conservation. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from simulator import BaselineError, NotKnown, Scenario, simulate
from simulator.caches import forget
from simulator.model import posterior
from simulator.model.answerable import require_answerable
from simulator.model.law import fit_scenario, split_off, world_loading
from simulator.model.prior import CUT, tail_scale, temporal_covariance
from simulator.scenario import Outlook
from simulator.values.periods import Period, month_text
from tests.cases import SPLIT, TOTALS_ONLY, scenario


def medians(case: Scenario) -> dict[str, float]:
    """The law's own medians of the published sums, by brute force and without the pinning of published windows."""
    law = fit_scenario(case)
    generator = np.random.default_rng(7)
    values, vectors = np.linalg.eigh(law.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    scale = tail_scale(generator.random(40_000), law.tails)
    paths = np.exp(
        law.mean.ravel() + scale[:, None] * (generator.standard_normal((40_000, len(values))) @ root.T)
    )
    return {
        f"{w.streams} {w.period}": float(np.median(paths[:, law.cells(w.period, w.streams)].sum(axis=1)))
        / w.value
        for w in law.windows
    }


@pytest.mark.parametrize(
    "observations", [SPLIT, TOTALS_ONLY, SPLIT[:1], [{"measure": "turnover", "period": 2017, "value": 690.8}]]
)
def test_figures_without_error_are_reproduced_at_the_posterior_median(observations: list[dict]) -> None:
    for name, ratio in medians(scenario(observations)).items():
        assert ratio == pytest.approx(1, abs=0.01), name  # without the second-order term 1.3 to 3 % high


def test_published_sums_return_their_figures_and_parts_add_up() -> None:
    result = simulate(scenario())
    for measure, period, value in [
        ("turnover", "2017", 690.8),
        ("turnover", "2018-01..2018-09", 610.5),
        ("imports", "2018-01..2018-09", 71.3),
    ]:
        np.testing.assert_allclose(result.quantiles(measure, period, [0.05, 0.5, 0.95]), value, rtol=1e-9)
    flows = result.flows
    for period in ("2016", "2017-Q4", "2018", "2018-Q2", "2020"):
        parts = [
            flows.total(measure, Period.parse(period)).values
            for measure in ("exports", "imports", "turnover", "balance")
        ]
        np.testing.assert_allclose(parts[0] + parts[1], parts[2], rtol=2e-4)
        np.testing.assert_allclose(parts[0] - parts[1], parts[3], rtol=2e-4, atol=0.1)
    year = flows.total("turnover", Period.parse("2017")).values
    quarters = sum(flows.total("turnover", Period.parse(f"2017-Q{q}")).values for q in (1, 2, 3, 4))
    np.testing.assert_allclose(quarters, year, rtol=1e-9)


def test_totals_alone_give_nearly_the_answer_of_the_split() -> None:
    split, totals = simulate(scenario()), simulate(scenario(TOTALS_ONLY))
    assert totals.probability == pytest.approx(split.probability, abs=0.03)
    with pytest.raises(NotKnown, match="tells exports and imports apart"):
        totals.quantiles("exports", "2020", [0.5])


def test_a_linear_gaussian_case_is_the_exact_posterior() -> None:
    """Single months make every observation linear: the posterior is ordinary kriging with an unknown level."""
    months, sd = [2015 * 12 + m for m in (0, 1, 2, 5, 9)], 0.05
    values = [100.0, 90.0, 120.0, 80.0, 110.0]
    observations = [
        {"measure": "turnover", "period": month_text(m), "value": v, "error": f"{100 * sd}%"}
        for m, v in zip(months, values, strict=True)
    ]
    case = scenario(
        observations,
        {"measure": "turnover", "period": "2016-02", "at_least": 100},
        as_of="2016-01-15",
        outlook={"learning": 0},
    )
    law = fit_scenario(case)
    prior = temporal_covariance(law.grid.months, Outlook())
    at = np.array(months) - law.grid.first
    trend = 0.04 / 12 * np.arange(law.grid.months)
    covariance = prior[np.ix_(at, at)] + sd**2 * np.eye(5)
    inverse = np.linalg.inv(covariance)
    level = inverse.sum(axis=0) @ (np.log(values) - trend[at]) / inverse.sum()
    mean = level + trend + prior[:, at] @ inverse @ (np.log(values) - trend[at] - level)
    lift = 1 - prior[:, at] @ inverse.sum(axis=1)
    exact = prior - prior[:, at] @ inverse @ prior[at] + np.outer(lift, lift) / inverse.sum()
    np.testing.assert_allclose(law.mean[0], mean, atol=1e-7)
    np.testing.assert_allclose(law.covariance, exact, atol=1e-9)


def test_surprising_figures_teach_more_volatility() -> None:
    def volatility(values: list[float]) -> float:
        return fit_scenario(
            scenario([{"measure": "turnover", "period": 2010 + i, "value": v} for i, v in enumerate(values)])
        ).volatility

    assert volatility([500, 520, 541, 563, 586, 610]) < 1 < volatility([500, 900, 350, 800, 300, 950])


def test_the_tail_scale_is_student_t_cut_at_three() -> None:
    uniform = (np.arange(20_000) + 0.5) / 20_000
    drawn = tail_scale(uniform, 2.9)
    chi = stats.gamma(1.45, scale=1 / 1.45).ppf(uniform)
    np.testing.assert_allclose(drawn, np.minimum(1 / np.sqrt(chi), CUT), rtol=1e-8)
    assert drawn.max() == CUT


def test_the_world_is_a_part_of_the_variance_not_an_addition() -> None:
    law = fit_scenario(scenario())
    loading = world_loading(law)
    left = law.covariance - np.outer(loading, loading)
    assert np.linalg.eigvalsh(left).min() > -1e-9
    assert loading[law.cells(Period(law.grid.last, law.grid.last))].mean() == pytest.approx(
        0.13 * np.sqrt(law.months_ahead.months / 12)
    )
    wide = split_off(law.covariance, np.ones(len(loading)), 100.0, np.arange(len(loading)))
    assert np.linalg.eigvalsh(law.covariance - np.outer(wide, wide)).min() > -1e-9


def test_slump_and_boom_stand_on_either_side() -> None:
    slump, normal, boom = (
        simulate(scenario(outlook={"world": state})).probability for state in ("slump", "normal", "boom")
    )
    assert slump < normal < boom
    drawn = simulate(scenario()).probability
    assert slump < drawn < boom


def test_ten_years_of_monthly_streams_with_zeros() -> None:
    generator = np.random.default_rng(3)
    observations = []
    for measure, level in (("machinery", 30), ("furniture", 0.4), ("imports", 12)):
        for month in range(2008 * 12, 2018 * 12):
            value = round(float(level * np.exp(0.3 * generator.standard_normal())), 1)
            observations.append(
                {
                    "measure": measure,
                    "period": month_text(month),
                    "value": 0 if measure == "furniture" and month % 7 == 0 else value,
                }
            )
    streams = {
        "machinery": {"direction": "exports"},
        "furniture": {"direction": "exports"},
        "imports": {"direction": "imports"},
    }
    result = simulate(
        scenario(observations, {"measure": "exports", "period": 2019, "at_least": 400}, streams=streams)
    )
    assert 0.02 < result.probability < 0.98
    for measure in ("machinery", "imports"):
        total = sum(
            o["value"]
            for o in observations
            if o["measure"] == measure and str(o["period"]).startswith("2012")
        )
        np.testing.assert_allclose(result.quantiles(measure, "2012", [0.1, 0.9]), total, rtol=1e-6)


def test_annual_and_year_to_date_alone() -> None:
    result = simulate(
        scenario(
            [
                {"measure": "turnover", "period": 2017, "value": 690.8},
                {"measure": "turnover", "period": "2018-01..2018-09", "value": 610.5},
            ]
        )
    )
    assert 0.1 < result.probability < 0.5
    assert result.quantiles("turnover", "2018", [0.05])[0] > 610.5


def test_contradictions_are_reconciled_within_their_errors_and_refused_beyond() -> None:
    offices = [
        {"measure": "turnover", "period": 2017, "value": 690.8},
        {"measure": "turnover", "period": 2017, "value": 604.1},
    ]
    with pytest.raises(BaselineError, match=r"contradicts turnover 2017 .* beyond their errors") as caught:
        fit_scenario(scenario(offices))
    assert caught.value.faults[0][0][0] == "observations"
    median = simulate(scenario([o | {"error": "8%"} for o in offices])).quantiles("turnover", "2017", [0.5])[
        0
    ]
    assert 610 < median < 685
    with pytest.raises(BaselineError, match="contradict"):
        fit_scenario(
            scenario(
                [
                    {"measure": "turnover", "period": 2017, "value": 500},
                    {"measure": "turnover", "period": "2017-01..2017-09", "value": 700},
                ]
            )
        )


def test_a_part_that_is_the_whole_leaves_nothing_and_is_no_contradiction() -> None:
    """No trade after September: the rest of the year is 0, which has no logarithm."""
    figures = [("2016", 40.0), ("2017", 25.0), ("2017-01..2017-09", 25.0), ("2018-01..2018-06", 30.0)]
    result = simulate(scenario([{"measure": "turnover", "period": p, "value": v} for p, v in figures]))
    for period, value in figures:
        assert result.quantiles("turnover", period, [0.05, 0.95]) == pytest.approx([value, value], rel=1e-6)
    assert result.quantiles("turnover", "2017-Q4", [0.95])[0] < 0.001
    assert 0 < result.chance("turnover", "2018", at_least=50) < 1


def test_growth_alone_is_an_observation() -> None:
    level = {"measure": "turnover", "period": 2016, "value": 419.2}
    for growth, expected in (("64.8%", 690.8), ("-50%", 209.6)):
        result = simulate(scenario([level, {"measure": "turnover", "period": 2017, "growth": growth}]))
        assert result.quantiles("turnover", "2017", [0.5])[0] == pytest.approx(expected, rel=0.01)
    with pytest.raises(BaselineError, match="growth rates alone"):
        fit_scenario(scenario([{"measure": "turnover", "period": 2017, "growth": "5%"}]))


def test_a_lone_zero_is_told() -> None:
    with pytest.raises(BaselineError, match="found 0 for turnover 2017"):
        fit_scenario(scenario([{"measure": "turnover", "period": 2017, "value": 0}]))


def test_what_no_figure_tells_is_told() -> None:
    only_exports = [{"measure": "exports", "period": 2017, "value": 611}]
    with pytest.raises(BaselineError, match="no figure for imports"):
        require_answerable(scenario(only_exports))
    assert (
        simulate(scenario(only_exports, {"measure": "exports", "period": 2020, "at_least": 800})).probability
        > 0
    )
    with pytest.raises(BaselineError, match="apart"):
        require_answerable(scenario(TOTALS_ONLY, {"measure": "balance", "period": 2020, "at_least": 0}))


def test_product_groups_without_figures_are_shares_of_their_direction() -> None:
    streams = {
        "machinery": {"direction": "exports", "share": {"low": "45%", "likely": "55%", "high": "65%"}},
        "light": {"direction": "exports", "share": "10%"},
        "other": {"direction": "exports"},
        "imports": {"direction": "imports"},
    }
    target = {"measure": "exports", "period": 2020, "at_least": 800}
    result = simulate(scenario(target=target, streams=streams))
    period = Period.parse("2020")
    parts = [result.flows.total(key, period).values for key in ("machinery", "light", "other")]
    np.testing.assert_allclose(sum(parts), result.flows.total("exports", period).values, rtol=1e-9)
    assert np.median(parts[0] / sum(parts)) == pytest.approx(0.55, abs=0.02)
    assert result.probability == pytest.approx(simulate(scenario(target=target)).probability, abs=1e-12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(-2, 12),
    st.lists(st.floats(-1.6, 1.6), max_size=7),
    st.sampled_from([1, 3, 12]),
    st.integers(0, 3),
)
def test_a_series_that_jumps_up_to_fivefold_has_a_law(
    level: float, steps: list[float], length: int, gap: int
) -> None:
    values = [float(f"{x:.4g}") for x in np.exp(level + np.cumsum([0, *steps]))]
    law = fit_scenario(series(values, length, gap))
    assert np.isfinite(law.mean).all()
    assert np.linalg.eigvalsh(law.covariance).min() > -1e-8 * law.covariance.max()


def test_a_hundredfold_jump_has_a_law_too() -> None:
    result = simulate(series([4.3, 104.0, 3.5, 4.5, 3.0], 12, 0))
    for year, value in zip(("2005", "2006", "2007"), (4.3, 104.0, 3.5), strict=True):
        assert result.quantiles("turnover", year, [0.5])[0] == pytest.approx(value)


def test_no_convergence_is_an_error_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posterior, "STEPS", 3)
    forget()
    with pytest.raises(BaselineError, match="no path of monthly flows explains"):
        fit_scenario(series([1480, 180, 3.35, 2.91, 3.24], 3, 0))


def series(values: list[float], length: int, gap: int) -> Scenario:
    """Figures of equal periods, with gaps between them."""
    starts = [2005 * 12 + i * (length + gap) for i in range(len(values))]
    observations = [
        {"measure": "turnover", "period": str(Period(a, a + length - 1)), "value": v}
        for a, v in zip(starts, values, strict=True)
    ]
    return scenario(observations, {"measure": "turnover", "period": 2020, "at_least": 100})
