// "Kopiuj tekst": a field of the page to the clipboard; without this file the field is copied by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    const label = document.querySelector(`label[for="${field.id}"]`).textContent;
    document.getElementById("skopiowano").textContent = `Skopiowano: ${label}`;
    button.firstChild.textContent = "Skopiowano";
    setTimeout(() => { button.firstChild.textContent = "Kopiuj tekst"; }, 3000);
  });
}
