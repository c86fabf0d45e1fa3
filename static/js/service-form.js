// The page of a service: rows added and taken out without a reload, what is picked, keys in the grids.
// Every button here also works without this file: the server draws the page anew.
(() => {
  const form = document.getElementById("service-form");
  if (!form) return;
  const sessions = form.querySelector(".sessions > tbody");
  const roster = form.querySelector(".roster > tbody");
  const heads = form.querySelector(".roster > thead > tr");
  const picked = form.querySelector(".picked");
  const total = (prefix) => form.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const rows = (body) => [...body.querySelectorAll("tr[data-place]")];

  function fromTemplate(id, place) {
    const template = document.getElementById(id);
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", place);
    return holder.content.firstElementChild;
  }

  function label(input, words) {
    input.setAttribute("aria-label", words);
  }

  // Numbers of rows, heads of columns and names of fields follow what is on the page.
  function renumber() {
    rows(sessions).forEach((row, index) => {
      row.querySelector(".lp").textContent = index + 1;
      for (const cell of row.querySelectorAll("[data-label] input[name]")) {
        const words = cell.closest("td").dataset.label.toLowerCase();
        label(cell, `Termin ${index + 1}, ${words}`);
      }
      label(row.querySelector("button"), `Usuń termin ${index + 1}`);
      const short = row.dataset.short || `Termin ${index + 1}`;
      const head = heads.querySelector(`[data-place="${row.dataset.place}"]`);
      if (head) head.textContent = short;
      for (const cell of roster.querySelectorAll(`.check[data-place="${row.dataset.place}"]`)) {
        cell.dataset.label = short;
      }
    });
    rows(roster).forEach((row, index) => {
      row.querySelector(".lp").textContent = index + 1;
      label(row.querySelector(".person input"), `Wiersz ${index + 1}, osoba`);
      label(row.querySelector(".entity input"), `Wiersz ${index + 1}, podmiot`);
      for (const cell of row.querySelectorAll(".check")) {
        label(cell.firstElementChild, `Wiersz ${index + 1}, obecność ${cell.dataset.label}`);
      }
      label(row.querySelector("button"), `Usuń wiersz ${index + 1}`);
    });
  }

  // What a row means, read by the server: its day in words, its net time, the head of its column.
  const unread = new WeakMap();

  function readSession(row) {
    clearTimeout(unread.get(row));
    unread.set(row, setTimeout(() => showSession(row), 300));
  }

  async function showSession(row) {
    const typed = () => {
      const fields = [...row.querySelectorAll("input[name]")];
      return String(new URLSearchParams(fields.map((one) => [one.name.split("-").pop(), one.value])));
    };
    const query = typed();
    const response = await fetch(`${form.dataset.session}?${query}`, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const found = await response.json();
    if (query !== typed()) return;
    row.querySelector(".term-time").textContent = found.time;
    row.querySelector(".term-words").textContent = found.words;
    row.dataset.short = found.short;
    renumber();
  }

  function presenceCell(row, place) {
    const cell = document.createElement("td");
    cell.className = "check";
    cell.dataset.place = place;
    const name = `roster-${row.dataset.place}-s${place}`;
    let mark = document.createElement("input");
    const pattern = roster.querySelector(".check select");
    if (pattern && form.elements.states) {
      mark = pattern.cloneNode(true);
      cell.classList.add("wide", "w-auto");
      mark.value = "";
    } else {
      mark.type = "checkbox";
      mark.className = "form-check-input";
      mark.value = "yes";
    }
    mark.name = name;
    mark.id = `id_${name}`;
    cell.append(mark);
    return cell;
  }

  function addSession() {
    const place = total("sessions").value++;
    const row = fromTemplate("session-row", place);
    sessions.append(row);
    const head = document.createElement("th");
    head.scope = "col";
    head.className = "check";
    head.dataset.place = place;
    heads.lastElementChild.before(head);
    for (const line of rows(roster)) line.lastElementChild.before(presenceCell(line, place));
    renumber();
    row.querySelector("input").focus();
  }

  function addPerson() {
    const row = fromTemplate("person-row", total("roster").value++);
    for (const cell of row.querySelectorAll(".check")) cell.remove();
    for (const session of rows(sessions)) {
      row.lastElementChild.before(presenceCell(row, session.dataset.place));
    }
    roster.append(row);
    renumber();
    return row;
  }

  function takeOut(row) {
    if (row.nextElementSibling?.classList.contains("error-row")) row.nextElementSibling.remove();
    row.remove();
  }

  function dropSession(place) {
    takeOut(sessions.querySelector(`[data-place="${place}"]`));
    for (const cell of form.querySelectorAll(`.roster .check[data-place="${place}"]`)) cell.remove();
    if (!rows(sessions).length) addSession();
    renumber();
  }

  // Who a row means, or whose entity, chosen under it.
  function pick(cell, place, words) {
    const row = roster.querySelector(`tr[data-place="${place}"]`);
    const input = row.querySelector(`.${cell} input`);
    answered(row, row.nextElementSibling, cell, input);
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.value = words;
    input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Another doubt of the row stays until it is answered too.
  function answered(row, doubts, cell, input) {
    document.getElementById(`${input.id}_error`)?.remove();
    for (const choice of doubts.querySelectorAll(`[value^="${cell}:"]`)) choice.remove();
    if (cell === "entity") doubts.querySelector("a")?.remove();
    if (doubts.querySelector(".invalid-feedback")) return;
    doubts.remove();
    row.classList.remove("has-error", "no-line");
  }

  function dropPerson(place) {
    takeOut(roster.querySelector(`tr[data-place="${place}"]`));
    if (!rows(roster).length) addPerson();
    renumber();
  }

  // Recipients: a chip for each

  function chosen() {
    return [...picked.querySelectorAll("input")].map((input) => input.value);
  }

  function addRecipient({ code, name }) {
    const input = document.getElementById("id_recipient");
    input.value = "";
    if (chosen().includes(code)) return;
    const chip = document.getElementById("recipient-chip").content.firstElementChild.cloneNode(true);
    chip.querySelector("input").value = code;
    chip.querySelector("span").textContent = name;
    chip.querySelector("button").value = `drop_recipient:${code}`;
    label(chip.querySelector("button"), `Usuń: ${name}`);
    picked.append(chip);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("input", ({ target }) => {
    if (target.closest(".sessions")) readSession(target.closest("tr"));
  });

  // The entity the person usually represents, or the only recipient, is the likely answer.
  function fillRow(line, usual) {
    const entity = line.querySelector(".entity input");
    const boxes = [...line.querySelectorAll('.check input[type="checkbox"]')];
    if (!boxes.some((box) => box.checked)) for (const box of boxes) box.checked = true;
    if (entity.value) return;
    const offered = [...picked.children].map((chip) => {
      return `${chip.querySelector("span").textContent} (${chip.querySelector("input").value})`;
    });
    if (offered.includes(usual)) entity.value = usual;
    else if (offered.length === 1) entity.value = offered[0];
  }

  // What the picker took; a person taken by Enter leads to the next row.
  form.addEventListener("picker:chosen", ({ target, detail }) => {
    if (target.id === "id_recipient") addRecipient(detail);
    else if (target.closest(".person")) fillRow(target.closest("tr"), detail.entity);
    if (detail.by === "enter" && target.closest(".roster tbody")) move(target, 1);
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="act"]');
    if (!button) return;
    const [act, what, ...words] = button.value.split(":");
    const acts = {
      add_session: addSession,
      add_people: () => addPerson().querySelector("input").focus(),
      drop_session: () => dropSession(what),
      drop_person: () => dropPerson(what),
      person: () => pick("person", what, words.join(":")),
      entity: () => pick("entity", what, words.join(":")),
      drop_recipient: () => {
        button.closest("li").remove();
        document.getElementById("id_recipient").focus();
      },
    };
    if (!(act in acts)) return;
    event.preventDefault();
    acts[act]();
  });

  // Keys in the roster and among the sessions

  function move(target, step) {
    const body = target.closest("tbody");
    const lines = rows(body);
    const line = target.closest("tr");
    const column = [...line.children].indexOf(target.closest("td"));
    let next = lines[lines.indexOf(line) + step];
    if (!next && step > 0 && body === roster && line.querySelector("input").value) next = addPerson();
    const field = next?.children[column]?.querySelector("input, select");
    field?.focus();
    if (field?.type === "text") field.select();
    return Boolean(field);
  }

  // To the neighbouring cell, from within a text only when the cursor stands at that end of it.
  function sideways(target, step) {
    if (target.type === "text") {
      const end = step > 0 ? target.value.length : 0;
      if (target.selectionStart !== end || target.selectionEnd !== end) return false;
    }
    const fields = [...target.closest("tr").querySelectorAll("td input[name]:not([type=hidden]), td select")];
    const field = fields[fields.indexOf(target) + step];
    field?.focus();
    return Boolean(field);
  }

  form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (target.id === "id_recipient" && key === "Enter") {
      event.preventDefault();
      form.querySelector('button[value="add_recipient"]').click();
      return;
    }
    if (target.closest(".repeat") && target.tagName === "INPUT" && key === "Enter") {
      event.preventDefault();
      form.querySelector('button[value="repeat"]').click();
      return;
    }
    if (!target.closest(".sessions tbody, .roster tbody") || target.tagName === "BUTTON") return;
    if (key === "Enter") {
      event.preventDefault();
      move(target, 1);
    } else if (key === "ArrowLeft" || key === "ArrowRight") {
      if (sideways(target, key === "ArrowLeft" ? -1 : 1)) event.preventDefault();
    } else if (event.ctrlKey && key.toLowerCase() === "d" && target.closest(".roster")) {
      event.preventDefault();
      const lines = rows(roster);
      const line = target.closest("tr");
      const above = lines[lines.indexOf(line) - 1]?.querySelector(".entity input");
      if (above) line.querySelector(".entity input").value = above.value;
    } else if ((key === "ArrowUp" || key === "ArrowDown") && target.tagName !== "SELECT") {
      if (move(target, key === "ArrowUp" ? -1 : 1)) event.preventDefault();
    }
  });

  // Rows of a spreadsheet pasted into a cell go where rows are pasted, one button from the list.
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!event.target.closest(".roster tbody") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const field = document.getElementById("id_paste");
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.closest("details").open = true;
    form.querySelector('button[value="paste"]').focus();
  });

  // A number of people is asked of open events only; one already typed stays in sight.
  const kind = document.getElementById("id_type");
  function askHeadCount() {
    const box = document.getElementById("div_id_head_count");
    const asked = form.dataset.openTypes.split(" ").includes(kind.value);
    box.hidden = !asked && !box.querySelector("input").value;
  }
  kind.addEventListener("change", askHeadCount);

  askHeadCount();
  renumber();
  // After the server added rows, typing goes on among them; a new service begins with its kind.
  const last = rows(roster).at(-1).querySelector("input");
  if (form.dataset.focus === "roster") last.focus();
  else if (form.dataset.focus === "recipient") document.getElementById("id_recipient").focus();
  else if (form.dataset.focus === "first") kind.focus();
})();
