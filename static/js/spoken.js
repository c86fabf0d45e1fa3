// What is typed in a field of a day, an hour or a length is read by the server and said back beside the field in words;
// the button beside a day opens the browser's own calendar. Delegated, so that rows added later work too.
(() => {
  const address = document.currentScript.dataset.url;
  const PAUSE = 300;
  const waiting = new WeakMap();

  async function answer(input) {
    const query = new URLSearchParams({ kind: input.dataset.reads, value: input.value });
    const start = document.getElementById(input.dataset.start);
    if (start) query.append("start", start.value);
    const response = await fetch(`${address}?${query}`, { credentials: "same-origin" });
    return response.ok && !response.redirected ? response.json() : null;
  }

  // A text half typed is not told to be wrong: only one that is left.
  async function say(input, isLeft) {
    const text = input.value;
    const found = text.trim() ? await answer(input) : { words: "", refusal: "", iso: "" };
    if (!found || input.value !== text) return;
    const calendar = input.parentElement.querySelector(".day-calendar");
    if (calendar) calendar.value = found.iso;
    // "wczoraj" is another day tomorrow.
    if (isLeft && found.standing && found.standing !== text.trim()) {
      input.value = found.standing;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const words = document.getElementById(`${input.id}_words`);
    if (words) words.textContent = found.words || (isLeft ? found.refusal : "");
  }

  function later(input, isLeft) {
    clearTimeout(waiting.get(input));
    waiting.set(input, setTimeout(() => say(input, isLeft), isLeft ? 0 : PAUSE));
  }

  function typed({ target, type }) {
    if (!target.matches("[data-reads]")) return;
    later(target, type === "change");
    for (const end of document.querySelectorAll(`[data-start="${CSS.escape(target.id)}"]`)) {
      if (end.value.trim()) later(end, type === "change");
    }
  }

  document.addEventListener("input", typed);
  document.addEventListener("change", (event) => {
    typed(event);
    const { target } = event;
    if (!target.matches(".day-calendar") || !target.value) return;
    const input = target.parentElement.querySelector("[data-reads]");
    input.value = target.value.split("-").reverse().join(".");
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  function openCalendar(beside) {
    beside.parentElement.querySelector(".day-calendar").showPicker();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".day-open");
    if (button) openCalendar(button);
  });

  // By keyboard as in the browser's own fields of dates; the button is no stop among what is typed.
  document.addEventListener(
    "keydown",
    (event) => {
      const { target, key, altKey } = event;
      if (key !== "ArrowDown" || !altKey || !target.matches('[data-reads="day"]')) return;
      event.preventDefault();
      event.stopPropagation();
      openCalendar(target);
    },
    true,
  );
})();
