// Panels that are fetched when they come into view: fetched at once where an address, a search or the printer wants them.
(function () {
  "use strict";

  const PATIENCE = 8000; // milliseconds after which printing goes on with what is there
  const AGAIN = 500;
  const waiting = () => [...document.querySelectorAll("[data-later]")];
  const fetchAll = (panels) => panels.forEach((panel) => panel.dispatchEvent(new CustomEvent("later:fetch")));

  function allThere() {
    if (!waiting().length) return Promise.resolve();
    return new Promise((resolve) => {
      // Asked again now and then: what is asked before htmx has begun is heard by nobody.
      const asking = setInterval(() => fetchAll(waiting()), AGAIN);
      const done = () => {
        clearInterval(asking);
        document.removeEventListener("htmx:after:swap", look);
        resolve();
      };
      const look = () => waiting().length || done();
      document.addEventListener("htmx:after:swap", look);
      setTimeout(done, PATIENCE);
      fetchAll(waiting());
    });
  }

  // An address may name a panel that is not there yet, or something inside one (a comment).
  function wanted() {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name || !waiting().length) return;
    const found = document.getElementById(name);
    if (found && !found.matches("[data-later]")) return;
    const about = found ?? document.getElementById(`panel-${name.split("-")[0]}s`); // comment-… stands in panel-comments
    const asked = about?.matches("[data-later]") ? [about] : waiting();
    const arrived = () => {
      const target = document.getElementById(name);
      if (!target || target.matches("[data-later]")) return;
      document.removeEventListener("htmx:after:swap", arrived);
      location.replace(location.hash); // so that the browser finds, marks and shows its target
    };
    document.addEventListener("htmx:after:swap", arrived);
    fetchAll(asked);
  }

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !waiting().length) return;
    const key = event.key.toLowerCase();
    if (key === "f") fetchAll(waiting());
    if (key !== "p") return;
    event.preventDefault();
    allThere().then(() => window.print());
  });
  window.addEventListener("beforeprint", () => fetchAll(waiting()));
  window.addEventListener("hashchange", wanted);
  // htmx begins a moment after the page stands, and hears nothing before.
  window.addEventListener("load", () => setTimeout(wanted));
})();
