"""What is said and drawn of a course: no figure without its amount, no bar without its part. Default tier."""

from __future__ import annotations

from functools import lru_cache

from simulator import Scenario
from simulator.analysis.track import Track
from simulator.api import track
from simulator.report.charts import track as charts
from simulator.report.documents.blocks import Picture, Table
from simulator.report.documents.track import sections
from simulator.report.words import track as words


@lru_cache(2)
def tracked(ended: bool = False) -> Track:
    figures = [
        {"measure": "turnover", "period": 2016, "value": 61.9, "published": "2017-02-01"},
        {"measure": "turnover", "period": 2017, "value": 66.4, "published": "2018-02-01"},
        {"measure": "exports", "period": 2017, "value": 40.1, "published": "2018-02-01"},
        {"measure": "turnover", "period": 2017, "value": 67.0, "published": "2018-06-01"},
        {"measure": "turnover", "period": 2018, "value": 74.3, "published": "2019-02-01"},
    ]
    last = {"measure": "turnover", "period": 2020, "value": 80.4, "published": "2021-02-01"}
    stated = {
        "title": "A pair",
        "as_of": "2018-07-01",
        "target": {"measure": "turnover", "period": 2020, "at_least": 85},
        "observations": [*figures, *([last] if ended else [])],
        "levers": {"deal": {"kind": "custom", "percent": "4%", "happened": False, "name": "A deal"}},
    }
    return track(Scenario.model_validate(stated), points=64)


def test_each_figure_is_told_with_what_was_expected_or_was_there_before() -> None:
    steps = [words.step_sentence(tracked(), step) for step in tracked().moves]
    assert steps[0].startswith("1 Feb 2017: ")
    assert steps[0].endswith("where it began.")
    assert "Turnover, 2017 $66.4m, expected $" in steps[1]
    assert "Exports, 2017 $40.1m" in steps[1]
    assert "Turnover, 2017 $67.0m, revised from $66.4m: " in steps[2]
    assert words.summary(tracked()).endswith("on 1 Feb 2019, over 4 publications.")


def test_the_next_figure_and_its_marks_are_told() -> None:
    first, *posts = words.next_sentences(tracked())
    assert first.startswith("The next figure is turnover of 2019, due about 1 Feb 2020 by the usual lag: $")
    assert len(posts) == 3
    assert all("the probability" in post or post.startswith("No value passes") for post in posts)
    assert list(words.next_sentences(tracked(ended=True))) == [
        "Published figures decide the target: no further one can move it."
    ]


def test_a_miss_is_told_with_its_scores_and_its_parts() -> None:
    assert list(words.outcome_sentences(tracked())) == [words.OPEN]
    first, second, third = words.outcome_sentences(tracked(ended=True))
    assert first.startswith("The target was missed (settled by figures of 1 Feb 2021). On 1 Jul 2018 it had ")
    assert "Brier score 0." in first
    assert second.startswith("Turnover in 2020 came to $80.4m; the median forecast was $")
    assert "measures that did not happen (A deal) " in third
    assert "the rest (shocks) " in third


def test_a_bar_for_each_part_and_a_point_for_each_day() -> None:
    moved = charts.bars(tracked())
    parts = [part for step in tracked().moves for part in step.parts]
    assert [row["points"] for row in moved.rows] == [part.probability_points for part in parts]
    assert [row["published"] for row in charts.course(tracked()).rows] == [
        "2017-02-01",
        "2018-02-01",
        "2018-06-01",
        "2019-02-01",
    ]
    (actual,) = charts.actuals(tracked()).rows
    assert (actual["name"], actual["value"], actual["p50"]) == ("Turnover, 2018", 74.3, 100.0)
    assert all(drawing.alt for drawing in (moved, charts.actuals(tracked())))


def test_a_report_tells_it_where_figures_bear_days() -> None:
    (section,) = sections(tracked())
    assert [block.drawing.name for block in section.blocks if isinstance(block, Picture)] == [
        "course",
        "figures",
        "actuals",
    ]
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == 4
    assert not list(sections(None))
