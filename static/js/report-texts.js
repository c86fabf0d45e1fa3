// "Wstaw zdanie z liczb" writes into the field without a trip to the server; the draft keeps it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-skeleton]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.into);
  field.value = button.dataset.skeleton;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
