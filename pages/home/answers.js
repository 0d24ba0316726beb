/* A question's answer may stand below the fold of its page: after a click on its link the page is
   moved to the heading below which it stands, once that is drawn, and no more once the visitor
   moves it. The home page is gone by then; what was begun here goes on, as the document stays. */
const PATIENCE = 30000; // milliseconds; a model may have to be loaded first
const TURN = 150;
const CALM = 12; // turns in which the heading has stayed on screen: nothing above it grows any more
const TOP = 70; // pixels that stay free above it, for the menu
const HANDS = ["wheel", "touchstart", "keydown", "pointerdown"];

const headingOf = (words) =>
  [...document.querySelectorAll("h3.section")].find((one) => one.textContent.startsWith(words));

const bring = (words) => {
  const stop = new AbortController();
  const until = Date.now() + PATIENCE;
  let calm = 0;
  const timer = setInterval(() => {
    const heading = headingOf(words);
    if (Date.now() > until || calm > CALM) stop.abort();
    if (!heading || stop.signal.aborted) return;
    const { top, height } = heading.getBoundingClientRect();
    if (top > TOP - 2 && top + height < innerHeight / 2) {
      calm += 1; // it is seen, with its answer
      return;
    }
    // Where the page ends too soon, more of it is still to come.
    calm = 0;
    heading.style.scrollMarginTop = `${TOP}px`;
    heading.scrollIntoView({ block: "start" });
  }, TURN);
  stop.signal.addEventListener("abort", () => clearInterval(timer));
  setTimeout(() => {
    for (const name of HANDS) {
      window.addEventListener(name, () => stop.abort(), { capture: true, signal: stop.signal });
    }
  }, TURN);
};

export default function ({ data }) {
  const follow = (event) => {
    const link = event.target.closest?.("a[href]");
    const words = link && data.headings[link.textContent.trim()];
    if (words && !(event.ctrlKey || event.metaKey || event.shiftKey)) bring(words);
  };
  document.addEventListener("click", follow, { capture: true });
  return () => document.removeEventListener("click", follow, { capture: true });
}
