"""Assumptions of a scenario as rows of a workbook: target, outlook, streams, measures, risks.

One row a number, switch or word, in the order of the ledger; units, bounds and help are the vocabulary's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from simulator.files.workbook.form import PATH, Column, Entry, Kind, Row
from simulator.levers.driver import Driver
from simulator.scenario import Scenario
from simulator.scenario.ledger import Leaf, plain, tree
from simulator.scenario.parameters import knobs_by_path, switches
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import Each, In, titles
from simulator.values.forms import FORMS
from simulator.values.periods import Period
from simulator.values.rates import MARK
from simulator.values.uncertain import Uncertain
from simulator.values.wording import capital

VALUE, SOURCE = "Value or likely", "Source"
# the parameters of a form -> the columns in which they stand; a form with others is written as a text
PARTS = {
    "low": "Low",
    "likely": VALUE,
    "mean": VALUE,
    "high": "High",
    "p5": "5 %",
    "p95": "95 %",
    "sd": "SD",
}
COLUMNS = (
    Column("Of", 30),
    Column("Assumption", 30),
    Column("Low", 11, "The least that it can be, beside a likely value and the most."),
    Column(VALUE, 16, "The value; of a range the likeliest one, of mean and SD the mean."),
    Column("High", 11, "The most that it can be."),
    Column("5 %", 11, "The value below which it stays in 5 of 100 cases; together with the 95 % alone."),
    Column("95 %", 11, "The value below which it stays in 95 of 100 cases."),
    Column("SD", 11, "Standard deviation, beside a mean in the column of the value."),
    Column("Unit", 20),
    Column("Usual range", 24),
    Column("Basis", 17),
    Column(SOURCE, 48),
    Column("What it means", 60),
    Column(PATH, 44, "By this a row is known again: leave it as it is."),
)
GUIDE = (
    "Yellow cells may be changed. A value alone is certain; low, likely and high are a range with a "
    "likeliest value; 5 % and 95 % alone are a range without one; a mean with an SD is a bell curve.",
    "A cleared cell takes the value out of the file; its default holds then, where there is one.",
)


def assumption_rows(scenario: Scenario, stated: Mapping[str, Any], sections: Sequence[str]) -> Iterator[Row]:
    """The rows of some sections of a scenario.

    Args:
        scenario: whose.
        stated: what its file holds, plainly.
        sections: their names, in order.
    """
    rows = _Rows(scenario, stated)
    nodes = tree(scenario)
    for section in sections:
        yield from rows.below(Address.of(section), nodes[section])


class _Rows:
    """Makes rows of the leaves of a ledger."""

    def __init__(self, scenario: Scenario, stated: Mapping[str, Any]) -> None:
        self.scenario, self.stated = scenario, stated
        self.knobs = knobs_by_path(scenario)
        self.switches = {switch.path: switch for switch in switches(scenario)}

    def below(self, address: Address, node: Any) -> Iterator[Row]:
        """The rows of what stands at an address; what has a name has a row of it before them."""
        if isinstance(node, Leaf):
            yield from self.leaf(address, node)
            return
        holder = address.get(self.scenario)
        if len(address) == 2 and isinstance(holder, BaseModel) and "name" in type(holder).model_fields:
            yield self.name(address, holder)
        numbered = address == ("target",)
        for key, child in node.items():
            yield from self.below(address / (int(key) if numbered and key.isdecimal() else key), child)

    def name(self, address: Address, holder: Any) -> Row:
        """What a lever, risk or stream is called."""
        entry = Entry(Kind.TEXT, address / "name", self.raw(address / "name"))
        words = {"Of": self.called(address), "Assumption": "Name", "What it means": _help(holder, "name")}
        return Row(str(entry.address), words, {VALUE: entry}, title=True)

    def leaf(self, address: Address, leaf: Leaf) -> Iterator[Row]:
        """The row of one value, or of each number of a mapping."""
        holder = _holder(self.scenario, address)
        metadata = (
            type(holder).model_fields[address.name].metadata if isinstance(holder, BaseModel) else [MARK]
        )
        items, mark = Each.of(metadata), In.of(metadata)
        if isinstance(leaf.value, Mapping) and items:
            for key, value in leaf.value.items():
                yield self.number(address / key, value, replace(leaf, value=value), items.mark)
        elif mark is not None or isinstance(leaf.value, Uncertain):
            yield self.number(address, leaf.value, leaf, mark or MARK.mark)
        else:
            yield self.words(address, leaf)

    def words(self, address: Address, leaf: Leaf) -> Row:
        """The row of what is no number: a switch, a period, a text, a list."""
        raw, written = self.raw(address), plain(leaf.value)
        switch = self.switches.get(str(address))
        if isinstance(leaf.value, Period):
            entry = Entry(Kind.PERIOD, address, raw)
        elif switch is not None:
            entry = Entry(Kind.CHOICE, address, raw, switch.value, options=switch.options)
        elif isinstance(leaf.value, bool):
            entry = Entry(Kind.CHOICE, address, raw, leaf.value, options=(False, True))
        else:
            default = written if written != [] else None
            entry = Entry(Kind.TEXT, address, raw, default, fixed=address.name == "kind")
        return self.row(address, leaf, {VALUE: entry}, "")

    def number(self, address: Address, value: Any, leaf: Leaf, mark: In) -> Row:
        """The row of a number, each parameter of its form in a cell of its own."""
        stated, written = self.raw(address), _as_written(value, mark)
        shown = written if stated is None else stated
        blank = Entry(Kind.NUMBER, address, None, None, mark.unit, mark.low, mark.high, self.usual(address))
        several = isinstance(value, Uncertain) or (value is None and _uncertain_at(self.scenario, address))
        entries = {VALUE: blank}
        if several:
            entries = {column: replace(blank, **_of_part(mark, key)) for key, column in PARTS.items()}
        form = _form_of(shown)
        if form is None:
            entries[VALUE] = replace(blank, raw=stated, default=written)
        else:
            entries |= self.parts(blank, form, mark, stated, shown)
        return self.row(address, leaf, entries, self.range(blank), several)

    def parts(
        self, blank: Entry, form: type[Uncertain], mark: In, stated: Any, shown: Mapping[str, Any]
    ) -> dict[str, Entry]:
        """The cells of the parameters of a form, by column."""
        entries = {}
        for key in form.keys:
            place = blank.address / key
            entries[PARTS[key]] = replace(
                blank,
                address=place,
                raw=None if stated is None else stated[key],
                default=shown[key],
                usual=self.usual(place if key in form.ends else blank.address),
                **_of_part(mark, key),
            )
        return entries

    def row(
        self, address: Address, leaf: Leaf, entries: dict[str, Entry], reach: str, several: bool = False
    ) -> Row:
        """A row with what people call the value, and where it comes from."""
        holder = _holder(self.scenario, address)
        named = titles(self.scenario, address)[2 if self.owned(address) else 1 :]
        source = self.source(address, leaf)
        if source is not None:
            entries = {**entries, SOURCE: source}
        number = any(entry.kind is Kind.NUMBER for entry in entries.values())
        where = leaf.source if number and leaf.value is not None else ""
        words = {
            "Of": self.called(address),
            "Assumption": capital(", ".join(named)),
            "Unit": leaf.unit,
            "Usual range": reach,
            "Basis": Basis.of(where).words if where else "",
            SOURCE: where,
            "What it means": _help(holder, address.name),
        }
        return Row(str(address), words, entries, address if several else None)

    def source(self, address: Address, leaf: Leaf) -> Entry | None:
        """The cell of the source of a lever's or risk's field; None where a file has no place for it."""
        holder = address.owner.get(self.scenario)
        if not isinstance(holder, Driver) or len(address) != 3 or address.name == "kind":
            return None
        place = address.owner.join(("sources", address.name))
        number = (
            leaf.value is not None and In.of(type(holder).model_fields[address.name].metadata) is not None
        )
        return Entry(Kind.TEXT, place, self.raw(place), leaf.source if number else None)

    def raw(self, address: Address) -> Any:
        """What the file has at an address."""
        return address.get(self.stated, None)

    def owned(self, address: Address) -> bool:
        """Whether it stands below a lever, a risk, a stream, a shock, or one of several targets."""
        section = address.section
        return section in ("levers", "risks", "streams", "shocks") or isinstance(address[1], int)

    def called(self, address: Address) -> str:
        """What people call that which has the value."""
        if not self.owned(address):
            return capital(address.section)
        if address.section == "target":
            return f"Target {int(address[1]) + 1}"
        holder = address.owner.get(self.scenario)
        return str(getattr(holder, "name", None) or address.id)

    def usual(self, address: Address) -> tuple[float, float] | None:
        """How far a slider takes the number."""
        knob = self.knobs.get(str(address))
        return None if knob is None else (knob.low, knob.high)

    @staticmethod
    def range(entry: Entry) -> str:
        """The usual range in words; the hard bounds where there is none."""
        low, high = entry.usual or (entry.low, entry.high)
        if not (math.isfinite(low) and math.isfinite(high)):
            return ""
        rounded = [end if entry.unit.integer else float(f"{end:.4g}") for end in (low, high)]
        return " to ".join(map(entry.unit.text, rounded))


def _of_part(mark: In, key: str) -> dict[str, Any]:
    """Unit and bounds of a parameter that a number has in one of its forms."""
    form = next(form for form in FORMS if key in form.keys)
    part = mark.part(form, key)
    return {"unit": part.unit, "low": part.low, "high": part.high}


def _holder(scenario: Scenario, address: Address) -> Any:
    """The model or mapping that has the value at an address; of a single target that one."""
    holder = address.parent.get(scenario)
    return holder[0] if isinstance(holder, tuple) else holder


def _as_written(value: Any, mark: In) -> Any:
    """A number as a file states it; None where there is none."""
    if isinstance(value, Uncertain):
        return value.written()
    return None if value is None else mark.unit.written(value)


def _form_of(shown: Any) -> type[Uncertain] | None:
    """The form of a written number whose parameters have columns of their own."""
    keys = set(shown) if isinstance(shown, Mapping) else set()
    return next((form for form in FORMS if set(form.keys) == keys and keys <= set(PARTS)), None)


def _uncertain_at(scenario: Scenario, address: Address) -> bool:
    holder = _holder(scenario, address)
    return isinstance(holder, BaseModel) and "Uncertain" in str(
        type(holder).model_fields[address.name].annotation
    )


def _help(holder: Any, name: str) -> str:
    """What a field means."""
    field = type(holder).model_fields.get(name) if isinstance(holder, BaseModel) else None
    return capital(field.description or "") if field else ""
