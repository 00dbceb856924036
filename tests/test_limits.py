"""Every limit at its edge: what lies inside is taken, one more is refused at once, in one sentence. Default tier."""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from simulator import compare, simulate, sweep, track
from simulator.batch.board import board
from simulator.batch.workers import spread
from simulator.cli import main
from simulator.errors import BaselineError
from simulator.model.law import fit_scenario
from simulator.report.words.limits import markdown
from simulator.values import limits
from simulator.values.limits import LIMITS, ROOMS, Limit
from simulator.values.periods import Period
from tests.cases import scenario

DOCS = Path(__file__).parent.parent / "docs"
TARGET = {"measure": "turnover", "period": 2020, "at_least": 1000}
CUSTOM = {"kind": "custom", "percent": "1%", "start": "2019-01"}


def streams(count: int) -> dict[str, Any]:
    """So many streams, half of them exports."""
    return {f"s{i}": {"direction": ("exports", "imports")[i % 2]} for i in range(count)}


def series(measure: str, count: int, first: str = "1993-01", **more: Any) -> dict[str, Any]:
    """So many months of one measure."""
    return {"measure": measure, "from": first, "values": [50.5 + i % 7 for i in range(count)], **more}


def years(count: int, last: int = 2017) -> list[dict[str, Any]]:
    """So many yearly figures of turnover."""
    return [{"measure": "turnover", "period": last - i, "value": 600.0 + i} for i in range(count)]


def of_one_sum(count: int) -> list[dict[str, Any]]:
    """So many figures of one year, none like another."""
    return [{"measure": "turnover", "period": 2017, "value": 600.1, "error": 5.0 + i} for i in range(count)]


# what has so many of what a limit counts, and where it is refused; counted before anything is worked out
COUNTED: dict[str, tuple[Limit, Callable[[int], dict[str, Any]], str]] = {
    "figures": (
        limits.FIGURES,
        lambda n: {
            "streams": streams(15),
            "observations": [series(f"s{i}", n // 15 + (i < n % 15), "1980-01") for i in range(15)],
        },
        "observations",
    ),
    "of a measure": (
        limits.FIGURES_OF_A_MEASURE,
        lambda n: {"observations": [series("turnover", n, "1918-10")]},
        "observations",
    ),
    "of a sum": (limits.FIGURES_OF_ONE_SUM, lambda n: {"observations": of_one_sum(n)}, "observations"),
    "uncertain": (
        limits.UNCERTAIN_FIGURES,
        lambda n: {
            "streams": streams(4),
            "observations": [series(f"s{i}", n // 4 + (i < n % 4), "1970-01", error="5%") for i in range(4)],
        },
        "observations",
    ),
    "measures": (
        limits.MEASURES,
        lambda n: {
            "streams": streams(25),
            "observations": [
                {"measure": [f"s{i}", f"s{j}"], "period": 2017, "value": 9.5}
                for i in range(25)
                for j in range(i)
            ][: n - 1]
            + years(1),
        },
        "observations",
    ),
    "readings": (
        limits.READINGS,
        lambda n: {"observations": years(2), "alternatives": {f"a{i}": years(1) for i in range(n)}},
        "alternatives",
    ),
    "stream years": (
        limits.STREAM_YEARS,
        lambda n: {
            "streams": streams(30),
            "observations": years(math.ceil(n / 30) - 1),
            "target": TARGET | {"period": 2018},
        },
        "target",
    ),
    "horizon": (
        limits.HORIZON,
        lambda n: {"observations": years(1), "target": TARGET | {"period": 2018 + n}},
        "target",
    ),
    "targets": (
        limits.TARGETS,
        lambda n: {"observations": years(1), "target": [TARGET | {"at_least": 500 + i} for i in range(n)]},
        "target",
    ),
    "drivers": (
        limits.DRIVERS,
        lambda n: {"observations": years(1), "levers": {f"l{i}": CUSTOM for i in range(n)}},
        "levers",
    ),
    "chain": (
        limits.CHAIN,
        lambda n: {
            "observations": years(1),
            "levers": {f"l{i}": CUSTOM | ({"requires": f"l{i - 1}"} if i else {}) for i in range(n)},
        },
        "levers",
    ),
    "years listed": (
        limits.YEARS_LISTED,
        lambda n: {
            "streams": {f"p{i}": {"direction": "exports", "partner": f"P{i}"} for i in range(n - 3)},
            "observations": years(1),
            "target": TARGET | {"period": 2018},
        },
        "target",
    ),
    "shocks": (
        limits.SHOCKS,
        lambda n: {"observations": years(2), "shocks": {f"k{i}": {"period": "2016-03"} for i in range(n)}},
        "shocks",
    ),
    "remarks": (
        limits.REMARKS,
        lambda n: {
            "observations": years(1),
            "log": [{"date": "2018-01-01", "who": "A. B.", "what": "a figure"} for _ in range(n)],
        },
        "comments",
    ),
}


@pytest.mark.parametrize("case", COUNTED)
def test_as_many_as_are_accepted_are_taken_and_one_more_is_refused_in_a_sentence(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # each alone, whatever all together take
    monkeypatch.setattr(limits, "ANSWER_WORK", replace(limits.ANSWER_WORK, most=sys.maxsize))
    limit, fields, address = COUNTED[case]
    scenario(**fields(limit.most))
    begun = time.perf_counter()
    with pytest.raises(ValidationError) as refused:
        scenario(**fields(limit.most + 1))
    assert time.perf_counter() - begun < 5  # on an idle machine a fraction of a second
    told = refused.value.errors()[0]["ctx"]["faults"]
    assert [str(place) for place, _ in told] == [address]
    message = told[0][1]
    assert re.fullmatch(rf"found [\d,]+ .*, expected at most {limit.most:,}; .+", message), message
    assert limit.name in message
    assert message.endswith(limit.mend)


def test_repeated_items_of_all_levers_count_together() -> None:
    def ventures(*counts: int) -> dict[str, Any]:
        venture = {"kind": "joint_ventures", "planned_exports_each": 0.1}
        return {f"v{i}": venture | {"count": count} for i, count in enumerate(counts)}

    deals = {"d": {"kind": "interregional_deals", "signed": 99.5, "value_each": 1}}
    half = limits.ITEMS.most // 2
    named = {"n": {"kind": "interregional_deals", "deals": [{"name": "a", "value": 1}] * 100}}
    money = {"m": {"kind": "custom", "money": {str(year): 5 for year in range(2019, 2021)}}}
    scenario(levers=ventures(half, half - 202) | deals | named | money)
    with pytest.raises(ValidationError, match=r"found 1,001 ventures, deals and amounts by period"):
        scenario(levers=ventures(half, half - 201) | deals | named | money)


def test_months_ahead_and_draws_of_them_are_held_to_what_memory_takes() -> None:
    wide = {"streams": streams(41), "observations": years(1)}
    scenario(**wide, target=TARGET | {"period": 2030})  # 41 streams x 156 months
    with pytest.raises(ValidationError, match=r"target: found 6,888 months of streams .* at most 6,500; "):
        scenario(**wide, target=TARGET | {"period": 2031})
    case = scenario()
    assert simulate(case, points=16).probability > 0
    with pytest.raises(
        ValueError, match=r"found [\d,]+ draws of months ahead .* \(with 1,048,576 points\), expected"
    ):
        simulate(case, points=2**20)


def test_figures_that_tell_too_many_months_apart_are_refused_before_a_law_is_fitted() -> None:
    gaps = [
        {"measure": f"s{i}", "from": "1993-01", "values": [None if m % 12 == 5 else 50.5 for m in range(300)]}
        for i in range(8)
    ]
    begun = time.perf_counter()
    with pytest.raises(BaselineError) as refused:
        fit_scenario(scenario(gaps, streams=streams(8)))
    assert time.perf_counter() - begun < 15  # an idle machine takes one second
    (address, message), *_ = refused.value.faults
    assert str(address) == "observations.0.values.0"
    assert message.startswith(
        "found 2,200 figures of which no sum of a year follows, expected at most 1,500; "
    )


def test_forty_streams_of_monthly_figures_over_twelve_years_are_taken() -> None:
    begun = time.perf_counter()
    case = scenario([series(f"s{i}", 150, "2006-01", source="a") for i in range(40)], streams=streams(40))
    assert len(case.counted) == 6_000
    law = fit_scenario(case)
    assert law.covariance.shape[0] <= limits.UNKNOWNS.most
    assert (
        time.perf_counter() - begun < 25
    )  # an idle machine takes two seconds; it was 34 by pairs of figures


def overlapping(count: int, **more: Any) -> list[dict[str, Any]]:
    """So many figures of exports whose periods overlap, all of them true of the same course."""
    ends = [(first, first + length) for length in range(3, 60) for first in range(0, 128 - length, 7)]
    return [
        {
            "measure": "exports",
            "period": str(Period(24096 + first, 24096 + last)),
            "value": 10.0 * (last - first + 1),
            "error": "10%",
        }
        | more
        for first, last in ends[:count]
    ]


def test_laws_of_overlapping_figures_are_refused_before_any_is_fitted() -> None:
    others = [{"measure": "imports", "period": 2017, "value": 100.0}]
    case = scenario(overlapping(600) + others)
    begun = time.process_time()
    with pytest.raises(BaselineError) as refused:
        fit_scenario(case)
    assert time.process_time() - begun < 3  # a third of a second; fitted they would take ten
    (_, message), *_ = refused.value.faults
    assert re.match(r"found [\d,]+ million multiplications for the laws of the figures, expected at", message)
    # the same figures are fewer laws' work without other readings
    few = overlapping(260) + others
    fit_scenario(scenario(few))
    with pytest.raises(BaselineError, match="million multiplications"):
        fit_scenario(scenario(few, alternatives={f"a{i}": few for i in range(10)}))


def test_ventures_count_by_the_months_ahead() -> None:
    def far(count: int) -> dict[str, Any]:
        venture = {"kind": "joint_ventures", "planned_exports_each": 0.1, "count": count}
        return {"levers": {"v": venture}, "target": TARGET | {"period": 2048}}

    scenario(**far(800))
    with pytest.raises(ValidationError, match=r"levers: found [\d,]+ months ahead of all ventures, deals"):
        scenario(**far(900))


def test_targets_count_by_streams_months_and_levers() -> None:
    def wide(levers: int) -> dict[str, Any]:
        return {
            "streams": streams(10),
            "observations": years(1),
            "levers": {f"l{i}": CUSTOM for i in range(levers)},
            "target": [TARGET | {"period": year} for year in range(2019, 2029)],
        }

    scenario(**wide(33))
    with pytest.raises(ValidationError, match=r"target: found [\d,]+ months of streams in all targets, with"):
        scenario(**wide(34))
    scenario(**wide(34) | {"levers": {f"l{i}": CUSTOM | {"enabled": i < 33} for i in range(40)}})


@pytest.mark.parametrize("held", [{"quota": 10}, {"overlap": {"group": "g", "cap": 50}}])
def test_levers_held_in_money_count_by_stream(held: dict[str, Any]) -> None:
    def levers(count: int, **more: Any) -> dict[str, Any]:
        return {
            "levers": {f"l{i}": CUSTOM | more for i in range(count)},
            "target": TARGET | {"period": 2026},
        }

    scenario(**levers(100))
    scenario(**levers(30, **held))
    with pytest.raises(ValidationError, match=r"found [\d,]+ draws of months ahead"):
        scenario(**levers(100, **held))


def test_twice_the_figures_take_no_more_than_a_little_over_twice_the_time() -> None:
    def seconds(count: int) -> float:
        case = scenario([series(f"s{i}", 120) for i in range(count)], streams=streams(count))
        begun = time.process_time()
        fit_scenario(case)
        return time.process_time() - begun

    seconds(2)
    assert seconds(12) < 6 * seconds(6) + 0.5


def test_every_verb_refuses_a_file_beyond_a_limit_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "far.yaml"
    file.write_text(
        "title: a\nas_of: 2018-10-31\ntarget: {measure: turnover, period: 2182, at_least: 1000}\n"
        "observations:\n  - {measure: turnover, period: 2017, value: 690.8}\n"
    )
    for verb in ("validate", "run", "solve", "sensitivity", "discover", "track", "context"):
        done = CliRunner().invoke(main, [verb, str(file)])
        assert done.exit_code == 2, verb
        assert f"{file}:3: target: found 164 whole years from as_of" in done.stderr.replace("\n", " "), verb
    assert not list(tmp_path.glob("*[!l]"))


def test_a_text_longer_than_any_is_refused() -> None:
    scenario(notes="x" * limits.LETTERS.most)
    with pytest.raises(ValidationError, match=r"found 20,001 letters of a text, expected at most 20,000"):
        scenario(notes="x" * (limits.LETTERS.most + 1))


def test_more_sets_than_can_be_compared_are_refused() -> None:
    case = scenario()
    with pytest.raises(ValueError, match=r"found 21 sets that are compared, expected at most 20; "):
        compare([case] * 21, points=16)


def test_more_than_a_question_takes_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found 1,025 processes of one machine, expected at most 1,024; "):
        next(spread(str, [1], 1025))
    ranges = {"target.at_least": (1, 2, 20_000), "levers.a.percent": (0.01, 0.02, 20_000)}
    with pytest.raises(ValueError, match="found 400,000,000 sets of a sweep, expected at most 100,000,000; "):
        sweep(scenario(levers={"a": CUSTOM}), ranges=ranges)
    with pytest.raises(ValueError, match="found 1,001 scenario files of a folder in one table, expected"):
        board(tmp_path, [tmp_path] * 1001, pytest.fail)
    first = dt.date(2017, 1, 1)
    figures = [
        o | {"published": (first + dt.timedelta(days=n)).isoformat()} for n, o in enumerate(months(251))
    ]
    with pytest.raises(ValueError, match=r"found 251 days of publication .*, expected at most 250; "):
        track(scenario(figures), points=16)
    files = [str(tmp_path / "none.yaml")] * 21
    done = CliRunner().invoke(main, ["compare", *files])
    assert done.exit_code == 2
    assert "found 21 sets that are compared" in done.stderr


def months(count: int) -> list[dict[str, Any]]:
    """So many months of turnover, one by one."""
    return [
        {"measure": "turnover", "period": f"{1990 + n // 12}-{n % 12 + 1:02d}", "value": 50.5 + n % 7}
        for n in range(count)
    ]


def test_the_document_is_what_is_declared() -> None:
    written = (DOCS / "limits.md").read_text("utf-8")
    assert written == markdown(), "write docs/limits.md again: simulator.report.words.limits.markdown()"


def test_every_limit_is_listed_once_with_a_reason_and_a_way_out() -> None:
    declared = [value for value in vars(limits).values() if isinstance(value, Limit)]
    assert tuple(declared) == LIMITS
    assert len({(limit.of, limit.name) for limit in LIMITS}) == len(LIMITS)
    for limit in LIMITS:
        assert limit.of in ROOMS
        assert limit.most > 0
        assert limit.why
        assert limit.mend
        assert limit.exceeded(limit.most) is None


def test_no_limit_is_stated_a_second_time() -> None:
    numbers = "|".join(sorted({f"{limit.most:_}" for limit in LIMITS if limit.most >= 600_000}))
    package = DOCS.parent / "simulator"
    for file in package.rglob("*.py"):
        if file.name != "limits.py":
            assert not re.search(rf"\b[A-Z_]+ = ({numbers})\b", file.read_text("utf-8")), file
