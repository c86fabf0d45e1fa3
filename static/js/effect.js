// The form of a service: the effect that was checked is not the effect of what was typed since.
(() => {
  const form = document.getElementById("service-form");
  const checked = document.getElementById("skutek");
  form.addEventListener("input", () => {
    document.getElementById("po-zapisie").textContent = "";
    const old = checked.querySelector("[data-checked]");
    if (old) old.textContent = "Formularz zmienił się po sprawdzeniu. Sprawdź skutek jeszcze raz.";
  });
})();
