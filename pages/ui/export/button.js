/* The list of what can be taken along. A picture is put together here, from what is on screen; a
   file is asked of Python and saved when its answer comes. Text reaches the page by textContent. */
const WIDTH = 26; // of the list, in sizes of type; EDGE and GAP: pixels to the window, the button
const EDGE = 8;
const GAP = 6;
const SLIDE = 1920; // pixels that a picture for a slide has at least from left to right
const MOST = 32e6; // pixels of a picture, beyond which browsers give none
const MARGIN = 16; // pixels round a picture
const SVG = "http://www.w3.org/2000/svg";
const FACE = "Source Sans";
const HOVER = ".hoverlayer, .draglayer, .modebar-container, .selectionlayer";
const ROWS = [
  ["picture", ["png", "svg"]],
  ["page", ["html"]],
  ["numbers", ["csv", "npz"]],
  ["sums", ["tex"]],
  ["notebook_row", ["ipynb"]],
  ["paper", ["print"]],
];
const CALLED = { tex: "LaTeX", ipynb: "Jupyter" };
const BROWSER = ["png", "svg", "print"];

const unit = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

const element = (tag, name, parent) => {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
};

/* The figures on screen, in the order in which they lie on top of each other. */
function plots() {
  const seen = (root) =>
    [...root.querySelectorAll(".js-plotly-plot")].filter((plot) => plot.getClientRects().length);
  const main = document.querySelector(".st-key-main-figure");
  const inside = main ? seen(main) : [];
  return inside.length ? inside : seen(document);
}

async function encoded(url) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(text)}`;
}

/* The page's own type: a picture that stands alone knows nothing of the page's style sheets. */
async function faces() {
  const rules = [...document.styleSheets].flatMap((sheet) => {
    try {
      return [...sheet.cssRules];
    } catch {
      return [];
    }
  });
  const own = rules.filter(
    (rule) =>
      rule instanceof CSSFontFaceRule &&
      rule.style.getPropertyValue("font-family").replaceAll(/["']/g, "") === FACE &&
      rule.style.getPropertyValue("font-style") !== "italic",
  );
  const found = await Promise.all(
    own.map(async (rule) => {
      const url = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue("src"))?.[1];
      if (!url) return "";
      const base = rule.parentStyleSheet?.href ?? document.baseURI;
      const weight = rule.style.getPropertyValue("font-weight") || "400";
      const data = await encoded(new URL(url, base));
      return `@font-face{font-family:"${FACE}";font-weight:${weight};src:url(${data})}`;
    }),
  );
  return found.join("");
}

/* One SVG of all figures, each where it stands on screen. */
async function drawing(title) {
  const all = plots();
  if (!all.length) return null;
  const boxes = all.map((plot) => plot.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) + MARGIN - left);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) + MARGIN - top);
  const whole = document.createElementNS(SVG, "svg");
  const set = (node, values) => {
    for (const [name, value] of Object.entries(values)) node.setAttribute(name, value);
  };
  set(whole, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}` });
  const put = (tag, values, text = "") => {
    const node = document.createElementNS(SVG, tag);
    set(node, values);
    node.textContent = text;
    whole.append(node);
  };
  put("title", {}, title);
  put("style", {}, `${await faces()}.crisp{shape-rendering:crispEdges}`);
  const app = document.querySelector('[data-testid="stApp"]');
  put("rect", { width, height, fill: getComputedStyle(app).backgroundColor });
  for (const plot of all) {
    for (const layer of plot.querySelectorAll(".main-svg")) {
      const place = layer.getBoundingClientRect();
      const copy = layer.cloneNode(true);
      for (const part of copy.querySelectorAll(HOVER)) part.remove();
      copy.removeAttribute("style");
      const { width: across, height: down } = place;
      set(copy, { x: place.left - left, y: place.top - top, width: across, height: down });
      whole.append(copy);
    }
  }
  return { text: new XMLSerializer().serializeToString(whole), width, height };
}

async function painted({ text, width, height }) {
  const most = Math.sqrt(MOST / (width * height));
  const scale = Math.min(Math.max(SLIDE / width, 2), most);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image(width, height);
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const paper = canvas.getContext("2d");
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return new Promise((done) => {
    canvas.toBlob(done, "image/png");
  });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0));
}

class TakeAlong {
  constructor(parent) {
    this.number = Date.now(); // requests of a tab that was opened anew are others
    this.seen = null;
    this.stem = "dikkat";
    this.root = element("div", "share", parent);
    this.button = element("button", "open", this.root);
    this.button.type = "button";
    this.list = element("div", "list", this.root);
    this.list.popover = "auto"; // closes by Escape and by a click elsewhere
    this.list.setAttribute("role", "dialog");
    this.button.popoverTargetElement = this.list;
    this.list.addEventListener("beforetoggle", (event) => this.open(event));
    this.rows = ROWS.map(([name, kinds]) => this.row(name, kinds));
    this.told = element("p", "told", this.list);
    this.told.setAttribute("role", "status");
  }

  row(name, kinds) {
    const line = element("div", "row", this.list);
    const title = element("b", "", line);
    const note = element("small", "", line);
    const files = element("div", "files", line);
    const buttons = kinds.map((kind) => {
      const one = element("button", kind, files);
      one.type = "button";
      one.addEventListener("click", () => this.take(kind));
      return [kind, one];
    });
    return { name, title, note, buttons };
  }

  show(data, send) {
    this.words = data.words;
    this.send = send;
    this.button.textContent = this.words.button;
    this.button.title = this.words.list;
    this.list.setAttribute("aria-label", this.words.list);
    for (const { name, title, note, buttons } of this.rows) {
      title.textContent = this.words[name];
      note.textContent = this.words[`${name.replace("_row", "")}_note`];
      for (const [kind, one] of buttons) {
        const called = kind === "print" ? this.words.print : (CALLED[kind] ?? kind.toUpperCase());
        one.textContent = called;
        one.setAttribute("aria-label", `${this.words[name]}: ${called}`);
      }
    }
    if (data.reply && data.reply.id === this.number && data.reply.id !== this.seen) {
      this.seen = data.reply.id;
      this.hear(data.reply);
    }
  }

  open(event) {
    if (event.newState !== "open") return;
    const place = this.button.getBoundingClientRect();
    const { clientWidth } = document.documentElement;
    const wide = Math.min(WIDTH * unit(), clientWidth - 2 * EDGE);
    const left = Math.max(EDGE, Math.min(place.right, clientWidth - EDGE) - wide);
    Object.assign(this.list.style, {
      top: `${Math.round(place.bottom + GAP)}px`,
      left: `${Math.round(left)}px`,
      width: `${wide}px`,
    });
    this.told.textContent = "";
    this.can(["png", "svg"], plots().length > 0);
    this.ask("open");
  }

  can(kinds, there) {
    for (const [kind, one] of this.rows.flatMap(({ buttons }) => buttons)) {
      if (kinds.includes(kind)) one.disabled = !there;
    }
  }

  ask(what) {
    this.number += 1;
    this.send({ what, id: this.number, link: location.href });
  }

  async take(kind) {
    if (!BROWSER.includes(kind)) {
      this.told.textContent = this.words.wait;
      this.ask(kind);
      return;
    }
    if (kind === "print") {
      this.list.hidePopover();
      print();
      return;
    }
    this.told.textContent = this.words.wait;
    try {
      const drawn = await drawing(this.now ?? document.title);
      if (!drawn) throw new Error("no figure");
      const file =
        kind === "svg" ? new Blob([drawn.text], { type: "image/svg+xml" }) : await painted(drawn);
      this.saved(file, `${this.stem}.${kind}`);
    } catch {
      this.told.textContent = this.words.no_picture;
    }
  }

  hear({ what, stem, has, now, file, error }) {
    if (what === "open") {
      this.stem = stem;
      this.now = now;
      for (const kind of ["html", "csv", "npz", "tex", "ipynb"]) {
        this.can([kind], has.includes(kind));
      }
    } else if (error) {
      this.told.textContent = error;
    } else {
      this.saved(new Blob([bytes(file.base64)], { type: file.kind }), file.name);
    }
  }

  saved(blob, name) {
    save(blob, name);
    this.told.textContent = `${this.words.saved} ${name}`;
  }
}

const lists = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const list = lists.get(parentElement) ?? new TakeAlong(parentElement);
  lists.set(parentElement, list);
  list.show(data, (wanted) => setTriggerValue("ask", wanted));
}
