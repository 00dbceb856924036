"""The answer to one scenario: probability, totals, effects; computed when asked for, never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from simulator._version import __version__
from simulator.errors import NotKnown
from simulator.levers.driver import Driver
from simulator.model.totals import Flows
from simulator.numerics.draws import POINTS, SEED, Layout
from simulator.numerics.preintegration import Estimate, Total, chance
from simulator.scenario import Scenario, Target
from simulator.scenario.parts import TOTALS
from simulator.values.numerals import counted
from simulator.values.periods import Period, quarter, year


class Simulate(Protocol):
    """What an analysis is given to work with: a scenario to its answer, as ``model.engine.simulate`` does it."""

    def __call__(
        self,
        scenario: Scenario,
        *,
        points: int = POINTS,
        seed: int = SEED,
        columns: Layout | None = None,
        twins: frozenset[str] = frozenset(),
    ) -> Result:
        """The answer; see ``model.engine.simulate`` for what each argument is and which errors are raised."""
        ...


FEWEST_PATHS = 32  # that must reach the target before their median is worth telling
LEVELS = {"p5": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}


@dataclass(frozen=True)
class Range:
    """The lowest and highest probability over reasonable alternatives, with each of them by name."""

    low: float
    high: float
    sources: tuple[tuple[str, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "low": self.low,
            "high": self.high,
            "from": [{"name": name, "probability": p} for name, p in self.sources],
        }


@dataclass(frozen=True)
class Contribution:
    """What the answer loses when one lever or risk alone is switched off.

    ``effects`` works out what the median and the mean of the first target's total lose; what asks for the points alone does not wait for it.
    """

    id: str
    measure: Driver
    probability_points: float
    effects: Callable[[], tuple[float, float]] = field(repr=False)

    @cached_property
    def _effects(self) -> tuple[float, float]:
        return self.effects()

    @property
    def median_effect(self) -> float:
        """By how much the median of the first target's total is higher with it than without it, both medians of the smoothed law."""
        return self._effects[0]

    @property
    def mean_effect(self) -> float:
        """By how much the total is higher with it than without it, on average over the draws."""
        return self._effects[1]

    def to_dict(self) -> dict[str, Any]:
        """The contracted form."""
        return {
            "id": self.id,
            "kind": self.measure.kind,
            "name": self.measure.name or self.id,
            "enabled": self.measure.enabled,
            "median_effect": self.median_effect,
            "mean_effect": self.mean_effect,
            "probability_points": self.probability_points,
        }


@dataclass(frozen=True)
class Result:
    """The simulated answer.

    ``flows`` holds the paths with everything that is switched on; ``without`` gives them with some levers or risks left
    out, by (section, id); ``ranged`` computes the range of reasonable alternatives.
    """

    scenario: Scenario
    points: int
    seed: int
    flows: Flows
    without: Callable[[frozenset[tuple[str, str]]], Flows] = field(repr=False)
    ranged: Callable[[float], Range] = field(repr=False)
    elapsed_seconds: float = 0.0

    @cached_property
    def estimate(self) -> Estimate:
        """The probability that every target is met, with its standard error."""
        return chance(
            [
                (total, t.amount, t.at_least is not None)
                for total, t in zip(self._targets, self.scenario.target, strict=True)
            ]
        )

    @property
    def probability(self) -> float:
        """The probability that every target is met, a fraction."""
        return self.estimate.probability

    @property
    def standard_error(self) -> float:
        """The numerical error of ``probability``: its standard error over independent scrambles."""
        return self.estimate.standard_error

    @cached_property
    def probability_range(self) -> Range:
        """The lowest and highest probability over reasonable parameter sets and the scenario's other readings of the data."""
        return self.ranged(self.probability)

    @cached_property
    def probability_without_levers(self) -> float:
        """The probability with every lever off and the risks as they are."""
        return hit(
            self.scenario,
            self.without(frozenset(("levers", key) for key in self.scenario.levers)),
            self.estimate,
        ).probability

    def chance(
        self,
        measure: str,
        period: str | Period,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """The probability that a measure over a period is at least, or at most, an amount.

        Raises:
            NotKnown: the figures do not tell the measure.
            ValueError: no such measure, a period outside the grid, or not exactly one bound.
        """
        if (at_least is None) == (at_most is None):
            raise ValueError("found neither or both of at_least and at_most, expected one of them")
        total = self.flows.total(measure, Period.parse(period))
        threshold = at_least if at_least is not None else at_most
        return chance([(total, float(threshold or 0.0), at_least is not None)]).probability

    def quantiles(self, measure: str, period: str | Period, probabilities: Sequence[float]) -> np.ndarray:
        """Quantiles of a measure's total over any period that the grid covers, in the scenario's unit.

        Returns:
            shape (probabilities,).

        Raises:
            NotKnown: the figures do not tell the measure.
            ValueError: no such measure, a period outside the grid, or a probability outside (0, 1).
        """
        wanted = np.asarray(probabilities, dtype=float)
        if not np.all((wanted > 0) & (wanted < 1)):
            raise ValueError(
                f"found probabilities {list(probabilities)}, expected numbers strictly between 0 and 1"
            )
        return self.flows.total(measure, Period.parse(period)).quantile(wanted)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The totals that the figures tell; where they tell none of them, what the targets are about."""
        return tuple(name for name in TOTALS if self._known(name)) or tuple(
            dict.fromkeys(target.measure for target in self.targets)
        )

    @cached_property
    def totals(self) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
        """Bands by measure and whole year, in the scenario's unit."""
        years = [
            year(n) for n in range(self.grid.first // 12, self.grid.end_year + 1) if self.grid.covers(year(n))
        ]
        return {name: {str(period): self.bands(name, period) for period in years} for name in self.measures}

    def drawn(self, measure: str, period: Period) -> np.ndarray:
        """The total in each draw, shape (points,): what charts show, at a fraction of the cost of the smoothed law's quantiles.

        Raises:
            NotKnown: the figures do not tell the measure.
            ValueError: no such measure, or a period outside the grid.
        """
        if period.first < self.ahead.first or not self.grid.covers(period):
            return self.flows.total(measure, period).values
        added = self.flows.ahead(measure)
        return added[:, period.last - self.ahead.first + 1] - added[:, period.first - self.ahead.first]

    def bands(self, measure: str, period: Period) -> Mapping[str, float]:
        """The contracted quantiles of one total."""
        return dict(
            zip(LEVELS, map(float, self.quantiles(measure, period, list(LEVELS.values()))), strict=True)
        )

    @property
    def grid(self) -> Period:
        """The months that can be asked for."""
        return self.flows.paths.law.grid

    @property
    def ahead(self) -> Period:
        """The months after the last figure."""
        return self.flows.paths.ahead

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets by period and measure, whatever their order in the file."""
        return tuple(
            sorted(self.scenario.target, key=lambda t: (t.period, t.measure, t.at_least is None, t.amount))
        )

    @cached_property
    def own_probabilities(self) -> tuple[tuple[Target, float], ...]:
        """Each target with the probability that it alone is met, the least likely first; equally likely ones in the order of ``targets``."""
        if len(self.targets) == 1:
            return ((self.targets[0], self.probability),)
        own = [
            (
                t,
                chance(
                    [(self.flows.total(t.measure, t.period), t.amount, t.at_least is not None)]
                ).probability,
            )
            for t in self.targets
        ]
        return tuple(sorted(own, key=lambda pair: pair[1]))

    @property
    def leading(self) -> Target:
        """The target that sentences and charts speak of where they speak of one: the hardest, so that the order in the file changes nothing."""
        return self.own_probabilities[0][0]

    @cached_property
    def shortfall_if_missed(self) -> float | None:
        """Median of the missing money among missing paths of the leading target; None where no path misses it."""
        return self.shortfall(self.leading)

    def shortfall(self, target: Target) -> float | None:
        """Median of the money by which a target is missed, where it is missed; None where no path misses it."""
        total = self.flows.total(target.measure, target.period)
        missed = 1 - chance([(total, target.amount, target.at_least is not None)]).probability
        if missed <= 1e-12:
            return None
        if target.at_least is not None:
            return target.amount - float(total.quantile([missed / 2])[0])
        return float(total.quantile([1 - missed / 2])[0]) - target.amount

    @cached_property
    def last_published_year(self) -> tuple[Period, float] | None:
        """The last calendar year before the leading target's whose total of that measure is published, and the total."""
        target = self.leading
        for number in range(
            min(target.period.first, self.ahead.first) // 12 - 1, self.grid.first // 12 - 1, -1
        ):
            whole = year(number)
            if self.grid.covers(whole) and self.published(target.measure, whole):
                return whole, float(self.quantiles(target.measure, whole, [0.5])[0])
        return None

    def stated(self, measure: str, period: Period) -> bool:
        """Whether a figure that counts states the total of a measure over a period."""
        return any(
            o.measure == measure and o.period == period and o.value and o.informative
            for o in self.scenario.counted
        )

    def published(self, measure: str, period: Period) -> bool:
        """Whether a total is published, or follows from published figures alone."""
        return self.stated(measure, period) or self.flows.follows(measure, period)

    def basis(self, measure: str, period: Period) -> str:
        """What a total rests on, in words: figures as they are, what follows from them, or the law."""
        if self.published(measure, period):
            return "published" if self.stated(measure, period) else "from published"
        return "partly simulated" if period.first < self.ahead.first <= period.last else "simulated"

    @cached_property
    def growth_needed(self) -> float | None:
        """Growth a year from the last published year to the leading target, a fraction; None where none is needed or it has no meaning."""
        target, base = self.leading, self.last_published_year
        if target.at_least is None:
            return None
        if (
            base is None
            or base[1] <= 0
            or target.amount <= 0
            or not target.period.is_year
            or target.measure == "balance"
        ):
            return None
        years = target.period.end_year - base[0].end_year
        return math.expm1(math.log(target.amount / base[1]) / years)

    @cached_property
    def contributions(self) -> Mapping[str, tuple[Contribution, ...]]:
        """For levers and risks: what the answer loses when each alone is switched off; they need not sum."""
        sections: dict[str, Mapping[str, Driver]] = {
            "levers": dict(self.scenario.levers),
            "risks": dict(self.scenario.risks),
        }
        return {
            section: tuple(self._contribution(section, key, m) for key, m in measures.items())
            for section, measures in sections.items()
        }

    def _contribution(self, section: str, key: str, measure: Driver) -> Contribution:
        if not measure.enabled:
            return Contribution(key, measure, 0.0, lambda: (0.0, 0.0))
        rest = conditions(self.scenario, self.without(frozenset({(section, key)})))

        def effects() -> tuple[float, float]:
            own, without = self._targets[0], rest[0][0]
            median = self._median - float(without.quantile([0.5])[0])
            return median, float(np.mean(own.values - without.values))

        return Contribution(
            key, measure, 100 * (self.probability - chance(rest, self.estimate).probability), effects
        )

    @cached_property
    def _median(self) -> float:
        """The median of the first target's total."""
        return float(self._targets[0].quantile([0.5])[0])

    @cached_property
    def next_quarter(self) -> Period | None:
        """The first calendar quarter for which a figure is still to come: not over on ``as_of``, and beyond the last figure; None beyond the grid.

        A quarter that ended without a figure, whether long ago or last month, is no coming one; the quarter under way is.
        """
        day = self.scenario.as_of + dt.timedelta(days=1)
        coming = quarter(max(12 * day.year + day.month - 1, self.ahead.first))
        return coming if self.grid.covers(coming) else None

    @cached_property
    def milestones(self) -> tuple[tuple[str, float, float], ...]:
        """The way of the paths that reach the leading target: (quarter, median of all paths, median of those that reach it) of its measure.

        Empty where too few paths reach it to say, or the target is decided.
        """
        target = self.leading
        total = self.flows.total(target.measure, target.period)
        reached = (
            (total.values >= target.amount)
            if target.at_least is not None
            else (total.values <= target.amount)
        )
        if self.decided or np.count_nonzero(reached) < FEWEST_PATHS:
            return ()
        found = []
        month = quarter(self.ahead.first).first
        while (period := quarter(month)).last <= target.period.last:
            if self.grid.covers(period):
                values = self.flows.total(target.measure, period).values
                found.append((str(period), float(np.median(values)), float(np.median(values[reached]))))
            month += 3
        return tuple(found)

    @property
    def _targets(self) -> list[Total]:
        return [self.flows.total(target.measure, target.period) for target in self.scenario.target]

    @cached_property
    def decided(self) -> bool:
        """Whether published figures alone settle the target, either way."""
        settled = [
            (t, total) for t, total in zip(self.scenario.target, self._targets, strict=True) if total.constant
        ]
        met = [
            (total.money[0] >= t.amount) if t.at_least is not None else (total.money[0] <= t.amount)
            for t, total in settled
        ]
        return len(settled) == len(self.scenario.target) or not all(met)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about this answer beyond its numbers."""
        found = []
        if self.decided:
            found.append("The target is already decided by published figures.")
        elif not all(total.smooth for total in self._targets):
            found.append(
                "The probability is the plain share of simulated paths: no single direction moves this total one way only."
            )
        unknown = [name for name in TOTALS if name not in self.measures]
        if unknown:
            found.append(
                f"No figure tells {' and '.join(unknown)} apart from the rest: they are not reported."
            )
        if self.flows.split_guessed:
            found.append(
                "No figure tells exports from imports: a lever on one of them is taken to touch a share of turnover drawn evenly from 0 to 1."
            )
        if held := self.flows.effects.held:
            names = [
                (self.scenario.levers[key] if section == "levers" else self.scenario.risks[key]).name or key
                for section, key in held
            ]
            found.append(
                f"{', '.join(names)}: held in some draws, for it would take away more than the median of the trade that it touches."
            )
        superseded = len(self.scenario.superseded)
        if self.scenario.repeated:
            again = ", ".join(dict.fromkeys(f"{o.measure} {o.period}" for o in self.scenario.repeated))
            found.append(f"Figures given twice count once: {again}.")
        later = sum(not o.known(self.scenario.as_of) for o in self.scenario.observations)
        if superseded:
            found.append(
                f"{counted(superseded, 'earlier publication')} of the same figure left out for a later one."
            )
        if later:
            found.append(
                f"{counted(later, 'figure')} published after {self.scenario.as_of} left out of the answer."
            )
        return tuple(found)

    def question(self, file: str | None = None, *, unit: str = "unit") -> dict[str, Any]:
        """What was asked of which scenario: the first part of every JSON answer.

        Args:
            file: from which the scenario was read, if from any.
            unit: the key under which the unit of amounts stands, where an answer has a unit of its own.
        """
        scenario, targets = self.scenario, [target.to_dict() for target in self.scenario.target]
        return {
            "scenario": {"title": scenario.title, "file": file, "sha256": fingerprint(scenario)},
            "as_of": str(scenario.as_of),
            "currency": scenario.currency,
            unit: scenario.unit,
            "target": targets[0] if len(targets) == 1 else targets,
        }

    def record(self) -> dict[str, Any]:
        """How it was worked out: the last part of every JSON answer."""
        return {"points": self.points, "seed": self.seed, "version": __version__}

    def to_dict(self, file: str | None = None) -> dict[str, Any]:
        """The answer in its contracted form: fractions for probabilities, 0-100 for points, unrounded."""
        return {
            **self.question(file),
            "probability": self.probability,
            "standard_error": self.standard_error,
            "probability_range": self.probability_range.to_dict(),
            "probability_without_levers": self.probability_without_levers,
            "shortfall_if_missed": self.shortfall_if_missed,
            "growth_needed": self.growth_needed,
            "totals": self.totals,
            "levers": [c.to_dict() for c in self.contributions["levers"]],
            "risks": [c.to_dict() for c in self.contributions["risks"]],
            "notes": list(self.notes),
            **self.record(),
            "elapsed_seconds": self.elapsed_seconds,
        }

    def _known(self, measure: str) -> bool:
        try:
            self.flows.paths.measured(measure)
        except NotKnown:
            return False
        return True


def conditions(scenario: Scenario, flows: Flows) -> list[tuple[Total, float, bool]]:
    """Every target of a scenario on some flows: (total, amount, whether at least that much is wanted)."""
    return [(flows.total(t.measure, t.period), t.amount, t.at_least is not None) for t in scenario.target]


def hit(scenario: Scenario, flows: Flows, like: Estimate | None = None) -> Estimate:
    """The probability that the flows meet every target of a scenario; ``like`` is an estimate of much the same."""
    return chance(conditions(scenario, flows), like)


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of a resolved scenario, defaults included."""
    return hashlib.sha256(
        json.dumps(scenario.model_dump(), default=str, ensure_ascii=False).encode()
    ).hexdigest()
