// The chance by amount, with the target as a handle: dragging it moves the target's control in the panel.

const EDGE = { left: 46, right: 18, top: 26, bottom: 46 }; // pixels around the curve
const HEIGHT = 330;
const SVG = "http://www.w3.org/2000/svg";
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export default function ({ data, parentElement }) {
  const curve = (parentElement.curve ??= new Curve(parentElement));
  if (curve.stamp !== data.stamp) curve.take(data);
  return () => curve.close();
}

class Curve {
  constructor(root) {
    this.svg = node("svg", root, { class: "curve", role: "group" });
    this.grid = node("g", this.svg);
    this.area = node("path", this.svg, { class: "area" });
    this.line = node("path", this.svg, { class: "line" });
    this.rule = node("line", this.svg, { class: "rule" });
    this.label = node("text", this.svg, { class: "label" });
    this.axis = node("text", this.svg, { class: "axis", "text-anchor": "middle" });
    this.handle = node("circle", this.svg, { class: "handle", r: 11, role: "slider", tabindex: 0 });
    this.touch = node("circle", this.svg, { class: "touch", r: 22 });
    this.touch.addEventListener("pointerdown", (event) => this.grab(event));
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.listen = ({ detail }) => {
      if (detail.channel === this.data?.channel && detail.answer?.headline) this.answered(detail.answer);
    };
    document.addEventListener("live-answer", this.listen);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.svg);
  }

  take(data) {
    const amounts = [...data.points.map(([amount]) => amount), data.target];
    this.data = { ...data, ...data.scale, from: Math.min(...amounts), to: Math.max(...amounts) };
    this.stamp = data.stamp;
    if (!this.held) [this.value, this.chance] = [data.target, data.chance];
    this.svg.setAttribute("aria-label", data.alt);
    this.draw();
  }

  answered({ headline, values }) {
    const moved = values[this.data.path];
    this.chance = headline.number;
    if (moved !== undefined && !this.held) this.value = moved;
    this.place();
  }

  draw() {
    const { data } = this;
    const width = this.svg.clientWidth;
    if (!data || !width) return;
    const [left, right] = [EDGE.left, width - EDGE.right];
    const [top, bottom] = [EDGE.top, HEIGHT - EDGE.bottom];
    this.x = (amount) => left + ((amount - data.from) / (data.to - data.from)) * (right - left);
    this.y = (chance) => bottom - chance * (bottom - top);
    this.amount = (x) => data.from + ((x - left) / (right - left)) * (data.to - data.from);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const points = data.points.map(([amount, chance]) => [this.x(amount), this.y(chance)]);
    const path = smooth(points);
    this.line.setAttribute("d", path);
    this.area.setAttribute("d", `${path} L ${points.at(-1)[0]} ${bottom} L ${points[0][0]} ${bottom} Z`);
    this.grid.replaceChildren();
    for (const chance of TICKS) {
      node("line", this.grid, { x1: left, x2: right, y1: this.y(chance), y2: this.y(chance) });
      text(this.grid, left - 8, this.y(chance) + 4, `${100 * chance}\u00a0%`, "end");
    }
    const every = Math.ceil(data.ticks.length / Math.max(2, Math.floor((right - left) / 80)));
    data.ticks.forEach(([amount, words], n) => {
      if (n % every === 0) text(this.grid, this.x(amount), bottom + 18, words, "middle");
    });
    Object.entries({ x: (left + right) / 2, y: HEIGHT - 6 }).forEach(([key, at]) => this.axis.setAttribute(key, at));
    this.axis.textContent = data.axis;
    this.place();
  }

  place() {
    const { data, value } = this;
    if (!this.x) return;
    const shown = Math.min(Math.max(value, data.from), data.to);
    const [x, y] = [this.x(shown), this.y(between(data.points, shown))];
    for (const circle of [this.handle, this.touch]) {
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    }
    for (const [key, at] of Object.entries({ x1: x, x2: x, y1: EDGE.top, y2: HEIGHT - EDGE.bottom })) this.rule.setAttribute(key, at);
    const words = `${this.chance} for ${written(data, value)}`;
    const room = this.svg.clientWidth - x > 190;
    this.label.setAttribute("x", room ? x + 16 : x - 16);
    this.label.setAttribute("y", Math.max(y - 12, EDGE.top + 8));
    this.label.setAttribute("text-anchor", room ? "start" : "end");
    this.label.textContent = words;
    const spoken = { valuenow: value, valuemin: data.low, valuemax: data.high, valuetext: words, label: data.name };
    for (const [key, told] of Object.entries(spoken)) this.handle.setAttribute(`aria-${key}`, told);
  }

  move(value) {
    const { data } = this;
    this.value = snapped(data, within(value, data.low, data.high), data.original);
    this.place();
    const detail = { channel: data.channel, path: data.path, value: this.value };
    document.dispatchEvent(new CustomEvent("live-move", { detail }));
  }

  grab(event) {
    event.preventDefault();
    this.held = true;
    this.handle.focus();
    this.touch.setPointerCapture(event.pointerId);
    const box = this.svg.getBoundingClientRect();
    const follow = (moved) => this.move(this.amount(moved.clientX - box.left));
    const let_go = () => {
      this.held = false;
      this.touch.removeEventListener("pointermove", follow);
      document.dispatchEvent(new CustomEvent("live-rest", { detail: { channel: this.data.channel } }));
    };
    this.touch.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) this.touch.addEventListener(end, let_go, { once: true });
  }

  key(event) {
    const far = event.key.startsWith("Page") ? 10 : 1;
    const up = { ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 }[event.key];
    if (up) this.move(this.value + up * far * this.data.step);
    else if (event.key === "Home") this.move(this.data.low);
    else if (event.key === "End") this.move(this.data.high);
    else return;
    event.preventDefault();
  }

  close() {
    document.removeEventListener("live-answer", this.listen);
    this.watch.disconnect();
  }
}

// Elements

function node(tag, parent, looks = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, look] of Object.entries(looks)) made.setAttribute(key, look);
  parent.appendChild(made);
  return made;
}

function text(parent, x, y, words, anchor) {
  node("text", parent, { x, y, "text-anchor": anchor }).textContent = words;
}

function between(points, amount) {
  const next = points.findIndex(([at]) => at >= amount);
  if (next <= 0) return points.at(next === 0 ? 0 : -1)[1];
  const [[a, p], [b, q]] = [points[next - 1], points[next]];
  return b > a ? p + ((amount - a) / (b - a)) * (q - p) : q;
}

// A path through points without overshooting between them (Fritsch and Carlson 1980, harmonic means of slopes).
function smooth(points) {
  const slopes = points.slice(1).map(([x, y], k) => (y - points[k][1]) / Math.max(x - points[k][0], 1e-9));
  const tangent = (k) => {
    const [a, b] = [slopes[k - 1] ?? slopes[k], slopes[k] ?? slopes[k - 1]];
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
  };
  let path = `M ${points[0][0]} ${points[0][1]}`;
  for (let k = 1; k < points.length; k += 1) {
    const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]];
    const third = (x1 - x0) / 3;
    path += ` C ${x0 + third} ${y0 + third * tangent(k - 1)} ${x1 - third} ${y1 - third * tangent(k)} ${x1} ${y1}`;
  }
  return path;
}
