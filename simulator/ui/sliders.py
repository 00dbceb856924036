"""Knobs and switches as sliders and toggles, grouped by measure."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from simulator.knobs import Knob
from simulator.periods import month_text, parse_month
from simulator.report import SYMBOLS
from simulator.scenario import Scenario
from simulator.ui.desk import Desk
from simulator.ui.parts import heading, plain

IN_PERCENT = ("percent", "share", "probability")
WORDS = {None: "as it comes (random)"}  # choices that are no words themselves


def controls(desk: Desk, reserve: Callable[[], None], moved: Callable[[], None]) -> None:
    """Everything that can be turned, in cards that run alone when one of their sliders moves.

    Args:
        desk: what is turned.
        reserve: called by each card while the whole page runs: makes room for what ``moved`` writes.
        moved: called by a card that ran alone.
    """
    whole = True

    @st.fragment
    def card(draw: Callable[[], None]) -> None:
        (reserve if whole else moved)()  # the answer before the card: it is what is waited for
        with st.container(border=True):
            draw()

    card(partial(_target, desk))
    scenario = desk.scenario
    for section, measures, title in (("levers", scenario.levers, "Measures"), ("risks", scenario.risks, "Risks")):
        if measures:
            heading(title)
        for key, measure in measures.items():
            card(partial(_measure, desk, section, key, measure.name or key))
    card(partial(_outlook, desk))
    whole = False


def _target(desk: Desk) -> None:
    heading("Target and outlook")
    for path, knob in desk.knobs.items():
        if path.startswith("target.") or path == "outlook.trend":
            _slider(desk, knob)
    if "target.period" in desk.switches:
        _choice(desk, "target.period", "Year of the target")
    _choice(desk, "outlook.world", "World trade")


def _outlook(desk: Desk) -> None:
    rest = [k for k in desk.knobs.values() if k.path.split(".")[0] in ("outlook", "streams") and k.path != "outlook.trend"]
    with _lazy("More of the outlook, and shares", "outlook") as inside:
        if inside.open:
            for knob in rest:
                _slider(desk, knob)


def _measure(desk: Desk, section: str, key: str, name: str) -> None:
    prefix = f"{section}.{key}."
    own = [knob for path, knob in desk.knobs.items() if path.startswith(prefix)]
    _toggle(desk, f"{prefix}enabled", name)
    for knob in own:
        if knob.main:
            _slider(desk, knob, disabled=not desk.value(f"{prefix}enabled"))
    with _lazy("Uncertainty, timing and more", prefix) as inside:
        if inside.open:
            for path in desk.switches:
                if path.startswith(prefix) and not path.endswith(".enabled"):
                    _choice(desk, path, path.rpartition(".")[2].replace("_", " ").capitalize())
            for knob in own:
                if not knob.main:
                    _slider(desk, knob)
            paths = [knob.path for knob in own] + [path for path in desk.switches if path.startswith(prefix)]
            st.button("Reset this measure", key=_key(f"reset-{prefix}"), on_click=desk.turn_back, args=(paths,))


def _lazy(label: str, key: str) -> Any:
    return st.expander(label, key=_key(f"more-{key}"), on_change="rerun", type="compact")


def _slider(desk: Desk, knob: Knob, disabled: bool = False) -> None:
    key, now, label = _key(knob.path), desk.value(knob.path), _label(desk.base, knob)
    told = f"{plain(knob.help[:1].upper() + knob.help[1:])}.  \n{'**Judgement**' if knob.judgement else '**Source**'}"
    told += "" if knob.source == "judgement" else f": {plain(knob.source.removeprefix('judgement:').removeprefix('judgement').strip(' ;'))}"
    options: dict[str, Any] = {"key": key, "help": told, "disabled": disabled, "on_change": _turned, "args": (knob.path,)}
    low, high = min(knob.low, now), max(knob.high, now)
    if knob.unit == "month":
        _set(key, month_text(int(now)))
        st.select_slider(label, [month_text(month) for month in range(int(low), int(high) + 1)], **options)
        return
    factor = 100.0 if knob.unit.startswith(IN_PERCENT) else 1.0
    if knob.unit == "whole number":
        _set(key, round(now))
        st.slider(label, int(low), int(high), step=1, **options)
        return
    step = (knob.step or 0.0) * factor
    if not step or (now * factor / step) % 1 > 1e-9 or not 20 <= (high - low) * factor / step <= 400:
        step = _nice((high - low) * factor / 200)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    shown = f"%.{digits}f" + (" %%" if factor == 100 else "")
    _set(key, round(now * factor, 10))
    st.slider(label, round(low * factor, 10), round(high * factor, 10), step=step, format=shown, **options)


def _turned(path: str) -> None:
    """A slider was moved: hand its value to the desk; one that the scenario cannot take springs back, and the reason is told."""
    desk: Desk = st.session_state.desk
    raw, knob = st.session_state[_key(path)], desk.knobs.get(path)
    if knob is not None:
        raw = parse_month(raw) if knob.unit == "month" else raw / 100 if knob.unit.startswith(IN_PERCENT) else raw
        raw = float(round(raw, 12))
    elif isinstance(raw, str):
        raw = next(option for option in desk.switches[path].options if _option(option) == raw)
    try:
        desk.turn(path, raw)
    except ValueError as error:
        st.session_state.faults = "This cannot be combined with the rest; nothing has changed.", str(error)


def _toggle(desk: Desk, path: str, name: str) -> None:
    key = _key(path)
    _set(key, desk.value(path))
    st.toggle(plain(name), key=key, on_change=_turned, args=(path,))


def _choice(desk: Desk, path: str, label: str) -> None:
    key, switch = _key(path), desk.switches[path]
    _set(key, _option(desk.value(path)))
    st.selectbox(label, [_option(option) for option in switch.options], key=key, on_change=_turned, args=(path,), help=plain(switch.help))


def _option(value: Any) -> str:
    return WORDS.get(value, str(value))


def _set(key: str, value: Any) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _key(path: str) -> str:
    """A widget belongs to the scenario that is open: another one's starts afresh."""
    return f"{st.session_state.opened}:{path}"


def _nice(size: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(size))
    return float(f"{next(m * power for m in (1, 2, 5, 10) if m * power >= size * 0.999):.12g}")


def _label(scenario: Scenario, knob: Knob) -> str:
    """What a slider is called: the meaning of a measure's main value, else the field's name; with its unit."""
    parts = knob.path.split(".")
    words = parts[2:] if parts[0] in ("levers", "risks") else parts
    text = knob.help if knob.main else ", ".join(word.replace("_", " ") for word in words if word != "outlook")
    amount = f"{SYMBOLS.get(scenario.currency, scenario.currency)} {scenario.unit}"
    named = knob.unit.startswith("money") or knob.unit in ("months", "years", "log points")
    unit = f" ({knob.unit.replace('money', amount)})" if named and not (knob.main and knob.unit == "months") else ""
    return plain(text[:1].upper() + text[1:] + unit)
