/* A button and the list that it opens. First half of a script: the page gets both as one text. */
const EDGE = 8; // pixels from the list to the window
const GAP = 6; // and to its button

const unit = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

const element = (tag, name, parent) => {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
};

/* What a screen reader says when it changes. */
const spoken = (parent) => {
  const made = element("p", "told", parent);
  made.setAttribute("role", "status");
  return made;
};

class Opener {
  constructor(parent, name) {
    this.root = element("div", name, parent);
    this.button = element("button", "open", this.root);
    this.button.type = "button";
    this.list = element("div", "list", this.root);
    this.list.popover = "auto"; // closes by Escape and by a click elsewhere
    this.list.setAttribute("role", "dialog");
    this.button.popoverTargetElement = this.list;
  }

  /* Below its button, inside the window. width: in sizes of type. */
  place(width) {
    const box = this.button.getBoundingClientRect();
    const { clientWidth } = document.documentElement;
    const wide = Math.min(width * unit(), clientWidth - 2 * EDGE);
    const left = Math.max(EDGE, Math.min(box.right, clientWidth - EDGE) - wide);
    const top = Math.round(box.bottom + GAP);
    Object.assign(this.list.style, { top: `${top}px`, left: `${left}px`, width: `${wide}px` });
  }
}
