"""What a hand does to the live panel, and what it waits for, for the tests of the browser tier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import report, simulate
from simulator.workspace import messages
from simulator.workspace.desk import Desk
from simulator.workspace.messages import Message

FLAGSHIP = "belarus-kazakhstan-2020"
TARGET, TREND, RULES = "target.at_least", "outlook.trend", "levers.rules.percent"
WATCH = """
  window.sent = [];
  const watched = { set: (wires, phase, send) => {
    wires[phase] = (message) => { window.sent.push([phase, message.seq, message.value]); return send(message); };
    return true;
  } };
  globalThis.liveWires = { explore: new Proxy({}, watched) };
  document.addEventListener("live-answer", ({ detail }) => {
    if (detail.answer) window.sent.push(["answer", detail.seq]);
  });
"""
SHOWS = """(words) => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].some(
  (host) => host.shadowRoot?.querySelector('.number')?.textContent === words)"""  # wait for it: whether the number is this
LOOKS = 3  # at a page, before what axe finds counts
STILL = "!document.querySelector('[data-testid=\"stStatusWidget\"]')"
RESTED = """(start) => {
  const told = window.sent.slice(start);
  const rest = told.findLastIndex(([phase]) => phase === "rest");
  const late = told.findLastIndex(([phase]) => phase === "move") > rest;
  return rest >= 0 && !late && told.slice(rest).some(([phase, seq]) => phase === "answer" && seq >= told[rest][1]);
}"""


def number(page: Any) -> str:
    return str(page.locator(".number").inner_text())


def still(page: Any) -> None:
    """Wait until the server does nothing for the page any more."""
    page.wait_for_function(STILL)


def turned(page: Any, act: Callable[[], Any]) -> str:
    """The number after an act of a hand, once its last value has rested and was answered."""
    start = page.evaluate("window.sent.length")
    act()
    page.wait_for_function(RESTED, arg=start)
    still(page)
    return number(page)


def pressed(page: Any, name: str, before: str) -> str:
    """The number after a button that changes it."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_function(
        "([before, host]) => [...document.querySelectorAll(host)].some((x) => {"
        "const number = x.shadowRoot?.querySelector('.number'); return number && number.textContent !== before; })",
        arg=[before, '[data-testid="stBidiComponentIsolated"]'],
    )
    still(page)
    return number(page)


def thumb(page: Any, path: str) -> Any:
    return page.locator(f'input[type="range"][data-path="{path}"]')


def standing(page: Any, path: str) -> float:
    return float(thumb(page, path).evaluate("(input) => Number(input.value)"))


def place(page: Any, path: str, value: float | None = None) -> tuple[float, float]:
    """Where on the page a value of a slider is, or where its thumb is."""
    slider = thumb(page, path)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    value = standing(page, path) if value is None else value
    return box["x"] + 22 + (box["width"] - 44) * (value - low) / (high - low), box["y"] + box["height"] / 2


def drag(page: Any, path: str, value: float) -> None:
    """Take a thumb to a value and let it go."""
    page.mouse.move(*place(page, path))
    page.mouse.down()
    page.mouse.move(*place(page, path, value), steps=10)
    page.mouse.up()


def fingered(touch: Any, places: list[tuple[float, float]]) -> None:
    """A finger put down at the first of some places, moved through the others and lifted."""
    for turn, (x, y) in enumerate(places):
        kind = "touchMove" if turn else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def answer(*turns: tuple[str, Any], name: str = FLAGSHIP) -> str:
    """The probability once controls stand at what they show, worked out here."""
    desk = Desk.of_shipped(name)
    for path, value in turns:
        messages.apply(desk, Message(path, value, "rest", 1))
    return report.probability(simulate(desk.scenario))


def violations(page: Any) -> list[str]:
    """What axe finds wrong with a page at rest: what is fading on its way out is gone at the next look."""
    for _ in range(LOOKS):
        found = _violations(page)
        if not found:
            break
        page.wait_for_timeout(1500)
        still(page)
    return found


def _violations(page: Any) -> list[str]:
    """What axe finds wrong with a page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    return [
        f"{page.url} {v['id']}: {v['nodes'][0]['html'][:150]} {v['nodes'][0]['failureSummary'][:300]}"
        for v in found.response["violations"]
    ]
