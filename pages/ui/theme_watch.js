/* Streamlit switches its own colours at once but tells Python only with the next run; the figures
   are drawn by Python, so a switch asks for one. */
export default function ({ setTriggerValue }) {
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
  return () => clearInterval(timer);
}
