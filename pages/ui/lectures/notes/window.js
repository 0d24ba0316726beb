/* The speaker's window: what the window with the lecture tells, and the lecturer's clock. All words
   reach the page by textContent; the other window's id stands behind the # of the address. */
const words = JSON.parse(document.body.dataset.words);
const id = location.hash.slice(1);
const channel = id && window.BroadcastChannel ? new BroadcastChannel(`dikkat-notes-${id}`) : null;
const PATIENCE = 3000; // ms after which a window that has not answered is thought not to be there
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const KINDS = { bold: "strong", slanted: "em", code: "code", formula: "i" };
const KEYS = { n: "next", "Shift+n": "previous", PageDown: "PageDown", PageUp: "PageUp" };

const at = (name) => document.getElementById(name);
const say = (what) => channel?.postMessage(what);

let now = null; // what was told last
let clock = { since: 0, spent: 0 }; // since: when it was started, 0: it stands; both in ms

/* Paragraphs of runs, as Python hands them over, in the place of what was there. */
function write(name, paragraphs, instead = "") {
  const shown = paragraphs.map((runs) => {
    const line = document.createElement("p");
    for (const [kind, text] of runs) {
      const part = document.createElement(KINDS[kind] ?? "span");
      part.textContent = text;
      line.append(part);
    }
    return line;
  });
  at(name).replaceChildren(...(shown.length ? shown : [instead]));
}

function choices(given) {
  at("choices").replaceChildren(
    ...given.map(([runs, right]) => {
      const line = document.createElement("li");
      line.className = right ? "right" : "";
      line.textContent = (right ? `✓ ${words.right}: ` : "") + runs.map(([, text]) => text).join("");
      return line;
    }),
  );
}

function show(data) {
  now = data;
  at("waits").hidden = Boolean(data);
  at("plays").hidden = !data;
  if (!data) return;
  const title = data.title.map(([, text]) => text).join("");
  if (at("title").textContent !== title) {
    at("title").textContent = title;
    window.scrollTo({ top: 0, behavior: "instant" });
  }
  at("place").textContent = data.place;
  at("minutes").textContent = data.minutes;
  at("lecture").textContent = data.lecture;
  at("spent").max = data.whole;
  at("spent").value = data.until;
  write("notes", data.notes, words.nothing);
  write("question", data.question);
  choices(data.choices);
  write("answer", data.answer);
  write("next", data.next, words.last);
  at("previous").disabled = data.first;
  at("on").disabled = data.next.length === 0;
  tick();
}

function screen(text) {
  at("shown").hidden = !text;
  at("screen").textContent = text;
}

function waits(why) {
  show(null);
  at("why").textContent = words[why];
}

/* The clock */

const elapsed = () => clock.spent + (clock.since ? Date.now() - clock.since : 0);
const put = (name, text) => {
  if (at(name).textContent !== text) at(name).textContent = text;
};

function tick() {
  const spent = Math.max(0, elapsed());
  const minutes = Math.floor(spent / MINUTE);
  const seconds = String(Math.floor((spent % MINUTE) / SECOND)).padStart(2, "0");
  put("elapsed", `${minutes}:${seconds}`);
  put("run", words[clock.since ? "pause" : spent ? "resume" : "start"]);
  const late = now && spent ? Math.floor(spent / MINUTE - now.until) : 0;
  const early = now && spent ? Math.floor(now.from - spent / MINUTE) : 0;
  const name = !spent ? "not_begun" : late > 0 ? "behind" : early > 0 ? "ahead" : "in_time";
  put("plan", words[now || !spent ? name : "running"].replace("{n}", Math.max(late, early)));
  at("plan").className = name;
  const short = { hour: "2-digit", minute: "2-digit" };
  put("day", new Date().toLocaleTimeString(document.documentElement.lang, short));
}

function turn(to) {
  clock = to;
  say({ kind: "clock", clock });
  tick();
}

at("run").addEventListener("click", () => {
  turn(clock.since ? { since: 0, spent: elapsed() } : { since: Date.now(), spent: clock.spent });
});
at("reset").addEventListener("click", () => turn({ since: 0, spent: 0 }));

/* The other window */

const press = (what) => now && say({ kind: "press", what });
at("previous").addEventListener("click", () => press("previous"));
at("on").addEventListener("click", () => press("next"));
window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const what = KEYS[event.shiftKey ? `Shift+${name}` : name];
  if (!what || !now) return;
  event.preventDefault();
  if (!event.repeat) press(what);
});

const TOLD = {
  now: ({ data }) => show(data),
  screen: ({ text }) => screen(text),
  clock: (told) => {
    clock = told.clock;
    tick();
  },
  left: () => waits("left"),
  gone: () => waits("gone"),
};

if (channel) {
  channel.addEventListener("message", ({ data }) => TOLD[data.kind]?.(data));
  at("why").textContent = words.asks;
  say({ kind: "ask" });
  setTimeout(() => {
    if (!now) waits("silent");
  }, PATIENCE);
} else if (id) waits("none");
tick();
setInterval(tick, SECOND);
