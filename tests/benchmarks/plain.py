"""The flagship's law once more, as plain Monte Carlo: what the estimator's efficiency is measured against.

``InArrays`` is what a strong NumPy programmer would write: only the months that the target asks about, a Cholesky
root worked out once, chunks that stay in the processor's cache, each lever in whole arrays. ``InALoop`` is the same
path by path in Python, its unknowns by name, so that it can also be run by a workbench that draws them.

Of the package they take the vocabulary and the law of the log flows (mean and covariance, which plain Monte Carlo
needs as well); sampling, tails, levers and their cap are written here from the method alone. They know what the
flagship needs: shares of product groups drop out of its target, since all percents touch all streams alike.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from simulator import Scenario
from simulator.model.law import fit_scenario

CHUNK = 2**11  # paths at once, so that arrays of them stay in the cache
CUT = 3.0  # of the tail scale
Z95 = 1.6448536269514722
SHARES = 2**16  # draws of which the median shares are taken
CLOSING_YEARS = 3.0  # of the gap between short and long elasticities
MOST_DEALS = 24  # that a loop draws values of: of five on average more come once in 10^9


class Flagship:
    """The numbers that a plain program reads off the scenario: once, before it draws a path."""

    def __init__(self, scenario: Scenario) -> None:
        (target,) = scenario.goals
        levers = scenario.levers
        kinds = {"joint_ventures", "preference", "interregional_deals", "corridor", "harmonisation"}
        if sorted(lever.kind for lever in levers.values()) != sorted(kinds) or target.measure != "turnover":
            message = (
                f"found levers {sorted(levers)} and a target of {target.measure}; expected the flagship's"
            )
            raise ValueError(message)
        by_kind = {lever.kind: lever for lever in levers.values()}
        self.ventures, self.preference = by_kind["joint_ventures"], by_kind["preference"]
        self.deals, self.corridor = by_kind["interregional_deals"], by_kind["corridor"]
        self.rules = by_kind["harmonisation"]
        law = fit_scenario(scenario)
        self.amount, self.tails, self.first = float(target.amount), law.tails, law.ahead
        cells = law.cells(target.period)
        self.months = np.arange(target.period.first, target.period.last + 1)
        columns = self.months - law.grid.first
        self.mean = law.mean[:, columns].ravel()
        self.root = np.linalg.cholesky(law.covariance[np.ix_(cells, cells)])
        self.streams = len(law.groups)
        self.machines = self._share(scenario, "machinery") * np.exp(law.mean[0, columns])
        self.cap = float(self.ventures.overlap.cap) / 12
        self.cut = float(self.preference.margin.median)
        since = np.maximum(self.months - float(self.preference.start.median) + 1, 0)
        self.closed = -np.expm1(-np.maximum(since / 12 - 1, 0) / CLOSING_YEARS)
        self.phased = np.clip(since / max(self.preference.phase_in.median, 1e-9), 0, 1)

    @staticmethod
    def _share(scenario: Scenario, name: str) -> float:
        """The median share of a product group in its direction, as levers are laid out on it."""
        rng = np.random.default_rng(0)
        groups = {
            key: stream.share for key, stream in scenario.streams.items() if stream.direction == "exports"
        }
        drawn = {key: rng.triangular(*share.parameters, SHARES) for key, share in groups.items() if share}
        left = 1 - sum(drawn.values())
        medians = {key: float(np.median(drawn.get(key, left))) for key in groups}
        return medians[name] / sum(medians.values())


class InArrays(Flagship):
    """Plain Monte Carlo in NumPy."""

    def hits(self, paths: int, seed: int) -> int:
        """How many of so many paths reach the target."""
        rng = np.random.default_rng(seed)
        sizes = [min(CHUNK, paths - first) for first in range(0, paths, CHUNK)]
        return sum(int(np.count_nonzero(self._totals(rng, size) >= self.amount)) for size in sizes)

    def _totals(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """The target's total in each path, shape (paths,)."""
        scale = np.minimum(1 / np.sqrt(rng.gamma(self.tails / 2, 2 / self.tails, size)), CUT)
        logs = rng.standard_normal((size, self.mean.size)) @ self.root.T
        logs *= scale[:, None]
        logs += self.mean
        flows = np.exp(logs, out=logs).reshape(size, self.streams, -1).sum(axis=1)
        added = self._ventures(rng, size)
        added += self._preference(rng, size)
        added += self._deals(rng, size)
        np.minimum(added, self.cap, out=added)
        flows *= self._corridor(rng, size) * self._rules(rng, size)
        return (flows + added).sum(axis=1)

    def _ventures(self, rng: np.random.Generator, size: int) -> np.ndarray:
        lever, count = self.ventures, round(self.ventures.count)
        opening, delay = rng.triangular(*lever.opening.parameters, size), 1.0
        if lever.support is not None:
            opening += (1 - opening) * rng.triangular(*lever.support.opening.parameters, size)
            delay = 1 - rng.triangular(*lever.support.delay.parameters, (size, 1))
        first = np.maximum(np.floor(rng.triangular(*lever.start.parameters, (size, 1))), self.first)
        opens = np.floor(first + rng.triangular(*lever.delay.parameters, (size, count)) * delay)
        low, high = np.log(lever.planned_exports_each.parameters)
        sales = rng.lognormal((low + high) / 2, (high - low) / (2 * Z95), (size, count))
        sales *= rng.beta(*lever.attainment.parameters, (size, count))
        sales *= rng.random((size, count)) < opening[:, None]
        hazard = -np.log1p(-rng.triangular(*lever.exit_rate.parameters, (size, 1))) / 12
        closes = opens + rng.standard_exponential((size, count)) / hazard
        ramp = 12 * rng.triangular(*lever.ramp.parameters, (size, 1))
        sold = np.empty((size, self.months.size))
        for place, month in enumerate(self.months):
            at_work = np.clip((month + 1 - opens) / ramp, 0, 1) * (month < closes)
            sold[:, place] = np.einsum("pv,pv->p", at_work, sales)
        kits = rng.triangular(*lever.additionality.parameters, size) / 12
        kits *= 1 + rng.triangular(*lever.parts_back.parameters, size)
        return sold * kits[:, None]

    def _preference(self, rng: np.random.Generator, size: int) -> np.ndarray:
        lever = self.preference
        short = rng.triangular(*lever.elasticity.parameters, (size, 1))
        low, high = np.log(lever.elasticity_long.parameters)
        long = rng.lognormal((low + high) / 2, (high - low) / (2 * Z95), (size, 1))
        elasticity = short + (np.maximum(long, short) - short) * self.closed
        change = rng.triangular(*lever.share.parameters, (size, 1)) * np.expm1(elasticity * self.cut)
        if not np.all(self.phased == 1):
            change = np.expm1(np.log1p(change) * self.phased)
        return change * self.machines

    def _deals(self, rng: np.random.Generator, size: int) -> np.ndarray:
        lever = self.deals
        signed = rng.poisson(lever.signed, size)
        low, high = np.log(lever.value_each.parameters)
        values = rng.lognormal((low + high) / 2, (high - low) / (2 * Z95), signed.sum())
        value = np.bincount(np.repeat(np.arange(size), signed), values, size)
        value *= rng.beta(*lever.executed.parameters, size)
        value *= rng.triangular(*lever.additionality.parameters, size) / lever.delivery.median
        start = np.maximum(np.floor(rng.triangular(*lever.start.parameters, (size, 1))), self.first)
        delivered = (self.months >= start) & (self.months < start + lever.delivery.median)
        return value[:, None] * delivered

    def _corridor(self, rng: np.random.Generator, size: int) -> np.ndarray:
        lever = self.corridor
        start = np.maximum(np.floor(rng.triangular(*lever.start.parameters, (size, 1))), self.first)
        part = np.clip((self.months + 1 - start) / lever.phase_in.median, 0, 1)
        shift = np.log1p(rng.triangular(*lever.percent.parameters, size))
        shift *= rng.random(size) < lever.probability
        return np.exp(shift[:, None] * part)

    def _rules(self, rng: np.random.Generator, size: int) -> np.ndarray:
        lever = self.rules
        part = np.clip((self.months + 1 - lever.start.median) / lever.phase_in.median, 0, 1)
        return np.exp(np.log1p(rng.triangular(*lever.percent.parameters, size))[:, None] * part)


class InALoop(Flagship):
    """The same path by path, in plain Python."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self.unknowns = dict(self._unknowns())
        self.rows = [row[: number + 1] for number, row in enumerate(self.root.tolist())]
        self.centre, self.at = self.mean.tolist(), self.months.tolist()
        self.gap, self.part = self.closed.tolist(), self.phased.tolist()
        self.median = self.machines.tolist()

    def _unknowns(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """The name of each number that a path needs, with its law: a form and its parameters."""
        ventures, preference, deals = self.ventures, self.preference, self.deals
        yield "tail", ("gamma", self.tails / 2, 2 / self.tails)
        yield from ((f"normal{number}", ("normal",)) for number in range(self.mean.size))
        for name in ("opening", "start", "exit_rate", "ramp", "additionality", "parts_back"):
            yield f"ventures_{name}", ("triangular", *getattr(ventures, name).parameters)
        if ventures.support is not None:
            for name in ("opening", "delay"):
                yield f"support_{name}", ("triangular", *getattr(ventures.support, name).parameters)
        for number in range(round(ventures.count)):
            yield f"delay{number}", ("triangular", *ventures.delay.parameters)
            yield f"plan{number}", ("lognormal", *ventures.planned_exports_each.parameters)
            yield f"attainment{number}", ("beta", *ventures.attainment.parameters)
            yield f"opened{number}", ("uniform",)
            yield f"life{number}", ("uniform",)
        yield "elasticity", ("triangular", *preference.elasticity.parameters)
        yield "elasticity_long", ("lognormal", *preference.elasticity_long.parameters)
        yield "share", ("triangular", *preference.share.parameters)
        yield "signed", ("uniform",)
        yield from (
            (f"value{number}", ("lognormal", *deals.value_each.parameters)) for number in range(MOST_DEALS)
        )
        yield "executed", ("beta", *deals.executed.parameters)
        yield "deals_additionality", ("triangular", *deals.additionality.parameters)
        yield "deals_start", ("triangular", *deals.start.parameters)
        yield "corridor", ("triangular", *self.corridor.percent.parameters)
        yield "corridor_start", ("triangular", *self.corridor.start.parameters)
        yield "corridor_happens", ("uniform",)
        yield "rules", ("triangular", *self.rules.percent.parameters)

    def hits(self, paths: int, seed: int) -> int:
        """How many of so many paths reach the target."""
        rng = random.Random(seed)
        draws = {name: _sampler(rng, *law) for name, law in self.unknowns.items()}
        return sum(
            self.total(**{name: draw() for name, draw in draws.items()}) >= self.amount for _ in range(paths)
        )

    def total(self, **drawn: float) -> float:
        """The target's total in one path, by the values of its unknowns."""
        normals = [drawn[f"normal{number}"] for number in range(len(self.centre))]
        scale = min(1 / math.sqrt(drawn["tail"]), CUT)
        flows = [
            math.exp(mean + scale * sum(map(float.__mul__, row, normals)))
            for mean, row in zip(self.centre, self.rows, strict=True)
        ]
        value, deals_start = self._value(drawn)
        ventures = self._opened(drawn)
        corridor = math.log1p(drawn["corridor"]) * (drawn["corridor_happens"] < self.corridor.probability)
        corridor_start, rules = self._begun(drawn["corridor_start"]), math.log1p(drawn["rules"])
        count, total = len(self.at), 0.0
        for place, month in enumerate(self.at):
            added = self._sold(drawn, ventures, month) + self._cut(drawn, place)
            if deals_start <= month < deals_start + self.deals.delivery.median:
                added += value
            shift = corridor * _part(month + 1 - corridor_start, self.corridor.phase_in.median)
            shift += rules * _part(month + 1 - self.rules.start.median, self.rules.phase_in.median)
            total += sum(flows[place::count]) * math.exp(shift) + min(added, self.cap)
        return total

    def _begun(self, start: float) -> float:
        return max(math.floor(start), self.first)

    def _opened(self, drawn: dict[str, float]) -> list[tuple[float, float, float]]:
        """Month of opening, month of closing and sales a month of each venture that opens."""
        opening, left = drawn["ventures_opening"], 1.0
        if self.ventures.support is not None:
            opening += (1 - opening) * drawn["support_opening"]
            left = 1 - drawn["support_delay"]
        first, hazard = self._begun(drawn["ventures_start"]), math.log1p(-drawn["ventures_exit_rate"])
        ventures = []
        for number in range(round(self.ventures.count)):
            if drawn[f"opened{number}"] < opening:
                opens = math.floor(first + drawn[f"delay{number}"] * left)
                life = 12 * math.log1p(-drawn[f"life{number}"]) / hazard
                sales = drawn[f"plan{number}"] * drawn[f"attainment{number}"] / 12
                ventures.append((opens, opens + life, sales))
        return ventures

    @staticmethod
    def _sold(drawn: dict[str, float], ventures: list[tuple[float, float, float]], month: int) -> float:
        ramp = 12 * drawn["ventures_ramp"]
        sold = sum(
            sales * min((month + 1 - opens) / ramp, 1.0)
            for opens, closes, sales in ventures
            if opens <= month < closes
        )
        return sold * drawn["ventures_additionality"] * (1 + drawn["ventures_parts_back"])

    def _cut(self, drawn: dict[str, float], place: int) -> float:
        short = drawn["elasticity"]
        elasticity = short + max(drawn["elasticity_long"] - short, 0.0) * self.gap[place]
        change = math.log1p(drawn["share"] * math.expm1(elasticity * self.cut))
        return math.expm1(change * self.part[place]) * self.median[place]

    def _value(self, drawn: dict[str, float]) -> tuple[float, float]:
        """What all deals add in a month of delivery, and the first of these months."""
        signed, likely, term = 0, math.exp(-self.deals.signed), math.exp(-self.deals.signed)
        while drawn["signed"] > likely and signed < MOST_DEALS:
            signed += 1
            term *= self.deals.signed / signed
            likely += term
        value = sum(drawn[f"value{number}"] for number in range(signed))
        value *= drawn["executed"] * drawn["deals_additionality"] / self.deals.delivery.median
        return value, self._begun(drawn["deals_start"])


def _part(months: float, phase_in: float) -> float:
    return min(max(months / phase_in, 0.0), 1.0)


def _sampler(rng: random.Random, form: str, *parameters: float) -> Callable[[], float]:
    """A number of a form at each call, by Python's own generator."""
    if form == "triangular":
        low, likely, high = parameters
        return lambda: rng.triangular(low, high, likely)
    if form == "lognormal":
        low, high = map(math.log, parameters)
        return lambda: rng.lognormvariate((low + high) / 2, (high - low) / (2 * Z95))
    samplers = {
        "gamma": rng.gammavariate,
        "beta": rng.betavariate,
        "uniform": rng.random,
        "normal": rng.gauss,
    }
    return lambda: samplers[form](*parameters)
