/* The numbers on screen as tables, in a dialog: each is asked of Python when it is looked at. Text
   reaches the page by textContent. */
const cell = (row, tag, text, scope) => {
  const made = element(tag, "", row);
  made.textContent = text;
  if (scope) made.scope = scope;
  return made;
};

class Tables {
  /* ask: called with the number of a table. */
  constructor(parent, ask) {
    this.ask = ask;
    this.dialog = element("dialog", "tables", parent);
    this.dialog.setAttribute("role", "dialog"); // by this the page's keys know it
    const head = element("div", "head", this.dialog);
    this.title = element("h2", "", head);
    const label = element("label", "which", head);
    this.which = element("span", "", label);
    this.choice = element("select", "", label);
    this.close = element("button", "close", head);
    this.close.type = "button";
    this.told = spoken(this.dialog);
    this.room = element("div", "room", this.dialog);
    this.room.tabIndex = 0; // so that arrows scroll it
    this.room.setAttribute("role", "region");
    this.choice.addEventListener("change", () => this.want(Number(this.choice.value)));
    this.close.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("keydown", (event) => {
      const typed = event.key.toLowerCase() === "r" && event.target !== this.choice;
      if (typed && !event.repeat && !event.ctrlKey && !event.metaKey) this.dialog.close();
    });
  }

  say(words) {
    this.words = words;
    this.title.textContent = words.tables;
    this.dialog.setAttribute("aria-label", words.tables);
    this.which.textContent = words.which;
    this.close.textContent = words.close;
    this.room.setAttribute("aria-label", words.table);
  }

  open() {
    if (this.dialog.open) return;
    this.choice.replaceChildren();
    this.dialog.showModal();
    this.want(0);
  }

  want(at) {
    this.room.replaceChildren();
    this.told.textContent = this.words.wait;
    this.ask(at);
  }

  hear({ tables, at, table, error }) {
    this.told.textContent = error ?? table.note;
    if (error) return;
    const options = tables.map((name, n) => new Option(name, n, false, n === at));
    this.choice.replaceChildren(...options);
    this.room.replaceChildren(this.drawn(table));
    this.room.scrollTo(0, 0);
  }

  drawn({ name, caption, corner, columns, rows }) {
    const made = document.createElement("table");
    made.className = columns.length ? "" : "lines";
    const said = element("caption", "", made);
    element("b", "", said).textContent = name;
    for (const line of caption) element("span", "", said).textContent = line;
    if (columns.length) {
      const line = element("tr", "", element("thead", "", made));
      cell(line, corner ? "th" : "td", corner, corner && "col");
      for (const one of columns) cell(line, "th", one, "col");
    }
    const body = element("tbody", "", made);
    for (const [head, cells] of rows) {
      const line = element("tr", "", body);
      cell(line, "th", head, "row").dir = "auto";
      for (const one of cells) cell(line, "td", one);
    }
    return made;
  }
}
