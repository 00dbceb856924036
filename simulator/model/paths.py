"""The law's paths in every draw.

Cells ahead of the last figure are simulated at once; those behind it only when a total needs them, because a published sum
returns its figure, drawn within its error where it states one, and months inside it are rescaled to it, finest periods first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from simulator.levers import KINDS
from simulator.levers.custom import Custom
from simulator.levers.kit import Grid
from simulator.model.answerable import require_known
from simulator.model.law import Law, split_off, world_loading
from simulator.model.prior import tail_scale
from simulator.model.published import DrawnSum, UncertainFigure, Window
from simulator.model.span import RowSpan
from simulator.numerics.draws import Draws, Layout
from simulator.numerics.preintegration import Basis, Total, basis
from simulator.scenario import Scenario
from simulator.scenario.calibration import CALIBRATED
from simulator.values.periods import Period

COMPONENTS = 16  # of the baseline with columns of their own, the same for any data; later ones hardly bend a total and are drawn plainly
FIGURES = 32  # with errors that have columns of their own; those of earlier periods, which hardly matter ahead, are drawn plainly
_SERIALS = itertools.count()
TINIEST = 1e-300  # a positive number
LEAST_REST = 1e-6  # of a sum that a part of it leaves
RAKED = (
    30  # sweeps over sums that lie across one another (iterative proportional fitting, Deming, Stephan 1940)
)
HELD = 5.0  # standard deviations from a bound within which a drawn sum is held to it
SMALLEST_SHARE = (
    1e-6  # of a direction, for a stream whose share is drawn as 0, or to which the others leave nothing
)


def layout(scenario: Scenario) -> Layout:
    """The columns of a scenario: the baseline's first, then shares, risks and levers in file order, switched-off ones too."""
    names = ["tails", "baseline.0", "baseline.1", "world"]
    names += [f"baseline.{i}" for i in range(2, COMPONENTS)]
    names += ["integrated", "outlook.trend"]
    names += [f"streams.{key}.share" for key in ("exports", "imports", *scenario.streams)]
    names += _figures(scenario)
    for section, measures in (("risks", scenario.risks), ("levers", scenario.levers)):
        for key, measure in measures.items():
            names += [f"{section}.{key}.{name}" for name in KINDS[measure.kind].columns()]
    return Layout(tuple(dict.fromkeys(names)))


def _figures(scenario: Scenario) -> list[str]:
    """The columns of figures with errors, the latest first: as many for any data, so that no other column moves when figures come."""
    latest = sorted(scenario.counted, key=lambda o: (o.period.last, o.period.first, o.measure), reverse=True)
    names = list(dict.fromkeys(name for observation in latest for name in observation.draws))[:FIGURES]
    return names + [f"figures.{number}" for number in range(len(names), FIGURES)]


@dataclass(frozen=True)
class Measured:
    """A measure on the streams of the law: the part of each group that it adds up.

    ``sign`` is +1, 0 or -1 for each scenario stream, shape (streams,).
    """

    name: str
    sign: np.ndarray

    def whole(self, members: Sequence[int]) -> bool:
        """Whether a group of streams is wholly in or wholly out of it, with one sign."""
        return len(set(self.sign[list(members)])) == 1


class Paths:
    """The baseline's paths in every draw: they depend on figures, outlook, target measure and period, never on a threshold.

    Of the levers only those that are a part of the usual run count here: they take their variance out. ``serial`` is never used twice.
    """

    def __init__(self, scenario: Scenario, law: Law, draws: Draws) -> None:
        self.scenario, self.law, self.draws = scenario, law, draws
        self.serial = next(_SERIALS)
        self.order = tuple(scenario.streams)
        self.place = {key: index for index, key in enumerate(self.order)}
        self.groups = tuple(tuple(self.place[key] for key in group) for group in law.groups)
        self.ahead = law.months_ahead
        self.shape = (len(self.groups), self.ahead.months)
        self.front = law.cells(self.ahead)
        self.scale = tail_scale(draws.uniform(["tails"])[:, 0], law.tails)
        self.normal = draws.normal(["integrated"])[:, 0]
        self.world, self.remaining = self._split()
        self.basis = self._basis(self.remaining[np.ix_(self.front, self.front)])
        self.turn = self._turn()
        self.others = draws.normal([f"baseline.{i}" for i in range(self.basis.rest.shape[1])])
        self.other_world = draws.normal(["world"])[:, 0]
        self.errors, self.drawn, self.held = self._drawn_sums()
        first, deviation = self.loads(self.front, self.basis.first, self.basis.rest)
        exponent = law.mean[:, -self.ahead.months :].ravel() + self.scale[:, None] * deviation
        if law.drawn:
            exponent += self.errors @ law.lift[self.front].T
        self.exponent = exponent.reshape(-1, *self.shape) + self._trend()
        self.loading = first.reshape(self.shape)

    @property
    def nbytes(self) -> int:
        """About what it takes in memory, with the months behind and the totals that will be worked out from it."""
        return 4 * self.exponent.nbytes + self.others.nbytes + 3 * self.law.covariance.nbytes

    def _drawn_sums(self) -> tuple[np.ndarray, list[np.ndarray], bool]:
        """The sums that figures give within an error, each held above what is printed of its parts and below the wholes that it is in.

        A normal that is held is that of a truncated law, by its quantile: an error of a twentieth on nearly all of a whole may be more than
        the rest, and trade is not negative.

        Returns:
            the normals behind them, shape (points, drawn), the sums, each of shape (points,), and whether any is held.
        """
        law = self.law
        errors, drawn, held = self._errors(), list[np.ndarray](), False
        for k, each in enumerate(law.drawn):
            centre, sd = each.log + errors[:, :k] @ law.root[k, :k], law.root[k, k]
            whole = min((w.value for w in law.windows if _inside(each, w)), default=np.inf)
            most = np.full(centre.shape, whole)
            for other, amount in zip(law.drawn, drawn, strict=False):
                most = np.minimum(most, amount) if _inside(each, other) else most
            least = max((w.value for w in law.windows if _inside(w, each)), default=0.0)
            least = max(least, each.exact)
            low = (math.log(max((1 + LEAST_REST) * least, TINIEST)) - centre) / sd
            high = (np.log((1 - LEAST_REST) * most) - centre) / sd
            if np.any(low > -HELD) or np.any(high < HELD):
                held = True
                errors = errors.copy()
                errors[:, k] = _truncated(errors[:, k], low, high)
            drawn.append(np.exp(centre + sd * errors[:, k]))
        return errors, drawn, held

    def _errors(self) -> np.ndarray:
        """The normal behind each drawn sum, of its figures' draws by the weight of their errors; shape (points, drawn)."""
        found = np.zeros((self.scale.size, len(self.law.drawn)))
        for k, each in enumerate(self.law.drawn):
            weights = np.array([figure.error for figure in each.figures])
            normals = self.draws.normal([figure.name for figure in each.figures])
            found[:, k] = normals @ (weights / max(float(np.linalg.norm(weights)), TINIEST))
        return found

    def figures(self) -> Iterator[tuple[UncertainFigure, np.ndarray]]:
        """The figures with errors that are drawn as parts of a sum, with their own sums in every draw, shape (points,)."""
        for each, amount in zip(self.law.drawn, self.drawn, strict=True):
            if each.shared:
                normals = self.draws.normal([figure.name for figure in each.figures])
                value, error = (
                    np.array([getattr(figure, name) for figure in each.figures])
                    for name in ("value", "error")
                )
                alone = value * np.exp(error / np.maximum(value, TINIEST) * normals)
                share = alone * ((amount - each.exact) / np.maximum(alone.sum(axis=1), TINIEST))[:, None]
                yield from zip(each.figures, share.T, strict=True)

    def _split(self) -> tuple[np.ndarray, np.ndarray]:
        """The world factor's loading on every cell, and the covariance that is left beside it.

        A custom lever whose uncertainty is part of the usual run takes its variance out; its own draws put it back.
        """
        world = world_loading(self.law)
        covariance = self.law.unmeasured - np.outer(world, world)
        at = self.law.cells(Period(self.law.grid.last, self.law.grid.last))
        for lever in self.scenario.levers.values():
            if (
                isinstance(lever, Custom)
                and lever.enabled
                and lever.within_baseline
                and lever.percent is not None
            ):
                touched = {self.place[key] for key in self.scenario.touched(lever)}
                streams = [k for k, group in enumerate(self.groups) if touched & set(group)]
                direction = np.zeros(len(covariance))
                direction[self.law.cells(self.ahead, streams)] = 1
                loading = split_off(covariance, direction, lever.percent.sd / (1 + lever.percent.median), at)
                covariance = covariance - np.outer(loading, loading)
        return world, covariance

    def _turn(self) -> tuple[float, float]:
        """Cosine and sine that turn (world, first) so that one normal alone moves the target.

        (0, 1), no turn, where the world is fixed, or where it moves both sides of a balance.
        """
        functional = self.basis.functional
        if self.scenario.outlook.world is not None or (functional.min() < 0 < functional.max()):
            return 0.0, 1.0
        direction = functional / max(float(np.abs(functional).sum()), 1e-300)
        world, first = float(direction @ self.world[self.front]), float(direction @ self.basis.first)
        length = float(np.hypot(world, first))
        return (world / length, first / length) if length > 0 else (0.0, 1.0)

    def loads(self, cells: np.ndarray, first: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The integrated normal's loading on some cells, shape (cells,), and the deviation by all other normals, (points, cells)."""
        cosine, sine = self.turn
        world, state = self.world[cells], self.scenario.outlook.world
        deviation = self.others @ rest.T
        if state is not None:
            return first, deviation + CALIBRATED["world"][state] * world
        return cosine * world + sine * first, deviation + np.outer(
            self.other_world, sine * world - cosine * first
        )

    def _trend(self) -> np.ndarray:
        """A trend that is given as a range: its deviation from the median, a judgement on the months ahead only."""
        trend = self.scenario.outlook.trend
        if trend.certain:
            return np.zeros((1, 1, 1))
        drawn = trend.quantile(self.draws.uniform(["outlook.trend"])[:, 0]) - trend.median
        return drawn[:, None, None] * (np.arange(1, self.ahead.months + 1) / 12)

    def _basis(self, covariance: np.ndarray) -> Basis:
        """The basis whose first normal moves the target's log total most; for a balance one that moves exports up and imports down."""
        gradient = np.zeros(self.shape)
        for target in self.scenario.target:
            gradient += self._gradient(target.measure, target.period)
        falling = gradient < 0
        if not falling.any():
            return basis(covariance, (gradient if gradient.any() else np.ones(self.shape)).ravel())
        for weight in (1, 1.5, 2, 3, 5, 10, 20, 50):
            tried = np.where(falling, weight * gradient, gradient).ravel()
            along = covariance @ tried
            if np.all(along[gradient.ravel() > 0] >= 0) and np.all(along[falling.ravel()] <= 0):
                return basis(covariance, tried)
        return basis(covariance, gradient.ravel())

    def _gradient(self, measure: str, period: Period) -> np.ndarray:
        """The weight of each cell ahead in a target's total at the median path, shape (groups, months ahead)."""
        found = np.zeros(self.shape)
        first, last = max(period.first, self.ahead.first), min(period.last, self.ahead.last)
        if first > last:
            return found
        sign = np.array([self.measured(measure).sign[list(group)].mean() for group in self.groups])
        months = slice(first - self.ahead.first, last - self.ahead.first + 1)
        flow = sign[:, None] * np.exp(self.law.mean[:, -self.ahead.months :][:, months])
        found[:, months] = flow / np.abs(flow).sum()
        return found

    def measured(self, name: str) -> Measured:
        """A measure on the streams.

        Raises:
            NotKnown: no figure covers one of its streams, or none tells it from another direction.
            ValueError: there is no such measure.
        """
        require_known(self.scenario, self.law.groups, name)
        sign = np.zeros(len(self.order))
        for key in self.scenario.members(name):
            sign[self.place[key]] = (
                -1.0 if name == "balance" and self.scenario.streams[key].direction == "imports" else 1.0
            )
        return Measured(name, sign)

    @cached_property
    def weights(self) -> np.ndarray:
        """Each stream's share of its group, shape (points or 1, streams); 1 where the figures tell it apart."""
        weights = np.ones((1, len(self.order)))
        for group in self.groups:
            if len(group) > 1:
                weights = np.broadcast_to(weights, (self.scale.size, len(self.order))).copy()
                directions = [self.scenario.streams[self.order[i]].direction for i in group]
                for direction in dict.fromkeys(directions):
                    peers = [i for i, own in zip(group, directions, strict=True) if own == direction]
                    unknown = (
                        len(set(directions)) > 1
                    )  # the figures do not even tell the directions apart: anything goes
                    whole = self.draws.uniform([f"streams.{direction}.share"]) if unknown else 1.0
                    weights[:, peers] = whole * self._shares(peers)
                weights[:, group] /= weights[:, group].sum(axis=1, keepdims=True)
        return weights

    def _shares(self, peers: Sequence[int]) -> np.ndarray:
        """Shares of streams of one direction, normalised, shape (points, peers).

        One that states none takes what the others leave; several that state none are uniform draws. None is 0, in any draw: where all
        that is stated would be 0, they are alike.
        """
        shares = np.ones((self.scale.size, len(peers)))
        stated = []
        for column, stream in enumerate(peers):
            key = self.order[stream]
            share = self.scenario.streams[key].share
            uniform = self.draws.uniform([f"streams.{key}.share"])[:, 0]
            if share is not None:
                stated.append(column)
                shares[:, column] = np.maximum(share.quantile(uniform), SMALLEST_SHARE)
            elif len(peers) > 1:
                shares[:, column] = uniform
        silent = [column for column in range(len(peers)) if column not in stated]
        if stated and silent:
            left = np.maximum(1 - shares[:, stated].sum(axis=1, keepdims=True), SMALLEST_SHARE)
            shares[:, silent] *= left / shares[:, silent].sum(axis=1, keepdims=True)
        return shares / shares.sum(axis=1, keepdims=True)

    @cached_property
    def grid(self) -> Grid:
        """What levers are laid out on."""
        members = {
            name: tuple(self.place[key] for key in self.scenario.members(name))
            for name in ("turnover", "exports", "imports", *self.order)
        }
        median = np.zeros((len(self.order), self.ahead.months))
        for k, group in enumerate(self.groups):
            share = np.median(self.weights[:, list(group)], axis=0)
            median[list(group)] = (
                share[:, None] / share.sum() * np.exp(self.law.mean[k, -self.ahead.months :])
            )
        return Grid(self.order, self.ahead, members, median)

    @cached_property
    def behind(self) -> _Behind:
        """The months up to the last figure."""
        return _Behind(self)


def _inside(part: Window | DrawnSum, whole: Window | DrawnSum) -> bool:
    """Whether one sum is a part of another, and not all of it."""
    same = part.period == whole.period and part.streams == whole.streams
    return not same and whole.period.covers(part.period) and set(part.streams) <= set(whole.streams)


def _truncated(normal: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Standard normals turned into those of a normal law that is cut at both ends, by their quantiles; same shape."""
    from scipy.special import ndtr, ndtri

    flip = low > 0  # the upper tail is precise from below
    first, last = np.where(flip, -high, low), np.where(flip, -low, high)
    uniform = np.where(flip, ndtr(-normal), ndtr(normal))
    found = ndtri(np.clip(ndtr(first) + uniform * (ndtr(last) - ndtr(first)), 1e-300, 1 - 1e-16))
    return np.clip(np.where(flip, -found, found), low, np.maximum(high, low))


@dataclass(frozen=True)
class Sum:
    """Published sums added up: printed ones as decimals, and draws of others, each (its number, its weight)."""

    printed: Decimal = Decimal(0)
    drawn: tuple[tuple[int, float], ...] = ()

    def plus(self, other: Sum, weight: float) -> Sum:
        """With another one added, times a whole number."""
        return Sum(
            self.printed + int(weight) * other.printed,
            self.drawn + tuple((k, weight * own) for k, own in other.drawn),
        )


class _Behind:
    """The months up to the last figure, with the published sums pinned: those without an error as printed, the others as drawn."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        law = paths.law
        self.months = law.ahead - law.grid.first
        self.cells = (
            law.cells(Period(law.grid.first, law.ahead - 1)) if self.months else np.zeros(0, dtype=int)
        )
        self.size = len(self.cells)
        figures = list(paths.figures())
        self.drawn = [*paths.drawn, *(amount for _, amount in figures)]
        sums: list[tuple[Window | DrawnSum | UncertainFigure, Sum]] = [
            (window, Sum(window.printed)) for window in law.windows
        ]
        within: list[DrawnSum | UncertainFigure] = [*law.drawn, *(figure for figure, _ in figures)]
        sums += [(each, Sum(drawn=((k, 1.0),))) for k, each in enumerate(within)]
        self.blocks: list[tuple[np.ndarray, np.ndarray, Sum]] = []
        self.across: list[
            tuple[np.ndarray, Sum]
        ] = []  # sums that lie across those pinned before them, such as quarters of a part across months
        self.figures: dict[bytes, Sum] = {}
        self.pinned = np.zeros(self.size, dtype=bool)
        for window, value in sorted(
            sums, key=lambda w: (w[0].period.months, len(w[0].streams), w[0].period, w[0].streams)
        ):
            mask = np.zeros((len(paths.groups), self.months), dtype=bool)
            months = slice(window.period.first - law.grid.first, window.period.last - law.grid.first + 1)
            mask[list(window.streams), months] = True
            self.figures[mask.tobytes()] = value
            free = mask.ravel() & ~self.pinned
            if free.any():
                self.blocks.append((mask.ravel(), free, value))
                self.pinned = self.pinned | mask.ravel()
            elif not self._nested(mask.ravel()):
                self.across.append((mask.ravel(), value))

    def _nested(self, mask: np.ndarray) -> bool:
        """Whether a sum is made of whole blocks, which then settle it."""
        left = mask.astype(float)
        for block, free, _ in reversed(self.blocks):
            weight = left[free]
            if np.any(weight != weight[0]):
                return False
            left = left - weight[0] * block
        return True

    def published(self, wanted: np.ndarray) -> tuple[Sum, np.ndarray] | None:
        """A weighted sum of cells as published sums and cells that no published sum touches.

        Returns:
            (published part, weights left on free cells), or None where only a part of some published sum is wanted.
        """
        own = self.figures.get((wanted > 0).tobytes())
        if own is not None and wanted.min() >= 0:
            return own, np.zeros(
                self.size
            )  # a total may be rounded apart from its parts: each returns its own figure
        found = self._by_blocks(wanted)
        if found is None or found[1].any():
            implied = self._implied(wanted)
            return found if implied is None else (implied, np.zeros(self.size))
        return found

    def _implied(self, wanted: np.ndarray) -> Sum | None:
        """The combination of published sums that a weighted sum of cells is; None where it follows from none in whole numbers."""
        directions = [(wanted > 0).astype(float), (wanted < 0).astype(float)]
        found = Sum()
        for sign, cells in zip((1.0, -1.0), directions, strict=True):
            weights = self._span.combination(cells) if cells.any() else np.zeros(0)
            if weights is None or np.any(np.abs(weights - np.round(weights)) > 1e-6):
                return None
            for k in np.flatnonzero(np.round(weights)):
                found = found.plus(self._members[k], sign * float(np.round(weights[k])))
        return found

    @cached_property
    def _span(self) -> RowSpan:
        """All published sums, the shortest and narrowest first."""
        span = RowSpan(self.size, len(self.figures))
        self._members = [
            value
            for mask, value in self.figures.items()
            if span.add(np.frombuffer(mask, dtype=bool).astype(float))
        ]
        return span

    def _by_blocks(self, wanted: np.ndarray) -> tuple[Sum, np.ndarray] | None:
        left, amount = wanted.astype(float), Sum()
        for mask, free, value in reversed(self.blocks):
            weight = left[free]
            if np.any(weight != weight[0]):
                return None
            if weight[0]:
                amount = amount.plus(value, float(weight[0]))
                left = left - weight[0] * mask
        return amount, left

    def amount(self, value: Sum) -> np.ndarray | float:
        """A sum in every draw, shape (points,), or one number where it is certain."""
        return float(value.printed) + sum((weight * self.drawn[k] for k, weight in value.drawn), 0.0)

    def drawn_total(self, value: Sum) -> Total:
        """A total of published sums alone, as a function of the one error that moves it most; counted where sums are held."""
        if self.paths.held or any(k >= len(self.paths.law.drawn) for k, _ in value.drawn):
            points = self.paths.scale.size
            return Total(
                np.zeros(points) + self.amount(value),
                np.zeros((points, 0)),
                np.zeros(0),
                np.zeros(0),
                self.paths.scale,
                self.paths.normal,
            )
        weights, places = np.array([weight for _, weight in value.drawn]), [k for k, _ in value.drawn]
        law, errors = self.paths.law, self.paths.errors
        amounts = np.array([self.paths.law.drawn[k].log for k in places])
        main = int(np.argmax(np.abs((weights * np.exp(amounts)) @ law.root[places])))
        loading = law.root[places, main]
        exponent = amounts + errors @ law.root[places].T - errors[:, main, None] * loading
        certain = np.full(errors.shape[:1], float(value.printed))
        signs = np.sign(weights)
        return Total(
            certain,
            exponent + np.log(np.abs(weights)),
            loading,
            signs,
            np.ones(errors.shape[:1]),
            errors[:, main],
        )

    @cached_property
    def _parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Log flows less the integrated part, shape (points, cells), and the integrated normal's loading, shape (cells,)."""
        paths, b, f = self.paths, self.cells, self.paths.front
        first, rest = paths.basis.onto(paths.remaining[np.ix_(b, f)])
        left = paths.remaining[np.ix_(b, b)] - np.outer(first, first) - rest @ rest.T
        values, vectors = np.linalg.eigh((left + left.T) / 2)
        kept = values > 1e-9 * max(float(values[-1]), 1e-300)
        own = vectors[:, kept] * np.sqrt(values[kept])
        drawn = paths.draws.normal([f"behind.{i}" for i in range(own.shape[1])])
        loading, deviation = paths.loads(b, first, rest)
        exponent = paths.law.mean[:, : self.months].ravel() + paths.scale[:, None] * (
            deviation + drawn @ own.T
        )
        return exponent + paths.errors @ paths.law.lift[b].T, loading

    @property
    def exponent(self) -> np.ndarray:
        """Log flows less the integrated part, shape (points, cells)."""
        return self._parts[0]

    @property
    def loading(self) -> np.ndarray:
        """The integrated normal's loading on each cell, shape (cells,)."""
        return self._parts[1]

    @cached_property
    def flows(self) -> np.ndarray:
        """Simulated flows, rescaled to the published sums, shape (points, cells)."""
        moved = (self.paths.scale * self.paths.normal)[:, None] * self.loading
        flow = np.exp(self.exponent + moved)
        for mask, free, value in self.blocks:
            amount = self.amount(value)
            rest = amount - flow[:, mask & ~free].sum(axis=1)
            flow[:, free] *= (np.maximum(rest, 1e-9 * amount) / flow[:, free].sum(axis=1))[:, None]
        for _ in range(RAKED if self.across else 0):
            for mask, value in [*self.across, *((mask, value) for mask, _, value in self.blocks)]:
                amount = self.amount(value)
                flow[:, mask] *= (amount / np.maximum(flow[:, mask].sum(axis=1), TINIEST))[:, None]
        return flow
