"""What ships with the simulator as calibrated: ``data/outlook.json``, read once."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

CALIBRATED: dict[str, Any] = json.loads(
    resources.files("simulator").joinpath("data/outlook.json").read_text("utf-8")
)


def provenance(field: str) -> str:
    """What the default and the sets of a parameter of the outlook rest on, as a file names a source."""
    return str(CALIBRATED["judged"].get(field, CALIBRATED["provenance"]))
