// Lists: columns move in their menu without a page of their own.
(function () {
  "use strict";

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
    document.getElementById("announcer").textContent = `${row.textContent.trim()}: ${place}`;
  });
})();
