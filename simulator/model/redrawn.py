"""Flows with other values of the two normals that move a target most, world trade and the pair's own, on the same paths otherwise."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np

from simulator.model.totals import Flows
from simulator.numerics.draws import Draws

PLACES = 4  # values of the integrated normal for each draw of all others: they cost no new paths
MAIN = frozenset({"world", "integrated"})


def redrawn(flows: Flows, names: frozenset[str], place: float = 0.0) -> Flows:
    """Flows with world trade, the pair's own main normal, both or neither drawn again.

    The paths turn these two into one another, so that drawing one of their columns again would draw a mixture of both.

    Args:
        flows: simulated with the draws of those names drawn again.
        names: which of the two are among them.
        place: how far along its uniform the integrated normal is moved in every draw: more values of it for the same paths.
    """
    paths, known = copy.copy(flows.paths), flows.paths
    paths.__dict__.pop("behind", None)
    (cosine, sine), (first, twin) = (
        paths.turn,
        (_main(paths.draws, twins, place) for twins in (frozenset[str](), MAIN)),
    )
    along, across = twin if "world" in names else first
    world = cosine * along + sine * across
    along, across = twin if "integrated" in names else first
    own = sine * along - cosine * across
    paths.normal, paths.other_world = cosine * world + sine * own, sine * world - cosine * own
    if len(names & MAIN) == 1:
        before, after = (
            each.loads(paths.front, paths.basis.first, paths.basis.rest)[1] for each in (known, paths)
        )
        paths.exponent = paths.exponent + (paths.scale[:, None] * (after - before)).reshape(-1, *paths.shape)
    return Flows(paths, flows.effects)


def _main(draws: Draws, twins: frozenset[str], place: float) -> tuple[np.ndarray, np.ndarray]:
    """The integrated normal, moved along, and the one across it."""
    from scipy.special import ndtri

    own = replace(draws, twins=twins)
    return ndtri((own.uniform(["integrated"])[:, 0] + place) % 1), own.normal(["world"])[:, 0]
