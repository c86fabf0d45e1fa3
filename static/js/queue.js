// The queue of the coordinator: all of the page at once, and the effect of what is chosen.
(() => {
  const form = document.querySelector("form[data-queue]");
  if (!form) return;
  const boxes = () => [...document.querySelectorAll('input[name="service"][form="kolejka"]')];
  const all = form.querySelector("[data-all]");
  let timer;

  function changed() {
    const isAll = boxes().every((box) => box.checked);
    all.textContent = isAll ? "Odznacz wszystkie" : "Zaznacz wszystkie";
    clearTimeout(timer);
    timer = setTimeout(() => document.body.dispatchEvent(new Event("queue-changed")), 400);
  }

  all.hidden = false;
  all.addEventListener("click", () => {
    const wanted = !boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = wanted;
    changed();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name === "service") changed();
  });
})();
