"""A scenario whose every text acts on a page that takes it for more than text; which texts there are the vocabulary says.

Each word of ``ALIVE`` would be an element of its own, were what stands around it taken for markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import yaml

from simulator.errors import InputError
from simulator.files.loading import load_text
from simulator.files.template import starter
from simulator.scenario import Scenario
from simulator.scenario.schema import schema
from simulator.values.fields import Strict
from tests.fuzz.inputs import written

Path = tuple[str | int, ...]
ALIVE = ("qlink", "qbold", "qcode", "qred", "qbadge", "qmath", "qhtml", "qout")
WORDS = (
    "www.x.example a@x.example http://x.example [qlink](http://x.example) ![qalt](http://x.example/i.png) **qbold** `qcode` "
    ":red[qred] :blue-badge[qbadge] :material/home: :smile: $qmath$ $qmath$ <b>qhtml</b> <img src=x onerror=qrun()> "
    "<script>qrun()</script> ~~qout~~ {{7*7}}"
)
BESIDE: dict[Path, Any] = {  # what the starter file leaves out, so that every part of the vocabulary is there
    ("reviewed_by",): "A",
    ("reviewed_on",): "2018-10-01",
    ("approved",): {"by": "A", "on": "2018-10-01"},
    ("log",): [{"date": "2018-10-01", "who": "A", "what": "b"}],
    ("comments",): [{"at": "target.at_least", "by": "A", "on": "2018-10-01", "text": "b"}],
    ("target", "history"): [{"on": "2018-01-01", "at_least": 500}],
    ("levers", "interregional-deals", "deals"): [{"name": "a", "value": 5, "probability": 0.5}],
    ("levers", "interregional-deals", "signed"): None,
    ("levers", "interregional-deals", "value_each"): None,
    ("levers", "promotion", "overlap"): {"group": "sold", "cap": 40},
    ("levers", "custom", "together"): {"group": "moved", "correlation": 0.5},
    ("levers", "corridor", "together"): {"group": "moved", "correlation": 0.5},
    ("levers", "joint-ventures", "support"): {},
    ("levers", "custom", "sources"): {"percent": "a"},
    ("risks", "disruption", "sources"): {"depth": "a"},
    ("streams", "machinery", "partner"): "a",
    ("streams", "other", "partner"): "a",
    ("streams", "imports", "partner"): "a",
}


def models(holder: Any, path: Path = ()) -> Iterator[tuple[Path, Strict]]:
    """Every part of a scenario that has fields, with where it stands."""
    if isinstance(holder, Strict):
        yield path, holder
        for name in type(holder).model_fields:
            yield from models(getattr(holder, name), (*path, name))
    elif isinstance(holder, dict):
        for key, value in holder.items():
            yield from models(value, (*path, str(key)))
    elif isinstance(holder, list | tuple):
        for place, value in enumerate(holder):
            yield from models(value, (*path, place))


def _placed(tree: Any, path: Path, value: Any) -> Any:
    """A tree with another value at a path; None takes it out."""
    if not path:
        return value
    copied = dict(tree) if isinstance(tree, dict) else list(tree)
    key = path[0]
    if len(path) == 1 and value is None:
        copied.pop(key, None)
    else:
        inside = copied[key] if len(path) > 1 else None
        copied[key] = _placed(inside, path[1:], value)
    return copied


def _read(tree: Any) -> Scenario | None:
    try:
        return load_text(written(tree), "hostile.yaml").scenario
    except InputError:
        return None


def full() -> Any:
    """The starter file with what it leaves out, as a tree."""
    tree = yaml.safe_load(starter())
    for path, value in BESIDE.items():
        tree = _placed(tree, path, value)
    return tree


def _tried(path: Path, part: Strict) -> Iterator[tuple[Path, str]]:
    """Where in a part words may stand: in each field, and in each value of a mapping to texts."""
    for name in type(part).model_fields:
        yield (*path, name), name
        value = getattr(part, name)
        if isinstance(value, dict):
            yield from (((*path, name, str(key)), name) for key, one in value.items() if isinstance(one, str))


def hostile() -> tuple[str, set[tuple[str, str]]]:
    """A scenario file with ``WORDS`` wherever they are accepted, and in which fields that is, by model and name.

    Each field of each part is tried, whatever the vocabulary calls it. A number stands behind the words, so that
    a field which names something of the file is none of them.
    """
    tree = full()
    scenario = _read(tree)
    assert scenario is not None
    taken: set[tuple[str, str]] = set()
    number = count()
    for path, part in models(scenario):
        held = (
            path[:1] + path[2:] if path[:2] == ("target", 0) else path
        )  # a target alone is no list in a file
        for place, name in _tried(held, part):
            other = _placed(tree, place, f"{WORDS} {next(number)}")
            if _read(other) is not None:
                tree = other
                taken.add((type(part).__name__, name))
    return written(tree), taken


def texts() -> set[tuple[str, str]]:
    """The fields that take any text by the JSON Schema, by model and name."""
    whole = schema()
    parts = {"Scenario": whole["then"]["properties"]} if "properties" in whole["then"] else {}
    parts |= {name: part["properties"] for name, part in whole["$defs"].items() if "." not in name}
    return {
        (name, key)
        for name, fields in parts.items()
        for key, field in fields.items()
        if any(map(_free, _ways(field)))
    }


def _ways(field: Any) -> Iterator[Any]:
    yield field
    for key in ("anyOf", "oneOf"):
        yield from field.get(key, ())


def _free(way: Any) -> bool:
    kinds = way.get("type", ())
    return "string" in ([kinds] if isinstance(kinds, str) else kinds) and not {
        "pattern",
        "enum",
        "const",
        "format",
    } & set(way)
