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

// What was wrong with a value is not said of another.
document.addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid") !== "true") return;
  target.classList.remove("is-invalid");
  target.removeAttribute("aria-invalid");
  document.getElementById(`${target.id}_error`)?.remove();
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
