/* Which pages were open in this browser: kept in its own storage, told to Python on the page that
   marks them. A browser that keeps nothing is one that has seen nothing. */
const NAME = "dikkat-seen";

const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
};

const keep = (pages) => {
  try {
    localStorage.setItem(NAME, JSON.stringify(pages));
  } catch {
    return; // a private window, or a full store
  }
};

export default function ({ data, setStateValue }) {
  const all = [...new Set([...kept(), ...data.seen])].sort();
  keep(all);
  if (data.asks && all.length > data.seen.length) setStateValue("pages", all);
}
