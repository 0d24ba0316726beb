/* Drawing for the overview: bytes to pixels, nothing about clicks. One module with overview.js. */

const MASKED = 255;
const CARD = 260; // px of the enlarged head, in a window that pages are composed for
const LINE = 24; // px of a line of numbers, in such a window
const EDGE = 2; // px of the screen, free on every side, for the frame of an outer head

/* How large type is here, as a share of its 20 px there: drawn sizes follow it. */
const unit = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

function make(tag, className, parent) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

function sizeCanvas(canvas, width, height, ratio) {
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/* Codes rows×columns → at most height×width, each the strongest of its neighbours: plain
   sampling would drop every other column of a long text, and with it whole diagonals. */
function strongest(codes, rows, columns, height, width) {
  const h = Math.min(rows, height);
  const w = Math.min(columns, width);
  if (h === rows && w === columns) return { codes, h, w };
  const out = new Uint8Array(h * w).fill(MASKED);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const code = codes[r * columns + c];
      const to = Math.floor((r * h) / rows) * w + Math.floor((c * w) / columns);
      if (code !== MASKED && (out[to] === MASKED || code > out[to])) out[to] = code;
    }
  }
  return { codes: out, h, w };
}

/* Which of 0..count−1 to write when a number takes `room` places; the chosen one always. */
function spaced(count, room, chosen) {
  const step = Math.max(1, Math.ceil(room));
  const near = (i) => chosen !== undefined && Math.abs(i - chosen) < step;
  const all = Array.from({ length: count }, (_, i) => i);
  return all.filter((i) => i === chosen || (i % step === 0 && !near(i)));
}

/* Layers in one band from top to bottom, or in several side by side: in more only where that makes
   heads larger by a quarter. rows: layers of a band; room: pixels of a head. */
function bandsOf(layers, { width, high, left, most }) {
  const laid = (bands) => {
    const rows = Math.ceil(layers / bands);
    return { bands, rows, room: Math.min((width / bands - left) / most, high / rows) };
  };
  const larger = (best, next) => (next.room > 1.25 * best.room ? next : best);
  return [2, 3, 4].map(laid).reduce(larger, laid(1));
}

/* Numbers where there is room for them; the chosen ones always, in bold. */
function writeNumbers(context, view) {
  const { left, top, pitch, tile, bands, rows, stride } = view.at;
  const { colours, heads, numbers } = view.data;
  const { layer, head } = view.chosen ?? {};
  const write = (text, x, y, bold) => {
    context.font = view.type(bold ? 700 : 400);
    context.fillStyle = bold ? colours.ink : colours.muted;
    context.fillText(text, x, y);
  };
  const line = LINE * view.unit;
  const middle = (i) => EDGE + i * pitch + tile / 2;
  const most = Math.max(...heads);
  context.textBaseline = "middle";
  context.textAlign = "left";
  write(view.axisText, left + EDGE, line / 2, false);
  const wide = context.measureText(String(most - 1)).width + 8;
  for (let band = 0; band < bands; band++) {
    const [first, from] = [band * rows, left + band * stride];
    context.textAlign = "center";
    for (const i of spaced(most, wide / pitch, head)) {
      write(String(i), from + middle(i), line * 1.5, i === head);
    }
    context.textAlign = "right";
    const count = Math.min(rows, heads.length - first);
    const own = layer >= first && layer < first + count ? layer - first : undefined;
    for (const i of spaced(count, (line - 4) / pitch, own)) {
      write(String(numbers[first + i]), from - 8, top + middle(i) + 1, i === own);
    }
  }
}

/* One payload's heads, unpacked once. */
class Picture {
  constructor(data) {
    this.data = data;
    this.cells = bytes(data.cells);
    this.lut = bytes(data.lut);
    this.small = document.createElement("canvas"); // one head, a pixel a cell
    let count = 0;
    this.starts = data.heads.map((heads) => {
      count += heads;
      return count - heads;
    });
  }

  codes({ layer, head }) {
    const { rows, columns } = this.data;
    const start = (this.starts[layer] + head) * rows * columns;
    return this.cells.subarray(start, start + rows * columns);
  }

  colour(code) {
    return this.lut.subarray(code * 3, code * 3 + 3);
  }

  /* One head at (x, y), side px a side: hatching, which masked cells leave open, then the cells. */
  head(context, at, x, y, side, ratio) {
    const { rows, columns, masked, colours } = this.data;
    const { codes, h, w } = strongest(this.codes(at), rows, columns, side, side);
    const image = new ImageData(w, h);
    codes.forEach((code, i) => {
      image.data.set(this.colour(code), i * 4);
      image.data[i * 4 + 3] = code === MASKED ? 0 : 255;
    });
    this.small.width = w;
    this.small.height = h;
    this.small.getContext("2d").putImageData(image, 0, 0);
    if (masked) this.hatch(context, x, y, side, ratio);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, x, y, side, side);
    // A hairline around it: an empty head on an empty page is still there.
    context.strokeStyle = colours.grid;
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  }

  hatch(context, x, y, side, ratio) {
    const { mask, hatch } = this.data.colours;
    const step = Math.round(6 * ratio);
    const cell = document.createElement("canvas");
    cell.width = cell.height = step;
    const pen = cell.getContext("2d");
    pen.fillStyle = mask;
    pen.fillRect(0, 0, step, step);
    pen.fillStyle = hatch;
    for (let i = 0; i < step; i++) pen.fillRect(i, step - 1 - i, 1, 1);
    context.fillStyle = context.createPattern(cell, "repeat");
    context.fillRect(x, y, side, side);
  }

  /* Even in the weight itself, so that 0 and 1 at its ends are all the scale needs. */
  bar(canvas) {
    const context = canvas.getContext("2d");
    for (let x = 0; x < canvas.width; x++) {
      const code = Math.round((MASKED - 1) * Math.sqrt(x / (canvas.width - 1)));
      context.fillStyle = `rgb(${this.colour(code).join(",")})`;
      context.fillRect(x, 0, 1, canvas.height);
    }
    canvas.style.boxShadow = `0 0 0 1px ${this.data.colours.grid}`;
  }
}

function nameOf({ labels, numbers }, { layer, head }) {
  return `${labels.layer} ${numbers[layer]} · ${labels.head} ${head}`;
}

/* The canvas's own content: what a screen reader reads instead of the pixels. */
function describe(grid, data) {
  const { heads, labels, captions } = data;
  grid.setAttribute("aria-label", labels.grid);
  grid.replaceChildren();
  heads.forEach((count, layer) => {
    const row = make("div", "", grid);
    row.setAttribute("role", "row");
    for (let head = 0; head < count; head++) {
      const cell = make("div", "", row);
      cell.id = `head-${layer}-${head}`;
      cell.setAttribute("role", "gridcell");
      const caption = captions?.[layer][head];
      cell.textContent = nameOf(data, { layer, head }) + (caption ? `, ${caption}` : "");
    }
  });
}

/* What the colours mean, and what was left out, as one line of text under the picture. */
function explain(legend, picture, thumbnail, ratio) {
  const { labels, pooled, rows, columns, masked } = picture.data;
  const word = (text, parent) => {
    const span = make("span", "", parent);
    span.textContent = text;
    return span;
  };
  legend.replaceChildren();
  const scale = word("0", legend);
  const bar = make("canvas", "", scale);
  sizeCanvas(bar, 84 * unit(), 14 * unit(), ratio);
  picture.bar(bar);
  word("1", scale);
  word(labels.note, legend);
  if (masked) {
    const swatch = make("canvas", "", make("span", "", legend));
    sizeCanvas(swatch, 18 * unit(), 18 * unit(), ratio);
    picture.hatch(swatch.getContext("2d"), 0, 0, swatch.width, ratio);
    word(labels.masked, swatch.parentElement);
  }
  if (pooled || Math.max(rows, columns) > thumbnail) word(labels.pooled, legend);
}

/* One head, large, beside the picture. */
class Card {
  constructor(parent) {
    this.box = make("div", "card", parent);
    this.box.hidden = true;
    this.box.popover = "manual"; // the top layer: no column of the page cuts it off
    this.box.setAttribute("aria-hidden", "true"); // the grid's cells already say it
    this.title = make("strong", "", this.box);
    this.caption = make("div", "caption", this.box);
    this.axes = make("div", "axes", this.box);
    this.canvas = make("canvas", "", this.box);
  }

  hide() {
    if (this.box.hidden) return;
    this.box.hidePopover?.();
    this.box.hidden = true;
    this.shown = "";
  }

  show(picture, at, title, ratio) {
    this.shown = title;
    this.title.textContent = title;
    this.caption.textContent = picture.data.captions?.[at.layer][at.head] ?? "";
    this.axes.textContent = picture.data.labels.axes;
    sizeCanvas(this.canvas, CARD * unit(), CARD * unit(), ratio);
    picture.head(this.canvas.getContext("2d"), at, 0, 0, this.canvas.width, ratio);
    this.box.hidden = false;
    this.box.showPopover?.();
  }

  /* Beside the grid, so that no other head is hidden; below the thumbnail where there is no
     room. grid, thumbnail: rectangles in the window. */
  place(grid, thumbnail) {
    const { offsetWidth: width, offsetHeight: height } = this.box;
    let left = grid.right + 12;
    let top = thumbnail.top - height / 3;
    if (left + width > window.innerWidth - 8) left = grid.left - width - 12;
    if (left < 8) {
      left = thumbnail.left;
      top = thumbnail.bottom + 6;
      if (top + height > window.innerHeight - 8) top = thumbnail.top - height - 6;
    }
    const within = (value, most) => Math.max(8, Math.min(value, most - 8));
    this.box.style.left = `${within(left, window.innerWidth - width)}px`;
    this.box.style.top = `${within(top, window.innerHeight - height)}px`;
  }
}
