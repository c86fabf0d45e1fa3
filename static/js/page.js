// The menu on a phone, and the error summary that a screen reader should begin with.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".bar-menu");
  if (!button) return;
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.setAttribute("aria-expanded", String(menu.classList.toggle("show")));
});

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("bledy")?.focus();
});
