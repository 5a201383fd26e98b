// An @ in a comment offers the people who may see the record; without this script their names are written out.
(function () {
  "use strict";

  const NAMED = /(?:^|[^\p{L}\p{N}_@.])@([^\s@][^@\n]{0,40})$/u;

  function setUp(holder) {
    const area = holder.querySelector("textarea");
    const list = document.createElement("div");
    let asked = 0;
    let timer = 0;
    list.className = "c-menu-panel start c-mention-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    holder.append(list);

    const options = () => [...list.querySelectorAll("[data-mention]")];
    const marked = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");
    const close = () => {
      asked += 1;
      list.hidden = true;
    };
    const mark = (place) => {
      const all = options();
      all.forEach((one, index) => one.setAttribute("aria-selected", String(index === (place + all.length) % all.length)));
    };

    async function offer() {
      const written = NAMED.exec(area.value.slice(0, area.selectionStart));
      if (!written || written[1].split(" ").length > 3) return close();
      const mine = (asked += 1);
      const answer = await fetch(`${holder.dataset.mentions}?q=${encodeURIComponent(written[1])}`, {
        headers: { "HX-Request": "true" },
      });
      if (mine !== asked || !answer.ok || answer.redirected) return;
      list.innerHTML = await answer.text();
      list.hidden = !options().length;
      if (!list.hidden) mark(0);
    }

    function take(option) {
      const before = area.value.slice(0, area.selectionStart);
      const start = before.lastIndexOf("@");
      area.setRangeText(`@${option.dataset.mention} `, start, area.selectionStart, "end");
      close();
      area.focus();
      area.dispatchEvent(new Event("change", { bubbles: true }));
    }

    area.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(offer, 150);
    });
    area.addEventListener("blur", () => setTimeout(close, 200));
    area.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "Escape") close();
      else if (event.key === "ArrowDown") mark(marked() + 1);
      else if (event.key === "ArrowUp") mark(marked() - 1);
      else if ((event.key === "Enter" || event.key === "Tab") && marked() >= 0) take(options()[marked()]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[data-mention]");
      event.preventDefault();
      if (option) take(option);
    });
  }

  // The panel of comments may come after the page.
  function setUpAll() {
    for (const holder of document.querySelectorAll("[data-mentions]:not([data-ready])")) {
      holder.dataset.ready = "";
      setUp(holder);
    }
  }
  document.addEventListener("htmx:after:swap", setUpAll);
  setUpAll();
})();
