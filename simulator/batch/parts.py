"""The answers of a sweep on disk: parts of so many sets, each whole or not there, and one file of them.

A part is written beside its place and renamed, so that whatever ends a run leaves finished parts and nothing
that looks like one. Beside them stands what they answer; parts that answer anything else are never mixed in.
Nothing that is written depends on when or where it was worked out.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.errors import InputError
from simulator.files.locks import LOCK, reserved
from simulator.files.places import State
from simulator.files.writing import file_beside, in_words, unfinished, untouched, write_file
from simulator.values.wording import of_spreadsheet_cell, show, spreadsheet_cell

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "_manifest.json"  # readers of a folder of Parquet files pass over a name that begins so
PARTS = ".parts"  # after the name of a file: the folder in which its parts wait
KEY = b"simulator.sweep"  # of the manifest in the file's own metadata
_PART = re.compile(r"part-\d+\.parquet")
OTHERS = frozenset(
    f".{name}"
    for name in ["yaml", "yml", "json", "html", "xlsx", "docx", "pdf", "txt", "tsv", "gz", "zip", "feather"]
)
OTHER = {"axes": "other values of what varies"}  # what of a sweep is not told in a word
GROUP = 65_536  # rows that stand together in one file


class AnotherSweep(InputError):
    """What is there answers something else than what is asked."""


@dataclass(frozen=True)
class Place:
    """Where the answers go: a folder of parts, or one file, Parquet or CSV, whose parts wait beside it."""

    path: Path
    form: str  # folder, parquet or csv

    @classmethod
    def of(cls, path: Path, form: str | None = None) -> Place:
        """The place that a name means: a file where it ends in .parquet or .csv, else a folder.

        Raises:
            ValueError: the form that is asked for is not that of the name.
        """
        ending = path.suffix.lower()
        if ending in OTHERS and not path.is_dir():
            raise ValueError(f"found {path}, expected a name that ends in .parquet or .csv, or a folder's")
        meant = {".parquet": "parquet", ".csv": "csv"}.get(ending)
        if form == "csv" and meant is None:
            raise ValueError(f"found the folder {path} for CSV, which is one file; expected {path}.csv")
        if form is not None and meant is not None and form != meant:
            raise ValueError(f"found {path} for {form}, expected a name that ends in .{form}")
        return cls(path, meant or "folder")

    @property
    def folder(self) -> Path:
        """Where the parts stand."""
        return self.path if self.form == "folder" else self.path.with_name(self.path.name + PARTS)

    def part(self, number: int) -> Path:
        """The file of one part."""
        return self.folder / f"part-{number:05d}.parquet"

    @property
    def left(self) -> bool:
        """Whether a run that was ended has left something beside the answers."""
        return (self.folder / LOCK if self.form == "folder" else self.folder).exists()

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """No other run writes here meanwhile.

        Raises:
            NotWritten: another one does, or nothing can be written here.
        """
        with in_words(self.path), reserved(self.folder, str(self.path), lasting=self.form == "folder"):
            yield

    def holds(self, manifest: Mapping[str, Any], force: bool = False) -> tuple[bool, bool]:
        """Whether the place has the answers of a sweep: all of them in one file, and any of them in parts.

        Args:
            manifest: what is answered: everything that the bytes depend on.
            force: whether another sweep that is there may be replaced; nothing else ever is.

        Raises:
            AnotherSweep: something else is there, and may not be replaced.
        """
        if self.form != "folder" and self.path.exists():
            if self._answers(manifest):
                return True, False
            if not force:
                raise AnotherSweep(f"found {self.path}, which is not written over; {_INSTEAD}")
        there = self._manifest()
        if there is None or (there != manifest and not force):
            self._refuse(there, manifest)
        return False, there == manifest

    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Make the place ready for the parts of a sweep that has none here."""
        self.clear()
        self.folder.mkdir(parents=True, exist_ok=True)
        write_file(self.folder / MANIFEST, _text(manifest))

    def _answers(self, manifest: Mapping[str, Any]) -> bool:
        """Whether the one file holds the answers of a sweep; a CSV file does not say."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self.form != "parquet":
            return False
        with contextlib.suppress(pa.ArrowInvalid, OSError):
            return bool((pq.read_schema(self.path).metadata or {}).get(KEY) == _text(manifest).encode())
        return False

    def _manifest(self) -> Any:
        """What the parts that are there answer; an empty mapping where nothing is there."""
        file = self.folder / MANIFEST
        if not file.exists():
            empty = not self.folder.exists() or (self.folder.is_dir() and not self._others())
            return {} if empty else None
        with contextlib.suppress(ValueError):
            there = json.loads(file.read_text("utf-8"))
            return there if isinstance(there, dict) and "hash" in there else None
        return None

    def _others(self) -> list[Path]:
        """What stands in the folder, but for a file that was never finished."""
        names = (file for file in self.folder.iterdir() if file.name != LOCK)
        return [file for file in names if not unfinished(file.name)]

    def _refuse(self, there: Any, manifest: Mapping[str, Any]) -> None:
        """Refuse a folder that holds anything else than parts of the same sweep.

        Raises:
            AnotherSweep: it does.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise AnotherSweep(f"found the file {self.folder}, expected a folder; choose another --out")
        if there is None:
            raise AnotherSweep(
                f"found {self.folder}, which holds something else than a sweep and stays as it is; "
                "choose another --out"
            )
        if there:
            differing = [key for key in manifest if key != "hash" and there.get(key) != manifest[key]]
            what = "; ".join(_difference(key, there.get(key), manifest[key]) for key in differing)
            raise AnotherSweep(f"found another sweep in {self.folder} ({what}); {_INSTEAD}")

    def clear(self) -> None:
        """Take away the parts, the manifest and what was never finished, and nothing else."""
        if not self.folder.is_dir():
            return
        # the manifest last: parts without it would be nobody's, if this is ended between them
        for file in sorted(self.folder.iterdir(), key=lambda file: file.name == MANIFEST):
            if _PART.fullmatch(file.name) or unfinished(file.name) or file.name == MANIFEST:
                file.unlink(missing_ok=True)

    def has(self, number: int, rows: int) -> bool:
        """Whether a part is there, whole."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        with contextlib.suppress(OSError, pa.ArrowInvalid):
            return bool(pq.read_metadata(self.part(number)).num_rows == rows)
        return False

    def put(self, number: int, table: pa.Table) -> None:
        """Write one part."""
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(table, buffer)
        write_file(self.part(number), buffer.getvalue())

    def tables(self, parts: int, schema: pa.Schema) -> Iterator[pa.Table]:
        """The answers in order, a part at a time, wherever they are.

        Args:
            parts: how many there are.
            schema: of their columns, which a CSV file does not tell.
        """
        import pyarrow.parquet as pq

        if self.form == "csv" and not self.folder.exists():
            yield from _read_csv(self.path, schema)
        elif self.form == "parquet" and not self.folder.exists():
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(GROUP):
                    yield _plain(batch)
        else:
            for number in range(parts):
                with pq.ParquetFile(self.part(number)) as file:
                    yield file.read()

    def finish(self, parts: int, schema: pa.Schema, manifest: Mapping[str, Any], before: State) -> None:
        """Write the one file, whole or not at all, and take the parts away; a folder is done as it stands.

        Raises:
            NotWritten: it cannot be written, or what is there is not what was there ``before``.
        """
        if self.form == "folder":
            return
        with file_beside(self.path, self.folder, untouched(self.path, before)) as temporary:
            write = _write_csv if self.form == "csv" else _write_parquet
            write(temporary, self.tables(parts, schema), manifest)
        self.clear()


_INSTEAD = "choose another --out, or add --force"


def _text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, sort_keys=True, indent=1) + "\n"


def _difference(key: str, there: Any, asked: Any) -> str:
    """In what two sweeps differ, short."""
    plain = not isinstance(asked, list | dict)
    return f"{key}: {show(there)} there, {show(asked)} asked" if plain else OTHER.get(key, f"other {key}")


def _write_parquet(path: Path, tables: Iterable[pa.Table], manifest: Mapping[str, Any]) -> None:
    import pyarrow.parquet as pq

    writer, metadata = None, {KEY: _text(manifest).encode()}
    try:
        for table in _grouped(tables):
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema.with_metadata(metadata))
            writer.write_table(table.replace_schema_metadata(metadata))
    finally:
        if writer is not None:
            writer.close()


def _write_csv(path: Path, tables: Iterable[pa.Table], _: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, table in enumerate(tables):
            rows = _texts(table, spreadsheet_cell).to_pandas().rename(columns=spreadsheet_cell)
            rows.to_csv(file, index=False, header=number == 0, lineterminator="\n")


def _read_csv(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa
    from pyarrow import csv

    types = csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""])
    with csv.open_csv(path, convert_options=types) as reader:
        for batch in reader:
            yield _texts(pa.Table.from_batches([batch]), of_spreadsheet_cell)


def _texts(table: pa.Table, written: Callable[[str], str]) -> pa.Table:
    """A table whose texts are written in another way."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = [text and written(text) for text in table[place].to_pylist()]
            table = table.set_column(place, field, pa.array(texts, field.type))
    return table


def _plain(batch: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch]).replace_schema_metadata(None)


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables put together to at least so many rows, so that a file of many is read fast."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(part.num_rows for part in waiting) >= GROUP:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
