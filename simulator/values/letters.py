"""Letters that look alike: the blanks and dashes of people and of their programs, as plain ones."""

from __future__ import annotations

BLANKS = " \t\r\n\u00a0\u2007\u2009\u200b\u202f\u2060\ufeff\u3000"
_SPACES = dict.fromkeys(map(ord, BLANKS), " ")
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")


def tidy(text: str) -> str:
    """A text with single plain blanks between its words, and none around it."""
    return " ".join((text if text.isascii() else text.translate(_SPACES)).split())
