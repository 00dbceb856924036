"""Batches worked on by a Dask cluster that is there already; see docs/workers.md.

Dask works out again by itself what a worker had at hand that died, and gives an answer up where several died
over it (its setting ``distributed.scheduler.allowed-failures``).
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from typing import Any, cast
from urllib.parse import urlsplit

from simulator.batch.batches import Batch, Worked, lost, work
from simulator.errors import NoWorkers, WorkersLost, one_line

PATIENCE = 3.0  # seconds for a scheduler to answer, and for its first worker
AT_END = 1.0  # seconds for a scheduler to take note that this client leaves
WITHOUT_WORKERS = 60.0  # seconds for another worker to come, where all are gone
WATCH = 2.0  # seconds between looks at the cluster while an answer is awaited
LONGEST = 200  # letters of somebody else's reason
COMPARED = ("simulator", "numpy", "scipy", "pydantic")  # what digits and messages depend on


class Cluster:
    """The workers of a scheduler, also those that come later.

    Args:
        address: of the scheduler.
        function: of one item.

    Raises:
        NoWorkers: Dask is not installed, nothing answers at the address, it has no worker, or one of another
            version.
    """

    def __init__(self, address: str, function: Callable[[Any], Any]) -> None:
        self._address, self._function = address, function
        self._versions = versions()
        self._open: deque[tuple[Batch, Any]] = deque()
        self._client = _connected(address)
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    @property
    def width(self) -> int:
        """How many threads the workers have now, one at least."""
        return max(1, self._threads())

    def submit(self, batch: Batch) -> None:
        """Have a batch worked on after those before it."""
        sent = self._client.submit(
            _work,
            self._function,
            batch.items,
            self._versions,
            pure=False,
            key=f"simulator-{id(self)}-{batch.before}",
        )
        self._open.append((batch, sent))

    def next(self) -> Worked:
        """The answers to the oldest batch that was submitted.

        Raises:
            NoWorkers: a worker that came later has another version.
            WorkersLost: workers died over it again and again, all are gone, or the scheduler is.
        """
        from distributed import KilledWorker

        batch, sent = self._open[0]
        try:
            with _quiet():
                worked = self._answered(sent)
        except KilledWorker as error:
            raise lost(batch, error.allowed_failures + 1) from error
        except CancelledError as error:
            raise WorkersLost(f"found no scheduler at {self._address} any more, expected answers") from error
        if isinstance(worked, NoWorkers):
            raise worked
        self._open.popleft()
        return worked

    def close(self) -> None:
        """Cancel what is not answered, and leave the cluster as it was."""
        with _quiet(), suppress(NotYet, CancelledError, OSError):  # a scheduler that is gone takes no note
            self._client.cancel([sent for _, sent in self._open])
        with _quiet(), suppress(NotYet, CancelledError, OSError):
            self._client.close(timeout=AT_END)

    def _answered(self, sent: Any) -> Worked | NoWorkers:
        """What a batch comes to.

        Raises:
            WorkersLost: there has been no worker for a while.
        """
        without = None
        while True:
            try:
                return cast(Worked | NoWorkers, sent.result(timeout=WATCH))
            except NotYet:
                if sent.status != "pending":  # since that moment, or what the function itself raised
                    return cast(Worked | NoWorkers, sent.result())
                now = time.monotonic()
                without = None if self._threads() else without or now
                if without is not None and now - without > WITHOUT_WORKERS:
                    raise WorkersLost(
                        f"found no worker at {self._address} for {WITHOUT_WORKERS:g} seconds, expected one; "
                        f"start it with: dask worker {self._address}"
                    ) from None

    def _threads(self) -> int:
        """How many threads all workers have together; none where the scheduler does not answer."""
        try:
            return int(self._client.scheduler_info(n_workers=1)["total_threads"])
        except OSError:
            return 0

    def _check_workers(self) -> None:
        """Refuse a cluster without workers, or with one of another version.

        Raises:
            NoWorkers: in a sentence.
        """
        try:
            with _quiet():
                self._client.wait_for_workers(1, timeout=PATIENCE)
                there = self._client.run(_reader(), COMPARED)
        except NotYet:
            raise NoWorkers(
                f"found a scheduler at {self._address} without a worker, expected one at least; "
                f"start it with: dask worker {self._address}"
            ) from None
        except Exception as error:  # a worker of another Python, or one that has just died
            raise NoWorkers(
                f"found workers at {self._address} that do not say their versions ({_short(error)}), "
                "expected the same Python and packages as here; install them there, and start them anew"
            ) from error
        for worker, versions_there in there.items():
            if (differing := unlike(self._versions, versions_there, worker)) is not None:
                raise differing


def versions() -> dict[str, str]:
    """The versions here of what answers depend on."""
    return _reader()(COMPARED)


def _reader() -> Callable[[Iterable[str]], dict[str, str]]:
    """What reads the versions of packages; none is the empty text.

    It is made here, so that it is sent as it stands: a worker that has no simulator at all is to say so.
    """

    def read(names: Iterable[str]) -> dict[str, str]:
        there = {}
        for name in names:
            try:
                there[name] = __import__(name).__version__
            except ImportError:
                there[name] = ""
        return there

    return read


def unlike(here: Mapping[str, str], there: Mapping[str, str], worker: str) -> NoWorkers | None:
    """The refusal of a worker whose answers may differ from those worked out here; None where they do not."""
    for name, version in here.items():
        if there[name] != version:
            has = f"{name} {there[name]}" if there[name] else f"no {name}"
            return NoWorkers(
                f"found {has} at the worker {worker}, expected {name} {version} as here; install the same "
                "there, and start the worker anew"
            )
    return None


def _work(function: Callable[[Any], Any], items: Any, here: Mapping[str, str]) -> Worked | NoWorkers:
    """The answers to some items, worked out by a worker; a refusal where it is of another version."""
    from distributed import get_worker

    return unlike(here, versions(), get_worker().address) or work(function, items)


def _connected(address: str) -> Any:
    """A client of a scheduler.

    Raises:
        NoWorkers: Dask is not installed, or no scheduler answers at the address in time.
    """
    if find_spec("distributed") is None:
        raise NoWorkers(
            "found no package distributed, expected it for the workers of a Dask cluster; install it with: "
            "pip install 'trade-target-simulator[dask]', or pip install distributed"
        )
    reason = _unheard(address) or _in_time(partial(_asked, address))
    client: list[Any] = []
    if reason is None:
        reason = _in_time(lambda: client.append(_client(address)))
    if reason is not None:
        raise NoWorkers(
            f"found no Dask scheduler at {address} ({reason}), expected an address such as "
            "tcp://10.0.0.5:8786; start one with: dask scheduler"
        )
    return client[0]


def _unheard(address: str) -> str | None:
    """Why nobody can be asked at an address, as far as the network tells at once; else None."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("tcp", "tls"):  # Dask knows others, and says which
        return None
    if not (host and port):
        return "a port is missing" if host else "a host is missing"
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


def _asked(address: str) -> None:
    """Ask for the name of what listens at an address: a client that fails does not end by itself."""
    import distributed
    from distributed.comm import core

    security: Any = distributed.Security
    connect: Any = core.connect

    async def ask() -> None:
        comm = await connect(address, timeout=PATIENCE, **security().get_connection_args("client"))
        try:
            await comm.write({"op": "identity", "reply": True})
            answer = await comm.read()
        finally:
            comm.abort()
        if not (isinstance(answer, Mapping) and answer.get("type") == "Scheduler"):
            raise ValueError("what listens there is none")

    if not address.startswith("inproc://"):  # which is of this process and its own loop
        asyncio.run(ask())


def _client(address: str) -> Any:
    import distributed
    from distributed.versions import VersionMismatchWarning

    warnings.simplefilter("ignore", VersionMismatchWarning)  # what matters is said in a sentence
    new_client: Any = distributed.Client
    return new_client(address, timeout=PATIENCE, set_as_default=False)


def _in_time(action: Callable[[], None]) -> str | None:
    """Why something could not be done within a while; None where it is.

    It is done beside this thread: what listens at an address and is no scheduler may say nothing for ever.
    """
    begun: Future[None] = Future()

    def begin() -> None:
        try:
            action()
            begun.set_result(None)
        except BaseException as error:
            begun.set_exception(error)

    threading.Thread(target=begin, daemon=True).start()
    with _quiet():
        try:
            begun.result(PATIENCE)
        except NotYet:
            return f"what listens there said nothing for {PATIENCE:g} seconds"
        except Exception as error:
            return _short(error)
    return None


def _short(error: Exception) -> str:
    """What an error of Dask's or of the network's says, on one line."""
    if not isinstance(error, OSError | ValueError):  # of a library that read what is no answer
        return "what listens there does not speak as a scheduler of this version of Dask does"
    return one_line(str(error) or type(error).__name__, LONGEST)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Dask logs of connections that come and go: what matters is said in a sentence."""
    names = ("asyncio", *(name for name in logging.root.manager.loggerDict if name.startswith("distributed")))
    levels = {logging.getLogger(name): logging.getLogger(name).level for name in names}
    for logger in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
