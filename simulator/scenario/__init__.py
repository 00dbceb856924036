"""A set of assumptions, frozen."""

from simulator.scenario.parts import Observation, Outlook, Stream
from simulator.scenario.targets import Target
from simulator.scenario.vocabulary import Scenario

__all__ = ["Observation", "Outlook", "Scenario", "Stream", "Target"]
