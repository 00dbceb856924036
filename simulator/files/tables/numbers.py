"""What a cell of a table says as a number: its digits as printed, its marks, and what else stands with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simulator.files.tables.grids import BLANKS, DASHES, Cell, tidy

POINT, COMMA = ".", ","
CONVENTIONS = {"point": POINT, "comma": COMMA}
_GROUP_SIGNS = "'\u2019\u02bc_ "  # blanks have been made plain before
_SUPERSCRIPT = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
MISSING = frozenset(
    (
        ":",
        ".",
        "..",
        "...",
        "\u2026",
        "-",
        "--",
        "---",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "nd",
        "n.d.",
        "nan",
        "null",
        "none",
    )
    + (
        "#n/a",
        "x",
        "\u00d7",
        "c",
        "s",
        "confidential",
        "suppressed",
        "\u043d/\u0434",
        "\u043d.\u0434.",
        "\u0445",
    )
    + ("\u043d\u0435\u0442 \u0434\u0430\u043d\u043d\u044b\u0445", "no data", "not available", "nil")
)
STATUS = {  # letters that offices print beside a figure
    "p": "provisional",
    "prel": "provisional",
    "prelim": "provisional",
    "preliminary": "provisional",
    "prov": "provisional",
    "provisional": "provisional",
    "\u043f\u0440\u0435\u0434\u0432": "provisional",
    "\u043f": "provisional",
    "r": "revised",
    "rev": "revised",
    "revised": "revised",
    "\u0443\u0442\u043e\u0447\u043d": "revised",
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
    rf"\s*(?:\*+|[\u2020\u2021#]+|[{_SUPERSCRIPT}]+[)\u207e]?|(?<![\d.,])\d{{1,2}}\)|\[\w{{1,3}}\]|\((?:\d{{1,2}}|[a-z])\))\Z"
)
_LETTERS = re.compile(r"\s*\(?(?P<letters>[a-z\u0430-\u044f]+)\.?\)?\Z")
_LEADING = re.compile(r"(?P<letters>[a-z])\s*(?=[\d(-])")
_BODY = re.compile(rf"[+-]?(?:\d[\d.,{_GROUP_SIGNS}]*|[.,]\d+)")
_SCIENCE = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,2}", re.IGNORECASE)
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


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure; with a letter beside (``: c``) as well."""
    words = text.translate(DASHES).lower().split()
    return bool(words) and words[0] in MISSING and all(w.strip("()") in STATUS for w in words[1:])


def is_broken(text: str) -> bool:
    """Whether a cell shows a workbook's error."""
    return _BROKEN.fullmatch(text) is not None


def printed(cell: Cell) -> Printed | None:
    """The number in a cell; None where there is none, or more than one."""
    if cell.number is not None:
        return Printed(cell.text, "%" if cell.percent else "", number=cell.number)
    text = tidy(cell.text).translate(DASHES).lower()
    if cell.date is not None or len(text) > 60 or not any(letter.isdecimal() for letter in text):
        return None
    text, sign = _signed(text)
    text, marks = _unmarked(text)
    if _SCIENCE.fullmatch(text):
        return Printed(text, "", marks, Decimal(text.replace(",", ".")))
    bodies = list(_BODY.finditer(text))
    if len(bodies) != 1 or not bodies[0].group().isascii():
        return None
    body = bodies[0].group().rstrip(" ")
    start, end = bodies[0].start(), bodies[0].start() + len(body)
    around = f"{text[:start]} {text[end:]}".strip()
    if any(letter in around for letter in "-/:;=<>~"):
        return None
    return Printed(sign + body.lstrip("+"), around, marks)


def read(body: str, decimal: str) -> Decimal | None:
    """Digits with marks between their thousands, under a decimal sign; None where they are no number.

    Thousands are parted by one sign only (a blank, an apostrophe, or the sign that is not the decimal one)
    in groups of three, or as in India of two, then three.
    """
    sign, digits = ("-", body[1:]) if body.startswith("-") else ("", body)
    whole, mark, part = digits.partition(decimal)
    if mark and not (part.isdecimal() and (whole or decimal == POINT)):
        return None
    if not whole.isdecimal():
        whole = _ungrouped(whole, COMMA if decimal == POINT else POINT)
        if not whole and digits[0] != decimal:
            return None
    return Decimal(f"{sign}{whole or '0'}.{part}" if mark else f"{sign}{whole}")


def _ungrouped(whole: str, other: str) -> str:
    """Digits without the signs between their thousands, nothing where these stand wrong."""
    signs = {letter for letter in whole if not letter.isdecimal()}
    if len(signs) != 1 or not signs <= {other, *_GROUP_SIGNS}:
        return ""
    first, *groups = whole.split(signs.pop())
    plain = 1 <= len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in groups)
    return first + "".join(groups) if plain or _indian(whole) else ""


def _indian(whole: str) -> bool:
    return re.fullmatch(r"[1-9]\d?(?:,\d\d)+,\d{3}", whole) is not None


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
