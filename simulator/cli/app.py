"""``app``: the page in the browser."""

from __future__ import annotations

import errno
import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from simulator.cli.options import Whole
from simulator.cli.outputs import READ

PACKAGE = Path(__file__).resolve().parent.parent
SCRIPT = PACKAGE / "ui" / "script" / "app.py"
SETTINGS = (
    PACKAGE / "settings" / "config.toml",
    PACKAGE.parent / ".streamlit" / "config.toml",
)  # as installed, and in a clone
ADDRESS = "127.0.0.1"


@click.command()
@click.option(
    "--port",
    default=8501,
    show_default=True,
    metavar="N",
    type=Whole(1, 65535),
    help="Where the page is served on this machine.",
)
@click.option(
    "--folder",
    metavar="DIR",
    type=READ,
    help="A folder of your own scenario files, listed first among the scenarios.",
)
@click.option(
    "--host-name",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name by which others call the page, through a reverse proxy; may be repeated.",
)
@click.option(
    "--base-path",
    metavar="PATH",
    help="Below what the page stands at such a name, such as /trade.",
)
def app(port: int, folder: Path | None, hosts: tuple[str, ...], base_path: str | None) -> None:
    """Open the page with the sliders; it is served on this machine only and calls no outside address."""
    import runpy
    import tomllib

    if folder is not None:
        from simulator.workspace.folder import VARIABLE

        _check_folder(folder)
        os.environ[VARIABLE] = str(folder.resolve())
    _check_free(port)
    settings = tomllib.loads(next(file for file in SETTINGS if file.is_file()).read_text("utf-8"))
    asked: dict[str, Any] = {"port": port}
    if hosts:
        asked["allowedHosts"] = [*settings["server"]["allowedHosts"], *map(_host, hosts)]
    if base_path is not None:
        asked["baseUrlPath"] = base_path.strip("/")
    place = f"/{base_path.strip('/')}" if base_path else ""
    click.echo(f"The page is at http://localhost:{port}{place}; Ctrl+C ends it.")
    flags = [*_flags(_left_to_us(settings)), *_flags({"server": asked})]
    sys.argv = ["streamlit", "run", str(SCRIPT), *flags]
    runpy.run_module("streamlit", run_name="__main__")


def _check_folder(folder: Path) -> None:
    """Refuse what is no folder that can be looked into.

    Raises:
        click.UsageError: it is not there, is a file, or is not this user's to read.
    """
    if not os.path.isdir(folder):
        is_file = "the file" if os.path.exists(folder) else "no folder"
        raise click.UsageError(f"found {is_file} {str(folder)!r}, expected a folder of scenario files")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise click.UsageError(f"found the folder {str(folder)!r}, which cannot be read; check its rights")


def _check_free(port: int) -> None:
    """Refuse a port that cannot be served.

    Raises:
        click.UsageError: it is taken, or not this user's to serve.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if os.name == "posix":  # elsewhere this would let two listen at once
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except OSError as error:
            taken = error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
            why = "where something listens already" if taken else f"which cannot be served ({error.strerror})"
            other = port + 1 if 1024 <= port < 65535 else 8501
            raise click.UsageError(
                f"found port {port}, {why}; choose another, such as --port {other}"
            ) from error


def _host(name: str) -> str:
    """A name of a host, as ``server.allowedHosts`` has it.

    Raises:
        click.UsageError: it is an address of a page, or holds a port.
    """
    if not re.fullmatch(r"(\*\.)?[\w.-]+", name):
        raise click.UsageError(
            f"found --host-name {name!r}, expected a name alone, such as trade.example.org: without https:// "
            "and without a port"
        )
    return name


def _left_to_us(settings: Mapping[str, Any], place: str = "STREAMLIT") -> dict[str, Any]:
    """The settings that the environment does not make, as ``STREAMLIT_SERVER_ADDRESS`` does."""
    left: dict[str, Any] = {}
    for key, value in settings.items():
        variable = f"{place}_{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', key)}".upper()
        if isinstance(value, Mapping):
            left[key] = _left_to_us(value, variable)
        elif variable not in os.environ:
            left[key] = value
    return left


def _flags(settings: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """The settings as words of a command line, so that they hold wherever it is called."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flags(value, f"{place}{key}.")
        else:
            for word in value if isinstance(value, list) else [value]:
                yield from (f"--{place}{key}", str(word).lower() if isinstance(word, bool) else str(word))
