"""A number that is turned alone is read as its whole lever would be. Default tier."""

from __future__ import annotations

import pytest

from simulator import Scenario, load_scenario
from simulator.scenario.parameters import knobs, written
from simulator.values.address import Address

SHIPPED = load_scenario("shipped:belarus-kazakhstan-2020")


def read_again(scenario: Scenario, address: Address, value: object) -> Scenario:
    """The same with all of its lever read again."""
    holder = getattr(scenario, address.section)
    return scenario.changed(**{address.section: Address(address[1:]).put(holder, value, stated=True)})


def test_every_number_turned_alone_gives_what_reading_all_again_gives() -> None:
    for knob in knobs(SHIPPED)[::3]:
        value = (2 * knob.value + knob.high) / 3
        for path, text in written(SHIPPED, {knob.path: round(value) if knob.unit.integer else value}).items():
            address = Address.parse(path)
            try:
                expected = read_again(SHIPPED, address, text)
            except ValueError:
                with pytest.raises(ValueError, match="found"):
                    SHIPPED.restated({address: text})
            else:
                turned = SHIPPED.restated({address: text})
                assert turned == expected, path
                assert turned.model_dump(exclude_unset=True) == expected.model_dump(exclude_unset=True)


def test_what_a_field_does_not_take_is_said_with_its_path() -> None:
    with pytest.raises(
        ValueError, match=r"^levers\.corridor\.probability: found 1\.5, expected from 0 to 1$"
    ):
        SHIPPED.restated({Address.parse("levers.corridor.probability"): 1.5})
