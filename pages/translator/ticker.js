/* A clock that is there only while something plays: it asks for one step, and for the next one when
   that has been drawn, never while nobody looks. Streamlit calls this again for new data on the
   same element, without a cleanup between. */
const running = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  running.get(parentElement)?.();
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => setTriggerValue("tick", data.at), data.pause);
  };
  const stop = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wait);
    running.delete(parentElement);
  };
  document.addEventListener("visibilitychange", wait);
  running.set(parentElement, stop);
  wait();
  return stop;
}
