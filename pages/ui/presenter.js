/* What presenter mode needs no run for: the list of keys, a blank screen, a pointer that a class
   sees, full screen, the way to the sums and back. Keys come from keys.js, the one listener. Text
   from Python reaches the page by textContent only. */
const STORE = "dikkat-keys";
const RESTS = 2500; // milliseconds after which a pointer that rests is gone
const OFF = "off";
const HERE = '[data-testid="stMain"]';

/* What a browser keeps without being asked twice; one that keeps nothing has them on. */
const stored = () => {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
};

class Presenter extends Opener {
  constructor(parent) {
    super(parent, "presenter");
    this.head = element("h2", "", this.list);
    this.table = element("table", "", this.list);
    const line = element("div", "line", this.list);
    this.told = spoken(line);
    this.turn = element("button", "turn", line);
    this.close = element("button", "close", line);
    for (const one of [this.turn, this.close]) one.type = "button";
    this.turn.addEventListener("click", () => this.switch());
    this.close.addEventListener("click", () => this.list.hidePopover());
    // It has the focus, and keeps all other keys to itself.
    this.list.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "h" && !event.repeat) this.list.hidePopover();
    });
    this.list.addEventListener("beforetoggle", (event) => this.fill(event));
    this.list.addEventListener("toggle", (event) => {
      if (event.newState === "open") this.close.focus();
    });
    this.blank = element("div", "blank", this.root);
    this.blank.popover = "manual";
    this.blank.setAttribute("role", "status");
    this.blank.addEventListener("click", () => this.light());
    this.dot = element("div", "dot", this.root);
    this.dot.popover = "manual";
    this.dot.setAttribute("aria-hidden", "true");
    this.pointing = false;
    window.addEventListener("pointermove", (event) => this.move(event), { capture: true });
    this.off = stored() === OFF;
  }

  show(data) {
    this.data = data;
    const { words, keys } = data;
    this.button.textContent = words.keys;
    this.head.textContent = words.keys;
    this.list.setAttribute("aria-label", words.keys);
    this.close.textContent = words.close;
    this.blank.setAttribute("aria-label", words.blank_on);
    this.table.replaceChildren();
    this.rows = {};
    for (const [name, [caps, said]] of Object.entries(keys)) {
      const row = element("tr", "", this.table);
      const cell = element("td", "", row);
      for (const cap of caps.split(" ")) {
        if (cap === "·") cell.append(" ");
        else element("kbd", "", cell).textContent = cap;
      }
      element("td", "", row).textContent = said;
      this.rows[name] = row;
    }
    if (!data.on) {
      this.point(false);
      this.light();
    }
    this.say();
  }

  say() {
    const { words } = this.data;
    this.turn.textContent = this.off ? words.on : words.off;
    this.told.textContent = this.off ? words.are_off : "";
    this.button.classList.toggle("off", this.off);
  }

  /* Only the keys that do something here. */
  fill(event) {
    if (event.newState !== "open") return;
    const here = window.dikkatKeys?.data;
    const has = {
      steps: "ArrowRight" in (here?.keys ?? {}),
      head: "j" in (here?.keys ?? {}),
      layer: "e" in (here?.keys ?? {}),
      query: this.data.on && Object.values(here?.figures ?? {}).some((one) => one.walks),
      table: window.dikkatTables?.dialog.isConnected === true,
      sums: this.data.on && document.querySelector(".st-key-steps") !== null,
      spot: this.data.on && "s" in (here?.keys ?? {}),
      pointer: this.data.on,
      blank: this.data.on,
    };
    for (const [name, row] of Object.entries(this.rows)) {
      row.className = has[name] === false ? "none" : "";
    }
  }

  switch() {
    this.off = !this.off;
    try {
      localStorage.setItem(STORE, this.off ? OFF : "");
    } catch {
      // For as long as the page is open, then.
    }
    if (this.off) this.point(false);
    this.say();
  }

  /* Whether a key was one of these; somebody who types is not asked. */
  key(name, repeated) {
    const anywhere = {
      p: () => this.present(),
      f: () => this.full(),
      h: () => this.help(),
      v: () => this.notes(),
    };
    const tables = window.dikkatTables;
    if (tables?.dialog.isConnected) anywhere.r = () => tables.open();
    const hall = {
      b: () => this.dark(),
      ".": () => this.dark(), // what a clicker sends
      l: () => this.point(!this.pointing),
      a: () => this.sums(),
    };
    const act = anywhere[name] ?? (this.data.on ? hall[name] : undefined);
    if (act && !repeated) act();
    return act !== undefined;
  }

  present() {
    const button = document.querySelector(".st-key-present button");
    if (button?.checkVisibility()) button.click();
  }

  /* The speaker's notes, while a lecture plays (lectures/notes/first.js). */
  notes() {
    if (window.dikkatNotes) window.dikkatNotes.open();
    else window.dikkatNotesWanted = location.search.includes("talk=");
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => null);
  }

  help() {
    this.list.togglePopover();
  }

  dark() {
    this.list.hidePopover();
    this.blank.showPopover();
  }

  /* Whether the screen was blank: it is not any more. */
  light() {
    const blank = this.blank.matches(":popover-open");
    if (blank) this.blank.hidePopover();
    return blank;
  }

  point(on) {
    this.pointing = on;
    if (!on && this.dot.matches(":popover-open")) this.dot.hidePopover();
    if (on && this.at) this.move(this.at);
  }

  move(event) {
    this.at = event;
    if (!this.pointing) return;
    this.dot.style.left = `${event.clientX}px`;
    this.dot.style.top = `${event.clientY}px`;
    if (!this.dot.matches(":popover-open")) this.dot.showPopover();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.dot.matches(":popover-open")) this.dot.hidePopover();
    }, RESTS);
  }

  /* To the sums where they are not in sight, and back to the top. */
  sums() {
    const main = document.querySelector(HERE);
    const place = document.querySelector(".st-key-steps")?.getBoundingClientRect();
    if (!main || !place) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "instant" : "smooth";
    main.scrollTo({ top: main.scrollTop > 4 ? 0 : main.scrollTop + place.top, behavior });
  }
}

const presenters = new WeakMap();

export default function ({ data, parentElement }) {
  const presenter = presenters.get(parentElement) ?? new Presenter(parentElement);
  presenters.set(parentElement, presenter);
  window.dikkatPresenter = presenter;
  presenter.show(data);
}
