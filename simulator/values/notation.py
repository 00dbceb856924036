"""A value on one line, in YAML's flow style: for a file, a word of ``--set``, a table, a message."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from simulator.values.limits import DIGITS
from simulator.values.units import PERCENT_PATTERN, digits
from simulator.values.wording import show

LONGEST = 300  # letters of a value in a message

_STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WORDS = re.compile(r"[^\W\d_](?:[^:#]*[^:#\s])?")
_FIGURES = re.compile(rf"{PERCENT_PATTERN}|\d{{4}}(?:-|\.\.)[\dQ.-]*[\d]", re.ASCII)
_NUMBERED = re.compile(r"[\d.]+%?", re.ASCII)
# by other readers of YAML, if not by ours
_READ_ELSEWHERE = {"true", "false", "null", "yes", "no", "on", "off"}


def decimals(value: object) -> str:
    """A number as a file states it: in plain decimals, of a float twelve significant ones.

    Raises:
        ValueError: it is no finite number, or one of more than ``DIGITS.most`` digits.
    """
    if isinstance(value, Decimal) and value.is_finite():
        text = format(value, "f")
    elif isinstance(value, Integral):
        text = str(int(value))
    elif isinstance(value, Real) and math.isfinite(value):
        text = digits(float(value))
    else:
        expected = "text, a finite number, true, false, a list or a mapping"
        raise ValueError(f"found {show(value)}, expected {expected}")
    if len(text) > DIGITS.most:
        raise ValueError(f"found a number of {len(text)} digits, expected at most {DIGITS.most}")
    return text


def quoted(text: str, quotes: str | None = None, *, block: bool = False) -> str:
    """A text as a file states it: in quotes where a reader of YAML would take it for something else.

    Args:
        text: any text.
        quotes: those that it had before, which it keeps.
        block: whether it stands outside of all brackets.
    """
    printable = is_printable(text)
    if quotes == "'" and printable:
        return "'" + text.replace("'", "''") + "'"
    if quotes is None and printable and (_is_word(text, block) or _FIGURES.fullmatch(text)):
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    return _STRANGE.sub(lambda strange: f"\\u{ord(strange.group()):04x}", escaped)


def is_printable(text: str) -> bool:
    """Whether it holds no line breaks, tabs or other characters that must be escaped."""
    return not _STRANGE.search(text)


def flow(
    value: Any,
    *,
    text: Callable[[str], str] = quoted,
    number: Callable[[Any], str] = decimals,
    flags: tuple[str, str] = ("false", "true"),
    nothing: str = "null",
) -> str:
    """A value on one line; left alone, as a scenario file states it.

    Args:
        value: a scalar, or mappings and lists of such.
        text: how a text is written; ``str`` leaves it bare.
        number: how a number is written, and whatever else it may hold.
        flags: what false and true are called.
        nothing: what stands for None.

    Raises:
        ValueError: a part of it has no written form.
    """

    def line(part: Any) -> str:
        if part is None:
            return nothing
        if isinstance(part, bool):
            return flags[part]
        if isinstance(part, str):
            return text(part)
        if isinstance(part, Mapping):
            return "{" + ", ".join(f"{key_text(key, text)}: {line(item)}" for key, item in part.items()) + "}"
        if isinstance(part, list | tuple):
            return "[" + ", ".join(map(line, part)) + "]"
        return number(part)

    return line(value)


def key_text(key: object, text: Callable[[str], str] = quoted) -> str:
    """A key, which may be a number, for the strict reader takes every key for a text."""
    return str(key) if _NUMBERED.fullmatch(str(key)) else text(str(key))


def spelled(value: Any) -> str:
    """A value as it may stand in a message: on one line, never the repr of an object, a long one cut."""
    line = flow(value, text=_on_one_line, number=_on_one_line, nothing="nothing")
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."


def _on_one_line(value: object) -> str:
    return " ".join(str(value).split())


def _is_word(text: str, block: bool) -> bool:
    """Whether every reader takes it for a text without quotes."""
    if not _WORDS.fullmatch(text) or text.lower() in _READ_ELSEWHERE:
        return False
    return block or not re.search(r"[,\[\]{}]", text)
