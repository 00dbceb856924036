"""Countries in running text: where one is first mentioned, in whatever case of Russian."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.values.countries import code_of, key, registers


def mentioned(text: str, code: str) -> int | None:
    """Where a text first names a country, in whatever case of Russian; None where it does not."""
    names, _ = registers()
    starts = [_position(text, name) for name, known in names.items() if known == code]
    return min((start for start in starts if start is not None), default=None)


def listed(texts: Iterable[str], *, codes: bool) -> dict[str, str]:
    """Of some texts those that name a country, each with its code."""
    known = {text: code_of(text, codes=codes) for text in texts}
    return {text: code for text, code in known.items() if code}


def _position(text: str, name: str) -> int | None:
    words = [_stem(word) for word in name.split()]
    pattern = r"\s+".join(
        re.escape(word) + ("" if word.isascii() or len(word) < 4 else r"\w{0,4}") for word in words
    )
    match = re.search(rf"(?<!\w){pattern}(?!\w)", key(text))
    return match.start() if match else None


def _stem(word: str) -> str:
    """A Russian word without the ending that its case changes; an English one as it is."""
    return word if word.isascii() else re.sub(r"(?:ия|ая|ый|[аеийоуыьюя])\Z", "", word)
