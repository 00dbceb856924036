"""Thousands of scenarios: each receives ``simulate``; numbers only, no prose."""
