/* Names of figures that answer no key, for who hears them. One module with keys.js. */

/* What a heading says; of the sentence of what is on screen, that alone. */
function saying(heading) {
  const copy = heading.cloneNode(true);
  for (const more of copy.querySelectorAll(".then, .why, .note")) more.remove();
  return copy.textContent.trim();
}

/* Figures that answer no key are pictures, called as what stands last above them: a heading, or the
   sentence of what is on screen. What lies on another one, or below it, is part of that. */
const others = {
  dress() {
    const heads = [...document.querySelectorAll(".now, h3.section")];
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      if (plot.closest("[data-cells]")) continue;
      const own = plot.closest("[class*=st-key-]")?.className;
      if (/st-key-\S+-(now|ground)(\s|$)/.test(own)) {
        plot.setAttribute("aria-hidden", "true");
        continue;
      }
      const above = (head) => head.compareDocumentPosition(plot) & Node.DOCUMENT_POSITION_FOLLOWING;
      const head = heads.findLast(above);
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", head ? saying(head) : document.title);
    }
  },
};
