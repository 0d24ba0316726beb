// Notes when something was last drawn, in milliseconds of this page's own clock: an element put
// in or changed, or a stroke on a canvas, within `bench.within` (a CSS selector; null: anywhere).
// `painted` is taken after the frame that shows it, `start` at the last click or key, `first` after the
// frame that shows the first thing a Streamlit script has put on the page.
(() => {
  const FIRST = '[data-testid="stMain"] :is(h1, h2, h3, p)';
  const bench = { within: null, start: 0, painted: 0, first: 0 };
  window.bench = bench;

  const afterFrame = (name) =>
    requestAnimationFrame(() => setTimeout(() => { bench[name] = performance.now(); }));

  // Plotly's hover layer moves with the mouse, which is no drawing of a figure.
  const counts = ({ target, addedNodes }) => {
    if (bench.within === null) return true;
    const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    if (!element || element.closest(".hoverlayer")) return false;
    if (element.closest(bench.within)) return true;
    return [...addedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE
      && (node.matches(bench.within) || node.querySelector(bench.within)));
  };

  let begun = false;
  const look = (records) => {
    if (records.some(counts)) afterFrame("painted");
    if (!begun && document.querySelector(FIRST)) {
      begun = true;
      afterFrame("first");
    }
  };
  const watch = (root) => new MutationObserver(look).observe(
    root, { subtree: true, childList: true, attributes: true, characterData: true });
  watch(document);

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    watch(root);
    return root;
  };
  for (const name of ["drawImage", "putImageData", "fillRect", "fillText"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...values) {
      if (bench.within === null) afterFrame("painted");
      return draw.apply(this, values);
    };
  }
  for (const name of ["click", "keydown"]) {
    addEventListener(name, (event) => { bench.start = event.timeStamp; }, { capture: true });
  }
})();
