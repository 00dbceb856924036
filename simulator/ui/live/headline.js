// The number, what it changed by and the range beside it: replaced by every answer, without waiting for the page.

const SPOKEN = 700; // milliseconds after which a number that stays is read out

export default function ({ data, parentElement }) {
  const headline = (parentElement.headline ??= new Headline(parentElement));
  headline.channel = data.channel;
  if (headline.session !== data.session) headline.seq = 0; // the server counts anew
  headline.session = data.session;
  // else drawn again for another reason, the theme, or drawn before what a later move was answered
  if (headline.stamp !== data.stamp && data.seq >= headline.seq) headline.show(data.content);
  headline.stamp = data.stamp;
  return () => headline.close();
}

class Headline {
  constructor(root) {
    this.seq = 0;
    const make = (name, parent, tag = "div") => {
      const node = parent.appendChild(document.createElement(tag));
      node.className = name;
      return node;
    };
    const box = make("headline", root);
    const figure = make("figure", box);
    this.label = make("label", figure);
    this.number = make("number", figure);
    this.change = make("change", figure);
    const beside = make("beside", box);
    const scale = make("scale", beside);
    scale.setAttribute("aria-hidden", "true");
    make("end", scale, "span").textContent = "0\u00a0%";
    this.strip = make("strip", scale);
    make("end", scale, "span").textContent = "100\u00a0%";
    this.band = make("band", this.strip);
    this.other = make("other", this.strip);
    this.mark = make("mark", this.strip);
    this.range = make("range", beside);
    this.words = make("words", this.range, "span");
    this.without = make("without", this.range, "span");
    this.outside = make("outside", this.range, "span");
    this.lines = make("lines", beside);
    this.spoken = make("spoken", box);
    this.spoken.setAttribute("role", "status");
    this.listen = ({ detail }) => {
      if (detail.channel !== this.channel || !detail.answer?.headline || detail.seq < this.seq) return;
      this.seq = detail.seq;
      this.show(detail.answer.headline);
    };
    document.addEventListener("live-answer", this.listen);
  }

  show(content) {
    const { label, number, change, lines, share, range, outside } = content;
    const texts = [[this.label, label], [this.number, number], [this.change, change], [this.lines, lines.join(" ")]];
    for (const [node, text] of texts) if (node.textContent !== text) node.textContent = text;
    this.mark.style.left = `${100 * share}%`;
    this.strip.classList.toggle("old", !range);
    this.range.classList.toggle("old", !range);
    if (range) {
      this.band.style.left = `${100 * range.low}%`;
      this.band.style.width = `${100 * (range.high - range.low)}%`;
      this.words.textContent = range.words;
      this.without.textContent = range.without;
      this.other.hidden = !outside;
      if (outside) this.other.style.left = `${100 * outside.share}%`;
      this.outside.textContent = outside ? ` \u25c7 ${outside.words}.` : "";
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak([label, number, change, ...lines].join(" ")), SPOKEN);
  }

  speak(text) {
    if (this.spoken.textContent !== text) this.spoken.textContent = text;
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("live-answer", this.listen);
  }
}
