"""What a sweep asks: which sets of which scenarios, and which columns their answers have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator._version import __version__
from simulator.analysis.questions import knob_named
from simulator.batch.design import Axis, Design, Value, Varying, design_of
from simulator.caches import lazy
from simulator.errors import one_line
from simulator.model.result import fingerprint
from simulator.numerics.draws import POINTS, SEED, check_points
from simulator.scenario import Scenario
from simulator.scenario.parameters import knobs_by_path, switches, turned
from simulator.scenario.sizes import drawn_months, require_drawable
from simulator.values.address import Address
from simulator.values.wording import plainly

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 128  # sets of one part, ...
MOST_PARTS = 1000  # ... or as many as make no more parts than these
LEVELS = {"median": 0.5, "p10": 0.1, "p90": 0.9}
ANSWERS = ("probability", "standard_error", *LEVELS, "shortfall_if_missed")
CASE, LEADING, REASON = "scenario", "leading", "reason"
LONGEST = 500  # letters of a reason


@dataclass(frozen=True)
class Case:
    """A scenario under the name of its file, or why it cannot be used."""

    name: str
    scenario: Scenario | None
    reason: str | None = None

    @lazy
    def sha256(self) -> str | None:
        """Of what it states."""
        return None if self.scenario is None else fingerprint(self.scenario)


def case_of(file: Path, settings: Sequence[str] = ()) -> Case:
    """The scenario of a file that can be answered; of one that has faults, what they are."""
    from simulator.errors import ScenarioError
    from simulator.files.loading import load
    from simulator.files.opening import checked

    try:
        return Case(str(file), checked(load(file, settings)).scenario)
    except ScenarioError as error:
        return Case(str(file), None, reason_of(error))


@dataclass(frozen=True)
class Sweep:
    """Which sets are answered, and how: everything that the answers depend on.

    The sets of each case follow one another; ``named``: each row begins with the name of its case.
    """

    cases: tuple[Case, ...]
    design: Design
    points: int = POINTS
    seed: int = SEED
    named: bool = False

    def __len__(self) -> int:
        return len(self.cases) * self.design.count

    @property
    def chunk(self) -> int:
        """How many sets a part has."""
        return CHUNK * -(-len(self) // (CHUNK * MOST_PARTS))

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-len(self) // self.chunk)

    def rows(self, part: int) -> range:
        """The numbers of the sets of a part."""
        return range(part * self.chunk, min((part + 1) * self.chunk, len(self)))

    def sets(self, part: int) -> Iterator[tuple[int, Case, tuple[Value, ...]]]:
        """The sets of a part: the place in it, the case, and the values of the axes."""
        numbers, count, place = self.rows(part), self.design.count, 0
        while place < len(numbers):
            case, first = divmod(numbers[place], count)
            for values in self.design.sets(first, min(count, first + len(numbers) - place)):
                yield place, self.cases[case], values
                place += 1

    @property
    def idle(self) -> tuple[str, ...]:
        """The levers and risks that vary in something and are off in every set."""
        paths = {axis.path for axis in self.design.axes}
        owners = dict.fromkeys(str(Address.parse(path).owner) for path in paths)
        return tuple(owner for owner in owners if f"{owner}.enabled" not in paths and self._off(owner))

    def _off(self, owner: str) -> bool:
        """Whether a lever or risk is there and off in every case."""
        drivers = (dict(case.scenario.drivers()) for case in self.cases if case.scenario)
        stated = [known[Address.parse(owner)] for known in drivers if Address.parse(owner) in known]
        return bool(stated) and not any(driver.enabled for driver in stated)

    @property
    def goals(self) -> int:
        """How many targets there are for one period each, in the case that has most."""
        return max((len(case.scenario.goals) for case in self.cases if case.scenario), default=1)

    @property
    def columns(self) -> dict[str, type]:
        """The columns of the table, each with the type of its cells."""
        columns: dict[str, type] = {CASE: str} if self.named else {}
        columns |= {axis.path: axis.kind for axis in self.design.axes}
        columns |= dict.fromkeys(ANSWERS, float)
        if self.goals > 1:
            columns |= {LEADING: str} | {f"target.{n}.probability": float for n in range(self.goals)}
        return columns | {REASON: str}

    def manifest(self) -> dict[str, Any]:
        """All that the answers depend on, for a machine."""
        cases = [{"file": case.name, "sha256": case.sha256, "reason": case.reason} for case in self.cases]
        if not self.named:
            cases = [{"sha256": cases[0]["sha256"]}]
        asked = {
            "scenarios": cases,
            **self.design.to_dict(),
            "points": self.points,
            "seed": self.seed,
            "part": self.chunk,
            "version": __version__,
        }
        return {**asked, "hash": hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()}

    @property
    def schema(self) -> pa.Schema:
        """The columns as Arrow has them."""
        import pyarrow as pa

        types = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
        return pa.schema([(name, types[kind]) for name, kind in self.columns.items()])

    def table(self, rows: Mapping[str, list[Any]]) -> pa.Table:
        """Some rows as Arrow has them; a cell that is None is null."""
        import pyarrow as pa

        return pa.table(dict(rows), schema=self.schema)


def sweep_of(
    cases: Sequence[Case],
    varying: Varying,
    *,
    points: int = POINTS,
    seed: int = SEED,
    named: bool = False,
) -> Sweep:
    """A sweep over what was asked for.

    Raises:
        ValueError: no such path in any case, a value that cannot be read, a design that cannot be, more
            points than any set of any case can be drawn with.
    """
    check_points(points)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"found seed {seed!r}, expected a whole number from 0")
    axes = _axes(cases, varying)
    usable = tuple(_usable(case, axes, points) for case in cases)
    if all(case.scenario is None for case in usable):
        raise _unanswerable(usable)
    design = design_of(axes, varying.design, varying.count, seed)
    return Sweep(usable, design, points, seed, named)


def _axes(cases: Sequence[Case], varying: Varying) -> list[Axis]:
    """The axes, read with the first case in which all of them are.

    Raises:
        ValueError: there is none; what is wrong with the first.
    """
    usable = [case.scenario for case in cases if case.scenario is not None]
    fault = _unanswerable(cases)
    for number, scenario in enumerate(usable):
        try:
            return varying.axes(scenario)
        except ValueError as error:
            fault = fault if number else error
    raise fault


def _unanswerable(cases: Sequence[Case]) -> ValueError:
    """The refusal of cases of which none can be answered: what is wrong with the first."""
    if not cases:
        return ValueError("found no scenario, expected one at least")
    also = f" (nor {len(cases) - 1} more)" if len(cases) > 1 else ""
    return ValueError(f"found {cases[0].name}, which cannot be answered{also}: {cases[0].reason}")


def _usable(case: Case, axes: Sequence[Axis], points: int) -> Case:
    """A case; of one of which no set can be answered, why: it lacks what varies, or has too much to draw."""
    if case.scenario is None:
        return case
    choices = {switch.path for switch in switches(case.scenario)}
    try:
        for axis in axes:
            if axis.path not in choices and axis.path not in knobs_by_path(case.scenario):
                knob_named(case.scenario, axis.path)
        smallest = _smallest(case.scenario, [axis for axis in axes if axis.path in choices])
        require_drawable(smallest, points)
    except ValueError as error:
        return replace(case, scenario=None, reason=reason_of(error))
    return case


def _smallest(scenario: Scenario, choices: Iterable[Axis]) -> Scenario:
    """The set of assumptions with the fewest months to draw: each choice adds to them by itself."""
    for axis in choices:
        forms = []
        for value in axis.values:
            with suppress(ValueError):  # a set that cannot be says so in its row
                forms.append(turned(scenario, {axis.path: value}))
        scenario = min(forms, key=drawn_months, default=scenario)
    return scenario


def reason_of(error: Exception) -> str:
    """Why something has no answer, on one line."""
    return one_line(plainly(error).replace("\n", "; "), LONGEST)
