"""What was changed in a workbook -> the text of a scenario, in place; nothing else of it is touched.

The file may have been changed as well since the workbook was written: what was changed in one place only is
taken, what was changed in both is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import Fault, ScenarioError
from simulator.files.editing import edited, lengthened
from simulator.files.loading import layered, load_text
from simulator.files.opening import checked
from simulator.files.splices import plain
from simulator.files.strict_yaml import parse
from simulator.files.workbook.figures import ALTERNATIVES, OBSERVATIONS
from simulator.files.workbook.form import FIGURES
from simulator.files.workbook.reading import Edits, New, is_workbook, read
from simulator.scenario.ledger import legible
from simulator.scenario.remarks import APPROVED
from simulator.values.address import MISSING, Address
from simulator.values.forms import KEYS

VALUES = "values"


@dataclass(frozen=True)
class Brought:
    """The text of a scenario with the changes of a workbook in it.

    ``changes`` are those of the workbook in words, ``changed`` tells whether the text became another.
    """

    text: str
    changes: tuple[str, ...]
    changed: bool


def scenario_of(content: bytes, name: str) -> tuple[bytes, str]:
    """A scenario's text and name from what was opened: of a workbook the scenario in it, else as they are.

    Raises:
        ScenarioError: with every fault of the workbook, each with its cell.
    """
    if not is_workbook(content):
        return content, name
    return alone(read(content, name)).text.encode(), f"{Path(name).stem}.yaml"


def alone(edits: Edits) -> Brought:
    """The scenario of a workbook without its file: the text that it was made from, changed.

    Raises:
        ScenarioError: with every fault, each with its cell.
    """
    return brought(edits, edits.book.text, edits.name)


def brought(edits: Edits, content: str | bytes, name: str, file: Path | None = None) -> Brought:
    """A file with the changes of a workbook in it.

    Args:
        edits: the changes.
        content: the file.
        name: its name in messages.
        file: where it stands, for ``extends``.

    Raises:
        ScenarioError: with every fault, each with its cell where it has one.
    """
    stated = layered(content, name, file)[0].plain()
    before = text = content if isinstance(content, str) else content.decode()
    merge = _Merge(edits, stated, name)
    faults = [*edits.faults, *merge.faults]
    try:
        text = _written(merge, text, name)
        checked(load_text(text, name, file=file))
    except ScenarioError as error:
        faults += [merge.located(fault) for fault in error.faults]
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return Brought(text, tuple(_lines(edits)), text != before)


def _written(merge: _Merge, text: str, name: str) -> str:
    """The text with the changes in it; what a file takes over from another as one is stated as one.

    Raises:
        ScenarioError: the layout does not allow it, or a value has no written form.
    """
    changes, added = dict(merge.changes), dict(merge.added)
    upper = parse(text, name)[0].plain()
    if upper.get("extends") is not None:
        _take_over(merge, upper, changes, added)
    if (changes or added) and merge.stated.get(APPROVED) is not None:
        changes[Address.of(APPROVED)] = None  # nobody has approved what was changed
    if changes:
        text = edited(text, changes, name)
    return lengthened(text, {str(place): items for place, items in added.items()}, name) if added else text


def _take_over(
    merge: _Merge, upper: Mapping[str, Any], changes: dict[Address, Any], added: dict[Address, Any]
) -> None:
    """State as one the lists and uncertain numbers that are changed and stand in the file below alone."""
    outcome = merge.outcome
    for address in [*changes, *added]:
        holder = _taken_over(address, upper, merge.stated)
        if holder is not None:
            changes.pop(address, None)
            added.pop(address, None)
            changes[holder] = holder.get(outcome)


def _taken_over(address: Address, upper: Mapping[str, Any], stated: Mapping[str, Any]) -> Address | None:
    """The list or uncertain number around an address that a file takes over from what it extends."""
    for depth in range(1, len(address) + 1):
        holder = Address(address[:depth])
        if _stands_as_one(holder, stated) and holder.get(upper, None) is None:
            return holder
    return None


def _stands_as_one(holder: Address, stated: Mapping[str, Any]) -> bool:
    """Whether a value replaces as one where a file is laid over another."""
    value = holder.get(stated, None)
    if isinstance(value, dict):
        return len(holder) > 2 and bool(value) and set(value) <= set(KEYS)
    return isinstance(value, list)


class _Merge:
    """The changes of a workbook as changes of a file.

    ``stated`` is what the file holds with what it extends, ``changes`` and ``added`` are what ``edited`` and
    ``lengthened`` take; ``outcome`` is what it is to hold.
    """

    def __init__(self, edits: Edits, stated: Mapping[str, Any], name: str) -> None:
        self.edits, self.stated, self.name = edits, stated, name
        self.faults: list[Fault] = []
        self.changes: dict[Address, Any] = {}
        self.added: dict[Address, list[dict[str, Any]]] = {}
        self.cells = {
            path: cell for path, cell in edits.cells.items() if _list_of(Address.parse(path)) is None
        }
        lists = dict.fromkeys(filter(None, map(_list_of, (*edits.changes, *edits.added))))
        for address, value in edits.changes.items():
            if _list_of(address) is None:
                self.single(address, value)
        for place in lists:
            self.figures(place)

    @property
    def outcome(self) -> Any:
        """What the file is to hold."""
        tree: Any = dict(self.stated)
        for address, value in self.changes.items():
            tree = address.put(tree, MISSING if value is None else value)
        for place, items in self.added.items():
            tree = place.put(tree, [*_items(place.get(tree, None)), *items])
        return plain(tree)

    def single(self, address: Address, value: Any) -> None:
        """Take a new value over, unless the file has another by now."""
        before, now = (address.get(tree, None) for tree in (self.edits.book.plain, self.stated))
        if repr(now) == repr(before):
            self.changes[address] = value
        elif repr(now) != repr(value):
            self.conflict(self.edits.cells.get(str(address), ""), value, before, now)

    def conflict(self, cell: str, value: Any, before: Any, now: Any) -> None:
        """Note that the file was changed where the workbook was."""
        message = (
            f"found {_text_of(value)} in place of {_text_of(before)}, but {self.name} has {_text_of(now)} "
            "by now; expected one of the two to be as it was"
        )
        self.faults.append(Fault(self.edits.name, None, cell, message))

    def figures(self, place: Address) -> None:
        """Take over what became of the figures of one list."""
        before, now = (_items(place.get(tree, None)) for tree in (self.edits.book.plain, self.stated))
        numbers = _numbers(before, now)
        for number, item in enumerate(before):
            inner = {
                Address(address[len(place) + 1 :]): value
                for address, value in self.edits.changes.items()
                if address.within(place / number)
            }
            if inner:
                self.figure(place, number, numbers[number], _revised(item, inner), inner)
        self.lengthen(place, now, numbers)

    def figure(
        self, place: Address, number: int, target: int | None, new: Any, inner: Mapping[Address, Any]
    ) -> None:
        """Take over one figure that was changed or taken out, at its number in the file."""
        if target is None:
            now = _items(place.get(self.stated, None))
            if new is not None and repr(new) not in map(repr, now):
                before = _items(place.get(self.edits.book.plain, None))[number]
                cell = next(self.edits.cells[str((place / number).join(address))] for address in inner)
                self.conflict(cell, new, before, None)
        elif new is None:
            self.changes[place / target] = None
        else:
            self.changes |= dict(_of_fields(place / target, new, inner))

    def lengthen(self, place: Address, now: list[Any], numbers: Sequence[int | None]) -> None:
        """Add the figures that are new, and note which cell each figure of the outcome has."""
        stays = self.staying(place, len(now))
        new = _absent(self.edits.added.get(place, []), [now[number] for number in stays])
        if now and not stays:
            self.replace_all(place, new)
        elif new:
            self.added[place] = [item.figure for item in new]
        self.name_outcome(place, stays, numbers, new)

    def staying(self, place: Address, count: int) -> list[int]:
        """The numbers of the figures that are not taken out."""
        return [number for number in range(count) if self.changes.get(place / number, MISSING) is not None]

    def replace_all(self, place: Address, new: list[New]) -> None:
        """State a list anew of which all figures are taken out; another reading goes with its last one."""
        self.changes = {address: value for address, value in self.changes.items() if address.parent != place}
        figures = [item.figure for item in new]
        self.changes[place] = figures if figures or place.section == OBSERVATIONS else None
        self.cells[str(place)] = FIGURES

    def name_outcome(
        self, place: Address, stays: list[int], numbers: Sequence[int | None], new: list[New]
    ) -> None:
        """Note the cells of the figures that stay, and of the new ones behind them."""
        origin = {target: number for number, target in enumerate(numbers) if target is not None}
        for position, number in enumerate(stays):
            if number in origin:
                self.name_cells(place, origin[number], position)
        for position, item in enumerate(new, len(stays)):
            self.cells.setdefault(str(place), item.cells[Address()])
            self.cells |= {str((place / position).join(field)): cell for field, cell in item.cells.items()}

    def name_cells(self, place: Address, number: int, position: int) -> None:
        """Note the cells of a figure under the place that it will have."""
        start = str(place / number)
        for path, cell in self.edits.cells.items():
            if path == start or path.startswith(f"{start}."):
                self.cells[str(place / position) + path[len(start) :]] = cell

    def located(self, fault: Fault) -> Fault:
        """A fault of the outcome with the cell that it is about, if it is about one."""
        words = fault.path.split(".")
        for length in range(len(words), 0, -1):
            if cell := self.cells.get(".".join(words[:length])):
                return Fault(self.edits.name, None, cell, fault.message)
        if cell := self.cells.get(self.inside(fault)):
            return Fault(self.edits.name, None, cell, fault.message)
        return fault

    def inside(self, fault: Fault) -> str:
        """The changed path below that of a fault that it is about: the one it names, else the first."""
        start = f"{fault.path}." if fault.path else ""
        paths = [str(address) for address in self.changes if str(address).startswith(start)]
        named = [path for path in paths if fault.message.startswith(f"found no {path.split('.')[-1]},")]
        return next(iter(named or (paths if start else [])), "")


def _list_of(address: Address) -> Address | None:
    """The list of figures that an address belongs to, if it belongs to one."""
    if address.section == OBSERVATIONS:
        return Address(address[:1])
    return address.owner if address.section == ALTERNATIVES else None


def _items(value: Any) -> list[Any]:
    """The items of a list, which may be written as its only item."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _numbers(before: list[Any], now: list[Any]) -> list[int | None]:
    """For each item of a list the number that it has now; None where it is there no longer."""
    free = list(range(len(now)))
    numbers: list[int | None] = []
    for number, item in enumerate(before):
        fits = [other for other in free if repr(now[other]) == repr(item)]
        chosen = number if number in fits else fits[0] if fits else None
        if chosen is not None:
            free.remove(chosen)
        numbers.append(chosen)
    return numbers


def _absent(added: Sequence[New], now: list[Any]) -> list[New]:
    """The new figures that a list does not hold yet."""
    there = set(map(repr, now))
    return [item for item in added if repr(item.figure) not in there]


def _revised(item: Mapping[str, Any], inner: Mapping[Address, Any]) -> Any:
    """A figure with new values in it; None where it, or all that a series holds, is taken out."""
    if Address() in inner:
        return None
    new: dict[str, Any] = dict(item)
    for address, value in inner.items():
        key, *rest = address
        new[str(key)] = _with_item(new.get(str(key)), int(rest[0]), value) if rest else value
    kept = {key: value for key, value in new.items() if value not in (None, [None, None])}
    return None if kept.get(VALUES) and set(kept[VALUES]) == {None} else kept


def _with_item(listed: Any, number: int, value: Any) -> list[Any]:
    """A list with another value in it: the two ends of bounds where there is none yet."""
    items = list(listed or [None, None])
    items[number] = value
    return items


def _of_fields(
    place: Address, new: Mapping[str, Any], inner: Mapping[Address, Any]
) -> Iterator[tuple[Address, Any]]:
    """The changes of a figure: field by field, of the sums of a series one by one where none is taken out."""
    for address, value in inner.items():
        key = str(address[0])
        if key == VALUES and value is not None:
            yield place.join(address), value
        else:
            yield place / key, new.get(key)


def _lines(edits: Edits) -> Iterator[str]:
    """Each change as ``path: old -> new``, with its cell."""
    for address, value in edits.changes.items():
        old = address.get(edits.book.plain, edits.defaults.get(address))
        cell = edits.cells.get(str(address), "")
        yield f"{address}: {_text_of(old)} -> {_text_of(value)}" + (f" ({cell})" if cell else "")
    for place, items in edits.added.items():
        for item in items:
            yield f"{place}: new {_text_of(item.figure)} ({item.cells[Address()]})"


def _text_of(value: Any) -> str:
    return "nothing" if value is None else legible(value)
