// The list beside a diagram, one key away: T opens and closes it.
(function () {
  "use strict";

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "t") return;
    const all = document.querySelectorAll("[data-twin]");
    const inside = event.target.closest?.("[data-twin]");
    // Charts have a table of their own on the same key: on a page with several, the one with the focus answers.
    const only = all.length === 1 && !document.querySelector("calidez-chart") ? all[0] : null;
    const list = (inside ?? only)?.querySelector("details.c-twin");
    if (list) list.open = !list.open;
  });
})();
