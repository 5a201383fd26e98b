// Upload: a file over the limit is told before it travels, and a long one shows that it is on its way.
// Reading: the button of a row is drawn anew with the rows; the focus goes to its successor, or stays at its row.
(function () {
  "use strict";

  function setUp(form) {
    const input = form.querySelector("input[type=file]");
    const error = form.querySelector("[data-upload-error]");
    const words = form.querySelector("[data-upload-words]");
    const tooLarge = () => input.files[0] && input.files[0].size > Number(form.dataset.limit);
    const tell = () => {
      error.hidden = !tooLarge();
      words.textContent = tooLarge() ? words.dataset.tooLarge : "";
    };
    input.addEventListener("change", tell);
    form.addEventListener("submit", (event) => {
      if (tooLarge()) {
        event.preventDefault();
        tell();
        return;
      }
      if (input.files[0]) form.querySelector("[data-upload-busy]").hidden = false;
    });
  }

  document.querySelectorAll("[data-upload]").forEach(setUp);

  let pointed = "";
  document.addEventListener("submit", (event) => {
    if (event.target.id === "reading-form") pointed = event.submitter?.name === "heading" ? event.submitter.value : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    // Between the old rows and the new ones there may be a while of waiting.
    const rows = document.querySelector(".i-rows");
    if (!pointed || !rows) return;
    const row = rows.querySelector(`[data-row="${pointed.replace("+", "")}"]`);
    const button = rows.querySelector(`[value="${pointed}"]`) || row?.querySelector("button") || row?.nextElementSibling?.querySelector("button");
    pointed = "";
    (button || rows).focus({ preventScroll: !button });
  });
})();
