// The indicator's page: another view replaces the present one without a jump, and the address always reproduces it.
(function () {
  "use strict";

  const region = document.getElementById("indicator");
  if (!region) return;

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // Without a unit in the address the person's own decides, so the address is completed.
  function completeAddress() {
    const wanted = region.dataset.address;
    if (wanted && !new URLSearchParams(location.search).has("unit")) history.replaceState(null, "", wanted);
  }

  async function show(address, keep) {
    const open = keep && document.activeElement?.id;
    region.setAttribute("aria-busy", "true");
    try {
      await window.htmx.ajax("GET", address, { target: "#indicator", swap: "innerHTML", push: address });
    } catch {
      location.assign(address);
      return;
    } finally {
      region.removeAttribute("aria-busy");
    }
    if (open) document.getElementById(open)?.focus();
  }

  region.addEventListener("click", (event) => {
    const link = event.target.closest("[data-units] a, .m-ways .c-segments a, .m-part-head .c-segments a, [data-view-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    show(link.href, false);
  });

  region.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-view-form]")) return;
    event.preventDefault();
    const given = [...new FormData(event.target)].filter(([, value]) => value !== "");
    show(`${event.target.action}?${new URLSearchParams(given)}`, false);
  });

  region.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches("[data-unit-menu]") || !event.target.open) return;
      const holder = event.target.querySelector(".c-menu-search");
      if (event.target.querySelectorAll(".c-menu-item").length < 9) return;
      holder.hidden = false;
      holder.querySelector("input").focus();
    },
    true,
  );

  region.addEventListener("input", (event) => {
    const menu = event.target.closest("[data-unit-menu]");
    if (!menu) return;
    const wanted = plain(event.target.value);
    for (const item of menu.querySelectorAll(".c-menu-item")) {
      item.hidden = !plain(item.textContent).includes(wanted);
    }
  });

  // On a phone the ways of looking are a row that scrolls: the present one is brought into it.
  function showCurrent() {
    const row = region.querySelector(".m-ways .c-segments");
    const current = row?.querySelector("[aria-current]");
    if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.clientWidth) / 2;
  }

  document.addEventListener("htmx:after:swap", showCurrent);
  completeAddress();
  showCurrent();
})();
