"""What matters: how far each unknown moves the probability, whose uncertainty the spread comes from, and what is worth knowing first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.information import Information, information
from simulator.analysis.tornado import Bar, tornado
from simulator.analysis.unknowns import assumptions, called, head, measures, on_path, read_by
from simulator.model.redrawn import PLACES, redrawn
from simulator.model.result import Result
from simulator.model.targets import reached
from simulator.numerics.sobol_indices import Share, variance_shares
from simulator.scenario import Scenario
from simulator.values.numerals import percent

FEWEST_POINTS = 4096  # of the indices and the value of information

TORNADO_HELP = (
    "Each bar is the probability with one unknown held at its 10th and then at its 90th percentile (an outlook parameter at its lowest and highest "
    "reasonable value, a measure off and on), all others as uncertain as before.",
    "It does not say how likely those values are, nor what happens when several unknowns move together.",
)
SHARES_HELP = (
    "How much of the spread of the target's total, and of hitting or missing it, comes from each group of unknowns: alone, and together with its "
    "interplay with the others.",
    "A small share does not make a measure useless: it says that what is unknown about it hardly matters, not what it adds.",
)
INFORMATION_HELP = (
    "The likelier verdict, reached or missed, is wrong with the smaller of the two probabilities; this is how much lower that would be on average "
    "if the unknown were known before deciding.",
    "Nought does not mean without effect: it means that no value of that unknown would turn the verdict over.",
)
HOW = {
    "assumption": "; it could be studied now",
    "world": "; it can only be watched",
    "figure": "; it will be published before the target is decided",
}


@dataclass(frozen=True)
class Group:
    """Unknowns that are taken together; ``draws`` are the names under which they are drawn."""

    id: str
    name: str
    draws: frozenset[str]


@dataclass(frozen=True)
class GroupShares:
    """A group's shares of the spread of the target's total, and of hit or miss; None for what does not vary."""

    group: Group
    amount: Share | None
    hit: Share | None

    def to_dict(self) -> dict[str, Any]:
        """The shares for a machine."""
        amount, hit = (None if share is None else share.to_dict() for share in (self.amount, self.hit))
        return {"id": self.group.id, "name": self.group.name, "amount": amount, "hit": hit}


@dataclass(frozen=True)
class Sensitivity:
    """What matters to an answer; every list begins with what matters most.

    ``in_logs`` says whether the total's spread is that of its log; a total that may be negative has none.
    """

    result: Result
    tornado: tuple[Bar, ...]
    shares: tuple[GroupShares, ...]
    in_logs: bool
    information: tuple[Information, ...]
    elapsed_seconds: float

    @property
    def wrong(self) -> float:
        """The chance that the likelier verdict is wrong."""
        return min(self.result.probability, 1 - self.result.probability)

    def best(self, *sorts: str) -> Information | None:
        """The unknown of some sorts that is most worth knowing before deciding; None where none clearly is."""
        return next((each for each in self.information if each.unknown.sort in sorts and each.clear), None)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is worth settling before deciding, in words."""
        verdict = "reached" if self.result.probability >= 0.5 else "missed"
        if self.result.decided:
            return (f"Published figures decide the target: it is {verdict}, and nothing is left to settle.",)
        best, studied = self.best("assumption", "world", "figure"), self.best("assumption")
        told = [
            f"The likelier verdict, that the target is {verdict}, is wrong with a probability of {percent(self.wrong, 1)}."
        ]
        if best is not None:
            told.append(
                f"Settling {best.unknown.name} first would lower that most, to {self._left(best)} on average{HOW[best.unknown.sort]}."
            )
        if studied is None:
            turns = any(each.reduction > 0 for each in self.information if each.unknown.sort == "assumption")
            why = (
                ""
                if turns
                else f": whatever it turned out to be, the target would stay likelier {verdict} than not"
            )
            told.append(
                f"No {'single unknown' if best is None else 'value of a measure or share'} would clearly lower it if settled{why}."
            )
        elif studied is not best:
            told.append(
                f"Of what could be studied now, {studied.unknown.name} would lower it most, to {self._left(studied)}."
            )
        return tuple(told)

    def _left(self, known: Information) -> str:
        return percent(self.wrong - known.reduction, 1)

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The analysis for a machine."""
        best = self.best("assumption", "world", "figure")
        return {
            **head(self.result, file),
            "tornado": [bar.to_dict() for bar in self.tornado],
            "shares": {"amount_in_logs": self.in_logs, "groups": [share.to_dict() for share in self.shares]},
            "information": {
                "wrong_verdict": self.wrong,
                "best": None if best is None else best.unknown.path,
                "sentences": list(self.sentences),
                "unknowns": [each.to_dict() for each in self.information],
            },
            "elapsed_seconds": self.elapsed_seconds,
        }


def sensitivity(
    scenario: Scenario, *, simulate: Callable[..., Result], points: int = 2048, seed: int = 1
) -> Sensitivity:
    """What matters to the answer of a scenario.

    Args:
        scenario: the set of assumptions.
        simulate: the engine's.
        points: draws of the headline, a power of two; the indices take ``FEWEST_POINTS`` if that is more.
        seed: of every draw.

    Raises:
        BaselineError: the figures have no law.
        ValueError: points or seed cannot be used.
    """
    begun = time.perf_counter()
    result = simulate(scenario, points=points, seed=seed)
    bars = tornado(result, simulate=simulate)
    many = simulate(scenario, points=max(points, FEWEST_POINTS), seed=seed)
    in_logs, shares = group_shares(many, simulate=simulate)
    course, hit = on_path(many)
    known = information(
        [
            *((unknown, many.estimate.conditional) for unknown in assumptions(many)),
            *((unknown, hit) for unknown in course),
        ]
    )
    return Sensitivity(result, bars, shares, in_logs, known, time.perf_counter() - begun)


def groups(result: Result) -> list[Group]:
    """The groups of unknowns: each measure, the shares, the trend, world trade, the pair's own course, calm or turbulent years."""
    scenario, paths = result.scenario, result.flows.paths
    found = [
        Group("own", "The pair's own course", frozenset({"integrated", "baseline", "behind"})),
        Group("tails", "Calm or turbulent years", frozenset({"tails"})),
    ]
    if scenario.outlook.world is None:
        found.insert(1, Group("world", "World trade", frozenset({"world"})))
    if not scenario.outlook.trend.certain:
        found.append(Group("trend", "The trend", frozenset({"outlook.trend"})))
    if paths.law.drawn:
        found.append(Group("figures", "Errors of the published figures", frozenset({"figures"})))
    if any(len(group) > 1 for group in paths.streams.groups):
        found.append(Group("streams", "Shares of the streams", frozenset({"streams"})))
    for section, key, measure in measures(scenario):
        if measure.enabled and (measure.probability < 1 or read_by(measure, paths)):
            place = f"{section}.{key}"
            found.append(Group(place, called(key, measure), frozenset({place})))
    return found


def group_shares(result: Result, *, simulate: Callable[..., Result]) -> tuple[bool, tuple[GroupShares, ...]]:
    """Whether the leading target's total is taken in logs, and each group's shares of its variance and of that of hit or miss."""
    scenario, target = result.scenario, result.leading
    in_logs = bool(result.flows.total(target.measure, target.period).values.min() > 0)

    def evaluate(names: frozenset[str]) -> np.ndarray:
        again = simulate(scenario, points=result.points, seed=result.seed, twins=names) if names else result
        outputs = []
        for place in range(PLACES):
            flows = redrawn(again.flows, names, place / PLACES)
            amount = flows.total(target.measure, target.period).values
            outputs.append([np.log(amount) if in_logs else amount, reached(scenario, flows)])
        return np.moveaxis(np.array(outputs, dtype=float), 0, -1).reshape(2, -1)

    taken = groups(result)
    shares = variance_shares(evaluate, {group.id: group.draws for group in taken})
    told = [GroupShares(group, *shares[group.id]) for group in taken]
    return in_logs, tuple(sorted(told, key=lambda each: -each.amount.total.value if each.amount else 0.0))
