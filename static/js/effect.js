// The form of a service: the effect that was checked is not the effect of what was typed since,
// and the evidence it will need is of the kind chosen.
(() => {
  const form = document.getElementById("service-form");
  const checked = document.getElementById("skutek");
  form.addEventListener("input", () => {
    document.getElementById("po-zapisie").textContent = "";
    const old = checked.querySelector("[data-checked]");
    if (old) old.textContent = "Formularz zmienił się po sprawdzeniu. Sprawdź skutek jeszcze raz.";
  });
  const kind = document.getElementById("id_type");
  kind.addEventListener("change", () => {
    for (const needed of form.querySelectorAll("[data-needed-by]")) {
      needed.hidden = !needed.dataset.neededBy.split(" ").includes(kind.value);
    }
  });
})();
