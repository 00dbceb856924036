"""A board as the page shows it: rows of words and what they are sorted by, and when a file has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Hashable, Mapping
from pathlib import Path
from typing import Any

from simulator.batch.board import Board, Row, State
from simulator.errors import ScenarioError
from simulator.files.loading import layered
from simulator.report.charts.sparkline import sparkline
from simulator.report.words import board as words
from simulator.workspace.desk import State as Standing
from simulator.workspace.folder import Reading

LABELS = {
    "table": "The targets of the folder",
    "filter": "Filter",
    "hint": "Partner, target or statistic",
    "show": "Show",
    "sort": "Sort by",
    "falling": "Falling",
    "rising": "Rising",
    "none": "No target is like that.",
}
SHOW = {"all": "All", "good": "On track", "bad": "Off track"}


def content(board: Board, drafts: Container[str] = ()) -> dict[str, Any]:
    """The board as plain data.

    Args:
        board: what was answered.
        drafts: the keys of what a browser keeps changed and not saved.
    """
    return {
        "view": "board",
        "labels": LABELS,
        "show": [{"key": key, "label": label} for key, label in SHOW.items()],
        "columns": [
            {"key": key, "head": head, "sorts": key != "course"} for key, head in words.HEADS.items()
        ],
        "rows": [_row(row, _saved(Path(board.folder) / row.file, row, drafts)) for row in board.rows],
    }


def _saved(file: Path, row: Row, drafts: Container[str]) -> str:
    """In what state a file is: a draft, saved, approved by somebody."""
    if Reading(file, "").key in drafts:
        return str(Standing.DRAFT)
    approval = row.scenario.approved
    return f"{Standing.APPROVED} by {approval.signature}" if approval else str(Standing.SAVED)


def _row(row: Row, saved: str) -> dict[str, Any]:
    details = words.details(row)
    alt = words.course(row)
    return {
        "name": row.file,
        "good": row.state.good,
        "cells": words.cells(row),
        "details": details | {"partner": f"{details['partner']}, {saved}"},
        "keys": _keys(row),
        "course": sparkline(row, alt),
    }


def _keys(row: Row) -> Mapping[str, str | float | None]:
    """What rows are sorted by, column by column: days as they follow one another, chances as numbers."""
    coming = row.coming
    return {
        "partner": words.partner(row).casefold(),
        "target": f"{row.target.period.first:05} {words.target(row).casefold()}",
        "settled": row.target.resolved_by.casefold() if row.target.resolved_by else None,
        "probability": row.probability,
        "change": row.change,
        "coming": None if coming is None else str(coming.due or coming.period.last_day),
        "state": list(State).index(row.state),
    }


def stamp(file: Path) -> Hashable:
    """What a file says, and what it extends says: whatever changes its answer changes this.

    Raises:
        ScenarioError: a file that it extends cannot be read.
        OSError: the file cannot be read.
    """
    text = file.read_bytes()
    digest = hashlib.sha256(text).hexdigest()
    if b"extends" not in text:
        return str(file), digest
    tree, lowest = layered(text, str(file), file)
    return str(file), digest, hashlib.sha256(f"{tree!r}{lowest!r}".encode()).hexdigest()


def changed(file: Path) -> Hashable | None:
    """The same; None of a file that cannot be read: nothing is kept of it."""
    try:
        return stamp(file)
    except (OSError, ScenarioError):
        return None
