/* What Python cannot see of the visitor's screen: light or dark, and which class of windows it is.
   The figures are drawn by Python, so a change of either asks for a run. The class is kept in the
   browser, too: the next visit begins with figures of the right size. */
export default function ({ data, setStateValue, setTriggerValue }) {
  const app = document.querySelector(".stApp");
  const read = () => getComputedStyle(app).backgroundColor;
  let seen = read();
  const timer = setInterval(() => {
    const now = read();
    if (now !== seen) {
      seen = now;
      setTriggerValue("theme", now);
    }
  }, 400);

  const rules = data.rules.map((rule) => window.matchMedia(rule));
  let told = data.now;
  document.documentElement.dataset.window = data.now; // what the page was drawn for, for tests
  const tell = () => {
    const now = rules.findLastIndex((rule) => rule.matches);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
    document.cookie = `${data.cookie}=${now}; path=/; max-age=31536000; SameSite=Lax`;
    if (now === told) return;
    told = now;
    setStateValue("window", now);
  };
  for (const rule of rules) rule.addEventListener("change", tell);
  tell();
  return () => {
    clearInterval(timer);
    for (const rule of rules) rule.removeEventListener("change", tell);
  };
}
