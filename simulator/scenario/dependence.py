"""Levers and risks that depend on others: happen only if another does, or are drawn together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from simulator.levers.driver import Driver
from simulator.values.address import Address
from simulator.values.wording import unknown

SECTIONS = ("levers", "risks")
Drivers = Mapping[Address, Driver]


def required(place: Address, drivers: Drivers) -> Address | None:
    """The lever or risk that one requires, sought in its own section first.

    None where it requires none, or none that is there.
    """
    name = drivers[place].requires
    if name is None:
        return None
    beside = Address.of(place.section, name)
    if beside in drivers:
        return beside
    places = (Address.of(section, name) for section in SECTIONS)
    return next((other for other in places if other in drivers), None)


def chain(place: Address, drivers: Drivers) -> tuple[Address, ...]:
    """What a lever or risk requires, what that requires and so on; the nearest first."""
    links: dict[Address, None] = {}  # in their order
    link = required(place, drivers)
    while link is not None and link != place and link not in links:
        links[link] = None
        link = required(link, drivers)
    return tuple(links)


def dependents(off: frozenset[Address], drivers: Drivers) -> frozenset[Address]:
    """Some levers and risks, and all that happen only if one of these does."""
    if not off:
        return off
    falls = dict.fromkeys(off, True)
    for place in drivers:
        links = list[Address]()
        link: Address | None = place
        while link is not None and link not in falls:
            falls[link] = False  # unless what it requires falls
            links.append(link)
            link = required(link, drivers)
        if link is not None and falls[link]:
            falls.update(dict.fromkeys(links, True))
    return frozenset(place for place, fell in falls.items() if fell)


def at_work(drivers: Drivers) -> frozenset[Address]:
    """The levers and risks that are switched on, and all that they require too."""
    off = frozenset(place for place, driver in drivers.items() if not driver.enabled)
    return frozenset(drivers) - dependents(off, drivers)


class Bond(NamedTuple):
    """How the main value of a member of a group goes with the group's own normal.

    ``loading`` is its correlation with the normal of that ``column``.
    """

    column: str
    loading: float


def groups(drivers: Drivers) -> dict[str, tuple[Address, ...]]:
    """The members of each group that is drawn together, in the order of a file."""
    members: dict[str, tuple[Address, ...]] = {}
    for place, driver in drivers.items():
        if driver.together is not None:
            group = driver.together.group
            members[group] = (*members.get(group, ()), place)
    return members


def bonds(drivers: Drivers) -> dict[Address, Bond]:
    """The bond of every member of a group.

    Spearman's correlation of two values is that of a Gaussian copula with ``2 sin(pi r / 6)`` (Pearson 1907);
    below 0, the second of two goes against the first.
    """
    bound = {}
    for group, members in groups(drivers).items():
        for number, place in enumerate(members):
            together = drivers[place].together
            correlation = together.correlation if together else 0.0
            loading = math.sqrt(min(2 * math.sin(math.pi * abs(correlation) / 6), 1.0))
            bound[place] = Bond(f"together.{group}", -loading if correlation < 0 and number else loading)
    return bound


def dependence_faults(drivers: Drivers) -> Iterator[tuple[Address, str]]:
    """Levers and risks that require what is not there or one another; groups that do not hang together."""
    for place, driver in drivers.items():
        if driver.requires is not None:
            yield from ((place / "requires", message) for message in _of_requires(place, drivers))
    for members in groups(drivers).values():
        yield from _of_group(members, drivers)


def _of_requires(place: Address, drivers: Drivers) -> Iterator[str]:
    name = str(drivers[place].requires)
    if required(place, drivers) is None:
        known = dict.fromkeys(other.id for other in drivers if other != place)
        yield unknown(name, tuple(known), "a lever or risk")
        return
    links = (place, *chain(place, drivers))
    if required(links[-1], drivers) == place:
        circle = " -> ".join(link.id for link in (*links, place))
        yield f"found {name}, which leads back here ({circle}); expected no circle"


def _of_group(members: tuple[Address, ...], drivers: Drivers) -> Iterator[tuple[Address, str]]:
    first = members[0]
    for place in members:
        driver, together = drivers[place], drivers[place].together
        one = drivers[first].together
        if together is None or one is None:
            continue
        if driver.main_field not in driver.uncertain:
            message = f"found a correlation of {driver.main_field}, which is no uncertain number"
            yield place / "together", f"{message}; leave it out"
        address = place.join(("together", "correlation"))
        if together.correlation != one.correlation:
            other = (
                f"{first.section.removesuffix('s')} {first.id!r} of the same group has {one.correlation:g}"
            )
            yield address, f"found {together.correlation:g}, but {other}; expected one correlation a group"
        elif together.correlation < 0 and place == first and len(members) > 2:
            message = f"found {together.correlation:g} in a group of {len(members)}"
            yield address, f"{message}; expected at least 0, or a group of two"
