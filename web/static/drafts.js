// Keeps what is typed on a pupil's pages a moment after somebody stopped typing, for its author alone (G-11), and says
// beside the box where a text is longer than what fits, or could not be kept.
"use strict";
{
  const words = document.querySelector("#skrivet")?.dataset;
  const token = document.querySelector("[name=form_token]");
  const PAUSE = 500;
  const MOST_WHILE_LEAVING = 60000;
  const waiting = new Map();
  const measuring = new Map();
  let timer = 0;
  const say = (box, what, text) => {
    const id = `${box.id}-${what}`;
    let said = document.getElementById(id);
    if (!text) return said?.remove();
    if (!said) {
      said = document.createElement("p");
      said.id = id;
      said.className = "wrong";
      said.setAttribute("role", "alert");
      box.after(said);
    }
    if (said.textContent !== text) said.textContent = text;
  };
  const measure = (box) => {
    const most = Number(box.dataset.most);
    const over = [...box.value.trim().normalize("NFC")].length - most;
    say(box, "langd", over > 0 ? words.tooLong.replace("{over}", over).replace("{most}", most) : "");
  };
  const answered = (names, lost) => {
    for (const name of names) {
      const box = document.getElementById(name);
      if (box) say(box, "ej-kvar", lost.includes(name) ? words.notKept : "");
    }
  };
  const send = () => {
    clearTimeout(timer);
    if (!waiting.size) return;
    const names = [...waiting.keys()];
    const body = new URLSearchParams(waiting);
    body.set("form_token", token.value);
    waiting.clear();
    fetch(words.keptAt, { method: "POST", body, keepalive: body.toString().length < MOST_WHILE_LEAVING })
      .then(async (answer) => answered(names, answer.status === 204 ? [] : answer.status === 409 ? await answer.json() : names))
      .catch(() => answered(names, names));
  };
  if (words && token) {
    for (const box of document.querySelectorAll("textarea[data-most]")) measure(box);
    document.addEventListener("input", (event) => {
      if (!event.target.matches("textarea[data-draft]")) return;
      clearTimeout(measuring.get(event.target));
      measuring.set(event.target, setTimeout(measure, PAUSE, event.target));
      if (!words.keptAt) return;
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
