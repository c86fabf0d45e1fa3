// The composer of a rule: fields that do not go with what is counted are put away.
(() => {
  const form = document.getElementById("composer");
  const show = () => {
    const base = form.elements.base.value;
    for (const part of form.querySelectorAll("[data-suits]")) {
      const suits = !base || part.dataset.suits.split(" ").includes(base);
      part.hidden = !suits;
      for (const field of part.querySelectorAll("input, select")) field.disabled = !suits;
    }
  };
  form.addEventListener("change", show);
  show();
})();
