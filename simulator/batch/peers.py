"""Forecasts by the models of the package statsforecast, which a backtest can be held against.

They see every month (quarter, year) that is known at an origin. A year's law is that of sums of simulated
paths: fitted to logs, or to amounts where one of them is 0. The package is no requirement: the extra
``benchmark``.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from simulator.batch.baselines import Law
from simulator.batch.origins import Case
from simulator.numerics.scores import LEVELS

PACKAGE = "statsforecast"
PATHS, SEED = 2000, 1
MEMBERS = ("AutoETS", "AutoARIMA", "AutoTheta", "AutoCES")  # of the ensemble, each with as many paths
SHOWN = ("AutoETS", "AutoTheta")  # by themselves
ENSEMBLE = "ETS, ARIMA, Theta, CES"
LEAST_STEPS = 24  # two years of months


def missing() -> str:
    """The package that is not installed; nothing where it is."""
    return "" if find_spec(PACKAGE) else PACKAGE


def forecasts(case: Case, multiples: Sequence[float]) -> Mapping[str, Mapping[int, Law]]:
    """The forecasts of a case by name and year; without the models that cannot be fitted to its figures."""
    drawn = {name: totals for name in MEMBERS if (totals := _totals(name, case)) is not None}
    laws = {name: _laws(drawn[name], case, multiples) for name in SHOWN if name in drawn}
    if len(drawn) == len(MEMBERS):
        together = {year: np.concatenate([drawn[name][year] for name in MEMBERS]) for year in case.actual}
        laws[ENSEMBLE] = _laws(together, case, multiples)
    return laws


def _laws(totals: Mapping[int, np.ndarray], case: Case, multiples: Sequence[float]) -> dict[int, Law]:
    return {
        year: Law(
            tuple(map(float, np.quantile(drawn, LEVELS))),
            tuple(float((drawn >= multiple * case.last_full).mean()) for multiple in multiples),
        )
        for year, drawn in totals.items()
    }


def _totals(name: str, case: Case) -> dict[int, np.ndarray] | None:
    """Draws of the totals of a case's years by one model, shape (paths,); None where it cannot be fitted."""
    known = np.array(case.steps)
    season = 12 // case.step
    if len(known) < (LEAST_STEPS // case.step or 1) or len(known) < 4:
        return None
    first = case.origin - len(case.past)  # the year of the first step
    ahead = season * (max(case.actual) + 1 - first) - len(known)
    logs = bool((known > 0).all())
    try:
        paths = _paths(name, np.log(known) if logs else known, season, ahead)
    except Exception:  # whatever a model of that package raises: it has no forecast
        return None
    paths = np.exp(np.minimum(paths, math.log(1e12) + np.log(known.max()))) if logs else np.maximum(paths, 0)
    steps = np.concatenate([np.tile(known, (len(paths), 1)), paths], axis=1)
    if not np.isfinite(steps).all():
        return None
    return dict(_by_year(steps, first, season, case))


def _by_year(steps: np.ndarray, first: int, season: int, case: Case) -> Iterator[tuple[int, np.ndarray]]:
    for year in case.actual:
        start = season * (year - first)
        yield year, steps[:, start : start + season].sum(axis=1)


def _paths(name: str, known: np.ndarray, season: int, ahead: int) -> np.ndarray:
    """Simulated paths, shape (paths, ahead)."""
    from statsforecast import models

    model: Any = getattr(models, name)(season_length=season)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = model.simulate(h=ahead, n_paths=PATHS, y=known, seed=SEED)
    return np.asarray(drawn, float)
