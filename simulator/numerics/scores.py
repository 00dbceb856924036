"""Scores of forecasts against what came: proper scores, coverage, calibration. Knows no scenario.

The lower the Brier score, the log score and the CRPS, the better. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtri

LEVELS = np.round(np.arange(0.025, 0.976, 0.025), 3)  # at which quantiles of a forecast are scored
BINS = 10  # of equal width, into which chances are put; the last of them holds 1
CONFIDENCE = 0.95  # of an interval around a share


@dataclass(frozen=True)
class Decomposition:
    """A mean Brier score and its parts: ``brier = reliability - resolution + uncertainty + within``.

    ``reliability`` is how far the chances of a bin are from what came (0 is best), ``resolution`` how far
    what came differs between bins (the more the better), ``uncertainty`` what the share of hits alone would
    score, and ``within`` what the differences of chances inside a bin add; 0 where a bin's chances are equal.
    """

    n: int
    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True)
class Point:
    """One bin of a reliability diagram: ``n`` forecasts, ``chance`` on average, of which a share came true.

    ``low`` and ``high`` are the ends of Wilson's interval around ``share``.
    """

    n: int
    chance: float
    hits: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Histogram:
    """Ranks of outcomes among forecasts, in bins, beside the counts that a calibrated forecast expects."""

    counts: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float
    p_value: float


# Chances of something that happens or does not


def brier(chances: np.ndarray, outcomes: np.ndarray) -> float:
    """The mean Brier score: the squared distance of chances from 0 or 1 (Brier 1950).

    Args:
        chances: in 0 to 1, shape (n,).
        outcomes: whether it happened, shape (n,).

    Raises:
        ValueError: there is none, the shapes differ, or a chance is none.
    """
    chances, outcomes = _checked(chances, outcomes)
    return float(np.mean((chances - outcomes) ** 2))


def log_scores(chances: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """The log score of each chance: minus the natural log of the chance of what happened (Good 1952).

    Infinite where what happened was given no chance; nothing is cut off.

    Args:
        chances: in 0 to 1, shape (n,).
        outcomes: whether it happened, shape (n,).

    Raises:
        ValueError: there is none, the shapes differ, or a chance is none.
    """
    chances, outcomes = _checked(chances, outcomes)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(outcomes > 0, chances, 1 - chances))


def decomposition(chances: np.ndarray, outcomes: np.ndarray, bins: int = BINS) -> Decomposition:
    """The mean Brier score in its parts (Murphy 1973), for chances in ``bins`` bins of equal width.

    Chances that differ inside a bin add their variance less twice their covariance with the outcomes
    (Stephenson, Coelho, Jolliffe 2008), which is ``within``: so the parts sum to the score.

    Raises:
        ValueError: there is none, the shapes differ, or a chance is none.
    """
    chances, outcomes = _checked(chances, outcomes)
    points = reliability_points(chances, outcomes, bins)
    weights = np.array([point.n for point in points]) / len(chances)
    shares = np.array([point.share for point in points])
    rate = float(outcomes.mean())
    reliability = float(weights @ (np.array([point.chance for point in points]) - shares) ** 2)
    resolution = float(weights @ (shares - rate) ** 2)
    uncertainty = rate * (1 - rate)
    score = brier(chances, outcomes)
    within = score - reliability + resolution - uncertainty
    return Decomposition(len(chances), score, reliability, resolution, uncertainty, within)


def reliability_points(
    chances: np.ndarray, outcomes: np.ndarray, bins: int = BINS, confidence: float = CONFIDENCE
) -> tuple[Point, ...]:
    """The points of a reliability diagram: bins of equal width that hold a forecast, from the lowest chance.

    Raises:
        ValueError: there is none, the shapes differ, or a chance is none.
    """
    chances, outcomes = _checked(chances, outcomes)
    numbers = np.minimum((chances * bins).astype(int), bins - 1)
    points = []
    for number in np.unique(numbers):
        inside = numbers == number
        n, hits = int(inside.sum()), int(outcomes[inside].sum())
        points.append(Point(n, float(chances[inside].mean()), hits, hits / n, *wilson(hits, n, confidence)))
    return tuple(points)


def wilson(hits: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval around a share of ``hits`` in ``n`` independent cases (Wilson 1927).

    Raises:
        ValueError: ``n`` is 0, or ``hits`` does not lie in 0 to ``n``.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"found {hits} of {n}, expected a part of one or more")
    z = float(ndtri(0.5 + confidence / 2))
    share, scale = hits / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _checked(chances: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as floats.

    Raises:
        ValueError: there is none, the shapes differ, or a chance is none.
    """
    chances, outcomes = np.asarray(chances, float), np.asarray(outcomes, float)
    if chances.ndim != 1 or chances.shape != outcomes.shape or not len(chances):
        raise ValueError(
            f"found chances of shape {chances.shape} and outcomes of shape {outcomes.shape}, expected "
            "as many of the one as of the other, and one at least"
        )
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ValueError("found a chance that is no number in 0 to 1")
    return chances, outcomes


# Quantiles and draws of a number


def crps_of_quantiles(quantiles: np.ndarray, actual: np.ndarray, levels: np.ndarray = LEVELS) -> np.ndarray:
    """The CRPS of each forecast by its quantiles: twice their mean pinball loss (Berrisch, Ziel 2023).

    Args:
        quantiles: shape (..., levels); in logs where the score is to be of logs.
        actual: what came, shape (...).
        levels: of the quantiles, shape (levels,).
    """
    from scoringrules import crps_quantile  # a third of a second that no other answer should wait for

    return np.asarray(crps_quantile(actual, quantiles, levels, backend="numpy"), float)


def crps_of_draws(draws: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """The CRPS of each forecast by draws from it, shape (..., draws): Hersbach 2000, as they are."""
    from scoringrules import crps_ensemble

    return np.asarray(crps_ensemble(actual, draws, estimator="qd", backend="numpy"), float)


def within_band(
    quantiles: np.ndarray, actual: np.ndarray, share: float, levels: np.ndarray = LEVELS
) -> np.ndarray:
    """Whether what came lies in the central band that holds ``share`` of each forecast; its ends count.

    Args:
        quantiles: shape (n, levels).
        actual: shape (n,).
        share: such as 0.8, for the band from the 10 % to the 90 % quantile.
        levels: of the quantiles, shape (levels,).

    Raises:
        ValueError: the band's ends are no levels.
    """
    ends = [np.flatnonzero(np.isclose(levels, 0.5 + side * share / 2)) for side in (-1, 1)]
    if not all(len(end) for end in ends):
        raise ValueError(f"found a band of {share:g}, expected one whose ends are levels of the quantiles")
    low, high = (quantiles[:, end[0]] for end in ends)
    return (low <= actual) & (actual <= high)


def ranks(members: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """How many of each forecast's draws, or equally spaced quantiles, lie below what came.

    Args:
        members: shape (n, members).
        actual: shape (n,).

    Returns:
        numbers in 0 to ``members``, all equally likely where the forecasts are calibrated.
    """
    return np.asarray((members < np.asarray(actual)[:, None]).sum(axis=1))


def rank_histogram(counted: np.ndarray, members: int, bins: int = BINS) -> Histogram:
    """Ranks in bins, and Pearson's chi-square test that all ranks are equally likely.

    Needs five expected in a bin, or so, for the test to be worth its name (Cochran 1954).

    Args:
        counted: ranks in 0 to ``members``, of independent forecasts.
        members: how many draws or quantiles each forecast has.
        bins: of ranks; as equal as ``members + 1`` allows.

    Raises:
        ValueError: there is no rank, or fewer ranks than bins.
    """
    if not len(counted) or members + 1 < bins or bins < 2:
        raise ValueError(
            f"found {len(counted)} ranks of {members + 1} in {bins} bins, "
            "expected one or more in two bins or more"
        )
    edges = np.round(np.linspace(0, members + 1, bins + 1)).astype(int)
    counts = np.histogram(counted, edges - 0.5)[0]
    expected = len(counted) * np.diff(edges) / (members + 1)
    chi_square = float(np.sum((counts - expected) ** 2 / expected))
    return Histogram(
        tuple(map(int, counts)), tuple(map(float, expected)), chi_square, float(chdtrc(bins - 1, chi_square))
    )


def skill(score: float, reference: float) -> float:
    """By which share a score is better than a reference's: 0 is as good, 1 perfect, below 0 worse."""
    return 1 - score / reference if reference else float("nan")
