"""The outside view: classes of pairs, announced targets, only what was known then. Default tier."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator import context, simulate
from simulator.analysis import announced, classes
from simulator.analysis.classes import Bounds, Cell
from simulator.analysis.context import Context
from simulator.model.result import Result
from tests.cases import SPLIT, scenario

DATA = Path(__file__).parents[2] / "simulator" / "data"
PAIR = {"home": "Belarus", "partner": "Kazakhstan"}


def answer(*arguments: Any, **fields: Any) -> Result:
    return simulate(scenario(*arguments, **{**PAIR, **fields}), points=256)


def outside(*arguments: Any, **fields: Any) -> Context:
    return context(answer(*arguments, **fields))


def shares(*arguments: Any, **fields: Any) -> tuple[float, ...]:
    ours = outside(*arguments, **fields).frequency
    assert ours is not None
    return ours.n, ours.share, ours.low, ours.high


def by_hand(
    growth: float, turnover: str, surge: str, horizon: int, before: int
) -> dict[int, tuple[int, float]]:
    """n and the share at or above a growth by base year, read from the file by straight lines."""
    counted = {}
    with (DATA / "growth_by_class.csv").open() as file:
        for row in csv.DictReader(file):
            ours = (row["turnover_musd"], row["year_before"], int(row["horizon"])) == (
                turnover,
                surge,
                horizon,
            )
            if ours and int(row["base_year"]) + horizon < before:
                points = [(float(row[name]), float(name[1:])) for name in row if name.startswith("q")]
                share = next(
                    (
                        1 - (a + (b - a) * (growth - low) / (high - low))
                        for (low, a), (high, b) in pairwise(points)
                        if low <= growth < high
                    ),
                    0.975 if growth < points[0][0] else 0.025,
                )
                counted[int(row["base_year"])] = int(row["n"]), share
    return counted


def test_a_class_counts_pairs_of_its_size_that_grew_as_much() -> None:
    """By hand from the file: $690.8m in 2017, a surge, to $1,000m three years on, outcomes before 2018."""
    shares = by_hand(math.log(1000 / 690.8), "300-1000", "surge", 3, 2018)
    ours = outside().frequency
    assert ours is not None
    assert ours.base_years == tuple(shares) == tuple(range(2001, 2015))
    assert ours.n == sum(n for n, _ in shares.values())
    assert ours.share == pytest.approx(sum(n * share for n, share in shares.values()) / ours.n)
    assert ours.high == pytest.approx(max(share for _, share in shares.values()))
    assert ours.low == 0, "beyond the last quantile nothing is known but that it is less"


@pytest.mark.parametrize("day", ["2018-10-31", "2019-01-01"])
def test_only_outcomes_known_on_the_day_count(day: str) -> None:
    ours = outside(as_of=day)
    before = int(day[:4])
    assert ours.frequency is not None
    assert max(ours.frequency.base_years) + 3 == before - 1
    known = announced.known(0.13, before, frozenset())
    assert all(target.target_year < before for target in known)


def test_a_ceiling_counts_those_that_stayed_below() -> None:
    floor = outside().frequency
    ceiling = outside(target={"measure": "turnover", "period": 2020, "at_most": 1000}).frequency
    assert floor is not None
    assert ceiling is not None
    assert ceiling.share == pytest.approx(1 - floor.share)
    assert (ceiling.low, ceiling.high) == pytest.approx((1 - floor.high, 1 - floor.low))


def test_more_growth_is_rarer() -> None:
    shares = [
        outside(target={"measure": "turnover", "period": 2020, "at_least": amount}).frequency.share  # type: ignore[union-attr]
        for amount in (500, 800, 1000, 1500, 4000)
    ]
    assert shares == sorted(shares, reverse=True)


def test_a_share_beyond_the_quantiles_is_told_as_bounds() -> None:
    cell = Cell((20, 100), True, 2001, 1, 50, (0.05, 0.5, 0.95), (-1.0, 0.0, 2.0))
    assert cell.at_least(0.0) == Bounds(0.5, 0.5)
    assert cell.at_least(1.0).middle == pytest.approx(0.275)
    assert (cell.at_least(2.1).least, cell.at_least(2.1).most) == pytest.approx((0, 0.05))
    assert (cell.at_least(-1.1).least, cell.at_least(-1.1).most) == pytest.approx((0.95, 1))
    assert classes.pooled([(30, Bounds(0, 0.1)), (10, Bounds(1, 1))]).middle == pytest.approx(0.2875)


def test_the_same_trade_in_another_currency_and_unit_is_of_the_same_class() -> None:
    euros = [{**figure, "value": figure["value"] * 800} for figure in SPLIT]
    target = {"measure": "turnover", "period": 2020, "at_least": 800_000}
    fields: dict[str, Any] = {"currency": "EUR", "unit": "thousand"}
    assert shares(euros, target, **fields, usd_rate=1.25) == pytest.approx(shares())
    without = outside(euros, target, **fields)
    assert without.frequency is None
    assert without.frequency_reason == "amounts are in thousand EUR, and no rate of the US dollar is stated"


TURNOVER = {"measure": "turnover", "period": 2020}
NO_CLASS: list[tuple[dict[str, Any], str]] = [
    (
        {"target": {"measure": "exports", "of": "turnover", "period": 2020, "share_at_least": "70%"}},
        "is a share",
    ),
    ({"target": {"measure": "balance", "period": 2020, "at_least": 1}}, "is about balance"),
    ({"target": {"measure": "exports", "period": 2020, "at_least": 900}}, "is about exports"),
    ({"target": {"measure": "turnover", "period": "2020-Q4", "at_least": 250}}, "is about 2020-Q4"),
    ({"target": TURNOVER | {"at_least": 1000}, "outlook": {"flow": "national"}}, "all trade of a country"),
    ({"target": TURNOVER | {"at_least": 1000}, "unit": "billion"}, "this pair traded $690,800m"),
    ({"target": {"measure": "turnover", "period": 2023, "at_least": 1000}}, "6 years after 2017"),
    ({"target": {"measure": "turnover", "period": 2017, "at_least": 600}}, "published figures decide"),
    ({"observations": SPLIT[1:]}, "no full year before"),
    ({"target": TURNOVER | {"growth_at_least": "10%"}}, "a sum that is not published"),
]


@pytest.mark.parametrize(("fields", "reason"), NO_CLASS)
def test_where_no_class_fits_the_reason_is_told(fields: dict[str, Any], reason: str) -> None:
    ours = outside(**fields)
    assert ours.frequency is None
    assert reason in str(ours.frequency_reason)
    assert ours.to_dict()["class"] is None


def test_growth_on_a_published_year_is_an_amount() -> None:
    growth = {"measure": "turnover", "period": 2020, "since": 2017, "growth_at_least": "50%"}
    amount = {"measure": "turnover", "period": 2020, "at_least": 690.8 * 1.5}
    assert shares(target=growth) == pytest.approx(shares(target=amount))


def test_a_year_before_that_is_not_published_leaves_both_kinds() -> None:
    ours = outside([{**SPLIT[0], "growth": None}, SPLIT[1]]).frequency
    assert ours is not None
    assert ours.surge is None
    shares = [by_hand(math.log(1000 / 690.8), "300-1000", kind, 3, 2018) for kind in ("surge", "no surge")]
    assert ours.n == sum(n for kind in shares for n, _ in kind.values())


def test_announced_targets_that_needed_such_growth() -> None:
    """The own pair is left out, however it is written; each part adds up to the whole."""
    ours = outside().targets
    assert ours is not None
    assert ours.needed == pytest.approx((1000 / 690.8) ** (1 / 3) - 1)
    assert ours.total.n == sum(part.n for part in ours.parts) >= announced.LEAST
    assert ours.total.hits == sum(part.hits for part in ours.parts)
    assert ours.parts[0].announced[1] < ours.parts[1].announced[0]
    of_china = outside(home="Индия", partner="China").targets
    assert of_china is not None
    assert of_china.total.n == ours.total.n - 3, "China and India announced three such targets"


def test_fewer_than_ten_announced_targets_are_no_share() -> None:
    early = [{**figure, "period": str(figure["period"]).replace("201", "200")} for figure in SPLIT]
    ours = outside(
        early, target={"measure": "turnover", "period": 2010, "at_least": 1000}, as_of="2008-10-31"
    )
    assert ours.targets is None
    assert "no announced targets" in str(ours.targets_reason)
    assert ours.frequency is not None


def test_what_ships_is_as_it_says() -> None:
    for cell in classes.cells():
        assert list(cell.changes) == sorted(cell.changes)
        assert cell.n >= 30
    for target in announced.announced():
        assert target.reached == (target.outcome >= 1)
        assert target.source.startswith("http")
        assert len(target.pair) == 2
        assert target.year <= target.target_year
    assert np.mean([target.reached for target in announced.announced()]) == pytest.approx(0.25)
