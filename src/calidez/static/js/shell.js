// The frame: menus that close, a side bar that folds, the theme, and lists to pick from by typing.
(function () {
  "use strict";

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.c-menu[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.c-menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  document.addEventListener(
    "toggle",
    (event) => {
      const search = event.target.open && event.target.querySelector?.(".c-menu-search:not([hidden]) input");
      if (search) search.focus();
    },
    true,
  );

  // Arrow keys walk through a menu, as people expect of one.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const menu = event.target.closest?.("details.c-menu[open]");
    if (!menu || event.target.matches("select, textarea, input:not([type=search])")) return;
    const items = [...menu.querySelectorAll(".c-menu-item")].filter((item) => !item.hidden);
    if (!items.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const place = items.indexOf(document.activeElement);
    items[(place + step + items.length) % items.length].focus();
  });

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // A list may arrive only when its menu opens, so its items are looked up while typing.
  function setUpFilter(panel) {
    const holder = panel.querySelector(".c-menu-search");
    const items = () => [...panel.querySelectorAll(".c-menu-item")];
    const offer = () => {
      holder.hidden = items().length < 9;
      if (!holder.hidden && panel.closest("details").open) holder.querySelector("input").focus();
    };
    holder.querySelector("input").addEventListener("input", (event) => {
      const wanted = plain(event.target.value);
      for (const item of items()) item.hidden = !plain(item.textContent).includes(wanted);
    });
    panel.addEventListener("htmx:after:swap", offer);
    offer();
  }

  function setUpSide() {
    const button = document.querySelector("[data-fold-side]");
    if (!button) return;
    const root = document.documentElement;
    const fold = (narrow) => {
      if (narrow) root.dataset.side = "narrow";
      else delete root.dataset.side;
      button.setAttribute("aria-expanded", String(!narrow));
      try {
        localStorage.setItem("side", narrow ? "narrow" : "wide");
      } catch {
        // Without storage the choice holds for this page.
      }
    };
    button.hidden = false;
    button.setAttribute("aria-expanded", String(root.dataset.side !== "narrow"));
    button.addEventListener("click", () => fold(root.dataset.side !== "narrow"));
    for (const summary of document.querySelectorAll(".shell-side summary")) {
      summary.addEventListener("click", (event) => {
        if (root.dataset.side !== "narrow") return;
        event.preventDefault();
        fold(false);
        summary.parentElement.open = true;
      });
    }
  }

  function setUpTheme() {
    const menu = document.querySelector("[data-theme-menu]");
    if (!menu || !window.calidezTheme) return;
    const choices = menu.querySelectorAll("[data-theme-choice]");
    const show = () => {
      const chosen = window.calidezTheme.chosen();
      for (const choice of choices) {
        choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === chosen));
      }
    };
    for (const choice of choices) {
      choice.addEventListener("click", () => {
        window.calidezTheme.choose(choice.dataset.themeChoice);
        show();
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    menu.hidden = false;
    show();
  }

  // Filters that say nothing stay out of the address.
  document.addEventListener("htmx:config:request", (event) => {
    const { body, method } = event.detail.ctx.request;
    if (method !== "GET" || !body) return;
    for (const key of [...body.keys()]) {
      if (body.getAll(key).every((value) => value === "")) body.delete(key);
    }
  });

  // A fragment that was sent elsewhere means that the session ended: the whole page asks to sign in.
  document.addEventListener("htmx:before:response", (event) => {
    if (!event.detail.ctx.response.raw.redirected) return;
    event.preventDefault();
    location.reload();
  });

  function sayFailed(failed) {
    const notice = document.getElementById("part-failed");
    if (notice) notice.hidden = !failed;
  }
  // Where the server failed, its log has what happened under this reference.
  function sayReference(reference) {
    const place = document.querySelector("#part-failed [data-reference]");
    if (!place) return;
    place.hidden = !reference;
    place.querySelector("strong").textContent = reference || "";
  }
  document.addEventListener("htmx:error", () => {
    sayReference("");
    sayFailed(true);
  });
  document.addEventListener("htmx:response:error", (event) => {
    sayReference(event.detail.ctx.response.raw.headers.get("X-Reference"));
    sayFailed(true);
  });

  // After a fragment replaces part of the page, say what is there now to those who cannot see it change.
  document.addEventListener("htmx:after:swap", () => {
    const said = document.querySelector("[data-announce]");
    if (said) document.getElementById("announcer").textContent = said.textContent;
    sayFailed(false);
  });

  setUpSide();
  // Where one is must be in sight, also low in a long side bar.
  [...document.querySelectorAll(".shell-side [aria-current]")].at(-1)?.scrollIntoView({ block: "nearest" });
  setUpTheme();
  document.querySelectorAll("[data-filterable]").forEach(setUpFilter);
})();
