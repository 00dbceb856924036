"""The registry of the kinds of levers and risks; each has a module: vocabulary, pure function, source."""

from typing import Annotated

from pydantic import Field

from simulator.levers import (
    corridor,
    custom,
    disruption,
    harmonisation,
    interregional_deals,
    joint_ventures,
    preference,
    promotion,
)
from simulator.levers.kit import Kind

Lever = Annotated[
    joint_ventures.JointVentures
    | preference.Preference
    | interregional_deals.InterregionalDeals
    | corridor.Corridor
    | harmonisation.Harmonisation
    | promotion.Promotion
    | custom.Custom,
    Field(discriminator="kind"),
]
Risk = disruption.Disruption
MODULES = (
    joint_ventures,
    preference,
    interregional_deals,
    corridor,
    harmonisation,
    promotion,
    custom,
    disruption,
)
KINDS: dict[str, Kind] = {room.__name__.rpartition(".")[2]: room.KIND for room in MODULES}
