"""One total over another as a function of one standard normal: a growth rate, a share. Knows no scenario.

``top / base >= r`` is ``top - r base >= 0``: a sum of exponentials again. Where that rises with the
integrated normal, whatever ``r``, quantiles of the ratio invert the smoothed law; else they are those of the
draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.caches import lazy
from simulator.numerics.controls import Controls, weighted_quantile
from simulator.numerics.crossings import Crossing, Near
from simulator.numerics.exponential_sums import Total
from simulator.numerics.quantiles import smoothed_quantiles
from simulator.numerics.roots import Rows

TRIED = (0.001, 0.5, 0.999)  # quantiles of the draws between which it must rise with the integrated normal


@dataclass(frozen=True)
class Ratio:
    """One total over another, in every draw, both moved by one integrated normal; the base is above 0."""

    top: Total
    base: Total

    @lazy
    def values(self) -> np.ndarray:
        """The ratio in each draw, shape (points,); infinite where the base is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.nan_to_num(self.top.values / self.base.values, nan=0.0, posinf=np.inf)

    @property
    def controls(self) -> Controls | None:
        """Those of the draws."""
        return self.top.controls or self.base.controls

    @property
    def constant(self) -> bool:
        """Whether nothing about it is uncertain."""
        return self.top.constant and self.base.constant

    @lazy
    def smooth(self) -> bool:
        """Whether preintegration serves wherever the ratio may be.

        Else the plain share of draws is counted.
        """
        return all(self.less(float(ratio)).smooth for ratio in np.quantile(self.values, TRIED))

    def less(self, ratio: float) -> Total:
        """The top less so many times the base: at least 0 where the ratio is at least that."""
        plain = None
        if self.top.plain is not None or self.base.plain is not None:
            plain = self.top.values - ratio * self.base.values
        exponent, loading, top, base = self._columns
        money = self.top.money - ratio * self.base.money
        sign = top - ratio * base
        return Total(money, exponent, loading, sign, self.top.scale, self.top.normal, plain, self.controls)

    def crossing(self, threshold: float, near: Near | None = None, rows: Rows = ...) -> Crossing:
        """Where the ratio is at least a threshold, by the integrated normal.

        The slopes are those of the ratio.

        Raises:
            NoNumber: where it is met was not found.
        """
        met = self.less(threshold).crossing(0.0, near, rows)
        left, right = (self._base_at(end, rows) for end in (met.left, met.right))
        return Crossing(met.left, met.right, met.left_slope / left, met.right_slope / right)

    def quantile(self, probabilities: Sequence[float] | np.ndarray) -> np.ndarray:
        """Quantiles of the ratio, in order of the probabilities, shape (probabilities,).

        Raises:
            ValueError: a probability that has no quantile.
            NoNumber: a quantile was not found.
        """
        wanted = np.asarray(probabilities, dtype=float)
        if self.constant:
            return np.full(wanted.shape, self.values[0])
        if self.smooth:
            return smoothed_quantiles(self, wanted)
        return weighted_quantile(self.values, wanted, self.controls)

    def _base_at(self, normal: np.ndarray, rows: Rows) -> np.ndarray:
        """The base at a value of the integrated normal, shape (draws,); 1 where that is no number."""
        here = np.isfinite(normal)
        u = np.where(here, normal, 0.0) * self.base.scale[rows]
        base = self.base.money[rows]
        if self.base.cells:
            base = base + np.exp(self.base.exponent[rows] + u[:, None] * self.base.loading) @ self.base.sign
        return np.where(here & (base > 0), base, 1.0)

    @lazy
    def _columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The flows of both, each once: exponents, loadings, and their weights in the top and in the base."""
        extra = np.ones(self.base.cells, dtype=bool)
        shared = np.zeros(self.top.cells)
        for column in range(self.base.cells):
            twin = self._twin(column)
            if twin is not None:
                extra[column] = False
                shared[twin] = self.base.sign[column]
        exponent = np.concatenate([self.top.exponent, self.base.exponent[:, extra]], axis=1)
        loading = np.concatenate([self.top.loading, self.base.loading[extra]])
        top = np.concatenate([self.top.sign, np.zeros(np.count_nonzero(extra))])
        return exponent, loading, top, np.concatenate([shared, self.base.sign[extra]])

    def _twin(self, column: int) -> int | None:
        """The column of the top that is the same flow as one of the base; None where there is none."""
        alike = np.flatnonzero(
            (self.top.loading == self.base.loading[column])
            & (self.top.exponent[0] == self.base.exponent[0, column])
        )
        flow = self.base.exponent[:, column]
        return next((int(twin) for twin in alike if np.array_equal(self.top.exponent[:, twin], flow)), None)
