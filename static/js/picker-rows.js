// A field of several rows has one more as soon as the last is filled in.
document.addEventListener("input", ({ target }) => {
  const row = target.closest?.("[data-picker-many] > div");
  if (!row || row.nextElementSibling || !target.matches("[data-picker]") || !target.value.trim()) return;
  const next = row.cloneNode(true);
  next.querySelector("[data-picker-near]")?.remove();
  const input = next.querySelector("[data-picker]");
  const number = row.parentElement.children.length + 1;
  for (const name of ["value", "aria-invalid", "aria-activedescendant"]) input.removeAttribute(name);
  input.classList.remove("is-invalid");
  input.setAttribute("aria-expanded", "false");
  input.value = "";
  input.id = input.id.replace(/\d+$/, number);
  input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number));
  row.after(next);
});
