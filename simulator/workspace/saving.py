"""A desk and its file in the office's folder: saved in place, approved, reviewed, logged, commented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import InputError, ScenarioError
from simulator.files.editing import edited, lengthened, relaid, standalone
from simulator.scenario.remarks import APPROVED, COMMENTS, LOG, REVIEWED_BY, REVIEWED_ON, Comment, signed
from simulator.values.wording import show
from simulator.workspace import snapshots
from simulator.workspace.desk import Desk
from simulator.workspace.folder import Folder, Reading

LONGEST_NAME = 100
REVIEW = "Reviewed."  # what the log says of a review
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Signature:
    """Who stands for something, and since which day."""

    by: str
    on: dt.date

    def written(self) -> dict[str, str]:
        """As a file states it.

        Raises:
            InputError: there is no name, or one that is too long.
        """
        name = " ".join(self.by.split())
        if not name:
            raise InputError("found no name, expected that of the person who stands for it")
        if len(name) > LONGEST_NAME:
            raise InputError(f"found a name of {len(name)} letters, expected at most {LONGEST_NAME}")
        return {"by": name, "on": f"{self.on:%Y-%m-%d}"}


# Saving


def copy_of(desk: Desk) -> str:
    """A desk as a file of its own: it extends none, and nobody stands for it yet."""
    text, stood = desk.file(), () if desk.changed else signed(desk.scenario)
    return edited(text, dict.fromkeys(stood), desk.name) if stood else text


def approved(desk: Desk, signature: Signature) -> str:
    """A desk as a file that somebody approves as it stands.

    Raises:
        InputError: it is not said who.
    """
    return edited(desk.file(), {APPROVED: signature.written()}, desk.name)


def reviewed(desk: Desk, signature: Signature) -> str:
    """A desk as a file that somebody has reviewed as it stands; the log says so too, and keeps it.

    Raises:
        InputError: it is not said who.
    """
    by = signature.written()
    text = lengthened(desk.file(), {LOG: [_entry(signature, REVIEW)]}, desk.name)
    return edited(text, {REVIEWED_BY: by["by"], REVIEWED_ON: by["on"]}, desk.name)


def _entry(signature: Signature, what: str) -> dict[str, str]:
    """A line of the log."""
    by = signature.written()
    return {"date": by["on"], "who": by["by"], "what": what}


def save(desk: Desk, folder: Folder, text: str | None = None) -> None:
    """Write a desk into its file, comments kept; a file that extends another still does.

    Args:
        desk: that lies on a file of the folder.
        folder: in which it is.
        text: the desk's, if it is another than as it stands: with an approval.

    Raises:
        Changed: the file is not as it was read; it is left as it is.
        InputError: it cannot be written; nothing has changed.
    """
    reading = desk.reading
    if reading is None:
        raise InputError(f"found {show(desk.name)}, which is no file of the folder; save it under a name")
    text = desk.file() if text is None else text
    edition = desk.edition(text)
    desk.settle(folder.save(reading, _over(reading, text)), edition)


def _over(reading: Reading, text: str) -> str:
    """What is to stand in a file so that it says what a text says, with what it extends."""
    if reading.change:
        return text  # it is not going to be written
    present = reading.file.read_text("utf-8")
    if standalone(present, reading.file.name, reading.file) == present:
        return text
    return relaid(present, text, reading.file.name, reading.file)


def save_as(desk: Desk, folder: Folder, name: str) -> Desk:
    """A new file of the folder that says what a desk says, and the desk that lies on it.

    Raises:
        InputError: the name cannot be used, or the file cannot be written; nothing has changed.
    """
    return Desk.of_file(folder.save_as(name, copy_of(desk)).file)


def rename(desk: Desk, folder: Folder, name: str) -> None:
    """Give the file of a desk another name; what others changed in it meanwhile is told as before.

    Raises:
        InputError: the name cannot be used, other files extend it, or it cannot be moved.
    """
    if desk.reading is None:
        raise InputError(f"found {show(desk.name)}, which is no file of the folder")
    old = desk.reading.file
    file = folder.rename(old, name)
    snapshots.renamed(old, file)
    desk.name, desk.reading = file.name, Reading(file, desk.reading.mark)


def follow(desk: Desk) -> tuple[Desk, str]:
    """The desk with what others saved of its file, and what is to be told.

    A desk on which nothing was changed becomes what the file says now; any other stays.
    """
    change = desk.reading.change if desk.reading else ""
    if desk.reading is None or not change:
        return desk, ""
    if desk.changed:
        return desk, f"{desk.name}: {change}."
    try:
        return Desk.of_file(
            desk.reading.file
        ), f"{desk.name}: {change}. What is shown is the file as it is now."
    except ScenarioError:
        return desk, f"{desk.name}: {change}, and cannot be used as it is now. What is shown is how it was."


def attach(desk: Desk, folder: Folder, mark: str, saved: bool) -> None:
    """Lay a desk that comes out of a parcel on its file again, if the folder has it.

    Args:
        desk: called as its file.
        folder: in which the file is sought.
        mark: of the file as the desk had read it.
        saved: whether the desk stood as the file said.
    """
    file = next((one for one in map(folder.file, folder.names()) if one.name == desk.name), None)
    if file is None:
        return
    desk.reading = Reading(file, mark)
    if saved and (desk.reading.change or _says(file, desk)):
        desk.keep()


def _says(file: Path, desk: Desk) -> bool:
    """Whether a file says what a desk does."""
    return not desk.values and standalone(file.read_bytes(), file.name, file) == desk.text


# The log, and comments


def log(desk: Desk, signature: Signature, what: str) -> None:
    """Write a line into the log; it is a change of the desk, and can be undone.

    Raises:
        InputError: it says nothing, or not who says it.
    """
    entry = _entry(signature, _words(what))
    desk.edit(lengthened(desk.text, {LOG: [entry]}, desk.name))


def comment(desk: Desk, at: str, signature: Signature, text: str) -> None:
    """Put a comment on an input; it is a change of the desk, and can be undone.

    Raises:
        InputError: it says nothing, or not who says it, or of nothing that there is.
    """
    item = {"at": at, **signature.written(), "text": _words(text)}
    desk.edit(lengthened(desk.text, {COMMENTS: [item]}, desk.name))


def _words(text: str) -> str:
    """What somebody wants to say.

    Raises:
        InputError: nothing, or too much.
    """
    words = text.strip()
    if not words:
        raise InputError("found no text, expected what is to be said")
    if len(words) > LONGEST_TEXT:
        raise InputError(f"found a text of {len(words):,} letters, expected at most {LONGEST_TEXT:,}")
    return words


def take_back(desk: Desk, comment: Comment) -> None:
    """Take a comment off, if it is still there; it can be undone."""
    if comment not in desk.base.comments:
        return
    number = desk.base.comments.index(comment)
    desk.edit(edited(desk.text, {f"{COMMENTS}.{number}": None}, desk.name))
