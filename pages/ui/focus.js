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
