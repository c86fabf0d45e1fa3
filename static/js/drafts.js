// What is typed in a form goes to the server two seconds later, and on leaving the page. Nothing is
// kept in the browser but, in the history of its tab, the name of the opening that was typed in: by
// it reloading, going back and a tab that is restored come to what was typed there, or learn that it
// is saved. The form's own hidden token says whose draft it is, which form's and which opening's.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const opening = form.elements["editing-token"].value.split(/[.:]/)[2];
  const before = history.state?.opening;
  const here = new URL(location.href);
  if (before && before !== opening && before !== here.searchParams.get("draft")) {
    here.searchParams.delete("dropped");
    here.searchParams.set("draft", before);
    location.replace(here);
    return;
  }
  const status = document.createElement("span");
  status.className = "quiet ms-auto";
  status.setAttribute("role", "status");
  (form.querySelector(".form-bar") ?? form).append(status);

  const alarm = document.createElement("p");
  alarm.className = "state is-risk mb-0";
  alarm.setAttribute("role", "alert");
  alarm.hidden = true;
  status.before(alarm);

  const PAUSE = 2000;
  const AGAIN = 5000;
  let timer;
  let isDirty = false;
  let isKeeping = false;
  let isCutOff = false;
  let isSent = false;
  let isTyped = Boolean(form.elements["draft-continues"]);

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  function typed() {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const isSecret = form.elements[name]?.type === "password";
      if (typeof value === "string" && !isSecret) found.append(name, value);
    }
    found.set("editing-act", "keep");
    return found;
  }

  form.addEventListener("formdata", ({ formData }) => {
    for (const day of form.querySelectorAll('[data-reads="day"]')) {
      formData.append("draft-days", day.name);
    }
  });

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  }

  async function keep() {
    if (isKeeping) return later(PAUSE);
    clearTimeout(timer);
    isKeeping = true;
    isDirty = false;
    try {
      const response = await fetch(location.href, {
        method: "POST",
        body: typed(),
        credentials: "same-origin",
      });
      if (response.status >= 500) throw new Error(response.status);
      isCutOff = false;
      if (!alarm.hidden) explain("nie było połączenia. Wpisane dane są zachowane", "");
      tell(await response.json());
    } catch {
      isDirty = isCutOff = true;
      say("Brak połączenia, zapisuję ponownie…");
      later(AGAIN);
    } finally {
      isKeeping = false;
    }
  }

  // What was asked for and not done is said until it is: the line coming back does not do it.
  let isToSubmit = false;
  function refuse(submitter) {
    isToSubmit = submitter?.value === "submit";
    alarm.hidden = false;
    explain("brak połączenia. Wpisane dane są w tym oknie", ", gdy połączenie wróci");
  }

  function explain(why, when) {
    const [not, again] = isToSubmit ? ["złożono", "złóż"] : ["zapisano", "zapisz"];
    alarm.textContent = `Nie ${not}: ${why}; ${again} ponownie${when}.`;
  }

  function tell({ at, is_signed_in, refusal }) {
    if (refusal) say(refusal);
    else if (is_signed_in) say(`Szkic formularza zapisany ${at}`);
    else say(`Sesja wygasła. Szkic formularza zapisany ${at}, wróci po zalogowaniu.`);
  }

  function remember() {
    if (history.state?.opening !== opening) {
      history.replaceState({ ...history.state, opening }, "");
    }
  }

  function changed(event) {
    if (event.target.type === "file") return;
    remember();
    isDirty = isTyped = true;
    later(PAUSE);
  }

  function leave() {
    if (!isDirty || isSent) return;
    clearTimeout(timer);
    isDirty = false;
    const body = typed();
    // A beacon outlives the page but holds little; a long roster goes by an ordinary request, which
    // has the best chance when it begins before the page is torn down.
    if (!navigator.sendBeacon(location.href, body)) {
      fetch(location.href, { method: "POST", body, credentials: "same-origin" });
    }
  }

  // The page comes back as it was left, with its form sent or not.
  function back({ persisted }) {
    if (persisted) isSent = false;
  }

  // What is being dropped is not kept once more on leaving.
  function dropped({ target }) {
    if (target.id !== "szkic") return;
    clearTimeout(timer);
    isDirty = false;
  }

  document.addEventListener("submit", dropped);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("beforeunload", leave);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", back);
  window.addEventListener("online", () => isDirty && keep());
  document.addEventListener("visibilitychange", () => document.hidden && leave());

  // While the server does not answer, sending the form would only end on the browser's error page.
  form.addEventListener("submit", async (event) => {
    // One who typed nothing leaves nothing to be put away.
    if (event.submitter?.name === "editing-back" && !isTyped) {
      event.preventDefault();
      location.assign(event.submitter.value);
      return;
    }
    if (isCutOff || !navigator.onLine) {
      event.preventDefault();
      const { submitter } = event;
      refuse(submitter);
      await keep();
      if (!isCutOff) form.requestSubmit(submitter);
      return;
    }
    isSent = true;
    alarm.hidden = true;
    remember();
    clearTimeout(timer);
  });
})();
