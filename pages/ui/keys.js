/* The one listener for keys. It counts presses, sends them when no run is going on, and keeps each
   until Python has answered it. Text from Python reaches the page by attributes only. */

const WAIT = 20; // ms between two looks whether a run is over
const PATIENCE = 4000; // ms after which what was not answered is sent again
const CALM = 2000; // ms after which a click on something else is thought to have no run
const AGAIN = 100; // ms between two looks whether a figure has been drawn
const TURNS = 5; // looks after a drawing until widgets have it: a busy browser lets time pass
const SHOWN = { ArrowLeft: "←", ArrowRight: "→", "Shift+n": "⇧N" };

// What a screen reader says when another mark is chosen.
const voice = () => Object.assign(document.createElement("div"), { role: "status" });

class Keys {
  constructor() {
    this.me = Math.random().toString(36).slice(2); // tells this listener from a former one
    this.count = 0; // presses so far
    this.queue = []; // presses that Python has not answered
    this.sent = 0; // the last press of the message that is under way
    this.ran = 0; // when a run was last seen
    this.awaited = 0; // drawings to come before presses are sent
    this.turns = 0; // looks to come until the last of them has reached all widgets
    this.pointed = false; // whether the focus came by the pointer
    this.figures = new Map();
    this.held = null; // the figure that has the keyboard's focus, also while it is drawn anew
    this.lent = null; // the one that arrows lead in without the focus
    this.ahead = []; // keys pressed in a figure whose drawing has yet to say where they lead
    this.lost = new Lost();
    const on = (name, act) => window.addEventListener(name, act, { capture: true });
    on("keydown", (event) => this.key(event));
    on("click", (event) => this.click(event));
    on("pointerdown", (event) => this.point(event));
    on("touchstart", (event) => this.touch(event));
    on("focusin", (event) => this.focus(event));
    on("focusout", (event) => this.blur(event));
    this.drawn = new MutationObserver(() => this.dress());
    this.drawn.observe(document.body, { childList: true, subtree: true });
  }

  /* What Python has drawn, and which presses it has answered. */
  show(data, send, parent) {
    if (data.page !== this.page) this.forget();
    this.page = data.page;
    Object.assign(this, { data, send, parent });
    const answered = data.seen?.[0] === this.me ? data.seen[1] : 0;
    if (this.queue.length && answered >= this.queue[0].number) this.sent = 0;
    this.queue = this.queue.filter(({ number }) => number > answered);
    if (this.awaited) {
      // Presses take all widgets along, and these follow a drawing a moment later.
      this.awaited -= 1;
      this.turns = TURNS;
    }
    this.know(data.figures);
    this.voice = parent.querySelector("[role=status]") ?? parent.appendChild(voice());
    this.dress();
    this.pump();
  }

  /* Which figures there are, and what is chosen in them. */
  know(figures) {
    for (const key of this.figures.keys()) {
      if (!(key in figures)) this.figures.delete(key);
    }
    if (this.held && !this.figures.has(this.held)) this.leave();
    for (const [key, figure] of Object.entries(figures)) {
      if (!this.figures.has(key)) this.figures.set(key, new Cells(key));
      const own = this.figures.get(key);
      const pending = this.queue.some(({ press }) => press.figure === key);
      if (!own.data || !pending) own.show(figure, this.data);
    }
  }

  /* Another page: what was pressed on the last one has no meaning here. */
  forget() {
    this.queue = [];
    this.ahead = [];
    this.sent = 0;
    this.held = null;
    this.figures.clear();
  }

  /* Drawn elsewhere on the same page it goes on where it was. */
  hide(parent) {
    if (parent === this.parent) this.data = null;
  }

  press(press, repeated) {
    // A key that is held goes on as fast as the page does, and stops with it.
    if (repeated && (this.queue.length || this.busy)) return;
    const last = this.queue.at(-1);
    this.count += 1;
    // Of choices in a figure that nobody has heard of yet the last one is enough.
    const chooses = (one) => one?.figure === press.figure && one.act === false;
    if (chooses(press) && chooses(last?.press) && last.number > this.sent) {
      this.queue.pop();
      this.count -= 1;
    }
    this.queue.push({ number: this.count, press });
    this.pump();
  }

  get busy() {
    const state = document.querySelector(".stApp")?.dataset.testScriptState;
    return state !== undefined && state !== "notRunning";
  }

  pump() {
    clearTimeout(this.timer);
    if (!this.queue.length || !this.data) return;
    const now = Date.now();
    const lost = this.sent && now - this.since > PATIENCE;
    if (this.busy) this.ran = now;
    else if (!this.turns && (!this.awaited || now - this.ran > CALM) && (!this.sent || lost)) {
      this.awaited = 0;
      this.sent = this.queue.at(-1).number;
      this.since = now;
      const presses = this.queue.map(({ press }) => press);
      this.send({ who: this.me, first: this.queue[0].number, presses });
    }
    this.timer = setTimeout(() => {
      if (this.turns) this.turns -= 1;
      this.pump();
    }, WAIT);
  }

  /* The browser's events */

  key(event) {
    if (event.key === "Tab") this.pointed = false;
    if (!this.data || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    const presenter = window.dikkatPresenter;
    if (presenter?.light()) return void this.take(event);
    if (this.held && !this.pointed && this.inFigure(event)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (keeps(target, name, this.pointed) || presenter?.off) return;
    if (!event.shiftKey && (presenter?.key(name, event.repeat) || this.lends(event))) {
      this.take(event);
      return;
    }
    const button = this.meant(event.shiftKey ? `Shift+${name}` : name);
    if (!button) return;
    this.take(event);
    if (!this.off(button)) this.press(button, event.repeat);
  }

  /* The button of a key; where the page has no further step there may be another one. */
  meant(called) {
    const [own, further] = [this.data.keys[called], this.data.beyond?.[called]];
    return further && (!own || this.off(own)) ? further : own;
  }

  off = (button) => this.buttonOf(button)?.disabled && !this.queue.length;

  take(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /* A click on a button that has keys is one of its presses. */
  click(event) {
    if (!this.data || event.button !== 0) return;
    const clicked = event.target.closest?.("button");
    const button = Object.values(this.data.keys).find((key) => this.buttonOf(key) === clicked);
    if (clicked && button) {
      this.take(event);
      this.press(button, false);
    } else if (this.busy || this.sent) {
      // It will have a run of its own: what it has changed must not be sent as it was before.
      this.awaited = this.sent ? 2 : 1;
      this.ran = Date.now();
    }
  }

  buttonOf(key) {
    return document.querySelector(`.st-key-${CSS.escape(key)} button`);
  }

  point(event) {
    this.pointed = true;
    if (this.held && !this.figures.get(this.held)?.box?.contains(event.target)) this.leave();
  }

  /* Plotly would hold the page under a finger on a figure. Unseen by it, fingers move what lies
     under them, and a tap still comes as a click. */
  touch(event) {
    if (event.target.closest?.(".js-plotly-plot")) event.stopPropagation();
  }

  focus(event) {
    const key = [...this.figures.keys()].find((one) => this.figures.get(one).box === event.target);
    if (key === this.held) return;
    this.leave();
    if (key) this.held = key;
  }

  /* Without a place where the focus goes, the figure may just be drawn anew. */
  blur(event) {
    if (event.relatedTarget) this.leave();
  }

  leave() {
    this.figures.get(this.held)?.leave();
    this.held = null;
    this.lent = null;
    this.ahead = [];
  }

  inFigure(event) {
    const { key, shiftKey, repeat } = event;
    const end = (key === "Home" || key === "End") && !shiftKey;
    if (key === "Escape") this.escape();
    else if (key in WAYS || end) this.lead(key, shiftKey, repeat);
    else if (!this.act(key, repeat)) return false;
    this.take(event);
    return true;
  }

  escape() {
    this.leave();
    document.activeElement?.blur();
  }

  lead(key, across, repeated) {
    if (repeated && (this.ahead.length || this.queue.length || this.busy)) return;
    this.ahead.push([key, across]);
    this.walk();
  }

  /* In a lecture hall arrows up and down lead in the page's picture from everywhere. */
  lends({ key, repeat }) {
    if (!window.dikkatPresenter?.data.on || (key !== "ArrowUp" && key !== "ArrowDown")) return false;
    const walking = [...this.figures].filter(([, one]) => one.data?.walks && one.box);
    const main = walking.find(([, one]) => one.box.closest(".st-key-main-figure")) ?? walking[0];
    if (!main) return false;
    this.lent = main[0];
    this.lead(key, false, repeat);
    return true;
  }

  /* Enter and the space bar, where a click does more than choose. */
  act(key, repeated) {
    const figure = this.figures.get(this.held);
    if (!figure.data.acts || (key !== "Enter" && key !== " ")) return false;
    const mark = figure.current(figure.marks);
    if (mark) this.press({ figure: this.held, mark: mark.carried, act: true }, repeated);
    return true;
  }

  /* Go where the keys lead that were pressed in the figure, as far as its drawing says. */
  walk() {
    clearTimeout(this.again);
    const led = this.held ?? this.lent;
    const figure = this.figures.get(led);
    while (figure && this.ahead.length) {
      const mark = figure.led(...this.ahead[0]);
      if (mark === undefined) {
        this.again = setTimeout(() => this.walk(), AGAIN);
        return;
      }
      this.ahead.shift();
      if (mark === null) continue;
      figure.stand(mark);
      this.voice.textContent = figure.named(mark);
      if (figure.data.walks) this.press({ figure: led, mark: mark.carried, act: false }, false);
    }
  }

  /* After anything was drawn: names, hints, the focus where a figure has lost it by being drawn
     anew, and the keys that waited for it. */
  dress() {
    if (!this.data) return;
    for (const figure of [...this.figures.values(), others]) figure.dress();
    for (const [key, button] of Object.entries(this.data.keys)) this.hint(key, button);
    const box = this.figures.get(this.held)?.box;
    if (box && !this.pointed && document.hasFocus() && document.activeElement === document.body) {
      box.focus({ preventScroll: true });
    }
    this.lost.look(this.pointed);
    this.walk();
  }

  hint(key, button) {
    const element = this.buttonOf(button);
    const shown = SHOWN[key] ?? (key.length === 1 && key !== " " ? key.toUpperCase() : "");
    if (!element || !shown || element.dataset.key === shown) return;
    element.dataset.key = shown;
    element.setAttribute("aria-keyshortcuts", key);
  }
}

/* One for the whole window, whoever loads this again. */
window.dikkatKeys ??= new Keys();
const keys = window.dikkatKeys;

/* Streamlit calls this again for new data on the same element, without a cleanup between. */
export default function ({ data, parentElement, setTriggerValue }) {
  keys.show(data, (presses) => setTriggerValue("presses", presses), parentElement);
  return () => keys.hide(parentElement);
}
