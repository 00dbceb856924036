"""A month's round on the page: worked out beside the script, and once for the same table and files. Default tier."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from simulator.batch.observe import Round, Table
from simulator.caches import forget
from simulator.stopping import Stopped, stoppable
from simulator.ui.widgets import rounds

FILE = """title: Made up
as_of: 2018-09-30
target: {measure: turnover, period: 2019, at_least: 600}
observations: [{measure: turnover, period: 2017, value: 455.1}]
"""
TABLE = Table(b"period,turnover\n2018-08,40.1\n", "august.csv", {})
DAY = dt.date(2018, 10, 1)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[Any]]:
    """A file, and which rounds are worked out."""
    forget()
    begun: list[Any] = []

    def observe(files: Any, table: Table, **options: Any) -> Round:
        begun.append((tuple(files), table))
        options["progress"](files[0])  # as after each file
        return Round(table.name, (), ())

    monkeypatch.setattr(rounds, "observe", observe)
    file = tmp_path / "one.yaml"
    file.write_text(FILE)
    return file, begun


def test_a_round_is_worked_out_once_until_its_files_or_its_table_change(
    asked: tuple[Path, list[Any]],
) -> None:
    file, begun = asked
    done = rounds._answered([file], TABLE, DAY)
    assert rounds._answered([file], TABLE, DAY) is done
    assert len(begun) == 1
    rounds._answered([file], TABLE, None)
    rounds._answered([file], Table(TABLE.data, TABLE.name, {"published": DAY}), DAY)
    rounds._answered([file], Table(TABLE.data + b"\n", TABLE.name, {}), DAY)
    file.write_text(FILE.replace("600", "601"))
    rounds._answered([file], TABLE, DAY)
    assert len(begun) == 5
    file.unlink()
    rounds._answered([file], TABLE, DAY)
    rounds._answered([file], TABLE, DAY)  # of what has gone nothing is kept
    assert len(begun) == 7


def test_a_round_that_nobody_waits_for_ends_between_two_files(asked: tuple[Path, list[Any]]) -> None:
    file, begun = asked

    def ask() -> None:
        raise Stopped

    with stoppable(ask), pytest.raises(Stopped):
        rounds._answered([file], TABLE, DAY)
    assert len(begun) == 1
    rounds._answered([file], TABLE, DAY)  # and was not kept
    assert len(begun) == 2
