"""The layout of the house: who may import whom, and who never. Default tier."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simulator"
TOP = PACKAGE.parent


def listing() -> dict[str, list[str]]:
    """The rooms and their files in the order of docs/architecture.md; a room that is one file has none."""
    text = (TOP / "docs" / "architecture.md").read_text("utf-8")
    rooms: dict[str, list[str]] = {}
    for line in text.partition("## The files, in order")[2].split("```")[1].strip("\n").splitlines():
        name = line.split()[0].rstrip("/")
        if line.startswith(" "):
            rooms[next(reversed(rooms))].append(name.replace("/", "."))
        else:
            rooms[name] = []
    return rooms


# A room imports only from rooms before it, a file only from files before it in its room; simulator/__init__.py is a
# room of its own, and a folder's __init__ that holds nothing but its docstring is not listed.
LISTING = listing()
ROOMS = tuple(LISTING)
FILES = {room: files for room, files in LISTING.items() if files}

# Analyses, each a function of its file's name: documents, charts and words receive what they answer.
QUESTIONS = [
    "claim",
    "context",
    "compare",
    "solve",
    "grid",
    "tornado",
    "information",
    "sensitivity",
    "discover",
    "mix",
]

# (who, what): never, whatever the order allows.
NEVER = (
    *(
        ("numerics", f"simulator.{room}")
        for room in ROOMS
        if room not in ("caches", "errors", "values", "numerics")
    ),
    ("model", "simulator.files"),
    ("analysis", "simulator.model.engine"),
    ("analysis", "simulator.files"),
    ("analysis", "simulator.report"),
    ("batch", "simulator.model.engine"),
    ("batch", "simulator.report"),
    ("report", "simulator.model.engine"),
    *(("report", f"simulator.analysis.{question}.{question}") for question in QUESTIONS),
    ("cli", "simulator.ui"),
    ("ui", "simulator.cli"),
    *((room, "streamlit") for room in ROOMS if room != "ui"),
    *((room, "altair") for room in ROOMS if room not in ("report", "ui")),
    *((f"report.{file}", "altair") for file in FILES["report"] if not file.startswith("charts.")),
    *((room, outside) for room in ROOMS if room != "cli" for outside in ("click", "rich")),
    *((room, "functools.cached_property") for room in ROOMS),
)


@cache
def modules() -> dict[str, Path]:
    """Every file by its name below ``simulator``; of a folder the name of its ``__init__``."""
    return {
        ".".join(file.relative_to(PACKAGE).with_suffix("").parts): file
        for file in sorted(PACKAGE.rglob("*.py"))
    }


def resolved(module: str, name: str) -> str:
    """The full name of what ``from module import name`` reads, a folder's face spelled ``__init__``."""
    parts = [*module.split("."), *([name] if name else [])]
    if parts[0] != "simulator":
        return ".".join(parts)
    for length in range(len(parts), 0, -1):
        inner, rest = ".".join(parts[1:length]), parts[length:]
        face = f"{inner}.__init__".removeprefix(".")
        if inner in modules() or face in modules():
            return ".".join(["simulator", inner if inner in modules() else face, *rest])
    raise AssertionError(f"there is no {'.'.join(parts)}")


@cache
def public() -> dict[str, str]:
    """The names that the face lends, each with its full name at home."""
    body = ast.parse(modules()["__init__"].read_text("utf-8")).body
    homes = next(
        node.value
        for node in body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOMES"
    )
    return {name: resolved(f"simulator.{home}", name) for name, home in ast.literal_eval(homes).items()}


def named(call: ast.Call, module: str) -> Iterator[str]:
    """What ``import_module`` is called with: one module, or all below the folder in which its last part is looked up."""
    (word,) = call.args
    parts = word.values if isinstance(word, ast.JoinedStr) else [word]
    if isinstance(parts[0], ast.Constant):
        prefix = str(parts[0].value)
    else:  # f"{__name__}.{...}" of a face
        assert module.endswith("__init__"), f"{module} imports what cannot be read"
        prefix = f"simulator.{module}".removesuffix("__init__")
    if len(parts) == 1:
        yield resolved(prefix, "")
    elif prefix == "simulator.":
        yield from public().values()
    else:
        yield from (
            f"simulator.{each}"
            for each in modules()
            if f"simulator.{each}".startswith(prefix) and each != module and "__init__" not in each
        )


@cache
def imported(module: str) -> frozenset[str]:
    """The full names of all that a file imports, anywhere in it, also for types alone, by ``import_module``, and through the face."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by dots"
            found |= {resolved(node.module or "", each.name) for each in node.names}
            found |= {
                public()[each.name]
                for each in node.names
                if node.module == "simulator" and each.name in public()
            }
        elif isinstance(node, ast.Import):
            found |= {resolved(each.name, "") for each in node.names}
        elif isinstance(node, ast.Call) and "import_module" in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            found |= set(named(node, module))
    return frozenset(found)


def home(name: str) -> str:
    """The file, below ``simulator``, that a full name of the package stands in."""
    parts = name.split(".")[1:]
    return next(
        inner for length in range(len(parts), 0, -1) if (inner := ".".join(parts[:length])) in modules()
    )


def inside(module: str) -> set[str]:
    """The files of the package from which a file imports."""
    return {home(name) for name in imported(module) if name.startswith("simulator.")} - {module}


def below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def test_every_room_stands_in_the_order() -> None:
    there = {module.split(".")[0] for module in modules()}
    assert there == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_above_it(room: str) -> None:
    above = ROOMS[: ROOMS.index(room) + 1]
    wrong = {
        (module, other)
        for module in modules()
        if below(module, room)
        for other in inside(module)
        if other.split(".")[0] not in above
    }
    assert not wrong


@pytest.mark.parametrize("room", FILES)
def test_a_file_imports_only_from_files_above_it_in_its_room(room: str) -> None:
    order = [f"{room}.{file}" for file in FILES[room]]
    bare = {
        m
        for m, file in modules().items()
        if m.endswith("__init__") and len(ast.parse(file.read_text("utf-8")).body) <= 1
    }
    assert {module for module in modules() if below(module, room)} - bare == set(order)
    for place, module in enumerate(order):
        assert {other for other in inside(module) if below(other, room)} <= {*order[:place]}, module


def test_what_is_never_imported_is_not() -> None:
    broken = {
        (module, name)
        for module in modules()
        for who, what in NEVER
        if below(module, who)
        for name in imported(module)
        if below(name, what)
    }
    assert not broken


def test_tests_mirror_the_rooms() -> None:
    folders = {file.relative_to(TOP / "tests").parts[0] for file in (TOP / "tests").glob("*/**/*.py")}
    assert folders <= {*FILES, "browser", "calibration", "benchmarks", "faults", "fuzz"}


def test_only_the_documented_files_stand_at_the_top() -> None:
    allowed = {
        "simulator",
        "app.py",
        "scenarios",
        "tests",
        "requirements.txt",
        "README.md",
        "pyproject.toml",
        "docs",
    }
    built = {
        "build",
        *(path.name for path in TOP.glob("*.egg-info")),
    }  # what pip leaves behind; git ignores it
    visible = {path.name for path in TOP.iterdir() if not path.name.startswith((".", "__"))} - built
    assert visible <= allowed
