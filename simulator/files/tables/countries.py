"""Countries in running text: where one is first mentioned, in whatever case of Russian."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simulator.caches import MEGABYTE, keep
from simulator.values.countries import code_of, key, registers

_OWNED = re.compile(r"'s? \w*(?:exports?|imports?)\b")
_OF_WHOM = re.compile(r"\b(?:exports?|imports?) of (?:goods of )?(?:the )?(?:republic of )?\Z")
_FLOW_BEFORE = re.compile(r"(?:экспорт|импорт)\w*(?: товаров)? (?:республики )?\Z")
_FLOW_BEHIND = re.compile(r" (?:экспорт|импорт)")
_FLOW_NEXT = r" (?:goods |merchandise )?(?:exports?|imports?)\b"
_LEAST_STEM = 4  # letters of a country's name from which its people's is told: Kazakh, Chinese
_ENDINGS = "|".join(("", "n", "an", "ian", "ean", "ese", "i", "ish", "ic"))
_ADJECTIVE = re.compile(r"ск(?:ий|ого|ому|им|ом|ая|ой|ие|их)\Z")


def mentioned(text: str, code: str) -> int | None:
    """Where a text first names a country, in whatever case of Russian; None where it does not."""
    match = _names_of(code).search(key(text))
    return match.start() if match else None


def is_whose(text: str, code: str) -> bool:
    """Whether a text names a country as the one whose flow it is: ``Kazakhstan's exports``.

    ``Exports to Kazakhstan`` does not, nor does a name alone beside a flow.
    """
    plain = key(text)
    owned = any(_is_possessive(plain, match) for match in _names_of(code).finditer(plain))
    return owned or _peoples_flow(code).search(plain) is not None


def _is_possessive(text: str, match: re.Match[str]) -> bool:
    """Whether a country's name stands in a text as an owner's, by its ending or by what is before it."""
    before, behind, name = text[: match.start()], text[match.end() :], match.group()
    if name.isascii():
        return _OWNED.match(behind) is not None or _OF_WHOM.search(before) is not None
    by_case = _FLOW_BEFORE.search(before) is not None and code_of(name) is None
    return by_case or (_ADJECTIVE.search(name) is not None and _FLOW_BEHIND.match(behind) is not None)


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


@keep(MEGABYTE)
def _peoples_flow(code: str) -> re.Pattern[str]:
    """A flow of a country's people in English: ``Kazakh exports``; not the country's name beside a flow."""
    words = [word for name, known in registers()[0].items() if known == code for word in _peoples(name)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)}){_FLOW_NEXT}" if words else r"(?!)")


def _peoples(name: str) -> list[str]:
    """What the people of a country may be called that has one English word for a name, as patterns."""
    if not (name.isascii() and name.isalpha()):
        return []
    stem = re.sub(r"(?:i?stan|[aeiouy]+)\Z", "", name)
    return [f"{name}n", *([rf"(?!{name}\b){stem}(?:{_ENDINGS})"] if len(stem) >= _LEAST_STEM else [])]


def _pattern(name: str) -> str:
    words = [_stem(word) for word in name.split()]
    return r"\s+".join(
        re.escape(word) + ("" if word.isascii() or len(word) < 4 else r"\w{0,4}") for word in words
    )


def _stem(word: str) -> str:
    """A Russian word without the ending that its case changes; an English one as it is."""
    return word if word.isascii() else re.sub(r"(?:ия|ая|ый|[аеийоуыьюя])\Z", "", word)
