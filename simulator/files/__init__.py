"""A scenario as a file: in and out."""
