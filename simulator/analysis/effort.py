"""What it would take, as a brief says it: the least change of one measure, else of all of them together."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.analysis.answers import WANTED, Amount, Answers, Change, Year
from simulator.analysis.questions import main_knobs
from simulator.analysis.solve import SEARCHED, solve, solve_each
from simulator.model.result import Simulate
from simulator.numerics.points import POINTS, SEED
from simulator.scenario import Scenario
from simulator.scenario.work import Asked


@dataclass(frozen=True)
class Effort:
    """What each number alone would have to be, and all measures together where none of them reaches it alone.

    ``together`` is None where one alone reaches what is wanted, or there are no two to move.
    """

    alone: Answers
    together: Change | None

    @property
    def wanted(self) -> float:
        """The probability that is wanted."""
        return self.alone.wanted

    @property
    def already(self) -> bool:
        """Whether the target is that likely as it stands."""
        return self.alone.present.probability >= self.wanted

    @property
    def least(self) -> Change | None:
        """The least change that reaches it, or else what comes nearest; None if none can move."""
        reaching = (answer for answer in self.alone.of_drivers if answer.feasible)
        return next(reaching, None) or self.together or next(iter(self.alone.of_drivers), None)

    @property
    def amount(self) -> Amount | None:
        """The amount that is as likely as is wanted; None of several targets."""
        return next((answer for answer in self.alone.of_target if isinstance(answer, Amount)), None)

    @property
    def year(self) -> Year | None:
        """The first period in which the target is as likely as is wanted, or the best where there is none."""
        return next((answer for answer in self.alone.of_target if isinstance(answer, Year)), None)


def effort_asked(scenario: Scenario, points: int = POINTS) -> Asked:
    """About the answers that it asks for."""
    return Asked(SEARCHED * (1 + len(main_knobs(scenario))), points, "moved")


def effort(
    scenario: Scenario,
    probability: float = WANTED,
    *,
    simulate: Simulate,
    points: int = POINTS,
    seed: int = SEED,
) -> Effort:
    """What it would take to make the target as likely as is wanted; asked for as ``solve_each`` is.

    Raises:
        ValueError: a probability outside (0, 1).
    """
    alone = solve_each(scenario, probability, simulate=simulate, points=points, seed=seed)
    movable = tuple(knob.path for knob in main_knobs(scenario))
    reached = alone.present.probability >= probability or any(answer.feasible for answer in alone.of_drivers)
    if reached or alone.present.decided or len(movable) < 2:
        return Effort(alone, None)
    moved = solve(scenario, probability, lever=movable, simulate=simulate, points=points, seed=seed)
    return Effort(alone, moved if isinstance(moved, Change) else None)
