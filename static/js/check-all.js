// A button that ticks all the boxes of its part of the page, or takes the ticks out.
(() => {
  for (const button of document.querySelectorAll("button[data-check-all]")) {
    const part = button.closest("[data-checks]");
    const boxes = () => [...part.querySelectorAll('input[type="checkbox"][name="service"]')];
    const words = button.textContent;

    function name() {
      const all = boxes();
      const isAll = all.length > 0 && all.every((box) => box.checked);
      button.textContent = isAll ? "Odznacz wszystkie" : words;
    }

    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const wanted = !boxes().every((box) => box.checked);
      for (const box of boxes()) box.checked = wanted;
      name();
      part.dispatchEvent(new Event("check-all", { bubbles: true }));
    });
    part.addEventListener("change", name);
    name();
  }
})();
