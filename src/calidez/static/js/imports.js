// Upload: a file over the limit is told before it travels, and a long one shows that it is on its way.
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
})();
