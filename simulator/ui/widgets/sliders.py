"""Knobs and switches as sliders and toggles, grouped by measure."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import streamlit as st

from simulator.report import SYMBOLS
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob
from simulator.ui.widgets.charts import heading, plain
from simulator.values.basis import Basis
from simulator.values.periods import month_text, parse_month
from simulator.workspace.desk import Desk

IN_PERCENT = ("percent", "share", "probability")
WORDS = {None: "as it comes (random)"}  # choices that are no words themselves


class Live(Protocol):
    """What shows the answer beside the cards."""

    def reserve(self) -> None:
        """Make room while the whole page runs, for what is written there when a card runs alone."""

    def show(self) -> None:
        """Write the answer there."""


def controls(desk: Desk, live: Live) -> None:
    """Everything that can be turned, in cards that run alone when one of their sliders moves."""
    cards = [_Card(desk, "target", live, _target)]
    scenario = desk.scenario
    for section, measures, title in (
        ("levers", scenario.levers, "Measures"),
        ("risks", scenario.risks, "Risks"),
    ):
        for number, (key, measure) in enumerate(measures.items()):
            named = partial(_measure, name=measure.name or key)
            cards.append(_Card(desk, f"{section}.{key}", live, named, title if number == 0 else None))
    cards.append(_Card(desk, "outlook", live, _outlook))
    for card in cards:
        card.show()
    for card in cards:
        card.whole = False


def _target(card: _Card) -> None:
    heading("Target and outlook")
    for path, knob in card.desk.knobs.items():
        if path.startswith("target.") or path == "outlook.trend":
            card.slider(knob)
    if "target.period" in card.desk.switches:
        card.choice("target.period", "Year of the target")
    card.choice("outlook.world", "World trade")


def _outlook(card: _Card) -> None:
    if card.more("More of the outlook, and shares"):
        for knob in card.desk.knobs.values():
            if knob.path.split(".")[0] in ("outlook", "streams") and knob.path != "outlook.trend":
                card.slider(knob)


def _measure(card: _Card, name: str) -> None:
    desk, prefix = card.desk, f"{card.name}."
    own = [knob for path, knob in desk.knobs.items() if path.startswith(prefix)]
    card.toggle(f"{prefix}enabled", name)
    for knob in own:
        if knob.main:
            card.slider(knob, disabled=not desk.value(f"{prefix}enabled"))
    if card.more("Uncertainty, timing and more"):
        choices = [path for path in desk.switches if path.startswith(prefix)]
        for path in choices:
            if not path.endswith(".enabled"):
                card.choice(path, path.rpartition(".")[2].replace("_", " ").capitalize())
        for knob in own:
            if not knob.main:
                card.slider(knob)
        paths = [*(knob.path for knob in own), *choices]
        st.button(
            "Reset this measure", key=_key(f"reset-{card.name}"), on_click=desk.turn_back, args=(paths,)
        )


class _Card:
    """Some knobs and switches of the desk that are drawn together, in a fragment of their own."""

    def __init__(
        self, desk: Desk, name: str, live: Live, draw: Callable[[_Card], None], title: str | None = None
    ) -> None:
        self.desk, self.name, self.live, self.draw, self.title = desk, name, live, draw, title
        self.opened = _key(f"opened-{name}")
        self.whole = True  # while the whole page runs

    def show(self) -> None:
        """Draw it, in a border; where it runs alone, after the answer, which is what is waited for."""

        @st.fragment
        def card() -> None:
            (self.live.reserve if self.whole else self.live.show)()
            with st.container(border=True):
                self.draw(self)

        if self.title:
            heading(self.title)
        card()

    def more(self, label: str) -> bool:
        """A button that opens and closes the rest of the card, and whether it is open: an expander is drawn again at every move of a slider."""
        opened = st.session_state.get(self.opened, False)
        icon = f":material/{'expand_more' if opened else 'chevron_right'}:"
        st.button(label, key=_key(f"more-{self.name}"), icon=icon, type="tertiary", on_click=self._open)
        return bool(opened)

    def _open(self) -> None:
        st.session_state[self.opened] = not st.session_state.get(self.opened, False)

    def slider(self, knob: Knob, disabled: bool = False) -> None:
        """A knob as a slider."""
        key, now, label = _key(knob.path), self.desk.value(knob.path), _label(self.desk.base, knob)
        told = f"{plain(knob.help[:1].upper() + knob.help[1:])}.  \n{'**Judgement**' if knob.basis is Basis.JUDGEMENT else '**Source**'}"
        told += (
            ""
            if knob.source == "judgement"
            else f": {plain(knob.source.removeprefix('judgement:').removeprefix('judgement').strip(' ;'))}"
        )
        options: dict[str, Any] = {
            "key": key,
            "help": told,
            "disabled": disabled,
            "on_change": self._turned,
            "args": (knob.path,),
        }
        low, high = min(knob.low, now), max(knob.high, now)
        if knob.unit == "month":
            _set(key, month_text(int(now)))
            st.select_slider(
                label, [month_text(month) for month in range(int(low), int(high) + 1)], **options
            )
            return
        factor = 100.0 if knob.unit.startswith(IN_PERCENT) else 1.0
        if knob.unit == "whole number":
            _set(key, round(now))
            st.slider(label, int(low), int(high), step=1, **options)
            return
        step = (knob.step or 0.0) * factor
        if not step or (now * factor / step) % 1 > 1e-9 or not 20 <= (high - low) * factor / step <= 400:
            step = _nice((high - low) * factor / 200)
        low = (
            min(math.ceil(low * factor / step - 1e-9) * step, now * factor) / factor
        )  # a slider's steps count from its lower end
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        shown = f"%.{digits}f" + (" %%" if factor == 100 else "")
        _set(key, round(now * factor, 10))
        st.slider(
            label, round(low * factor, 10), round(high * factor, 10), step=step, format=shown, **options
        )

    def toggle(self, path: str, name: str) -> None:
        """A switch that is on or off."""
        key = _key(path)
        _set(key, self.desk.value(path))
        st.toggle(plain(name), key=key, on_change=self._turned, args=(path,))

    def choice(self, path: str, label: str) -> None:
        """A switch with several places."""
        key, switch = _key(path), self.desk.switches[path]
        _set(key, _option(self.desk.value(path)))
        options = [_option(option) for option in switch.options]
        st.selectbox(label, options, key=key, on_change=self._turned, args=(path,), help=plain(switch.help))

    def _turned(self, path: str) -> None:
        """A slider was moved: hand its value to the desk; one that the scenario cannot take springs back, and the reason is told."""
        raw, knob = st.session_state[_key(path)], self.desk.knobs.get(path)
        if knob is not None:
            raw = (
                parse_month(raw)
                if knob.unit == "month"
                else raw / 100
                if knob.unit.startswith(IN_PERCENT)
                else raw
            )
            raw = float(round(raw, 12))
        elif isinstance(raw, str):
            raw = next(option for option in self.desk.switches[path].options if _option(option) == raw)
        try:
            self.desk.turn(path, raw)
        except ValueError as error:
            st.session_state.faults = (
                "This cannot be combined with the rest; nothing has changed.",
                str(error),
            )


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
    text = (
        knob.help if knob.main else ", ".join(word.replace("_", " ") for word in words if word != "outlook")
    )
    amount = f"{SYMBOLS.get(scenario.currency, scenario.currency)} {scenario.unit}"
    named = knob.unit.startswith("money") or knob.unit in ("months", "years", "log points")
    unit = (
        f" ({knob.unit.replace('money', amount)})"
        if named and not (knob.main and knob.unit == "months")
        else ""
    )
    return plain(text[:1].upper() + text[1:] + unit)
