"""``python -m simulator``: the command line."""

from simulator.interrupts import catch


def start(name: str | None = None) -> None:
    """Answer a command line."""
    catch()
    from simulator.cli import main

    main(prog_name=name)


if __name__ == "__main__":
    start("python -m simulator")
