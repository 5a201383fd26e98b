// Counts that stay true while a page stays open, and copying an address.
(function () {
  "use strict";

  const PAUSE = 60000; // milliseconds between two looks
  let looked = Date.now();
  let known = null;

  function show(found) {
    for (const name of ["pending", "unread"]) {
      const text = found[name] ? (found[name] > 99 ? "99+" : String(found[name])) : "";
      for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = text;
      for (const place of document.querySelectorAll(`[data-count-said="${name}"]`)) {
        place.textContent = found[name] ? found.said[name] : "";
      }
    }
    const more = known && ["unread", "pending"].find((name) => found[name] > known[name]);
    if (more) document.getElementById("announcer").textContent = found.said[more];
    known = found;
  }

  async function look() {
    if (document.hidden || Date.now() - looked < PAUSE) return;
    looked = Date.now();
    try {
      // Unattended: this look must not keep the session of somebody who went away.
      const headers = { Accept: "application/json", "X-Unattended": "1" };
      const answer = await fetch(document.body.dataset.counts, { headers });
      if (answer.ok && !answer.redirected) show(await answer.json());
    } catch {
      // Without a connection the numbers stay as they were.
    }
  }

  if (document.body.dataset.counts) {
    known = { pending: Number(document.body.dataset.pending), unread: Number(document.body.dataset.unread) };
    document.addEventListener("visibilitychange", look);
    setInterval(look, PAUSE);
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = button.parentElement.querySelector("[data-copy-from]");
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.querySelector("span").textContent = button.dataset.copied;
      document.getElementById("announcer").textContent = button.dataset.copied;
    });
  }
})();
