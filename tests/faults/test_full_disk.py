"""A real disk that is full, and one that is read-only: a small tmpfs. CI, which has root or sudo.

Where nothing can be mounted (some containers) test_places stands in for it, whose limit on the size of a file is the
kernel's too.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.test_places import WRITTEN, contents, place_for, refused
from tests.faults.verbs import Written, forked

if sys.platform != "linux":
    pytest.skip("faults as Linux has them", allow_module_level=True)

pytestmark = pytest.mark.ci_only(reason="mounts a file system; test_places has the same refusals without one")
ROOT = [] if os.getuid() == 0 else ["sudo", "-n"]


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory, made: Path) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("disk")
    options = f"size=256k,mode=755,uid={os.getuid()}"
    mounted = subprocess.run(
        [*ROOT, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(
            f"nothing can be mounted here ({mounted.stderr.decode().strip()}); test_places stands in for it"
        )
    try:
        shutil.copytree(made, place, dirs_exist_ok=True)
        with (place / "filling").open("wb", buffering=0) as filling, contextlib.suppress(OSError):
            while True:
                filling.write(bytes(4096))
        yield place
    finally:
        subprocess.run([*ROOT, "umount", str(place)], check=True)


@pytest.mark.parametrize("case", WRITTEN, ids=str)
def test_a_full_disk(case: Written, disk: Path) -> None:
    before = contents(disk)
    done = forked(case.at(place_for(case, disk)), disk)
    refused(done)
    assert "No space left on device" in done.err
    assert contents(disk) == before


@pytest.mark.parametrize("case", WRITTEN, ids=str)
def test_a_disk_that_is_read_only(case: Written, disk: Path) -> None:
    remount = [*ROOT, "mount", "-o", "remount"]
    subprocess.run([*remount, "-r", str(disk)], check=True)
    before = contents(disk)
    done = forked(case.at(place_for(case, disk)), disk)
    subprocess.run([*remount, "-w", str(disk)], check=True)
    refused(done)
    assert contents(disk) == before
