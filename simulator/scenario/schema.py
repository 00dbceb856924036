"""The JSON Schema of a scenario file, for editors: read off the vocabulary, like everything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.scenario.vocabulary import Scenario

TITLE = "Scenario of the trade-target scenario simulator"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a whole file, and of an overlay.

    Which states ``extends`` and may leave anything out.
    """
    full = _one_or_more(Scenario.model_json_schema(mode="validation"))
    full["properties"]["extends"] = {
        "type": "string",
        "description": "the file that this one lays over: a path, or shipped:NAME",
    }
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
