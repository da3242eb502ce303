// "Open/close all" at once, without asking for the page again; and a subject that an address leads to is opened.
"use strict";
{
  const all = [...document.querySelectorAll("details[data-subject]")];
  const toggle = document.querySelector("[data-open-all]");
  if (toggle) {
    toggle.addEventListener("click", (event) => {
      event.preventDefault();
      const open = !all.every((one) => one.open);
      for (const one of all) one.open = open;
    });
  }
  const lead = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place && place.matches("details[data-subject]")) place.open = true;
  };
  addEventListener("hashchange", lead);
  lead();
}
