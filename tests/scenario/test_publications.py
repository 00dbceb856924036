"""What was published last, what was known before, and which figure comes next, and when. Default tier."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from simulator import Scenario
from simulator.scenario import publications
from tests.cases import SPLIT, scenario

Row = dict[str, Any]


def figure(period: Any, published: str | None = None, measure: str = "turnover", value: float = 100) -> Row:
    made = {"measure": measure, "period": period, "value": value}
    return made | ({"published": published} if published else {})


def case(*rows: Row, as_of: str = "2020-12-31", **fields: Any) -> Scenario:
    target = {"measure": "turnover", "period": 2023, "at_least": 1000}
    return scenario(list(rows), target, as_of=as_of, **fields)


def periods(figures: Any) -> list[str]:
    return [str(figure.period) for figure in figures]


def test_the_latest_publication_is_that_of_the_last_day() -> None:
    made = case(
        figure(2018, "2019-02-15"),
        figure("2019-Q1", "2019-05-20"),
        figure("2019-Q2", "2019-08-20"),
        figure(2017, "2019-08-20", value=90),
    )
    assert periods(publications.latest(made)) == ["2019-Q2", "2017"]
    before = publications.before(made)
    assert before is not None
    assert periods(before.figures) == ["2018", "2019-Q1"]


def test_figures_without_a_day_count_as_published_when_their_period_ends() -> None:
    made = scenario(SPLIT)
    assert periods(publications.latest(made)) == ["2018-01..2018-09"] * 3
    before = publications.before(made)
    assert before is not None
    assert periods(before.figures) == ["2017"]


def test_what_a_publication_revised_counts_again_without_it() -> None:
    made = case(figure(2018, "2019-02-15", value=100), figure(2018, "2020-02-15", value=130))
    before = publications.before(made)
    assert before is not None
    assert [figure.value.amount for figure in before.counted if figure.value] == [100]


def test_of_a_table_copied_in_one_go_the_last_period_is_the_latest() -> None:
    series = {
        "measure": "turnover",
        "from": "2019-Q1",
        "every": "quarter",
        "values": [20, 22, 24],
        "published": "2020-03-01",
    }
    made = case(figure(2018, "2020-03-01"), series)
    assert periods(publications.latest(made)) == ["2019-Q3"]
    before = publications.before(made)
    assert before is not None
    assert periods(before.figures) == ["2018", "2019-Q1", "2019-Q2"]


def test_the_same_figure_again_without_a_day_is_no_earlier_one() -> None:
    made = case(figure(2017, "2018-02-15"), figure(2018, "2019-02-15"), figure(2018))
    before = publications.before(made)
    assert before is not None
    assert periods(before.figures) == ["2017"]


def test_without_its_only_publication_nothing_is_left() -> None:
    assert publications.before(case(figure(2018, "2019-02-15"))) is None
    assert publications.before(case(figure(2018))) is None
    # what is published after the day on which the question is asked is not left either
    assert publications.before(case(figure(2018), figure(2017, "2021-05-01"))) is None


@pytest.mark.parametrize(
    ("stated", "following"),
    [
        ((2018,), "2019"),
        ((2017, 2018), "2019"),
        (("2019-01", "2019-02", 2018), "2019-03"),
        (("2019-01",), "2019-02"),
        (("2019-Q1",), "2019-Q2"),
        (("2018-H1", "2018-H2"), "2019-H1"),
        (("2018-Q4", "2019-Q1", 2018), "2019-Q2"),
        ((2017, "2018-01..2018-09"), "2018"),  # after nine months comes the year
        ((2017, "2018-01..2018-09", 2018), "2019-01..2019-09"),
        (("2019-Q1", "2019-01..2019-06", "2018-01..2018-09", 2018), "2019-01..2019-09"),
        (("2019-01..2019-04", "2019-01..2019-05", 2018), "2019-01..2019-06"),  # a first year by month
        (("2016-11", "2016-12", 2017, 2018), "2019"),  # months that came no more
        (("2017-03..2017-09", 2018), "2019"),
    ],
)
def test_the_next_figure_follows_the_series_that_comes_most_often(
    stated: tuple[Any, ...], following: str
) -> None:
    made = case(*(figure(period, value=10 + n) for n, period in enumerate(stated)))
    coming = publications.coming(made)
    assert coming is not None
    assert str(coming.period) == following
    assert coming.lag is None
    assert coming.due is None


def test_fiscal_years_follow_as_they_are_counted() -> None:
    made = case(figure("FY2018-19"), figure("FY2019-20"), fiscal_year_starts=4)
    coming = publications.coming(made)
    assert coming is not None
    assert str(coming.period) == "FY2020-21"


def test_a_series_whose_last_period_others_tell_already_is_not_next() -> None:
    made = case(figure("2019-10", measure="exports"), figure("2019-10", measure="imports"), figure("2019-09"))
    coming = publications.coming(made)
    assert coming is not None
    assert (coming.measure, str(coming.period)) == ("exports", "2019-11")


def test_where_only_odd_spans_are_stated_nothing_is_next() -> None:
    assert publications.coming(case(figure("2018-03..2018-09"))) is None


def test_a_figure_is_due_by_the_usual_lag_of_its_series() -> None:
    made = case(
        figure("2019-Q1", "2019-05-10"),  # 40 days after its end
        figure("2019-Q2", "2019-08-19"),  # 50
        figure("2019-Q3", "2019-11-29"),  # 60
        figure("2019-Q1", "2019-12-29", value=101),  # a revision says nothing of the lag
        figure(2018, "2019-04-30", value=400),  # nor do years of that of quarters
    )
    coming = publications.coming(made)
    assert coming is not None
    assert str(coming.period) == "2019-Q4"
    assert (coming.lag, coming.publications) == (50, 3)
    assert coming.due == dt.date(2019, 12, 31) + dt.timedelta(days=50)


def test_of_a_table_in_one_go_only_the_last_period_tells_the_lag() -> None:
    series = {
        "measure": "turnover",
        "from": "2019-01",
        "every": "month",
        "values": [8, 9, 10, 11],
        "published": "2019-06-14",
    }
    coming = publications.coming(case(series))
    assert coming is not None
    assert (str(coming.period), coming.lag, coming.publications) == ("2019-05", 45, 1)
    assert coming.due == dt.date(2019, 7, 15)


def test_a_publication_that_is_not_known_yet_tells_no_lag() -> None:
    made = case(figure("2019-Q1"), figure("2019-Q2", "2021-01-15"))
    coming = publications.coming(made)
    assert coming is not None
    assert (str(coming.period), coming.due) == ("2019-Q2", None)
