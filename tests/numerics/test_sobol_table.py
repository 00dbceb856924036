"""Sobol's table against SciPy's, and how its points lie. Default tier."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from simulator.numerics import sobol_table
from simulator.numerics.draws import BITS, COLUMNS
from simulator.numerics.sobol_table import sobol_at


@pytest.mark.parametrize(("columns", "points"), [(1, 2), (64, 256), (65, 64), (8, 2**14), (COLUMNS, 128)])
def test_the_table_is_that_of_scipy(columns: int, points: int) -> None:
    expected = qmc.Sobol(columns, scramble=False, bits=BITS).random_base2(points.bit_length() - 1)
    np.testing.assert_array_equal(sobol_at(columns, np.arange(points), BITS) / 2**BITS, expected.T)


def test_every_column_has_one_point_in_each_of_as_many_intervals() -> None:
    points = 256
    table = sobol_at(COLUMNS, np.arange(points), BITS)
    np.testing.assert_array_equal(
        np.sort(table * points >> BITS, axis=1), np.tile(np.arange(points), (COLUMNS, 1))
    )


def test_without_the_file_of_scipy_its_own_table_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = sobol_at(70, np.arange(32), BITS)
    monkeypatch.setattr(sobol_table, "published", lambda: Path("moved.npz"))
    np.testing.assert_array_equal(sobol_at(70, np.arange(32), BITS), expected)
