// Files dropped on a form that takes some, and what is chosen in words, before anything is sent.
(() => {
  const LARGEST = 10 * 1024 * 1024;

  function told(file) {
    const size = (file.size / 1024 / 1024).toFixed(1).replace(".", ",");
    return file.size > LARGEST ? `${file.name}: ${size} MB, za duży` : `${file.name}, ${size} MB`;
  }

  for (const form of document.querySelectorAll("form[data-uploads]")) {
    const field = form.querySelector("input[type=file][multiple]");
    const list = document.createElement("ul");
    list.className = "form-text";
    list.setAttribute("role", "status");
    field.after(list);

    form.addEventListener("change", () => {
      const inputs = [...form.querySelectorAll("input[type=file]")];
      const files = inputs.flatMap((input) => [...input.files]);
      list.replaceChildren(
        ...files.map((file) => {
          const line = document.createElement("li");
          line.textContent = told(file);
          return line;
        }),
      );
    });
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
    for (const name of ["dragleave", "drop"]) {
      form.addEventListener(name, () => form.classList.remove("is-over"));
    }
    form.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      field.files = event.dataTransfer.files;
      form.dispatchEvent(new Event("change"));
    });
  }
})();
