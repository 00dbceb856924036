"""Whose trade with whom: of a table's facts those of the pair, as home or as the partner reports them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.errors import OtherCountries, StatisticsError, Unsettled
from simulator.files.tables import denominations, labels
from simulator.files.tables.choices import Choices, LeftOut, same, unsettled, word
from simulator.files.tables.countries import mentioned
from simulator.files.tables.facts import (
    COLUMNS,
    SECTIONS,
    Fact,
    dimensions_of,
    distinct_names,
    named_texts,
    read_names,
    without,
)
from simulator.files.tables.grids import Grid
from simulator.files.tables.owners import owners_of, whose_flow
from simulator.files.tables.roles import Role
from simulator.files.tables.sides import ROWS
from simulator.values.countries import code_of
from simulator.values.wording import show

REPORTER, PARTNER = str(Role.REPORTER), str(Role.PARTNER)
MOST_NAMED = 5  # names in a message
_SOURCE = re.compile(r"\bsources?\b|источник|statistical|bureau|статистич|\bстат\w*ком\w*|по данным|nguồn")
_BETWEEN = re.compile(r"\s+[-\u2013\u2014/|]\s+|\s*[/|()]\s*")
_MIRROR = {
    labels.EXPORTS: labels.IMPORTS,
    labels.IMPORTS: labels.EXPORTS,
    labels.RE_EXPORTS: labels.RE_IMPORTS,
    labels.RE_IMPORTS: labels.RE_EXPORTS,
}


@dataclass(frozen=True)
class Pair:
    """The facts of a pair, by who reports them; those of the partner with flows as home sees them.

    ``named``: the table names the partner, so that a total in it is one of goods, not of countries.
    ``ours``: it names a side of the pair, so that its figures are of no other.
    """

    home: str | None
    partner: str | None
    reported: tuple[Fact, ...]
    mirrored: tuple[Fact, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    recognised: tuple[str, ...] = ()
    named: bool = True
    ours: bool = True


def pair_of(grid: Grid, facts: list[Fact], captions: Iterable[str], choices: Choices) -> Pair:
    """The facts of the pair that is asked for.

    Raises:
        StatisticsError: the table names countries, and not this pair.
        Unsettled: it is on several, or does not tell whose statistics it holds.
    """
    texts = "\n".join(denominations.parse(labels.plain(text))[1] for text in captions)  # US dollars name none
    both = _naming_both(facts, choices) or _whose_flows(grid, facts, choices)
    if both is not None:
        return both
    dimensions = countries_in(facts, choices.partner)
    if REPORTER in dimensions and PARTNER in dimensions:
        return _by_both(grid, facts, choices)
    if not dimensions:
        return _by_captions(grid, facts, texts, choices)
    usual = [dimension for dimension in (PARTNER, ROWS, SECTIONS, COLUMNS) if dimension in dimensions]
    return _by_one(grid, facts, [*usual, *dimensions][0], texts, choices)


def _naming_both(facts: list[Fact], choices: Choices) -> Pair | None:
    """The facts whose heading or row names both sides, as ``Belarus's exports to Kazakhstan``.

    The side that is named first reports. None where there are no such facts.
    """
    home, partner = choices.home, choices.partner
    if home is None or partner is None:
        return None
    firsts = read_names(distinct_names(facts), lambda text: _first_of_two(text, home, partner))
    mine, theirs, others = (_with(facts, firsts, side) for side in (home, partner, None))
    if not mine and not theirs:
        return None
    recognised = f"headings or rows name {home} with {partner}: {len(mine)} cells"
    recognised += f"; {partner} with {home}: {len(theirs)}" if theirs else ""
    left = _left_out(others, f"not of {home} with {partner}")
    return Pair(home, partner, tuple(mine), mirrored(theirs), left, (recognised,))


def _whose_flows(grid: Grid, facts: list[Fact], choices: Choices) -> Pair | None:
    """The facts whose heading or row says whose flow they are, as ``Kazakhstan's exports``; None without any.

    Raises:
        Unsettled: it is the partner's, nothing is home's, and nobody says whose statistics they are.
    """
    home, partner = choices.home, choices.partner
    if home is None or partner is None:
        return None
    owners = owners_of(distinct_names(facts), home, partner)
    mine, theirs, others = (_with(facts, owners, side) for side in (home, partner, None))
    if not theirs or (choices.reporter is not None and not mine):
        return None
    if not mine:
        raise whose_flow(grid, theirs[0], home, partner)
    recognised = f"headings or rows name flows of {home}: {len(mine)} cells; of {partner}: {len(theirs)}"
    left = _left_out(others, f"of neither {home} nor {partner}")
    return Pair(home, partner, tuple(mine), mirrored(theirs), left, (recognised,))


def _left_out(others: Sequence[Fact], reason: str) -> tuple[LeftOut, ...]:
    return (LeftOut("other columns and rows", reason, len(others)),) if others else ()


def _with(facts: Iterable[Fact], firsts: Mapping[int, str | None], side: str | None) -> list[Fact]:
    """The facts whose names, each told by its identity, mention a side first, or (None) not both."""
    return [fact for fact in facts if firsts[id(fact.names)] == side]


def _first_of_two(text: str, home: str, partner: str) -> str | None:
    """Which of two countries a text mentions first, where it mentions both."""
    at_partner = _mention(text, partner)
    at_home = _mention(text, home) if at_partner is not None else None
    if at_partner is None or at_home is None:
        return None
    return home if at_home < at_partner else partner


def mirrored(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts of the partner's statistics as home sees them: its imports are home's exports."""
    return tuple(fact.renamed(_MIRROR.get(fact.label.flow or "", fact.label.flow)) for fact in facts)


def countries_in(facts: list[Fact], partner: str | None) -> list[str]:
    """The dimensions that name countries: by their role, or because many of their names are such."""
    names = dimensions_of(facts)
    texts = {name: named_texts(facts, name) for name in names}
    return [name for name in names if name in (REPORTER, PARTNER) or _of_countries(texts[name], partner)]


def _of_countries(texts: Sequence[str], partner: str | None) -> bool:
    """Whether some names are of countries: two are, or half, or one as the reader calls the partner."""
    known = sum(_country(text) is not None for text in texts)
    as_called = any(same(text, partner) for text in texts)
    return as_called or known >= 2 or 2 * known >= len(texts) > 0


def _country(text: str) -> str | None:
    """The country that a name is, in one of its languages, or that is left of ``Exports to Kazakhstan``."""
    codes = (code_of(part) for part in (*_languages(text), labels.parse(text).name))
    return next((code for code in codes if code), None)


def _languages(text: str) -> list[str]:
    """A name, and the parts of one printed in two languages: ``Trung Quốc - China``."""
    return [text, *_BETWEEN.split(text)]


def _of(facts: Iterable[Fact], dimension: str, country: str | None) -> list[Fact]:
    """The facts of a country in a dimension."""
    codes = dimension in (REPORTER, PARTNER)
    known: dict[tuple[str, ...], bool] = {(): False}
    chosen: list[Fact] = []
    for fact in facts:
        texts = fact.names.get(dimension, ())
        if texts not in known:
            known[texts] = any(_is_of(text, country, codes=codes) for text in texts)
        if known[texts]:
            chosen.append(fact)
    return chosen


def _is_of(text: str, country: str | None, *, codes: bool) -> bool:
    """Whether a name is a country's, or as a flow's names it, in whatever case: ``Импорт из Казахстана``."""
    label = labels.parse(text)
    by_flow = label.flow is not None and _mention(label.name, country) is not None
    names = (*_languages(text), label.name)
    return by_flow or any(same(name, country, codes=codes) for name in names)


def _some(names: Sequence[str]) -> str:
    """Some names and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(map(show, names[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


# Both sides named


def _by_both(grid: Grid, facts: list[Fact], choices: Choices) -> Pair:
    """Where every fact names reporter and partner."""
    home, partner = _sides(grid, facts, choices)
    mine, theirs = _between(facts, home, partner), _between(facts, partner, home)
    rest = len(facts) - len(mine) - len(theirs)
    if rest == len(facts):
        seen = sorted({" with ".join(pair_names(fact)) for fact in facts})
        expected = f"{home} with {partner}; name them as printed with --home, --partner"
        raise OtherCountries([grid.fault(None, None, f"found {_some(seen)}, expected {expected}")])
    left = (LeftOut("other rows", f"not of {home} with {partner}", rest),) if rest else ()
    recognised = f"reporter {home} with partner {partner}: {len(mine)} cells"
    recognised += f"; reporter {partner} with partner {home}: {len(theirs)}" if theirs else ""
    return Pair(home, partner, tuple(mine), mirrored(theirs), left, (recognised,))


def _sides(grid: Grid, facts: list[Fact], choices: Choices) -> tuple[str, str]:
    """The pair that is asked for, or the only one that a table names."""
    if choices.home is not None and choices.partner is not None:
        return choices.home, choices.partner
    return _only_pair(grid, facts, choices)


def _between(facts: Iterable[Fact], reporter: str, partner: str) -> list[Fact]:
    return _of(_of(facts, REPORTER, reporter), PARTNER, partner)


def _only_pair(grid: Grid, facts: list[Fact], choices: Choices) -> tuple[str, str]:
    """The one reporter and the one partner that a table names.

    Raises:
        Unsettled: there are several.
    """
    pairs = list(dict.fromkeys(map(pair_names, facts)))
    fitting = [pair for pair in pairs if fits(pair, choices)]
    if len(fitting) == 1:
        return fitting[0]
    words = [f"--home {word(home)} --partner {word(partner)}" for home, partner in fitting or pairs]
    raise unsettled(grid, "", f"found {len(pairs)} pairs of reporter and partner, expected one", words)


def fits(pair: tuple[str, str], choices: Choices) -> bool:
    """Whether a reporter and a partner are those that are asked for, as far as any are."""
    wanted = zip(pair, (choices.home, choices.partner), strict=True)
    return all(country is None or same(name, country) for name, country in wanted)


def pair_names(fact: Fact) -> tuple[str, str]:
    """The names of a fact's reporter and partner."""
    return first_name(fact, REPORTER), first_name(fact, PARTNER)


def first_name(fact: Fact, dimension: str) -> str:
    """The most telling name of a fact in a dimension: a name rather than a code."""
    texts = fact.names.get(dimension, ("",))
    return max(texts, key=lambda text: (not text.isdecimal(), len(text)))


# One side named


def _by_one(grid: Grid, facts: list[Fact], dimension: str, captions: str, choices: Choices) -> Pair:
    """Where facts name one country: the partner, or, in the partner's statistics, home."""
    partner = choices.partner or _only_name(grid, facts, dimension, choices)
    choices = replace(choices, partner=partner)
    of_partner, of_home = _of(facts, dimension, partner), _of(facts, dimension, choices.home)
    if not of_partner and not of_home:
        raise _other_countries(grid, facts, dimension, choices.home, partner)
    theirs = _are_partners(grid, dimension, (of_home, of_partner), captions, choices)
    first, second = (of_home, of_partner) if theirs else (of_partner, of_home)
    chosen = first or second
    whose = partner if theirs else choices.home or "home"
    recognised = (f"{dimension} {show(named_texts(chosen, dimension)[0])}: statistics of {whose}",)
    left = _others(facts, chosen, dimension)
    if theirs:
        return Pair(choices.home, partner, (), mirrored(chosen), left, recognised)
    return Pair(choices.home, partner, tuple(chosen), (), left, recognised)


def _other_countries(
    grid: Grid, facts: list[Fact], dimension: str, home: str | None, partner: str
) -> StatisticsError:
    """The fault of a table that names countries, and neither side of the pair."""
    names = [text for text in named_texts(facts, dimension) if not labels.parse(text).total]
    expected = partner if home is None else f"{partner}, or {home} in the statistics of {partner}"
    message = f"found {_some(names)}, expected {expected}; name it as printed with --partner"
    return OtherCountries([grid.fault(None, None, message)])


def _are_partners(
    grid: Grid, dimension: str, sides: tuple[list[Fact], list[Fact]], captions: str, choices: Choices
) -> bool:
    """Whether a table that names one country in a dimension holds the partner's statistics.

    Raises:
        Unsettled: it names home, and nothing says whose statistics it holds.
    """
    of_home, of_partner = sides
    if choices.reporter is not None:
        return same(choices.reporter, choices.partner)
    if of_home and (of_partner or _mention(captions, choices.partner) is None):
        raise _whose(grid, dimension, choices.home, str(choices.partner), both=bool(of_partner))
    return not of_partner


def _whose(grid: Grid, dimension: str, home: str | None, partner: str, *, both: bool) -> Unsettled:
    """The question whose statistics a table holds that names home, for a country is not its own partner."""
    named = f"both {home} and {partner}" if both else f"{home}, and not {partner}"
    message = f"found {named} in {dimension}, expected to know whose trade with them the table holds"
    words = [f"--reporter {word(name)}" for name in (home, partner) if name]
    return unsettled(grid, "", message, words)


def _only_name(grid: Grid, facts: list[Fact], dimension: str, choices: Choices) -> str:
    """The one country that a table names.

    Raises:
        Unsettled: there are several.
    """
    names = [text for text in named_texts(facts, dimension) if not labels.parse(text).total]
    distinct = {code_of(text, codes=True) or text: text for text in names if not same(text, choices.home)}
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    message = f"found {len(distinct)} names in {dimension}, expected to know which is the partner"
    raise unsettled(grid, "", message, [f"--partner {word(text)}" for text in distinct.values()])


def _others(facts: list[Fact], chosen: list[Fact], dimension: str) -> tuple[LeftOut, ...]:
    """What is written of the facts of other countries."""
    rest = without(facts, chosen)
    named = [fact for fact in rest if dimension in fact.names]
    parts: tuple[LeftOut, ...] = ()
    if named:
        names = list(dict.fromkeys(first_name(fact, dimension) for fact in named))
        parts = (LeftOut(dimension, f"other names, {_some(names)}", len(named)),)
    unnamed = without(rest, named)
    if unnamed:
        parts += (LeftOut(f"{unnamed[0].place} and others", "of no single country", len(unnamed)),)
    return parts


# No side named


def _by_captions(grid: Grid, facts: list[Fact], captions: str, choices: Choices) -> Pair:
    """Where only captions may name countries.

    Raises:
        StatisticsError: --reporter names neither side.
        Unsettled: they name home behind the partner, or without it.
    """
    home, partner = choices.home, choices.partner
    reporter, why = _reporter(grid, captions, choices)
    named = _mention(captions, partner) is not None
    ours = _mention(captions, partner or home) is not None
    if reporter is not None and partner is not None and same(reporter, partner):
        whose = f"{why}: statistics of {partner}"
        return Pair(home, partner, (), mirrored(facts), (), (whose,), named, ours)
    if reporter is not None and home is not None and not same(reporter, home):
        raise grid.error(None, None, f"found --reporter {show(reporter)}, expected {home} or {partner}")
    whose = f"{why}: statistics of {home or 'home'}"
    return Pair(home, partner, tuple(facts), (), (), (whose,), named, ours)


def _reporter(grid: Grid, captions: str, choices: Choices) -> tuple[str | None, str]:
    """Whose statistics a table holds, None for home's by default, and what says so."""
    if choices.reporter is not None:
        return choices.reporter, "as --reporter says"
    home, partner = choices.home, choices.partner
    office = _office(captions, home, partner)
    if office is not None:
        return office, "by the source that the table names"
    return _first_named(grid, captions, home, partner)


def _first_named(grid: Grid, captions: str, home: str | None, partner: str | None) -> tuple[str | None, str]:
    """Whose statistics a table holds by the order in which its captions name the two.

    Raises:
        Unsettled: they name home behind the partner, or without it.
    """
    at_home, at_partner = _mention(captions, home), _mention(captions, partner)
    if at_home is None:
        named = "no country is named" if at_partner is None else f"captions name {partner}"
        return None, f"{named} (--reporter may say otherwise)"
    if at_partner is not None and at_home < at_partner:
        return home, f"captions name {home} first (--reporter may say otherwise)"
    seen = f"{home} alone" if at_partner is None else f"{partner} before {home}"
    message = f"found captions that name {seen}, expected to know whose statistics they are"
    raise unsettled(grid, "", message, [f"--reporter {word(name)}" for name in (home, partner) if name])


def _office(captions: str, home: str | None, partner: str | None) -> str | None:
    """The country whose office the lines name that state a source; None where they name neither or both."""
    lines = "\n".join(line for line in captions.splitlines() if _SOURCE.search(line))
    named = [country for country in (home, partner) if _mention(lines, country) is not None]
    return named[0] if len(named) == 1 else None


def _mention(text: str, country: str | None) -> int | None:
    """Where a text first names a country."""
    code = code_of(country, codes=True) if country else None
    return mentioned(text, code) if code else None
