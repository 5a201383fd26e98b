// Forms: the summary of errors takes the focus, files can be dropped, long choices can be filtered by typing.
(function () {
  "use strict";

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function setUpChoices(box) {
    const boxes = [...box.querySelectorAll("input[type=checkbox]")];
    const foot = box.querySelector(".c-choices-foot");
    const search = box.querySelector(".c-choices-search");
    const count = () => {
      const chosen = boxes.filter((one) => one.checked).length;
      foot.hidden = !chosen;
      foot.textContent = `${box.dataset.word} ${chosen}`;
    };
    box.addEventListener("change", count);
    count();
    if (!search) return;
    search.hidden = false;
    const input = search.querySelector("input");
    input.addEventListener("input", () => {
      const wanted = plain(input.value);
      for (const one of boxes) {
        const label = one.closest("label");
        label.hidden = !plain(label.textContent).includes(wanted);
      }
    });
    // Enter in the filter must not send the form.
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }

  function setUpDrop(drop) {
    const input = drop.querySelector("input[type=file]");
    const name = drop.querySelector(".c-drop-name");
    const hint = drop.querySelector(".c-drop-hint");
    input.addEventListener("change", () => {
      const files = [...input.files];
      if (!files.length) return;
      name.textContent = files.map((file) => file.name).join(", ");
      hint.textContent = size(files.reduce((sum, file) => sum + file.size, 0));
    });
    for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, () => drop.classList.add("over"));
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  }

  function size(bytes) {
    const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
    const language = document.documentElement.lang;
    return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
  }

  // A form may come after the page.
  function setUpAll() {
    for (const [what, setUp] of [["[data-choices]", setUpChoices], ["[data-drop]", setUpDrop]]) {
      for (const found of document.querySelectorAll(`${what}:not([data-ready])`)) {
        found.dataset.ready = "";
        setUp(found);
      }
    }
  }
  document.addEventListener("htmx:after:swap", setUpAll);
  setUpAll();
  document.getElementById("error-summary")?.focus();
})();
