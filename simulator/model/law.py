"""Observations and outlook to the law of log monthly flows.

The log monthly flows ``y`` of every stream are Gaussian a priori: an unknown level, a trend, a random walk, a
passing (Ornstein-Uhlenbeck) disturbance, a yearly pattern and an irregular part, correlated between streams.
An observation is ``h(y) = log sum exp(y_j)`` over the months and streams that it adds up. Gauss-Newton steps
give the posterior mean and covariance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from simulator.caches import MEGABYTE, Hashed, keep, lazy
from simulator.errors import BaselineError
from simulator.model.balances import settled
from simulator.model.cells import Cells, Within
from simulator.model.contradictions import require_few, require_no_leap, require_possible, unexplained
from simulator.model.equations import Equation, Groups, Streams, by_streams, separate
from simulator.model.exchange import Belief, Rated
from simulator.model.likelihood import Likelihood, log_sums
from simulator.model.nesting import Alike
from simulator.model.posterior import Posterior, explained, gauss_newton
from simulator.model.prior import Prior, free_effects, log_levels, median_square_scale
from simulator.model.published import DrawnSum, Window, WithinError, windows, within_errors
from simulator.model.sums import (
    gathered,
    in_other_currencies,
    independent,
    leaving_something,
    reconciled,
    without_zeros,
)
from simulator.model.volatility import learned_volatility, lone_breaks
from simulator.scenario import Observation, Outlook, Scenario, Series
from simulator.scenario.calibration import CALIBRATED
from simulator.scenario.series import Placed
from simulator.scenario.shocks import StruckStreams
from simulator.scenario.work import excesses_together
from simulator.values.address import Address
from simulator.values.limits import LAW_WORK, SUMS, UNKNOWNS
from simulator.values.periods import Period, month_text, year

Evidence = tuple[Placed, ...]

ROUGH = 4.0  # volatility at which the figures are first explained: large leaps are then found sooner
MOST = 0.95  # of the law's standard deviation in a direction, which a named normal may take
NONE_ALIKE = Alike[Equation](())
USUAL_STEPS, SHOCKED_STEPS = 16, 60  # in which a law is found; where known shocks leave much free, later
EQUATION = 500  # bytes that one takes, with the addresses of its figures
MEMORY = 48 * MEGABYTE  # bytes of laws that are kept


@dataclass(frozen=True)
class Law:
    """The Gaussian law of log monthly flows, given the figures.

    ``groups`` are the streams of the law, each the ids of the scenario's streams that no figure separates.
    ``mean`` has shape (streams of the law, months), ``covariance`` (cells, cells) of ``blocks`` of months;
    ``within`` is how months lie within theirs. ``ahead`` is the first month after the last figure.
    ``volatilities`` are the learned factors on the prior variance of each stream, ``tails`` the degrees of
    freedom.

    The log sums of ``drawn`` are ``log + root z`` with one standard normal ``z`` each, without the tail
    scale; ``root`` has shape (drawn, drawn), and the cells load on the same normals by ``lift``, shape
    (cells, drawn).

    ``rated`` are the figures that uncertain rates of exchange move, ``belief`` is what the figures leave of
    the normals behind these. The law is that at the likeliest rates: with the log of each of ``rated`` the
    cells move by ``gain``, shape (cells, rated), and the log sums by ``rated_sums``, shape (drawn, rated).
    """

    groups: Groups
    grid: Period
    ahead: int
    mean: np.ndarray
    covariance: np.ndarray
    blocks: Cells
    within: Within
    windows: tuple[Window, ...]
    volatilities: tuple[float, ...]
    tails: float
    drawn: tuple[DrawnSum, ...]
    root: np.ndarray
    lift: np.ndarray
    belief: Belief
    rated: tuple[Rated, ...]
    gain: np.ndarray
    rated_sums: np.ndarray

    @lazy
    def unmeasured(self) -> np.ndarray:
        """The covariance less what the errors of the figures explain, shape (cells, cells)."""
        return self.covariance - self.lift @ self.lift.T if self.drawn else self.covariance

    @property
    def printed_windows(self) -> list[Window]:
        """Those that are one number whatever the rates of exchange."""
        return [window for window in self.windows if not window.foreign]

    @property
    def volatility(self) -> float:
        """The geometric mean of the learned factors."""
        return math.exp(sum(map(math.log, self.volatilities)) / len(self.volatilities))

    @property
    def months_ahead(self) -> Period:
        """The months after the last figure."""
        return Period(self.ahead, self.grid.last)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        arrays = self.mean, self.covariance, self.root, self.lift, self.gain, self.within.temporal
        return sum(array.nbytes for array in arrays) + (self.covariance.nbytes if self.drawn else 0)

    def cells(self, period: Period, streams: Sequence[int] | None = None) -> np.ndarray:
        """The places of some streams (all if left out) in a period, in the order of the covariance."""
        return self.blocks.of(range(len(self.groups)) if streams is None else streams, period)

    def by_month(self, values: np.ndarray, period: Period) -> np.ndarray:
        """Values of all cells of a period, shape (..., cells), for each stream and month of it."""
        return self.blocks.by_month(values, period)


def describe(law: Law) -> str:
    """One line for people: the grid, the streams and the learned volatility."""
    return (
        f"{len(law.groups)} stream{'s' * (len(law.groups) > 1)}, "
        f"{month_text(law.grid.first)} to {month_text(law.grid.last)}, "
        f"volatility {', '.join(f'{math.sqrt(v):.2f}' for v in law.volatilities)} x the usual"
    )


# Its parts with a name


def split_off(covariance: np.ndarray, direction: np.ndarray, size: float, at: np.ndarray) -> np.ndarray:
    """The loading of one named normal that is a part of the law, not an addition to it.

    The normal is correlated with the functional ``direction' y``; its loading is a multiple of the covariance
    with that functional, so that what remains is again a covariance.

    Args:
        covariance: shape (cells, cells).
        direction: shape (cells,).
        size: the mean loading wanted on the cells ``at``, with the sign of the direction there; kept below
            .95 of what the law has in that direction.
        at: places of cells.

    Returns:
        shape (cells,).
    """
    along = covariance @ direction
    variance = float(direction @ along)
    if variance <= 0 or size == 0:
        return np.zeros_like(along)
    largest = along / math.sqrt(variance)
    reach = float(np.where(direction[at] < 0, -largest[at], largest[at]).mean())
    return largest * min(size / reach, MOST) if reach > 0 else np.zeros_like(along)


def world_loading(law: Law) -> np.ndarray:
    """The loading of the world factor on every cell, shape (cells,): common risk, a part of the variance."""
    direction = np.zeros(len(law.covariance))
    ahead = law.cells(law.months_ahead)
    direction[ahead] = law.blocks.lengths[ahead]
    years = law.months_ahead.months / 12
    at = law.cells(Period(law.grid.last, law.grid.last))
    return split_off(law.unmeasured, direction, CALIBRATED["world"]["sd"] * math.sqrt(years), at)


# How it is fitted


def fit_scenario(scenario: Scenario) -> Law:
    """The law that a scenario's figures and outlook imply.

    Raises:
        BaselineError: the figures contradict each other beyond their errors, or leave something unknown.
    """
    return fit_observations(scenario, Address.of("observations"), scenario.observations)


def fit_observations(
    scenario: Scenario, address: Address, observations: tuple[Observation | Series, ...]
) -> Law:
    """The law that one of a scenario's readings of the data implies.

    Args:
        scenario: whose streams, outlook, targets and day count.
        address: where the observations stand in it.
        observations: all of the reading.

    Raises:
        BaselineError: as ``fit_scenario``.
    """
    streams = _streams(scenario)
    evidence = scenario.evidence_of(address, observations)
    ground = _ground(_cleared(streams, evidence), scenario.horizon, scenario.struck)
    counts = _counts(scenario, ground)
    require_few(LAW_WORK, int(counts["laws"]), ground.likelihood.equations)
    if together := list(excesses_together(scenario, counts)):
        raise BaselineError(together)
    return fit(streams, evidence, scenario.outlook, scenario.horizon, scenario.struck)


def _streams(scenario: Scenario) -> Streams:
    """The id, direction and partner of each stream."""
    return tuple(
        tuple(filter(None, (key, stream.direction, stream.partner)))
        for key, stream in scenario.streams.items()
    )


def law_counts(scenario: Scenario) -> dict[str, float]:
    """How much the laws are that an answer fits, by the names of ``scenario.work``, before any is fitted.

    Raises:
        BaselineError: as ``fit_scenario``.
    """
    evidence = scenario.evidence_of(Address.of("observations"), scenario.observations)
    figures = _cleared(_streams(scenario), evidence)
    return _counts(scenario, _ground(figures, scenario.horizon, scenario.struck))


def _counts(scenario: Scenario, ground: _Ground) -> dict[str, float]:
    """Million multiplications for all laws, and for the axes along which each is drawn."""
    laws, cells = 1 + len(CALIBRATED["sets"]) + len(scenario.alternatives), ground.cells
    ahead = Period(ground.ahead, cells.months.last) if ground.ahead <= cells.months.last else None
    drawn = len(set(cells.of(range(cells.streams), ahead).tolist())) if ahead else 0
    return {"laws": laws * ground.work / 1e6, "axes": laws * drawn**3 / 1e6}


@keep(MEMORY, size=lambda law: law.nbytes)
def fit(
    streams: Streams,
    evidence: Hashed[Evidence],
    outlook: Outlook,
    last: int,
    struck: StruckStreams = (),
) -> Law:
    """The law of the flows of some streams, given the figures.

    Args:
        streams: (id, direction) of each, and its partner where it has one.
        evidence: the figures that count, each with its place in the scenario.
        outlook: the parameters of the prior.
        last: the last month asked for.
        struck: of every known shock the ids of its streams, its months and whether it lasts.

    Raises:
        BaselineError: as ``fit_scenario``.
    """
    figures = _cleared(streams, evidence)
    ground = _ground(figures, last, struck)
    cells, published = ground.cells, figures.published
    prior = Prior(cells, ground.levels, outlook, ground.free)
    posterior, volatility = _posterior(prior, ground.likelihood, outlook)
    lifted = cells.lifted(prior.within, volatility, median_square_scale(outlook.tails))
    masks = cells.masks([w.equation for w in figures.within])
    masks = masks * lifted if cells.coarse else masks
    sums = log_sums(masks, posterior.mean, posterior.covariance, outlook.tails)
    gain = posterior.gain if posterior.gain is not None else np.zeros((cells.size, 0))
    for array in (posterior.mean, posterior.covariance, sums.root, sums.lift, gain):
        array.flags.writeable = False
    return Law(
        groups=figures.groups,
        grid=cells.months,
        ahead=ground.ahead,
        mean=cells.months_of(posterior.mean, prior.months),
        covariance=posterior.covariance,
        blocks=cells,
        within=Within(cells, prior.within, prior.correlation, volatility),
        windows=windows(published),
        volatilities=tuple(map(float, volatility)),
        tails=outlook.tails,
        drawn=tuple(
            w.drawn(float(log), figures.same.get(w.equation.streams, NONE_ALIKE), figures.taken)
            for w, log in zip(figures.within, sums.medians, strict=True)
        ),
        root=sums.root,
        lift=sums.lift,
        belief=posterior.belief,
        rated=posterior.rated,
        gain=gain,
        rated_sums=sums.weights @ gain,
    )


@dataclass(frozen=True, eq=False)
class _Figures:
    """The figures cleared up: one of each sum, those that a law is fitted to, and the sums that are drawn."""

    groups: Groups
    published: tuple[Equation, ...]
    fitted: tuple[Equation, ...]
    within: tuple[WithinError, ...]

    @property
    def nbytes(self) -> int:
        """About what they take in memory."""
        return EQUATION * (len(self.published) + len(self.fitted) + len(self.within))

    @lazy
    def same(self) -> dict[tuple[int, ...], Alike[Equation]]:
        """The published sums by their streams."""
        return {streams: Alike(sums) for streams, sums in by_streams(self.published).items()}

    @lazy
    def taken(self) -> frozenset[Equation]:
        """Those that a law is fitted to, to be looked up."""
        return frozenset(self.fitted)


@keep(16 * MEGABYTE, size=lambda figures: figures.nbytes)
def _cleared(streams: Streams, evidence: Hashed[Evidence]) -> _Figures:
    """The figures cleared up, whatever the outlook.

    Raises:
        BaselineError: as ``fit_scenario``.
    """
    groups, equations = separate(streams, evidence.value)
    single = settled(equations)
    published = reconciled(single)
    require_possible(published)
    sums = gathered(published)
    coarse = reconciled(sums)
    require_few(SUMS, len(coarse), coarse)
    fitted = independent(leaving_something(without_zeros(coarse)))
    require_no_leap(fitted)
    fitted += in_other_currencies(single) + in_other_currencies(sums)
    return _Figures(groups, tuple(published), tuple(fitted), tuple(within_errors(published, coarse)))


@dataclass(frozen=True)
class _Ground:
    """What laws of the same figures and months share, whatever the outlook.

    ``ahead`` is the first month after the last figure, ``levels`` are those of the streams that roughly
    explain the figures, in logs, ``free`` what known shocks did; ``likelihood`` is that of no prior yet.
    """

    ahead: int
    cells: Cells
    levels: np.ndarray
    free: np.ndarray
    likelihood: Likelihood

    @property
    def work(self) -> float:
        """Multiplications that one law takes, about."""
        return self.likelihood.work(SHOCKED_STEPS if self.free.size else USUAL_STEPS)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return self.free.nbytes + self.likelihood.nbytes


@keep(MEMORY // 2, size=lambda ground: ground.nbytes)
def _ground(figures: _Figures, last: int, struck: StruckStreams) -> _Ground:
    """The same for some figures, by identity."""
    groups = figures.groups
    ahead = 1 + max(e.period.last for e in figures.published)
    grid = _grid(figures.published, max(ahead, year(last // 12).last))
    ends = [*figures.fitted, *(w.equation for w in figures.within)]
    cells = Cells.fitting(len(groups), grid, ahead, ends, [period for _, period, _ in struck])
    require_few(UNKNOWNS, cells.size, ends)
    levels = log_levels(figures.fitted, len(groups))
    likelihood = Likelihood(figures.fitted, cells)
    return _Ground(ahead, cells, levels, free_effects(groups, cells, struck), likelihood)


def _grid(equations: Iterable[Equation], last: int) -> Period:
    """The months of a law: from the first that a figure counts, or is compared with."""
    return Period(min(e.period.first - 12 * e.ratio for e in equations), last)


def _posterior(prior: Prior, likelihood: Likelihood, outlook: Outlook) -> tuple[Posterior, np.ndarray]:
    """The law of the cells, and the learned volatility of each stream.

    Raises:
        BaselineError: no convergence, or figures that contradict each other beyond their errors.
    """
    cells, spread = prior.cells, prior.cells.spread(prior.within)
    likelihood = likelihood.under(float(np.diag(prior.temporal).max()), outlook.tails, spread)
    try:
        rough = explained(likelihood, prior.mean, partial(prior.covariance, np.full(cells.streams, ROUGH)))
        breaks, surprise = lone_breaks(prior, likelihood, rough)
        volatility = learned_volatility(prior, likelihood, surprise, outlook.learning)
        covariance = prior.covariance(volatility) + breaks
        posterior = gauss_newton(likelihood.lifted(volatility), prior.mean, covariance, start=rough)
    except np.linalg.LinAlgError as error:
        raise unexplained(likelihood.equations) from error
    return posterior, volatility
