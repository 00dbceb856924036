"""A gap split over its causes by exact Shapley values; causes that cannot be separated. Knows no scenario.

The value of a set of causes is an array, one number for each independent scramble: the formula is linear, so
the shares are arrays of the same kind and have an error of their own. A set is a bit mask: bit ``i`` is cause
``i``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

Blocks = tuple[int, ...]  # bit masks of causes that go together


def shapley(values: np.ndarray) -> np.ndarray:
    """Each cause's share of the gap: its effect averaged over all orders of the causes (Shapley 1953).

    Args:
        values: of every set of causes, indexed by bit mask, shape (2**causes, scrambles).

    Returns:
        shape (causes, scrambles); their sum is ``values[-1] - values[0]``.
    """
    causes = len(values).bit_length() - 1
    masks = np.arange(len(values))
    sizes = np.array([mask.bit_count() for mask in range(len(values))])
    weights = np.array([1 / (causes * math.comb(causes - 1, size)) for size in range(causes)])
    shares = np.empty((causes, values.shape[1]))
    for cause in range(causes):
        without = masks[masks & (1 << cause) == 0]
        shares[cause] = weights[sizes[without]] @ (values[without | (1 << cause)] - values[without])
    return shares


def unions(blocks: Blocks) -> list[int]:
    """The mask of every union of blocks: entry ``m`` unites the blocks whose bits are set in ``m``."""
    masks = [0]
    for block in blocks:
        masks += [mask | block for mask in masks]
    return masks


def separable(causes: int, possible: Callable[[int], bool]) -> Blocks:
    """The finest grouping, of those tried, in which every set of groups is possible.

    Where some sets are not, the two groups are merged whose separation is to blame for most: those of which
    the largest share of the sets that hold one without the other is impossible. No cause and all causes must
    be possible.

    Args:
        causes: how many.
        possible: whether a set, as a mask, can be.
    """
    blocks: Blocks = tuple(1 << cause for cause in range(causes))
    while impossible := [mask for mask in unions(blocks) if not possible(mask)]:
        first, second = max(
            combinations(blocks, 2), key=lambda pair: sum(_splits(mask, pair) for mask in impossible)
        )
        blocks = tuple(first | second if block == first else block for block in blocks if block != second)
    return blocks


def _splits(mask: int, pair: Sequence[int]) -> bool:
    return bool(mask & pair[0]) != bool(mask & pair[1])
