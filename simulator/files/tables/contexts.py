"""What captions, corners and notes say of a table as one: its unit, the one flow or year, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from simulator.files.tables import labels
from simulator.files.tables.blocks import Block
from simulator.files.tables.denominations import Denomination
from simulator.files.tables.labels import NOTHING, Label
from simulator.files.tables.roles import role_of
from simulator.files.tables.sheets import Sheet

LONGEST_UNIT = 40  # letters beside a currency in a caption that is about the unit
BY_CAPTION = (labels.SERVICES, labels.AVERAGE)  # what captions alone may say that figures are
_NOTE = re.compile(r"\(?(\*+|\d{1,2}\)|[\u00b9\u00b2\u00b3]|[a-z]\))\)?\s*(\S.*)")


@dataclass
class Context:
    """What is said of a table as one.

    ``label`` holds its unit, whether its months add up, and why it may hold no amounts of goods; ``flows``
    and ``years`` are those that captions name; ``notes`` what stands behind a footnote's mark; ``texts`` all
    captions and notes as printed.
    """

    label: Label = NOTHING
    texts: tuple[str, ...] = ()
    flows: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    notes: Mapping[str, Label] = field(default_factory=dict)

    @property
    def flow(self) -> str | None:
        """The one flow that captions name."""
        return next(iter(self.flows)) if len(self.flows) == 1 else None

    @property
    def year(self) -> int | None:
        """The one year that captions name."""
        return next(iter(self.years)) if len(self.years) == 1 else None

    def inherit(self, other: Context) -> None:
        """Take from another table of the sheet what is not said of this one."""
        kind = self.label.kind if self.texts else other.label.kind  # each speaks for itself, if it speaks
        self.label = replace(self.label.over(other.label), kind=kind)
        self.years = self.years or other.years
        self.notes = {**other.notes, **self.notes}


def contexts_of(sheet: Sheet, blocks: Sequence[Block], order: str | None) -> list[Context]:
    """What is said of each table of a sheet: captions of the first and notes below the last speak of all."""
    contexts = [_context(sheet, block, order) for block in blocks]
    for context in contexts:
        context.inherit(contexts[0])
        context.inherit(contexts[-1])
    return contexts


def _context(sheet: Sheet, block: Block, order: str | None) -> Context:
    captions, notes = _texts(sheet, block.captions), _texts(sheet, block.notes)
    captions += filter(_is_caption, _corner(sheet, block))
    above = [labels.parse(text, order) for text in captions if role_of(text) is None]
    below = [labels.parse(text, order) for text in notes]
    common = replace(_common([*above, *below]), kind=_kind(above))
    if len({label.denomination.exponent for label in above if _is_of_money(label)}) > 1:
        common = replace(common, denomination=Denomination(common.denomination.currency, None, several=True))
    context = Context(common, tuple(dict.fromkeys((*captions, *notes))))
    context.flows = frozenset(flow for label in above for flow in _flows(label))
    context.years = frozenset(filter(None, map(_year, above)))
    context.notes = _footnotes(notes, order)
    return context


def _corner(sheet: Sheet, block: Block) -> list[str]:
    """What stands beside the headings, above the rows' names."""
    return [sheet.grid.at(row, column).text for row in block.headings for column in block.names]


def _is_caption(text: str) -> bool:
    """Whether a text in a corner says something of the table, rather than heading the rows' names."""
    return bool(text) and role_of(text) is None


def _texts(sheet: Sheet, rows: Iterable[int]) -> list[str]:
    return [cell.text for row in rows for _, cell in sheet.grid.filled(row) if not cell.copied]


def _common(parsed: Iterable[Label]) -> Label:
    """The unit that some texts name, the first first, and whether months add up or are adjusted."""
    common = NOTHING
    for label in parsed:
        if _is_of_money(label) or len(label.name) < LONGEST_UNIT:
            common = replace(common, denomination=common.denomination.over(label.denomination))
        common = replace(
            common,
            cumulative=common.cumulative or label.cumulative,
            adjusted=common.adjusted or label.adjusted,
        )
    return common


def _kind(captions: Iterable[Label]) -> str | None:
    """Why figures are no amounts of goods, where captions say so."""
    return next((label.kind for label in captions if label.kind in BY_CAPTION), None)


def _is_of_money(label: Label) -> bool:
    """Whether a text names a unit of money."""
    return label.denomination.exponent is not None and label.kind != labels.QUANTITY


def _flows(label: Label) -> tuple[str, ...]:
    """The flows that a caption names; one that names both leaves open which is meant."""
    if label.both:
        return labels.EXPORTS, labels.IMPORTS
    return (label.flow,) if label.flow else ()


def _year(label: Label) -> int | None:
    """The year that a caption is about, not the one of the day on which it was written."""
    return label.moment.year if label.moment and label.moment.day is None else None


def _footnotes(texts: Iterable[str], order: str | None) -> dict[str, Label]:
    """What the notes say behind their marks."""
    notes: dict[str, Label] = {}
    for text in texts:
        match = _NOTE.match(text)
        if match:
            notes[match[1].strip("()")] = labels.parse(match[2], order)
    return notes
