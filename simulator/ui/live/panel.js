// The controls: drawn once and patched after that, so that what a finger holds is never replaced.
// Every text of a scenario goes in as text. Two moves at most are on their way: the server works on one, and takes the next up
// without waiting for the browser; of all later ones only the newest is sent.

const REST = 150; // milliseconds without a move after which the charts are asked for
const LOST = 4000; // milliseconds after which an answer is no longer waited for
const AGAIN = 1000; // milliseconds after which what the server did not hear is said again
const AHEAD = 2; // moves on their way at once
const FAR = 10; // steps of Page Up and Page Down

export default function ({ data, parentElement }) {
  const panel = (parentElement.panel ??= new Panel(parentElement, data.channel));
  if (panel.stamp !== data.stamp) panel.show(data); // else drawn again for another reason: the theme
  return () => panel.close();
}

// What is sent

class Sender {
  constructor(channel) {
    Object.assign(this, { channel, seq: 0 });
    this.forget();
  }

  // nothing is on its way: another session knows nothing of it
  forget() {
    Object.assign(this, { flights: [], waiting: new Map(), last: null, resting: false, unsettled: null });
  }

  move(path, value) {
    this.unsettled = null; // this one comes to rest in its turn
    this.last = { path, value, phase: "move", seq: ++this.seq };
    this.waiting.set(path, this.last);
    this.stir();
    this.pump();
    return this.seq;
  }

  // the thumb is under way: no rest is asked for, which would hold up the numbers
  stir() {
    if (!this.last) return;
    this.resting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST);
  }

  rest() {
    clearTimeout(this.timer);
    this.resting = this.last !== null;
    this.pump();
  }

  pump() {
    const wires = globalThis.liveWires?.[this.channel];
    if (!wires?.move) return;
    const [next] = this.waiting.values();
    // the server drops what comes after a later one, so two at once are of one control
    if (next && this.flights.length < AHEAD && this.flights.every(({ path }) => path === next.path)) {
      this.waiting.delete(next.path);
      this.flights.push(next);
      this.watch();
      wires.move(next);
    } else if (!next && this.resting && !this.flights.length) {
      this.resting = false;
      this.unsettled = this.last;
      this.last = null;
      this.settle(wires);
    }
  }

  // that a thumb rests is said until a page was drawn with it: Streamlit drops it where the line is cut
  settle(wires) {
    wires.rest?.({ ...this.unsettled, phase: "rest" });
    this.askLater();
  }

  askLater() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.ask(), LOST);
  }

  async ask() {
    const resting = this.unsettled;
    if (!resting) return; // drawn by now
    const reply = await globalThis.liveWires?.[this.channel]?.ask?.({ ...resting, phase: "rest" });
    if (this.unsettled !== resting) return;
    const wires = globalThis.liveWires?.[this.channel];
    if (reply?.settled >= resting.seq) this.unsettled = null;
    else if (reply && !reply.lost && wires) this.settle(wires);
    else this.askLater();
  }

  // a page was drawn that knows all up to a message
  drawn(seq) {
    this.seq = Math.max(this.seq, seq);
    if (seq >= this.unsettled?.seq) this.unsettled = null;
  }

  watch() {
    clearTimeout(this.lost);
    if (this.flights.length) this.lost = setTimeout(() => this.giveUp(), LOST);
  }

  answered(seq) {
    this.flights = this.flights.filter((flight) => flight.seq > seq);
    this.watch();
    this.pump();
  }

  giveUp() {
    this.unheard(Infinity);
    this.pump();
  }

  // what the server has not heard waits again, unless a later one of the same control does
  unheard(upTo) {
    for (const flight of this.flights.filter(({ seq }) => seq <= upTo)) {
      if (!(this.waiting.get(flight.path)?.seq > flight.seq)) this.waiting.set(flight.path, flight);
    }
    this.flights = this.flights.filter(({ seq }) => seq > upTo);
    this.watch();
    clearTimeout(this.again);
    this.again = setTimeout(() => this.pump(), AGAIN);
  }
}

// Numbers as people read them

function parsed(scale, text) {
  const month = /^\s*(\d{4})-(\d{1,2})\s*$/.exec(text);
  if (scale.month) return month && month[2] >= 1 && month[2] <= 12 ? 12 * month[1] + Number(month[2]) - 1 : NaN;
  let bare = text.trim().replaceAll("\u00a0", " ").replace("\u2212", "-");
  for (const word of [scale.before, scale.after.replaceAll("\u00a0", " ").trim(), "%"]) {
    if (word) bare = bare.replace(word, "");
  }
  bare = bare.trim().replace(/^(-?\d{1,3}(?:,\d{3})+)(?=\.|$)/, (whole) => whole.replaceAll(",", ""));
  return /^-?(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : NaN;
}

// Elements

function make(tag, name, parent, texts = {}) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, text] of Object.entries(texts)) node.setAttribute(key, text);
  parent?.append(node);
  return node;
}

function remark(node, comments) {
  node.replaceChildren();
  for (const { who, text } of comments) {
    const line = make("p", "remark", node);
    say(make("b", "", line), `${who}: `);
    say(make("span", "", line), text);
  }
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function keyed(place, views, items, key, create) {
  const wanted = items.map(key);
  for (const [id, view] of views) {
    if (!wanted.includes(id)) {
      view.node.remove();
      views.delete(id);
    }
  }
  items.forEach((item, index) => {
    const view = views.get(key(item)) ?? create(item);
    views.set(key(item), view);
    if (place.children[index] !== view.node) place.insertBefore(view.node, place.children[index] ?? null);
    view.show(item);
  });
}

let ids = 0;
const named = () => `live-${++ids}`;

// A number, or a range: thumbs on one line, a box for each

class Slider {
  constructor(panel) {
    this.panel = panel;
    this.thumbs = [];
    this.node = make("div", "control", null, { role: "group" });
    const head = make("div", "head", this.node);
    this.label = make("span", "label", head, { id: named() });
    this.badge = make("span", "badge", head);
    this.boxes = make("span", "boxes", head);
    this.line = make("div", "line", this.node);
    const rail = make("div", "rail", this.line);
    this.fill = make("div", "fill", rail);
    const ends = make("div", "ends", this.node, { "aria-hidden": "true" });
    this.low = make("span", "", ends);
    this.was = make("span", "was", ends);
    this.high = make("span", "", ends);
    this.fault = make("p", "fault", this.node, { role: "alert" });
    this.note = make("p", "note", this.node);
    this.remarks = make("div", "remarks", this.node);
    this.node.setAttribute("aria-labelledby", this.label.id);
    this.line.addEventListener("pointerdown", (event) => this.press(event));
  }

  show(data) {
    this.data = data;
    say(this.label, data.label);
    say(this.badge, data.badge);
    this.badge.hidden = !data.badge;
    say(this.note, [data.help === data.label ? "" : data.help, data.source].filter(Boolean).join(". "));
    remark(this.remarks, data.comments);
    say(this.low, written(data.scale, data.scale.low));
    say(this.high, written(data.scale, data.scale.high));
    say(this.fault, "");
    while (this.thumbs.length > data.thumbs.length) this.drop(this.thumbs.pop());
    while (this.thumbs.length < data.thumbs.length) this.thumbs.push(this.thumb());
    this.node.classList.toggle("several", data.thumbs.length > 1);
    data.thumbs.forEach((given, index) => this.place(this.thumbs[index], given));
    this.draw();
  }

  thumb() {
    const thumb = { seq: 0, held: false, value: NaN };
    thumb.input = make("input", "thumb", this.line, { type: "range", step: "any" });
    thumb.tick = make("i", "tick", this.line.firstChild, { "aria-hidden": "true" });
    thumb.field = make("label", "", this.boxes);
    thumb.name = make("span", "", thumb.field);
    thumb.box = make("input", "box", thumb.field, { type: "text", autocomplete: "off", spellcheck: "false" });
    const { input, box } = thumb;
    input.addEventListener("input", () => this.move(thumb, Number(input.value)));
    input.addEventListener("change", () => this.release(thumb));
    input.addEventListener("pointerdown", () => { thumb.held = true; });
    for (const end of ENDS) input.addEventListener(end, () => { thumb.held = false; });
    input.addEventListener("keydown", (event) => this.key(thumb, event));
    box.addEventListener("focus", () => box.select());
    box.addEventListener("change", () => this.typed(thumb));
    box.addEventListener("keydown", (event) => event.key === "Escape" && this.draw(thumb));
    return thumb;
  }

  drop(thumb) {
    for (const node of [thumb.input, thumb.tick, thumb.field]) node.remove();
  }

  place(thumb, given) {
    const { scale, label } = this.data;
    const other = thumb.given?.path !== given.path;
    thumb.given = given;
    thumb.input.min = scale.low;
    thumb.input.max = scale.high;
    thumb.input.dataset.path = given.path;
    thumb.input.setAttribute("aria-label", given.name ? `${label}, ${given.name}` : label);
    thumb.box.setAttribute("aria-label", `${given.name ? `${label}, ${given.name}` : label}, number`);
    thumb.box.inputMode = scale.month ? "text" : "decimal";
    thumb.tick.style.setProperty("--at", this.share(given.original));
    say(thumb.name, given.name);
    if (other || this.panel.free(thumb)) thumb.value = given.value;
  }

  share(value) {
    const { low, high } = this.data.scale;
    return high > low ? within((value - low) / (high - low), 0, 1) : 0;
  }

  // Values

  move(thumb, wanted) {
    const index = this.thumbs.indexOf(thumb);
    const ends = thumb.given.name !== "likely";
    const least = ends && index > 0 ? this.thumbs[index - 1].value : -Infinity;
    const most = ends && index < this.thumbs.length - 1 ? this.thumbs[index + 1].value : Infinity;
    const value = within(snapped(this.data.scale, wanted, thumb.given.original), least, most);
    if (value === thumb.value) return this.panel.sender.stir();
    thumb.value = value;
    thumb.seq = this.panel.sender.move(thumb.given.path, value);
    say(this.fault, "");
    this.draw();
  }

  release(thumb) {
    thumb.held = false;
    this.draw();
    this.panel.sender.rest();
  }

  key(thumb, event) {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { low, high, step } = this.data.scale;
    const steps = KEYS[event.key];
    const wanted = Number.isFinite(steps) ? thumb.value + steps * step : steps < 0 ? low : high;
    this.move(thumb, wanted);
    this.draw();
  }

  press(event) {
    if (event.target instanceof HTMLInputElement || event.button || this.node.closest(":disabled")) return;
    const value = (x) => {
      const { left, width } = this.line.firstChild.getBoundingClientRect();
      const { low, high } = this.data.scale;
      return low + within((x - left) / width, 0, 1) * (high - low);
    };
    const at = value(event.clientX);
    const apart = Math.min(...this.thumbs.map((thumb) => Math.abs(thumb.value - at)));
    const nearest = this.thumbs.filter((thumb) => Math.abs(thumb.value - at) === apart);
    const near = nearest.at(at > nearest[0].value ? -1 : 0); // of those on one spot the one that can go there
    const follow = (move) => this.move(near, value(move.clientX));
    const before = near.value;
    const stop = ({ type }) => {
      this.line.removeEventListener("pointermove", follow);
      for (const end of ENDS) this.line.removeEventListener(end, stop);
      if (type === "pointercancel") this.move(near, before); // the finger scrolls the page
      this.release(near);
    };
    event.preventDefault();
    near.held = true;
    near.input.focus();
    this.line.setPointerCapture(event.pointerId);
    this.line.addEventListener("pointermove", follow);
    for (const end of ENDS) this.line.addEventListener(end, stop);
    this.move(near, at);
  }

  typed(thumb) {
    const { scale } = this.data;
    const number = parsed(scale, thumb.box.value);
    const known = number >= scale.low && number <= scale.high;
    const ends = `${written(scale, scale.low)} to ${written(scale, scale.high)}`;
    say(this.fault, known ? "" : `found “${thumb.box.value}”, expected ${ends}`);
    thumb.box.setAttribute("aria-invalid", String(!known));
    if (!known) return;
    if (number !== thumb.value) {
      thumb.value = number;
      thumb.seq = this.panel.sender.move(thumb.given.path, number);
      this.panel.sender.rest();
    }
    this.draw(thumb);
  }

  take(path, value) {
    const thumb = this.thumbs.find((one) => one.given.path === path);
    if (!thumb || !this.panel.free(thumb)) return;
    thumb.value = value;
    this.draw();
  }

  draw(typed = null) {
    const { scale } = this.data;
    const shares = this.thumbs.map((thumb) => this.share(thumb.value));
    const moved = this.thumbs.filter((thumb) => thumb.value !== thumb.given.original);
    this.fill.style.left = `${100 * (shares.length > 1 ? Math.min(...shares) : 0)}%`;
    this.fill.style.right = `${100 * (1 - Math.max(...shares))}%`;
    say(this.was, moved.length ? `originally ${this.thumbs.map((x) => written(scale, x.given.original)).join(" · ")}` : "");
    for (const thumb of this.thumbs) {
      const text = written(scale, thumb.value);
      if (!thumb.held) thumb.input.value = thumb.value;
      thumb.input.setAttribute("aria-valuetext", text);
      if (thumb === typed || this.panel.root.activeElement !== thumb.box) {
        thumb.box.value = text;
        thumb.box.style.width = `calc(${text.length + 1}ch + 1rem)`;
        thumb.box.removeAttribute("aria-invalid");
      }
    }
    this.panel.tell(this);
  }

  get words() {
    return written(this.data.scale, this.thumbs.find((x) => x.given.path === this.data.path)?.value ?? this.thumbs[0].value);
  }
}

const ENDS = ["pointerup", "pointercancel"];
const KEYS = {
  ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1,
  PageDown: -FAR, PageUp: FAR, Home: -Infinity, End: Infinity,
};

// On or off, and one place among several

class Switch {
  constructor(panel) {
    Object.assign(this, { panel, seq: 0, held: false });
    this.node = make("button", "switch", null, { type: "button", role: "switch" });
    make("i", "", this.node);
    this.node.addEventListener("click", () => {
      this.value = !this.value;
      this.seq = panel.sender.move(this.data.path, this.value);
      panel.sender.rest();
      this.draw();
    });
  }

  show(data) {
    this.data = data;
    this.node.dataset.path = data.path;
    this.node.setAttribute("aria-label", data.label);
    this.take(data.path, data.value);
  }

  take(_, value) {
    if (this.panel.free(this)) this.value = value;
    this.draw();
  }

  draw() {
    this.node.setAttribute("aria-checked", String(this.value));
    this.turned?.(this.value);
  }
}

class Choice {
  constructor(panel) {
    Object.assign(this, { panel, seq: 0, held: false });
    this.node = make("label", "control choice");
    this.label = make("span", "label", this.node);
    this.select = make("select", "", this.node);
    this.select.addEventListener("change", () => {
      this.seq = panel.sender.move(this.data.path, this.data.options[this.select.selectedIndex][0]);
      panel.sender.rest();
    });
  }

  show(data) {
    this.data = data;
    this.select.dataset.path = data.path;
    say(this.label, data.label);
    const words = JSON.stringify(data.options);
    if (this.words !== words) this.select.replaceChildren(...data.options.map(([, text]) => new Option(text)));
    this.words = words;
    this.take(data.path, data.value);
  }

  take(_, value) {
    if (!this.panel.free(this)) return;
    this.select.selectedIndex = this.data.options.findIndex(([option]) => option === value);
  }
}

const VIEWS = { slider: Slider, switch: Switch, choice: Choice };

// A switch among other controls has its name beside it

class Labelled {
  constructor(panel) {
    this.node = make("div", "control choice");
    this.label = make("span", "label", this.node);
    this.inner = new Switch(panel);
    this.node.append(this.inner.node);
  }

  show(data) {
    say(this.label, data.label);
    this.inner.show(data);
  }

  take(path, value) {
    this.inner.take(path, value);
  }
}

const created = (panel, { kind }) => new (kind === "switch" ? Labelled : VIEWS[kind])(panel);

// A line that opens, and sections of them

class Row {
  constructor(panel) {
    this.panel = panel;
    this.views = new Map();
    this.experts = new Map();
    this.node = make("div", "row");
    this.line = make("div", "title", this.node);
    this.button = make("button", "open", this.line, { type: "button", "aria-expanded": "false" });
    this.name = make("span", "name", this.button);
    this.value = make("span", "value", this.button);
    this.effect = make("span", "effect", this.button);
    this.span = make("span", "span", this.button);
    this.body = make("div", "body", this.node, { id: named() });
    this.remarks = make("div", "remarks", this.body);
    this.common = make("fieldset", "", this.body);
    this.more = make("button", "more", this.body, { type: "button", "aria-expanded": "false" });
    this.rest = make("fieldset", "", this.body);
    this.button.setAttribute("aria-controls", this.body.id);
    this.button.addEventListener("click", () => this.toggle("open"));
    this.more.addEventListener("click", () => this.toggle("expert"));
  }

  get opened() {
    return (this.panel.opened[this.data.id] ??= { open: false, expert: false });
  }

  toggle(what) {
    this.opened[what] = !this.opened[what];
    this.show(this.data);
  }

  show(data) {
    this.data = data;
    const { panel } = this;
    const open = !data.name || this.opened.open;
    const expert = open && this.opened.expert;
    say(this.name, data.name);
    say(this.effect, data.effect);
    this.line.hidden = !data.name;
    this.body.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    remark(this.remarks, data.comments);
    this.more.hidden = !data.expert.length;
    this.more.setAttribute("aria-expanded", String(expert));
    say(this.more, `Expert: ${data.expert.length} more`);
    this.rest.hidden = !expert;
    if (data.switch) {
      if (!this.switch) {
        this.line.prepend((this.switch = new Switch(panel)).node);
        this.switch.turned = (on) => { this.common.disabled = this.rest.disabled = !on; };
      }
      this.switch.show(data.switch);
    }
    if (open) keyed(this.common, this.views, data.controls, (x) => x.path, (x) => created(panel, x));
    if (expert) keyed(this.rest, this.experts, data.expert, (x) => x.path, (x) => created(panel, x));
    const shown = data.controls.find((x) => x.thumbs?.some((thumb) => thumb.path === data.shown));
    const thumb = shown?.thumbs.find((x) => x.path === data.shown);
    if (thumb && !this.views.has(shown.path)) this.count(shown.scale, thumb.value, shown.thumbs);
  }

  // the number in the line, with what it counts
  count(scale, value, thumbs) {
    const number = written(scale, value).replace(/\.0+$/, ""); // 5 deals, and 1.0 % of trade
    const ends = thumbs.map((thumb) => thumb.value);
    say(this.span, ends.length > 1 ? `${written(scale, Math.min(...ends))} to ${written(scale, Math.max(...ends))}` : "");
    const [one, several] = this.data.units;
    const what = number === "1" ? one : several;
    say(this.value, what ? `${number} ${what}` : number);
  }

  *controls() {
    if (this.switch) yield this.switch;
    for (const view of [...this.views.values(), ...this.experts.values()]) yield view.inner ?? view;
  }

  keep(values) {
    // what the server has now, for controls that are drawn later
    for (const control of [...this.data.controls, ...this.data.expert, this.data.switch].filter(Boolean)) {
      for (const one of control.thumbs ?? [control]) if (one.path in values) one.value = values[one.path];
    }
    for (const view of this.controls()) {
      for (const one of view.data.thumbs ?? [view.data]) if (one.path in values) view.take(one.path, values[one.path]);
    }
    const shown = this.data.controls.find((x) => x.thumbs?.some((thumb) => thumb.path === this.data.shown));
    if (this.data.shown in values && !this.views.has(shown?.path)) this.count(shown.scale, values[this.data.shown], shown.thumbs);
  }
}

// a button of the page itself, which opens a dialog; it is not seen, what stands for it is in the panel
function pressed(name) {
  const buttons = [...document.querySelectorAll(".st-key-edits button")];
  buttons.find((button) => button.textContent.includes(name))?.click();
}

class Section {
  constructor(panel) {
    this.panel = panel;
    this.rows = new Map();
    this.node = make("section", "");
    const head = make("div", "heading", this.node);
    this.title = make("h2", "", head);
    this.actions = make("div", "actions", head);
    this.place = make("div", "", this.node);
    this.note = make("p", "note", this.node);
  }

  show(data) {
    say(this.title, data.title);
    say(this.note, data.note);
    const words = JSON.stringify(data.actions);
    if (this.words !== words) this.offer(data.actions);
    this.words = words;
    keyed(this.place, this.rows, data.rows, (row) => row.id, () => new Row(this.panel));
  }

  offer(actions) {
    this.actions.replaceChildren();
    for (const [name, text] of actions) {
      const button = make("button", "action", this.actions, { type: "button", "aria-label": name });
      button.textContent = text;
      button.addEventListener("click", () => pressed(name));
    }
  }
}

class Panel {
  constructor(root, channel) {
    this.root = root;
    this.channel = channel;
    this.answeredUpTo = 0;
    this.knows = Infinity; // the last message that the values know which are being taken over
    this.sections = new Map();
    this.opened = ((globalThis.liveOpened ??= {})[channel] ??= {});
    this.sender = new Sender(channel);
    this.place = make("div", "panel", root);
    this.listen = ({ detail }) => {
      if (detail.channel === channel) this.answer(detail);
    };
    document.addEventListener("live-answer", this.listen);
    this.steer = ({ detail }) => detail.channel === channel && this.steered(detail);
    this.settle = ({ detail }) => detail.channel === channel && this.sender.rest();
    document.addEventListener("live-move", this.steer);
    document.addEventListener("live-rest", this.settle);
  }

  // a value that something else than its own control was dragged to
  steered({ path, value }) {
    for (const row of this.rows()) {
      for (const view of row.controls()) {
        const thumb = view.thumbs?.find((one) => one.given.path === path);
        if (thumb) view.move(thumb, value);
      }
    }
  }

  show({ stamp, session, seq, sections }) {
    const anew = this.session !== session; // the server counts from 0: what it shows is all that it has
    Object.assign(this, { stamp, session });
    if (anew) this.sender.forget();
    this.sender.drawn(seq);
    this.answeredUpTo = Math.max(this.answeredUpTo, seq);
    this.knows = anew ? Infinity : seq;
    keyed(this.place, this.sections, sections, (section) => section.id, () => new Section(this));
    this.knows = Infinity;
  }

  // whether the server's value counts: nobody holds the thumb, and the server knew its last move when it gave the value
  free({ held, seq }) {
    return !held && seq <= Math.min(this.answeredUpTo, this.knows);
  }

  answer({ seq, answer, lost }) {
    if (lost) return this.sender.unheard(seq);
    this.answeredUpTo = Math.max(this.answeredUpTo, seq);
    this.knows = seq;
    for (const row of answer ? this.rows() : []) row.keep(answer.values);
    this.knows = Infinity;
    if (answer?.fault) this.refuse(answer);
    this.sender.answered(seq);
  }

  refuse({ path, fault }) {
    for (const row of this.rows()) {
      for (const view of row.controls()) {
        if (view.fault && view.thumbs.some((thumb) => thumb.given.path === path)) say(view.fault, fault);
      }
    }
  }

  tell(slider) {
    for (const row of this.rows()) {
      if (row.data && slider.thumbs.some((thumb) => thumb.given.path === row.data.shown)) {
        const thumb = slider.thumbs.find((x) => x.given.path === row.data.shown);
        row.count(slider.data.scale, thumb.value, slider.thumbs);
      }
    }
  }

  *rows() {
    for (const section of this.sections.values()) yield* section.rows.values();
  }

  close() {
    this.sender.forget();
    document.removeEventListener("live-answer", this.listen);
    document.removeEventListener("live-move", this.steer);
    document.removeEventListener("live-rest", this.settle);
  }
}
