/* What keeps keys to itself while it has the focus. One module with keys.js. */

/* Wherever it got the focus: somebody types there, or a menu is open. */
const TYPED = [
  "textarea, select, [contenteditable='true'], [role=textbox], [role=searchbox], [role=spinbutton]",
  "input:not([type=checkbox], [type=radio], [type=range], [type=button], [role=combobox])",
  "[role=menu], [role=listbox], [role=dialog], [aria-modal=true], [data-testid=stDataFrame]",
].join();
/* What has a use of its own for arrows, and for the space bar. */
const MOVED = [
  "[role=radio], [role=slider], [role=tab], [role=grid], [role=combobox], [role=tree]",
  "[role=menuitem], [role=menubar], input[type=radio], input[type=range]",
].join();
const PRESSED = "button, a[href], summary, input, [role=button], [role=switch], [role=checkbox]";

/* Whether a key belongs to what has the focus. pointed: it came there by the pointer. */
function keeps(target, name, pointed) {
  if (!target.checkVisibility?.()) return false; // a list that Escape has just closed
  if (target.closest(TYPED)) return true;
  if (target.closest("[role=combobox][aria-expanded=true]")) return true;
  if (pointed) return false;
  const own = name === " " ? `${MOVED}, ${PRESSED}` : MOVED;
  return (name === " " || name.length > 1) && target.closest(own) !== null;
}

/* What holds buttons that come and go, and what a key opens in the page. */
const HOLDS = "[data-testid=stPopoverBody], [role=dialog], .st-key-talk-panel";
const OPENED = ".st-key-talk-panel";

/* By keyboard, where the button that was pressed is gone the focus goes to what held it, and to
   what a key has opened: from there Tab leads on, not through the whole page. */
class Lost {
  constructor() {
    window.addEventListener("focusin", ({ target }) => this.note(target), { capture: true });
  }

  note(target) {
    this.last = target;
    this.holder = target.closest?.(HOLDS);
  }

  /* After anything was drawn. */
  look(pointed) {
    const before = this.opened;
    this.opened = document.querySelector(OPENED);
    if (pointed || document.activeElement !== document.body) return;
    const gone = this.last?.isConnected === false && this.holder;
    const to = before === null && this.opened ? this.opened : gone;
    if (!to?.isConnected) return;
    to.tabIndex = -1;
    to.focus({ preventScroll: true });
  }
}
