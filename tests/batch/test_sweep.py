"""Sweeps: rows that equal single answers, designs, and parts that outlive whatever ends a run. Default tier."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from simulator import Scenario, simulate, sweep
from simulator.analysis.questions import settings
from simulator.batch import parts, sets
from simulator.batch import sweep as batch
from simulator.batch.design import Varying, design_of, listed, ranged, sampled
from simulator.batch.parts import AnotherSweep, Place
from simulator.batch.sets import Case, Sweep, sweep_of
from simulator.files.loading import load
from simulator.scenario.parameters import turned, written
from tests import tiers
from tests.cases import LEVERS, SPLIT, scenario

POINTS = 16
VARIED: dict[str, tuple[Any, Any]] = {
    "levers.ventures.money": (5, 60),
    "levers.support.percent": ("1%", "5%"),
    "levers.rules.probability": (0.1, 0.9),
    "target.at_least": (800, 1200),
}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "CHUNK", 4)


def case(**fields: Any) -> Scenario:
    return scenario(levers=LEVERS, **fields)


def stated(**fields: Any) -> dict[str, Any]:
    """The same as a file states it."""
    target = {"measure": "turnover", "period": 2020, "at_least": 1000}
    return {
        "title": "A case",
        "as_of": "2018-10-31",
        "target": target,
        "observations": SPLIT,
        "levers": LEVERS,
    } | fields


def asked(count: int = 18, **options: Any) -> Sweep:
    return sweep_of([Case("case", case())], Varying(sample=VARIED, count=count), points=POINTS, **options)


# What a row says


def test_a_row_is_the_answer_to_the_file_with_the_same_words_of_set(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(yaml.safe_dump(stated(), sort_keys=False))
    frame = sweep(file, sample=VARIED, n=6, points=64)
    assert list(frame[list(VARIED)].nunique()) == [6] * 4
    base = load(file, ()).scenario
    for row in frame.to_dict("records"):
        words = settings(written(base, {path: row[path] for path in VARIED}))
        result = simulate(load(file, words).scenario, points=64)
        quantiles = result.quantiles("turnover", "2020", [0.5, 0.1, 0.9])
        assert row["probability"] == result.probability
        assert row["standard_error"] == result.standard_error
        assert [row[name] for name in ("median", "p10", "p90")] == pytest.approx(list(quantiles), rel=1e-7)
        assert row["shortfall_if_missed"] == pytest.approx(result.shortfall_if_missed, rel=1e-6)


@pytest.mark.parametrize(
    ("target", "path", "values"),
    [
        (
            {"measure": "exports", "period": 2020, "growth_at_least": "20%", "since": 2017},
            "target.growth_at_least",
            ["5%", "60%"],
        ),
        (
            {"measure": "exports", "of": "turnover", "period": 2020, "share_at_least": "85%"},
            "target.share_at_least",
            ["80%", "90%"],
        ),
        ({"measure": "balance", "period": 2020, "at_most": 500}, "target.at_most", [300, 900]),
    ],
    ids=["growth", "share", "balance"],
)
def test_targets_of_other_kinds_are_told_in_their_own_quantity(
    target: Any, path: str, values: list[Any]
) -> None:
    base = case(target=target)
    frame = sweep(base, {path: values}, points=64)
    for row in frame.to_dict("records"):
        result = simulate(turned(base, {path: row[path]}), points=64)
        bands = result.quantity[str(result.leading.period)]
        assert row["probability"] == result.probability
        told = [row[name] for name in ("p10", "median", "p90")]
        assert told == pytest.approx([bands["p10"], bands["p50"], bands["p90"]], rel=1e-7)
        assert row["shortfall_if_missed"] == pytest.approx(result.shortfall_if_missed, rel=1e-6)


def test_of_several_targets_each_has_its_probability_and_the_hardest_leads() -> None:
    targets = [
        {"measure": "turnover", "period": 2019, "at_least": 700},
        {"measure": "exports", "period": 2020, "at_least": 900},
    ]
    base = case(target=targets)
    frame = sweep(base, {"target.0.at_least": [700, 1500]}, points=64)
    for row in frame.to_dict("records"):
        alone = [
            simulate(case(target=t | ({"at_least": row["target.0.at_least"]} if n == 0 else {})), points=64)
            for n, t in enumerate(targets)
        ]
        for number, result in enumerate(alone):
            assert row[f"target.{number}.probability"] == pytest.approx(result.probability, abs=0.02)
        assert row["probability"] <= min(row["target.0.probability"], row["target.1.probability"])
    assert frame["leading"].tolist() == ["exports 2020", "turnover 2019"]


def test_a_target_for_several_years_is_one_for_each() -> None:
    target = {"measure": "turnover", "period": [2019, 2020], "at_least": 700}
    (row,) = sweep(case(target=target), {"levers.rules.probability": [0.5]}, points=POINTS).to_dict("records")
    assert row["target.0.probability"] != row["target.1.probability"]
    assert row["probability"] <= min(row["target.0.probability"], row["target.1.probability"])


def test_a_set_without_an_answer_is_a_row_with_its_reason() -> None:
    frame = sweep(
        case(), {"levers.rules.probability": [0.5, 1.5], "target.period": [2020, 2014]}, points=POINTS
    )
    known = frame["reason"].isna()
    assert known.tolist() == [True, False, False, False]
    assert frame["probability"].notna().tolist() == known.tolist()
    assert "levers.rules.probability: found 1.5, expected from 0 to 1" in frame["reason"][2]
    assert "2014" in frame["reason"][1]


def test_of_many_files_one_with_faults_ends_no_other(tmp_path: Path) -> None:
    good, bad, plain = (tmp_path / name for name in ("good.yaml", "bad.yaml", "plain.yaml"))
    good.write_text(yaml.safe_dump(stated()))
    bad.write_text(yaml.safe_dump(stated(observations=[])))
    plain.write_text(yaml.safe_dump(stated(levers={})))
    frame = sweep([good, bad, plain], {"levers.rules.probability": [0.2, 0.8]}, points=POINTS)
    assert frame["scenario"].tolist() == [str(file) for file in (good, good, bad, bad, plain, plain)]
    assert frame["reason"].isna().tolist() == [True, True, False, False, False, False]
    assert "levers.rules.probability" in frame["reason"][4]


# Which sets there are


def test_a_grid_has_every_combination_and_the_last_path_varies_fastest() -> None:
    base = case()
    design = design_of(
        [
            listed(base, "levers.rules.enabled", ["true", False]),
            ranged(base, "levers.ventures.start", "2019-01", "2019-03", 3),
            ranged(base, "levers.support.percent", "0.1%", "0.3%", 3),
        ],
        None,
        None,
        1,
    )
    months = [24228.0, 24229.0, 24230.0]
    assert list(design.sets(0, 18)) == list(product([True, False], months, [0.001, 0.002, 0.003]))
    assert list(design.sets(5, 7)) == list(design.sets(0, 18))[5:7]


def test_a_range_ends_exactly_where_it_is_said_to() -> None:
    axis = ranged(case(), "levers.support.percent", "0.7%", "10.3%", 7)
    assert (axis.values[0], axis.values[-1], len(axis.values)) == (0.007, 0.103, 7)


@pytest.mark.parametrize("kind", ["sobol", "lhs"])
def test_sampled_sets_stay_inside_and_take_each_listed_value_equally_often(kind: Any) -> None:
    base = case()
    axes = [
        sampled(base, "target.at_least", 900, 1100),
        listed(base, "levers.rules.enabled", ["true", "false"]),
        sampled(base, "levers.ventures.start", "2019-01", "2019-04"),
    ]
    rows = list(design_of(axes, kind, 64, 3).sets(0, 64))
    amounts, chosen, months = zip(*rows, strict=True)
    assert 900 <= min(amounts) < 910 < 1090 < max(amounts) <= 1100
    assert chosen.count(True) == 32
    assert [months.count(24228 + n) for n in range(4)] == [16] * 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"grid": {"levers.rule.probability": [1]}}, "did you mean"),
        ({"grid": {"levers.rules.probability": ["high"]}}, "levers.rules.probability: found value 'high'"),
        ({"grid": {"levers.support.percent": ["5"]}}, "write 5% if that is meant"),
        (
            {"grid": {"levers.rules.enabled": ["perhaps"]}},
            "expected a value of levers.rules.enabled: false, true",
        ),
        ({"ranges": {"levers.rules.enabled": (0, 1, 3)}}, "--grid levers.rules.enabled=false,true"),
        ({"ranges": {"target.at_least": (900, 800, 3)}}, "expected a lower end, then a higher one"),
        ({"ranges": {"target.at_least": (900, 800)}}, "expected low, high and how many"),
        ({"ranges": {"target.at_least": (800, 900, 1)}}, "expected at least 2"),
        ({"sample": {"target.at_least": (800, 900)}}, "found no number of sets"),
        ({"sample": {"target.at_least": (800, 900)}, "design": "grid"}, "choose --design sobol or lhs"),
        (
            {"grid": {"target.at_least": [800, 900]}, "n": 3, "design": "grid"},
            "a grid that has 2 combinations",
        ),
        ({"grid": {"target.at_least": [8]}, "ranges": {"target.at_least": (8, 9, 2)}}, "twice"),
        ({"n": 3}, "nothing that varies"),
        ({"points": 100}, "expected a power of two"),
        ({"seed": -1}, "found seed -1"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_a_sentence(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sweep(case(), **options)


# Parts that outlive what ends a run


def run(out: Path, sweeping: Sweep | None = None, **options: Any) -> None:
    batch.run(sweeping or asked(), Place.of(out), simulate=simulate, jobs=1, **options)


def killed(work: Callable[[], None]) -> bool:
    """Whether a process of its own that does some work is killed by it."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def after(count: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose call of that number kills the process as it begins."""
    calls = 0

    def counted(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)

    return counted


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
@pytest.mark.parametrize("name", tiers.sampled(["sweep.parquet", "sweep.csv", "folder"], 3))
def test_killed_at_any_moment_and_started_again_it_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole, out = tmp_path / "whole" / name, tmp_path / name
    run(whole)
    moments: list[tuple[Any, str, int]] = [
        (os, "replace", 0),  # of the manifest
        (os, "replace", 1),  # of the first part
        (Place, "put", 2),
        (os, "replace", 1),
        (Place, "put", 0),
        (Place, "finish", 0),
        *([(Place, "clear", 0)] if name == "sweep.parquet" else []),  # the file is there, its parts are too
    ]
    for owner, attribute, count in moments:
        with monkeypatch.context() as patch:
            patch.setattr(owner, attribute, after(count, getattr(owner, attribute)))
            assert killed(lambda: run(out)), (attribute, count)
    kept = {file.name for file in Place.of(out).folder.glob("part-*")}
    assert len(kept) == 5
    with monkeypatch.context() as patch:
        if name != "sweep.parquet":
            patch.setattr(batch, "answers", pytest.fail)  # nothing is left to be answered
        run(out)
    assert content(out) == content(whole)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted({"whole", name})


def content(place: Path) -> dict[str, bytes]:
    files = sorted(place.iterdir()) if place.is_dir() else [place]
    return {file.name: file.read_bytes() for file in files if not file.name.startswith(".")}


def test_an_interrupted_run_answers_only_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "folder"
    run(out)
    whole = content(out)
    (out / "part-00001.parquet").unlink()
    (out / "part-00003.parquet").write_bytes(b"half of a file")
    answered: list[int] = []
    real = batch.answers

    def noted(sweeping: Sweep, engine: Any, part: int) -> Any:
        answered.append(part)
        return real(sweeping, engine, part)

    monkeypatch.setattr(batch, "answers", noted)
    seen: list[tuple[int, int]] = []
    run(out, advance=lambda done, count: seen.append((done, count)))
    assert answered == [1, 3]
    assert seen == [(10, 18), (14, 18), (18, 18)]
    assert content(out) == whole


@pytest.mark.parametrize("name", ["sweep.parquet", "folder"])
def test_another_sweep_in_the_same_place_is_refused_and_nothing_of_it_is_lost(
    tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    run(out)
    before = content(out)
    run(out)  # the same: nothing to do
    for other in (asked(seed=2), asked(count=17), sweep_of([Case("case", case())], Varying(), points=POINTS)):
        with pytest.raises(AnotherSweep, match="add --force"):
            run(out, other)
    assert content(out) == before
    run(out, asked(seed=2), force=True)
    assert content(out) != before


def test_a_folder_of_somebody_else_stays_as_it_is_even_when_forced(tmp_path: Path) -> None:
    for name, files in (
        ("files", {"notes.txt": b"mine"}),
        ("foreign", {"_manifest.json": b'{"rows": 3}', "part-00000.parquet": b"mine"}),
    ):
        (tmp_path / name).mkdir()
        for file, there in files.items():
            (tmp_path / name / file).write_bytes(there)
        with pytest.raises(AnotherSweep, match="something else than a sweep and stays as it is"):
            run(tmp_path / name, force=True)
        assert content(tmp_path / name) == files


def test_values_that_the_field_of_a_range_does_not_take_have_a_reason() -> None:
    frame = sweep(case(), {"levers.rules.percent": [0.02, 20.0, -1.5]}, points=64)
    assert frame["probability"].isna().tolist() == [False, True, True]
    assert frame["reason"][1:].str.contains("expected from").all()


def test_unfinished_parts_of_another_sweep_say_in_what_it_differs(tmp_path: Path) -> None:
    place = Place.of(tmp_path / "sweep.parquet")
    place.begin(asked().manifest())
    other = sweep_of([Case("case", case())], Varying(sample=VARIED, count=18), points=2 * POINTS)
    with pytest.raises(AnotherSweep, match=r"\(points: 16 there, 32 asked\)"):
        place.holds(other.manifest())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(AnotherSweep, match="something else"):
        run(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_one_file_holds_all_rows_in_order_and_no_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "GROUP", 8)
    run(tmp_path / "sweep.parquet")
    run(tmp_path / "sweep.csv")
    frame = sweep(case(), sample=VARIED, n=18, points=POINTS)
    for name in ("sweep.parquet", "sweep.csv"):
        held = pa.concat_tables(batch.tables(asked(), Place.of(tmp_path / name)))
        assert held.to_pandas().equals(frame)
    assert pq.ParquetFile(tmp_path / "sweep.parquet").num_row_groups == 3
    assert np.isfinite(frame["probability"]).all()


def test_names_of_files_are_no_formulas_in_a_table_and_come_back_as_they_were(tmp_path: Path) -> None:
    names = ["=1+1", "'=1", "a;@x", "plain", "\x1b]0;t\x07", "\udcff"]
    many = sweep_of(
        [Case(name, case()) for name in names],
        Varying(grid={"target.at_least": [900]}),
        points=POINTS,
        named=True,
    )
    places = [Place.of(tmp_path / name) for name in ("sweep.csv", "sweep.parquet")]
    for place in places:
        batch.run(many, place, simulate=simulate)
    text = places[0].path.read_text("utf-8")
    assert [line.partition(",")[0] for line in text.splitlines()[1:]] == [
        "'=1+1",
        "''=1",
        "a;'@x",
        "plain",
        "\ufffd]0;t\ufffd",
        "\ufffd",
    ]
    one, other = (pa.concat_tables(batch.tables(many, place)).to_pandas() for place in places)
    assert one.equals(other)
    assert list(one["scenario"]) == [*names[:4], "\ufffd]0;t\ufffd", "\ufffd"]


def test_chunks_that_share_a_law_give_what_single_sets_give() -> None:
    frame = sweep(
        case(), {"outlook.world": ["slump", None], "target.at_least": [900, 1000, 1100]}, points=POINTS
    )
    for row in frame.to_dict("records"):
        (alone,) = sweep(
            case(), {path: [row[path]] for path in ("outlook.world", "target.at_least")}, points=POINTS
        ).to_dict("records")
        assert alone["probability"] == row["probability"]
