"""Names and codes of countries in English and Russian: ``Kazakhstan``, ``Казахстан``, ``KAZ`` and ``398``.

Names are those of Unicode's CLDR, codes those of ISO 3166, with what UN Comtrade and Eurostat write
otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib import resources

from simulator.caches import keep
from simulator.files.tables.grids import DASHES, tidy

_STYLE = re.compile(
    r",\s*(?:[\w ]+ )?(?:republic|kingdom|state|federation|rep\.?|islamic)(?: of)?\s*\Z", re.IGNORECASE
)
_SHORT = re.compile(r"[A-Z]{2,3}|\d{1,3}|[A-Z]\d\d|[A-ZА-Я]{2}")


@keep(1)
def _data() -> dict[str, list[str]]:
    """Names and codes of every country, by its three letters."""
    return json.loads(resources.files("simulator").joinpath("data/countries.json").read_text("utf-8"))


@keep(1)
def _registers() -> tuple[dict[str, str], dict[str, str]]:
    """Code by name, and code by code."""
    data = _data()
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for code, known in data.items():
        for name in known:
            register = codes if _SHORT.fullmatch(name) else names
            register.setdefault(_key(name), code)
    return names, codes


@keep(4096)
def code_of(text: str, *, codes: bool = False) -> str | None:
    """The three letters of the country that a text names and nothing else; None where it names none.

    With ``codes`` its codes count as well: in running text ``IN`` and ``NO`` are words.
    """
    names, short = _registers()
    key = _key(text)
    known = names.get(key) or (short.get(key) if codes else None)
    return known or names.get(_key(_STYLE.sub("", text)))


def english(text: str) -> str:
    """The English name of the country that a text names; the text itself where it names none."""
    code = code_of(text, codes=True)
    if code is None:
        return text
    data = _data()
    return next((name for name in data[code] if name.isascii() and not _SHORT.fullmatch(name)), text)


def mentioned(text: str, code: str) -> int | None:
    """Where a text first names a country, in whatever case of Russian; None where it does not."""
    names, _ = _registers()
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
    match = re.search(rf"(?<!\w){pattern}(?!\w)", _key(text))
    return match.start() if match else None


def _stem(word: str) -> str:
    """A Russian word without the ending that its case changes; an English one as it is."""
    return word if word.isascii() else re.sub(r"(?:ия|ая|ый|[аеийоуыьюя])\Z", "", word)


def _key(text: str) -> str:
    words = tidy(text).translate(DASHES).casefold().replace("ё", "е").replace("’", "'")
    return words.strip(" .,:;*()")
