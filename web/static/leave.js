// Warns whoever leaves a page with something typed that is not saved (the browser has its own words for it).
"use strict";
{
  const unsaved = new Set();
  for (const form of document.querySelectorAll("form[data-warn]")) {
    form.addEventListener("input", () => { unsaved.add(form); });
    form.addEventListener("submit", () => { unsaved.delete(form); });
    if (form.querySelector("[aria-invalid], [data-unsaved]")) unsaved.add(form);
  }
  addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
}
