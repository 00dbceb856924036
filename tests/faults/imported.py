"""What verbs import when they run, once for all processes that are forked for them: nobody may read no library."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import simulator
import tests.faults.verbs  # noqa: F401

for module in pkgutil.walk_packages(simulator.__path__, "simulator."):
    if not module.name.startswith(("simulator.ui", "simulator.__main__")):
        import_module(module.name)
for name in (
    "_strptime",
    "decimal",
    "altair",
    "openpyxl",
    "pyarrow.csv",
    "pyarrow.parquet",
    "vl_convert",
    "xlsxwriter",
    "zipfile",
):
    import_module(name)
for name in ("ascii", "cp437", "idna", "latin-1", "utf-8-sig", "utf-16", "utf-16-le"):
    "".encode(name)
