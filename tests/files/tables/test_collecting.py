"""Collections of garbage are put off while tables are read, and run again after the last. Default tier."""

from __future__ import annotations

import gc

import pytest

from simulator.files.tables.collecting import put_off


def test_collections_run_again_after_the_last_reader_even_if_one_fails() -> None:
    assert gc.isenabled()
    with put_off():
        with pytest.raises(ValueError, match="broken"), put_off():
            raise ValueError("broken")
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_runs_none_gets_none() -> None:
    gc.disable()
    try:
        with put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
