"""One value: how it is written, read, bounded, shown."""
