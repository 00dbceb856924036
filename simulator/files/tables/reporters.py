"""Whose trade with whom: of a table's facts those of the pair, as home reports them or as the partner does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.errors import Fault, StatisticsError
from simulator.files.tables import denominations, labels
from simulator.files.tables.choices import Choices, LeftOut, same, unsettled, word
from simulator.files.tables.countries import code_of, mentioned
from simulator.files.tables.facts import COLUMNS, ROWS, SECTIONS, Fact, named_texts
from simulator.files.tables.grids import Grid
from simulator.files.tables.roles import Role
from simulator.values.wording import show

REPORTER, PARTNER = Role.REPORTER.value, Role.PARTNER.value
_SOURCE = re.compile(r"\bsources?\b|источник|statistical|bureau|статистич|\bстат\w*ком\w*|по данным|nguồn")
_MIRROR = {
    labels.EXPORTS: labels.IMPORTS,
    labels.IMPORTS: labels.EXPORTS,
    labels.RE_EXPORTS: labels.RE_IMPORTS,
    labels.RE_IMPORTS: labels.RE_EXPORTS,
}


@dataclass(frozen=True)
class Pair:
    """The facts of a pair, by who reports them; those of the partner with flows as home sees them."""

    home: str | None
    partner: str | None
    reported: tuple[Fact, ...]
    mirrored: tuple[Fact, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    recognised: tuple[str, ...] = field(default=())


def pair_of(grid: Grid, facts: list[Fact], captions: Iterable[str], choices: Choices) -> Pair:
    """The facts of the pair that is asked for.

    Raises:
        StatisticsError: the table names countries, and not this pair.
        Unsettled: it is on several, or does not tell whose statistics it holds.
    """
    dimensions = _dimensions(facts)
    if REPORTER in dimensions and PARTNER in dimensions:
        return _by_both(grid, facts, choices)
    if dimensions:
        dimension = next(
            (d for d in (PARTNER, ROWS, SECTIONS, COLUMNS) if d in dimensions), next(iter(dimensions))
        )
        return _by_one(grid, facts, dimension, choices)
    texts = [denominations.parse(labels.plain(text))[1] for text in captions]
    return _by_captions(grid, facts, " \n ".join(texts), choices)


def mirrored(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts of the partner's statistics as home sees them: its imports are home's exports."""
    return tuple(fact.renamed(_MIRROR.get(fact.label.flow or "", fact.label.flow)) for fact in facts)


def _dimensions(facts: list[Fact]) -> list[str]:
    """The dimensions that name countries: by their role, or because most of their names are such."""
    named: dict[str, bool] = {}
    for dimension in dict.fromkeys(name for fact in facts for name in fact.names):
        if dimension in (REPORTER, PARTNER):
            named[dimension] = True
            continue
        texts = named_texts(facts, dimension)
        known = sum(_country(text) is not None for text in texts)
        named[dimension] = known >= 2 or 2 * known >= len(texts) > 0
    return [dimension for dimension, names in named.items() if names]


def _country(text: str) -> str | None:
    """The country that a name is, or that a name such as ``Exports / Kazakhstan`` ends in."""
    return code_of(text) or code_of(labels.parse(text).name)


def _names(fact: Fact, dimension: str, country: str | None) -> bool:
    """Whether a fact is of a country in a dimension."""
    codes = dimension in (REPORTER, PARTNER)
    texts = fact.names.get(dimension, ())
    return any(same(text, country, codes=codes) or same(labels.parse(text).name, country) for text in texts)


# Both sides named


def _by_both(grid: Grid, facts: list[Fact], choices: Choices) -> Pair:
    """Where every fact names reporter and partner."""
    home, partner, recognised = choices.home, choices.partner, list[str]()
    if home is None or partner is None:
        home, partner = _only_pair(grid, facts, choices)
        recognised.append(f"reporter {home}, partner {partner}: the only ones named")
    mine = [fact for fact in facts if _names(fact, REPORTER, home) and _names(fact, PARTNER, partner)]
    theirs = [fact for fact in facts if _names(fact, REPORTER, partner) and _names(fact, PARTNER, home)]
    if not mine and not theirs:
        seen = sorted({f"{_first(fact, REPORTER)} with {_first(fact, PARTNER)}" for fact in facts})
        message = f"found {_some(seen)}, expected {home} with {partner}; name them as printed with --home, --partner"
        raise grid.error(None, None, message)
    rest = len(facts) - len(mine) - len(theirs)
    left = (LeftOut("other rows", f"not of {home} with {partner}", rest),) if rest else ()
    return Pair(home, partner, tuple(mine), mirrored(theirs), left, tuple(recognised))


def _only_pair(grid: Grid, facts: list[Fact], choices: Choices) -> tuple[str, str]:
    """The one reporter and the one partner that a table names.

    Raises:
        Unsettled: there are several.
    """
    pairs = list(dict.fromkeys((_first(fact, REPORTER), _first(fact, PARTNER)) for fact in facts))
    fitting = [
        pair
        for pair in pairs
        if (choices.home is None or same(pair[0], choices.home))
        and (choices.partner is None or same(pair[1], choices.partner))
    ]
    if len(fitting) == 1:
        return fitting[0]
    words = [f"--home {word(home)} --partner {word(partner)}" for home, partner in fitting or pairs]
    raise unsettled(grid, "", f"found {len(pairs)} pairs of reporter and partner, expected one", words)


def _first(fact: Fact, dimension: str) -> str:
    """The most telling name of a fact in a dimension: a name rather than a code."""
    texts = fact.names.get(dimension, ("",))
    return max(texts, key=lambda text: (not text.isdecimal(), len(text)))


# One side named


def _by_one(grid: Grid, facts: list[Fact], dimension: str, choices: Choices) -> Pair:
    """Where facts name one country: the partner, or, in the partner's statistics, home."""
    home, partner = choices.home, choices.partner
    if partner is None:
        partner = _only_name(grid, facts, dimension, choices)
    of_partner = [fact for fact in facts if _names(fact, dimension, partner)]
    of_home = [fact for fact in facts if _names(fact, dimension, home)]
    chosen = of_partner or of_home
    if not chosen:
        names = [text for text in named_texts(facts, dimension) if not labels.parse(text).total]
        expected = f"{partner}" if home is None else f"{partner}, or {home} in the statistics of {partner}"
        message = f"found {_some(names)}, expected {expected}; name it as printed with --partner"
        raise grid.error(None, None, message)
    by_partner = _reported_by_partner(choices, bool(of_partner))
    name = next(text for text in named_texts(chosen, dimension))
    said = f"{dimension} {show(name)}: statistics of {partner if by_partner else home or 'home'}"
    left = _others(facts, chosen, dimension)
    chosen_facts = tuple(chosen)
    if by_partner:
        return Pair(home, partner, (), mirrored(chosen_facts), left, (said,))
    return Pair(home, partner, chosen_facts, (), left, (said,))


def _reported_by_partner(choices: Choices, names_partner: bool) -> bool:
    """Whether figures are the partner's: because the reader says so, or because they name home only."""
    if choices.reporter is not None:
        return same(choices.reporter, choices.partner)
    return not names_partner


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
    """What is said of the facts of other countries."""
    taken = {id(fact) for fact in chosen}
    rest = [fact for fact in facts if id(fact) not in taken]
    names = list(dict.fromkeys(_first(fact, dimension) for fact in rest if fact.names.get(dimension)))
    parts = []
    if names:
        count = sum(dimension in fact.names for fact in rest)
        parts.append(LeftOut(dimension, f"other names, {_some(names)}", count))
    unnamed = [fact for fact in rest if dimension not in fact.names]
    if unnamed:
        parts.append(LeftOut(f"{unnamed[0].place} and others", "of no single country", len(unnamed)))
    return tuple(parts)


# No side named


def _by_captions(grid: Grid, facts: list[Fact], text: str, choices: Choices) -> Pair:
    """Where only captions may name countries: the first is whose statistics they are.

    Raises:
        Unsettled: they name home behind the partner, or without it.
    """
    home, partner = choices.home, choices.partner
    if choices.reporter is not None:
        theirs = same(choices.reporter, partner)
        if not theirs and home is not None and not same(choices.reporter, home):
            message = f"found --reporter {show(choices.reporter)}, expected {home} or {partner}"
            raise StatisticsError([Fault(grid.label, None, "", message)])
        said = (f"statistics of {choices.reporter}, as --reporter says",)
        return Pair(
            home, partner, () if theirs else tuple(facts), mirrored(facts) if theirs else (), (), said
        )
    office = _office(text, home, partner)
    if office is not None:
        theirs = office == partner
        said = (f"statistics of {office}, by the source that the table names",)
        return Pair(
            home, partner, () if theirs else tuple(facts), mirrored(facts) if theirs else (), (), said
        )
    at_home, at_partner = (_mention(text, country) for country in (home, partner))
    if at_home is not None and (at_partner is None or at_partner < at_home):
        seen = f"{home} alone" if at_partner is None else f"{partner} before {home}"
        message = f"found captions that name {seen}, expected to know whose statistics they are"
        raise unsettled(grid, "", message, [f"--reporter {word(name)}" for name in (home, partner) if name])
    named = "no country is named" if at_partner is None else f"captions name {partner}"
    if at_home is not None:
        named = f"captions name {home} first"
    said = f"{named}: statistics of {home or 'home'} (--reporter says otherwise)"
    return Pair(home, partner, tuple(facts), (), (), (said,))


def _office(text: str, home: str | None, partner: str | None) -> str | None:
    """The country whose office the lines name that state a source; None where they name neither or both."""
    lines = " ".join(line for line in text.splitlines() if _SOURCE.search(line.lower()))
    named = [country for country in (home, partner) if _mention(lines, country) is not None]
    return named[0] if len(named) == 1 else None


def _mention(text: str, country: str | None) -> int | None:
    """Where a text first names a country; US dollars name none."""
    code = code_of(country, codes=True) if country else None
    return mentioned(text, code) if code else None


def _some(names: list[str]) -> str:
    """Some names and how many more there are."""
    shown = ", ".join(show(name) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
