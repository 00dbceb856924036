"""How a probability followed its figures: sums, brute force, vintages, what comes next, what came. Default tier."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import lru_cache
from itertools import pairwise, permutations
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from simulator import Scenario, load_scenario, simulate
from simulator.analysis.signposts import SPAN
from simulator.analysis.track import Track
from simulator.analysis.vintages import MOST, grouped
from simulator.api import track
from simulator.errors import InputError
from simulator.scenario import Observation
from simulator.scenario.publications import seen_on

FLAGSHIP = Path(__file__).parent.parent.parent / "scenarios" / "belarus-kazakhstan-2020.yaml"
FEW = 256
UNDATED = (
    {"measure": "turnover", "period": 2015, "value": 58.3},
    {"measure": "turnover", "period": 2016, "value": 61.9},
)
VINTAGES = (  # published, measure, period, value: ten days, with revisions and days of three figures
    ("2017-04-15", "turnover", "2017-Q1", 15.1),
    ("2017-07-15", "turnover", "2017-Q2", 16.0),
    ("2017-07-15", "turnover", "2017-Q1", 15.4),
    ("2017-10-15", "turnover", "2017-Q3", 16.8),
    ("2017-10-15", "exports", "2017-Q3", 9.9),
    ("2018-02-01", "turnover", "2017-Q4", 18.9),
    ("2018-04-15", "turnover", "2018-Q1", 17.2),
    ("2018-04-15", "turnover", "2017-Q4", 19.3),
    ("2018-04-15", "turnover", "2017-Q3", 16.6),
    ("2018-07-15", "turnover", "2018-Q2", 18.1),
    ("2018-10-15", "turnover", "2018-Q3", 18.8),
    ("2019-02-01", "turnover", "2018-Q4", 20.4),
    ("2019-04-15", "turnover", "2019-Q1", 19.1),
    ("2019-04-15", "turnover", "2018-Q4", 20.9),
    ("2019-07-15", "turnover", "2019-Q2", 19.7),
)  # fmt: skip
LEVER = {"kind": "custom", "percent": "4%", "start": "2019-01"}


def figures(*rows: tuple[str, str, str, float]) -> list[dict[str, Any]]:
    return [{"published": day, "measure": m, "period": p, "value": v} for day, m, p, v in rows]


def case(*rows: tuple[str, str, str, float], undated: Any = UNDATED, **changes: Any) -> Scenario:
    stated: dict[str, Any] = {
        "title": "A pair",
        "as_of": "2018-03-01",
        "target": {"measure": "turnover", "period": 2020, "at_least": 85},
        "observations": [*undated, *figures(*rows)],
        "levers": {"deal": LEVER},
    }
    return Scenario.model_validate(stated | changes)


@lru_cache(1)
def ten() -> Track:
    return track(case(*VINTAGES), points=FEW)


def cut(scenario: Scenario, day: str, *without: int) -> Scenario:
    """The file of a day: later figures taken out of it, and some more by their place."""
    stated = scenario.model_dump(exclude_unset=True)
    kept = [
        figure
        for place, figure in enumerate(stated["observations"])
        if place not in without and str(figure.get("published") or day) <= day
    ]
    return Scenario.model_validate(stated | {"observations": kept, "as_of": day})


def test_a_step_a_day_and_the_parts_sum_to_the_change() -> None:
    answer = ten().to_dict()
    steps = answer["steps"]
    assert [step["published"] for step in steps] == sorted({row[0] for row in VINTAGES})
    assert len(steps) == 10
    assert (steps[0]["change_points"], steps[0]["parts"]) == (0, [])
    for before, after in pairwise(steps):
        change = 100 * (after["probability"] - before["probability"])
        assert after["change_points"] == pytest.approx(change, abs=1e-9)
        assert sum(part["probability_points"] for part in after["parts"]) == pytest.approx(change, abs=1e-9)
    assert [len(step["parts"]) for step in steps] == [0, 2, 2, 1, 3, 1, 1, 1, 2, 1]
    json.dumps(answer, allow_nan=False)


def test_a_step_is_what_the_file_cut_at_that_day_answers() -> None:
    for step in ten().steps:
        alone = simulate(cut(case(*VINTAGES), str(step.published)), points=FEW)
        assert step.probability == pytest.approx(alone.probability, abs=1e-12)


def test_a_part_is_the_mean_over_all_orders_of_the_figures_of_its_day() -> None:
    scenario, day = case(*VINTAGES), "2018-04-15"
    new = [len(UNDATED) + place for place, row in enumerate(VINTAGES) if row[0] == day]

    def points(*there: int) -> float:
        gone = set(new) - set(there)
        return 100 * simulate(cut(scenario, day, *gone), points=FEW).probability

    step = next(step for step in ten().steps if str(step.published) == day)
    for place, part in zip(new, step.parts, strict=True):
        gains = []
        for order in permutations(new):
            before = order[: order.index(place)]
            gains.append(points(*before, place) - points(*before))
        assert part.probability_points == pytest.approx(mean(gains), abs=1e-9)


def test_a_revised_figure_is_not_counted_twice() -> None:
    revised = case(*VINTAGES[:2], ("2018-02-01", "turnover", "2017-Q1", 15.9))
    once = case(("2017-04-15", "turnover", "2017-Q1", 15.9), VINTAGES[1])
    steps = track(revised, points=FEW).steps
    assert steps[-1].probability == simulate(once, points=FEW).probability
    (part,) = steps[-1].parts
    assert (part.figure, part.was and part.was.value and part.was.value.amount) == ("turnover 2017-Q1", 15.1)
    same = case(*VINTAGES[:2], ("2018-02-01", "turnover", "2017-Q1", 15.1))
    assert track(same, points=FEW).steps[-1].change_points == pytest.approx(0, abs=1e-12)


def test_the_flagship_with_dated_figures() -> None:
    flagship = load_scenario(FLAGSHIP)
    later = [
        {"measure": "turnover", "period": "2018-10", "value": 71.2, "published": "2018-12-15"},
        {"measure": "exports", "period": "2018-11", "value": 66.1, "published": "2019-01-15"},
        {"measure": "turnover", "period": "2018-10", "value": 69.8, "published": "2019-01-15"},
    ]
    dated = flagship.changed(
        observations=(*flagship.observations, *map(Observation.model_validate, later)), alternatives={}
    )
    tracked = track(dated, points=FEW)
    first, second = tracked.steps
    change = 100 * (second.probability - first.probability)
    assert sum(part.probability_points for part in second.parts) == pytest.approx(change, abs=1e-9)
    # the figures without a day stand for the start; what the first publication moved is told beside it
    assert tracked.opening is not None
    assert tracked.opening.probability == pytest.approx(simulate(flagship, points=FEW).probability, abs=3e-3)
    assert tracked.first is not None
    moved = 100 * (first.probability - tracked.opening.probability)
    assert sum(part.probability_points for part in tracked.first.parts) == pytest.approx(moved, abs=1e-9)
    assert tracked.result.probability == pytest.approx(tracked.opening.probability, abs=1e-12)


def test_time_alone_moves_nothing() -> None:
    scenario = case(*VINTAGES)
    on, later = (seen_on(scenario, dt.date(2018, 7, day)) for day in (15, 31))
    assert simulate(on, points=FEW).probability == simulate(later, points=FEW).probability


def test_without_a_day_there_is_one_step() -> None:
    tracked = track(case(), points=FEW)
    assert [(str(step.published), step.parts) for step in tracked.steps] == [("2018-03-01", ())]
    assert tracked.opening is None
    assert any("No figure says when it was published" in note for note in tracked.notes)


def test_a_day_on_which_nothing_can_be_answered_joins_the_next() -> None:
    early = ("2015-02-01", "turnover", "2014", 55.0)  # before the figures without a day are over
    tracked = track(case(early, *VINTAGES[:2]), points=FEW)
    assert [str(step.published) for step in tracked.steps] == ["2017-04-15", "2017-07-15"]
    assert [str(day) for day in tracked.steps[0].days] == ["2015-02-01", "2017-04-15"]
    contradiction = ("2017-08-01", "turnover", "2017-01..2017-06", 99.0)
    mended = ("2017-09-01", "turnover", "2017-01..2017-06", 31.4)
    steps = track(case(*VINTAGES[:3], contradiction, mended), points=FEW).steps
    assert [str(step.published) for step in steps] == ["2017-04-15", "2017-07-15", "2017-09-01"]
    assert steps[-1].notes


def test_many_figures_of_a_day_are_told_by_measure() -> None:
    months = [("2018-02-01", "exports", f"2017-{month:02}", 3.0 + month / 10) for month in range(1, 13)]
    rows = figures(*months, *VINTAGES[:1])
    groups = grouped([Observation.model_validate(row) for row in rows])
    assert [len(group) for group in groups] == [12, 1]
    each = [Observation.model_validate(row | {"measure": f"s{n}"}) for n, row in enumerate(rows)]
    assert len(grouped(each)) == MOST
    assert sum(map(len, grouped(each))) == len(rows)
    step = track(case(VINTAGES[0], *months), points=FEW).steps[-1]
    assert [part.figure for part in step.parts] == ["12 figures of exports, 2017-01 to 2017-12"]
    assert sum(part.probability_points for part in step.parts) == pytest.approx(step.change_points, abs=1e-9)


# What comes next


def test_at_a_signpost_the_probability_passes_its_mark() -> None:
    tracked = ten()
    ahead = tracked.ahead
    assert ahead is not None
    assert (ahead.figure, str(ahead.coming.due)) == ("turnover 2019-Q3", "2019-10-15")

    def chance(value: float) -> float:
        new = {
            "measure": "turnover",
            "period": "2019-Q3",
            "value": round(value, 6),
            "published": "2019-10-16",
        }
        more = (*case(*VINTAGES).observations, Observation.model_validate(new))
        return simulate(
            case(*VINTAGES).changed(observations=more, as_of=dt.date(2019, 10, 16)), points=FEW
        ).probability

    values = {post.probability: post.value for post in ahead.signposts}
    assert set(values) == {0.25, 0.5, 0.75}
    for mark, value in values.items():
        if value is None:
            assert chance(ahead.high) < mark or chance(ahead.low) > mark
        else:
            assert chance(value - 0.1) < mark < chance(value + 0.1)
    assert any(value is not None for value in values.values())
    law = tracked.now.quantiles("turnover", "2019-Q3", SPAN)
    assert (ahead.low, ahead.high) == pytest.approx(tuple(law))


# What came


def ended(value: float, **changes: Any) -> Track:
    last = ("2021-02-01", "turnover", "2020", value)
    return track(case(*VINTAGES[:6], last, **changes), points=FEW)


def test_an_outcome_is_scored_and_its_parts_sum() -> None:
    missed = ended(80.0)
    assert missed.outcome is not None
    came, probability = missed.outcome.to_dict(), missed.result.probability
    assert (came["reached"], came["published"], came["made_on"]) == (False, "2021-02-01", "2018-03-01")
    assert came["probability"] == probability
    assert came["brier"] == pytest.approx(probability**2)
    assert came["log_score"] == pytest.approx(-math.log(1 - probability))
    assert sum(part["probability_points"] for part in came["parts"]) == pytest.approx(-100 * probability)
    assert sum(part["amount"] for part in came["parts"]) == pytest.approx(80 - came["expected"])
    assert missed.ahead is None
    reached = ended(90.0).outcome
    assert reached is not None
    assert reached.reached
    assert reached.brier == pytest.approx((1 - probability) ** 2)


def test_the_error_is_split_into_data_measures_and_the_rest() -> None:
    off = {"deal": LEVER | {"happened": False, "name": "A deal"}}
    revision = ("2018-04-15", "turnover", "2017-Q4", 22.0)
    both = track(
        case(*VINTAGES[:6], revision, ("2021-02-01", "turnover", "2020", 80.0), levers=off), points=FEW
    ).outcome
    assert both is not None
    assert both.missing == ("A deal",)
    assert [str(figure.period) for figure in both.revised] == ["2017-Q4"]
    then = case(*VINTAGES[:6], levers=off)
    revised = case(*VINTAGES[:5], ("2018-02-01", "turnover", "2017-Q4", 22.0), levers=off)
    dropped = {"levers": {"deal": LEVER | {"enabled": False}}}

    def points(scenario: Scenario) -> float:
        return 100 * simulate(scenario, points=FEW).probability

    def without(scenario: Scenario) -> Scenario:
        return Scenario.model_validate(scenario.model_dump(exclude_unset=True) | dropped)

    corners = [points(then), points(revised), points(without(then)), points(without(revised))]
    data = (corners[1] - corners[0] + corners[3] - corners[2]) / 2
    measures = (corners[2] - corners[0] + corners[3] - corners[1]) / 2
    shares = [part.probability_points for part in both.parts]
    assert shares == pytest.approx([data, measures, -corners[3]], abs=1e-9)
    assert data > 0 > measures
    same = Scenario.model_validate(then.model_dump(exclude_unset=True) | {"levers": {"deal": LEVER}})
    assert points(same) == corners[0], "what happened changes no answer"


def test_an_outcome_can_be_given() -> None:
    given = track(case(*VINTAGES[:6]), points=FEW, actual="80.0")
    assert given.outcome is not None
    assert (given.outcome.published, given.outcome.actual, given.outcome.reached) == (None, 80.0, False)
    assert len(given.steps) == 4
    assert track(case(*VINTAGES[:6]), points=FEW).outcome is None
    two = [{"measure": "turnover", "period": year, "at_least": 85} for year in (2019, 2020)]
    with pytest.raises(InputError, match="what is not one sum"):
        track(case(*VINTAGES[:6], target=two), points=FEW, actual=80)


# Behind or ahead, and actuals over old projections


def test_trade_is_held_against_the_projection_of_the_day() -> None:
    tracked = ten()
    assert tracked.made.scenario.as_of == dt.date(2018, 3, 1)
    (gap,) = (gap for gap in tracked.gaps if gap.measure == "turnover")
    assert str(gap.period) == "2018-01..2019-06"
    assert gap.actual == pytest.approx(17.2 + 18.1 + 18.8 + 20.9 + 19.1 + 19.7)
    assert gap.expected == pytest.approx(tracked.made.quantiles("turnover", gap.period, [0.5])[0])
    assert gap.reaching is not None
    assert gap.reaching > gap.expected


def test_later_figures_fall_where_the_projection_says() -> None:
    tracked = ten()
    rows = {str(actual.period): actual for actual in tracked.actuals}
    assert list(rows) == ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4", "2019-Q1", "2019-Q2"]
    assert rows["2018-Q4"].value == 20.9
    projection = simulate(cut(case(*VINTAGES), "2018-03-01"), points=FEW)
    for period, row in rows.items():
        below = projection.chance("turnover", period, at_most=row.value)
        assert row.percentile == pytest.approx(below, abs=1e-9)
        assert list(row.bands.values()) == sorted(row.bands.values())
