"""The JSON Schema of a scenario file, for editors: read off the vocabulary, like everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.scenario.vocabulary import Scenario
from simulator.values import limits

TITLE = "Scenario of the trade-target scenario simulator"
MOST = {  # entries of a section, where a limit counts no more than one for each
    "target": limits.TARGETS,
    "observations": limits.FIGURES,
    "alternatives": limits.READINGS,
    "shocks": limits.SHOCKS,
    "rates": limits.RATE_PERIODS,
    "levers": limits.DRIVERS,
    "risks": limits.DRIVERS,
    "log": limits.REMARKS,
    "comments": limits.REMARKS,
}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a whole file, and of an overlay.

    Which states ``extends`` and may leave anything out.
    """
    full = _one_or_more(Scenario.model_json_schema(mode="validation"))
    full["properties"]["extends"] = {
        "type": "string",
        "description": "the file that this one lays over: a path, or shipped:NAME",
    }
    for section, limit in MOST.items():
        full["properties"][section] = _limited(full["properties"][section], limit.most)
    readings = full["properties"]["alternatives"]["patternProperties"]
    for pattern, reading in readings.items():
        readings[pattern] = _limited(reading, limits.FIGURES.most)
    definitions = full.pop("$defs")
    overlay = _renamed(_relaxed(full))
    overlay["required"] = ["extends"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLE,
        "type": "object",
        "if": {"required": ["extends"]},
        "then": overlay,
        "else": full,
        "$defs": definitions
        | {f"overlay.{name}": _renamed(_relaxed(definition)) for name, definition in definitions.items()},
    }


def _limited(node: dict[str, Any], most: int) -> dict[str, Any]:
    """A section with its most entries: of a list, of a mapping, or of that form of it which is one."""
    if "anyOf" in node:
        return {**node, "anyOf": [_limited(form, most) for form in node["anyOf"]]}
    counted = "maxItems" if node.get("type") == "array" else "maxProperties"
    return {**node, counted: most} if "items" in node or "patternProperties" in node else node


def _one_or_more(node: Any) -> Any:
    """A list of mappings may be written as one mapping."""
    node = _mapped(node, _one_or_more)
    if isinstance(node, dict) and node.get("type") == "array" and _model(node.get("items", {})):
        rest = {key: node.pop(key) for key in ("title", "description", "default") if key in node}
        return {**rest, "anyOf": [node["items"], node | {"minItems": 1}]}
    return node


def _model(items: Any) -> bool:
    """Whether the items of a list are mappings, of one form or of several."""
    return all("$ref" in form for form in items.get("oneOf", [items]))


def _relaxed(node: Any) -> Any:
    """Nothing is required, null removes a key, and a lever need not repeat its kind."""
    node = _mapped(node, _relaxed)
    if isinstance(node, dict):
        node.pop("required", None)
        node.pop("discriminator", None)
        if "oneOf" in node:
            node["anyOf"] = node.pop("oneOf")
        if "properties" in node:
            node["properties"] = {
                key: {"anyOf": [value, {"type": "null"}]} for key, value in node["properties"].items()
            }
        for pattern, value in node.get("patternProperties", {}).items():
            node["patternProperties"][pattern] = {"anyOf": [value, {"type": "null"}]}
    return node


def _renamed(node: Any) -> Any:
    node = _mapped(node, _renamed)
    if isinstance(node, dict) and "$ref" in node:
        node["$ref"] = node["$ref"].replace("#/$defs/", "#/$defs/overlay.")
    return node


def _mapped(node: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(node, dict):
        return {key: change(value) for key, value in node.items()}
    return [change(value) for value in node] if isinstance(node, list) else node
