/* A sentence as a row of words. A click, or an arrow key, chooses the word that looks: its row is
   lit here at once, before Python answers. Text from Python reaches the page by textContent only. */

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 3; // percent: less is no line, and a faint number
const views = new WeakMap();

const make = (tag, className, parent, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
};

class Sentence {
  constructor(parent) {
    this.root = make("div", "sentence", parent);
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.root.append(this.lines);
    this.row = make("div", "words", this.root);
    this.row.setAttribute("role", "radiogroup");
    this.row.addEventListener("keydown", (event) => this.key(event));
    this.sizes = new ResizeObserver(() => this.connect());
    this.sizes.observe(this.root);
    document.fonts.ready.then(() => this.connect());
  }

  close() {
    this.sizes.disconnect();
    this.root.remove();
  }

  /* Made anew for another sentence only, so that a word keeps the focus while the choice moves. */
  show(data) {
    const words = JSON.stringify([data.words, data.special]);
    const another = words !== this.shown;
    this.data = data;
    for (const [name, colour] of Object.entries(data.colours)) {
      this.root.style.setProperty(`--sentence-${name}`, colour);
    }
    if (another) this.build();
    this.shown = words;
    // An answer to an earlier click must not pull the choice back.
    if (another || data.chosen === this.asked) this.asked = null;
    this.light(this.asked ?? data.chosen);
  }

  build() {
    const { words, special, joined, labels } = this.data;
    this.row.replaceChildren();
    this.row.setAttribute("aria-label", labels.row);
    this.words = words.map((word, place) => {
      const button = make("button", "word", this.row);
      button.type = "button";
      button.setAttribute("role", "radio");
      button.classList.toggle("special", special[place]);
      button.classList.toggle("joined", joined[place]);
      if (special[place]) button.title = labels.special;
      make("bdi", "", button, word);
      make("span", "share", button);
      button.onclick = () => this.choose(place);
      return button;
    });
  }

  light(chosen) {
    const { percents, grounds, inks, labels } = this.data;
    this.chosen = chosen;
    this.words.forEach((button, place) => {
      const share = percents[chosen][place];
      const [word, told] = button.children;
      word.style.background = grounds[share];
      word.style.color = inks[share];
      told.textContent = share ? labels.percent.replace("{n}", share) : "";
      told.classList.toggle("faint", share < LEAST);
      button.setAttribute("aria-checked", place === chosen);
      button.tabIndex = place === chosen ? 0 : -1;
    });
    this.connect();
  }

  /* From the chosen word to each that it gives something: above them, or from line to line. */
  connect() {
    if (!this.words?.length) return;
    const base = this.root.getBoundingClientRect();
    const boxes = this.words.map((button) => {
      const box = button.getBoundingClientRect(); // the word, and its number below it
      const middle = (box.left + box.right) / 2 - base.left;
      return { x: middle, top: box.top - base.top, bottom: box.bottom - base.top };
    });
    const room = boxes[0].top - 4;
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;
    const from = boxes[this.chosen];
    this.lines.setAttribute("width", base.width);
    this.lines.setAttribute("height", base.height);
    this.lines.replaceChildren();
    this.data.percents[this.chosen].forEach((share, place) => {
      if (share < LEAST) return;
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", this.curve(from, boxes[place], room, unit));
      path.setAttribute("stroke-width", unit * (1.5 + share / 9));
      path.setAttribute("opacity", 0.35 + share / 155);
      path.dataset.key = place;
      this.lines.append(path);
    });
  }

  curve(from, to, room, unit) {
    if (from === to) {
      const [x, y] = [from.x, from.top - 2];
      const wide = 26 * unit;
      return `M${x - wide / 3} ${y}C${x - wide} ${y - 46 * unit} ${x + wide} ${y - 46 * unit} ${x + wide / 3} ${y}`;
    }
    if (Math.abs(from.top - to.top) < 4) {
      const high = Math.min(room, 40 * unit + Math.abs(from.x - to.x) * 0.28) * 1.3;
      const y = from.top - 2;
      return `M${from.x} ${y}C${from.x} ${y - high} ${to.x} ${y - high} ${to.x} ${y}`;
    }
    const down = to.top > from.top;
    const [y0, y1] = down ? [from.bottom, to.top] : [from.top, to.bottom];
    const half = (y0 + y1) / 2;
    return `M${from.x} ${y0}C${from.x} ${half} ${to.x} ${half} ${to.x} ${y1}`;
  }

  choose(place) {
    this.words[place].focus({ focusVisible: false });
    if (place === this.chosen) return;
    this.asked = place;
    this.light(place);
    this.send(place);
  }

  key(event) {
    const last = this.words.length - 1;
    const at = this.words.indexOf(event.target);
    const to = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: last,
      Enter: at,
      " ": at,
    }[event.key];
    if (event.key === "Escape") event.target.blur();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own arrow keys step through something else
    const there = Math.min(Math.max(to, 0), last);
    this.choose(there);
    this.words[there].focus({ focusVisible: true });
  }
}

/* Streamlit calls this again for new data on the same element, without a cleanup between. */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Sentence(parentElement));
  const view = views.get(parentElement);
  view.send = (place) => setTriggerValue("query", place);
  view.show(data);
  return () => {
    views.delete(parentElement);
    view.close();
  };
}
