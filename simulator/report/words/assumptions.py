"""What people call an assumption, a change of it; and what a document says of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.analysis.compare import Comparison
from simulator.model.result import Result
from simulator.report.words.values import spaced, value_words
from simulator.scenario.changes import SECTIONS, Change, Edit
from simulator.scenario.ledger import ABSENT, Assumption, Leaf
from simulator.scenario.remarks import Comment
from simulator.values.address import MISSING, Address
from simulator.values.basis import Basis
from simulator.values.fields import titles
from simulator.values.numerals import counted

NAMED = (*SECTIONS, "streams")  # sections whose members have names
JUDGED, SOURCED = Basis.JUDGEMENT.words, Basis.STUDY.words  # what a value rests on, in a table
PRECISION = (
    "A figure without an error is known to half its last published digit; growth is on the same period a "
    "year earlier."
)
READINGS = (
    "Each reading stands in for the published figures as a whole, and gives one alternative of the range."
)
SETTINGS = "model settings"  # what people call the outlook
SECTION_NAMES = {
    "data": "published figures",
    "observations": "published figures",
    "alternatives": "other readings of the figures",
    "levers": "all levers",
    "risks": "all risks",
    "outlook": SETTINGS,
}


def path_words(comparison: Comparison, path: Address) -> tuple[str, str]:
    """What stands at a path, as a person names it: what it belongs to, and the rest."""
    section, *rest = map(str, path)
    head = SECTION_NAMES.get(section, spaced(section))
    if section == "outlook":
        return head, " ".join(titles(comparison.first.scenario.outlook, rest))
    if section in NAMED and rest:
        key, *rest = rest
        names = titles(_member(comparison, section, key), rest)
        return _member_name(comparison, section, key), " ".join(names)
    return head, " ".join(rest if section == "observations" else map(spaced, rest))


def _member(comparison: Comparison, section: str, key: str) -> Any:
    """The lever, risk or stream in the first set that has it; None where none does."""
    sections = (getattr(member.result.scenario, section) for member in comparison.sets)
    return next((members[key] for members in sections if key in members), None)


def _member_name(comparison: Comparison, section: str, key: str) -> str:
    """The name of a lever, risk or stream in the first set that gives it one; else its id."""
    sections = (getattr(member.result.scenario, section) for member in comparison.sets)
    names = (members[key].name for members in sections if key in members)
    return next(filter(None, names), key)


def change_words(comparison: Comparison, change: Change) -> str:
    """A change as a person names it: ``New assembly ventures (how many)``, ``A slump (on)``."""
    if len(change.edits) == 1:
        (edit,) = change.edits
        if edit.path.section in SECTIONS and len(edit.path) == 2:
            return f"{path_words(comparison, edit.path)[0]} ({_switched(comparison, edit)})"
    pairs = [path_words(comparison, Address.parse(name)) for name in change.name.split(" and ")]
    return " and ".join(f"{head} ({rest})" if rest else head for head, rest in pairs)


def _switched(comparison: Comparison, edit: Edit) -> str:
    """What another set does with a whole lever or risk of the first."""
    if edit.value is MISSING:
        return "off"
    before = edit.path.get(comparison.first.scenario, None)
    return "on" if before is None or not before.enabled else "of another kind"


def assumption_words(result: Result, assumption: Assumption, place: int) -> str:
    """What one set assumes: ``1 % (0-4.1 %)``, on, off, a kind of lever, not there.

    ``result`` is the answer to that set.
    """
    node = assumption.nodes[place]
    if not _shown(assumption, place):
        return ""
    if node is ABSENT:
        return "not there"
    if not isinstance(node, Leaf):
        return _lever_words(node) if "kind" in node else value_words(result, node)
    if assumption.path[0] == "alternatives":
        beside = place > 0 and assumption.nodes[0] is not ABSENT
        return counted(_figures(node), "other figure" if beside else "figure")
    return value_words(result, node)


def _figures(reading: Leaf) -> int:
    """How many figures another reading of the data has, those of series one by one."""
    return sum(item.count for item in reading.value)


def _lever_words(node: Mapping[str, Leaf]) -> str:
    """A whole lever or risk: its kind, and whether it is off."""
    kind = spaced(str(node["kind"].value))
    return kind if node["enabled"].value else f"{kind}, off"


def basis_word(source: str) -> str:
    """Whether a value rests on our assumption or on a study, by the source that is named for it."""
    return Basis.of(source).words


def basis_words(assumption: Assumption) -> str:
    """Whether the values that are shown rest on a study or on our assumption."""
    return ", ".join(dict.fromkeys(basis_word(source) for _, source in shown_sources(assumption)))


def shown_sources(assumption: Assumption) -> list[tuple[int, str]]:
    """The place of each set whose value is shown, with the value's source, where one is named."""
    return [
        (place, source)
        for place, source in enumerate(assumption.sources)
        if source and _shown(assumption, place)
    ]


def source_words(source: str) -> str:
    """A source that is named in a file, as people read it: what it says, or what it is."""
    reason, basis = Basis.reason(source), Basis.of(source)
    if not source.startswith(Basis.JUDGEMENT):
        return reason
    return f"{basis.words}: {reason}" if reason else basis.words


def _shown(assumption: Assumption, place: int) -> bool:
    """Whether the value of a set is shown: of the first always, else where it differs from that."""
    return not place or place in assumption.differs


def judgement_sentence(values: int, judged: int) -> str:
    """How many of the values that a scenario states rest on our assumption."""
    return (
        f"Of {counted(values, 'value')} that the scenario states for its outlook, streams, measures and "
        f"risks, {judged} rest{'s' if judged == 1 else ''} on our assumption."
    )


def comment_sentence(comment: Comment) -> str:
    """What somebody said of an input, on one line."""
    return f"Comment by {comment.signature}: {' '.join(comment.text.split())}"
