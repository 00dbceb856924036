"""Sets of assumptions side by side, and the gap between their answers split over the assumptions that differ."""

from simulator.analysis.compare.comparison import Compared, Comparison, Difference, Part, compare

__all__ = ["Compared", "Comparison", "Difference", "Part", "compare"]
