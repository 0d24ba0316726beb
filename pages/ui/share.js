/* The link to what is on screen, and its QR code. The address is read when the list opens: it is
   then what the last run published. A short one is asked for by a number, of the app, which knows
   a text, too, that the address has no room for. Text from Python reaches the page by textContent only. */
const HERE = ["localhost", "127.0.0.1", "[::1]", "::1"];
const SHOWN = 1500; // milliseconds that "copied" stays
const LEFT_OUT = "left"; // in an address: names what has no room in it
const SHORT = "s"; // and where that is kept
const WIDTH = 22; // of the list, in sizes of type

class Share extends Opener {
  constructor(parent) {
    super(parent, "share");
    this.picture = element("img", "code", this.list);
    this.line = element("div", "line", this.list);
    this.field = element("input", "field", this.line);
    this.field.readOnly = true;
    this.copy = element("button", "copy", this.line);
    this.copy.type = "button";
    this.short = element("button", "short", this.list);
    this.short.type = "button";
    this.told = spoken(this.list);
    this.asked = 0; // the short link that is waited for; 0: none
    this.list.addEventListener("beforetoggle", (event) => this.fill(event));
    this.list.addEventListener("toggle", (event) => this.focus(event));
    this.field.addEventListener("focus", () => this.field.select());
    this.copy.addEventListener("click", () => this.take());
    this.short.addEventListener("click", () => this.shorten());
    // A proxy between may have told the app another name for itself.
    this.picture.addEventListener("error", () => {
      this.picture.hidden = true;
    });
  }

  show(data, send) {
    Object.assign(this, { data, send });
    const { words } = data;
    this.button.textContent = words.link;
    this.button.title = words.code;
    this.list.setAttribute("aria-label", words.code);
    this.copy.textContent = words.copy;
    this.short.textContent = words.short;
    this.field.setAttribute("aria-label", words.link);
    this.picture.alt = words.code;
    const { made } = data;
    if (this.asked && made?.asked === this.asked) this.answer(made);
  }

  shorten() {
    if (this.asked) return;
    this.asked = Date.now();
    this.told.textContent = this.data.words.making;
    this.send(this.asked);
  }

  /* What has become of it: where there is none, the long one stays. */
  answer({ path, told }) {
    this.asked = 0;
    if (path) {
      this.draw((this.data.origin || location.origin) + path);
      this.copy.focus();
    }
    this.told.textContent = `${told} ${path ? this.told.textContent : ""}`.trim();
    this.short.disabled = Boolean(path);
  }

  link() {
    const { pathname, search, origin } = location;
    return (this.data.origin || origin) + pathname + search;
  }

  fill(event) {
    if (event.newState !== "open") return;
    this.asked = 0;
    this.short.disabled = false;
    this.place(WIDTH);
    this.draw(this.link());
    const said = new URLSearchParams(location.search);
    if (said.has(LEFT_OUT) && !said.has(SHORT)) this.told.textContent = this.data.words.left_out;
  }

  draw(link) {
    const { words, code, longest } = this.data;
    this.field.value = link;
    const long = new TextEncoder().encode(link).length > longest;
    const here = HERE.includes(new URL(link).hostname);
    this.picture.hidden = long;
    if (!long) this.picture.src = `${code}?link=${encodeURIComponent(link)}`;
    this.told.textContent = long ? words.too_long : here ? words.only_here : "";
  }

  focus(event) {
    if (event.newState === "open") this.copy.focus();
  }

  async take() {
    const { words } = this.data;
    try {
      await navigator.clipboard.writeText(this.field.value);
      this.copy.textContent = words.copied;
      setTimeout(() => {
        this.copy.textContent = words.copy;
      }, SHOWN);
    } catch {
      // Without https a browser gives no clipboard to a page of another machine.
      this.field.focus();
      this.told.textContent = words.select;
    }
  }
}

const shares = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const share = shares.get(parentElement) ?? new Share(parentElement);
  shares.set(parentElement, share);
  share.show(data, (asked) => setTriggerValue("short", asked));
}
