"""Names and codes of countries in English and Russian: ``Kazakhstan``, ``Казахстан``, ``KAZ`` and ``398``.

Names are those of Unicode's CLDR, codes those of ISO 3166, with what UN Comtrade and Eurostat write
otherwise.
"""

from __future__ import annotations

import json
import re
from importlib import resources

from simulator.caches import MEGABYTE, keep
from simulator.values.letters import DASHES, tidy

_STYLE = re.compile(
    r",\s*(?:[\w ]+ )?(?:republic|kingdom|state|federation|rep\.?|islamic)(?: of)?\s*\Z", re.IGNORECASE
)
_SHORT = re.compile(r"[A-Z]{2,3}|\d{1,3}|[A-Z]\d\d|[A-ZА-Я]{2}")


@keep(MEGABYTE)
def _data() -> dict[str, list[str]]:
    """Names and codes of every country, by its three letters."""
    return json.loads(resources.files("simulator").joinpath("data/countries.json").read_text("utf-8"))


@keep(MEGABYTE)
def registers() -> tuple[dict[str, str], dict[str, str]]:
    """Code by name, and code by code."""
    data = _data()
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for code, known in data.items():
        for name in known:
            register = codes if _SHORT.fullmatch(name) else names
            register.setdefault(key(name), code)
    return names, codes


@keep(MEGABYTE)
def code_of(text: str, *, codes: bool = False) -> str | None:
    """The three letters of the country that a text names and nothing else; None where it names none.

    With ``codes`` its codes count as well: in running text ``IN`` and ``NO`` are words.
    """
    names, short = registers()
    name = key(text)
    known = names.get(name) or (short.get(name) if codes else None)
    return known or names.get(key(_STYLE.sub("", text)))


def english(text: str) -> str:
    """The English name of the country that a text names; the text itself where it names none."""
    code = code_of(text, codes=True)
    if code is None:
        return text
    data = _data()
    return next((name for name in data[code] if name.isascii() and not _SHORT.fullmatch(name)), text)


def key(text: str) -> str:
    """A name as it is looked up: small letters, plain blanks and dashes."""
    words = tidy(text).translate(DASHES).casefold().replace("ё", "е").replace("’", "'")
    return words.strip(" .,:;*()")
