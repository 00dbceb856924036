"""How forecasts would have fared: rolling origins of some series, each answered with what was known then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from simulator.batch.baselines import RULES, Law, law
from simulator.batch.origins import Case, Cut, Plan, Skipped, cut
from simulator.batch.workers import spread
from simulator.caches import lazy
from simulator.files.series import Series
from simulator.model.result import Simulate
from simulator.numerics import scores
from simulator.numerics.draws import POINTS, SEED
from simulator.numerics.scores import LEVELS, Decomposition, Histogram, Point
from simulator.shown import Shown

MULTIPLES = (1.15, 1.30, 1.50)  # of the last full year, whose chances are scored
BANDS = (0.5, 0.8, 0.95)
SMALLEST = 1e-9  # a total is scored as at least this: a forecast may hold 0, a log does not
Peer = Callable[[Case, Sequence[float]], Mapping[str, Mapping[int, Law]]]


class Row(NamedTuple):
    """One forecast and what came: of a year of a case, by the product and by what it is held against."""

    series: str
    origin: int
    ahead: int
    last_full: float
    actual: float
    law: Law
    against: Mapping[str, Law]


@dataclass(frozen=True)
class Scores:
    """The scores of some forecasts; chances by multiple of the last full year."""

    n: int
    crps_log: float
    cover: Mapping[float, float]
    below_median: float
    brier: Mapping[float, Decomposition]
    ranks: Histogram

    def to_dict(self) -> dict[str, Any]:
        """For a machine: numbers unrounded."""
        return {
            "n": self.n,
            "crps_log": self.crps_log,
            **{f"cover{100 * band:g}": share for band, share in self.cover.items()},
            "below_median": self.below_median,
            "brier": {key(multiple): parts.brier for multiple, parts in self.brier.items()},
            "brier_parts": {key(multiple): vars(parts) for multiple, parts in self.brier.items()},
            "ranks": vars(self.ranks),
        }


class Rival(NamedTuple):
    """What forecasts are held against, on the forecasts that both have: the lower CRPS is the better."""

    n: int
    crps_log: float
    ours: float
    cover80: float
    brier: Mapping[float, float]
    our_brier: Mapping[float, float]

    @property
    def skill(self) -> float:
        """By which share the CRPS is lower than the rival's; below 0 it is higher."""
        return scores.skill(self.ours, self.crps_log)

    def to_dict(self) -> dict[str, Any]:
        """For a machine: numbers unrounded."""
        return {
            "n": self.n,
            "crps_log": self.crps_log,
            "crps_log_ours": self.ours,
            "skill": self.skill,
            "cover80": self.cover80,
            "brier": {key(m): value for m, value in self.brier.items()},
            "brier_ours": {key(m): value for m, value in self.our_brier.items()},
        }


def key(multiple: float) -> str:
    """A multiple as a key: ``1.30``."""
    return f"{multiple:.2f}" if round(multiple, 2) == multiple else f"{multiple:g}"


@dataclass(frozen=True)
class Backtest(Shown):
    """Forecasts of the past and what came of them."""

    plan: Plan
    cut: Cut
    multiples: tuple[float, ...]
    points: int
    seed: int
    rows: tuple[Row, ...]
    skipped: tuple[Skipped, ...]

    @lazy
    def scores(self) -> Scores:
        """Of all forecasts."""
        return scored(self.rows, self.multiples)

    @lazy
    def by_horizon(self) -> Mapping[int, Scores]:
        """The same by years after that of the origin."""
        return {ahead: scored(rows, self.multiples) for ahead, rows in self._by_horizon.items()}

    @lazy
    def against(self) -> Mapping[str, Rival]:
        """What they are held against, by name; without those that have no forecast."""
        return rivals(self.rows, self.multiples)

    @lazy
    def against_by_horizon(self) -> Mapping[int, Mapping[str, Rival]]:
        """The same by years after that of the origin."""
        return {ahead: rivals(rows, self.multiples) for ahead, rows in self._by_horizon.items()}

    @lazy
    def reliability(self) -> tuple[Point, ...]:
        """The points of the reliability diagram: all chances of all multiples."""
        chances = np.concatenate([_chances(self.rows, place) for place in range(len(self.multiples))])
        hits = np.concatenate([_hits(self.rows, multiple) for multiple in self.multiples])
        return scores.reliability_points(chances, hits)

    @property
    def cases(self) -> int:
        """How many origins were forecast from."""
        return len({(row.series, row.origin) for row in self.rows})

    @property
    def series(self) -> int:
        """How many series they are of."""
        return len({row.series for row in self.rows})

    @property
    def reasons(self) -> Mapping[str, int]:
        """Why origins have no forecast, and how many of them each."""
        return dict(Counter(item.reason for item in self.skipped).most_common())

    @lazy
    def _by_horizon(self) -> Mapping[int, Sequence[Row]]:
        grouped = {ahead: [row for row in self.rows if row.ahead == ahead] for ahead in self.plan.horizons}
        return {ahead: rows for ahead, rows in grouped.items() if rows}

    def to_dict(self) -> dict[str, Any]:
        """For a machine: everything that it holds but the forecasts themselves."""
        return {
            **self.scores.to_dict(),
            "against": {name: rival.to_dict() for name, rival in self.against.items()},
            "by_horizon": {
                str(ahead): {
                    **part.to_dict(),
                    "against": {k: r.to_dict() for k, r in self.against_by_horizon[ahead].items()},
                }
                for ahead, part in self.by_horizon.items()
            },
            "reliability": [vars(point) for point in self.reliability],
            "series": self.series,
            "cases": self.cases,
            "inputs": self.plan.inputs,
            "month": self.cut.month,
            "horizons": list(self.plan.horizons),
            "origins": str(self.cut.origins),
            "years": self.plan.years,
            "multiples": list(self.multiples),
            "not_forecast": [item._asdict() for item in self.skipped],
            "points": self.points,
            "seed": self.seed,
        }


def backtest(
    series: Iterable[Series],
    plan: Plan | None = None,
    *,
    simulate: Simulate,
    multiples: Sequence[float] = MULTIPLES,
    peers: Peer | None = None,
    points: int = POINTS,
    seed: int = SEED,
    workers: int | None = None,
    cluster: str | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Forecast the past of some series from rolling origins, and score it.

    Args:
        series: of a table; see ``read_series``.
        plan: how they are cut; left out, the usual one.
        simulate: answers a scenario.
        multiples: of the last full year, whose chances are scored; above 0.
        peers: further forecasts of a case by name and year, to be held against.
        points: draws of each answer, a power of two.
        seed: of every draw.
        workers: processes; left out, as many as there are cores. The answer is the same on any number.
        cluster: the address of a Dask scheduler, whose workers are asked in place of this machine's.
        advance: called with how many cases are done, and of how many.

    Raises:
        TooShort: there is too little to judge forecasts by.
        NoWorkers: those of the cluster cannot be had.
        WorkersLost: workers died over the same case again and again.
        ValueError: a multiple, the plan, points or seed cannot be used.
    """
    multiples = _checked(multiples)
    plan = plan or Plan()
    pieces = cut(list(series), plan)
    answer = partial(forecast, simulate=simulate, multiples=multiples, peers=peers, points=points, seed=seed)
    rows: list[Row] = []
    failed: list[Skipped] = []
    for number, rows_or_reason in enumerate(spread(answer, pieces.cases, workers, cluster), 1):
        if isinstance(rows_or_reason, Skipped):
            failed.append(rows_or_reason)
        else:
            rows += rows_or_reason
        if advance is not None:
            advance(number, len(pieces.cases))
    if not rows:
        raise ValueError(f"found no case that can be forecast: {failed[0].reason}")
    return Backtest(plan, pieces, multiples, points, seed, tuple(rows), (*pieces.skipped, *failed))


def _checked(multiples: Sequence[float]) -> tuple[float, ...]:
    """Multiples, the lowest first.

    Raises:
        ValueError: there is none, or one twice, or none above 0.
    """
    rising = tuple(sorted(map(float, multiples)))
    if not rising or len(set(rising)) < len(rising) or not all(0 < m < 1e6 for m in rising):
        raise ValueError(f"found multiples {list(multiples)}, expected different numbers above 0")
    return rising


def forecast(
    case: Case,
    *,
    simulate: Simulate,
    multiples: Sequence[float] = MULTIPLES,
    peers: Peer | None = None,
    points: int = POINTS,
    seed: int = SEED,
) -> list[Row] | Skipped:
    """The forecasts of a case, by the product's own quantiles and chances; or why there are none."""
    try:
        result = simulate(case.scenario, points=points, seed=seed)
        laws = {
            year: Law(
                tuple(map(float, result.quantiles(case.measure, str(year), LEVELS.tolist()))),
                tuple(
                    result.chance(case.measure, str(year), at_least=multiple * case.last_full)
                    for multiple in multiples
                ),
            )
            for year in case.actual
        }
    except (ValueError, ArithmeticError) as error:
        reason = str(error).partition("\n")[0]
        return Skipped(case.series, case.origin, f"its figures have no law: {reason[:200]}")
    others = peers(case, multiples) if peers else {}
    return [
        Row(
            case.series,
            case.origin,
            year - case.origin,
            case.last_full,
            actual,
            laws[year],
            _against(case, year, multiples, others),
        )
        for year, actual in case.actual.items()
    ]


def _against(
    case: Case, year: int, multiples: Sequence[float], peers: Mapping[str, Mapping[int, Law]]
) -> dict[str, Law]:
    """What else is forecast of a year: by the rules, then by peers."""
    rules = {name: law(rule, case, year, multiples) for name, rule in RULES.items()}
    known = {name: theirs for name, theirs in rules.items() if theirs is not None}
    return known | {name: by_year[year] for name, by_year in peers.items() if year in by_year}


# Scores of rows


def scored(rows: Sequence[Row], multiples: Sequence[float]) -> Scores:
    """The scores of some forecasts, one at least."""
    quantiles, actual = _logs([row.law for row in rows]), _log_actual(rows)
    return Scores(
        len(rows),
        float(scores.crps_of_quantiles(quantiles, actual).mean()),
        {band: float(scores.within_band(quantiles, actual, band).mean()) for band in BANDS},
        float((actual < quantiles[:, len(LEVELS) // 2]).mean()),
        {
            multiple: scores.decomposition(_chances(rows, place), _hits(rows, multiple))
            for place, multiple in enumerate(multiples)
        },
        scores.rank_histogram(scores.ranks(quantiles, actual), len(LEVELS)),
    )


def rivals(rows: Sequence[Row], multiples: Sequence[float]) -> dict[str, Rival]:
    """What forecasts are held against, by name."""
    names = dict.fromkeys(name for row in rows for name in row.against)
    return {name: _rival([row for row in rows if name in row.against], name, multiples) for name in names}


def _rival(rows: Sequence[Row], name: str, multiples: Sequence[float]) -> Rival:
    theirs = [row._replace(law=row.against[name]) for row in rows]
    quantiles, actual = _logs([row.law for row in theirs]), _log_actual(rows)
    brier = [
        {m: scores.brier(_chances(side, place), _hits(rows, m)) for place, m in enumerate(multiples)}
        for side in (theirs, rows)
    ]
    return Rival(
        len(rows),
        float(scores.crps_of_quantiles(quantiles, actual).mean()),
        float(scores.crps_of_quantiles(_logs([row.law for row in rows]), actual).mean()),
        float(scores.within_band(quantiles, actual, 0.8).mean()),
        *brier,
    )


def _logs(laws: Sequence[Law]) -> np.ndarray:
    """The quantiles of some forecasts in logs, shape (forecasts, levels)."""
    return np.log(np.maximum([item.quantiles for item in laws], SMALLEST))


def _log_actual(rows: Sequence[Row]) -> np.ndarray:
    return np.log([row.actual for row in rows])


def _chances(rows: Sequence[Row], place: int) -> np.ndarray:
    return np.clip([row.law.chances[place] for row in rows], 0, 1)


def _hits(rows: Sequence[Row], multiple: float) -> np.ndarray:
    return np.array([row.actual >= multiple * row.last_full for row in rows])
