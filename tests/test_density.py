"""What a reader of one file can bear: its length, its lines, the decisions of a function, names from the field. Default tier."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
ROOMS = sorted({file.relative_to(TOP / "simulator").parts[0] for file in (TOP / "simulator").rglob("*.py")})
LONGEST_LINE = 110
LONGEST_FILE = 400
MOST_DECISIONS = 8
IDIOLECT = {
    "found",
    "told",
    "each",
    "own",
    "whole",
    "held",
    "said",
}  # the field has a noun for what they hold
MEMORIES = {
    "cached_property",
    "lru_cache",
    "cache",
    "cached",
    "LRUCache",
    "TTLCache",
}  # only caches.py may make one


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def files(room: str) -> Iterator[Path]:
    place = TOP / "simulator" / room
    return iter([place]) if place.is_file() else place.rglob("*.py")


def decisions(function: ast.AST) -> int:
    """Branches, loops and handlers; those inside comprehensions, conditional expressions and ``and``/``or`` count."""
    count = 0
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.For | ast.While | ast.ExceptHandler | ast.IfExp | ast.match_case):
            count += 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
    return count


def names(tree: ast.AST) -> Iterator[str]:
    """Every name that a file gives: to functions, arguments, variables and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@pytest.mark.parametrize("room", ROOMS)
def test_lines_and_files_can_be_read_at_once(room: str) -> None:
    long = []
    for file in files(room):
        lines = file.read_text("utf-8").splitlines()
        long += [f"{file.relative_to(TOP)} has {len(lines)} lines"] * (len(lines) > LONGEST_FILE)
        long += [
            f"{file.relative_to(TOP)}:{n} has {len(x)} columns"
            for n, x in enumerate(lines, 1)
            if len(x) > LONGEST_LINE
        ]
    assert not long


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_decides_more_than_a_reader_can_hold(room: str) -> None:
    dense = [
        f"{file.relative_to(TOP)}: {node.name} makes {decisions(node)} decisions"
        for file in files(room)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and decisions(node) > MOST_DECISIONS
    ]
    assert not dense


@pytest.mark.parametrize("room", ROOMS)
def test_names_are_nouns_and_verbs_of_the_field(room: str) -> None:
    used = {
        f"{file.relative_to(TOP)}: {name}"
        for file in files(room)
        for name in names(parsed(file))
        if name.strip("_") in IDIOLECT
    }
    assert not used


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "caches.py"])
def test_whatever_is_kept_is_kept_by_caches(room: str) -> None:
    made = {
        f"{file.relative_to(TOP)}: {name.name}"
        for file in files(room)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ImportFrom) and node.module in ("functools", "cachetools")
        for name in node.names
        if name.name in MEMORIES
    }
    assert not made
