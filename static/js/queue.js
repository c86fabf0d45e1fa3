// The queue of the coordinator: the effect of what is chosen, at once of all, soon of one.
(() => {
  if (!document.querySelector("form[data-queue]")) return;
  let timer;

  function soon(pause) {
    clearTimeout(timer);
    timer = setTimeout(() => document.body.dispatchEvent(new Event("queue-changed")), pause);
  }

  document.addEventListener("check-all", () => soon(0));
  document.addEventListener("change", ({ target }) => {
    if (target.name === "service") soon(400);
  });
})();
