"""Tables of statistics offices: bytes -> cells -> figures, with what was recognised and what was left out."""
