"""A month's round written into its files: each whole, and only as it was read."""

from __future__ import annotations

from simulator.batch.observe import Noted, Round
from simulator.errors import Changed, InputError
from simulator.workspace.folder import Folder, Reading


def write(done: Round) -> list[str]:
    """Write what a round changes; of the files that are left as they are, why."""
    lost = []
    for note in done.writes:
        try:
            _write(note)
        except InputError as error:
            lost.append(str(error))
    return lost


def _write(note: Noted) -> None:
    """Replace one file that stands as it was read.

    Raises:
        Changed: it does not; it is left as it is.
        InputError: it cannot be read or written.
    """
    reading, present = Reading.of(note.file)
    if present != note.was:
        raise Changed(f"{note.file.name}: it was changed by somebody meanwhile; it is left as it is")
    Folder(note.file.parent).save(reading, note.text or present.decode())
