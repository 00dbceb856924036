"""A set of assumptions, frozen."""

from simulator.scenario.parts import Observation, Outlook, Stream
from simulator.scenario.series import Series
from simulator.scenario.shocks import Shock
from simulator.scenario.targets import Target
from simulator.scenario.vocabulary import Scenario

__all__ = ["Observation", "Outlook", "Scenario", "Series", "Shock", "Stream", "Target"]
