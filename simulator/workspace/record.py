"""A track record as the page shows it: rows of words and what they are sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.batch.record import By, Case, Record
from simulator.report.words import record as words

LABELS = {
    "table": "Targets whose outcome is known",
    "filter": "Filter",
    "hint": "Country, year or source",
    "show": "Show",
    "sort": "Sort by",
    "falling": "Falling",
    "rising": "Rising",
    "none": "No target is like that.",
}
SHOW = {"all": "All", "bad": words.MISSED, "good": words.REACHED}


def content(record: Record) -> dict[str, Any]:
    """The record as plain data, for the table of the board; each row is called by its place."""
    return {
        "view": "record",
        "labels": LABELS,
        "show": [{"key": key, "label": label} for key, label in SHOW.items()],
        "columns": [{"key": key, "head": head, "sorts": True} for key, head in words.HEADS.items()],
        "rows": [_row(place, case) for place, case in enumerate(record.cases)],
    }


def _row(place: int, case: Case) -> dict[str, Any]:
    return {
        "name": str(place),
        "good": case.outcome.reached,
        "cells": words.cells(case),
        "details": words.details(case),
        "keys": _keys(case),
    }


def _keys(case: Case) -> Mapping[str, str | float | None]:
    """What rows are sorted by: targets by their day, chances and scores as numbers."""
    return {
        "case": str(case.scenario.as_of),
        "probability": case.chance,
        "class": case.chances[By.CLASS],
        "drift": case.chances[By.DRIFT],
        "state": float(case.outcome.reached),
        "brier": case.brier,
        "source": case.outcome.source.casefold(),
    }
