// What somebody changed while an answer was on its way is newer than the answer, which is then left aside: the next
// one is being asked for already. Expressions: the columns whose names begin like the word at the cursor are offered, by keyboard and by finger.
(function () {
  "use strict";

  const WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;

  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function insideQuotes(text) {
    return (text.match(/'/g) || []).length % 2 === 1 || (text.match(/"/g) || []).length % 2 === 1;
  }

  // The list of one expression at a time: an answer that redraws the form finds it again by what is held here.
  let open = null;
  let shown = [];
  let chosen = -1;
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const namesOf = (input) => [...listOf(input).querySelectorAll("li")];
  const before = (input) => input.value.slice(0, input.selectionStart);

  function close() {
    if (open?.isConnected) {
      listOf(open).hidden = true;
      open.setAttribute("aria-expanded", "false");
    }
    open = null;
    chosen = -1;
  }

  function mark(place) {
    chosen = place;
    for (const one of namesOf(open)) one.setAttribute("aria-selected", String(one === shown[place]));
    shown[place]?.scrollIntoView({ block: "nearest" });
  }

  function offer(input, place = -1) {
    const found = insideQuotes(before(input)) ? null : before(input).match(WORD);
    const word = found ? plain(found[0]) : "";
    const names = namesOf(input);
    shown = word ? names.filter((one) => plain(one.textContent).includes(word) && plain(one.dataset.name) !== word) : [];
    for (const one of names) one.hidden = !shown.includes(one);
    if (!shown.length) return close();
    open = input;
    listOf(input).hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(Math.min(place, shown.length - 1));
  }

  function take(one) {
    const input = open;
    const start = before(input).replace(WORD, "");
    const rest = input.value.slice(input.selectionStart);
    input.value = start + one.dataset.name + rest;
    input.focus();
    input.setSelectionRange(start.length + one.dataset.name.length, start.length + one.dataset.name.length);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  const isExpression = (event) => event.target.matches?.("[data-expression]");
  document.addEventListener("input", (event) => isExpression(event) && offer(event.target));
  document.addEventListener("focusout", (event) => isExpression(event) && event.target === open && close());
  document.addEventListener("keydown", (event) => {
    if (!open || event.target !== open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((chosen + step + shown.length) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(shown[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    const one = open && event.target.closest(".w-names li");
    if (!one) return;
    event.preventDefault();
    take(one);
  });

  // By its bar the list is moved while the expression keeps the focus, and so the list.
  document.addEventListener("mousedown", (event) => event.target.closest(".w-names") && event.preventDefault());

  function setUpAll() {
    for (const found of document.querySelectorAll("[data-expression]")) {
      found.setAttribute("role", "combobox");
      found.setAttribute("aria-autocomplete", "list");
      if (found !== open) found.setAttribute("aria-expanded", "false");
    }
    if (!open) return;
    if (open.isConnected && document.activeElement === open) offer(open, chosen);
    else open = null;
  }

  // A button of the sentence is gone once it has done its work: what it made, or what stands in its place, has the focus.
  function goOn(value) {
    const [what, name, place] = value.split(":");
    const first = document.getElementById(`id_${name}`);
    const rows = [...(first?.closest(".w-part")?.querySelectorAll(".w-row") || [])];
    if (what === "text" || what === "list") first?.focus();
    else if (what === "add") rows.at(-1)?.querySelector("select").focus();
    else if (what === "drop") rows[Math.min(Number(place), rows.length - 1)]?.querySelector("select").focus();
  }

  let newer = false;
  const changed = (event) => {
    if (event.target.closest("#sentence")) newer = true;
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  // A button is pressed after what was changed before it, so its request holds that too.
  let pressed = "";
  const isButton = (event) => event.target.matches(".w-form button");
  document.addEventListener("htmx:config:request", (event) => {
    if (!event.target.closest(".w-form")) return;
    if (isButton(event)) pressed = event.target.value;
    else if (pressed) return event.preventDefault();
    newer = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (pressed) goOn(pressed);
  });
  // The button may be gone from the page by then, and what it says of its end is heard by nobody.
  for (const over of ["htmx:finally:request", "htmx:after:swap", "htmx:error"]) {
    document.addEventListener(over, () => (pressed = ""));
  }
  document.addEventListener("htmx:before:swap", (event) => {
    if (newer && event.target.id === "sentence") event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", setUpAll);
  setUpAll();
})();
