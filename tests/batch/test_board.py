"""The board of a folder: a row a target, what moved it, and nothing of a file that ends the others. Default tier."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import Scenario, load_scenario, simulate
from simulator.batch import board as batch
from simulator.batch.board import Board, Row, State
from simulator.caches import forget
from simulator.model.paths import layout
from simulator.workspace.folder import Folder
from tests.office import BROKEN, HALF, kinds, office, pair, quarters, turnover

POINTS = 512
SLACK = 2.0  # a shared machine may be this much slower than a quiet one


def rows(made: dict[str, Any]) -> list[Row]:
    return list(batch.rows_of(Scenario.model_validate(made), "case.yaml", simulate=simulate, points=POINTS))


def row(made: dict[str, Any]) -> Row:
    (only,) = rows(made)
    return only


def board(folder: Path, points: int = POINTS) -> Board:
    inside = Folder(folder)
    files = [inside.file(name) for name in inside.names()]
    return batch.board(folder, files, partial(batch.answered, simulate=simulate, points=points))


@pytest.fixture(scope="module")
def fifty(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return board(office(tmp_path_factory.mktemp("office")))


def test_of_fifty_files_two_are_at_fault_and_the_others_are_on_the_board(fifty: Board) -> None:
    assert len(fifty.entries) == 50
    assert fifty.broken == (BROKEN, HALF)
    assert len({row.file for row in fifty.rows}) == 48
    assert not any("being-saved" in entry.file for entry in fifty.entries)
    messages = {file: batch.message_of(file, fault) for file, fault in fifty.faults}
    assert "did you mean 'at_least'" in messages[BROKEN]
    assert "still being written" in messages[HALF]


def test_currencies_and_kinds_of_targets_stand_beside_each_other(fifty: Board) -> None:
    assert {row.scenario.currency for row in fifty.rows} == {"USD", "EUR", "KZT"}
    assert {str(row.target.kind) for row in fifty.rows} == {"amount", "growth", "share"}
    assert {row.target.floor for row in fifty.rows} == {True, False}
    assert all(row.totals[-1].period == row.target.period for row in fifty.rows)


def test_every_row_has_the_probability_that_its_file_has(fifty: Board, tmp_path: Path) -> None:
    alone = [row for row in fifty.rows if row.all is None]
    assert len(alone) > 40
    for row in alone[::7]:
        result = simulate(row.scenario, points=POINTS)
        assert row.probability == result.probability
        assert row.standard_error == result.standard_error
        assert row.shortfall == result.shortfall_if_missed


def test_the_change_is_the_difference_of_two_answers_made_by_hand() -> None:
    made = kinds()["amount"]
    figures = made["observations"]
    now, before = (
        Scenario.model_validate(made | {"observations": given}) for given in (figures, figures[:-1])
    )
    columns = layout(now)
    by_hand = [simulate(each, points=POINTS, columns=columns).probability for each in (now, before)]
    change = row(made).change
    assert change is not None
    assert change == pytest.approx(by_hand[0] - by_hand[1], abs=1e-12)
    assert abs(change) > 0.001
    # and about the same where each has draws of its own
    apart = simulate(before, points=2048)
    whole = next(iter(batch.rows_of(now, "case.yaml", simulate=simulate)))
    assert whole.change == pytest.approx(whole.probability - apart.probability, abs=0.005)


def test_a_better_last_figure_moves_a_floor_up_and_a_ceiling_down() -> None:
    good = [*quarters()[:-1], quarters()[-1] | {"value": 190}]
    floor, ceiling = row(pair(turnover(at_least=700), good)), row(pair(turnover(at_most=700), good))
    assert floor.change is not None
    assert floor.change > 0.1
    assert ceiling.change == pytest.approx(-floor.change, abs=1e-9)


def test_the_change_of_each_of_several_targets_is_its_own() -> None:
    both = rows(kinds()["two-targets"])
    apart = [row(pair(turnover(at_least=700))), row(pair(turnover(2025, at_least=560)))]
    for several, one in zip(both, apart, strict=True):
        assert several.probability == pytest.approx(one.probability, abs=0.002)
        assert several.change == pytest.approx(one.change, abs=0.002)
    together = {several.all for several in both}
    assert together == {simulate(both[0].scenario, points=POINTS).probability}
    assert all(both[0].all <= several.probability for several in both)  # type: ignore[operator]
    assert [str(several.target.period) for several in rows(kinds()["every-year"])] == ["2025", "2026"]


def test_why_no_change_is_known() -> None:
    alone = row(kinds()["one-figure"])
    assert (alone.change, alone.unchanged) == (None, batch.ALONE)
    exports = [{"measure": "exports", "period": 2023, "value": 50, "published": "2024-05-01"}]
    untold = row(pair({"measure": "exports", "period": 2026, "at_least": 60}, quarters()[:4] + exports))
    assert (untold.change, untold.unchanged) == (None, batch.UNTOLD)


def test_what_figures_decide_is_reached_or_missed_and_the_rest_on_or_off_track() -> None:
    states = {name: row(kinds()[name]).state for name in ("reached", "missed", "amount", "ceiling")}
    assert states == {
        "reached": State.REACHED,
        "missed": State.MISSED,
        "amount": State.OFF_TRACK,
        "ceiling": State.ON_TRACK,
    }
    one_decided = rows(pair([turnover(2023, at_least=400), turnover(at_least=900)]))
    assert [each.state for each in one_decided] == [State.REACHED, State.OFF_TRACK]


def test_totals_are_published_first_and_expected_after(fifty: Board) -> None:
    course = row(kinds()["amount"]).totals
    assert [(str(total.period), total.published) for total in course] == [
        ("2021", True),
        ("2022", True),
        ("2023", True),
        ("2024", False),
        ("2025", False),
        ("2026", False),
    ]
    assert [total.value for total in course[:3]] == [418, 466, 514]


def test_for_a_machine_it_holds_what_the_contract_says(fifty: Board) -> None:
    told = fifty.to_dict(lambda row: row.target.measure)
    assert set(told) == {"folder", "rows", "faults"}
    first = next(given for given in told["rows"] if given["file"] == "amount.yaml")
    assert first["target"] == {
        "kind": "amount",
        "measure": "turnover",
        "period": "2026",
        "at_least": 700.0,
        "words": "turnover",
    }
    assert first["resolved_by"] == "KSH, final figures"
    assert first["last_figure"]["period"] == "2024-Q2"
    assert first["next_figure"]["due"] == "2024-11-18"
    assert first["on_track"] is False
    assert first["change_points"] == 100 * next(r for r in fifty.rows if r.file == "amount.yaml").change  # type: ignore[operator]
    assert {fault["file"] for fault in told["faults"]} == {BROKEN, HALF}
    assert next(fault for fault in told["faults"] if fault["file"] == BROKEN)["line"] == 9


@pytest.mark.parametrize("text", ["", "title: Half\ntarget: {measure: turn"])
def test_a_file_that_is_being_written_is_said_to_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "half.yaml"
    file.write_text(text, "utf-8")
    (fault,) = batch.answered(file, simulate=simulate).faults
    assert "perhaps still being written" in fault.message
    # a minute later it is as wrong as any other
    os.utime(file, (time.time() - 100, time.time() - 100))
    faults = batch.answered(file, simulate=simulate).faults
    assert faults
    assert not any("being written" in fault.message for fault in faults)


def test_a_whole_file_with_a_fault_is_not_said_to_be_being_written(tmp_path: Path) -> None:
    file = tmp_path / "flawed.yaml"
    file.write_text("title: Flawed\n", "utf-8")
    assert not any("being written" in f.message for f in batch.answered(file, simulate=simulate).faults)


def test_a_file_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    (fault,) = batch.answered(tmp_path / "gone.yaml", simulate=simulate).faults
    assert "found no file" in fault.message


def test_a_fault_of_what_a_file_extends_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(pair(turnover(at_leest=1)), sort_keys=False))
    over = tmp_path / "over.yaml"
    over.write_text("extends: base.yaml\ntitle: Over\n")
    ((file, fault),) = Board("x", (batch.answered(over, simulate=simulate),)).faults
    assert file == "over.yaml"
    assert batch.message_of(file, fault).startswith(str(tmp_path / "base.yaml"))


def test_points_that_cannot_be_used_are_said_of_each_file(tmp_path: Path) -> None:
    office(tmp_path / "two", 2, broken=False)
    faults = board(tmp_path / "two", points=100).faults
    assert all("100" in fault.message for _, fault in faults)


@pytest.mark.ci_only(reason="a measure of time")
def test_fifty_scenarios_take_no_more_than_five_seconds(tmp_path: Path) -> None:
    folder = office(tmp_path / "office", broken=False)
    load_scenario(next(folder.glob("amount.yaml")))
    forget()
    begun = time.process_time()
    answered = board(folder, points=2048)
    assert len({row.file for row in answered.rows}) == 50
    assert time.process_time() - begun < 5 * SLACK
