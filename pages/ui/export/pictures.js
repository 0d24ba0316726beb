/* A picture put together in the browser, from the figures that it shows (before `button.js`). */
const SLIDE = 1920; // pixels that a picture for a slide has at least from left to right
const MOST = 32e6; // pixels of a picture, beyond which browsers give none
const MARGIN = 16; // pixels round a picture
const SVG = "http://www.w3.org/2000/svg";
const FACE = "Source Sans";
const HOVER = ".hoverlayer, .draglayer, .modebar-container, .selectionlayer";

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

/* One SVG of figures, each where it stands on screen, the page's colour below them if wanted. */
function joined(all, ground, style = "", title = "") {
  const boxes = all.map((plot) => plot.getBoundingClientRect());
  const margin = ground ? MARGIN : 0;
  const left = Math.min(...boxes.map((box) => box.left)) - margin;
  const top = Math.min(...boxes.map((box) => box.top)) - margin;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) + margin - left);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.bottom)) + margin - top);
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
  if (title) put("title", {}, title);
  put("style", {}, `${style}.crisp{shape-rendering:crispEdges}`);
  const app = document.querySelector('[data-testid="stApp"]');
  if (ground) put("rect", { width, height, fill: getComputedStyle(app).backgroundColor });
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
  return { svg: whole, width, height };
}

async function drawing(title) {
  const all = plots();
  if (!all.length) return null;
  const { svg, width, height } = joined(all, true, await faces(), title);
  return { text: new XMLSerializer().serializeToString(svg), width, height };
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
