"""What a cell of a table says as a number: its digits as printed, its marks, and what else stands with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simulator.files.tables.grids import Cell
from simulator.values.letters import BLANKS, DASHES, tidy

POINT, COMMA = ".", ","
CONVENTIONS = {"point": POINT, "comma": COMMA}
LONGEST = 60  # letters of a cell that may hold a number
_GROUP_SIGNS = "'\u2019\u02bc_ "  # blanks have been made plain before
_SUPERSCRIPT = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_SIGNS = ": . .. ... \u2026 - -- --- n/a na n.a. n.a nd n.d. nan null none #n/a x \u00d7 c s н/д н.д. х nil"
MISSING = frozenset((*_SIGNS.split(" "), "confidential", "suppressed"))
_UNAVAILABLE = ("no data", "not available", "нет данных")
STATUS = {  # letters that offices print beside a figure
    "p": "provisional",
    "prel": "provisional",
    "prelim": "provisional",
    "preliminary": "provisional",
    "prov": "provisional",
    "provisional": "provisional",
    "предв": "provisional",
    "п": "provisional",
    "r": "revised",
    "rev": "revised",
    "revised": "revised",
    "уточн": "revised",
    "e": "estimated",
    "est": "estimated",
    "b": "break in series",
    "d": "definition differs",
    "f": "forecast",
    "i": "imputed",
    "s": "estimated by the office",
    "u": "low reliability",
    "c": "confidential",
    "n": "not significant",
    "z": "not applicable",
}
NOTE = re.compile(
    rf"\s*(?:\*+|[\u2020\u2021#]+|[{_SUPERSCRIPT}]+[)\u207e]?|(?<![\d.,])\d{{1,2}}\)|"
    r"\[\w{1,3}\]|\((?:\d{1,2}|[a-z])\))\Z"
)
_LETTERS = re.compile(r"\s*\(?(?P<letters>[a-zа-я]+)\.?\)?\Z")
_LEADING = re.compile(r"(?P<letters>[a-z])\s*(?=[\d(-])")
_BODY = re.compile(rf"[+-]?(?:\d[\d.,{_GROUP_SIGNS}]*|[.,]\d+)")
_SCIENCE = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,2}", re.IGNORECASE)
_PLAIN = re.compile(r"-?[0-9](?:[0-9., ]*[0-9])?")
_YEARS = re.compile(r"(?:19|20|21)[0-9]{2}")
_SHAPE = str.maketrans("123456789", "111111111")
_BROKEN = re.compile(r"#(?:ref|div/0|value|name|num|null)[!?]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it stands in a cell.

    ``body`` are its digits with their signs, unread where their marks allow two readings; ``around`` is what
    stands before and behind them (a currency, a scale, a percent sign); ``marks`` are notes and letters.
    """

    body: str
    around: str = ""
    marks: tuple[str, ...] = ()
    number: Decimal | None = None

    def value(self, decimal: str) -> Decimal | None:
        """Its digits under a decimal sign; None where they are no number under it."""
        return self.number if self.number is not None else read(self.body, decimal)

    @property
    def readings(self) -> tuple[str, ...]:
        """The decimal signs under which it is a number, but for those that make no difference."""
        if self.number is not None:
            return (POINT, COMMA)
        values = {sign: read(self.body, sign) for sign in (POINT, COMMA)}
        return tuple(sign for sign, value in values.items() if value is not None)

    @property
    def unsure(self) -> bool:
        """Whether it is another number under either decimal sign."""
        return len(self.readings) == 2 and self.value(POINT) != self.value(COMMA)

    @property
    def statuses(self) -> tuple[str, ...]:
        """What its letters say: provisional, revised."""
        return tuple(dict.fromkeys(STATUS[mark] for mark in self.marks if mark in STATUS))


def is_plain(text: str) -> bool:
    """Whether a text is digits and the signs between them, none of which may be a year: it is a number."""
    return is_digits(text) and _YEARS.search(text) is None


def is_digits(text: str) -> bool:
    """Whether a text is digits and the signs between them."""
    return len(text) <= LONGEST and _PLAIN.fullmatch(text) is not None


def shape(body: str) -> str:
    """Digits with every one but 0 as 1: numbers of one shape can be read with the same decimal signs."""
    return body.translate(_SHAPE)


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure; with a letter beside (``: c``) as well."""
    lower = text.translate(DASHES).lower()
    if lower in _UNAVAILABLE:
        return True
    sign, *letters = lower.split() or [""]
    return sign in MISSING and all(letter.strip("()") in STATUS for letter in letters)


def is_broken(text: str) -> bool:
    """Whether a cell shows a workbook's error."""
    return _BROKEN.fullmatch(text) is not None


def printed(cell: Cell) -> Printed | None:
    """The number in a cell; None where there is none, or more than one."""
    if cell.number is not None:
        return Printed(cell.text, "%" if cell.percent else "", number=cell.number)
    text = tidy(cell.text).translate(DASHES).lower()
    if cell.date is not None or len(text) > LONGEST or not any(map(str.isdecimal, text)):
        return None
    text, sign = _signed(text)
    text, marks = _unmarked(text)
    if _SCIENCE.fullmatch(text):
        return Printed(text, "", marks, Decimal(text.replace(",", ".")))
    body, around = _parted(text)
    return Printed(sign + body, around, marks) if body else None


def _parted(text: str) -> tuple[str, str]:
    """The one number in a text, and the words around it; no number where there are several, or a time."""
    bodies = list(_BODY.finditer(text))
    if len(bodies) != 1 or not bodies[0].group().isascii():
        return "", text
    body = bodies[0].group().rstrip(" ,")
    start, end = bodies[0].start(), bodies[0].start() + len(body)
    around = f"{text[:start]} {text[end:]}".strip()
    return ("", text) if set("-/:;=<>~") & set(around) else (body.lstrip("+"), around)


def read(body: str, decimal: str) -> Decimal | None:
    """Digits with marks between their thousands, under a decimal sign; None where they are no number.

    Thousands are parted by one sign only (a blank, an apostrophe, or the sign that is not the decimal one)
    in groups of three, or as in India of two, then three.
    """
    digits = body.removeprefix("-")
    integer, mark, part = digits.partition(decimal)
    if mark and not part.isdecimal():
        return None
    if digits.startswith(POINT) and mark == POINT:
        integer = "0"  # .5 is half; ,5 is a slip
    if not integer.isdecimal():
        integer = _ungrouped(integer, COMMA if decimal == POINT else POINT)
    number = f"{integer}.{part}" if mark else integer
    return Decimal(body[: len(body) - len(digits)] + number) if integer else None


def _ungrouped(integer: str, other: str) -> str:
    """Digits without the signs between their thousands, nothing where these stand wrong."""
    signs = set(re.sub(r"\d", "", integer))
    if len(signs) != 1 or not signs <= {other, *_GROUP_SIGNS}:
        return ""
    first, *groups = integer.split(signs.pop())
    lengths = {len(group) for group in groups}
    if re.fullmatch(r"[1-9]\d{0,2}", first) and lengths == {3}:
        return first + "".join(groups)
    return integer.replace(",", "") if _indian(integer) else ""


def _indian(integer: str) -> bool:
    return re.fullmatch(r"[1-9]\d?(?:,\d\d)+,\d{3}", integer) is not None


def _signed(text: str) -> tuple[str, str]:
    """A text without its minus sign, wherever an accountant put it, and that sign."""
    inner = re.fullmatch(r"(\D*)\(\s*([\d.,\s'\u2019]*\d[\d.,\s'\u2019]*)\s*\)", text)
    if inner:
        return f"{inner[1]}{inner[2]}", "-"
    if re.fullmatch(r"\D*-\s*[\d.,].*", text) and text.count("-") == 1:
        return text.replace("-", "", 1), "-"
    if re.fullmatch(r"[\d.,\s]*\d-", text):
        return text[:-1], "-"
    return text, ""


def _unmarked(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without footnote marks and status letters, and these."""
    marks: list[str] = []
    while note := NOTE.search(text):
        if not note.start():
            break
        marks.append(note.group().strip(" ()[]"))
        text = text[: note.start()]
    letters = _LETTERS.search(text)
    if letters and letters.start() and letters["letters"] in STATUS:
        marks.append(letters["letters"])
        text = text[: letters.start()]
    leading = _LEADING.match(text)
    if leading and leading["letters"] in STATUS:
        marks.append(leading["letters"])
        text = text[leading.end() :]
    return text.strip(BLANKS), tuple(marks)


def grouping(bodies: Iterable[str], decimal: str) -> str:
    """In words, what parts the thousands of some numbers."""
    signs = {
        letter for body in bodies for letter in body if not letter.isdecimal() and letter not in f"-{decimal}"
    }
    names = {" ": "a blank", ",": "a comma", ".": "a point", "_": "an underscore"}
    return " or ".join(sorted({names.get(sign, "an apostrophe") for sign in signs}))
