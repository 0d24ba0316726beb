/* The Model field for those who do not see it, or use no pointer: Streamlit draws the list at the
   page's end, names it after the button, and leaves the focus behind. */
const LIST = '[data-testid="stPopoverBody"]';
const STOPS = "button:enabled, input:enabled, a[href], [tabindex='0']";

export default function ({ data, parentElement }) {
  const field = () => document.querySelector(`.st-key-${data.key} button`);
  const list = () => document.querySelector(`${LIST}:has(.st-key-${data.list})`);
  let entered = null;

  const dress = () => {
    const button = field();
    const shown = button?.querySelector("p")?.textContent ?? "";
    const name = `${data.name}: ${shown}`;
    if (button && button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name);
    const open = list();
    const first = open?.querySelector(STOPS) ?? null; // its rows come one after another
    const known = open === entered;
    entered = first && open;
    if (!first || known) return;
    open.setAttribute("aria-label", data.name);
    open.style.colorScheme = getComputedStyle(document.querySelector(".stApp")).colorScheme;
    open.tabIndex = -1; // a click beside everything in it leaves the focus in it
    first.focus({ preventScroll: true });
  };

  /* Tab goes round in the list; Escape leaves it, which is Streamlit's own. */
  const round = (event) => {
    const open = list();
    if (event.key !== "Tab" || !open?.contains(event.target)) return;
    const stops = [...open.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (event.target !== from) return;
    event.preventDefault();
    to.focus();
  };

  const watch = new MutationObserver(dress);
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  document.addEventListener("keydown", round);
  parentElement.hidden = true;
  dress();
  return () => {
    watch.disconnect();
    document.removeEventListener("keydown", round);
  };
}
