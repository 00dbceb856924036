"""What people call a measure in a sentence, and whether that is one thing or several.

A name that a file writes with a capital has none inside a sentence where its first word is one of everyday
trade and no proper noun follows (New Zealand); any other word keeps the letter it has.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from simulator.scenario import Scenario, Stream
from simulator.scenario.measures import parts
from simulator.values.numerals import enumeration

RESTS = frozenset(("all", "other", "others", "remaining", "rest"))  # whatever follows: Other Asian markets
TRADED = """
agricultural agriculture agro aircraft alcohol aluminium animal apparel arms automobile banking
barley beef beverage big biggest building business capital car cattle cement cereal ceramic chemical
cloth clothing coal cocoa coffee commodity computer construction consumer consumption copper corn
cotton crop crude cut dairy diamond diesel digital drug durable edible electric electrical
electricity electronic energy engine engineering equipment export farm feed ferrous fertiliser
fertilizer financial finished fish flour fodder food footwear forest fresh frozen fruit fuel fur
furniture garment gas gem glass gold good grain hand handicraft health heavy high household
hydrocarbon import industrial industry information intermediate iron jewellery jewelry juice lamb
large largest lead leather light livestock low lumber machine machinery main maize major manufacture
manufactured many marine meat mechanical medical medicine merchandise metal milk mineral mining
mobile most motor natural new nickel non nut oil old ore organic packaging palm paper parts
passenger pearl petrochemical petroleum pharmaceutical phone plant plastic pork potash poultry power
precious primary processed product pulp pulse raw re refined rice road rock rubber salt sea seafood
second seed semiconductor service ship shoe shrimp silk silver skin small smartphone software some
soya special spice steel stone sugar sulphur supply tea technology telecom telephone textile timber
tin tobacco tool total tourism toy tractor trade traditional transport travel truck tyre uranium
used various vegetable vehicle weapon wheat wine wood wooden wool yarn zinc
"""
ORDINARY = frozenset(TRADED.split())
SINGULAR = frozenset(("gas", "glass", "brass", "news", "electronics", "apparatus", "business"))
HEAD_ENDS = re.compile(r"[\s_-](?:of|to|from|for|in|with|by|on|as|under)[\s_-]|[(,:;]")
BOTH = re.compile(r"[\s_-]and[\s_-]|&|/")


class Named(NamedTuple):
    """A name as it stands inside a sentence; ``plural`` says whether several things are meant."""

    text: str
    plural: bool


def named(scenario: Scenario, measure: str) -> Named:
    """What people call a measure: a stream by its name, a partner as trade with it, a sum by its parts."""
    partners = [part for part in parts(measure) if part in scenario.partners]
    names = [_one(scenario, part) for part in parts(measure) if part not in partners]
    if partners:
        names.append(Named(f"trade with {enumeration(partners)}", plural=False))
    plural = len(names) > 1 or names[0].plural
    return Named(enumeration(name.text for name in names), plural)


def _one(scenario: Scenario, part: str) -> Named:
    stream = scenario.streams.get(part)
    if stream is None:
        return Named(part, plural(part))
    if stream.name is None and stream.partner and _alone(scenario, stream):
        way = "to" if stream.direction == "exports" else "from"
        return Named(f"{stream.direction} {way} {stream.partner}", plural=True)
    name = uncapitalised(stream.name or part)
    return Named(name, plural(name))


def _alone(scenario: Scenario, stream: Stream) -> bool:
    """Whether a stream is all that goes that way with its partner."""
    return [_way(other) for other in scenario.streams.values()].count(_way(stream)) == 1


def _way(stream: Stream) -> tuple[str | None, str]:
    return stream.partner, stream.direction


def uncapitalised(name: str) -> str:
    """A name as it stands inside a sentence: ``Other imports`` as ``other imports``, ``China`` as it is."""
    word, *following = re.split(r"[\s,;:(/&]+", name, maxsplit=2)
    kind = word.lower()
    if not word.istitle() and not word[1:].islower():
        return name
    proper = bool(following) and following[0][:1].isupper()
    if kind in RESTS or (_ordinary(kind.split("-")[0]) and not proper):
        return name[0].lower() + name[1:]
    return name


def _ordinary(word: str) -> bool:
    endings = (word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word))
    return not ORDINARY.isdisjoint(endings)


def plural(name: str) -> bool:
    """Whether a name means several, by the last word of its head: ``imports of oil``, ``oil and gas``."""
    head = HEAD_ENDS.split(name, maxsplit=1)[0].strip()
    *front, last = re.split(r"[\s_-]", head)
    if BOTH.search(head):
        return True
    if front and last.istitle() and front[0].lower() not in RESTS:  # United States
        return False
    last = last.lower()
    return last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in SINGULAR


def headed(name: str) -> str:
    """A name as it begins a sentence or a title."""
    return name[:1].upper() + name[1:]
