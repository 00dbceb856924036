"""Answers beyond the probability. Each receives ``simulate``; none imports the engine."""
