/* A handout: when somebody prints, a sheet of its own with the page's question, what is on screen in
   a sentence, the picture and the sums, as large as fits on one A4 page. What the browser has on
   screen stays as it is: figures keep the size that they were drawn in. */
const SHEET = [718, 980]; // pixels of A4 within a margin of 10 mm, and a little to spare
const SHARE = 0.55; // of the sheet's height, that a picture takes at most
const LEAVES = '[data-testid="stHtml"], [data-testid="stMarkdownContainer"], .js-plotly-plot';
const CONTROLS = "button, label, [role=tablist], [data-testid=stButton], .symbols";

/* What stands under the sums' heads, in order, without the page's columns round it. */
function sums() {
  const steps = [...document.querySelectorAll(".st-key-steps")];
  const places = steps.length ? steps : [...document.querySelectorAll(".katex-display")];
  const leaves = places.flatMap((place) =>
    place.matches(".katex-display") ? [place] : [...place.querySelectorAll(LEAVES)],
  );
  const lesson = ".st-key-try, .st-key-careful";
  return leaves.filter(
    (leaf) =>
      leaf.getClientRects().length &&
      !leaf.closest(CONTROLS) &&
      !leaf.closest(lesson) &&
      !leaf.parentElement.closest(LEAVES),
  );
}

function vector(all) {
  const { svg, width, height } = joined(all, false);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  return svg;
}

function sheet() {
  document.getElementById("dikkat-sheet")?.remove();
  const all = plots();
  const title = document.querySelector(".stMain h1, [data-testid=stMain] h1");
  if (!title || !all.length) return;
  const app = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
  const dark = /\d+/.exec(app.backgroundColor)?.[0] <= 127;
  const made = element("section", `trial${dark ? " dark" : ""}`, document.body);
  made.id = "dikkat-sheet";
  made.style.colorScheme = dark ? "dark" : "light";
  document.documentElement.style.setProperty("font-size", "16px", "important");
  element("h1", "", made).textContent = title.textContent;
  const copy = (one, place) => {
    if (one) place.append(one.cloneNode(true));
  };
  copy(document.querySelector(".st-key-now p.now"), made);
  const picture = vector(all);
  made.append(picture);
  const list = element("div", "sums", made);
  for (const leaf of sums()) {
    if (!leaf.matches(".js-plotly-plot")) copy(leaf, list);
    else if (!all.includes(leaf)) list.append(vector([leaf]));
  }
  copy(document.querySelector(".st-key-provenance .provenance"), made);
  element("p", "link", made).textContent = location.href;
  fit(made, picture, list);
  made.classList.remove("trial");
}

/* The picture first, as wide as the sheet or so high as its share; the sums get the rest. */
function fit(made, picture, list) {
  const [wide, high] = SHEET;
  const box = picture.viewBox.baseVal;
  const rest = () => made.getBoundingClientRect().height - picture.getBoundingClientRect().height;
  const room = Math.max(high * SHARE, high - rest());
  picture.style.width = `${Math.floor(Math.min(wide, (room * box.width) / box.height))}px`;
  const zoomed = (most) => {
    const across = Math.max(...[...list.children].map((one) => one.scrollWidth), 1);
    list.style.zoom = Math.min(most, (list.clientWidth || wide) / across).toFixed(3);
  };
  let most = 1;
  do {
    list.style.zoom = 1;
    zoomed(most);
    most *= 0.93;
  } while (made.getBoundingClientRect().height > high && most > 0.3);
  while (made.getBoundingClientRect().height > high && picture.clientWidth > 200) {
    picture.style.width = `${Math.floor(picture.clientWidth * 0.95)}px`;
  }
}

function unsheet() {
  document.getElementById("dikkat-sheet")?.remove();
  document.documentElement.style.removeProperty("font-size");
}

if (!window.dikkatPaper) {
  window.dikkatPaper = true;
  const rule = element("style", "", document.head);
  rule.textContent = "@page{size:A4 portrait;margin:10mm}";
  window.addEventListener("beforeprint", sheet);
  window.addEventListener("afterprint", unsheet);
}
