"""The one voice of messages: what was found, what was expected, and the nearest name that exists."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from simulator.values.letters import DASHES
from simulator.values.limits import DIGITS

BLANKS = " \u00a0\u2009\u202f"  # plain, no-break, thin, narrow no-break
_MARKED = re.compile(
    rf"(?P<sign>[+-]?)(?P<body>[0-9][0-9.,'\u2019_{BLANKS}]*[0-9])(?P<percent>[{BLANKS}]?%)?"
)
_BASE = re.compile("[+-]?0[box]", re.IGNORECASE)
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:['\u2019_{BLANKS}][0-9]{{3}})+(?:[.,][0-9]+)?")
_MARKS = {
    ",": "a comma",
    "'": "an apostrophe",
    "\u2019": "an apostrophe",
    "_": "an underscore",
} | dict.fromkeys(BLANKS, "a blank")


# what acts on a terminal or a page where it should be read: controls, and turns of direction; and what no
# workbook, page or file of another program can hold: halves of characters, and what XML knows as none
_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
INSTEAD = "\ufffd"
# what a spreadsheet takes for a formula, also behind a sign that parts cells where a comma is a decimal point
_OPENS, _ACTIVE = r"(?:^|(?<=[;\t]))", "[=+\\-@\t\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(_OPENS + _ACTIVE)
_TO_MARK, _MARK = re.compile(f"{_OPENS}(?='*{_ACTIVE})"), re.compile(f"{_OPENS}'(?='*{_ACTIVE})")


def acting(text: str) -> str:
    """The first character of a text that acts where it should be read; empty where there is none."""
    match = _ACTS.search(text)
    return match.group() if match else ""


def inert(text: str, instead: str = INSTEAD) -> str:
    """A text in which nothing acts on a terminal: no escape, no carriage return, no turn of direction.

    Every program can hold it: it is UTF-8, and XML allows it.
    """
    return _ACTS.sub(instead, text)


def escaped(text: str) -> str:
    """A text as it may stand in HTML or SVG, between marks or in quotes."""
    return html.escape(inert(text))


def spreadsheet_cell(value: Any) -> Any:
    """A value as it may stand in a cell of CSV: a text that would be a formula is marked as text."""
    return _TO_MARK.sub("'", inert(value)) if isinstance(value, str) else value


def would_be_formula(text: str) -> bool:
    """Whether a spreadsheet in which a text is typed takes it, or a part of it, for a formula."""
    return bool(_FORMULA.search(text))


def of_spreadsheet_cell(text: str) -> str:
    """The text of such a cell."""
    return _MARK.sub("", text)


def capital(text: str) -> str:
    """A text as a sentence or a label begins."""
    return text[:1].upper() + text[1:]


def show(raw: object) -> str:
    """A value as it may stand in a message: short, and never more than a line."""
    if raw is None:
        return "nothing"
    if isinstance(raw, Mapping):
        return "a mapping"
    if isinstance(raw, list | tuple):
        return "a list"
    if isinstance(raw, Decimal) and raw.is_finite():
        text = f"{raw:f}"
    else:
        text = repr(raw) if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else str(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def unknown(name: object, known: tuple[str, ...], what: str) -> str:
    """The message for a name that does not exist, with the nearest that does."""
    known = tuple(dict.fromkeys(known))
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    guess = f"; did you mean {near[0]!r}?" if near else ""
    listed = ", ".join(known) if len(known) <= 12 else ", ".join(known[:12]) + ", ..."
    return f"found {show(name)}, expected {what}: {listed}{guess}"


def respelled(text: str) -> tuple[str, ...]:
    """What a number with commas, blanks or apostrophes in it may mean, in plain decimals.

    The likelier reading first.

    Returns:
        one reading (``690 800`` is 690800; ``1.234,5`` is 1234.5), two (``690,8`` is 690.8 or 6908; ``1,000``
        is 1000 or 1.000), or none where it has no such mark, or is no number.
    """
    match = _MARKED.fullmatch(text.strip())
    if match is None or _PLAIN.fullmatch(match["body"]):
        return ()
    spaced = bool(re.search(rf"['\u2019_{BLANKS}]", match["body"]))
    if spaced and not _SPACED.fullmatch(match["body"]):
        return ()
    sign, percent = match["sign"].replace("+", ""), "%" if match["percent"] else ""
    body = re.sub(rf"['\u2019_{BLANKS}]", "", match["body"])
    plain = [decimal for decimal in _decimals(body, spaced) if _PLAIN.fullmatch(decimal)]
    return tuple(dict.fromkeys(f"{sign}{decimal}{percent}" for decimal in plain))


def _in_decimals(text: str) -> str:
    """A number that is written with an exponent, in another base or with other digits, as a file states it.

    Empty where it is none, or has more digits than a file states.
    """
    percent = "%" if text.strip().endswith("%") else ""
    written = text.strip().removesuffix("%").strip()
    body = written.translate(DASHES)
    try:
        number = Decimal(int(body, 0)) if _BASE.match(body) else Decimal(body)
    except (ArithmeticError, ValueError):
        return ""
    if not number.is_finite() or abs(number.adjusted()) >= DIGITS.most:
        return ""
    plain = f"{number:f}".removesuffix(".")
    return f"{plain}{percent}" if plain != written and len(plain) <= DIGITS.most else ""


def _decimals(body: str, spaced: bool) -> list[str]:
    """What digits with points and commas may mean; ``spaced``: blanks stood between their thousands."""
    if body.count(".") > 1 and _GROUPED.fullmatch(body.partition(",")[0].replace(".", ",")):
        body = body.replace(".", "")  # 1.234.567,8
    if body.count(",") == 1 and "." not in body[body.index(",") :]:  # 690,8 and 1.234,5
        return _around_comma(body, spaced)
    if "," not in body or _GROUPED.fullmatch(body.partition(".")[0]):
        return [body.replace(",", "")]
    return []


def _around_comma(body: str, spaced: bool) -> list[str]:
    """What one comma may be: the decimal point or, where nothing else stands between thousands.

    A mark between them.
    """
    front, behind = body.replace(".", "").split(",")
    if "." in body or spaced:
        return [f"{front}.{behind}"]
    either = [f"{front}.{behind}", front + behind]
    return either[::-1] if _GROUPED.fullmatch(body) else either


def marked(text: str) -> str:
    """The part of a message that names the comma or blank in a number, and proposes how to write it.

    Of a number that is written in another way it proposes plain decimals. Empty where it is neither.
    """
    readings = respelled(text)
    if not readings:
        plain = _in_decimals(text)
        return f" in plain decimals: {plain}" if plain else ""
    names = [name for mark, name in _MARKS.items() if mark in text.strip("% \u00a0")]
    return f" without {names[0] if names else 'more than one point'}: {' or '.join(readings)}"


def plainly(error: Exception) -> str:
    """What went wrong, in the one voice: of pydantic's errors only the words that are ours."""
    from pydantic import ValidationError  # not before it is needed: --help is instant

    if not isinstance(error, ValidationError):
        return str(error)
    lines = [line for detail in error.errors(include_url=False) for line in _lines_of(detail)]
    return "\n".join(dict.fromkeys(lines))


def _lines_of(detail: Any) -> list[str]:
    """One of pydantic's errors in lines: that of a scenario that does not hang together holds several."""
    if detail["type"] == "scenario":
        faults = detail["ctx"]["faults"]
    elif detail["type"] == "value_error":
        faults = [(detail["loc"], detail["ctx"]["error"])]
    else:
        faults = [(detail["loc"], f"found {show(detail['input'])}, which cannot stand there")]
    return [f"{'.'.join(map(str, place))}: {message}".removeprefix(": ") for place, message in faults]
