"""Mathematics that knows no trade: arrays in, arrays out."""
