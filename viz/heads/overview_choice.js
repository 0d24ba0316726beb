/* Tells the overview beside it which head Python has chosen. A component of its own, because
   Streamlit sends a component's data again as a whole when any of it changes: the pixels stay
   in the other one. The map is for an overview that is mounted later than this. */
export default function ({ data }) {
  window.dikkatChoices ??= new Map();
  window.dikkatChoices.set(data.id, data);
  window.dispatchEvent(new CustomEvent("dikkat-choice", { detail: data }));
}
