// The numbers in the frame: asked for once the page stands, on return to it and while it stays open. And copying an address.
(function () {
  "use strict";

  const PAUSE = 60000; // milliseconds between two looks
  const address = document.body.dataset.counts;
  let looked = 0;
  let known = null;

  function show(found) {
    for (const name of ["pending", "unread"]) {
      const text = found[name] ? (found[name] > 99 ? "99+" : String(found[name])) : "";
      for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = text;
      for (const place of document.querySelectorAll(`[data-count-said="${name}"]`)) {
        place.textContent = found[name] ? found.said[name] : "";
      }
      for (const place of document.querySelectorAll(`[data-with-count="${name}"]`)) place.hidden = !found[name];
    }
    // What a page shows as it opens is no news.
    const more = known && ["unread", "pending"].find((name) => found[name] > known[name]);
    if (more) document.getElementById("announcer").textContent = found.said[more];
    known = found;
  }

  async function look() {
    if (document.hidden) return;
    looked = Date.now();
    try {
      // Unattended: this look must not keep the session of somebody who went away.
      const headers = { Accept: "application/json", "X-Unattended": "1" };
      const answer = await fetch(address, { headers });
      if (answer.ok && !answer.redirected) show(await answer.json());
    } catch {
      // Without a connection the numbers stay as they were.
    }
  }
  const lookAgain = () => Date.now() - looked >= PAUSE && look();

  if (address) {
    look();
    document.addEventListener("visibilitychange", lookAgain);
    // Shown again from the browser's memory: something may have been done on the pages since.
    window.addEventListener("pageshow", (event) => event.persisted && look());
    // A part of the page that was sent by a form has done something.
    document.addEventListener("htmx:after:swap", (event) => {
      const method = event.detail?.ctx?.request?.method;
      if (method && method.toUpperCase() !== "GET") look();
    });
    setInterval(lookAgain, PAUSE);
  }

  // Without a script the button would do nothing; parts of a page come later too.
  const offer = () => document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
  offer();
  document.addEventListener("htmx:after:swap", offer);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = button.parentElement.querySelector("[data-copy-from]");
    field.select();
    // Outside https browsers have only the old way.
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else document.execCommand("copy");
    button.querySelector("span").textContent = button.dataset.copied;
    document.getElementById("announcer").textContent = button.dataset.copied;
  });
})();
