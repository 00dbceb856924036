"""The words of a link: what lies on the desk and which sets are compared, as the page's address holds them.

A link is read word by word: one that makes no sense is left out, and said to be. What a query cannot hold,
files of the user's own and pinned variants, stands in the fragment (``parcel``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from simulator.files.reading import all_shipped
from simulator.report.charts.compare import MOST
from simulator.scenario.parameters import turned
from simulator.values.units import Unit, plain_decimals
from simulator.values.wording import plainly, show
from simulator.workspace import saving
from simulator.workspace.desk import Desk
from simulator.workspace.folder import Folder
from simulator.workspace.parcel import packed, unpacked
from simulator.workspace.pins import LETTERS
from simulator.workspace.scales import reach
from simulator.workspace.sets import NOW, UPLOAD, UPLOADS, Sets

SCENARIO = "scenario"
DEFAULT = "belarus-kazakhstan-2020"  # the scenario where a link names none
WITH, FIRST, AGAINST, NAME = "with", "first", "split", "name."  # words of the sets
LONGEST = 200  # letters of a complaint

Words = Mapping[str, str]


def is_of_sets(word: str) -> bool:
    """Whether a word of a link is one of the sets that are compared."""
    return word in (WITH, FIRST, AGAINST) or word.startswith(NAME)


# The desk


def of_desk(desk: Desk) -> dict[str, str]:
    """The scenario's name and every change, as ``--set`` would write its main value, to its last digit."""
    return {SCENARIO: desk.name, **_changes(desk)}


def _changes(desk: Desk) -> dict[str, str]:
    return {
        path: _exact(desk.knobs[path].unit, value) if path in desk.knobs else _word(value)
        for path, value in sorted(desk.values.items())
    }


def _exact(unit: Unit, value: float) -> str:
    """A number as ``_value`` reads it again: the same number, so that a link answers what its page does."""
    stated = unit.stated(value)
    return plain_decimals(Decimal(repr(stated))) if isinstance(stated, float) else stated


def desk_from(words: Words) -> tuple[Desk, list[str]]:
    """The desk that a link describes, and what of the link makes no sense and was left out."""
    name = words.get(SCENARIO, DEFAULT)
    changes = {path: text for path, text in words.items() if path != SCENARIO}
    if name not in all_shipped():
        complaints = [f"found no scenario {show(name)}, opened {DEFAULT}"]
        complaints += [f"{', '.join(changes)} left out with it"] if changes else []
        return Desk.of_shipped(DEFAULT), complaints
    desk = Desk.of_shipped(name)
    return desk, _turn(desk, changes)


def _turn(desk: Desk, changes: Words) -> list[str]:
    """Turn a desk as a link says, without a way back, and return what of it makes no sense."""
    values: dict[str, Any] = {}
    complaints = []
    for path, text in changes.items():
        try:
            value = _value(desk, path, text)
            turned(desk.base, values | {path: value})
        except (KeyError, ValueError) as error:
            complaints.append(_complaint(path, error))
        else:
            values[path] = value
    for path, value in values.items():
        desk.turn(path, value)
    desk.start_here()
    return complaints


def _value(desk: Desk, path: str, text: str) -> Any:
    """The value of a knob or a switch.

    Raises:
        KeyError: there is none of that path.
        ValueError: it cannot have the value.
    """
    if path in desk.knobs:
        knob = desk.knobs[path]
        return knob.unit.read_within(_number(text), *reach(desk, path))
    if path in desk.switches:
        options = {_word(option): option for option in desk.switches[path].options}
        if text not in options:
            raise ValueError(f"found {show(text)}, expected one of {', '.join(options)}")
        return options[text]
    raise KeyError("found no such slider in this scenario")


def _number(text: str) -> float | str:
    """A number as a number, for a file would not quote it; percents and months as they are."""
    try:
        return float(text)
    except ValueError:
        return text


def _word(value: Any) -> str:
    """The value of a switch."""
    return "random" if value is None else str(value).lower()


def _complaint(path: str, error: KeyError | ValueError) -> str:
    reason = str(error.args[0]) if isinstance(error, KeyError) else plainly(error).replace("\n", "; ")
    return reason[:LONGEST] if reason.startswith(path) else f"{path}: {reason[:LONGEST]}"


# The sets that are compared


def of_sets(sets: Sets, desk: Desk) -> dict[str, str]:
    """The sets and their names, after the words of the desk where it is one of them."""
    words = of_desk(desk) if NOW in sets.ids(desk) and desk.shipped else {}
    return words if sets.untouched else words | _choices(sets, desk)


def _choices(sets: Sets, desk: Desk) -> dict[str, str]:
    """Which sets were picked, which was put first, which is shown step by step, what they were called."""
    ids = sets.ids(desk)
    usual = sorted(sets.chosen(desk), key=lambda id: id != NOW)  # their order, were none put first
    words = {WITH: ",".join(id for id in usual if id != NOW)}
    if list(ids) != usual:
        words[FIRST] = ids[0]
    if sets.against in ids[2:]:
        words[AGAINST] = sets.against
    return words | {f"{NAME}{id}": sets.names[id] for id in ids if id in sets.names}


def sets_from(words: Words, desk_named: bool, sets: Sets | None = None) -> tuple[Sets, list[str]]:
    """The sets that a link describes, and what of it makes no sense and was left out.

    Args:
        words: of the link.
        desk_named: whether it names a scenario for the desk: that is one of the sets then.
        sets: with what is pinned and uploaded; left out, nothing.
    """
    sets = sets or Sets()
    complaints = [*_pick(sets, words, desk_named), *_put_first(sets, words), *_name(sets, words)]
    return sets, complaints


def _pick(sets: Sets, words: Words, desk_named: bool) -> Iterator[str]:
    """Pick the scenarios that are named, and complain of the others."""
    there = sets.elsewhere
    wanted = [*filter(None, map(str.strip, words.get(WITH, "").split(",")))]
    known = [name for name in dict.fromkeys(wanted) if name in there]
    yield from (f"{WITH}: found no scenario {show(name)}" for name in wanted if name not in there)
    picked = [NOW, *known] if desk_named or len(known) < 2 else known
    if len(picked) > MOST:
        yield f"{WITH}: found {len(picked)} sets, took the first {MOST}"
    if known:
        sets.pick(picked)


def _put_first(sets: Sets, words: Words) -> Iterator[str]:
    """Which set the others are compared with, and whose difference is shown step by step."""
    picked = sets.picked or ()
    sets.first, sets.against = (words[key] if words.get(key) in picked else None for key in (FIRST, AGAINST))
    for key in (FIRST, AGAINST):
        if key in words and words[key] not in picked:
            yield f"{key}: found {show(words[key])}, which is none of the sets"


def _name(sets: Sets, words: Words) -> Iterator[str]:
    """Give the sets the names that the link has for them."""
    for word, name in words.items():
        if not word.startswith(NAME):
            continue
        id = word.removeprefix(NAME)
        if id in (sets.picked or ()):
            sets.call(id, name)
        else:
            yield f"{word}: found a name for none of the sets"


# What stands in the fragment


def parcel_of(desk: Desk, sets: Sets) -> str:
    """What of the desk and the sets no query can hold, as one word; empty where a query holds all."""
    content: dict[str, Any] = {}
    if not desk.shipped:
        content["desk"] = _content(desk)
    if sets.pins.desks:
        content["pins"] = {letter: _content(pinned, desk) for letter, pinned in sets.pins.desks.items()}
        content["names"] = dict(sets.pins.names)
    if sets.uploads:
        content["uploads"] = {id: _content(upload) for id, upload in sets.uploads.items()}
    return packed(content) if content else ""


def draft_of(desk: Desk) -> str:
    """A desk alone as a parcel, whatever lies on it."""
    return packed({"desk": _content(desk)})


def _content(desk: Desk, beside: Desk | None = None) -> dict[str, Any]:
    """A desk: the name of a shipped scenario, or the text of a file unless it is that of the one beside."""
    content: dict[str, Any] = {"name": desk.name, "set": _changes(desk)}
    if not desk.shipped and not (beside and desk.text == beside.text):
        content["text"] = desk.text
        if desk.text != desk.opened.text:
            content["opened"] = desk.opened.text
    if desk.reading:
        content |= {"file": desk.reading.mark, "saved": not desk.changed}
    return content


def opened(word: str, present: Desk, folder: Folder | None = None) -> tuple[Desk, Sets, list[str]]:
    """The desk and the sets of a parcel, and what of it makes no sense and was left out.

    Args:
        word: the parcel.
        present: the desk that the query describes, kept where the parcel has none.
        folder: whose files lie under the desks of the parcel that were read from them.

    Raises:
        ValueError: the word is no parcel, or a file in it has faults.
    """
    content, complaints = unpacked(word), list[str]()
    desk = _desk(content["desk"], present, complaints) if "desk" in content else present
    _lay_on_file(desk, content.get("desk"), folder)
    sets = Sets()
    for letter, pinned in _mapping(content, "pins").items():
        if letter in LETTERS:
            sets.pins.desks[letter] = _desk(pinned, desk, complaints)
            _lay_on_file(sets.pins.desks[letter], pinned, folder)
            sets.pins.call(letter, str(_mapping(content, "names").get(letter, "")))
    for number, upload in enumerate([*_mapping(content, "uploads").values()][:UPLOADS], 1):
        sets.uploads[f"{UPLOAD}{number}"] = _desk(upload, desk, complaints)
    sets.number(len(sets.uploads))
    return desk, sets, complaints


def _lay_on_file(desk: Desk, content: Any, folder: Folder | None) -> None:
    """Lay a desk on its file again, if its parcel says that it was read from one."""
    mark = content.get("file") if isinstance(content, Mapping) else None
    if folder is not None and isinstance(mark, str):
        saving.attach(desk, folder, mark, content.get("saved") is True)


def _mapping(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = content.get(key, {})
    return part if isinstance(part, Mapping) else {}


def _desk(content: Any, beside: Desk, complaints: list[str]) -> Desk:
    """The desk that a part of a parcel describes; what makes no sense joins the complaints.

    Raises:
        ValueError: its file has faults, or there is none.
    """
    content = content if isinstance(content, Mapping) else {}
    name, text, opened = str(content.get("name", "")), content.get("text"), content.get("opened")
    if isinstance(text, str):
        desk = Desk.of_upload((opened if isinstance(opened, str) else text).encode(), name)
        desk.edit(text)
    elif name in all_shipped():
        desk = Desk.of_shipped(name)
    else:
        desk = beside.untouched()
    changes = {str(path): str(word) for path, word in _mapping(content, "set").items()}
    complaints += _turn(desk, changes)
    return desk
