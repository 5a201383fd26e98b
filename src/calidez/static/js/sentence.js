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

  function setUp(input) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    const names = [...list.querySelectorAll("li")];
    let shown = [];
    let chosen = -1;
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      chosen = -1;
    };
    const mark = (place) => {
      chosen = place;
      names.forEach((one) => one.setAttribute("aria-selected", String(one === shown[place])));
      shown[place]?.scrollIntoView({ block: "nearest" });
    };
    const before = () => input.value.slice(0, input.selectionStart);
    const offer = () => {
      const found = insideQuotes(before()) ? null : before().match(WORD);
      const word = found ? plain(found[0]) : "";
      shown = word ? names.filter((one) => plain(one.textContent).includes(word) && plain(one.dataset.name) !== word) : [];
      names.forEach((one) => (one.hidden = !shown.includes(one)));
      if (!shown.length) return close();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(-1);
    };
    const take = (one) => {
      const start = before().replace(WORD, "");
      const rest = input.value.slice(input.selectionStart);
      input.value = start + one.dataset.name + rest;
      input.focus();
      input.setSelectionRange(start.length + one.dataset.name.length, start.length + one.dataset.name.length);
      close();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      close();
    };
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", offer);
    input.addEventListener("blur", () => setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark((chosen + step + shown.length) % shown.length);
      else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(shown[chosen]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const one = event.target.closest("li");
      if (!one) return;
      event.preventDefault();
      take(one);
    });
  }

  function setUpAll() {
    for (const found of document.querySelectorAll("[data-expression]:not([data-ready])")) {
      found.dataset.ready = "";
      setUp(found);
    }
  }
  let newer = false;
  const changed = (event) => {
    if (event.target.closest("#sentence")) newer = true;
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  // A button is pressed after what was changed before it, so its request holds that too.
  let pressed = false;
  const isButton = (event) => event.target.matches(".w-form button");
  document.addEventListener("htmx:config:request", (event) => {
    if (!event.target.closest(".w-form")) return;
    if (isButton(event)) pressed = true;
    else if (pressed) return event.preventDefault();
    newer = false;
  });
  // The button may be gone from the page by then, and what it says of its end is heard by nobody.
  for (const over of ["htmx:finally:request", "htmx:after:swap", "htmx:error"]) {
    document.addEventListener(over, () => (pressed = false));
  }
  document.addEventListener("htmx:before:swap", (event) => {
    if (newer && event.target.id === "sentence") event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", setUpAll);
  setUpAll();
})();
