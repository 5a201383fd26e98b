// Search over everything: Ctrl-K (or /) opens the dialog, arrows choose, Enter goes.
(function () {
  "use strict";

  const dialog = document.getElementById("search-dialog");
  if (!dialog || !dialog.showModal) return;
  const words = dialog.querySelector("#search-words");
  const hits = () => [...dialog.querySelectorAll(".s-hit")];
  let chosen = -1;

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    words.select();
    dialog.querySelector("form").dispatchEvent(new Event("search-opened"));
  }

  function choose(place) {
    const all = hits();
    all.forEach((hit) => hit.setAttribute("aria-selected", "false"));
    chosen = all.length ? (place + all.length) % all.length : -1;
    if (chosen < 0) {
      words.removeAttribute("aria-activedescendant");
      return;
    }
    all[chosen].setAttribute("aria-selected", "true");
    all[chosen].scrollIntoView({ block: "nearest" });
    words.setAttribute("aria-activedescendant", all[chosen].id);
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-open-search]")) {
      event.preventDefault();
      open();
    }
    if (event.target.closest?.("[data-close-search]") || event.target === dialog) dialog.close();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      // In a search field the first Escape would only empty it.
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const hit = hits()[Math.max(chosen, 0)];
      if (hit) window.location.assign(hit.href);
    }
  });
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  dialog.addEventListener("htmx:after:swap", () => choose(0));
})();
