"""The track record: scenarios whose outcome is known, answered as of their day and scored one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from simulator.analysis.context import outside_view
from simulator.analysis.drift import drift
from simulator.errors import Fault, FileError
from simulator.files.loading import load
from simulator.files.opening import checked
from simulator.files.outcomes import Outcome
from simulator.model.result import Result, Simulate
from simulator.numerics.points import POINTS, SEED
from simulator.numerics.scores import Point, brier, log_scores, reliability_points
from simulator.scenario import Scenario
from simulator.scenario.targets import Kind, Target

BINS = 5  # of a reliability diagram: some twenty cases fill no more
EVEN = 0.5


class By(StrEnum):
    """Whose chance it is."""

    SIMULATOR = "simulator"
    CLASS = "class"
    DRIFT = "drift"
    OFFICIALS = "officials"


def class_frequency(result: Result) -> float | None:
    """How often pairs or nations of this size grew as much as is needed; None where no class fits."""
    frequency = outside_view(result).frequency
    return None if frequency is None else frequency.share


REFERENCES: Mapping[By, Callable[[Result], float | None]] = {
    By.CLASS: class_frequency,
    By.DRIFT: drift,
    By.OFFICIALS: lambda _: 1.0,  # who names a target says that it will be reached
}


@dataclass(frozen=True)
class Case:
    """One scenario whose outcome is known, and the chances that were given to it as of its day.

    ``standard_error`` is the numerical error of the simulator's; a reference that says nothing of it has
    None in ``chances``.
    """

    outcome: Outcome
    scenario: Scenario
    chances: Mapping[By, float | None]
    standard_error: float
    decided: bool

    @property
    def chance(self) -> float:
        """The simulator's chance."""
        return self.chances[By.SIMULATOR] or 0.0

    @property
    def brier(self) -> float:
        """The Brier score of the simulator's chance: 0 is best, 1 worst."""
        return (self.chance - self.outcome.reached) ** 2

    @property
    def log_score(self) -> float:
        """Minus the log of the chance that was given to what came: 0 is best, infinite worst."""
        return float(log_scores(np.array([self.chance]), np.array([self.outcome.reached]))[0])

    @property
    def wrong(self) -> bool:
        """Whether what came was given less than an even chance."""
        return (self.chance >= EVEN) != self.outcome.reached

    def to_dict(self, words: str) -> dict[str, Any]:
        """For a machine; ``words`` are those of the target."""
        outcome, scenario = self.outcome, self.scenario
        return {
            "file": outcome.file,
            "title": scenario.title,
            "as_of": str(scenario.as_of),
            "target": words,
            "probability": self.chance,
            "standard_error": self.standard_error,
            "references": {str(by): self.chances[by] for by in REFERENCES},
            "reached": outcome.reached,
            "outcome_over_target": outcome.over_target,
            "known_on": outcome.known_on or None,
            "source": outcome.source,
            "brier": self.brier,
            "log_score": _finite(self.log_score),
        }


@dataclass(frozen=True)
class Entry:
    """What came of one row of the table of outcomes: a case, or the faults of its file."""

    file: str
    case: Case | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Score:
    """How somebody's chances did over the ``n`` cases of which they say something, ``hits`` of them reached.

    ``expected`` is how many the chances add up to; ``simulator`` is the simulator's Brier score over the
    same cases. ``log_score`` is infinite where what came was given no chance.
    """

    by: By
    n: int
    hits: int
    expected: float
    brier: float
    log_score: float
    simulator: float

    def to_dict(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "by": str(self.by),
            "n": self.n,
            "reached": self.hits,
            "expected": self.expected,
            "brier": self.brier,
            "log_score": _finite(self.log_score),
            "simulator_brier_on_the_same": self.simulator,
        }


@dataclass(frozen=True)
class Record:
    """Every row of a table of outcomes, in its order."""

    table: str
    entries: tuple[Entry, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """Those that can be answered, by the day on which they are seen."""
        cases = (entry.case for entry in self.entries if entry.case is not None)
        return tuple(sorted(cases, key=lambda case: case.scenario.as_of))

    @property
    def faults(self) -> tuple[tuple[str, Fault], ...]:
        """Everything that is wrong with the others."""
        return tuple((entry.file, fault) for entry in self.entries for fault in entry.faults)

    @property
    def reached(self) -> int:
        """How many targets were reached."""
        return sum(case.outcome.reached for case in self.cases)

    @property
    def wrong(self) -> tuple[Case, ...]:
        """Those in which what came was given less than an even chance, the worst first."""
        return tuple(sorted((c for c in self.cases if c.wrong), key=lambda case: -case.brier))

    def scores(self) -> tuple[Score, ...]:
        """The scores of the simulator and of each reference that says something of a case."""
        return tuple(score for by in By if (score := self._score(by)) is not None)

    def _score(self, by: By) -> Score | None:
        answers = [(chance, case) for case in self.cases if (chance := case.chances[by]) is not None]
        if not answers:
            return None
        chances = np.array([chance for chance, _ in answers])
        came = np.array([case.outcome.reached for _, case in answers], float)
        simulators = np.array([case.chance for _, case in answers])
        return Score(
            by,
            len(answers),
            int(came.sum()),
            float(chances.sum()),
            brier(chances, came),
            float(log_scores(chances, came).mean()),
            brier(simulators, came),
        )

    def reliability(self) -> tuple[Point, ...]:
        """How often what was given a chance came true, by chance; none where there is no case."""
        cases = self.cases
        if not cases:
            return ()
        return reliability_points(
            np.array([case.chance for case in cases]),
            np.array([case.outcome.reached for case in cases], float),
            BINS,
        )

    def to_dict(self, words: Callable[[Case], str]) -> dict[str, Any]:
        """For a machine: numbers unrounded, an infinite score null; ``words`` say what was asked."""
        return {
            "table": self.table,
            "n": len(self.cases),
            "reached": self.reached,
            "scores": [score.to_dict() for score in self.scores()],
            "reliability": [
                {
                    "n": point.n,
                    "probability": point.chance,
                    "reached": point.hits,
                    "low": point.low,
                    "high": point.high,
                }
                for point in self.reliability()
            ],
            "cases": [case.to_dict(words(case)) for case in self.cases],
            "faults": [
                {"file": file, "line": fault.line, "message": fault.message} for file, fault in self.faults
            ],
        }


def record(table: str, rows: Iterable[Outcome], answer: Callable[[Outcome], Entry]) -> Record:
    """The record of a table of outcomes.

    Args:
        table: its name.
        rows: its rows, of which each has its entry.
        answer: the entry of a row, such as ``partial(answered, simulate=simulate)``.
    """
    return Record(table, tuple(map(answer, rows)))


def answered(outcome: Outcome, *, simulate: Simulate, points: int = POINTS, seed: int = SEED) -> Entry:
    """What comes of one row: nothing of a file ends the others."""
    try:
        scenario = checked(load(outcome.path)).scenario
        result = simulate(scenario, points=points, seed=seed)
        faults = tuple(_contradictions(outcome, scenario))
    except FileError as error:
        return Entry(outcome.file, faults=error.faults)
    except (ValueError, ArithmeticError) as error:
        return Entry(outcome.file, faults=(Fault(outcome.file, None, "", str(error)),))
    if faults:
        return Entry(outcome.file, faults=faults)
    chances: dict[By, float | None] = {By.SIMULATOR: result.probability}
    chances |= {by: reference(result) for by, reference in REFERENCES.items()}
    return Entry(outcome.file, Case(outcome, scenario, chances, result.standard_error, result.decided))


def _contradictions(outcome: Outcome, scenario: Scenario) -> Sequence[Fault]:
    """What of an outcome cannot be, given what was asked and when."""
    faults, known, ratio = [], outcome.known_on, outcome.over_target
    if known and known < str(scenario.as_of)[: len(known)]:
        message = f"found {known}, which is before the day of the scenario, {scenario.as_of}"
        faults.append(Fault(outcome.file, outcome.line, "known_on", message))
    side = _side(scenario.goals)
    if (
        ratio is not None
        and side is not None
        and (ratio >= 1 if side.floor else ratio <= 1) != outcome.reached
    ):
        message = f"found {ratio:g} with reached {'yes' if outcome.reached else 'no'}, which cannot both be"
        faults.append(Fault(outcome.file, outcome.line, "outcome_over_target", message))
    return faults


def _side(goals: Sequence[Target]) -> Target | None:
    """The target that an outcome over it settles: a single amount above 0."""
    target = goals[0]
    return target if len(goals) == 1 and target.kind is Kind.AMOUNT and target.amount > 0 else None


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
