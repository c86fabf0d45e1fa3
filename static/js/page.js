// The menu on a phone, the search of the bar by keyboard, and the error summary that a screen reader should begin with.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".bar-menu");
  if (!button) return;
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.setAttribute("aria-expanded", String(menu.classList.toggle("show")));
});

document.addEventListener("DOMContentLoaded", () => {
  const first = ["powod", "wersje", "bledy", "zwrot"].map((id) => document.getElementById(id)).find(Boolean);
  first?.focus();
});

// What was wrong with a value is not said of another: beside the field, and in the list above the form.
document.addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid") === "true") {
    target.classList.remove("is-invalid");
    target.removeAttribute("aria-invalid");
    document.getElementById(`${target.id}_error`)?.remove();
  }
  strike(target);
});

document.addEventListener("change", ({ target }) => strike(target));

// The list keeps its height, so that the page does not move under what is typed.
function strike(field) {
  const list = document.getElementById("bledy");
  for (const link of list?.querySelectorAll("li:not(.is-changed) > a") ?? []) {
    const id = link.hash.slice(1);
    // A link leads to a field, to what holds it, or to a group that is named as its boxes are.
    if (id !== `id_${field.name}` && !document.getElementById(id)?.contains(field)) continue;
    link.parentElement.classList.add("is-changed");
    const places = list.querySelectorAll("li:not(.is-changed)").length;
    const few = [2, 3, 4].includes(places % 10) && ![12, 13, 14].includes(places % 100);
    const noun = places === 1 ? "miejsce" : few ? "miejsca" : "miejsc";
    const left = places ? `Popraw ${places}\u00a0${noun}:` : "Poprawiono, zapisz jeszcze raz.";
    list.querySelector("h2").textContent = `${list.dataset.title} ${left}`;
  }
}

// What is opened to be typed in is typed in at once.
document.addEventListener("click", ({ target }) => {
  const box = target.closest("details[data-typed] > summary")?.parentElement;
  // By now it is open or shut as the click made it.
  if (box) setTimeout(() => box.open && box.querySelector("textarea, input:not([type=hidden])").focus());
});

// "/" goes to the search from wherever nothing is being typed; arrows walk what it found.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("szukaj");
  const found = document.getElementById("znalezione");
  if (!field || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && field.offsetParent) {
    event.preventDefault();
    field.focus();
    field.select();
    return;
  }
  if (!event.target.closest(".bar-search")) return;
  const links = [...found.querySelectorAll("a")];
  const place = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    found.replaceChildren();
    field.focus();
  } else if (event.key === "ArrowDown" && links.length) {
    event.preventDefault();
    links[Math.min(place + 1, links.length - 1)].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    event.preventDefault();
    (links[place - 1] ?? field).focus();
  }
});

document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".bar-search")) document.getElementById("znalezione")?.replaceChildren();
});
