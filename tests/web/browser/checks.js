// Faults of a page that keep people out; run in the page, answers a list of words.
() => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`wider than the screen: ${root.scrollWidth}`);
  for (const each of document.querySelectorAll("body *:not(.unseen, textarea, input, select)")) {
    const cuts = getComputedStyle(each).overflowX;
    if ((cuts === "hidden" || cuts === "clip") && each.scrollWidth > each.clientWidth + 1)
      wrong.push(`cut off: ${each.outerHTML.slice(0, 90)}`);
  }
  if (!root.lang) wrong.push("no language");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  for (const each of ["header", "main", "footer"])
    if (document.querySelectorAll(`body > ${each}`).length !== 1) wrong.push(`not one ${each}`);
  let before = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) wrong.push(`heading after h${before}: ${heading.textContent}`);
    before = level;
  }
  const seen = new Set();
  for (const each of document.querySelectorAll("[id]")) {
    if (seen.has(each.id)) wrong.push(`id twice: ${each.id}`);
    seen.add(each.id);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea, select"))
    if (!field.labels.length) wrong.push(`no label: ${field.name}`);
  for (const each of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
    for (const id of `${each.getAttribute("aria-describedby") || ""} ${each.getAttribute("aria-labelledby") || ""}`
      .trim().split(/\s+/))
      if (!document.getElementById(id)) wrong.push(`names nothing: ${id}`);
  for (const image of document.querySelectorAll("img")) if (!image.hasAttribute("alt")) wrong.push("image without alt");
  for (const each of document.querySelectorAll("a, button"))
    if (!each.textContent.trim() && !each.getAttribute("aria-label")) wrong.push(`says nothing: ${each.outerHTML}`);
  for (const each of document.querySelectorAll("button, a.button, a.target, .top a, .choice input, input, select")) {
    const box = each.getBoundingClientRect();
    const least = each.matches("[type=checkbox], [type=radio], [type=file]") ? 24 : 44;
    if (each.type !== "hidden" && box.width && Math.min(box.height, box.width) < least)
      wrong.push(`smaller than ${least} pixels: ${each.outerHTML.slice(0, 90)} ${Math.round(box.height)}`);
  }
  return wrong;
}
