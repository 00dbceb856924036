"""Work spread over processes and over a Dask cluster: the same answers, whoever dies. Default tier, but for the cluster."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator.batch import cluster as clusters
from simulator.batch import workers
from simulator.batch.batches import MOST_ITEMS, Batches, Worked
from simulator.batch.workers import spread
from simulator.cli import main
from simulator.errors import NoWorkers, WorkersLost
from tests.batch import spread_work as work
from tests.cases import SPLIT, scenario


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No head start: processes from the second item on."""
    monkeypatch.setattr(workers, "HEAD_START", 0.0)


def numbered(folder: Path, count: int, seconds: float = 0.0) -> Iterator[tuple[int, Path, float]]:
    return ((number, folder, seconds) for number in range(count))


def test_answers_come_in_order_and_items_are_taken_as_workers_get_to_them(at_once: None) -> None:
    taken = itertools.count()
    items = (next(taken) for _ in itertools.repeat(None))  # without an end
    answers = spread(work.double, items, 2)
    assert list(itertools.islice(answers, 300)) == [2 * number for number in range(300)]
    assert next(taken) <= 300 + (workers.AHEAD * 2 + 1) * MOST_ITEMS
    answers.close()
    assert not [child for child in multiprocessing.active_children() if "Loky" in child.name]


def test_what_takes_no_time_starts_no_process() -> None:
    assert list(spread(os.getppid, [], 2)) == []
    assert list(spread(lambda _: os.getpid(), range(20), 2)) == [os.getpid()] * 20
    with pytest.raises(ValueError, match="found 2 workers and a cluster"):
        next(spread(work.double, [1], 2, "tcp://localhost:1"))


def test_batches_follow_the_seconds_of_those_before() -> None:
    batches, sizes = Batches(iter(range(1000))), []
    for each in (0.001, 0.001, 0.001, 0.001, 0.1, 0.1, 5.0, 5.0):
        batch = batches.next()
        assert batch is not None
        sizes.append(len(batch.items))
        batches.learn(Worked(batch.items, each * len(batch.items)))
    assert sizes == [1, 2, 4, 8, 16, 2, 2, 1]
    assert str(batches.next()) == f"item {sum(sizes) + 1}"


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_a_killed_process_loses_nothing(at_once: None, tmp_path: Path) -> None:
    (tmp_path / "7").touch()
    answers = list(spread(work.die_once, numbered(tmp_path, 30), 2))
    assert [number for number, _ in answers] == list(range(30))
    assert not (tmp_path / "7").exists()
    assert len({process for _, process in answers} - {os.getpid()}) >= 2


@pytest.mark.ci_only(reason="four pools of processes, each of which is killed")
def test_an_item_that_kills_every_process_is_named(at_once: None) -> None:
    with pytest.raises(WorkersLost, match=r"found 4 workers that ended over items? [34]"):
        list(spread(work.die_always, range(10), 2))


def test_what_the_function_raises_is_raised_here(at_once: None) -> None:
    answers = spread(work.refuse, range(10), 2)
    assert list(itertools.islice(answers, 5)) == list(range(5))
    with pytest.raises(TimeoutError, match="nothing of five"):
        next(answers)


@pytest.mark.ci_only(reason="starts processes that import all of the package")
def test_every_number_of_workers_gives_the_same_bytes_on_one_thread_of_blas(at_once: None) -> None:
    cases = [scenario(SPLIT, outlook={"trend": n / 100}) for n in range(6)]
    answers = [json.dumps(list(spread(work.answered, cases, n))) for n in (1, 2, 3)]
    assert answers[0] == answers[1] == answers[2]
    assert {n for found in spread(work.threads, range(4), 2) for n in found} == {1}


# A Dask cluster


def test_without_dask_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "find_spec", lambda _name: None)
    with pytest.raises(
        NoWorkers, match=r"found no package distributed.*install it with: pip install '.*\[dask\]'"
    ):
        next(spread(work.double, [1], cluster="tcp://127.0.0.1:1"))


def test_an_address_that_nobody_answers_at_is_refused_in_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(clusters, "PATIENCE", 0.5)
    with socket.socket() as silent:  # takes a call and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        port = silent.getsockname()[1]
        for address in ("tcp://127.0.0.1:1", "nonsense", "tcp://:1", "ftp://a:1", f"tcp://127.0.0.1:{port}"):
            with pytest.raises(NoWorkers, match=f"found no Dask scheduler at {address} .*dask scheduler"):
                next(spread(work.double, [1], cluster=address))
        assert time.monotonic() - begun < 5
    table = tmp_path / "table.csv"
    rows = (
        f"A,{flow},{year},{level + year % 5}"
        for flow, level in (("exports", 50), ("imports", 30))
        for year in range(2001, 2012)
    )
    table.write_text("\n".join(["partner,flow,period,value", *rows]))
    done = CliRunner().invoke(main, ["backtest", str(table), "--points", "16", "--dask", "nonsense"])
    assert done.exit_code == 2
    assert "found no Dask scheduler at nonsense" in done.stderr
    both = CliRunner().invoke(main, ["backtest", str(table), "--dask", "tcp://a:1", "--workers", "2"])
    assert both.exit_code == 2
    assert "found --jobs 2 and --dask tcp://a:1, expected one of them" in both.stderr


def test_workers_of_another_version_are_refused() -> None:
    here = clusters.versions()
    assert clusters.unlike(here, dict(here), "tcp://w:1") is None
    for there, words in (
        ({"simulator": "0.1"}, "found simulator 0.1 at the worker tcp://w:1, expected simulator"),
        ({"numpy": "1.9"}, "found numpy 1.9 at the worker"),
        ({"simulator": ""}, "found no simulator at the worker"),
    ):
        assert words in str(clusters.unlike(here, here | there, "tcp://w:1"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        yield local


@pytest.mark.ci_only(reason="a cluster of two processes")
def test_a_killed_worker_of_a_cluster_loses_nothing(cluster: Any, tmp_path: Path) -> None:
    def kill() -> None:
        time.sleep(1.0)
        os.kill(victim, signal.SIGKILL)

    victim = min(
        dict(spread(work.die_once, numbered(tmp_path, 8, 0.1), cluster=cluster.scheduler_address)).values()
    )
    threading.Thread(target=kill).start()
    answers = list(spread(work.die_once, numbered(tmp_path, 60, 0.1), cluster=cluster.scheduler_address))
    assert [number for number, _ in answers] == list(range(60))
    with pytest.raises(ProcessLookupError):
        os.kill(victim, 0)


@pytest.mark.ci_only(reason="a cluster of two processes")
def test_a_cluster_gives_the_bytes_of_one_process(cluster: Any) -> None:
    cases = [scenario(SPLIT, outlook={"trend": n / 100}) for n in range(6)]
    here = list(spread(work.answered, cases, 1))
    assert json.dumps(list(spread(work.answered, cases, cluster=cluster.scheduler_address))) == json.dumps(
        here
    )
    assert {
        n for found in spread(work.threads, range(4), cluster=cluster.scheduler_address) for n in found
    } == {1}


@pytest.mark.ci_only(reason="a cluster of two processes")
def test_a_cluster_of_another_version_is_refused(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = clusters.versions() | {"simulator": "99"}
    monkeypatch.setattr(clusters, "versions", lambda: ours)
    with pytest.raises(
        NoWorkers, match=r"found simulator .* at the worker tcp.*, expected simulator 99 as here"
    ):
        next(spread(work.double, [1], cluster=cluster.scheduler_address))


@pytest.mark.ci_only(reason="a cluster whose workers die")
def test_an_item_that_kills_every_worker_of_a_cluster_is_named(cluster: Any) -> None:
    with pytest.raises(WorkersLost, match=r"found 4 workers that ended over items? [34]"):
        list(spread(work.die_always, range(10), cluster=cluster.scheduler_address))


def test_no_more_processes_are_started_than_cores_have_use_for(
    monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    """A thousand that are asked for on a small machine would stop all that it does."""
    started = []

    def processes(count: int, *_: Any) -> Any:
        started.append(count)
        raise InterruptedError

    monkeypatch.setattr("simulator.batch.processes.Processes", processes)
    monkeypatch.setattr("simulator.batch.workers.usual_workers", lambda: 2)
    for asked in (3, 1000):
        with pytest.raises(InterruptedError):
            list(spread(abs, range(9), asked))
    assert started == [3, 8]
