"""A scenario to a probability."""
