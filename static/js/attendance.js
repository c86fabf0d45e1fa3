// The page of attendance: a tap is saved at once. What the network refused waits in the page.
// Every button here also works without this file: the form is sent and drawn anew.
(() => {
  const form = document.getElementById("attendance");
  if (!form?.dataset.mark) return;
  const status = document.getElementById("saving");
  const words = JSON.parse(form.dataset.words);
  const AGAIN = 5000;
  const TOGETHER = 150;
  const WAITS = ["zmiana czeka", "zmiany czekają", "zmian czeka"];
  const cells = new Map([...form.querySelectorAll("[data-cell]")].map((one) => [one.dataset.cell, one]));
  const waiting = new Map();
  const undo = new Map();
  let since = form.dataset.since;
  let isSending = false;
  let isCutOff = false;
  let isRefused = false;
  let isSignedOut = false;
  let savedAt = "";
  let timer;

  // A cell: what it says now, and how it is made to say something else.

  function on(cell) {
    return cell.value.split(":")[1];
  }

  function stateOf(cell) {
    if (cell.tagName === "SELECT") return cell.value;
    return cell.checked ? on(cell) : cell.dataset.off;
  }

  function show(cell, state) {
    if (cell.tagName === "SELECT") {
      cell.value = state;
    } else {
      cell.checked = state === on(cell);
      if (!cell.checked) cell.dataset.off = state;
      tellState(cell);
    }
  }

  function tellState(cell) {
    const told = cell.closest("label").querySelector("[data-words]");
    if (told) told.textContent = words[stateOf(cell)] ?? "";
  }

  // Saving

  function wish(cell) {
    const state = stateOf(cell);
    if (state === cell.dataset.saved) waiting.delete(cell.dataset.cell);
    else waiting.set(cell.dataset.cell, state);
    tellState(cell);
  }

  function changed() {
    count();
    tell();
    later(TOGETHER);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  function body(asked) {
    const found = new URLSearchParams({ since, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    for (const [key, state] of asked) {
      found.append("cell", `${key}:${state}`);
    }
    return found;
  }

  async function send() {
    clearTimeout(timer);
    if (isRefused || isSending || !waiting.size) return;
    isSending = true;
    const asked = [...waiting];
    try {
      const response = await fetch(form.dataset.mark, {
        method: "POST",
        body: body(asked),
        credentials: "same-origin",
        keepalive: true,
      });
      if (response.status >= 500) throw new Error(response.status);
      if (response.status === 409) {
        refuse((await response.json()).refusal);
        return;
      }
      if (response.redirected || response.status === 403) {
        await renew();
        return;
      }
      saved(asked, await response.json());
    } catch {
      isCutOff = true;
      later(AGAIN);
    } finally {
      isSending = false;
      if (!isRefused) tell();
    }
    if (waiting.size && !isCutOff && !isRefused) later(TOGETHER);
  }

  // After signing in anew, in this window or another, forms have another key.
  async function renew() {
    isCutOff = true;
    const response = await fetch(location.href, { credentials: "same-origin" });
    isSignedOut = !response.ok || response.redirected;
    if (isSignedOut) {
      say("watch", "Sesja wygasła. Zaloguj się w drugiej karcie: zmiany czekają na tej stronie.");
    } else {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const token = page.querySelector("#attendance[data-mark] [name=csrfmiddlewaretoken]");
      if (token) form.elements.csrfmiddlewaretoken.value = token.value;
      else refuse("Obecności tej usługi nie można już zmieniać. Odśwież stronę.");
    }
    later(AGAIN);
  }

  function refuse(sentence) {
    isRefused = true;
    say("risk", sentence);
  }

  function saved(asked, answer) {
    isCutOff = isSignedOut = false;
    savedAt = answer.at;
    since = answer.since;
    for (const [key, state] of asked) {
      const cell = cells.get(key);
      cell.dataset.saved = state;
      wish(cell); // tapped again while this was on its way, it waits again
    }
    for (const [key, { state, words: told }] of Object.entries(answer.others)) {
      const cell = cells.get(key);
      if (!cell) continue;
      cell.dataset.saved = state;
      if (!waiting.has(key)) show(cell, state);
      const line = cell.closest("[data-line]").querySelector("[data-told]");
      const day = cell.closest("label").querySelector("span").firstChild.textContent.trim();
      line.append(note("watch", `${day}: ${told}`));
    }
    count();
  }

  // What is said: of the whole, of each person whose change waits, and the sums.

  function note(kind, text) {
    const told = document.createElement("p");
    told.className = `state is-${kind} mb-0`;
    told.textContent = text;
    return told;
  }

  function say(kind, text) {
    if (status.textContent === text) return;
    status.className = `state is-${kind}`;
    status.textContent = text;
  }

  function plural(number, one, few, many) {
    if (number === 1) return `${number} ${one}`;
    const isFew = [2, 3, 4].includes(number % 10) && ![12, 13, 14].includes(number % 100);
    return `${number} ${isFew ? few : many}`;
  }

  function tell() {
    if (waiting.size && isCutOff) {
      const saved = savedAt ? `Zapisano o ${savedAt}, ` : "";
      if (!isSignedOut) say("watch", `${saved}${plural(waiting.size, ...WAITS)} na sieć`);
    } else if (waiting.size || isSending) say("none", "Zapisuję…");
    else if (savedAt) say("ok", `Zapisano o ${savedAt}`);
    for (const line of form.querySelectorAll("[data-line]")) {
      const own = isCutOff ? [...line.querySelectorAll("[data-cell]")] : [];
      const number = own.filter((one) => waiting.has(one.dataset.cell)).length;
      const told = line.querySelector("[data-waits]");
      told.hidden = !number;
      told.textContent = number ? `${plural(number, ...WAITS)} na sieć` : "";
    }
  }

  function count() {
    let present = 0;
    let people = 0;
    for (const line of form.querySelectorAll("[data-line]")) {
      const there = [...line.querySelectorAll("[data-cell]")].filter((one) => stateOf(one) === "present").length;
      const all = there + Number(line.dataset.elsewhere);
      line.querySelector("[data-count]").textContent = all;
      present += there;
      if (all) people += 1;
      const leave = line.querySelector("button[value^=leave]");
      if (leave) leave.hidden = Boolean(all);
    }
    form.querySelector("[data-present]").textContent = present;
    form.querySelector("[data-people]").textContent = people;
    for (const button of form.querySelectorAll("[data-all]")) {
      const own = column(button);
      button.querySelector("[data-count]").textContent = own.filter((one) => isOn(one)).length;
    }
  }

  function isOn(cell) {
    const state = stateOf(cell);
    return state === "present" || state === meant(cell);
  }

  function meant(cell) {
    return cell.tagName === "SELECT" ? cell.dataset.on : on(cell);
  }

  function column(button) {
    const group = button.closest("[data-group]");
    return [...group.querySelectorAll("[data-cell]")].filter(
      (one) => one.dataset.cell.split("-")[0] === button.dataset.all,
    );
  }

  // A whole day at once; the same button takes it back.
  function all(button) {
    const own = column(button).filter((one) => !["absent", "excused"].includes(stateOf(one)));
    const before = undo.get(button);
    undo.delete(button);
    if (before) {
      for (const [cell, state] of before) {
        show(cell, state);
        wish(cell);
      }
    } else {
      undo.set(button, own.map((cell) => [cell, stateOf(cell)]));
      const isOff = own.every(isOn);
      for (const cell of own) {
        show(cell, isOff ? "" : meant(cell));
        wish(cell);
      }
    }
    const verb = button.querySelector("[data-verb]");
    verb.dataset.words ??= verb.textContent;
    verb.textContent = before ? verb.dataset.words : "Cofnij";
    changed();
  }

  form.addEventListener("change", ({ target }) => {
    if (!target.dataset.cell) return;
    wish(target);
    changed();
  });

  // Buttons that the server answers wait for the marks, which are saved by then.
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.dataset.all) {
      event.preventDefault();
      all(button);
      return;
    }
    if (waiting.size || isSending) {
      event.preventDefault();
      await send();
      if (!waiting.size && !isSending) form.requestSubmit(button);
      else if (isSending) setTimeout(() => form.requestSubmit(button), TOGETHER);
      return;
    }
    form.elements.was.value = "";
  });

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !isRefused) event.preventDefault();
  });

  // Rows copied from a spreadsheet open the paste with the rows in it.
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (event.target.closest("input:not([type=checkbox]), textarea") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const paste = document.getElementById("pasted");
    paste.elements.rows.value = text;
    send().then(() => paste.requestSubmit());
  });
})();
