// Warns whoever leaves a page with something typed that is not saved (the browser has its own words for it).
"use strict";
{
  let unsaved = false;
  for (const form of document.querySelectorAll("form[data-warn]")) {
    form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
    if (form.querySelector("[aria-invalid]")) unsaved = true;
  }
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
