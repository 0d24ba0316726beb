/* Streamlit has its menu and what stands under a field in English alone and takes no other words
   for them: those of the visitor's language are put in their place, whenever they appear. */
const PLACES = [
  "stMainMenuPopover", "stMainMenuButton", "InputInstructions", "stStatusWidget",
  "stSelectboxVirtualDropdown", "stMultiSelectVirtualDropdown", "stFileUploader",
].map((name) => `[data-testid="${name}"]`).join(",");
const TOLD = ["aria-label", "title"];

export default function ({ data }) {
  const own = new Map(Object.entries(data.words));

  const speak = (place) => {
    for (const name of TOLD) {
      const word = own.get(place.getAttribute(name));
      if (word) place.setAttribute(name, word);
    }
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const word = own.get(texts.currentNode.nodeValue.trim());
      if (word) texts.currentNode.nodeValue = word;
    }
  };
  const all = () => document.querySelectorAll(PLACES).forEach(speak);

  if (own.size === 0) return undefined;
  const watch = new MutationObserver(all);
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  all();
  return () => watch.disconnect();
}
