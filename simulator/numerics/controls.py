"""Control variates: numbers whose mean is known, beside the draws that an answer is averaged over.

What the draws miss of those means, they miss of the answer in proportion: the answer is corrected by its
regression on them (Lavenberg, Welch 1981; on scrambled points Hickernell, Lemieux, Owen 2005). As weights of
the draws that depend on no answer: so that of two amounts the higher has never the higher probability
beyond it, and quantiles invert probabilities exactly. Knows no scenario.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.caches import lazy

LEAST_WEIGHT = 0.02  # of a draw, where the mean is 1: a probability grows with every draw's
DRAWS_EACH = 32  # draws for one control, or it is not used: fewer tell nothing of how an answer moves with it
STILL = 1e-4  # the most that a control moves of which rounding may be a part: it says nothing
FLAT = 1e-9  # of the largest variance: a mixture of controls that moves no more than this says nothing


@dataclass(frozen=True)
class Controls:
    """Control variates of some draws.

    Args:
        values: each less its known mean, shape (points, controls).
    """

    values: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Controls | None:
        """The controls that move at all, as many of the first as the draws allow; None if that is none.

        ``values`` as of the class, about 1 in size, the most telling first.
        """
        moving = values[:, np.ptp(values, axis=0) > STILL][:, : len(values) // DRAWS_EACH]
        return cls(moving) if moving.size else None

    @property
    def nbytes(self) -> int:
        """What they take in memory, with what is derived from them."""
        return 3 * self.values.nbytes

    @lazy
    def weights(self) -> np.ndarray:
        """The weight of each draw, above 0 and 1 on average, shape (points,).

        Weighted, the controls have their known means; or come as near to them as positive weights allow.
        """
        return 1 - self._share * self._full

    def corrected(self, answer: np.ndarray) -> np.ndarray:
        """An answer of each draw, shape (points,), less what the controls explain of it.

        Its mean is the weighted mean of the answer; its spread is what is left of the error.
        """
        if answer.min() == answer.max():
            return answer
        return np.asarray(answer - self._share * (self.values @ (self._regression @ answer)))

    @lazy
    def _regression(self) -> np.ndarray:
        """Slopes of an answer on the controls are this times the answer, shape (controls, points)."""
        centred = self.values - self.values.mean(axis=0)
        scale = 1 / centred.std(axis=0)
        centred *= scale
        inverse = np.linalg.pinv(centred.T @ centred, rcond=FLAT, hermitian=True)
        return np.asarray(scale[:, None] * (inverse @ centred.T))

    @lazy
    def _full(self) -> np.ndarray:
        """How far each weight is from 1 where all that is missed is put right, shape (points,)."""
        return len(self.values) * (self.values.mean(axis=0) @ self._regression)

    @lazy
    def _share(self) -> float:
        """How much of what is missed is put right, at most 1: so that no weight falls to 0."""
        most = float(self._full.max())
        return min(1.0, (1 - LEAST_WEIGHT) / most) if most > 0 else 1.0


def weighted_quantile(values: np.ndarray, probabilities: np.ndarray, controls: Controls | None) -> np.ndarray:
    """The least of some values of which at least each probability is at or below, in order.

    Args:
        values: of each draw, shape (points,).
        probabilities: from 0 to 1, shape (probabilities,).
        controls: of the draws; without them all weigh the same.
    """
    weights = None if controls is None else controls.weights
    return np.quantile(values, probabilities, method="inverted_cdf", weights=weights)
