"""Knobs and switches as sliders and toggles, grouped by lever and risk."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import streamlit as st

from simulator.report import SYMBOLS
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob, Switch
from simulator.ui.widgets.charts import heading, plain
from simulator.values.address import Address
from simulator.values.basis import Basis
from simulator.values.fields import title_of, titles
from simulator.values.periods import month_text, parse_month
from simulator.values.units import Unit
from simulator.values.wording import capital
from simulator.workspace.desk import Desk

TREND = Address.of("outlook", "trend")  # beside the target, for most who turn one turn the other
WORLD = "outlook.world"  # as well
TITLES = {"levers": "Measures", "risks": "Risks"}
OWNED = {"levers": 2, "risks": 2, "outlook": 1}  # steps of a path that a label leaves out
WORDS = {None: "uncertain"}  # choices that are no words themselves
STEPS = (20, 400)  # the fewest and the most that a slider has
USUAL_STEPS = 200


class Live(Protocol):
    """What shows the answer beside the cards."""

    def reserve(self) -> None:
        """Make room while the whole page runs, for what is written there when a card runs alone."""

    def show(self) -> None:
        """Write the answer there."""


def controls(desk: Desk, live: Live) -> None:
    """Everything that can be turned, in cards that run alone when one of their sliders moves."""
    target, outlook = _Card(desk, "target", live, _target), _Card(desk, "outlook", live, _outlook)
    cards = [target, *_driver_cards(desk, live), outlook]
    for card in cards:
        card.show()
    for card in cards:
        card.alone = True


def _driver_cards(desk: Desk, live: Live) -> Iterator[_Card]:
    titles = dict(TITLES)  # over the first card of each section
    for address, driver in desk.scenario.drivers():
        draw = partial(_driver, address=address, name=driver.name or address.id)
        yield _Card(desk, str(address), live, draw, titles.pop(address.section, None))


def _target(card: _Card) -> None:
    heading("Target and underlying growth")
    for knob in card.desk.knobs.values():
        if knob.address.section == "target" or knob.address == TREND:
            card.slider(knob)
    if "target.period" in card.desk.switches:
        card.choice("target.period", "Year of the target")
    card.choice(WORLD, capital(title_of(type(card.desk.base.outlook), "world")))


def _outlook(card: _Card) -> None:
    rates = ", rates of exchange" if card.desk.scenario.rates else ""
    if card.more(f"More model settings{rates}, and shares"):
        for knob in card.desk.knobs.values():
            if knob.address.section in ("outlook", "rates", "streams") and knob.address != TREND:
                card.slider(knob)
        for switch in card.desk.switches.values():
            if switch.address.section == "outlook" and switch.path != WORLD:
                card.choice(switch.path, _titled(switch))


def _driver(card: _Card, address: Address, name: str) -> None:
    """A lever or risk: its switch and its main value, and what else can be turned of it."""
    desk, switch = card.desk, str(address / "enabled")
    knobs = [knob for knob in desk.knobs.values() if knob.address.within(address)]
    card.toggle(switch, name)
    for knob in knobs:
        if knob.main:
            card.slider(knob, disabled=not desk.value(switch))
    if card.more("Uncertainty, timing and more"):
        _rest(card, address, knobs)


def _rest(card: _Card, address: Address, knobs: Sequence[Knob]) -> None:
    desk = card.desk
    switches = [switch for switch in desk.switches.values() if switch.address.within(address)]
    for switch in switches:
        if switch.address.name != "enabled":
            card.choice(switch.path, capital(titles(desk.base, switch.address)[-1]))
    for knob in knobs:
        if not knob.main:
            card.slider(knob)
    paths = [*(knob.path for knob in knobs), *(switch.path for switch in switches)]
    st.button("Reset this measure", key=_key(f"reset-{card.name}"), on_click=desk.turn_back, args=(paths,))


class _Card:
    """Some knobs and switches of the desk that are drawn together, in a fragment of their own."""

    def __init__(
        self, desk: Desk, name: str, live: Live, draw: Callable[[_Card], None], title: str | None = None
    ) -> None:
        self.desk, self.name, self.live, self.draw, self.title = desk, name, live, draw, title
        self.opened = _key(f"opened-{name}")
        self.alone = False  # whether it runs alone, and not the page around it

    def show(self) -> None:
        """Draw it, in a border; where it runs alone, after the answer, which is what is waited for."""

        @st.fragment
        def card() -> None:
            (self.live.show if self.alone else self.live.reserve)()
            with st.container(border=True):
                self.draw(self)

        if self.title:
            heading(self.title)
        card()

    def more(self, label: str) -> bool:
        """A button that opens and closes the rest of the card, and whether it is open.

        An expander would be drawn again at every move of a slider.
        """
        opened = st.session_state.get(self.opened, False)
        icon = f":material/{'expand_more' if opened else 'chevron_right'}:"
        st.button(label, key=_key(f"more-{self.name}"), icon=icon, type="tertiary", on_click=self._open)
        return bool(opened)

    def _open(self) -> None:
        st.session_state[self.opened] = not st.session_state.get(self.opened, False)

    def slider(self, knob: Knob, disabled: bool = False) -> None:
        """A knob as a slider, between the bounds of the knob."""
        key, value, label = _key(knob.path), self.desk.value(knob.path), _label(self.desk.base, knob)
        low, high = self.desk.bounds(knob.path)
        options: dict[str, Any] = {
            "key": key,
            "help": _help(knob),
            "disabled": disabled,
            "on_change": self._turned,
            "args": (knob.path,),
        }
        if knob.unit is Unit.MONTH:
            _set(key, month_text(int(value)))
            months = [month_text(month) for month in range(int(low), int(high) + 1)]
            st.select_slider(label, months, **options)
        elif knob.unit is Unit.WHOLE_NUMBER:
            _set(key, round(value))
            st.slider(label, int(low), int(high), step=1, **options)
        else:
            scale = _Scale.of(knob, value, low, high)
            _set(key, scale.value)
            st.slider(label, scale.low, scale.high, step=scale.step, format=scale.format, **options)

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
        """A slider was moved: hand its value to the desk.

        One that the scenario cannot take springs back, and the reason is told.
        """
        shown, knob = st.session_state[_key(path)], self.desk.knobs.get(path)
        value = _read(knob, shown) if knob else _chosen(self.desk.switches[path].options, shown)
        try:
            self.desk.turn(path, value)
        except ValueError as error:
            reason = "This cannot be combined with the rest; nothing has changed."
            st.session_state.faults = reason, str(error)


@dataclass(frozen=True)
class _Scale:
    """The numbers along a slider as they are shown, in percent where people read them so."""

    value: float
    low: float
    high: float
    step: float
    format: str

    @classmethod
    def of(cls, knob: Knob, value: float, low: float, high: float) -> _Scale:
        """That of a knob between two bounds, all in its unit."""
        shown, low, high = (float(knob.unit.displayed(number)) for number in (value, low, high))
        step = _step((knob.step or 0.0) * (100 if _percent(knob.unit) else 1), shown, high - low)
        lowest = math.ceil(low / step - 1e-9) * step  # a slider's steps count from its lower end
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        written = f"%.{digits}f" + (" %%" if _percent(knob.unit) else "")
        return cls(round(shown, 10), round(min(lowest, shown), 10), round(high, 10), step, written)


def _percent(unit: Unit) -> bool:
    """Whether people read a number of a unit in percent."""
    return unit.of_hundred or unit.log


def _step(wanted: float, value: float, width: float) -> float:
    """How far a slider moves at once.

    The step of its knob, if the value lies on one and there are neither too few nor too many; else a round
    number.
    """
    fewest, most = STEPS
    if wanted and (value / wanted) % 1 <= 1e-9 and fewest <= width / wanted <= most:
        return wanted
    return _nice(width / USUAL_STEPS)


def _read(knob: Knob, shown: Any) -> float:
    """The value of a knob from what its slider shows."""
    value = parse_month(shown) if knob.unit is Unit.MONTH else knob.unit.from_displayed(shown)
    return float(round(value, 12))


def _chosen(options: Sequence[Any], shown: Any) -> Any:
    """The place of a switch from what its toggle or list shows."""
    return next(option for option in options if _option(option) == shown) if isinstance(shown, str) else shown


def _titled(switch: Switch) -> str:
    return switch.address.name.replace("_", " ").capitalize()


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


def _help(knob: Knob) -> str:
    """What a knob means, and what its value rests on."""
    text = f"{plain(capital(knob.help))}.  \n**{capital(knob.basis.words)}**"
    return text if knob.source == Basis.JUDGEMENT else f"{text}: {plain(Basis.reason(knob.source))}"


def _label(scenario: Scenario, knob: Knob) -> str:
    """What a slider is called: the meaning of a driver's main value, else the field's name; with its unit."""
    if knob.main:
        text = knob.help
    else:
        words, parts = titles(scenario, knob.address), OWNED.get(knob.address.section, 0)
        text = ", ".join(words[parts:])
    return plain(capital(text) + _unit(scenario, knob))


def _unit(scenario: Scenario, knob: Knob) -> str:
    """The unit of a knob in brackets where a reader would ask for it."""
    if knob.unit.money:
        amount = f"{SYMBOLS.get(scenario.currency, scenario.currency)} {scenario.unit}"
        return f" ({knob.unit.replace(Unit.MONEY, amount)})"
    if knob.unit is Unit.LOG_POINTS_A_YEAR:
        return " (a year)"
    named = knob.unit is Unit.YEARS or (knob.unit is Unit.MONTHS and not knob.main)
    return f" ({knob.unit})" if named else ""
