"""Observations and outlook to the law of log monthly flows.

The log monthly flows ``y`` of every stream are Gaussian a priori: an unknown level, a trend, a random walk, a passing
(Ornstein-Uhlenbeck) disturbance, a yearly pattern and an irregular part, correlated between streams. An observation is
``h(y) = log sum exp(y_j)`` over the months and streams that it adds up. Gauss-Newton steps, the iterated Kalman update of
Bell and Cathey (1993), give the posterior mean and covariance. Arrays of cells run over streams, then months.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from simulator.errors import BaselineError, NotKnown
from simulator.model.equations import (
    CONTRADICTION,
    LEAST_ERROR,
    Reading,
    Span,
    explained,
    leaving_something,
    merge_zeros,
    reconciled,
    refuse_impossible,
    require_known,
    separate,
    summed,
    telling,
)
from simulator.scenario import Observation, Outlook, Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.values.address import Path as Place
from simulator.values.periods import Period, month_text

CUT = 3.0  # the tail scale is cut here: without it the mean does not exist and the 99th percentile is absurd
RATIO_SD = 2.0  # prior sd of the log ratio between two streams, whose level is otherwise unknown
STEPS = 1500
DAMPING = 0.6
LONGEST_STEP = 2.0  # log points
TOLERANCE = 1e-8
LEAST_NOISE = 1e-10  # of a figure's prior variance: what the linear solve needs
USUAL = 3.0  # figures of a stream whose surprises weigh as much as what is usual among pairs
IMAGINED = (
    0.5  # usual surprises added to a stream's own: two figures that happen to agree do not make it calm
)
ROBUST = 3.0  # degrees of freedom of single surprises: one odd figure does not make a pair rough
VAGUE = 1e3  # variance of each stream's level while volatility is learned
BREAK = 8.0  # standard deviations of a surprise that no usual course explains
MOST_BREAKS = 8
ROUGH = 4.0  # volatility at which the figures are first explained: large leaps are then found sooner
LARGEST_LEAP = 8.0  # log points from one sum to the next (3,000-fold) of a large part of trade, beyond which nothing can be said
LARGE = 0.2  # of the largest flow
DRIFT = 0.8  # correlation of a calendar month's effect from one year to the next


@dataclass(frozen=True)
class Window:
    """A published sum without a stated error: it is returned as printed, and simulated months inside are rescaled to it."""

    streams: tuple[int, ...]
    period: Period
    printed: Decimal

    @property
    def value(self) -> float:
        """The sum in the scenario's unit."""
        return float(self.printed)


@dataclass(frozen=True)
class Uncertain:
    """A figure with an error: the name of its draw (measure and period), the months and streams that it adds up, sum and standard error."""

    name: str
    streams: tuple[int, ...]
    period: Period
    value: float
    error: float


@dataclass(frozen=True)
class DrawnSum:
    """A sum that a figure gives within its error: drawn from the law of its log, and simulated months inside are rescaled to it.

    ``log`` is the posterior median of the log sum. Its normal is made of those of the figures in it, weighted by their errors. ``exact`` is what is
    printed of it; ``published`` says whether its figures tell it, or only how it grew.
    """

    streams: tuple[int, ...]
    period: Period
    log: float
    figures: tuple[Uncertain, ...]
    exact: float
    published: bool


@dataclass(frozen=True)
class Law:
    """The Gaussian law of log monthly flows, given the figures.

    ``groups`` are the streams of the law, each the ids of the scenario's streams that no figure separates. ``mean`` has
    shape (streams of the law, months), ``covariance`` (cells, cells); ``ahead`` is the first month after the last figure.
    ``volatilities`` are the learned factors on the prior variance of each stream, ``tails`` the degrees of freedom.

    The log sums of ``drawn`` are ``log + root z`` with one standard normal ``z`` each, without the tail scale; ``root`` has
    shape (drawn, drawn), and the cells load on the same normals by ``lift``, shape (cells, drawn).
    """

    groups: tuple[tuple[str, ...], ...]
    grid: Period
    ahead: int
    mean: np.ndarray
    covariance: np.ndarray
    windows: tuple[Window, ...]
    volatilities: tuple[float, ...]
    tails: float
    drawn: tuple[DrawnSum, ...]
    root: np.ndarray
    lift: np.ndarray

    @property
    def unmeasured(self) -> np.ndarray:
        """The covariance less what the errors of the figures explain, shape (cells, cells)."""
        return self.covariance - self.lift @ self.lift.T if self.drawn else self.covariance

    @property
    def volatility(self) -> float:
        """The geometric mean of the learned factors."""
        return math.exp(sum(map(math.log, self.volatilities)) / len(self.volatilities))

    def cells(self, period: Period, streams: Sequence[int] | None = None) -> np.ndarray:
        """The places of some streams (all if left out) in a period, in the order of the covariance."""
        chosen = np.asarray(range(len(self.groups)) if streams is None else streams)
        months = np.arange(period.first, period.last + 1) - self.grid.first
        return (chosen[:, None] * self.grid.months + months).ravel()

    @property
    def months_ahead(self) -> Period:
        """The months after the last figure."""
        return Period(self.ahead, self.grid.last)


def fit_scenario(scenario: Scenario) -> Law:
    """The law that a scenario's figures and outlook imply.

    Raises:
        BaselineError: the figures contradict each other beyond their errors, or leave something unknown.
    """
    streams = tuple((key, stream.direction) for key, stream in scenario.streams.items())
    last = scenario.horizon
    return fit(streams, _known(scenario, ("observations",), scenario.observations), scenario.outlook, last)


def _known(
    scenario: Scenario, place: Place, observations: tuple[Observation, ...]
) -> tuple[tuple[Place, Observation], ...]:
    """Those of some observations that count, each with its place in the scenario."""
    return tuple(((*place, number), observations[number]) for number in scenario.counting(observations))


def check(scenario: Scenario) -> None:
    """Everything that ``simulate`` would refuse, found without drawing a path: figures, targets and every alternative.

    Raises:
        BaselineError: with all faults.
    """
    faults: list[tuple[Place, str]] = []
    try:
        law = fit_scenario(scenario)
    except BaselineError as error:
        faults += error.faults
    else:
        faults += _unknown_targets(scenario, law, ())
    streams = tuple((key, stream.direction) for key, stream in scenario.streams.items())
    last = scenario.horizon
    for name, observations in scenario.alternatives.items():
        place: Place = ("alternatives", name)
        try:
            faults += _unknown_targets(
                scenario, fit(streams, _known(scenario, place, observations), scenario.outlook, last), place
            )
        except BaselineError as error:
            faults += error.faults
    if faults:
        raise BaselineError(faults)


def _unknown_targets(scenario: Scenario, law: Law, place: Place) -> list[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    for index, target in enumerate(scenario.target):
        where: Place = place or (("target",) if len(scenario.target) == 1 else ("target", index))
        try:
            require_known(scenario, law.groups, target.measure)
        except NotKnown as error:
            found.append((where, str(error)))
        if not law.grid.covers(target.period):
            found.append(
                (
                    where,
                    f"found a target for {target.period}, but these figures begin in {month_text(law.grid.first)}",
                )
            )
    return found


@lru_cache(maxsize=64)
def fit(
    streams: tuple[tuple[str, str], ...],
    observations: tuple[tuple[Place, Observation], ...],
    outlook: Outlook,
    last: int,
) -> Law:
    """The law of the flows of some streams, given the figures.

    Args:
        streams: (id, direction) of each.
        observations: the figures that count, each with its place in the scenario.
        outlook: the parameters of the prior.
        last: the last month asked for.

    Raises:
        BaselineError: as ``fit_scenario``.
    """
    groups, readings = separate(streams, observations)
    published = reconciled(readings)
    if not any(not reading.ratio for reading in published):
        raise BaselineError(
            [(published[0].places[0], "found growth rates alone, expected at least one amount; add a value")]
        )
    first = min(reading.period.first - 12 * reading.ratio for reading in published)
    ahead = 1 + max(reading.period.last for reading in published)
    end = max(last, ahead, 12 * (last // 12) + 11)
    refuse_impossible(published)
    coarse = summed(published)
    equations = telling(leaving_something(merge_zeros(coarse)))
    _refuse_leaps(equations)
    problem = _Problem(len(groups), Period(first, end), tuple(equations), outlook)
    try:
        mean, covariance, volatilities = problem.solve()
    except np.linalg.LinAlgError as error:
        raise problem.lawless() from error
    windows = tuple(
        Window(r.streams, r.period, r.printed) for r in published if r.printed is not None and not r.ratio
    )
    within = _within_errors(published, coarse)
    logs, root, lift = problem.log_sums([reading for reading, _ in within], mean, covariance)
    drawn = tuple(
        _drawn_sum(reading, figures, float(log), published)
        for (reading, figures), log in zip(within, logs, strict=True)
    )
    for array in (mean, covariance, root, lift):
        array.flags.writeable = False
    return Law(
        groups,
        problem.grid,
        ahead,
        mean.reshape(len(groups), -1),
        covariance,
        windows,
        volatilities,
        outlook.tails,
        drawn,
        root,
        lift,
    )


def _leaps(readings: Sequence[Reading]) -> Iterator[tuple[float, Reading, Reading]]:
    """Each sum and the next of the same streams: (log of how many times the monthly rate is the other's, the one, the next)."""
    last: dict[tuple[int, ...], Reading] = {}
    for reading in sorted((r for r in readings if not r.ratio), key=lambda r: r.period):
        before = last.get(reading.streams)
        if before is not None and before.period.last < reading.period.first:
            yield abs(math.log(_rate(reading) / _rate(before))), before, reading
        last[reading.streams] = reading


def _rate(reading: Reading) -> float:
    return reading.value / reading.period.months


def _refuse_leaps(readings: Sequence[Reading]) -> None:
    """Refuse figures of a large part of trade that leap so far that neither staying there nor coming back could be told to be likely.

    Raises:
        BaselineError: it names both figures, and what to do.
    """
    large = LARGE * max(_rate(r) for r in readings if not r.ratio)
    for size, before, after in _leaps(readings):
        if size > LARGEST_LEAP and max(_rate(before), _rate(after)) >= large:
            raise _leap_error(before, after)


def _leap_error(before: Reading, after: Reading) -> BaselineError:
    text = (
        f"found {after} after {before}: no path of monthly flows explains so large a leap, so it has no law; check amount, unit and period, "
        "give the odd figure an error:, or leave out what lies before the leap"
    )
    return BaselineError([(after.places[0], text), (before.places[-1], text)])


def _within_errors(
    published: Sequence[Reading], coarse: Sequence[Reading]
) -> list[tuple[Reading, list[Reading]]]:
    """The sums that are drawn within an error, each with the figures behind it: sums of figures, figures, and both sums of a growth rate.

    What others settle is left out: of sums that follow from one another the shortest are drawn. The widest and longest come first, so that a part
    can be held below its whole.
    """
    inside = [r for r in published if not r.ratio]
    sides = [
        replace(r, period=r.period.shift(shift), ratio=False)
        for r in published
        if r.ratio
        for shift in (0, -12)
    ]
    if not sides and all(r.exact for r in inside):
        return []
    behind: dict[Reading, list[Reading]] = {}
    for whole in sorted(
        (r for r in coarse if not r.ratio and not r.exact), key=lambda r: (-r.period.months, r.period)
    ):
        parts = [
            r
            for r in inside
            if r.streams == whole.streams and whole.period.covers(r.period) and r.period != whole.period
        ]
        taken = any(part in figures for figures in behind.values() for part in parts)
        if (
            not taken
            and sum(part.period.months for part in parts) == whole.period.months
            and not _overlapping(parts)
        ):
            behind[whole] = [part for part in parts if not part.exact]
    settled = {part for figures in behind.values() for part in figures}
    single = [r for r in [*inside, *sides] if r not in settled]
    span = Span([*inside, *sides])
    ordered = sorted(
        [*behind, *single],
        key=lambda r: (not r.exact, r.ratio, r.period.months, len(r.streams), r.period, r.streams),
    )
    found = [reading for reading in ordered if span.add(reading) is None and not reading.exact]
    return sorted(
        ((r, behind.get(r, [r])) for r in found),
        key=lambda pair: (-pair[0].period.months, -len(pair[0].streams), pair[0].period),
    )


def _overlapping(readings: Sequence[Reading]) -> bool:
    periods = sorted(reading.period for reading in readings)
    return any(one.last >= other.first for one, other in itertools.pairwise(periods))


def _drawn_sum(
    reading: Reading, figures: Sequence[Reading], log: float, published: Sequence[Reading]
) -> DrawnSum:
    """A sum that is drawn, from its reading and the figures behind it."""
    errors = tuple(
        Uncertain(f"figures.{r.measure}.{r.period}", r.streams, r.period, r.value, r.error) for r in figures
    )
    parts = [
        r
        for r in published
        if r.exact and not r.ratio and r.streams == reading.streams and reading.period.covers(r.period)
    ]
    exact = sum(r.value for r in parts) if len(figures) > 1 or figures[0].period != reading.period else 0.0
    told = any(
        not r.ratio
        and r.streams == reading.streams
        and r.period in (reading.period, *(f.period for f in figures))
        for r in published
    )
    return DrawnSum(reading.streams, reading.period, log, errors, exact, told)


def tail_scale(uniform: np.ndarray, tails: float) -> np.ndarray:
    """The scale of a draw that turns normal into Student-t deviations, cut at ``CUT``; same shape."""
    from scipy.special import gammaincinv

    return np.minimum(1 / np.sqrt(gammaincinv(tails / 2, uniform) / (tails / 2)), CUT)


@lru_cache(maxsize=64)
def _median_square_scale(tails: float) -> float:
    """Median of the squared tail scale, from the Wilson-Hilferty median of chi-square: within 0.3 % from two degrees of freedom.

    Wilson, Hilferty 1931. SciPy's exact value would cost ``validate`` half its time in imports.
    """
    return float((1 - 2 / (9 * tails)) ** -3)


def split_off(covariance: np.ndarray, direction: np.ndarray, size: float, at: np.ndarray) -> np.ndarray:
    """The loading of one named normal that is a part of the law, not an addition to it.

    The normal is correlated with the functional ``direction' y``; its loading is a multiple of the covariance with that
    functional, so that what remains is again a covariance.

    Args:
        covariance: shape (cells, cells).
        direction: shape (cells,).
        size: the mean loading wanted on the cells ``at``; held below .95 of what the law has in that direction.
        at: places of cells.

    Returns:
        shape (cells,).
    """
    along = covariance @ direction
    variance = float(direction @ along)
    if variance <= 0 or size == 0:
        return np.zeros_like(along)
    whole = along / math.sqrt(variance)
    reach = float(whole[at].mean())
    return whole * min(size / reach, 0.95) if reach > 0 else np.zeros_like(along)


def world_loading(law: Law) -> np.ndarray:
    """The loading of the world factor on every cell: common risk, a part of the law's own variance; shape (cells,)."""
    direction = np.zeros(law.mean.size)
    direction[law.cells(law.months_ahead)] = 1
    years = law.months_ahead.months / 12
    at = law.cells(Period(law.grid.last, law.grid.last))
    return split_off(law.unmeasured, direction, CALIBRATED["world"]["sd"] * math.sqrt(years), at)


def temporal_covariance(months: int, outlook: Outlook) -> np.ndarray:
    """Prior covariance of one stream's log flows around level and trend, shape (months, months)."""
    t = np.arange(months)
    apart = np.abs(t[:, None] - t[None, :])
    walk = outlook.random_walk**2 / 12 * np.minimum(t[:, None], t[None, :])
    passing = outlook.disturbance**2 * np.exp(-apart / outlook.memory)
    pattern = outlook.seasonality**2 * ((apart % 12 == 0) - 1 / 12) * 12 / 11 * DRIFT ** (apart / 12)
    return walk + passing + pattern + outlook.irregular**2 * np.eye(months)


class _Problem:
    """The Gauss-Newton problem: a prior on the cells and the readings."""

    def __init__(self, streams: int, grid: Period, readings: tuple[Reading, ...], outlook: Outlook) -> None:
        self.streams, self.grid, self.readings, self.outlook = streams, grid, readings, outlook
        self.correlation = np.full((streams, streams), outlook.correlation) + (
            1 - outlook.correlation
        ) * np.eye(streams)
        self.kernel = temporal_covariance(grid.months, outlook)
        ratio = np.eye(streams) - 1 / streams
        self.ratio = np.kron(RATIO_SD**2 / 2 * ratio, np.ones((grid.months, grid.months)))
        self.levels = np.log(self._levels())
        self.square_scale = _median_square_scale(outlook.tails)
        self.target = np.log([reading.value for reading in readings])
        least = LEAST_NOISE * float(np.diag(self.kernel).max())
        self.noise = np.array([max(reading.sd, LEAST_ERROR) ** 2 + least for reading in readings])
        self.masks = np.zeros((len(readings), streams * grid.months), dtype=bool)
        self.before = np.zeros_like(self.masks)
        for row, reading in enumerate(readings):
            self.masks[row, self._cells(reading.streams, reading.period)] = True
            if reading.ratio:
                self.before[row, self._cells(reading.streams, reading.period.shift(-12))] = True
        self.breaks = np.zeros_like(self.ratio)
        self.ratios = np.flatnonzero(self.before.any(axis=1))

    def solve(self) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
        """Posterior mean (cells,), covariance (cells, cells) and the learned volatility of each stream.

        Raises:
            BaselineError: no convergence, or figures that contradict each other beyond their errors.
        """
        rough = np.full(self.streams, ROUGH)
        mean, jensen, _ = self._gauss_newton(self._prior_mean(), np.zeros(len(self.readings)), rough)
        self._find_breaks(mean, jensen)
        volatility = self._volatility(mean, jensen)
        mean, _, last = self._gauss_newton(mean, jensen, volatility)
        return mean, last.covariance, tuple(map(float, volatility))

    def _find_breaks(self, mean: np.ndarray, jensen: np.ndarray) -> None:
        """Give a figure that no usual course explains a cause of its own, where it stands alone in its streams.

        A ban, a new pipeline: of what follows in its own streams it says what any surprise of its size would, but of other streams
        nothing. Several of them in one stream are no events, but the way that it moves.
        """
        found: dict[int, np.ndarray] = {}
        while len(found) < MOST_BREAKS:
            surprise, _, response = self._surprises(mean, jensen)
            worst = int(np.argmax(np.abs(surprise)))
            if abs(surprise[worst]) <= BREAK or worst in found:
                break
            shift = np.zeros(mean.size)
            own = self._cells(self.readings[worst].streams, self.grid)
            shift[own] = surprise[worst] * response[own, worst]
            found[worst] = np.outer(shift, shift)
            self.breaks = self.breaks + found[worst]
        touched = [stream for row in found for stream in self.readings[row].streams]
        alone = [
            shift
            for row, shift in found.items()
            if all(touched.count(stream) == 1 for stream in self.readings[row].streams)
        ]
        self.breaks = sum(alone, np.zeros_like(self.ratio))

    def _surprises(self, mean: np.ndarray, jensen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How far each figure lies from what those before it let expect, at the usual volatility and with the levels vague.

        Returns:
            surprises in standard deviations, shape (readings,); the part of each one's variance that neither a level nor measurement
            error explains, shape (readings,); and how far the cells move with each by a standard deviation, shape (cells, readings).
        """
        value, jacobian, earlier = self._linearise(mean)
        jacobian[self.ratios] -= earlier
        innovation = self.target - value - jensen + jacobian @ (mean - self._prior_mean())
        levels = math.sqrt(VAGUE) * jacobian.reshape(len(value), self.streams, -1).sum(axis=2)
        across = (np.kron(self.correlation, self.kernel) + self.breaks) @ jacobian.T
        across += math.sqrt(VAGUE) * np.repeat(levels.T, self.grid.months, axis=0)
        inverse = np.linalg.inv(np.linalg.cholesky(jacobian @ across + np.diag(self.noise)))
        told = np.clip(1 - ((inverse @ levels) ** 2).sum(axis=1) - inverse**2 @ self.noise, 0, 1)
        return inverse @ innovation, told, across @ inverse.T

    def log_sums(
        self, readings: Sequence[Reading], mean: np.ndarray, covariance: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The law of the log sums of some readings, to second order in their medians.

        Returns:
            medians, shape (readings,), a root of their covariance, shape (readings, readings), and the cells' loadings on the normals
            behind it, shape (cells, readings).
        """
        if not readings:
            return np.zeros(0), np.zeros((0, 0)), np.zeros((mean.size, 0))
        masks = np.zeros((len(readings), mean.size), dtype=bool)
        for row, reading in enumerate(readings):
            masks[row, self._cells(reading.streams, reading.period)] = True
        flow = np.exp(mean)
        sums = masks @ flow
        weights = masks * flow / sums[:, None]
        across = covariance @ weights.T
        own = weights @ across
        values, vectors = np.linalg.eigh((own + own.T) / 2)
        least = max(LEAST_ERROR**2, 1e-12 * float(values[-1]))
        root = np.linalg.cholesky((vectors * np.maximum(values, least)) @ vectors.T)
        lift = np.linalg.solve(root, across.T).T
        return np.log(sums) + self._jensen(weights, covariance), root, lift

    def _volatility(self, mean: np.ndarray, jensen: np.ndarray) -> np.ndarray:
        """The factor on each stream's prior variance that its figures' own surprises and what is usual give: their precisions are averaged.

        The surprises, one figure after the other, are Student-t, and count by the part of their variance that measurement error does not
        explain, for each stream by its share of the figure's sum.

        Returns:
            shape (streams,).
        """
        surprise, told, _ = self._surprises(mean, jensen)
        weights = self._linearise(mean)[1].reshape(len(surprise), self.streams, -1).sum(axis=2)
        square = (surprise**2)[:, None]
        taught = told[:, None] * weights
        n = taught.sum(axis=0)
        scale = np.ones(self.streams)
        for _ in range(40):
            heavy = (taught * (ROBUST + 1) / (ROBUST + square / scale) * square).sum(axis=0)
            scale = (heavy + IMAGINED) / (n + IMAGINED)
        seen = max(reading.period.last for reading in self.readings) + 1 - self.grid.first
        count = np.minimum(n, seen / 12)  # figures of one year surprise together
        trust = self.outlook.learning * count / (count + USUAL)
        return 1 / (trust / scale + 1 - trust)

    def _cells(self, streams: tuple[int, ...], period: Period) -> np.ndarray:
        months = np.arange(period.first, period.last + 1) - self.grid.first
        return (np.asarray(streams)[:, None] * self.grid.months + months).ravel()

    def _levels(self) -> np.ndarray:
        """A monthly rate for each stream that roughly explains the sums (Richardson-Lucy), to centre the prior of the ratios."""
        amounts = [reading for reading in self.readings if not reading.ratio]
        share = np.zeros((len(amounts), self.streams))
        for row, reading in enumerate(amounts):
            share[row, list(reading.streams)] = 1
        rate = np.array([reading.value / reading.period.months for reading in amounts])
        levels = np.full(self.streams, rate.mean() / self.streams)
        for _ in range(100):
            levels = levels * (share.T @ (rate / (share @ levels))) / share.sum(axis=0)
        return levels

    def _prior_mean(self) -> np.ndarray:
        trend = self.outlook.trend.median / 12 * np.arange(self.grid.months)
        return (self.levels[:, None] + trend - trend.mean()).ravel()

    def _linearise(self, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log sums (readings,), their Jacobian (readings, cells), and that of the year before for growth rates."""
        flow = np.exp(mean)
        sums = self.masks @ flow
        value, jacobian = np.log(sums), self.masks * flow / sums[:, None]
        earlier = np.zeros((len(self.ratios), mean.size))
        if self.ratios.size:
            base = self.before[self.ratios] @ flow
            earlier = self.before[self.ratios] * flow / base[:, None]
            value[self.ratios] -= np.log(base)
        return value, jacobian, earlier

    def _jensen(self, weights: np.ndarray, covariance: np.ndarray) -> np.ndarray:
        """Half the trace of Hessian times covariance, for rows of weights that sum to one."""
        spread = weights @ np.diag(covariance) - np.einsum("ij,ij->i", weights @ covariance, weights)
        return self.square_scale * spread / 2

    def _gauss_newton(
        self, mean: np.ndarray, jensen: np.ndarray, volatility: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, _Update]:
        """Posterior mean, second-order terms, and the last update, whose covariance is the posterior's.

        Raises:
            BaselineError: no convergence, or figures that contradict each other beyond their errors.
        """
        root = np.sqrt(volatility)
        prior = np.kron(root[:, None] * root * self.correlation, self.kernel) + self.ratio + self.breaks
        change, pace = np.zeros(mean.shape), 1.0
        for _ in range(STEPS):
            last, (change, step, weights, earlier) = change, self._step(mean, prior, jensen)
            pace = self._pace(pace, change, last)
            mean, largest = mean + pace * change, float(np.abs(change).max())
            fresh = self._jensen(weights, step.covariance)
            fresh[self.ratios] -= self._jensen(earlier, step.covariance)
            moved, jensen = float(np.abs(fresh - jensen).max()), fresh
            if max(largest, moved) < TOLERANCE:
                if np.abs(self._pulls(mean, jensen)).max() > CONTRADICTION:
                    self._refuse_contradictions(mean)
                return mean, jensen, step
        self._refuse_contradictions(mean)
        raise self.lawless()

    def lawless(self) -> BaselineError:
        """The error of figures that do not contradict each other and yet have no law: the largest leap among them is to blame."""
        leap = max(_leaps(self.readings), key=lambda leap: leap[0], default=None)
        if leap is None:
            first = max(self.readings, key=lambda r: r.sd)
            text = f"found figures that no path of monthly flows explains, {first} among them; check amount and period, or give it an error:"
            return BaselineError([(first.places[0], text)])
        return _leap_error(*leap[1:])

    def _step(
        self, mean: np.ndarray, prior: np.ndarray, jensen: np.ndarray
    ) -> tuple[np.ndarray, _Update, np.ndarray, np.ndarray]:
        """One Gauss-Newton step: the change of the mean, the update, weights of the sums and of those of the year before."""
        value, weights, earlier = self._linearise(mean)
        jacobian = weights.copy()
        jacobian[self.ratios] -= earlier
        centre = self._prior_mean()
        step = _Update(prior, jacobian, self.noise, self.target - value - jensen + jacobian @ (mean - centre))
        return centre + step.shift - mean, step, weights, earlier

    @staticmethod
    def _pace(pace: float, change: np.ndarray, last: np.ndarray) -> float:
        """The part of the change that is made: less each time that it turns back on the last one, as after a jump of the flows it swings.

        No change is longer than two log points.
        """
        pace = pace * DAMPING if float(change @ last) < 0 else min(1.0, pace / DAMPING)
        return min(pace, LONGEST_STEP / max(float(np.abs(change).max()), 1e-300))

    def _pulls(self, mean: np.ndarray, jensen: np.ndarray | float) -> np.ndarray:
        """How far each figure is missed, in its standard errors."""
        return (self.target - self._linearise(mean)[0] - jensen) / np.sqrt(self.noise)

    def _refuse_contradictions(self, mean: np.ndarray) -> None:
        """Refuse figures that miss each other by more than their errors whatever the flows, which are only held to be positive.

        Under the prior a figure may also be missed because it is rough and the path before it was calm: that is no contradiction.
        """
        rows, aims = self.masks.astype(float), np.array([r.value for r in self.readings])
        errors = np.array([max(r.error, LEAST_ERROR * r.value) for r in self.readings])
        if self.ratios.size:
            base = np.nan_to_num(
                self.before[self.ratios] @ np.exp(np.clip(mean, -50, 50)), nan=1.0, posinf=1e20
            )
            rows[self.ratios] -= aims[self.ratios, None] * self.before[self.ratios]
            errors[self.ratios] *= base
            aims[self.ratios] = 0.0
        explained(rows, self.readings, aims, errors)


class _Update:
    """One linear update of a Gaussian prior with one diffuse common level.

    ``shift`` is the posterior mean less the prior's, ``covariance`` the posterior's.
    """

    def __init__(
        self, prior: np.ndarray, jacobian: np.ndarray, noise: np.ndarray, innovation: np.ndarray
    ) -> None:
        across = prior @ jacobian.T
        spread = jacobian @ across
        root = np.linalg.cholesky(spread + np.diag(noise))
        level = jacobian.sum(axis=1)
        solved = np.linalg.solve(root, np.column_stack([across.T, level, innovation]))
        cells = prior.shape[0]
        white, level_white, innovation_white = solved[:, :cells], solved[:, cells], solved[:, cells + 1]
        precision = float(level_white @ level_white)
        height = float(level_white @ innovation_white) / precision
        rest = innovation_white - height * level_white
        lift = 1 - white.T @ level_white
        self.shift = height + white.T @ rest
        covariance = prior - white.T @ white + np.outer(lift, lift) / precision
        self.covariance = (covariance + covariance.T) / 2


def describe(law: Law) -> str:
    """One line for people: the grid, the streams and the learned volatility."""
    return (
        f"{len(law.groups)} stream{'s' * (len(law.groups) > 1)}, {month_text(law.grid.first)} to {month_text(law.grid.last)}, "
        f"volatility {', '.join(f'{math.sqrt(v):.2f}' for v in law.volatilities)} x the usual"
    )
