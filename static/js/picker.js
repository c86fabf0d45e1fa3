// One picker for every field that takes a row of a register: a combobox of the ARIA Authoring Practices with a list
// and manual selection. The list is the server's, in its order; only a highlighted option is taken, or the one that
// the text means exactly. A field is an input with `data-picker`, the address of its list; all events are delegated,
// so that a field added later works too. A choice fires `input`, `change` and `picker:chosen` on the field, the last
// with the option's dataset and how it was taken (`by`: enter, tab or click) as its detail.
(() => {
  const popup = document.getElementById("picker");
  if (!popup?.showPopover) return;
  const says = document.getElementById("picker-says");
  const words = popup.querySelector("p");
  const UNCLEAR = "Nic nie wybrano. ";
  const PAUSE = 150;

  let field = null; // whose list is shown, asked for or waited for
  let active = -1; // the highlighted option
  let asking = null; // { text, abort, timer } until the server answers
  let wanted = ""; // the key pressed before the answer: ArrowDown or Enter
  let isOurs = false; // an event that a choice fires

  const list = () => document.getElementById("picker-options");
  const options = () => [...list().querySelectorAll('[role="option"]')];
  const isOpen = () => Boolean(field) && field.getAttribute("aria-expanded") === "true";
  const isShown = () => popup.matches(":popover-open");
  const inGrid = (input) => Boolean(input.closest("table"));

  function say(text) {
    if (says.textContent !== text) says.textContent = text;
  }

  // The list

  function address(input, text) {
    const url = new URL(input.dataset.picker, location.href);
    url.searchParams.set("q", text);
    const form = input.form && new FormData(input.form);
    for (const name of (input.dataset.pickerSends ?? "").split(" ").filter(Boolean)) {
      for (const value of form?.getAll(name) ?? []) url.searchParams.append(name, value);
    }
    return url;
  }

  function plain(text) {
    return text.toLowerCase().replaceAll("ł", "l").normalize("NFD").replace(/\p{M}/gu, "");
  }

  // A short list that stands in the page keeps its order; only what holds every word stays.
  function inPage(input, text) {
    const found = list().cloneNode();
    const wordsOf = plain(text).split(/\s+/);
    for (const row of input.parentElement.querySelectorAll("[data-picker-rows] > li")) {
      if (!wordsOf.every((word) => plain(row.dataset.value).includes(word))) continue;
      const option = row.cloneNode(true);
      if (plain(row.dataset.value) === plain(text)) option.dataset.exact = "";
      found.append(option);
    }
    found.dataset.says = found.children.length ? `Podpowiedzi: ${found.children.length}` : "";
    return found;
  }

  async function fetched(input, text, signal) {
    const response = await fetch(address(input, text), { credentials: "same-origin", signal });
    if (!response.ok || response.redirected) throw new Error(response.status);
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    return holder.content.querySelector('[role="listbox"]');
  }

  function ask(input, pause = 0) {
    drop();
    field = input;
    const text = input.value.trim();
    const abort = new AbortController();
    const mine = { text, abort };
    asking = mine;
    mine.timer = setTimeout(async () => {
      try {
        const { picker } = input.dataset;
        const found = picker ? await fetched(input, text, abort.signal) : inPage(input, text);
        if (asking === mine) answer(input, found);
      } catch (error) {
        if (asking !== mine || error.name === "AbortError") return;
        close();
        say("Brak podpowiedzi. Wpisany tekst zostaje, sprawdzi go serwer przy zapisie.");
      }
    }, pause);
  }

  function answer(input, found) {
    const key = wanted;
    asking = null;
    wanted = "";
    list().replaceWith(found);
    options().forEach((option, place) => {
      option.id = `picker-option-${place}`;
    });
    const exact = onlyExact();
    if (exact && (key === "Enter" || document.activeElement !== input)) {
      choose(exact, key === "Enter" ? "enter" : "tab");
    } else if (document.activeElement === input && found.dataset.says) {
      show(key === "Enter" && !("pickerFree" in input.dataset) ? UNCLEAR : "");
      if (key === "ArrowDown") highlight(0);
    } else {
      close();
    }
  }

  function onlyExact() {
    const found = list().querySelectorAll("[data-exact]");
    return found.length === 1 && field.value.trim() ? found[0] : null;
  }

  function show(before = "") {
    active = -1;
    field.removeAttribute("aria-activedescendant");
    const count = options().length;
    list().hidden = !count;
    words.textContent = `${before}${list().dataset.says}.${count ? keys() : ""}`;
    say(before + list().dataset.says);
    field.setAttribute("aria-expanded", String(count > 0));
    if (!isShown()) popup.showPopover();
    list().scrollTop = 0;
    place();
  }

  // What the keys do now; a finger needs no words about them.
  function keys() {
    if (!matchMedia("(hover: hover)").matches) return "";
    const exact = onlyExact()?.dataset.value;
    return exact ? ` Enter wstawia: ${exact}. ↓ wybiera, Esc zamyka` : " ↓ wybiera, Enter wstawia wybrane, Esc zamyka";
  }

  // Under the field, or above it where there is more room; never wider than the window.
  function place() {
    const box = field.getBoundingClientRect();
    const view = window.visualViewport ?? { height: innerHeight, offsetTop: 0 };
    const below = view.offsetTop + view.height - box.bottom - 8;
    const above = box.top - view.offsetTop - 8;
    const isAbove = below < 200 && above > below;
    const page = document.documentElement.clientWidth;
    const width = Math.min(Math.max(box.width, 416), page - 16);
    popup.style.width = `${width}px`;
    popup.style.left = `${Math.max(8, Math.min(box.left, page - width - 8))}px`;
    popup.style.maxHeight = `${Math.max(120, Math.min(isAbove ? above : below, 420))}px`;
    popup.style.top = isAbove ? "auto" : `${box.bottom + 4}px`;
    popup.style.bottom = isAbove ? `${innerHeight - box.top + 4}px` : "auto";
  }

  function highlight(next) {
    const found = options();
    if (!found.length) return;
    active = (next + found.length) % found.length;
    found.forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    field.setAttribute("aria-activedescendant", found[active].id);
    found[active].scrollIntoView({ block: "nearest" });
  }

  function drop() {
    clearTimeout(asking?.timer);
    asking?.abort.abort();
    asking = null;
    wanted = "";
  }

  function close() {
    drop();
    if (isShown()) popup.hidePopover();
    field?.setAttribute("aria-expanded", "false");
    field?.removeAttribute("aria-activedescendant");
    field = null;
    active = -1;
  }

  function fire(input, ...events) {
    isOurs = true;
    for (const event of events) input.dispatchEvent(event);
    isOurs = false;
  }

  function choose(option, by) {
    const input = field;
    const detail = { ...option.dataset, by };
    close();
    input.value = detail.value;
    forget(input);
    say(`Wybrano: ${detail.value}`);
    fire(
      input,
      new Event("input", { bubbles: true }),
      new Event("change", { bubbles: true }),
      new CustomEvent("picker:chosen", { bubbles: true, detail }),
    );
  }

  // What the server said of an earlier text no longer holds.
  function forget(input) {
    document.querySelector(`[data-picker-near="${CSS.escape(input.id)}"]`)?.remove();
  }

  // Keys, typing and pointing

  function pressed(event) {
    const input = event.target.closest?.("[data-picker]");
    if (!input || event.isComposing || event.ctrlKey || event.metaKey) return;
    const isAsked = field === input && Boolean(asking);
    if (event.key === "Escape" && field === input) {
      close();
    } else if (event.key === "Tab") {
      if (isOpen() && onlyExact()) choose(onlyExact(), "tab");
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (isAsked) wanted = "ArrowDown";
      else if (field === input && isOpen()) highlight(active < 0 && step < 0 ? -1 : active + step);
      else if (event.altKey || (!inGrid(input) && step > 0)) ask(input);
      else return;
    } else if (event.key === "Enter" && isAsked && input.value.trim()) {
      wanted = "Enter";
    } else if (event.key === "Enter" && field === input && isOpen()) {
      const option = options()[active] ?? onlyExact();
      if (option) choose(option, "enter");
      else if ("pickerFree" in input.dataset) close();
      else show(UNCLEAR);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // Before the page's own keys, which have theirs when no list is open.
  document.addEventListener("keydown", pressed, true);

  document.addEventListener("input", ({ target }) => {
    if (isOurs || !target.matches?.("[data-picker]")) return;
    forget(target);
    if (field && field !== target) close();
    if (target.value.trim()) ask(target, PAUSE);
    else close();
  });

  document.addEventListener("click", ({ target }) => {
    if (target.matches?.("[data-picker]") && !target.value && field !== target) ask(target);
    const option = target.closest?.('#picker [role="option"]');
    if (option) choose(option, "click");
  });

  // Pointing at the list leaves the cursor in the field.
  popup.addEventListener("mousedown", (event) => event.preventDefault());

  document.addEventListener("focusout", ({ target }) => {
    if (target !== field) return;
    // An answer on its way may still name the one row that the text means.
    if (asking && field.value.trim()) ask(field);
    else close();
  });

  // A candidate of a refused text, chosen under the field.
  document.addEventListener("change", ({ target }) => {
    const near = target.closest?.("[data-picker-near]");
    if (!near) return;
    const input = document.getElementById(near.dataset.pickerNear);
    input.value = target.value;
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    near.remove();
    input.focus();
    say(`Wybrano: ${input.value}`);
    fire(input, new Event("input", { bubbles: true }), new Event("change", { bubbles: true }));
  });

  for (const moved of ["scroll", "resize"]) {
    window.addEventListener(moved, () => isShown() && place(), true);
    window.visualViewport?.addEventListener(moved, () => isShown() && place());
  }
})();
