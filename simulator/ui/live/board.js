// A table that is sorted by its heads and filtered as one types; on a narrow screen each row is a card.

const views = (globalThis.boardViews ??= {}); // how each table stands, as long as the page is open

export default function ({ data, parentElement, setTriggerValue }) {
  const board = (parentElement.board ??= new Board(parentElement));
  board.open = (name) => setTriggerValue("opened", name);
  if (board.stamp !== data.stamp) board.show(data.content);
  board.stamp = data.stamp;
}

function made(tag, name, parent, text) {
  const node = parent.appendChild(document.createElement(tag));
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

class Board {
  constructor(root) {
    this.box = made("div", "board", root);
  }

  show(content) {
    this.content = content;
    this.view = views[content.view] ??= { words: "", show: "all", by: null, falling: false };
    this.box.replaceChildren();
    this.tools();
    const table = made("table", "", this.box);
    table.setAttribute("aria-label", content.labels.table);
    const head = made("tr", "", made("thead", "", table));
    this.heads = content.columns.map((column) => this.head(column, head));
    this.body = made("tbody", "", table);
    this.empty = made("p", "empty", this.box, content.labels.none);
    this.lines = content.rows.map((row) => [row, this.row(row)]);
    this.arrange();
  }

  tools() {
    const { labels, show, columns } = this.content;
    const bar = made("div", "tools", this.box);
    const filter = made("input", "", this.labelled(bar, labels.filter));
    filter.type = "search";
    filter.placeholder = labels.hint;
    filter.value = this.view.words;
    filter.addEventListener("input", () => this.turn({ words: filter.value }));
    const group = made("fieldset", "show", bar);
    made("legend", "", group, labels.show);
    for (const { key, label } of show) {
      const choice = made("label", "", group);
      const radio = made("input", "", choice);
      Object.assign(radio, { type: "radio", name: "board-show", value: key, checked: this.view.show === key });
      radio.addEventListener("change", () => this.turn({ show: key }));
      made("span", "", choice, label);
    }
    const sorting = this.labelled(bar, labels.sort, "sorting");
    this.select = made("select", "", sorting);
    made("option", "", this.select, "").value = "";
    for (const { key, head, sorts } of columns) if (sorts) made("option", "", this.select, head).value = key;
    this.select.addEventListener("change", () => this.turn({ by: this.select.value || null }));
    this.way = made("button", "way", bar);
    this.way.type = "button";
    this.way.addEventListener("click", () => this.turn({ falling: !this.view.falling }));
    this.count = made("p", "count", bar);
    this.count.setAttribute("role", "status");
  }

  labelled(parent, text, name = "") {
    const label = made("label", name, parent);
    made("span", "", label, text);
    return label;
  }

  head({ key, head, sorts }, line) {
    const cell = made("th", key, line, sorts ? undefined : head);
    cell.scope = "col";
    if (!sorts) return [key, cell];
    const button = made("button", "sort", cell, head);
    button.type = "button";
    button.addEventListener("click", () => this.turn({ by: key, falling: this.view.by === key && !this.view.falling }));
    return [key, cell];
  }

  row(row) {
    const line = document.createElement("tr");
    for (const { key, head } of this.content.columns) {
      const first = key === this.content.columns[0].key;
      const cell = made(first ? "th" : "td", key, line);
      if (first) cell.scope = "row";
      else made("span", "head", cell, head);
      if (key === "course") {
        const drawing = new DOMParser().parseFromString(row.course, "text/html").body.firstElementChild;
        made("div", "drawn", cell).append(document.adoptNode(drawing));
        continue;
      }
      const text = made(first ? "button" : "span", first ? "open" : "text", cell, row.cells[key]);
      if (row.details[key]) made("small", "", cell, row.details[key]);
      if (first) text.type = "button";
    }
    line.addEventListener("click", () => {
      if (document.getSelection()?.isCollapsed ?? true) this.open(row.name);
    });
    return line;
  }

  turn(change) {
    Object.assign(this.view, change);
    this.arrange();
  }

  arrange() {
    const { view } = this;
    const words = view.words.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const shown = this.lines.filter(([row]) => {
      if (view.show !== "all" && row.good !== (view.show === "good")) return false;
      const text = [...Object.values(row.cells), ...Object.values(row.details)].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    if (view.by) shown.sort(([one], [other]) => compared(one.keys[view.by], other.keys[view.by], view.falling));
    this.body.replaceChildren(...shown.map(([, line]) => line));
    for (const [key, cell] of this.heads) {
      if (key === view.by) cell.setAttribute("aria-sort", view.falling ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
    const { labels } = this.content;
    this.select.value = view.by ?? "";
    this.way.textContent = view.falling ? labels.falling : labels.rising;
    this.way.disabled = !view.by;
    this.empty.hidden = shown.length > 0;
    this.count.textContent = `${shown.length} / ${this.lines.length}`;
  }
}

// what is not known stands last, whichever way
function compared(one, other, falling) {
  if (one === null || other === null) return (one === null) - (other === null);
  const order = typeof one === "number" ? one - other : one.localeCompare(other);
  return falling ? -order : order;
}
