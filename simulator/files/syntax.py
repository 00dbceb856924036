"""Text that is no YAML: the line at which the parser stumbled, and what is wrong there, in the one voice."""

from __future__ import annotations

import re

import yaml

from simulator.values.limits import FILE_LEVELS
from simulator.values.wording import show

_TIGHT = re.compile(r"\s*(?:- )?(\w[\w-]*:[^\s/][^:]*)$")
_OUT_OF_PLACE = (
    "found {char} out of place; line up the keys, and put the whole text in quotes if only a part of it is"
)
_NO_START = "found {char} at the start of a value; put it in quotes if it is text"
_BEHIND_BAR = "found text behind | or >, expected it on the next lines"
# PyYAML's C and Python parsers word the same problem differently; the first that matches speaks
_PROBLEMS: tuple[tuple[str, str], ...] = (
    ("nesting depth", f"found more than {FILE_LEVELS.most} levels of nesting, expected fewer"),
    ("tab character", "found a tab, expected spaces in front of a line"),
    (
        "mapping values",
        "found a second ': ' or a line indented too far; "
        "put texts that hold ': ' in quotes, and line up the keys",
    ),
    ("expected ',' or ']'", "found no closing ] for the [ of line {context}"),
    ("expected ',' or '}'", "found no closing }} for the {{ of line {context}"),
    ("unexpected end of stream", "found no closing quote for the one of line {context}"),
    (
        "could not find expected ':'",
        "found no ': ' after {first}, expected a key with a value; a colon needs a space after it",
    ),
    ("document start", "found more after the end of the document ('...'), expected one document"),
    ("escape", "found a backslash that means nothing in double quotes; use single quotes, or write it twice"),
    ("alphabetic or numeric", _NO_START),
    ("cannot start any token", _NO_START),
    ("undefined tag handle", "found a tag, expected a value; remove it, or quote it if it is text"),
    ("incompatible", "found a %YAML line, expected none; remove it"),
    ("node content", "found {char} where a value should stand, or a bracket that is never closed"),
    ("block end", _OUT_OF_PLACE),
    ("expected key", _OUT_OF_PLACE),
    ("'-' indicator", "found {char} among the items of a list, expected '- '"),
    ("comment or line break", _BEHIND_BAR),
    ("chomping", _BEHIND_BAR),
    ("", "found text that is no YAML"),
)


def explained(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[int, str]:
    """The number of a line, counted from one, and a gentle message for a syntax error in some lines."""
    problem = error.problem or ""
    number, column, beginning = _marks(error)
    if "unexpected end" in problem or "could not find" in problem:
        number = beginning
    line = "".join(lines[number : number + 1])
    if "\t" in line[: len(line) - len(line.lstrip())]:
        problem = "tab character"
    if "mapping values" in problem and (tight := _tight_colon(lines, number)):
        return tight
    char = show(line[column]) if column < len(line) else "the end of the line"
    words = {"context": beginning + 1, "char": char, "first": show(line.strip())}
    return number + 1, _message(problem).format(**words)


def _message(problem: str) -> str:
    return next(message for needle, message in _PROBLEMS if needle in problem)


def _marks(error: yaml.MarkedYAMLError) -> tuple[int, int, int]:
    """Line and column at which the parser stumbled, and the line where what it was reading begins; from 0."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return 0, 0, 0
    return mark.line, mark.column, (error.context_mark or mark).line


def _tight_colon(lines: list[str], number: int) -> tuple[int, str] | None:
    """A key without a space after its colon, on a line or on the one before it."""
    for near in (number, number - 1):
        if 0 <= near < len(lines) and (match := _TIGHT.match(lines[near])):
            return near + 1, f"found {show(match[1])}, expected a space after the colon"
    return None
