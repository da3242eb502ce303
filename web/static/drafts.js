// Keeps what is typed on a plan's page a moment after somebody stopped typing, for its author alone (G-11).
"use strict";
{
  const plan = location.pathname.match(/^\/elever\/[^/]+\/iup\/[0-9a-f-]{36}/);
  const waiting = new Map();
  let timer = 0;
  const token = document.querySelector("[name=form_token]");
  const send = () => {
    clearTimeout(timer);
    if (!waiting.size) return;
    const body = new URLSearchParams(waiting);
    body.set("form_token", token.value);
    waiting.clear();
    fetch(`${plan[0]}/utkast`, { method: "POST", body, keepalive: true }).catch(() => {});
  };
  if (plan && token) {
    document.addEventListener("input", (event) => {
      if (!event.target.matches("textarea[data-draft]")) return;
      waiting.set(event.target.name, event.target.value);
      clearTimeout(timer);
      timer = setTimeout(send, 1500);
    });
    document.addEventListener("submit", (event) => {
      for (const field of event.target.elements) waiting.delete(field.name);
      send();
    });
    addEventListener("pagehide", send);
    document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  }
}
