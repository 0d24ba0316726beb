/* The list of what can be taken along. A picture is put together here, from what is on screen; a
   file is asked of Python and saved when its answer comes. Text reaches the page by textContent. */
const WIDTH = 26; // of the list, in sizes of type
const ROWS = [
  ["picture", ["png", "svg"]],
  ["page", ["html"]],
  ["numbers", ["table", "csv", "npz"]],
  ["sums", ["tex"]],
  ["notebook_row", ["ipynb"]],
  ["paper", ["print"]],
];
const CALLED = { tex: "LaTeX", ipynb: "Jupyter" };
const BROWSER = ["png", "svg", "print"];

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0));
}

class TakeAlong extends Opener {
  constructor(parent) {
    super(parent, "share");
    this.number = Date.now(); // requests of a tab that was opened anew are others
    this.seen = null;
    this.stem = "dikkat";
    this.list.addEventListener("beforetoggle", (event) => this.open(event));
    this.rows = ROWS.map(([name, kinds]) => this.row(name, kinds));
    this.told = spoken(this.list);
    this.tables = new Tables(this.root, (at) => this.ask("table", { at }));
    window.dikkatTables = this.tables;
  }

  row(name, kinds) {
    const line = element("div", "row", this.list);
    const title = element("b", "", line);
    const note = element("small", "", line);
    const files = element("div", "files", line);
    const buttons = kinds.map((kind) => {
      const one = element("button", kind, files);
      one.type = "button";
      one.addEventListener("click", () => this.take(kind));
      return [kind, one];
    });
    return { name, title, note, buttons };
  }

  show(data, send) {
    this.words = data.words;
    this.send = send;
    this.button.textContent = this.words.button;
    this.button.title = this.words.list;
    this.list.setAttribute("aria-label", this.words.list);
    this.tables.say(this.words);
    for (const { name, title, note, buttons } of this.rows) {
      title.textContent = this.words[name];
      note.textContent = this.words[`${name.replace("_row", "")}_note`];
      for (const [kind, one] of buttons) {
        const called = this.words[kind] ?? CALLED[kind] ?? kind.toUpperCase();
        one.textContent = called;
        one.setAttribute("aria-label", `${this.words[name]}: ${called}`);
      }
    }
    if (data.reply && data.reply.id === this.number && data.reply.id !== this.seen) {
      this.seen = data.reply.id;
      this.hear(data.reply);
    }
  }

  open(event) {
    if (event.newState !== "open") return;
    this.place(WIDTH);
    this.told.textContent = "";
    this.can(["png", "svg"], plots().length > 0);
    this.ask("open");
  }

  can(kinds, there) {
    for (const [kind, one] of this.rows.flatMap(({ buttons }) => buttons)) {
      if (kinds.includes(kind)) one.disabled = !there;
    }
  }

  ask(what, more = {}) {
    this.number += 1;
    this.send({ what, id: this.number, link: location.href, ...more });
  }

  async take(kind) {
    if (kind === "table") {
      this.list.hidePopover();
      this.tables.open();
      return;
    }
    if (!BROWSER.includes(kind)) {
      this.told.textContent = this.words.wait;
      this.ask(kind);
      return;
    }
    if (kind === "print") {
      this.list.hidePopover();
      print();
      return;
    }
    this.told.textContent = this.words.wait;
    try {
      const drawn = await drawing(this.now ?? document.title);
      if (!drawn) throw new Error("no figure");
      const file =
        kind === "svg" ? new Blob([drawn.text], { type: "image/svg+xml" }) : await painted(drawn);
      this.saved(file, `${this.stem}.${kind}`);
    } catch {
      this.told.textContent = this.words.no_picture;
    }
  }

  hear({ what, stem, has, now, file, error, ...more }) {
    if (what === "table") {
      this.tables.hear({ error, ...more });
    } else if (what === "open") {
      this.stem = stem;
      this.now = now;
      for (const kind of ["html", "table", "csv", "npz", "tex", "ipynb"]) {
        this.can([kind], has.includes(kind));
      }
    } else if (error) {
      this.told.textContent = error;
    } else {
      this.saved(new Blob([bytes(file.base64)], { type: file.kind }), file.name);
    }
  }

  saved(blob, name) {
    save(blob, name);
    this.told.textContent = `${this.words.saved} ${name}`;
  }
}

const lists = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const list = lists.get(parentElement) ?? new TakeAlong(parentElement);
  lists.set(parentElement, list);
  list.show(data, (wanted) => setTriggerValue("ask", wanted));
}
