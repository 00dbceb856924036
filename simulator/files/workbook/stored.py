"""The text of a file in the cells of a sheet that nobody sees: exact, whatever a workbook does to texts.

A cell holds a piece of the text as a JSON string: no blank at an end, line break or escape of Excel's own is
lost. The first cell tells the form and the SHA-256 of all of it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator

from simulator.values.letters import BLANKS

FORM = "scenario-workbook/1"
LONGEST = 4_000  # letters of a piece: six times as many, when escaped, fit into a cell
# blanks that a reader of cells makes one of, and what Excel reads as a sign: _x000D_
_LOST = re.compile(f"(?<= ) |_(?=x)|[{BLANKS.replace(' ', '')}]")


def packed(text: str) -> Iterator[str]:
    """The cells, from the top down."""
    yield f"{FORM} {_digest(text)}"
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), LONGEST):
            piece = json.dumps(line[start : start + LONGEST], ensure_ascii=False)
            yield _LOST.sub(lambda lost: f"\\u{ord(lost.group()):04x}", piece)


def unpacked(cells: Iterable[str]) -> str:
    """The text of such cells.

    Raises:
        ValueError: they are not those of a text, or were changed.
    """
    first, *pieces = [*cells, ""]
    form, _, digest = first.partition(" ")
    if form != FORM:
        raise ValueError(f"found no text of a scenario, expected {FORM} in its first cell")
    try:
        text = "".join(json.loads(piece) for piece in pieces if piece)
    except (ValueError, TypeError):
        text = ""
    if _digest(text) != digest:
        raise ValueError("found a text of the scenario that was changed, expected it as it was written")
    return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
