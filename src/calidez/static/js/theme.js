// Runs before the first paint, so that a page never flashes in the wrong theme or with the wrong side bar.
(function () {
  "use strict";
  const root = document.documentElement;
  root.dataset.scripts = "on";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      const stored = localStorage.getItem("theme");
      if (stored) return stored;
    } catch {
      // Storage may be refused; the cookie says the same.
    }
    const cookie = document.cookie.match(/(?:^|; )theme=(light|dark|auto)/);
    return cookie ? cookie[1] : "auto";
  }

  function apply() {
    const choice = chosen();
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    if (root.dataset.bsTheme === theme) return;
    root.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("calidez:theme", { detail: theme }));
  }

  window.calidezTheme = {
    chosen,
    choose(choice) {
      try {
        localStorage.setItem("theme", choice);
      } catch {
        // The cookie below is enough.
      }
      document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax`;
      apply();
    },
  };
  dark.addEventListener("change", apply);
  apply();
  try {
    if (localStorage.getItem("side") === "narrow") root.dataset.side = "narrow";
  } catch {
    // Without storage the side bar opens wide.
  }
})();
