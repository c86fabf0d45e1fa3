// The composer of a rule: fields that do not go with what is counted are put away, and the usual
// conditions of what was chosen just now are ticked. Sections say what fits it.
(() => {
  const form = document.getElementById("composer");
  const show = () => {
    const base = form.elements.base.value;
    for (const part of form.querySelectorAll("[data-suits]")) {
      const suits = !base || part.dataset.suits.split(" ").includes(base);
      part.hidden = !suits;
      for (const field of part.querySelectorAll("input, select")) field.disabled = !suits;
    }
    for (const words of form.querySelectorAll("[data-said-of]"))
      words.hidden = !words.dataset.saidOf.split(" ").includes(base || "none");
  };
  const propose = (base) => {
    for (const part of form.querySelectorAll("[data-usual]"))
      part.querySelector("input").checked = part.dataset.usual.split(" ").includes(base);
  };
  form.addEventListener("change", ({ target }) => {
    if (target.name === "base") propose(target.value);
    show();
  });
  show();
})();
