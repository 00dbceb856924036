"""Several sets of assumptions on common draws: their answers, their differences, and what these come from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from string import ascii_uppercase
from typing import Any

import numpy as np
from pydantic import ValidationError

from simulator.analysis.fitness import REFUSED, unfit
from simulator.errors import InputError
from simulator.model.answerable import require_answerable
from simulator.model.paths import layout
from simulator.model.result import Result, Simulate, fingerprint
from simulator.numerics.draws import POINTS, SEED
from simulator.numerics.preintegration import spread
from simulator.numerics.shapley import separable, shapley, unions
from simulator.scenario import Scenario
from simulator.scenario.changes import MOST, Change, Edit, changes, grouped, hybrid, live, united
from simulator.scenario.ledger import Assumption, differing
from simulator.scenario.restating import in_unit
from simulator.scenario.work import Asked, Sort, counts, require_answers, seconds
from simulator.shown import Shown
from simulator.values.limits import SETS
from simulator.values.numerals import counted

# what is raised where assumptions of two sets cannot stand in one scenario
IMPOSSIBLE = (ValidationError, InputError)
Scrambles = np.ndarray | None  # the probability by scramble, shape (scrambles,); None where there is none


@dataclass(frozen=True)
class Compared:
    """One set of assumptions: its name here, its file if it has one, and its answer on the common draws.

    ``stated`` is the scenario as it was given; the answer's may be in the unit of the first set.
    """

    name: str
    file: str | None
    result: Result
    stated: Scenario

    @property
    def restated(self) -> bool:
        """Whether its amounts are shown in another unit than it states them in."""
        return self.stated.unit != self.result.scenario.unit

    @property
    def fingerprint(self) -> str:
        """That of the scenario as it was given."""
        return fingerprint(self.stated)

    def to_dict(self) -> dict[str, Any]:
        """The answer as ``run`` gives it, amounts in the first set's unit, with the name."""
        answer = self.result.to_dict(self.file)
        return {"name": self.name, **answer, "scenario": {**answer["scenario"], "sha256": self.fingerprint}}


@dataclass(frozen=True)
class Part:
    """What one changed assumption contributes to a difference, in percentage points.

    ``probability_points`` is its Shapley value: its effect averaged over all orders in which the changes can
    be made. ``first_points`` and ``last_points`` are its effect when it is made before all others, and after
    them.
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

    ``standard_error`` is that of the paired difference. ``interaction_points`` is what the changes do
    together beyond the sum of what each does when it is made first, alone.
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
class Comparison(Shown):
    """Sets of assumptions, each later one against the first."""

    sets: tuple[Compared, ...]
    differences: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    elapsed_seconds: float

    @property
    def names(self) -> tuple[str, ...]:
        """What the sets are called."""
        return tuple(member.name for member in self.sets)

    @property
    def first(self) -> Result:
        """The answer with which all others are compared."""
        return self.sets[0].result

    @property
    def points(self) -> int:
        """Draws in all, common to the sets."""
        return self.first.points

    @property
    def seed(self) -> int:
        """Of every draw."""
        return self.first.seed

    def renamed(self, names: Sequence[str]) -> Comparison:
        """The same comparison of sets that are called otherwise, in their order."""
        now = dict(zip(self.names, names, strict=True))
        sets = tuple(replace(member, name=now[member.name]) for member in self.sets)
        differences = tuple(
            replace(difference, origin=now[difference.origin], to=now[difference.to])
            for difference in self.differences
        )
        return replace(self, sets=sets, differences=differences)

    def to_dict(self) -> dict[str, Any]:
        """The contracted form, unrounded: probabilities and their errors are fractions, points are 0-100."""
        return {
            "sets": [member.to_dict() for member in self.sets],
            "differences": [difference.to_dict() for difference in self.differences],
            "assumptions": [assumption.to_dict(self.names) for assumption in self.assumptions],
            "restated": {member.name: member.stated.unit for member in self.sets if member.restated},
            **self.first.record(),
            "elapsed_seconds": self.elapsed_seconds,
        }


def compare(
    scenarios: Mapping[str, Scenario] | Sequence[Scenario],
    *,
    simulate: Simulate,
    points: int = POINTS,
    seed: int = SEED,
    files: Sequence[str | None] = (),
) -> Comparison:
    """How sets of assumptions differ, and which of the changed assumptions each difference comes from.

    All sets are simulated on common draws, so a difference has an error of its own, far below that of either
    probability. It is split by exact Shapley values over every mixture of the two sets (Shapley 1953): no
    order of the changes is preferred, and the parts sum to the difference. Sets in another unit of the same
    money (millions beside billions) are restated in that of the first: no probability depends on it.

    Args:
        scenarios: two or more, each later one against the first; by name, or in order, called A, B, C, ...
            then.
        simulate: the engine's.
        points: draws in all, a power of two.
        seed: of every draw.
        files: where each set comes from, for the record.

    Raises:
        InputError: fewer than two sets, or sets whose amounts cannot stand beside those of the first: in
            another currency, or in a unit that is no known power of ten.
        BaselineError: the figures of a set contradict each other.
        NotKnown: a set's target asks for what no figure tells.
    """
    begun = time.perf_counter()
    stated = _named(scenarios)
    SETS.require(len(stated))
    of_file = dict(zip(stated, files, strict=False))
    _refuse_other_money(stated, of_file)
    unit = next(iter(stated.values())).unit
    named = {name: in_unit(scenario, unit) for name, scenario in stated.items()}
    first, *others = named.values()
    columns = layout(first)
    for scenario in others:
        columns = columns.extended(layout(scenario).names)
    run = partial(simulate, points=points, seed=seed, columns=columns)
    heaviest = max(named.values(), key=lambda scenario: sum(seconds(counts(scenario)).values()))
    require_answers(
        heaviest, Asked(len(named), points), *(_mixed_asked(first, other, points) for other in others)
    )
    results = {name: run(scenario) for name, scenario in named.items()}
    origin = next(iter(results))
    mixtures = _Mixtures(live(first), results[origin], run)
    differences = tuple(
        _difference(mixtures, origin, name, result) for name, result in results.items() if name != origin
    )
    sets = tuple(Compared(name, of_file.get(name), result, stated[name]) for name, result in results.items())
    return Comparison(sets, differences, differing([first, *others]), time.perf_counter() - begun)


def _named(scenarios: Mapping[str, Scenario] | Sequence[Scenario]) -> Mapping[str, Scenario]:
    count = len(scenarios)
    if count < 2:
        raise InputError(f"found {counted(count, 'set')} of assumptions, expected two or more to compare")
    if isinstance(scenarios, Mapping):
        return scenarios
    letters = ascii_uppercase if count <= len(ascii_uppercase) else [f"S{n}" for n in range(1, 1 + count)]
    return dict(zip(letters, scenarios, strict=False))


def _refuse_other_money(named: Mapping[str, Scenario], of_file: Mapping[str, str | None]) -> None:
    first, *others = named
    for name in others:
        why = unfit(named[first], named[name])
        if why in REFUSED:
            value, expected = (getattr(named[one], str(why)) for one in (name, first))
            file = f" ({of_file[name]})" if of_file.get(name) else ""
            raise InputError(
                f"found {why} {value!r} in {name}{file}, expected {expected!r} as in {first}; "
                "restate one of them to compare amounts"
            )


def _mixed_asked(first: Scenario, other: Scenario, points: int) -> Asked:
    """The answers that splitting a difference asks for: one for every set of its changes."""
    changed = grouped(changes(live(first), live(other)))
    sections = {edit.path.section for edit in _edits(changed)}
    sort: Sort = "moved" if sections <= {"levers", "risks", "target"} else "fresh"
    return Asked(2 ** len(changed), points, sort)


class _Mixtures:
    """The probability by scramble of every mixture of the first set with others, each simulated once."""

    def __init__(self, first: Scenario, result: Result, simulate: Callable[[Scenario], Result]) -> None:
        self.first = first
        self.simulate = simulate
        self.known: dict[frozenset[Any], Scrambles] = {frozenset(): result.estimate.scrambles}

    def know(self, edits: Iterable[Edit], result: Result) -> None:
        """The answer to the first set with some edits, where it is there already."""
        self.known.setdefault(frozenset(edit.key for edit in edits), result.estimate.scrambles)

    def scrambles(self, edits: Sequence[Edit]) -> Scrambles:
        """The probability with some edits; None where they make no scenario, or one without a law."""
        key = frozenset(edit.key for edit in edits)
        if key not in self.known:
            try:
                mixed = hybrid(self.first, edits)
                require_answerable(mixed)
                self.known[key] = self.simulate(mixed).estimate.scrambles
            except IMPOSSIBLE:
                self.known[key] = None
        return self.known[key]


def _difference(mixtures: _Mixtures, origin: str, name: str, result: Result) -> Difference:
    single = changes(mixtures.first, live(result.scenario))
    steps = grouped(single)
    mixtures.know(_edits(steps), result)

    def value(mask: int) -> Scrambles:
        return mixtures.scrambles(_edits(_chosen(steps, mask)))

    blocks = separable(len(steps), lambda mask: value(mask) is not None)
    parts = [united(_chosen(steps, block)) for block in blocks]
    values = 100 * np.array([value(mask) for mask in unions(blocks)])
    low, high = values[[0, -1]].mean(axis=1)
    return Difference(
        origin,
        name,
        float(high - low),
        spread(values[-1] - values[0]),
        _attribution(parts, values),
        (*_questions(mixtures.first, result.scenario), *_grouping(single, steps), *_merging(parts, steps)),
    )


def _chosen(steps: Sequence[Change], mask: int) -> list[Change]:
    """The changes whose bits are set."""
    return [change for place, change in enumerate(steps) if mask >> place & 1]


def _edits(steps: Iterable[Change]) -> list[Edit]:
    return [edit for change in steps for edit in change.edits]


def _attribution(parts: Sequence[Change], values: np.ndarray) -> tuple[Part, ...]:
    """The Shapley value of each change, with its effect before and after all others.

    Args:
        parts: the changes.
        values: the probability in percent of every set of them, shape (2**changes, scrambles).
    """
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


# Notes that an answer carries


def _questions(first: Scenario, other: Scenario) -> Iterator[str]:
    """What makes two sets answers to different questions."""
    if first.target != other.target:
        yield "The targets differ: a part of the difference is another question, not another assumption."
    if (first.home, first.partner) != (other.home, other.partner):
        yield f"The countries differ: {_pair(first)}, and {_pair(other)}."


def _pair(scenario: Scenario) -> str:
    return f"{scenario.home or 'no home named'} with {scenario.partner or 'no partner named'}"


def _grouping(single: Sequence[Change], steps: Sequence[Change]) -> Iterator[str]:
    """Whether there are more changes than can be taken one by one."""
    if len(single) > len(steps):
        yield (
            f"{len(single)} changes are more than the {MOST} that can be told apart one by one: "
            "those of one lever are taken together."
        )


def _merging(parts: Sequence[Change], steps: Sequence[Change]) -> Iterator[str]:
    """Which changes had to be made together."""
    for part in parts:
        if part not in steps:
            yield f"{part.name} are taken as one change: apart they make no scenario that can be answered."
