"""The one voice of messages: what was found, what was expected, and the nearest name that exists."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

BLANKS = " \u00a0\u2009\u202f"  # plain, no-break, thin, narrow no-break
_MARKED = re.compile(
    rf"(?P<sign>[+-]?)(?P<body>[0-9][0-9.,'\u2019_{BLANKS}]*[0-9])(?P<percent>[{BLANKS}]?%)?"
)
_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:['\u2019_{BLANKS}][0-9]{{3}})+(?:[.,][0-9]+)?")
_MARKS = {
    ",": "a comma",
    "'": "an apostrophe",
    "\u2019": "an apostrophe",
    "_": "an underscore",
} | dict.fromkeys(BLANKS, "a blank")


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

    Empty where there is none.
    """
    readings = respelled(text)
    if not readings:
        return ""
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
