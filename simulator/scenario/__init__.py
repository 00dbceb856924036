"""A set of assumptions, frozen."""

from simulator.scenario.vocabulary import Observation, Outlook, Scenario, Stream, Target

__all__ = ["Observation", "Outlook", "Scenario", "Stream", "Target"]
