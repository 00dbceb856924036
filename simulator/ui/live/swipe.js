// A finger that wipes sideways over tabs turns to the next one: Streamlit draws one tab at a time. It draws nothing.

const FAR = 60; // pixels that a finger goes sideways
const HELD = 'input, select, [role="slider"], [role="radiogroup"], [role="tablist"], [data-testid="stDataFrame"], .touch';

export default function ({ data, parentElement }) {
  hide(parentElement);
  const area = document.querySelector(data.area);
  if (!area) return undefined;
  let from = null;
  const down = (event) => {
    const held = event.composedPath().some((node) => node instanceof Element && node.matches(HELD));
    from = held || event.touches.length > 1 ? null : event.touches[0];
  };
  const up = (event) => {
    const [to] = event.changedTouches;
    const [right, below] = from ? [to.clientX - from.clientX, to.clientY - from.clientY] : [0, 0];
    if (Math.abs(right) >= FAR && Math.abs(right) > 2 * Math.abs(below)) turn(area, right < 0 ? 1 : -1);
    from = null;
  };
  area.addEventListener("touchstart", down, { passive: true });
  area.addEventListener("touchend", up, { passive: true });
  return () => {
    area.removeEventListener("touchstart", down);
    area.removeEventListener("touchend", up);
  };
}

function turn(area, by) {
  const tabs = [...area.querySelectorAll('[role="tab"]')];
  const next = tabs[tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true") + by];
  next?.click();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
