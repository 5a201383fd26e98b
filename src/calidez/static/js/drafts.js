// Forms: unsaved text is kept on the server while it is written, and leaving with changes asks first.
// Fields that depend on another one show themselves only where they are asked.
(function () {
  "use strict";

  const WAIT = 1500;
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "_draft"]);

  function content(form) {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) {
      const field = form.elements.namedItem(name);
      if (value instanceof File || (field && field.type === "password")) data.delete(name);
    }
    return data;
  }

  const written = (form) =>
    JSON.stringify([...content(form).entries()].filter(([name]) => !LEFT_OUT.has(name)));

  function setUpDraft(form) {
    // A field may be called "dataset": what the form says is read as attributes.
    const address = form.getAttribute("data-draft");
    const question = form.getAttribute("data-leave");
    const before = written(form);
    const notice = document.getElementById("draft-ended");
    let leaving = false;
    let kept = before;
    let timer = 0;
    const changed = () => !leaving && written(form) !== before;

    async function keep() {
      clearTimeout(timer);
      const now = written(form);
      if (leaving || now === kept || (now === before && kept === before)) return;
      kept = now;
      try {
        const answer = await fetch(address, { method: "POST", body: new URLSearchParams(content(form)), keepalive: now.length < 50000 });
        const said = answer.ok ? await answer.json() : { kept: false, signed_in: true };
        if (!said.kept) kept = before;
        if (notice) notice.hidden = said.signed_in;
        form.setAttribute("data-kept", String(said.kept));
      } catch {
        kept = before; // the next change tries again
      }
    }

    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, WAIT);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
    });
    window.addEventListener("pageshow", (event) => event.persisted && (leaving = false));
    window.addEventListener("beforeunload", (event) => changed() && event.preventDefault());
    document.addEventListener("htmx:before:swap", (event) => {
      const target = event.detail?.ctx?.target ?? event.target;
      if (target !== form && target.contains?.(form) && changed() && !window.confirm(question)) {
        event.preventDefault();
      }
    });
  }

  function setUpCondition(field) {
    const form = field.closest("form");
    const values = JSON.parse(field.dataset.onlyValues);
    const said = field.querySelector(".only-if");
    const control = () => form.elements.namedItem(field.dataset.onlyIf);
    const current = () => {
      const found = control();
      if (found instanceof Element && found.type === "checkbox") return found.checked ? "True" : "False";
      return found ? found.value : null;
    };
    const show = () => {
      const value = current();
      const asked = values === "filled" ? value !== "" : values.includes(value);
      field.hidden = value !== null && !asked;
      if (said) said.hidden = value !== null;
    };
    form.addEventListener("change", show);
    if (values === "filled") form.addEventListener("input", show);
    show();
  }

  // A form may come after the page.
  function setUpAll() {
    for (const [what, setUp] of [["[data-only-if]", setUpCondition], ["form[data-draft]", setUpDraft]]) {
      for (const found of document.querySelectorAll(`${what}:not([data-ready])`)) {
        found.dataset.ready = "";
        setUp(found);
      }
    }
  }
  document.addEventListener("htmx:after:swap", setUpAll);
  setUpAll();
})();
