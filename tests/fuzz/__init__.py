"""Inputs of all kinds that nobody wrote, and laws on scenarios that nobody wrote: each ends in an answer or one of our errors."""
