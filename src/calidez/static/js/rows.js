// Rows inside a form: added, removed and moved in place; without this script there is a blank row and boxes to tick.
(function () {
  "use strict";

  function setUp(box) {
    const list = box.querySelector(".c-rows-list");
    const total = box.querySelector("input[name$='-TOTAL_FORMS']");
    const rows = () => [...list.querySelectorAll("[data-row]")].filter((row) => !row.hidden);
    const ordered = Boolean(box.querySelector("template").content.querySelector("[data-row-order]"));

    function number() {
      rows().forEach((row, place) => {
        const order = row.querySelector("[data-row-order] input");
        if (order) order.value = place + 1;
      });
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function dress(row) {
      row.querySelector("[data-row-delete]").hidden = true;
      const order = row.querySelector("[data-row-order]");
      if (order) order.hidden = true;
      const tools = row.querySelector("[data-row-tools]");
      tools.hidden = false;
      for (const name of ["up", "down"]) tools.querySelector(`[data-row-${name}]`).hidden = !ordered;
    }

    box.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (event.target.closest("[data-row-add]")) {
        const copy = box.querySelector("template").content.cloneNode(true);
        const place = total.value;
        for (const one of copy.querySelectorAll("*")) {
          for (const { name, value } of [...one.attributes]) {
            if (value.includes("__prefix__")) one.setAttribute(name, value.replaceAll("__prefix__", place));
          }
        }
        total.value = Number(place) + 1;
        list.append(copy);
        dress(list.lastElementChild);
        list.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      } else if (row && event.target.closest("[data-row-remove]")) {
        row.querySelector("[data-row-delete] input").checked = true;
        row.hidden = true;
      } else if (row && event.target.closest("[data-row-up]")) {
        const all = rows();
        all[all.indexOf(row) - 1]?.before(row);
      } else if (row && event.target.closest("[data-row-down]")) {
        const all = rows();
        all[all.indexOf(row) + 1]?.after(row);
      } else return;
      number();
    });
    rows().forEach(dress);
    box.querySelector("[data-row-add]").hidden = false;
  }

  document.querySelectorAll("[data-rows]").forEach(setUp);
})();
