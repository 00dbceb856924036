"""What the controls of the page send back, read strictly: a browser may send anything. The desk turned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.errors import InputError
from simulator.scenario.parameters import SHARED, Knob, Switch
from simulator.values.units import digits
from simulator.values.wording import show
from simulator.workspace.desk import Desk
from simulator.workspace.panel import state
from simulator.workspace.scales import reach, read, shown

PHASES = ("move", "rest")

Phase = Literal["move", "rest"]


@dataclass(frozen=True)
class Message:
    """What a control sends: a value on its way (``move``), or the last one of a pull (``rest``)."""

    path: str
    value: Any
    phase: Phase
    seq: int


def message(raw: object) -> Message:
    """What a control sent, read strictly: a browser may send anything.

    Raises:
        InputError: it is no message of a control.
    """
    if not isinstance(raw, Mapping):
        raise InputError(f"found {show(raw)}, expected a message of a control")
    path, phase, seq = raw.get("path"), raw.get("phase"), raw.get("seq")
    if not isinstance(path, str):
        raise InputError(f"found {show(path)}, expected the path of a control")
    if phase not in PHASES:
        raise InputError(f"found {show(phase)}, expected one of {', '.join(PHASES)}")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0:
        raise InputError(f"found {show(seq)}, expected the number of the message")
    return Message(path, raw.get("value"), phase, seq)


def answered(desk: Desk, sent: Message) -> tuple[dict[str, Any], str]:
    """Turn the desk as a message says: where controls stand now that it moved, and why it was refused.

    The control itself is among them, so that one that was refused springs back; with no reason nothing was.
    """
    try:
        apply(desk, sent)
    except ValueError as error:
        return _standing(desk, sent.path), str(error)
    return _standing(desk, sent.path), ""


def apply(desk: Desk, sent: Message) -> None:
    """Turn the desk as a message says.

    Raises:
        InputError: there is no such control, or it or the scenario cannot take the value; nothing changes.
    """
    if sent.path in desk.knobs:
        desk.turn(sent.path, _number(desk, desk.knobs[sent.path], sent.value))
    elif sent.path in desk.switches:
        desk.turn(sent.path, _place(desk.switches[sent.path], sent.value))
    else:
        raise InputError(f"found {show(sent.path)}, which is no control of this scenario")


def _standing(desk: Desk, path: str) -> dict[str, Any]:
    """Where a control stands, and those that move along with it."""
    if path not in desk.knobs:
        return {path: desk.value(path)} if path in desk.switches else {}
    knob = desk.knobs[path]
    line, field = desk.line(path), knob.address[-2:]
    if len(line) == 1 and field not in SHARED:
        return {path: shown(knob, desk.values.get(path, knob.value))}
    moved = line if field not in SHARED else [x for x in desk.knobs.values() if x.address[-2:] == field]
    return {other.path: shown(other, desk.value(other.path)) for other in moved}


def _number(desk: Desk, knob: Knob, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"{knob.path}: found {show(value)}, expected a number")
    number = read(knob, value)
    if knob.unit.integer and number != int(number):
        raise InputError(f"{knob.path}: found {digits(value)}, expected a whole number")
    low, high = reach(desk, knob.path)
    slack = 1e-9 * max(abs(low), abs(high))
    if not low - slack <= number <= high + slack:
        ends = f"from {knob.unit.text(low)} to {knob.unit.text(high)}"
        raise InputError(f"{knob.path}: found {knob.unit.text(number)}, expected {ends}")
    return min(max(number, low), high)


def _place(switch: Switch, value: object) -> Any:
    for option in switch.options:
        if type(option) is type(value) and option == value:
            return option
    places = ", ".join(state(option) for option in switch.options)
    raise InputError(f"{switch.path}: found {show(value)}, expected one of {places}")
