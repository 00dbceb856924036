"""The answer to one scenario: probability, totals, effects; computed when asked for, never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from simulator._version import __version__
from simulator.caches import lazy
from simulator.errors import refusing
from simulator.levers.driver import Driver
from simulator.model import notes, provenance, targets
from simulator.model.answerable import known
from simulator.model.contributions import Contribution, effects
from simulator.model.other_settings import Range
from simulator.model.targets import Earlier
from simulator.model.totals import Flows
from simulator.numerics.draws import POINTS, SEED, Layout
from simulator.numerics.exponential_sums import Total
from simulator.numerics.preintegration import Condition, Estimate, chance
from simulator.numerics.ratio import Ratio
from simulator.scenario import Scenario, Target
from simulator.scenario.measures import TOTALS
from simulator.scenario.remarks import REMARKS
from simulator.scenario.targets import Kind, Quantity
from simulator.shown import Shown
from simulator.values.address import Address
from simulator.values.periods import Period, quarter, year

LEVELS = {"p5": 0.05, "p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95}


class Simulate(Protocol):
    """What an analysis is given to work with: a scenario to its answer, as ``model.engine.simulate``."""

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


@dataclass(frozen=True)
class Result(Shown):
    """The simulated answer.

    ``flows`` holds the paths with everything that is switched on; ``without`` gives them with some levers or
    risks left out, by their addresses; ``ranged`` computes the range under other settings; ``begun`` is
    when it was begun, on the clock of ``time.perf_counter``.
    """

    scenario: Scenario
    points: int
    seed: int
    flows: Flows
    without: Callable[[frozenset[Address]], Flows] = field(repr=False)
    ranged: Callable[[float], Range] = field(repr=False)
    begun: float = field(default_factory=time.perf_counter, repr=False)

    @lazy
    def elapsed_seconds(self) -> float:
        """Seconds from its beginning to when this is first asked for: asked last, what all of it took."""
        return time.perf_counter() - self.begun

    @lazy
    def estimate(self) -> Estimate:
        """The probability that every target is met, with its standard error."""
        return targets.hit(self.scenario, self.flows)

    @property
    def probability(self) -> float:
        """The probability that every target is met, a fraction."""
        return self.estimate.probability

    @property
    def standard_error(self) -> float:
        """The numerical error of ``probability``: its standard error over independent scrambles."""
        return self.estimate.standard_error

    @lazy
    def probability_range(self) -> Range:
        """The lowest and highest probability over reasonable parameters and other readings of the data."""
        return self.ranged(self.probability)

    @property
    def without_levers(self) -> Flows:
        """The flows with every lever off and the risks as they are."""
        return self.without(frozenset(Address.of("levers", key) for key in self.scenario.levers))

    @lazy
    def probability_without_levers(self) -> float:
        """The probability with every lever off and the risks as they are."""
        return targets.hit(self.scenario, self.without_levers, self.estimate).probability

    @property
    def bare(self) -> Flows:
        """The flows with every lever and every risk off."""
        return self.without(frozenset(address for address, _ in self.scenario.drivers()))

    @lazy
    def probability_bare(self) -> float:
        """The probability with every lever and every risk off."""
        return targets.hit(self.scenario, self.bare, self.estimate).probability

    @refusing
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
        total, floor = self.flows.total(measure, self.scenario.period(period)), at_most is None
        amount = (at_least if floor else at_most) or 0.0
        most = max(min(amount, 1e300), -1e300)  # an integer may exceed every float
        return chance([Condition(total, float(most), floor)]).probability

    @refusing
    def quantiles(self, measure: str, period: str | Period, probabilities: Sequence[float]) -> np.ndarray:
        """Quantiles of a measure's total over any period that the grid covers, in the scenario's unit.

        Returns:
            shape (probabilities,).

        Raises:
            NotKnown: the figures do not tell the measure.
            ValueError: no such measure, a period outside the grid, or a probability outside (0, 1).
        """
        levels = np.atleast_1d(np.asarray(probabilities, dtype=float))
        if not np.all((levels > 0) & (levels < 1)):
            raise ValueError(f"found probabilities {levels}, expected numbers strictly between 0 and 1")
        return self.flows.total(measure, self.scenario.period(period)).quantile(levels)

    @lazy
    def measures(self) -> tuple[str, ...]:
        """The totals that the figures tell; where they tell none of them, what the targets are about."""
        return tuple(name for name in TOTALS if self._known(name)) or tuple(
            dict.fromkeys(target.measure for target in self.targets)
        )

    @lazy
    def listed(self) -> tuple[str, ...]:
        """The measures that tables and charts list: the totals, then each partner."""
        return tuple(dict.fromkeys((*self.measures, *filter(self._known, self.scenario.partners))))

    @lazy
    def totals(self) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
        """Bands by measure and whole year, in the scenario's unit."""
        numbers = range(self.grid.first // 12, self.grid.end_year + 1)
        years = [period for period in map(year, numbers) if self.grid.covers(period)]
        return {name: {str(period): self.bands(name, period) for period in years} for name in self.listed}

    @lazy
    def yearly(self) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
        """Bands by measure and year as the scenario counts them: by calendar year, or by fiscal year."""
        years = self.scenario.years
        if years.starts == 1:
            return self.totals
        periods = years.within(self.grid)
        return {name: {str(period): self.bands(name, period) for period in periods} for name in self.listed}

    @property
    def target_apart(self) -> bool:
        """Whether the leading target is about none of the totals by year."""
        quantity = self.leading.quantity
        by_year = quantity.kind is Kind.AMOUNT and self.scenario.years.one(quantity.period)
        return not (by_year and quantity.measure in self.measures)

    def drawn(self, measure: str, period: Period) -> np.ndarray:
        """The total in each draw, shape (points,), at a fraction of the cost of the smoothed law's bands.

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
        quantiles = self.quantiles(measure, period, list(LEVELS.values()))
        return dict(zip(LEVELS, map(float, quantiles), strict=True))

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
        """The targets, each for one period, by period and measure, whatever their order in the file."""
        return tuple(sorted(self.scenario.goals, key=lambda t: (t.period, t.measure, not t.floor, t.amount)))

    @lazy
    def target_probabilities(self) -> tuple[tuple[Target, float], ...]:
        """Each target with the probability that it alone is met, the least likely first.

        Equally likely ones stand in the order of ``targets``.
        """
        if len(self.targets) == 1:
            return ((self.targets[0], self.probability),)
        alone = [(t, chance([targets.condition(t, self.flows)]).probability) for t in self.targets]
        return tuple(sorted(alone, key=lambda pair: pair[1]))

    @property
    def leading(self) -> Target:
        """The target that sentences and charts speak of where they speak of one.

        The hardest, so that the order in the file changes nothing.
        """
        return self.target_probabilities[0][0]

    @lazy
    def shortfall_if_missed(self) -> float | None:
        """Median of the money by which the leading target is missed; None where no path misses it."""
        return self.shortfall(self.leading)

    def shortfall(self, target: Target) -> float | None:
        """Median of the money by which a target is missed, where it is missed; None if no path misses it."""
        return targets.shortfall(target, self.flows)

    @lazy
    def last_published_year(self) -> tuple[Period, float] | None:
        """The last calendar year before the leading target's whose total is published, and the total."""
        return provenance.last_published_year(self.scenario, self.flows, self.leading)

    @lazy
    def quantity(self) -> Mapping[str, Mapping[str, float]]:
        """Bands of the leading target's own quantity by period: money, or of growth and shares fractions."""
        quantity = self.leading.quantity
        return {str(p): self.quantity_bands(quantity.over(p)) for p in quantity.periods(self.grid)}

    def quantity_bands(self, quantity: Quantity) -> Mapping[str, float]:
        """The contracted quantiles of what a target is about."""
        ratios = self.flows.quantity(quantity).quantile(list(LEVELS.values()))
        return dict(zip(LEVELS, map(float, quantity.from_ratio(ratios)), strict=True))

    @lazy
    def earlier_targets(self) -> tuple[Earlier, ...]:
        """The leading target's earlier forms, the original first."""
        moved = next(target for target in self.scenario.target if self.leading in target.alone)
        return tuple(targets.earlier(moved, self.flows))

    @lazy
    def growth_needed(self) -> float | None:
        """Growth a year from the last published year to the leading target, a fraction.

        None where none is needed or it has no meaning.
        """
        return provenance.growth_needed(self.leading, self.last_published_year, self.flows)

    def stated(self, measure: str, period: Period) -> bool:
        """Whether a figure that counts states the total of a measure over a period."""
        return provenance.stated(self.scenario, measure, period)

    def published(self, measure: str, period: Period) -> bool:
        """Whether a total is published, or follows from published figures alone."""
        return provenance.published(self.scenario, self.flows, measure, period)

    def provenance(self, measure: str, period: Period) -> str:
        """What a total rests on, in words: figures as they are, what follows from them, or the law."""
        return provenance.in_words(self.scenario, self.flows, measure, period)

    @lazy
    def contributions(self) -> Mapping[str, tuple[Contribution, ...]]:
        """For levers and risks: what the answer loses when each alone is switched off; they need not sum."""
        sections: dict[str, list[Contribution]] = {"levers": [], "risks": []}
        for address, driver in self.scenario.drivers():
            sections[address.section].append(self._contribution(address, driver))
        return {section: tuple(contributions) for section, contributions in sections.items()}

    def _contribution(self, address: Address, driver: Driver) -> Contribution:
        if not driver.enabled:
            return Contribution(address.id, driver, 0.0, lambda: (0.0, 0.0))
        flows, quantity = self.without(frozenset({address})), self.scenario.goals[0].quantity
        points = 100 * (self.probability - targets.hit(self.scenario, flows, self.estimate).probability)
        # what is kept for later holds neither this result, which would be a circle, nor all flows
        first, rest = self._first, flows.quantity(quantity)
        return Contribution(address.id, driver, points, lambda: effects(first, rest))

    @lazy
    def _first(self) -> Total | Ratio:
        """The first target's quantity."""
        return self.flows.quantity(self.scenario.goals[0].quantity)

    @lazy
    def next_quarter(self) -> Period | None:
        """The first calendar quarter for which a figure is still to come; None beyond the grid.

        It is not over on ``as_of``, and beyond the last figure. A quarter that ended without a figure,
        whether long ago or last month, is no coming one; the quarter under way is.
        """
        day = self.scenario.as_of + dt.timedelta(days=1)
        coming = quarter(max(12 * day.year + day.month - 1, self.ahead.first))
        return coming if self.grid.covers(coming) else None

    @lazy
    def milestones(self) -> tuple[tuple[str, float, float], ...]:
        """The way of the paths that reach the leading target, by quarter.

        (quarter, median of all paths, median of those that reach it) of its measure; empty where too few
        paths reach it to say, or the target is decided.
        """
        return () if self.decided else tuple(targets.milestones(self.leading, self.flows))

    @lazy
    def decided(self) -> bool:
        """Whether published figures alone settle the target, either way."""
        return targets.decided(self.scenario, self.flows)

    @lazy
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about this answer beyond its numbers."""
        return notes.notes(self.scenario, self.flows, self.measures)

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
            "quantity": self._quantity_to_dict(),
            **targets.earlier_to_dict(self.earlier_targets),
            "totals": self.totals,
            "levers": [c.to_dict() for c in self.contributions["levers"]],
            "risks": [c.to_dict() for c in self.contributions["risks"]],
            "notes": list(self.notes),
            **self.record(),
            "elapsed_seconds": self.elapsed_seconds,
        }

    def _quantity_to_dict(self) -> dict[str, Any]:
        quantity, money = self.leading.quantity, f"{self.scenario.unit} {self.scenario.currency}"
        unit = money if quantity.unit.money else str(quantity.unit)
        return {"name": quantity.name, "unit": unit, "periods": self.quantity}

    def _known(self, measure: str) -> bool:
        return known(self.scenario, self.flows.paths.law.groups, measure)


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of a resolved scenario, of what it states: a new field with a default changes none.

    Neither does what people put on record beside the assumptions.
    """
    stated = scenario.model_dump(exclude_unset=True, exclude=set(REMARKS))
    return hashlib.sha256(json.dumps(stated, default=str, ensure_ascii=False).encode()).hexdigest()
