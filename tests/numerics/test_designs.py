"""Designs of many sets: every part of a design follows from its numbers alone, and fills its box. Default tier."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.numerics.designs import latin, sobol
from simulator.numerics.sobol_table import sobol_at
from tests.tiers import examples

SEEDS = st.integers(0, 2**31)
COUNTS = st.integers(1, 3000)


def test_points_by_their_numbers_are_those_of_all_in_turn() -> None:
    table = sobol_at(7, np.arange(256), 30)
    indices = np.array([0, 1, 2, 3, 100, 255])
    assert np.array_equal(sobol_at(7, indices, 30), table[:, indices])


@given(COUNTS, SEEDS)
@settings(max_examples=examples(100, 15))
def test_a_latin_hypercube_has_one_set_in_every_part_of_every_coordinate(count: int, seed: int) -> None:
    design = latin(np.arange(count), ["a", "b", "c"], seed, count)
    assert design.min() > 0
    assert design.max() < 1
    parts = np.sort(np.floor(design * count).astype(int), axis=0)
    assert np.array_equal(parts, np.tile(np.arange(count), (3, 1)).T)


@given(st.integers(0, 10), st.integers(0, 10), SEEDS)
@settings(max_examples=examples(60, 12))
def test_sobol_points_fall_evenly_into_every_half_and_quarter(digits: int, cut: int, seed: int) -> None:
    count, parts = 2**digits, 2 ** min(digits, cut)
    design = sobol(np.arange(count), ["a", "b", "c"], seed)
    assert np.all((design > 0) & (design < 1))
    for column in design.T:
        assert np.array_equal(np.bincount((column * parts).astype(int)), np.full(parts, count // parts))


@given(COUNTS, SEEDS, st.data())
@settings(max_examples=examples(60, 12))
def test_any_part_of_a_design_and_any_of_its_coordinates_stand_alone(
    count: int, seed: int, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, count - 1))
    part = np.arange(start, data.draw(st.integers(start + 1, count)))
    for whole, alone in (
        (latin(np.arange(count), ["a", "b"], seed, count), latin(part, ["a"], seed, count)),
        (sobol(np.arange(count), ["a", "b"], seed), sobol(part, ["a"], seed)),
    ):
        assert np.array_equal(whole[part, :1], alone)


def test_coordinates_are_as_good_as_independent() -> None:
    names = [f"levers.{number}" for number in range(10)]
    for design in (latin(np.arange(4096), names, 1, 4096), sobol(np.arange(4096), names, 1)):
        correlation = np.corrcoef(design.T) - np.eye(10)
        assert np.abs(correlation).max() < 5 / np.sqrt(4096)
