"""The written forms of an uncertain number against closed forms. Default tier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import betaincinv

from simulator.values import beta
from simulator.values.fields import In
from simulator.values.forms import parse
from simulator.values.uncertain import Certain
from simulator.values.units import Unit
from tests.tiers import examples

U = np.linspace(0.001, 0.999, 97)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"low": 1, "likely": 2, "high": 5}, stats.triang(0.25, 1, 4)),
        ({"low": 1, "likely": 1, "high": 5}, stats.triang(0.0, 1, 4)),
        ({"p5": 1, "p95": 4}, stats.lognorm(np.log(4) / (2 * stats.norm.ppf(0.95)), scale=2)),
        ({"p5": -1, "p95": 4}, stats.norm(1.5, 2.5 / stats.norm.ppf(0.95))),
        ({"mean": 5, "sd": 2}, stats.norm(5, 2)),
        ({"alpha": 2, "beta": 4}, stats.beta(2, 4)),
    ],
)
def test_quantiles_are_those_of_the_distribution(written: object, expected: object) -> None:
    np.testing.assert_allclose(parse(written, "number").quantile(U), expected.ppf(U), rtol=1e-9)  # type: ignore[attr-defined]


@given(st.floats(-6, 9), st.floats(-6, 9))
@settings(max_examples=examples(200, 20), deadline=None)
def test_beta_quantiles_of_many_draws_are_those_of_few(first: float, second: float) -> None:
    nodes, quantiles = beta._table(10**first, 10**second)
    np.testing.assert_allclose(quantiles, betaincinv(10**first, 10**second, nodes), rtol=1e-9, atol=1e-300)
    some = nodes[1 : -1 : beta.TABLE // 50]
    many = beta.quantile(10**first, 10**second, np.resize(some, beta.TABLE + 1))
    np.testing.assert_allclose(many[: some.size], beta.quantile(10**first, 10**second, some), rtol=1e-9)


def test_choices_come_with_their_probabilities() -> None:
    drawn = parse({"choices": {"20": 0.7, "10": 0.3}}, "number").quantile((np.arange(1000) + 0.5) / 1000)
    assert np.mean(drawn == 10) == pytest.approx(0.3)
    assert np.mean(drawn == 20) == pytest.approx(0.7)


@given(
    st.sampled_from(["number", "percent", "month", "share"]),
    st.lists(st.integers(0, 90), min_size=3, max_size=3).map(sorted),
)
def test_what_is_written_reads_back(unit: str, numbers: list[int]) -> None:
    def write(n: int) -> object:
        return {"percent": f"{n}%", "month": f"2019-{n % 9 + 1:02d}", "share": n / 100}.get(unit, n)

    raw = [write(n) for n in numbers]
    for written in (
        raw[0],
        dict(zip(("low", "likely", "high"), raw if unit != "month" else [raw[0]] * 3, strict=True)),
    ):
        value = parse(written, unit)
        assert parse(value.written(), unit) == value


@pytest.mark.parametrize(
    ("written", "unit", "message"),
    [
        ("5%", "money", "without a percent sign"),
        (5, "percent", "write 5% if that is meant"),
        ("NO", "money", "expected a number"),
        ("0690", "money", "without quotes or leading zeros"),
        (".nan", "money", "expected a number"),
        ("1e-5", "money", r"found '1e-5', expected a number in plain decimals: 0\.00001"),
        ("1.50E3", "money", "in plain decimals: 1500"),
        (".5e3", "money", "in plain decimals: 500"),
        ("1e400", "money", "such as 1234"),
        ("12:30", "money", "such as 1234"),
        ("0o17", "money", "in plain decimals: 15"),
        ("-0x1F", "money", "in plain decimals: -31"),
        ("017", "money", "leading zeros: 17"),
        ("1_000", "money", "without an underscore: 1000"),
        ("\u22125", "money", "in plain decimals: -5"),
        ("\u0661\u0662", "money", "in plain decimals: 12"),
        ("5 million", "money", "such as 1234"),
        ("10 %", "money", "^found '10 %', expected a number without a percent sign$"),
        ("1e-3%", "percent", r"in plain decimals: 0\.001%"),
        (float("nan"), "money", "expected a number"),
        (float("inf"), "money", "expected a number"),
        (True, "money", "found true"),
        (None, "money", "found nothing"),
        ([1, 2], "money", "found a list"),
        ({"low": 3, "likely": 2, "high": 4}, "money", "low 3 above likely 2"),
        ({"p5": 3, "p95": 2}, "money", "p5 3 above p95 2"),
        ({"low": 3, "high": 4}, "money", r"found \{low, high\}"),
        ({"mean": 3, "sd": -1}, "money", "sd -1"),
        ({"mode": 3}, "money", "'mode'"),
        ({"choices": {"1": 0.5, "2": 0.6}}, "money", "sum of 1"),
        ({"choices": {}}, "money", "choices"),
        ({"alpha": 0, "beta": 1}, "share", "alpha 0"),
        ("2019-13", "month", "no month 13"),
    ],
)
def test_a_fault_says_what_was_found_and_expected(written: object, unit: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(written, unit)


def test_hard_bounds_hold_for_what_is_written_and_what_is_drawn() -> None:
    with pytest.raises(ValueError, match=r"found 1\.2, expected from 0 to 1"):
        parse(1.2, "share", 0, 1)
    for written in ("120%", {"low": "50%", "likely": "60%", "high": "120%"}, {"choices": {"120%": 1}}):
        with pytest.raises(ValueError, match="found 120%, expected from 0% to 100%"):
            parse(written, "share", 0, 1)
    with pytest.raises(ValueError, match=r"found 1850-01-15, expected"):
        parse("1850-01-15", "month")
    with pytest.raises(ValueError, match=r"found probabilities 30%, 0\.8, expected each"):
        parse({"choices": {"5": "30%", "6": 0.8}}, "money")
    wide = parse({"mean": 0.5, "sd": 1}, "share", 0, 1).quantile(U)
    assert wide.min() == 0
    assert wide.max() == 1


def test_a_plain_field_takes_no_distribution() -> None:
    with pytest.raises(ValueError, match="expected one number"):
        In(Unit.SHARE, 0, 1).certain({"low": 0, "likely": 0.5, "high": 1})


def test_moments() -> None:
    value = parse({"mean": 5, "sd": 2}, "number")
    assert value.median == pytest.approx(5)
    assert value.sd == pytest.approx(2, rel=2e-3)
    assert Certain((3.0,)).sd == 0
