"""Countries in running text: where one is first mentioned, in whatever case of Russian."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.caches import MEGABYTE, keep
from simulator.values.countries import code_of, key, registers


def mentioned(text: str, code: str) -> int | None:
    """Where a text first names a country, in whatever case of Russian; None where it does not."""
    match = _names_of(code).search(key(text))
    return match.start() if match else None


def listed(texts: Iterable[str], *, codes: bool) -> dict[str, str]:
    """Of some texts those that name a country, each with its code."""
    known = {text: code_of(text, codes=codes) for text in texts}
    return {text: code for text, code in known.items() if code}


@keep(MEGABYTE)
def _names_of(code: str) -> re.Pattern[str]:
    """The names of a country in running text."""
    names, _ = registers()
    patterns = [_pattern(name) for name, known in names.items() if known == code]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)" if patterns else r"(?!)")


def _pattern(name: str) -> str:
    words = [_stem(word) for word in name.split()]
    return r"\s+".join(
        re.escape(word) + ("" if word.isascii() or len(word) < 4 else r"\w{0,4}") for word in words
    )


def _stem(word: str) -> str:
    """A Russian word without the ending that its case changes; an English one as it is."""
    return word if word.isascii() else re.sub(r"(?:ия|ая|ый|[аеийоуыьюя])\Z", "", word)
