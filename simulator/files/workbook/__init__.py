"""A scenario as an Excel workbook that is edited there and read back in place."""
