"""Thousands of sets of assumptions on common draws, each answered in one row of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.batch.design import Kind, Varying
from simulator.batch.parts import Place
from simulator.batch.rows import answers
from simulator.batch.sets import REASON, Case, Sweep, case_of, sweep_of
from simulator.batch.workers import spread
from simulator.files.places import state
from simulator.model.result import Simulate
from simulator.numerics.draws import POINTS, SEED
from simulator.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MOST_REASONS = 20  # that are told one by one
MOST_KINDS = 1000  # that are told apart: what is held of a sweep does not grow with it
OTHERS = "other reasons, each of which stands in its row"
_VALUE = re.compile(r"found [^,;]*")
Advance = Callable[[int, int], None]  # of sets that are answered, and of all
Parts = Callable[[Sequence[int]], Iterator[dict[str, list[Any]]]]  # the answers to parts, in their order


def _silent(_done: int, _count: int) -> None:
    """Nobody asks how far it is."""


def run(
    asked: Sweep,
    place: Place,
    *,
    simulate: Simulate,
    jobs: int | None = None,
    cluster: str | None = None,
    force: bool = False,
    advance: Advance = _silent,
) -> None:
    """Answer all sets into a place; those that are there already stay.

    Args:
        asked: which sets.
        place: where the answers go.
        simulate: the engine's.
        jobs: processes; left out, as many as there are cores.
        cluster: the address of a Dask scheduler whose workers answer in place of processes of this machine.
        force: whether what is there and is another sweep is replaced.
        advance: called with how many sets are answered, and how many there are.

    Raises:
        AnotherSweep: something else is there.
        NotWritten: it cannot be written, or another run writes there now.
    """
    if _all_there(asked, place, force):  # which need not be a place that can be written
        advance(len(asked), len(asked))
        return
    manifest = asked.manifest()
    with place.reserved():
        before = state(place.path)
        done, begun = place.holds(manifest, force)
        if done:
            place.clear()
            return
        parts = partial(_spread, asked, simulate=simulate, jobs=jobs, cluster=cluster)
        _fill(asked, place, parts, begun, advance)
        place.finish(asked.parts, asked.schema, manifest, before)


def _all_there(asked: Sweep, place: Place, force: bool) -> bool:
    """Whether nothing is left to do: no set to answer, and nothing to put together or to take away."""
    done, begun = place.holds(asked.manifest(), force)
    return not place.left and (done or (place.form == "folder" and begun and not _missing(asked, place)))


def _missing(asked: Sweep, place: Place) -> list[int]:
    """The parts that are not there."""
    return [part for part in range(asked.parts) if not place.has(part, len(asked.rows(part)))]


def _fill(asked: Sweep, place: Place, answered: Parts, begun: bool, advance: Advance) -> None:
    """The parts that are missing; those of another sweep go when the first of this one is there."""
    missing = _missing(asked, place) if begun else list(range(asked.parts))
    done = len(asked) - sum(len(asked.rows(part)) for part in missing)
    advance(done, len(asked))
    for part, rows in zip(missing, answered(missing), strict=True):
        if not begun:
            place.begin(asked.manifest())
            begun = True
        place.put(part, asked.table(rows))
        done += len(asked.rows(part))
        advance(done, len(asked))


def _spread(
    asked: Sweep, parts: Sequence[int], simulate: Simulate, jobs: int | None, cluster: str | None
) -> Iterator[dict[str, list[Any]]]:
    return spread(partial(answers, asked, simulate), parts, jobs, cluster)


def sweep(
    scenario: Scenario | str | Path | Sequence[Scenario | str | Path],
    grid: Mapping[str, Iterable[Any]] | None = None,
    *,
    simulate: Simulate,
    ranges: Mapping[str, Sequence[Any]] | None = None,
    sample: Mapping[str, Sequence[Any]] | None = None,
    design: Kind | None = None,
    n: int | None = None,
    out: str | Path | None = None,
    points: int = POINTS,
    seed: int = SEED,
    jobs: int | None = 1,
    dask: str | None = None,
    force: bool = False,
    advance: Advance = _silent,
) -> pd.DataFrame:
    """Many sets of assumptions on common draws, each answered in one row.

    Paths are those of any number that can be turned, or of a choice; the main value of a range takes its
    ends along, as a slider does.

    Args:
        scenario: the assumptions that do not vary: a scenario, its file, or several of either.
        grid: values by path: ``{"levers.assembly.count": [4, 6, 8]}``.
        simulate: the engine's.
        ranges: (low, high, how many) by path: values equally far apart.
        sample: (low, high) by path: drawn from anywhere between.
        design: ``grid`` for every combination, ``sobol`` or ``lhs`` for ``n`` sets spread evenly over all
            that varies; left out, ``sobol`` where something is sampled, else ``grid``.
        n: how many sets ``sobol`` and ``lhs`` have.
        out: a file that ends in .parquet or .csv, or a folder of parts, in which a run that was interrupted
            goes on where it ended; left out, nothing is written.
        points: draws of each set, a power of two.
        seed: of every draw and of the design.
        jobs: processes; None for as many as there are cores.
        dask: the address of a Dask scheduler in place of them.
        force: whether another sweep in ``out`` is replaced.
        advance: called with how many sets are answered, and how many there are.

    Returns:
        a row for each set, in the order of the design: the scenario where there are several, what varies,
        ``probability`` and ``standard_error`` (fractions), ``median``, ``p10`` and ``p90`` of what the target
        is about and ``shortfall_if_missed`` (in the scenario's unit; of growth and shares fractions), and
        ``reason``: why a set has no answer.

    Raises:
        ValueError: no such path, a value that cannot be read, a design that cannot be, another sweep in
            ``out``.
    """
    cases, named = _cases(scenario)
    varying = Varying(grid or {}, ranges or {}, sample or {}, design, n)
    asked = sweep_of(cases, varying, points=points, seed=seed, named=named)
    jobs = None if dask is not None and jobs == 1 else jobs  # which none has asked for
    return frame(asked, out, simulate=simulate, jobs=jobs, cluster=dask, force=force, advance=advance)


def _cases(given: Scenario | str | Path | Sequence[Scenario | str | Path]) -> tuple[list[Case], bool]:
    """What is swept, and whether each row begins with the name of its case: where several may be given."""
    if isinstance(given, Scenario):
        return [Case(given.title, given)], False
    if isinstance(given, str | Path):
        return [case_of(Path(given))], False
    return [case for one in given for case in _cases(one)[0]], True


def frame(
    asked: Sweep,
    out: str | Path | None,
    *,
    simulate: Simulate,
    jobs: int | None,
    cluster: str | None,
    force: bool = False,
    advance: Advance = _silent,
) -> pd.DataFrame:
    """The answers to all sets as a frame, written into a place if one is given."""
    import pyarrow as pa

    if out is None:
        parts = answered(asked, simulate=simulate, jobs=jobs, cluster=cluster, advance=advance)
        return pa.concat_tables(parts).to_pandas()
    place = Place.of(Path(out))
    run(asked, place, simulate=simulate, jobs=jobs, cluster=cluster, force=force, advance=advance)
    return pa.concat_tables(tables(asked, place)).to_pandas()


def answered(
    asked: Sweep,
    *,
    simulate: Simulate,
    jobs: int | None,
    cluster: str | None,
    advance: Advance = _silent,
) -> Iterator[pa.Table]:
    """The answers to all sets part by part, written nowhere; arguments as those of ``run``."""
    done = 0
    for rows in _spread(asked, range(asked.parts), simulate, jobs, cluster):
        table = asked.table(rows)
        done += table.num_rows
        advance(done, len(asked))
        yield table


def tables(asked: Sweep, place: Place) -> Iterator[pa.Table]:
    """The answers that a place holds, in the order of the sets, a part of them at a time."""
    return place.tables(asked.parts, asked.schema)


# What came of all


@dataclass
class Summary:
    """What a reader wants to know of all sets first: added up part by part.

    ``lowest`` and ``highest`` are the rows with the lowest and the highest probability, the first of equal
    ones; ``reasons`` counts the sets without an answer by their reason, those together that differ in no more
    than what was found, under the first of them.
    """

    sets: int = 0
    error: float = 0.0
    lowest: Mapping[str, Any] | None = None
    highest: Mapping[str, Any] | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    _kinds: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, table: pa.Table) -> None:
        """Count some more rows in."""
        self.sets += table.num_rows
        for reason in table[REASON].to_pylist():
            if reason is not None:
                self.reasons[self._like(reason)] += 1
        chances = table["probability"].to_numpy()
        if np.isnan(chances).all():
            return
        self.error = max(self.error, float(np.nanmax(table["standard_error"].to_numpy())))
        low, high = (_row_of(table, int(place)) for place in (np.nanargmin(chances), np.nanargmax(chances)))
        if self.lowest is None or low["probability"] < self.lowest["probability"]:
            self.lowest = low
        if self.highest is None or high["probability"] > self.highest["probability"]:
            self.highest = high

    def _like(self, reason: str) -> str:
        """The reason under which one is counted."""
        kind = _VALUE.sub("found", reason)
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            return OTHERS
        return self._kinds.setdefault(kind, reason)

    @property
    def refused(self) -> int:
        """How many sets have no answer."""
        return sum(self.reasons.values())

    def to_dict(self) -> dict[str, Any]:
        """For a machine; the most frequent reasons first."""
        return {
            "sets": self.sets,
            "answered": self.sets - self.refused,
            "without_answer": self.refused,
            "reasons": [{"reason": text, "sets": n} for text, n in self.reasons.most_common(MOST_REASONS)],
            "lowest": self.lowest,
            "highest": self.highest,
            "largest_standard_error": self.error,
        }


def _row_of(table: pa.Table, place: int) -> Mapping[str, Any]:
    row: Mapping[str, Any] = table.slice(place, 1).to_pylist()[0]
    return row
