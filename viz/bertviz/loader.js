"use strict";
// What BertViz's scripts expect around them: RequireJS, the few jQuery calls they make, and
// their data under the name PYTHON_PARAMS. BertViz looks that name up each time its function
// runs, so another kind of attention is shown by running it afresh on other data. Its own
// chooser keeps the first kind's depth and number of heads, which fails where they differ.
(() => {
  const page = JSON.parse(document.getElementById("data").textContent);
  const drawing = document.getElementById("drawing");
  let draw = null;

  class Elements {
    constructor(list) { this.list = [...list]; }
    each(action) { this.list.forEach(action); return this; }
    append(other) { return this.each((e) => e.append(...other.list)); }
    attr(name, value) { return this.each((e) => e.setAttribute(name, value)); }
    change() { return this.each((e) => e.dispatchEvent(new Event("change"))); }
    empty() { return this.each((e) => e.replaceChildren()); }
    on(type, listener) { return this.each((e) => e.addEventListener(type, listener)); }
    text(words) { return this.each((e) => { e.textContent = words; }); }
    val(value) { return this.each((e) => { e.value = value; }); }
  }

  // "<option />" makes an element by its name; HTML is never parsed here.
  const $ = (what) => {
    const tag = /^<\s*(\w+)\s*\/?>$/.exec(what);
    return new Elements(tag ? [document.createElement(tag[1])] : document.querySelectorAll(what));
  };

  const weights = (kind) => {
    const bytes = atob(kind.weights);
    let next = 0;
    const rows = (sizes) =>
      Array.from({ length: sizes[0] }, () =>
        sizes.length > 1 ? rows(sizes.slice(1)) : bytes.charCodeAt(next++) / page.steps);
    return rows([kind.layers, kind.heads, kind.queries.length, kind.keys.length]);
  };

  const upTo = (count) => Array.from({ length: count }, (_, i) => i);

  // The dictionary that BertViz's Python half would have pasted in, for one kind.
  const parameters = (kind, layer, heads) => ({
    attention: [{
      name: null, attn: weights(kind), left_text: kind.queries, right_text: kind.keys,
    }],
    default_filter: "0",
    root_div_id: "drawing",
    layer,
    heads,
    include_layers: upTo(kind.layers),
    include_heads: upTo(kind.heads),
    total_heads: kind.slots,
    display_mode: page.mode,
  });

  // A fresh chooser and canvas, since BertViz adds options and listeners to what it finds.
  const renew = (id) => {
    const old = document.getElementById(id);
    const fresh = old?.cloneNode(false);
    old?.replaceWith(fresh);
    return fresh;
  };

  const show = (place, wanted, heads) => {
    const kind = page.kinds[place];
    const layer = Math.min(wanted, kind.layers - 1);
    renew("layer");
    const canvas = renew("vis");
    window.PYTHON_PARAMS = parameters(kind, layer, heads);
    draw();
    translate(canvas);
    new MutationObserver(() => translate(canvas)).observe(canvas, { childList: true, subtree: true });
    fit();
  };

  const DETAIL = /^Layer (\d+), Head (\d+)$/;
  const inOurWords = (text) => {
    if (text === "Layers") return page.labels.layers;
    if (text === "Heads") return page.labels.heads;
    const [, layer, head] = DETAIL.exec(text) ?? [];
    return head && page.labels.detail.replace("{layer}", layer).replace("{head}", head);
  };

  // BertViz's headings are the bold texts directly below its SVG; tokens never are.
  const translateHeadings = (canvas) => {
    for (const heading of canvas.querySelectorAll("svg > text[font-weight='bold']")) {
      const words = inOurWords(heading.textContent);
      if (words && words !== heading.textContent) heading.textContent = words;
    }
  };

  // Its coloured squares carry no number: hovering and screen readers get one.
  const nameSquares = (canvas) => {
    canvas.querySelectorAll("svg > g:not([id]) > rect:empty").forEach((square, head) => {
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = page.labels.head.replace("{head}", head);
      square.append(title);
    });
  };

  const translate = (canvas) =>
    page.view === "model" ? translateHeadings(canvas) : nameSquares(canvas);

  const ASIDE = 280; // px that notes beside the drawing take at least

  // A hidden tab has no width yet; the resize event follows when it is shown.
  const fit = () => {
    const canvas = document.getElementById("vis");
    const scaled = (height) => (window.innerHeight ? window.innerHeight / height : 1);
    // Where the height is what limits the drawing, its notes take none of it.
    const aside = scaled(page.height - page.notes);
    const left = drawing.clientWidth - page.width * page.zoom * aside;
    const roomy = page.notes > 0 && left > ASIDE;
    drawing.classList.toggle("roomy", roomy);
    // On a phone the notes stand above the drawing: a higher frame is room for them, not size.
    const most = window.innerWidth <= 700 ? 0.7 : Infinity;
    const scale = Math.min(roomy ? aside : scaled(page.height), most);
    document.documentElement.style.fontSize = `${20 * scale}px`;
    const beside = parseFloat(getComputedStyle(drawing).getPropertyValue("--beside")) || 0;
    const room = Math.max(drawing.clientWidth - beside * 20 * scale, 0);
    const zoom = page.zoom * scale;
    canvas.style.zoom = room ? Math.min(zoom, room / page.width) : zoom;
    canvas.style.width = `${page.width}px`;
  };

  window.require = { config() { /* the files are here already */ } };
  window.requirejs = (names, run) => {
    const found = { jquery: $, d3: window.d3 };
    draw = () => run(...names.map((name) => found[name]));
    const chooser = document.getElementById("kind");
    const start = page.kinds.findIndex((kind) => kind.kind === page.begin.kind);
    if (chooser) {
      chooser.value = start;
      chooser.addEventListener("change", () =>
        show(Number(chooser.value), Number(document.getElementById("layer")?.value ?? 0), null));
    }
    show(start, page.begin.layer, page.begin.heads);
  };
  window.addEventListener("resize", fit);
})();
