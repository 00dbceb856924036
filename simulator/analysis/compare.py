"""Several sets of assumptions on common draws: their answers, their differences, and what each difference comes from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np
from pydantic import ValidationError

from simulator._version import __version__
from simulator.errors import BaselineError, NotKnown
from simulator.model.law import check
from simulator.model.paths import layout
from simulator.model.result import Result
from simulator.numerics.preintegration import spread
from simulator.numerics.shapley import separable, shapley, unions
from simulator.scenario import Scenario
from simulator.scenario.changes import MOST, Change, Edit, changes, grouped, hybrid, live, united
from simulator.scenario.ledger import Assumption, differing

IMPOSSIBLE = (
    ValidationError,
    BaselineError,
    NotKnown,
)  # assumptions of two sets that cannot stand in one scenario


@dataclass(frozen=True)
class Compared:
    """One set of assumptions: what it is called here, its file if it has one, and its answer on the common draws."""

    name: str
    file: str | None
    result: Result

    def to_dict(self) -> dict[str, Any]:
        """The answer as ``run`` gives it, with the name."""
        return {"name": self.name, **self.result.to_dict(self.file)}


@dataclass(frozen=True)
class Part:
    """What one changed assumption contributes to a difference, in percentage points.

    ``probability_points`` is its Shapley value: its effect averaged over all orders in which the changes can be made.
    ``first_points`` and ``last_points`` are its effect when it is made before all others, and after them.
    """

    change: Change
    probability_points: float
    standard_error: float
    first_points: float
    last_points: float

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "assumption": self.change.name,
            "probability_points": self.probability_points,
            "standard_error": self.standard_error,
            "first_points": self.first_points,
            "last_points": self.last_points,
            "paths": list(self.change.paths),
        }


@dataclass(frozen=True)
class Difference:
    """What one set has over the first, in percentage points: ``probability_points`` is the sum of its parts.

    ``standard_error`` is that of the paired difference. ``interaction_points`` is what the changes do together beyond the sum of what
    each does when it is made first, alone.
    """

    origin: str
    to: str
    probability_points: float
    standard_error: float
    attribution: tuple[Part, ...]
    notes: tuple[str, ...]

    @property
    def interaction_points(self) -> float:
        """The difference less the sum of the effects that each change has alone."""
        return self.probability_points - sum(part.first_points for part in self.attribution)

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "from": self.origin,
            "to": self.to,
            "probability_points": self.probability_points,
            "standard_error": self.standard_error,
            "attribution": [part.to_dict() for part in self.attribution],
            "interaction_points": self.interaction_points,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Comparison:
    """Sets of assumptions, each later one against the first."""

    sets: tuple[Compared, ...]
    differences: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    points: int
    seed: int
    elapsed_seconds: float

    @property
    def names(self) -> tuple[str, ...]:
        """What the sets are called."""
        return tuple(each.name for each in self.sets)

    def to_dict(self) -> dict[str, Any]:
        """The contracted form: probabilities and their errors are fractions, points and their errors 0-100; unrounded."""
        return {
            "sets": [each.to_dict() for each in self.sets],
            "differences": [difference.to_dict() for difference in self.differences],
            "assumptions": [assumption.to_dict(self.names) for assumption in self.assumptions],
            "points": self.points,
            "seed": self.seed,
            "version": __version__,
            "elapsed_seconds": self.elapsed_seconds,
        }


def compare(
    scenarios: Mapping[str, Scenario] | Sequence[Scenario],
    *,
    simulate: Callable[..., Result],
    points: int = 2048,
    seed: int = 1,
    files: Sequence[str | None] = (),
) -> Comparison:
    """How sets of assumptions differ, and which of the changed assumptions each difference comes from.

    All sets are simulated on common draws, so a difference has an error of its own, far below that of either probability. It is split
    by exact Shapley values over every mixture of the two sets (Shapley 1953): no order of the changes is preferred, and the
    parts sum to the difference.

    Args:
        scenarios: two or more, each later one against the first; by name, or in order (then they are called A, B, C, ...).
        simulate: the engine's.
        points: draws in all, a power of two.
        seed: of every draw.
        files: where each set comes from, for the record.

    Raises:
        ValueError: fewer than two sets, or sets in different currencies or units.
        BaselineError: the figures of a set contradict each other.
        NotKnown: a set's target asks for what no figure tells.
    """
    begun = time.perf_counter()
    named = _named(scenarios)
    _refuse_other_money(named)
    names, given = list(named), list(named.values())
    columns = layout(given[0])
    for scenario in given[1:]:
        columns = columns.extended(layout(scenario).names)
    results = [simulate(scenario, points=points, seed=seed, columns=columns) for scenario in given]
    mixtures = _Mixtures(
        live(given[0]), results[0], lambda mixed: simulate(mixed, points=points, seed=seed, columns=columns)
    )
    differences = tuple(
        _difference(mixtures, names[0], name, result)
        for name, result in zip(names[1:], results[1:], strict=True)
    )
    where = [*files, *[None] * (len(names) - len(files))]
    sets = tuple(
        Compared(name, file, result) for name, file, result in zip(names, where, results, strict=True)
    )
    return Comparison(sets, differences, differing(given), points, seed, time.perf_counter() - begun)


def _named(scenarios: Mapping[str, Scenario] | Sequence[Scenario]) -> Mapping[str, Scenario]:
    if len(scenarios) < 2:
        raise ValueError(f"found {len(scenarios)} set of assumptions, expected two or more to compare")
    if isinstance(scenarios, Mapping):
        return scenarios
    letters = (
        ascii_uppercase
        if len(scenarios) <= len(ascii_uppercase)
        else [f"S{n}" for n in range(1, 1 + len(scenarios))]
    )
    return dict(zip(letters, scenarios, strict=False))


def _refuse_other_money(named: Mapping[str, Scenario]) -> None:
    first, *others = named
    for field in ("currency", "unit"):
        expected = getattr(named[first], field)
        for name in others:
            found = getattr(named[name], field)
            if found != expected:
                raise ValueError(
                    f"found {field} {found!r} in {name}, expected {expected!r} as in {first}; restate one of them to compare amounts"
                )


class _Mixtures:
    """The probability by scramble of every mixture of the first set with others, each simulated once."""

    def __init__(self, first: Scenario, result: Result, simulate: Callable[[Scenario], Result]) -> None:
        self.first = first
        self.simulate = simulate
        self.known: dict[frozenset[Any], np.ndarray | None] = {frozenset(): result.estimate.scrambles}

    def know(self, edits: Iterable[Edit], result: Result) -> None:
        """The answer to the first set with some edits, where it is there already."""
        self.known.setdefault(frozenset(edit.key for edit in edits), result.estimate.scrambles)

    def scrambles(self, edits: Sequence[Edit]) -> np.ndarray | None:
        """The probability by scramble with some edits, shape (scrambles,); None where they make no scenario, or one without a law."""
        key = frozenset(edit.key for edit in edits)
        if key not in self.known:
            try:
                mixed = hybrid(self.first, edits)
                check(mixed)
                self.known[key] = self.simulate(mixed).estimate.scrambles
            except IMPOSSIBLE:
                self.known[key] = None
        return self.known[key]


def _difference(mixtures: _Mixtures, origin: str, name: str, result: Result) -> Difference:
    single = changes(mixtures.first, live(result.scenario))
    found = grouped(single)
    mixtures.know([edit for change in found for edit in change.edits], result)

    def value(mask: int) -> np.ndarray | None:
        return mixtures.scrambles(
            [edit for place, change in enumerate(found) if mask >> place & 1 for edit in change.edits]
        )

    blocks = separable(len(found), lambda mask: value(mask) is not None)
    parts = [united(change for place, change in enumerate(found) if block >> place & 1) for block in blocks]
    values = 100 * np.array([value(mask) for mask in unions(blocks)])
    notes = [*_notes(mixtures.first, result.scenario), *_grouping(single, found), *_merging(parts, found)]
    low, high = values[[0, -1]].mean(axis=1)
    return Difference(
        origin,
        name,
        float(high - low),
        spread(values[-1] - values[0]),
        _attribution(parts, values),
        tuple(notes),
    )


def _attribution(parts: Sequence[Change], values: np.ndarray) -> tuple[Part, ...]:
    """The Shapley value of each change, with its effect before and after all others; ``values`` as ``shapley`` takes them."""
    everything = len(values) - 1
    means = values.mean(axis=1)
    return tuple(
        Part(
            change,
            float(share.mean()),
            spread(share),
            float(means[1 << place] - means[0]),
            float(means[-1] - means[everything ^ 1 << place]),
        )
        for place, (change, share) in enumerate(zip(parts, shapley(values), strict=True))
    )


def _notes(first: Scenario, other: Scenario) -> list[str]:
    """What makes two sets answers to different questions."""
    notes = []
    if first.target != other.target:
        notes.append(
            "The targets differ: a part of the difference is another question, not another assumption."
        )
    if (first.home, first.partner) != (other.home, other.partner):
        notes.append(f"The countries differ: {_pair(first)}, and {_pair(other)}.")
    return notes


def _pair(scenario: Scenario) -> str:
    return f"{scenario.home or 'no home named'} with {scenario.partner or 'no partner named'}"


def _grouping(single: Sequence[Change], found: Sequence[Change]) -> list[str]:
    if len(single) == len(found):
        return []
    return [
        f"{len(single)} changes are more than the {MOST} that can be told apart one by one: those of one lever are taken together."
    ]


def _merging(parts: Sequence[Change], found: Sequence[Change]) -> list[str]:
    return [
        f"{part.name} are taken as one change: apart they make no scenario that can be answered."
        for part in parts
        if part not in found
    ]
