/* All layers × heads on one canvas. Python sends the bytes once; a click moves the frame here,
   before Python answers. `layer` counts the picture's rows, and the model may number them
   otherwise (`data.numbers`, written wherever a layer is named). Text from Python reaches the page by textContent and fillText only. */

/* In pixels of a window that pages are composed for: see `unit`. */
const FONT = 17;
const LARGEST = 80; // a thumbnail, when there are few heads
const SMALLEST = 4;
const views = new WeakMap();

class Overview {
  constructor(parent) {
    this.sent = 0; // how many choices went to Python
    this.chosen = null; // {layer, head}
    this.cursor = null; // where the keyboard stands
    this.pointed = null; // where the mouse is
    this.root = make("div", "overview", parent);
    this.grid = make("canvas", "grid", this.root);
    this.grid.tabIndex = 0;
    this.grid.setAttribute("role", "grid");
    this.legend = make("div", "legend", this.root);
    this.card = new Card(this.root);
    this.base = document.createElement("canvas"); // thumbnails without frame and numbers
    this.stop = new AbortController();
    this.listen();
  }

  listen() {
    const on = (target, name, act, more) =>
      target.addEventListener(name, act, { signal: this.stop.signal, ...more });
    on(window, "dikkat-choice", (event) => this.follow(event.detail));
    on(window, "scroll", () => this.card.hide(), { capture: true });
    on(window, "resize", () => this.layOut());
    on(this.grid, "pointermove", (event) => this.point(event));
    on(this.grid, "pointerleave", () => this.light(null));
    on(this.grid, "click", (event) => this.choose(this.under(event)));
    on(this.grid, "keydown", (event) => this.key(event));
    on(this.grid, "blur", () => {
      this.cursor = null;
      this.card.hide();
      this.paint();
    });
    on(this.grid, "focus", () => {
      if (this.grid.matches(":focus-visible")) this.walk(this.chosen ?? { layer: 0, head: 0 });
    });
    this.sizes = new ResizeObserver(() => this.layOut());
    this.sizes.observe(this.root);
    document.fonts.ready.then(() => this.paint());
  }

  close() {
    this.stop.abort();
    this.sizes.disconnect();
    this.root.remove();
  }

  show(data) {
    if (data !== this.data) {
      this.data = data;
      this.picture = new Picture(data);
      const known = window.dikkatChoices?.get(data.id);
      if (known) this.chosen = this.valid(known);
      this.cursor = this.valid(this.cursor);
      this.pointed = null;
      for (const [name, colour] of Object.entries(data.colours)) {
        this.root.style.setProperty(`--overview-${name}`, colour);
      }
      describe(this.grid, data);
      this.card.hide();
      this.laidOut = "";
    }
    this.layOut();
  }

  valid(at) {
    if (!at || at.layer < 0 || at.head < 0 || !(at.head < this.data.heads[at.layer])) return null;
    return { layer: at.layer, head: at.head };
  }

  /* What Python has chosen. An answer to an earlier click must not pull the frame back. */
  follow(choice) {
    if (choice.id !== this.data?.id) return;
    if (choice.answers !== null && choice.answers < this.sent) return;
    this.chosen = this.valid(choice);
    this.paint();
  }

  layOut() {
    const width = this.root.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    this.unit = unit();
    const wanted = `${width} ${ratio} ${this.unit}`;
    if (!this.data || !width || wanted === this.laidOut) return;
    this.laidOut = wanted;
    this.measure(width, ratio);
    sizeCanvas(this.grid, this.width, this.height, ratio);
    sizeCanvas(this.base, this.width, this.height, ratio);
    this.thumbnails();
    explain(this.legend, this.picture, Math.round(this.at.tile * ratio), ratio);
    this.paint();
  }

  /* Thumbnails as large as width and height allow, on whole device pixels lest edges blur. */
  measure(width, ratio) {
    const { heads, labels, numbers } = this.data;
    const high = this.data.max_height * this.unit;
    const context = this.grid.getContext("2d");
    this.font = getComputedStyle(this.root).fontFamily;
    context.font = this.type(700);
    this.axisText = `${labels.layer} ↓   ${labels.head} →`;
    const left = Math.ceil(context.measureText(String(Math.max(...numbers))).width) + 10;
    const top = 2 * LINE * this.unit;
    const most = Math.max(...heads);
    const sizes = { width: width - 2 * EDGE, high: high - top - 2 * EDGE, left, most };
    const { bands, rows, room } = bandsOf(heads.length, sizes);
    const gap = room > 26 ? 4 : room > 12 ? 3 : 1;
    const side = Math.min(LARGEST * this.unit, Math.max(SMALLEST, room - gap));
    const tile = Math.floor(side * ratio) / ratio;
    const pitch = tile + gap;
    const stride = left + most * pitch; // from one band of layers to the next
    this.at = { left, top, gap, ratio, tile, pitch, bands, rows, stride };
    const axis = left + EDGE + context.measureText(this.axisText).width;
    this.width = Math.ceil(Math.min(width, Math.max(bands * stride + 2 * EDGE, axis)));
    this.height = Math.ceil(top + rows * pitch + 2 * EDGE);
  }

  type(weight) {
    return `${weight} ${FONT * this.unit}px ${this.font}`;
  }

  corner({ layer, head }) {
    const { left, top, pitch, rows, stride } = this.at;
    const x = left + EDGE + Math.floor(layer / rows) * stride + head * pitch;
    return { x, y: top + EDGE + (layer % rows) * pitch };
  }

  thumbnails() {
    const { tile, ratio } = this.at;
    const context = this.base.getContext("2d");
    this.data.heads.forEach((count, layer) => {
      for (let head = 0; head < count; head++) {
        const { x, y } = this.corner({ layer, head });
        const [left, top] = [Math.round(x * ratio), Math.round(y * ratio)];
        this.picture.head(context, { layer, head }, left, top, Math.round(tile * ratio), ratio);
      }
    });
  }

  paint() {
    if (!this.data || !this.at) return;
    const context = this.grid.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.grid.width, this.grid.height);
    context.drawImage(this.base, 0, 0);
    context.scale(this.at.ratio, this.at.ratio);
    writeNumbers(context, this);
    for (const at of [this.pointed, this.cursor]) if (at) this.frame(context, at, 2, [4, 3]);
    if (this.chosen) this.frame(context, this.chosen, 3, []);
    this.tell();
  }

  frame(context, at, width, dash) {
    const { x, y } = this.corner(at);
    const { tile, gap } = this.at;
    const out = Math.min(width, gap) / 2;
    context.setLineDash(dash);
    context.strokeStyle = this.data.colours.ink;
    context.lineWidth = width;
    context.strokeRect(x - out, y - out, tile + 2 * out, tile + 2 * out);
    context.setLineDash([]);
  }

  /* The same for those who do not see the pixels: screen readers, and tests. */
  tell() {
    const { chosen, cursor, grid } = this;
    const cell = (at) => grid.querySelector(`#head-${at.layer}-${at.head}`);
    grid.dataset.layer = chosen?.layer ?? "";
    grid.dataset.head = chosen?.head ?? "";
    grid.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    if (chosen) cell(chosen).setAttribute("aria-selected", "true");
    if (cursor) grid.setAttribute("aria-activedescendant", cell(cursor).id);
    else grid.removeAttribute("aria-activedescendant");
  }

  under(event) {
    const box = this.grid.getBoundingClientRect();
    const { left, top, pitch, rows, stride } = this.at;
    const [x, y] = [event.clientX - box.left - EDGE, event.clientY - box.top - top - EDGE];
    const [band, row] = [Math.floor(x / stride), Math.floor(y / pitch)];
    if (row < 0 || row >= rows) return null;
    const head = Math.floor((x - band * stride - left) / pitch);
    return this.valid({ layer: band * rows + row, head });
  }

  point(event) {
    const at = this.under(event);
    this.grid.style.cursor = at ? "pointer" : "default";
    // A finger hides what it points at: there a tap chooses, and the page shows the head large.
    this.light(event.pointerType === "touch" ? null : at);
  }

  light(at) {
    if (at?.layer === this.pointed?.layer && at?.head === this.pointed?.head) return;
    this.pointed = at;
    if (at) this.enlarge(at);
    else this.card.hide();
    this.paint();
  }

  choose(at) {
    if (!at) return;
    this.chosen = at;
    if (this.cursor) this.cursor = at;
    this.sent += 1;
    this.card.hide(); // the page shows the chosen head large now, where the card would lie
    this.paint();
    this.send({ ...at, click: this.sent });
  }

  key(event) {
    const at = this.cursor ?? this.chosen ?? { layer: 0, head: 0 };
    const { layer, head } = at;
    const act = {
      ArrowLeft: () => this.go({ layer, head: head - 1 }),
      ArrowRight: () => this.go({ layer, head: head + 1 }),
      ArrowUp: () => this.go({ layer: layer - 1, head }),
      ArrowDown: () => this.go({ layer: layer + 1, head }),
      Home: () => this.go({ layer, head: 0 }),
      End: () => this.go({ layer, head: this.data.heads[layer] - 1 }),
      Enter: () => this.choose(at),
      " ": () => this.choose(at),
      Escape: () => this.grid.blur(),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  /* The keyboard chooses as it goes. */
  go(to) {
    const there = this.valid(to);
    if (!there) return;
    this.cursor = there;
    this.choose(there);
  }

  /* Where the keyboard comes in. */
  walk(to) {
    const there = this.valid(to);
    if (!there) return;
    this.cursor = there;
    this.paint();
    this.enlarge(there);
  }

  enlarge(at) {
    const title = nameOf(this.data, at);
    if (this.card.shown === title) return;
    this.card.show(this.picture, at, title, this.at.ratio);
    const { x, y } = this.corner(at);
    const box = this.grid.getBoundingClientRect();
    const { tile } = this.at;
    this.card.place(box, new DOMRect(box.left + x, box.top + y, tile, tile));
  }
}

/* Streamlit calls this again for new data on the same element, without a cleanup between. */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Overview(parentElement));
  const view = views.get(parentElement);
  view.send = (choice) => setTriggerValue("chosen", choice);
  view.show(data);
  return () => {
    views.delete(parentElement);
    view.close();
  };
}
