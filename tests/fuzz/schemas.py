"""Strategies from the JSON Schema of a scenario: values that it allows, most of them, and trees that were spoilt.

hypothesis-jsonschema does the former for drafts up to 7; its last release is of February 2024, and the schema has
``prefixItems`` and ``if`` of draft 2020-12. What is needed here is small: the keywords that the schema uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st

from simulator.scenario.schema import schema

Hints = Mapping[str, st.SearchStrategy[Any]]
LARGE = 1e12
MOST_OPTIONAL = 4  # keys of a mapping that need not be there
ODD: list[Any] = [
    None, True, False, "", " ", 0, -1, -0.0, 1e-300, 1e300, 10**40, -(10**40), float("inf"), float("nan"),
    "NO", "null", "010", "1e3", ".nan", "44 %", "44%", "-44%", "1_000", "١٢", "½", "12 EUR", "12 XXX", "1,5",
    "2018", "2018-02-30", "2018-13", "0000-01", "9999-12", "2018-Q5", "2018..2016", "1900..2200", "FY2018-20",
    "2018-09..2018-Q1", "a" * 300, "\x1b]0;x\x07", "\u202e", "\ufeff", "\x00", "\r\n", "{", "[", "&a", "*a", "!!x",
    "- -", "a: b", "#", "turnover", "exports", "levers", "levers.x", "__class__", "../../etc/passwd", "shipped:template",
    [], {}, [[]], [{}], {"": ""}, {"low": 1}, {"low": 3, "likely": 2, "high": 1}, {"p5": 1, "p95": 1}, {"mean": 0, "sd": 0},
    {"choices": {}}, {"choices": {"1": 0}}, {"choices": {"x": 1}}, {"mean": 1, "sd": -1}, {"alpha": 0, "beta": 0}, [1, 2],
    {"p5": "1%", "p95": "2%"}, {"low": "1%", "likely": "1%", "high": "1%"}, {"low": 0, "likely": 0, "high": 0},
]  # fmt: skip


def often(usual: st.SearchStrategy[Any], other: st.SearchStrategy[Any], times: int) -> st.SearchStrategy[Any]:
    """The one so many times as often as the other; ``one_of`` takes what is listed twice as listed once."""
    return st.sampled_from(range(times + 1)).flatmap(lambda number: other if number == times else usual)


@cache
def whole() -> dict[str, Any]:
    """The schema, read once."""
    return schema()


def definition(name: str) -> dict[str, Any]:
    """One of its parts, such as ``Observation``."""
    part: dict[str, Any] = whole()["$defs"][name]
    return part


def odd() -> st.SearchStrategy[Any]:
    """What people, programs and attackers write where something else is expected."""
    return st.one_of(st.sampled_from(ODD), st.text(max_size=8), st.integers(), st.floats())


def values(part: Any, hints: Hints) -> st.SearchStrategy[Any]:
    """Values that a part of the schema allows; ``hints`` hold more likely ones by the name of their key."""
    return _Made(hints).of(part)


class _Made:
    """Strategies of one set of hints, each made once."""

    def __init__(self, hints: Hints) -> None:
        self.hints = hints
        self.references: dict[str, st.SearchStrategy[Any]] = {}

    def of(self, part: Any) -> st.SearchStrategy[Any]:
        if part is True or part == {}:
            return odd()
        if "$ref" in part:
            return self.referred(part["$ref"])
        if "const" in part:
            return st.just(part["const"])
        if "enum" in part:
            return st.sampled_from(part["enum"])
        for key in ("anyOf", "oneOf"):
            if key in part:
                return st.one_of([self.of(form) for form in part[key]])
        return st.one_of([self.typed(kind, part) for kind in _list(part.get("type", "object"))])

    def referred(self, reference: str) -> st.SearchStrategy[Any]:
        if reference not in self.references:
            name = reference.removeprefix("#/$defs/")
            self.references[reference] = st.deferred(lambda: self.of(definition(name)))
        return self.references[reference]

    def typed(self, kind: str, part: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        if kind == "null":
            return st.none()
        if kind == "boolean":
            return st.booleans()
        return getattr(self, f"_{kind}")(part)

    def _string(self, part: Mapping[str, Any]) -> st.SearchStrategy[str]:
        if "pattern" in part:
            return st.from_regex(
                part["pattern"],
                fullmatch=not part["pattern"].endswith("$"),
                alphabet=st.characters(max_codepoint=126),
            )
        return st.text(min_size=part.get("minLength", 0), max_size=12)

    def _integer(self, part: Mapping[str, Any]) -> st.SearchStrategy[int]:
        return st.integers(part.get("minimum", -(10**9)), part.get("maximum", 10**9))

    def _number(self, part: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        low = part.get("minimum", part.get("exclusiveMinimum", -LARGE))
        high = part.get("maximum", part.get("exclusiveMaximum", LARGE))
        inside = st.floats(low, high, exclude_min="exclusiveMinimum" in part, allow_subnormal=False)
        near = st.floats(max(low, 0), min(high, 100), exclude_min="exclusiveMinimum" in part and low >= 0)
        return st.one_of(near.map(lambda x: round(x, 3)).filter(lambda x: x > low), inside)

    def _array(self, part: Mapping[str, Any]) -> st.SearchStrategy[Any]:
        if "prefixItems" in part:
            return st.tuples(*map(self.of, part["prefixItems"])).map(list)
        return st.lists(self.of(part.get("items", True)), min_size=part.get("minItems", 0), max_size=4)

    def _object(self, part: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        named = {key: self.named(key, below) for key, below in part.get("properties", {}).items()}
        for pattern, below in part.get("patternProperties", {}).items():
            keys = st.one_of(st.sampled_from(["oil", "gas", "a-1"]), st.from_regex(pattern, fullmatch=False))
            return st.dictionaries(keys.filter(lambda key: len(key) < 40), self.of(below), max_size=2)
        if not named:
            items = self.of(part.get("additionalProperties", True))
            keys = st.one_of(st.integers(0, 30).map(str), st.text(max_size=4))
            return st.dictionaries(keys, items, min_size=part.get("minProperties", 0), max_size=3)
        optional = [key for key in named if key not in part.get("required", ())]
        return _objects(named, [key for key in named if key not in optional], optional)

    def named(self, key: str, part: Any) -> st.SearchStrategy[Any]:
        """A value of a key: nine times of ten a likely one where there is a hint."""
        if key not in self.hints:
            return self.of(part)
        return often(self.hints[key], self.of(part), 9)


@st.composite
def _objects(
    draw: st.DrawFn, named: Mapping[str, st.SearchStrategy[Any]], required: list[str], optional: list[str]
) -> dict[str, Any]:
    more = draw(st.lists(st.sampled_from(optional), max_size=MOST_OPTIONAL, unique=True)) if optional else []
    return {key: draw(named[key]) for key in (*required, *more)}


def _list(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


# Trees that were spoilt


def places(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a tree, itself first."""
    yield above
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, below in pairs:
        yield from places(below, (*above, key))


@st.composite
def spoilt(draw: st.DrawFn, tree: Any, most: int = 3) -> Any:
    """A tree with a few places replaced, taken out, renamed, wrapped or repeated."""
    for _ in range(draw(st.integers(0, most))):
        paths = list(places(tree))
        path = paths[draw(st.integers(0, len(paths) - 1))]
        tree = _changed(draw, tree, path)
    return tree


def _changed(draw: st.DrawFn, tree: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return draw(odd()) if draw(st.integers(0, 19)) == 0 else tree
    key, *rest = path
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    if rest:
        copy[key] = _changed(draw, tree[key], tuple(rest))
        return copy
    how = draw(st.sampled_from(["odd", "odd", "odd", "out", "rename", "wrap", "repeat"]))
    if how == "odd":
        copy[key] = draw(odd())
    elif how == "wrap":
        copy[key] = [copy[key]]
    elif how == "out":
        del copy[key]
    elif isinstance(copy, list):
        copy.append(copy[key])
    else:
        copy[str(draw(odd()))[:60] if how == "rename" else f"{key}2"] = (
            copy.pop(key) if how == "rename" else copy[key]
        )
    return copy
