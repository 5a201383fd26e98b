// Lists: columns that move in their menu, rows that are chosen, and keys for those who seldom use a mouse.
(function () {
  "use strict";

  const say = (text) => (document.getElementById("announcer").textContent = text);
  const list = () => document.querySelector("[data-list]");

  // The buttons of a column work without scripts too; with them the menu stays open while one arranges.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-columns] [name=move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const up = button.value.startsWith("up:");
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other || (up && other === row.parentElement.firstElementChild)) return;
    if (up) other.before(row);
    else other.after(row);
    button.focus();
    const place = [...row.parentElement.children].indexOf(row) + 1;
    say(`${row.textContent.trim()}: ${place}`);
  });

  // --- searching while one types ----------------------------------------------------------------------

  // A search waits until the typing rests. If the words are then those that were last asked for, it has nothing
  // to ask: it would only bring the first page back over the one that was opened meanwhile.
  const words = (query) => new URLSearchParams(query).get("q") || "";
  let asked = words(location.search);
  addEventListener("popstate", () => (asked = words(location.search)));
  // What was asked and not answered may be asked again.
  for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, () => (asked = null));
  document.addEventListener("htmx:config:request", (event) => {
    const { sourceElement: from, sourceEvent: cause, request, target } = event.detail.ctx;
    if (!target?.matches("[data-list]")) return;
    const typed = from.id === "list-form";
    const wanted = typed ? request.body.get("q") || "" : words(new URL(request.action, location.href).search);
    if (typed && cause?.type === "input" && wanted === asked) event.preventDefault();
    else asked = wanted;
  });

  // --- rows that are chosen --------------------------------------------------------------------------

  const picks = () => [...document.querySelectorAll("[data-list] input[name=pick]")];

  function showChosen() {
    const bar = document.querySelector("[data-bulk]");
    const whole = document.querySelector("[data-pick-all]");
    if (!bar || !whole) return;
    const all = bar.querySelector("[data-bulk-all]");
    const chosen = picks().filter((box) => box.checked).length;
    whole.hidden = false;
    whole.checked = chosen > 0 && chosen === picks().length;
    whole.indeterminate = chosen > 0 && !whole.checked;
    if (all && !chosen) all.checked = false;
    bar.hidden = !chosen;
    const count = bar.querySelector("[data-bulk-count]");
    count.textContent = chosen === 1 ? count.dataset.one : count.dataset.many.replace("#", chosen);
    count.hidden = Boolean(all?.checked);
  }

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[name=pick]");
    if (!box) return;
    const boxes = picks();
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
    showChosen();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-pick-all]")) {
      for (const box of picks()) box.checked = event.target.checked;
    } else if (!event.target.matches?.("input[name=pick], [data-bulk-all]")) return;
    showChosen();
  });

  // --- keys ------------------------------------------------------------------------------------------

  let place = -1;
  const rows = () => [...document.querySelectorAll("[data-list] tbody tr:not(.c-group)")];

  function go(to) {
    const all = rows();
    if (!all.length) return;
    place = Math.max(0, Math.min(all.length - 1, to));
    for (const row of all) row.classList.toggle("current-row", row === all[place]);
    all[place].querySelector("a")?.focus({ preventScroll: true });
    all[place].scrollIntoView({ block: "nearest" });
  }

  // Whoever came to a row by Tab or mouse goes on from there.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-list] tbody tr:not(.c-group)");
    for (const one of document.querySelectorAll(".current-row")) if (one !== row) one.classList.remove("current-row");
    if (row) place = rows().indexOf(row);
  });

  const busy = (target) =>
    target.isContentEditable ||
    target.closest("input:not([type=checkbox]), textarea, select, details[open], dialog, [role=application]");

  const keys = {
    j: () => go(place + 1),
    k: () => go(place < 0 ? 0 : place - 1),
    n: () => document.getElementById("page-next")?.click(),
    p: () => document.getElementById("page-previous")?.click(),
    x: () => {
      const box = rows()[place]?.querySelector("input[name=pick]");
      if (!box) return;
      box.checked = !box.checked;
      last = box;
      showChosen();
      say(box.ariaLabel + (box.checked ? " ✓" : " –"));
    },
    "/": () => document.getElementById("list-search")?.focus(),
    "?": () => document.getElementById("list-keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (!list() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || busy(event.target)) return;
    // Arrows move between rows only once one has been reached: before that they scroll the page, as always.
    const inside = event.target.closest("[data-list] tbody");
    const name = inside ? { ArrowDown: "j", ArrowUp: "k" }[event.key] || event.key : event.key;
    const act = keys[name.toLowerCase?.() ?? name];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("htmx:after:swap", () => {
    showChosen();
    // The next page begins at its first row for those who go by keys.
    if (place >= 0 && document.activeElement === document.body) go(0);
    else place = -1;
  });
  showChosen();
})();
