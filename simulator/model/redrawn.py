"""Flows with other values of the two normals that move a target most, on the same paths otherwise.

These are world trade's and the pair's own main one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.model.totals import Flows
from simulator.numerics.draws import Draws

PLACES = 4  # values of the integrated normal for each draw of all others: they cost no new paths
MAIN = frozenset({"world", "integrated"})


def redrawn(flows: Flows, names: frozenset[str], place: float = 0.0) -> Flows:
    """Flows with world trade, the pair's own main normal, both or neither drawn again.

    The paths turn these two into one another, so that drawing one of their columns again would draw a mixture
    of both.

    Args:
        flows: simulated with the draws of those names drawn again.
        names: which of the two are among them.
        place: how far along its uniform the integrated normal is moved in every draw: more values of it for
            the same paths.
    """
    paths = flows.paths
    cosine, sine = paths.normals.turn
    first = _main(paths.draws, frozenset(), place)
    twin = _main(paths.draws, MAIN, place)
    along, across = twin if "world" in names else first
    world = cosine * along + sine * across
    along, across = twin if "integrated" in names else first
    pair = sine * along - cosine * across
    moved = paths.with_normals(
        cosine * world + sine * pair, sine * world - cosine * pair, new_across=len(names & MAIN) == 1
    )
    return Flows(moved, flows.effects)


def _main(draws: Draws, twins: frozenset[str], place: float) -> tuple[np.ndarray, np.ndarray]:
    """The integrated normal, moved along, and the one across it, each of shape (points,)."""
    from scipy.special import ndtri

    chosen = replace(draws, twins=twins)
    return ndtri((chosen.uniform(["integrated"])[:, 0] + place) % 1), chosen.normal(["world"])[:, 0]
