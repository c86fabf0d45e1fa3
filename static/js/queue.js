// The queue of the coordinator: the effect beside the buttons is that of what is ticked, or none.
(() => {
  const form = document.querySelector("form[data-queue]");
  if (!form) return;
  const button = form.querySelector('[value="rehearse"]');
  const effect = document.getElementById("skutek-kolejki");
  const nothing = "zaznacz usługi, a zobaczysz skutek";
  let timer;

  // The answer to an older choice is not waited for: it would stand beside the newer one.
  function changed(pause) {
    clearTimeout(timer);
    htmx.trigger(button, "htmx:abort");
    const isAny = document.querySelector('input[name="service"][form="kolejka"]:checked');
    effect.textContent = isAny ? "liczę skutek zaznaczonych…" : nothing;
    if (isAny) timer = setTimeout(() => document.body.dispatchEvent(new Event("queue-changed")), pause);
  }

  button.addEventListener("click", () => clearTimeout(timer));
  document.addEventListener("check-all", () => changed(0));
  document.addEventListener("change", ({ target }) => {
    if (target.name === "service") changed(400);
  });
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    button.addEventListener(failure, () => {
      effect.textContent = "nie udało się policzyć skutku; naciśnij „Sprawdź skutek”";
    });
  }
})();
