/* Figures whose marks are chosen by keys: which mark lies where, what it says, where a key leads.
   One module with keys.js. */

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 1e6; // px: what lies straight on comes first, however far
const REDRAWN = 500; // ms that a new drawing may take
const EDGE = 24; // px at a box's edges in which a mark is not in sight
const LEAST = 6; // px that a mark reaches to either side, however small it is

/* Plain words of what Plotly shows as a little HTML. */
const plain = (html) =>
  new DOMParser().parseFromString(html.replaceAll("<br>", ", "), "text/html").body.textContent;

const same = (some, others) => some.every((one, i) => one === others?.[i]);

const alike = (carried, wanted) =>
  carried.length === wanted.length && wanted.every((value, i) => value === null || value === carried[i]);

/* Marks of one kind: what they carry differs in numbers only. */
const kind = (trace, carried) => [trace, ...carried.filter((v) => typeof v === "string")].join();

/* What a mark carries: whole numbers come as a typed array, words in a plain one; null: nothing.
   A list behind them is what it says. */
const listed = (row) =>
  Array.isArray(row) || ArrayBuffer.isView(row) ? Array.from(row).filter((one) => !Array.isArray(one)) : null;

/* The word that an axis has for a place. */
function ticked(axis, place) {
  const off = (at) => Math.abs(at - place);
  let found = 0;
  for (const [i, at] of axis.tickvals.entries()) if (off(at) < off(axis.tickvals[found])) found = i;
  return axis.ticktext[found];
}

/* What a mark says when it is pointed at, put together as Plotly does; "": nothing. */
function said({ trace, i, carried, axes }) {
  const words = (trace.hovertemplate ?? "").replace("<extra></extra>", "");
  return words.replaceAll(/%\{(\w+)(?:\[(\d+)\])?(?:\[(\d+)\])?\}/g, (_, name, place, one) => {
    if (one) return trace.customdata[i][place][one];
    if (name === "customdata") return carried[place];
    return name in axes ? ticked(axes[name], trace[name][i]) : trace[name][i];
  });
}

/* How far numbers are from the chosen ones; of another kind: as far as can be. */
function apart(carried, chosen) {
  if (carried.length !== chosen?.length) return Number.MAX_VALUE;
  let far = 0;
  for (const [i, value] of carried.entries()) {
    if (chosen[i] === null || chosen[i] === value) continue;
    if (typeof value !== "number" || typeof chosen[i] !== "number") return Number.MAX_VALUE;
    far += Math.abs(value - chosen[i]);
  }
  return far;
}

/* The first of those that are worth most; null: none is worth anything. */
function best(marks, worth) {
  let found = null;
  for (const mark of marks) {
    const own = worth(mark);
    if (own !== null && (!found || own > found.own)) found = { own, mark };
  }
  return found?.mark ?? null;
}

/* How wide a mark is, in pixels: all marks of a trace are, or each its own. */
const sizeOf = ({ size }, i) => (typeof size === "number" ? size : size[i]) || 2 * LEAST;

/* All marks of a plot that carry something, with their places in pixels of the plot. */
function marksOf(plot) {
  const found = [];
  const layout = plot._fullLayout;
  for (const [index, trace] of plot._fullData.entries()) {
    if (!trace.customdata) continue;
    const x = layout[`xaxis${trace.xaxis.slice(1)}`];
    const y = layout[`yaxis${trace.yaxis.slice(1)}`];
    for (const [i, row] of trace.customdata.entries()) {
      const carried = listed(row);
      if (!carried) continue;
      found.push({
        x: x._offset + x.d2p(trace.x[i]),
        y: y._offset + y.d2p(trace.y[i]),
        size: sizeOf(trace.marker, i),
        carried,
        // Marks that say other sentences are traces of their own: `meta` is the one they come from.
        kind: kind(trace.meta ?? index, carried),
        trace,
        i,
        axes: { x, y },
      });
    }
  }
  const many = {};
  for (const mark of found) many[mark.kind] = (many[mark.kind] ?? 0) + 1;
  for (const mark of found) mark.many = many[mark.kind];
  return found;
}

/* The mark that lies next in a direction: straight on where there is one, else nearly so.
   straight: only straight on; across: among marks of other kinds. */
function next(marks, from, [right, down], { straight = false, across = false } = {}) {
  const reach = Math.max(from.size / 2, LEAST);
  const worth = (mark) => {
    const [dx, dy] = [mark.x - from.x, mark.y - from.y];
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    const there = ahead >= 1 && aside <= (straight ? reach : Math.max(ahead, reach));
    return there ? -(ahead + 2 * aside) - (aside > reach ? FAR : 0) : null;
  };
  const other = (mark) => (mark.kind !== from.kind) === across && !alike(mark.carried, from.carried);
  return best(marks.filter(other), worth);
}

/* A figure on the page. It is drawn anew after every choice: only its key stays. */
class Cells {
  constructor(key) {
    this.key = key;
    this.at = null; // where the chosen mark was seen last
    this.asked = null; // what the mark carries that Python has yet to draw as the chosen one
    this.pointer = null; // what the mark carries that Enter would act on, where arrows choose none
    this.known = {}; // the marks of the plot as it was drawn last
  }

  get box() {
    return document.querySelector(`.st-key-${CSS.escape(this.key)}`);
  }

  get plot() {
    const plot = this.box?.querySelector(".js-plotly-plot");
    return plot?._fullLayout?.xaxis?.d2p ? plot : null;
  }

  get marks() {
    const { plot } = this;
    if (!plot) return [];
    const { _fullData: traces, _fullLayout: layout } = plot;
    const { width, height } = layout;
    const drawn = [plot, traces, width, height];
    if (!same(drawn, this.known.drawn)) this.known = { drawn, marks: marksOf(plot) };
    return this.known.marks;
  }

  show(data, words) {
    this.data = data;
    this.words = words;
    if (this.asked) this.old = { drawn: this.known.drawn, since: Date.now() };
    this.asked = null;
  }

  /* Whether a choice has yet to be drawn: Plotly is slower than the listener's own data. */
  get pending() {
    const { drawn, since } = this.old ?? {};
    const before = drawn && drawn === this.known.drawn && Date.now() - since < REDRAWN;
    return this.asked !== null || Boolean(before);
  }

  /* The mark that a key leads away from. Several may carry the same: the nearest to the last. */
  current(marks) {
    const pending = this.asked ?? this.pointer;
    const wanted = pending ? [pending] : this.data.chosen;
    const found = wanted.map((one) => marks.filter((mark) => alike(mark.carried, one)));
    const first = found.find((one) => one.length);
    const near = ({ x, y }) => -Math.hypot(x - this.at.x, y - this.at.y);
    if (first) return this.at ? best(found.flat(), near) : best(first, ({ many }) => many);
    // Of many cells only some are marks: the nearest number for number.
    return pending ? null : best(marks, (mark) => -apart(mark.carried, this.data.chosen[0]));
  }

  /* Where a key leads: a mark; null: nowhere; undefined: that is known once it is drawn. */
  led(key, across) {
    const marks = this.marks;
    if (!marks.length) return undefined;
    const from = this.current(marks);
    const straight = this.pending;
    if (!from) return straight ? undefined : marks[0];
    if (key === "Home" || key === "End") return this.end(marks, from, key, straight);
    const to = next(marks, from, WAYS[key], { straight, across });
    if (to && across) return this.chosenOf(marks, to);
    return to ?? (straight ? undefined : null);
  }

  /* The first or last mark of a row. */
  end(marks, from, key, straight) {
    const way = WAYS[key === "Home" ? "ArrowLeft" : "ArrowRight"];
    let to = null;
    for (let mark = from; mark; mark = next(marks, mark, way, { straight: true })) to = mark;
    return to === from ? (straight ? undefined : null) : to;
  }

  /* Among marks of another kind the chosen one, where there is one. */
  chosenOf(marks, to) {
    const there = marks.filter((mark) => mark.kind === to.kind);
    const is = (mark) => this.data.chosen.some((one) => alike(mark.carried, one));
    return there.find(is) ?? to;
  }

  /* Say and show where the keyboard stands. */
  stand(mark) {
    this.at = { x: mark.x, y: mark.y };
    if (this.data.walks) this.asked = mark.carried;
    else this.pointer = mark.carried;
    this.dress();
  }

  /* What makes the figure's container something that can be reached and is named. */
  dress() {
    const { box } = this;
    if (!box) return;
    const { marks } = this;
    const seen = [box, marks, this.data, this.asked, this.pointer];
    if (same(seen, this.dressed)) return;
    this.dressed = seen;
    const mark = this.current(marks);
    const help = this.data.acts ? `${this.words.help} ${this.words.act}` : this.words.help;
    const values = {
      tabindex: "0",
      role: "application",
      "aria-label": this.named(mark),
      "aria-description": help,
      "data-cells": "",
    };
    for (const [attribute, value] of Object.entries(values)) {
      if (box.getAttribute(attribute) !== value) box.setAttribute(attribute, value);
    }
    if (mark && (this.asked || this.pointer)) this.frame(mark);
    else this.unframe();
    if (mark) this.follow(mark);
  }

  /* Where the figure is wider than its box, move it no farther than brings the mark in sight: what
     rows are called stands at its left. */
  follow(mark) {
    const wide = this.box.closest('[class*="st-key-wide-"]');
    if (!wide) return;
    const [outer, inner] = [wide.getBoundingClientRect(), this.plot.getBoundingClientRect()];
    const place = inner.left - outer.left + mark.x; // from the box's left edge
    const half = Math.min(mark.size / 2 + EDGE, wide.clientWidth / 2);
    if (place < half) wide.scrollLeft += place - half;
    else if (place > wide.clientWidth - half) wide.scrollLeft += place - wide.clientWidth + half;
  }

  /* What the figure is, and which mark is chosen. */
  named(mark) {
    const { name, said: own } = this.data;
    const pending = this.asked ?? this.pointer;
    const words = (mark && plain(said(mark))) || (pending ? pending.join(", ") : own);
    return words ? `${name}: ${words}` : name;
  }

  /* A frame around a mark, until Python has drawn what was chosen. */
  frame(mark) {
    const { box, plot } = this;
    const [outer, inner] = [box.getBoundingClientRect(), plot.getBoundingClientRect()];
    const half = mark.size / 2 + 3;
    const left = inner.left - outer.left + mark.x - half;
    const top = inner.top - outer.top + mark.y - half;
    const place = `left:${left}px;top:${top}px;width:${2 * half}px;height:${2 * half}px`;
    if (this.ring?.isConnected && this.ring.dataset.place === place) return;
    this.unframe();
    this.ring = document.createElement("div");
    this.ring.className = "cells-ring";
    this.ring.dataset.place = place;
    this.ring.style.cssText = place;
    box.append(this.ring);
  }

  unframe() {
    this.ring?.remove();
    this.ring = null;
  }

  leave() {
    this.at = null;
    this.pointer = null;
    this.unframe();
  }
}
