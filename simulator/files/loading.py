"""Scenario files: strict YAML, ``extends`` and ``--set`` -> a ``Scenario``, with the origin of every value.

Precedence: command line > overlay > scenario > default. Mappings merge, lists and scalars replace, ``null`` removes; an
uncertain number, and a lever of another kind, replace whole.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from simulator.errors import Fault, ScenarioError
from simulator.files.strict_yaml import BROKEN, MOST_BYTES, Node, parse
from simulator.files.validating import child_of, core, known_keys, shape_below, unknown_key, validated
from simulator.scenario import Scenario
from simulator.values.address import Path as Place
from simulator.values.address import dotted
from simulator.values.forms import KEYS
from simulator.values.uncertain import Uncertain
from simulator.values.wording import show

__all__ = [
    "Change",
    "Fault",
    "Loaded",
    "Origin",
    "ScenarioError",
    "layered",
    "load",
    "load_scenario",
    "load_text",
    "shipped_names",
]

_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = next(
    (each for each in (_PACKAGE / "scenarios", _PACKAGE.parent / "scenarios") if each.is_dir()), _PACKAGE
)  # as installed; in a clone
PREFIX = "shipped:"
MOST_BASES = 10
COMMAND_LINE = "--set"


@dataclass(frozen=True)
class Origin:
    """Where a value was written; a word of the command line has no line."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}, line {self.line}"


@dataclass(frozen=True)
class Change:
    """A value that an overlay or the command line replaced (``new`` is None: removed) or added (``old`` is None)."""

    path: str
    old: Any
    new: Any
    origin: Origin


@dataclass(frozen=True)
class Loaded:
    """A scenario, where each written value came from (all others are defaults), and what was replaced on the way."""

    scenario: Scenario
    origins: Mapping[str, Origin]
    file: str
    changes: tuple[Change, ...]


def load_scenario(path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a file; see ``load``."""
    return load(path, settings).scenario


def load(path: str | Path, settings: Sequence[str] = ()) -> Loaded:
    """Read a scenario file, what it extends, and words such as ``levers.assembly.count=6``.

    Args:
        path: a file, or ``shipped:NAME``.
        settings: the words of ``--set``, the later ones winning.

    Raises:
        ScenarioError: with all faults, each with its file and line.
    """
    name = str(path)
    file = _shipped(name, Fault(name, None, "", "")) if name.startswith(PREFIX) else Path(path)
    return _loaded(_read(file, name, None), _Source(name, file), settings)


def load_text(text: str | bytes, name: str, settings: Sequence[str] = ()) -> Loaded:
    """Read the text of a scenario, such as an upload; it can extend ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults, each with its file and line.
    """
    return _loaded(text, _Source(name, None), settings)


def layered(text: str | bytes, name: str, file: Path | None = None) -> tuple[Node, str | bytes]:
    """The tree of a scenario's text over all that it extends, and the text of the lowest file of these.

    Args:
        text: the scenario.
        name: its name in messages.
        file: where it stands, for ``extends`` with a path relative to it; left out, it can extend ``shipped:NAME`` only.

    Raises:
        ScenarioError: with all faults of the files as YAML, each with its file and line.
    """
    faults: list[Fault] = []
    try:
        tree, lowest = _extended(text, [_Source(name, file)], faults, [])
    except ScenarioError as error:
        raise ScenarioError(_in_order([*faults, *error.faults], name)) from None
    if faults:
        raise ScenarioError(_in_order(faults, name))
    return tree, lowest


def shipped_names() -> tuple[str, ...]:
    """The scenarios that come with the simulator, as ``extends: shipped:NAME`` takes them."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.yaml")))


# Files


@dataclass(frozen=True)
class _Source:
    """A scenario's name in messages, and its file (an upload has none)."""

    name: str
    file: Path | None


def _loaded(text: str | bytes, source: _Source, settings: Sequence[str]) -> Loaded:
    faults: list[Fault] = []
    changes: list[Change] = []
    try:
        tree, _ = _extended(text, [source], faults, changes)
    except ScenarioError as error:
        raise ScenarioError(_in_order([*faults, *error.faults], source.name)) from None
    for setting in settings:
        try:
            tree = _set(tree, setting, faults, changes)
        except ScenarioError as error:
            faults += error.faults
    tree = tree.placed()
    scenario, more = validated(tree)
    if scenario is None or faults:
        raise ScenarioError(_in_order([*faults, *more], source.name))
    origins = {dotted(node.path): Origin(node.file, node.line) for node in tree.walk() if node.path}
    return Loaded(scenario, origins, source.name, tuple(changes))


def _in_order(faults: Iterable[Fault], first: str) -> list[Fault]:
    """By file (the scenario's own first, the command line last) and line."""
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda f: (f.file == COMMAND_LINE, f.file != first, f.file or "", f.line or 0))


def _extended(
    text: str | bytes, chain: list[_Source], faults: list[Fault], changes: list[Change]
) -> tuple[Node, str | bytes]:
    """The tree of the last of a chain of files, merged over what it extends, and the text of the lowest of these."""
    source = chain[-1]
    tree, noted = parse(text, source.name)
    faults += noted
    if not tree.mapping:
        raise _one(
            Fault(
                source.name,
                tree.line,
                "",
                f"found {_what(tree)}, expected keys with values, such as 'title: ...'",
            )
        )
    own = Node({key: child for key, child in tree.children() if key != "extends"}, tree.file, tree.line)
    extends = tree.value.get("extends")
    if extends is None or extends.value is None:
        return own, text
    if extends.value is BROKEN:
        raise ScenarioError(())  # it has been noted
    place = Fault(source.name, extends.line, "extends", "")
    base = _base(extends.value, chain, place)
    below = _read(
        base.file or Path(),
        base.name,
        place,
        str(extends.value),
        tuple(each.file for each in chain if each.file),
    )
    if base.file and base.file.resolve() in [each.file.resolve() for each in chain if each.file]:
        raise _one(
            place,
            f"found a loop: {' extends '.join(each.name for each in (*chain, base))}; remove one of them",
        )
    if len(chain) > MOST_BASES:
        raise _one(place, f"found more than {MOST_BASES} files that extend one another, expected fewer")
    tree, lowest = _extended(below, [*chain, base], faults, changes)
    return _merged(tree, own, (), changes) or own, lowest


def _base(name: object, chain: list[_Source], place: Fault) -> _Source:
    """The file that ``extends`` names."""
    if not isinstance(name, str) or not name.strip():
        raise _one(place, f"found {show(name)}, expected a file or {PREFIX}NAME")
    own = chain[-1].file
    if name.startswith(PREFIX):
        return _Source(name, _shipped(name, place))
    if own is None:
        names = ", ".join(shipped_names())
        raise _one(
            place,
            f"found {show(name)}, expected {PREFIX}NAME, for an upload has no folder; NAME is one of {names}",
        )
    named = chain[-1].name
    beside = named.startswith(PREFIX) or Path(name).is_absolute()
    return _Source(name if beside else str(Path(named).parent / name), own.parent / name)


def _shipped(name: str, place: Fault) -> Path:
    key = name.removeprefix(PREFIX).strip()
    if key not in shipped_names():
        raise _one(place, unknown_key(key, shipped_names(), "shipped scenario"))
    return SHIPPED / f"{key}.yaml"


def _read(
    file: Path, name: str, place: Fault | None, written: str | None = None, chain: Sequence[Path] = ()
) -> bytes:
    """The bytes of a file, at most one more than is allowed.

    Args:
        file: the file.
        name: its name in messages.
        place: where another file names it.
        written: as it stands there.
        chain: the files on the way to it, which are no guess at what was meant.
    """
    place = place or Fault(name, None, "", "")
    quoted = f"'{name}'" if written is None or written == name else f"'{written}' (that is '{name}')"
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _one(place, f"found no file {quoted}, expected one{_meant(file, written, chain)}") from None
    except IsADirectoryError:
        raise _one(
            place, f"found the folder {quoted}, expected a file{_meant(file, written, chain)}"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise _one(place, f"found {quoted}, which cannot be read ({reason}); expected a file") from None


def _meant(file: Path, written: str | None, chain: Sequence[Path]) -> str:
    """A guess at the file that was meant by a file that is missing, or by a folder; as ``extends`` would state it if it was written there."""
    mended = written.replace("\\", "/") if written else None
    if written and mended and mended != written and os.sep == "/":  # on Windows both part folders
        there = chain[-1].parent / mended
        nearest = "" if there.is_file() else _meant(there, mended, chain)
        return (
            f"; folders are parted by / here: write {mended}"
            if not nearest
            else f"; folders are parted by / here{nearest}"
        )
    folder = file if file.is_dir() else file.parent
    passed = {each.resolve() for each in chain}
    try:
        beside = sorted(
            each.name for each in folder.glob("*.y*ml") if not passed or each.resolve() not in passed
        )[:200]
    except OSError:
        beside = []
    near = beside[:1] if folder is file else difflib.get_close_matches(file.name, beside, n=1, cutoff=0.5)
    if near:
        guess = (
            folder / near[0]
            if written is None
            else (Path(written) if folder is file else Path(written).parent) / near[0]
        )
        return f"; did you mean '{guess}'?"
    shipped = difflib.get_close_matches(file.stem, shipped_names(), n=1, cutoff=0.4)
    if shipped:
        return f"; did you mean '{PREFIX}{shipped[0]}'?"
    return "" if written is None or folder.is_dir() else f"; there is no folder '{folder}'"


def _what(node: Node) -> str:
    return (
        show(node.value)
        if node.sequence or not isinstance(node.value, str)
        else f"only the text {show(node.value)}"
    )


def _one(fault: Fault, message: str | None = None) -> ScenarioError:
    return ScenarioError([fault if message is None else Fault(fault.file, fault.line, fault.path, message)])


# Merging


def _merged(base: Node | None, over: Node, path: Place, changes: list[Change]) -> Node | None:
    """A value with another over it; None where it is removed."""
    if base is not None and over.value is not None and _merges(base, over, path):
        entries = dict(base.value)
        for key, child in over.children():
            merged = _merged(entries.get(str(key)), child, (*path, key), changes)
            if merged is None:
                del entries[str(key)]
            else:
                entries[str(key)] = merged
        return Node(entries, base.file, base.line)
    old, new = base.plain() if base else None, over.plain()
    if repr(old) != repr(new):  # 610.5 and 610.50 are equal, but not published with the same digits
        changes.append(Change(dotted(path), old, new, Origin(over.file, over.line)))
    # a null that has nothing to remove is kept: it may be a value, and if the key does not exist, validation says so
    return None if base is not None and over.value is None else over


def _merges(base: Node, over: Node, path: Place) -> bool:
    if not (base.mapping and over.mapping):
        return False
    kinds = child_of(base, "kind"), child_of(over, "kind")
    if all(kinds) and kinds[0].plain() != kinds[1].plain():  # type: ignore[union-attr]
        return False
    # a section may hold a stream, lever or reading called "low"; only what stands inside one of them is a number
    return any(kinds) or len(path) < 2 or not (_is_uncertain(base) or _is_uncertain(over))


def _is_uncertain(node: Node) -> bool:
    return bool(node.value) and set(node.value) <= set(KEYS)


# The command line


def _set(tree: Node, setting: str, faults: list[Fault], changes: list[Change]) -> Node:
    """The tree with one ``path=value`` over it.

    Raises:
        ScenarioError: no such path, or no value that can be read.
    """
    name, equals, text = setting.partition("=")
    name = name.strip()
    if not equals or not all(name.split(".")):
        raise _refusal("", f"found {show(setting)}, expected path=value such as levers.assembly.count=6")
    value, noted = parse(text, COMMAND_LINE, tuple(name.split(".")), numbered=False)
    faults += noted
    path = _addressed(tree, name, value)
    return _put(tree, path, (), value, changes) or tree


def _addressed(tree: Node, name: str, value: Node) -> Place:
    """The path in the tree that the dotted name means; its last parts may be fields that are not written yet."""
    parts: list[str] = name.split(".")
    path: Place = ()
    node: Node | None = tree
    shape: Any = Scenario
    for index, part in enumerate(parts):
        if node is not None and node.mapping and part == "0" and get_origin(core(shape, None)) is tuple:
            continue  # a list of one item, written as a mapping
        if node is not None and node.sequence:
            number = _number(node, part, name)
            path, node, shape = (
                (*path, number),
                child_of(node, number),
                shape_below(core(shape, None), number),
            )
            if part.isdecimal():
                continue
        shape = core(shape, node)
        _check(shape, node, part, name, value if index == len(parts) - 1 else None)
        path, node, shape = (*path, part), child_of(node, part) if node else None, shape_below(shape, part)
    return path


def _number(node: Node, part: str, name: str) -> int:
    """The number of a list's item; the one item of a list needs none."""
    count = len(node.value)
    if part.isdecimal() and part.isascii() and len(part) < 7 and int(part) < count:
        return int(part)
    if count == 1 and not part.isdecimal():
        return 0
    expected = f"its number, 0 to {count - 1}" if count else "an item"
    raise _refusal(name, f"found {show(part)} on a list of {count}, expected {expected}")


def _check(shape: Any, node: Node | None, part: str, name: str, value: Node | None) -> None:
    """Refuse a part that neither stands in the tree nor can be added; ``value`` is what the last part is to be."""
    if node is not None and node.mapping and part in node.value:
        return
    if node is not None and not node.mapping:
        raise _refusal(name, f"found {show(part)} below {show(node.value)}, which has no parts; set it whole")
    if get_origin(shape) is dict:
        scalar = core(get_args(shape)[1], None) is str
        if value is None or value.value is None or not (scalar or value.mapping or value.sequence):
            raise _refusal(name, unknown_key(part, node.value if node else (), "id"))
        return
    known = known_keys(shape)
    if known is None or shape is Uncertain:
        raise _refusal(
            name,
            unknown_key(part, node.value)
            if node
            else f"found {show(part)} below what the file leaves out; set it whole",
        )
    if part not in known or part == "extends":
        raise _refusal(name, unknown_key(part, [key for key in known if key != "extends"]))


def _put(node: Node | None, path: Place, done: Place, value: Node, changes: list[Change]) -> Node | None:
    """A tree with a value merged over what stands at a path; None where it is removed."""
    if not path:
        return _merged(node, value, done, changes)
    head = path[0]
    below = _put(child_of(node, head) if node else None, path[1:], (*done, head), value, changes)
    entries = dict(node.children()) if node else {}
    if below is None:
        del entries[head]
    else:
        entries[head] = below
    if node is None:
        return Node(entries, value.file, value.line)
    return Node(list(entries.values()) if node.sequence else entries, node.file, node.line)


def _refusal(name: str, message: str) -> ScenarioError:
    return _one(Fault(COMMAND_LINE, None, name, message))
