/* A translator from left to right, encoder above decoder, each stage a button; the lit one stands
   out. Text from Python reaches the page by textContent only. */

const views = new WeakMap();

const make = (tag, className, parent, text = "") => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
};

class Diagram {
  constructor(parent) {
    this.root = make("div", "flow", parent);
    this.wire = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.sizes = new ResizeObserver(() => this.connect());
    this.sizes.observe(this.root);
    document.fonts.ready.then(() => this.connect());
  }

  close() {
    this.sizes.disconnect();
    this.root.remove();
  }

  /* Made anew for new labels only, so that a button keeps the focus while steps change. */
  show(data) {
    const shape = JSON.stringify([data.encoder.boxes, data.decoder.boxes, data.names]);
    if (shape !== this.shape) this.build(data);
    this.shape = shape;
    for (const [id, box] of this.boxes) {
      box.classList.toggle("now", id === data.now);
      box.setAttribute("aria-pressed", id === data.now);
    }
    this.reads.encoder.textContent = data.encoder.reads;
    this.reads.decoder.textContent = data.decoder.reads;
    this.writes.textContent = data.writes;
    this.connect();
  }

  build(data) {
    this.root.replaceChildren(this.wire);
    this.boxes = new Map();
    this.reads = {};
    for (const side of ["encoder", "decoder"]) this.line(side, data[side], data.names);
  }

  /* words → first box → the layers' boxes, framed → what comes behind them. */
  line(side, { boxes, times, inside }, names) {
    const line = make("div", `line ${side}`, this.root);
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", names[side]);
    this.reads[side] = make("bdi", "words", line);
    make("i", "arrow", line);
    this.box(boxes[0], line);
    make("i", "arrow", line);
    const layers = make("div", "layers", line);
    boxes.slice(1, 1 + inside).forEach((box, place) => {
      if (place > 0) make("i", "arrow", layers);
      this.box(box, layers);
    });
    make("span", "times", layers, times);
    for (const box of boxes.slice(1 + inside)) {
      make("i", "arrow", line);
      this.box(box, line);
    }
    if (side === "decoder") {
      make("i", "arrow", line);
      this.writes = make("bdi", "words written", line);
    }
  }

  box({ id, label }, parent) {
    const box = make("button", "stage", parent, label);
    box.type = "button";
    box.onclick = () => this.send(id);
    this.boxes.set(id, box);
  }

  /* K and V go from the encoder's end to the cross-attention; Q comes from before it. */
  connect() {
    const from = this.root.querySelector(".encoder .layers");
    const to = this.boxes?.get("cross");
    if (!from || !to) return;
    const base = this.root.getBoundingClientRect();
    const a = from.getBoundingClientRect();
    const b = to.getBoundingClientRect();
    const x0 = a.right - base.left;
    const y0 = (a.top + a.bottom) / 2 - base.top;
    const x1 = (b.left + b.right) / 2 - base.left;
    const y1 = b.top - base.top;
    const layers = this.root.querySelector(".decoder .layers").getBoundingClientRect();
    const middle = (a.bottom + layers.top) / 2 - base.top;
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;
    const out = x0 + 16 * unit;
    this.wire.setAttribute("viewBox", `0 0 ${base.width} ${base.height}`);
    this.wire.setAttribute("width", base.width);
    this.wire.setAttribute("height", base.height);
    this.wire.setAttribute("aria-hidden", "true");
    const path = `M${x0} ${y0}H${out}V${middle}H${x1}V${y1 - 7}`;
    this.wire.replaceChildren();
    const draw = (tag, values, text = "") => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
      element.textContent = text;
      this.wire.append(element);
    };
    draw("path", { d: path, class: "wire" });
    draw("path", { d: `M${x1 - 5} ${y1 - 8}L${x1} ${y1}L${x1 + 5} ${y1 - 8}Z`, class: "head" });
    draw("text", { x: out + 8 * unit, y: y0 + 6 * unit, class: "k" }, "K");
    draw("text", { x: out + 20 * unit, y: y0 + 6 * unit, class: "comma" }, ",");
    draw("text", { x: out + 28 * unit, y: y0 + 6 * unit, class: "v" }, "V");
  }
}

/* Streamlit calls this again for new data on the same element, without a cleanup between. */
export default function ({ data, parentElement, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Diagram(parentElement));
  const view = views.get(parentElement);
  view.send = (id) => setTriggerValue("stage", id);
  view.show(data);
  return () => {
    views.delete(parentElement);
    view.close();
  };
}
