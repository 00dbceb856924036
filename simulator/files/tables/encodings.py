"""Bytes of a text -> letters: byte order marks, UTF-8, UTF-16 without a mark, code pages of old offices."""

from __future__ import annotations

import codecs
import re

from simulator.errors import Fault, StatisticsError
from simulator.values.wording import show

MARKS = (  # the longer first: UTF-32's little-endian mark starts with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CYRILLIC = ("cp1251", "cp866", "koi8-r")
LATIN = "cp1252"
_WORDS = re.compile(
    "экспорт|импорт|оборот|сальдо|торговл|млн|млрд|тыс|долл|сша|год|квартал|полугод|месяц|янв|фев|март|апр|"
    "ма[йя]|июн|июл|авг|сен|окт|ноя|дек|стран|всего|итого|республик|росси|казах|белар|период|показател|"
    "стоимост"
)
_FREQUENT = frozenset("оеаинтсрвл")


def decoded(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding in which it is written.

    Args:
        data: its bytes.
        name: its name in messages.
        encoding: as the reader states it; left out, it is recognised.

    Raises:
        StatisticsError: it is no text, or not in the stated encoding.
    """
    chosen = encoding or _marked(data) or _unmarked(data)
    if chosen is None:
        raise _error(name, "found bytes that are no text, expected CSV, TSV or a workbook (.xlsx)")
    try:
        text = data.decode(chosen)
    except LookupError:
        known = "utf-8, utf-16, cp1251, cp1252, cp866 or koi8-r"
        raise _error(name, f"found --encoding {show(encoding)}, expected one such as {known}") from None
    except UnicodeError as error:
        where = f" at byte {error.start + 1:,}" if isinstance(error, UnicodeDecodeError) else ""
        message = (
            f"found bytes that are not {chosen}{where}; name the encoding with --encoding, such as cp1251"
        )
        raise _error(name, message) from None
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        raise _error(name, "found a zero byte, expected text; save the table again", f"row {row}")
    return text.removeprefix("\ufeff"), chosen.removesuffix("-sig")


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def _unmarked(data: bytes) -> str | None:
    """The encoding of bytes without a mark, None where they are no text."""
    if b"\x00" in data[:4000]:
        return _wide(data)
    if _reads(data, "utf-8"):
        return "utf-8"
    head = data[:200_000]
    pages = {page: text for page in CYRILLIC if (text := _lenient(head, page))}
    best = max(pages, key=lambda page: _cyrillic(pages[page]), default=LATIN)
    russian = bool(pages) and _cyrillic(pages[best]) >= (1, 0.0)
    return best if russian or _foreign(head) else LATIN


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: in text the high byte of most letters is 0 or, of Cyrillic ones, 4."""
    head = data[:4000]
    for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        usual = sum(byte in (0, 4, 0x20) for byte in high)
        if len(data) % 2 == 0 and usual > 0.9 * len(high) and _reads(data, encoding):
            return encoding
    return None


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _lenient(data: bytes, page: str) -> str:
    """A text in a code page, in lower case, or nothing where it has bytes that the page lacks."""
    try:
        return data.decode(page).lower()
    except UnicodeError:
        return ""


def _cyrillic(text: str) -> tuple[int, float]:
    """How much a text looks like Russian statistics: its words, then the part of frequent letters."""
    foreign = [letter for letter in text if letter > "\x7f" and letter.isalpha()]
    frequent = sum(letter in _FREQUENT for letter in foreign)
    return len(_WORDS.findall(text)), frequent / max(1, len(foreign))


def _foreign(data: bytes) -> bool:
    """Whether most letters lie beyond ASCII, as in a Cyrillic text and in no Latin one."""
    high = sum(byte > 0x7F for byte in data)
    plain = sum(65 <= byte & 0xDF <= 90 for byte in data if byte < 0x80)
    return high > plain


def _error(name: str, message: str, where: str = "") -> StatisticsError:
    return StatisticsError([Fault(name, None, where, message)])
