/* The window with the lecture: it opens the speaker's own, tells it what is shown, and takes its
   keys. Both know one id, which this window keeps for as long as it is open. */
const ID = "dikkat-notes";
const CLOCK = "dikkat-notes-clock";
const BUTTON = ".st-key-talk-window button";
const STEPS = { next: ".st-key-talk-next button", previous: ".st-key-talk-previous button" };
const KEYS = ["PageDown", "PageUp"];
const SHAPE = "popup,width=1100,height=760";
const DRAWN = 50; // ms from the end of a run until what it drew is there
const LONGEST = 600; // characters of the sentence on screen

const fresh = () => {
  const parts = crypto.getRandomValues(new Uint32Array(3)); // randomUUID needs https
  return [...parts].map((part) => part.toString(36)).join("");
};

/* A browser that keeps nothing has them until the page is loaded anew. */
const kept = {};
const stored = (name) => {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return kept[name] ?? null;
  }
};
const store = (name, value) => {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    kept[name] = value;
  }
};

class Notes {
  constructor() {
    this.me = fresh();
    this.data = null;
    this.pair(stored(ID) ?? fresh());
    window.addEventListener("click", (event) => this.click(event), { capture: true });
    window.addEventListener("pagehide", () => this.say({ kind: "gone" }));
    window.addEventListener("pageshow", (event) => event.persisted && this.tell());
    const ran = () => setTimeout(() => this.tell(), DRAWN);
    const app = document.querySelector(".stApp");
    new MutationObserver(ran).observe(app, { attributeFilter: ["data-test-script-state"] });
  }

  pair(id) {
    this.id = id;
    store(ID, id);
    this.channel?.close();
    this.channel = window.BroadcastChannel ? new BroadcastChannel(`${ID}-${id}`) : null;
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    this.say({ kind: "mine", me: this.me });
  }

  say(what) {
    this.channel?.postMessage(what);
  }

  hear({ kind, what, clock, me, to }) {
    if (kind === "ask") this.tell(true);
    else if (kind === "press" && what in STEPS) document.querySelector(STEPS[what])?.click();
    else if (kind === "press" && KEYS.includes(what)) this.key(what);
    else if (kind === "clock") store(CLOCK, JSON.stringify(clock));
    // A tab that was duplicated has its id from the one before: the newer takes another one.
    else if (kind === "mine") this.say({ kind: "taken", to: me });
    else if (kind === "taken" && to === this.me) this.pair(fresh());
  }

  /* As if it were pressed here: a step of the page, and where there is none, of the lecture. */
  key(key) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
  }

  show(data, told) {
    this.data = data;
    this.told = told;
    this.tell();
    if (this.wanted) this.open(); // pressed before it was known what to open
  }

  hide(told) {
    if (told === this.told) this.data = null; // said once the run is over: a page may follow
  }

  get busy() {
    return document.querySelector(".stApp")?.dataset.testScriptState !== "notRunning";
  }

  tell(asked = false) {
    const clock = stored(CLOCK);
    if (asked && clock) this.say({ kind: "clock", clock: JSON.parse(clock) });
    if (this.data) {
      this.say({ kind: "now", data: this.data.now });
      this.say({ kind: "screen", text: this.sentence() });
    } else if (!this.busy) this.say({ kind: "left" });
  }

  /* What the page says of itself, without what to press next. */
  sentence() {
    const line = document.querySelector(".st-key-now .now")?.cloneNode(true);
    line?.querySelector(".then")?.remove();
    return (line?.textContent ?? "").trim().slice(0, LONGEST);
  }

  click(event) {
    if (!event.target.closest?.(BUTTON)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.open();
  }

  open() {
    this.wanted = !this.data && location.search.includes("talk=");
    if (!this.data) return;
    const opened = window.open(`${location.pathname}${this.data.where}#${this.id}`, `${ID}-${this.id}`, SHAPE);
    this.told.textContent = opened ? "" : this.data.blocked;
    opened?.focus();
  }
}

const told = new WeakMap();

export default function ({ data, parentElement }) {
  window.dikkatNotes ??= new Notes();
  if (window.dikkatNotesWanted) window.dikkatNotes.open(); // pressed before this was loaded
  window.dikkatNotesWanted = false;
  const line = told.get(parentElement) ?? parentElement.appendChild(document.createElement("p"));
  line.setAttribute("role", "status");
  told.set(parentElement, line);
  window.dikkatNotes.show(data, line);
  return () => window.dikkatNotes.hide(line);
}
