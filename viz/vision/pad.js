/* A picture of few pixels to draw in, by mouse, finger or keys. A stroke goes to Python when it
   ends; what Python sends back counts only if it answers the last stroke, lest an answer to an
   earlier one take the last away. Text from Python reaches the page by textContent and attributes
   only. */

const SIGNS = "0123456789abcdefg"; // ink of a pixel, 0 to 16
const TOP = SIGNS.length - 1;
/* From these levels on black reads better on the dark theme's pixel, and white on the light one's. */
const HALF = TOP / 2;
const MOST = HALF + 2;
const views = new WeakMap();

function make(tag, className, parent) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

const filled = (pattern, values) =>
  pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

class Pad {
  constructor(parent) {
    this.me = Math.random().toString(36).slice(2); // tells this pad's strokes from a former one's
    this.sent = 0; // how many strokes went to Python
    this.at = 0; // where the keyboard stands
    this.last = null; // the pixel that the stroke painted last
    this.root = make("div", "pad", parent);
    this.grid = make("div", "pixels", this.root);
    this.grid.setAttribute("role", "grid");
    this.grid.tabIndex = 0;
    this.mark = make("div", "mark", this.grid);
    this.tools = make("div", "tools", this.root);
    this.name = make("label", "", this.tools);
    this.level = make("input", "", this.tools);
    Object.assign(this.level, { type: "range", min: 0, max: TOP, step: 1, value: TOP });
    this.name.htmlFor = this.level.id = `pad-level-${this.me}`;
    this.shown = make("output", "", this.tools);
    this.clear = make("button", "", this.tools);
    this.clear.type = "button";
    this.cells = [];
    this.stop = new AbortController();
    this.listen();
  }

  listen() {
    const on = (target, name, act) =>
      target.addEventListener(name, act, { signal: this.stop.signal });
    on(this.grid, "pointerdown", (event) => this.begin(event));
    on(this.grid, "pointermove", (event) => this.go(event));
    for (const name of ["pointerup", "pointercancel"]) on(this.grid, name, () => this.end());
    on(this.grid, "keydown", (event) => this.key(event));
    on(this.grid, "focus", () => this.paint());
    on(this.grid, "blur", () => this.paint());
    on(this.level, "input", () => this.tell());
    on(this.clear, "click", () => {
      this.values.fill(0);
      this.done();
    });
  }

  /* The last stroke's name. */
  get stroke() {
    return `${this.me}-${this.sent}`;
  }

  close() {
    this.stop.abort();
    this.root.remove();
  }

  show(data) {
    const { side, code, answers, labels, colours } = data;
    this.data = data;
    if (this.cells.length !== side * side) this.build(side);
    if (!this.held && (this.sent === 0 || answers === this.stroke)) {
      this.values = Array.from(code, (sign) => SIGNS.indexOf(sign));
    }
    for (const [name, colour] of Object.entries(colours)) {
      this.root.style.setProperty(`--pad-${name}`, colour);
    }
    this.grid.setAttribute("aria-label", labels.grid);
    this.name.textContent = labels.level;
    this.clear.textContent = labels.clear;
    this.tell();
    this.paint();
  }

  build(side) {
    this.grid.style.setProperty("--side", side);
    for (const cell of this.cells) cell.parentElement.remove();
    this.cells = [];
    for (let r = 0; r < side; r++) {
      const row = make("div", "row", this.grid);
      row.setAttribute("role", "row");
      for (let c = 0; c < side; c++) {
        const cell = make("div", "pixel", row);
        cell.id = `pixel-${r}-${c}`;
        cell.setAttribute("role", "gridcell");
        this.cells.push(cell);
      }
    }
  }

  tell() {
    this.shown.textContent = this.level.value;
    this.level.setAttribute("aria-valuetext", this.level.value);
  }

  paint() {
    const { side, labels, marked } = this.data;
    const focused = this.grid.matches(":focus-visible");
    this.cells.forEach((cell, i) => {
      const value = this.values[i];
      cell.style.setProperty("--ink-share", `${(100 * value) / TOP}%`);
      cell.textContent = value ? value : "";
      cell.dataset.value = value;
      cell.classList.toggle("half", value >= HALF && value < MOST);
      cell.classList.toggle("full", value >= MOST);
      cell.classList.toggle("cursor", focused && i === this.at);
      const place = { row: Math.floor(i / side) + 1, column: (i % side) + 1, value };
      cell.setAttribute("aria-label", filled(labels.pixel, place));
    });
    this.grid.setAttribute("aria-activedescendant", this.cells[this.at].id);
    this.mark.hidden = !marked;
    if (marked) {
      const [row, column, rows, columns] = marked.map((n) => `${(100 * n) / side}%`);
      Object.assign(this.mark.style, { top: row, left: column, height: rows, width: columns });
    }
  }

  under(event) {
    const box = this.grid.getBoundingClientRect();
    const { side } = this.data;
    const row = Math.floor(((event.clientY - box.top) / box.height) * side);
    const column = Math.floor(((event.clientX - box.left) / box.width) * side);
    return row >= 0 && column >= 0 && row < side && column < side ? [row, column] : null;
  }

  begin(event) {
    const place = this.under(event);
    if (!place || event.button > 0) return;
    event.preventDefault();
    this.grid.focus({ preventScroll: true });
    this.grid.setPointerCapture(event.pointerId);
    this.held = true;
    this.before = this.values.join();
    this.last = null;
    this.draw(place);
  }

  go(event) {
    if (!this.held) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const place = this.under(one);
      if (place) this.draw(place);
    }
  }

  end() {
    if (!this.held) return;
    this.held = false;
    if (this.values.join() !== this.before) this.done();
  }

  /* A line from the pixel before, so that a fast stroke has no holes. */
  draw([row, column]) {
    const [r, c] = this.last ?? [row, column];
    const steps = Math.max(Math.abs(row - r), Math.abs(column - c), 1);
    for (let n = 0; n <= steps; n++) {
      const y = Math.round(r + ((row - r) * n) / steps);
      const x = Math.round(c + ((column - c) * n) / steps);
      this.at = y * this.data.side + x;
      this.values[this.at] = Number(this.level.value);
    }
    this.last = [row, column];
    this.paint();
  }

  key(event) {
    const { side } = this.data;
    const [row, column] = [Math.floor(this.at / side), this.at % side];
    const set = (value) => () => this.set(value);
    const act = {
      ArrowLeft: () => this.walk(row, column - 1),
      ArrowRight: () => this.walk(row, column + 1),
      ArrowUp: () => this.walk(row - 1, column),
      ArrowDown: () => this.walk(row + 1, column),
      Home: () => this.walk(row, 0),
      End: () => this.walk(row, side - 1),
      " ": set(Number(this.level.value)),
      Enter: set(Number(this.level.value)),
      Delete: set(0),
      Backspace: set(0),
      "+": set(Math.min(TOP, this.values[this.at] + 1)),
      "-": set(Math.max(0, this.values[this.at] - 1)),
      Escape: () => this.grid.blur(),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  walk(row, column) {
    const { side } = this.data;
    if (row < 0 || column < 0 || row >= side || column >= side) return;
    this.at = row * side + column;
    this.paint();
  }

  set(value) {
    if (this.values[this.at] === value) return;
    this.values[this.at] = value;
    this.done();
  }

  done() {
    this.sent += 1;
    this.paint();
    const code = this.values.map((value) => SIGNS[value]).join("");
    this.send({ code, stroke: this.stroke });
  }
}

/* Streamlit calls this again for new data on the same element, without a cleanup between. */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Pad(parentElement));
  const view = views.get(parentElement);
  view.send = (stroke) => setTriggerValue("drawn", stroke);
  view.show(data);
  return () => {
    views.delete(parentElement);
    view.close();
  };
}
