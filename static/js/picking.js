// Enhances: <form data-picking> (the bar of actions) and the boxes input[data-pick] that belong to it.
// The bar waits until a row is picked and says how many are; input[data-pick-all] in the head picks the page; the box "all" of the
// bar picks whatever matches, on every page. x picks the row that holds the focus, b goes to the bar, Esc lets all go; Shift+click
// picks a stretch of rows.
const bar = () => document.querySelector("form[data-picking]");
const boxes = () => [...document.querySelectorAll("main input[data-pick]")];
let last = null;

function tell() {
  const form = bar();
  if (!form) return;
  const all = boxes(), picked = all.filter((box) => box.checked).length;
  const head = document.querySelector("input[data-pick-all]");
  const every = form.elements.all;
  if (head) {
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && !head.checked;
  }
  // Whatever matches can be asked for once the page is full of picks.
  if (every) {
    every.closest("label").hidden = !every.checked && picked < all.length;
  }
  const chosen = Boolean(every?.checked);
  form.hidden = !picked && !chosen;
  const said = chosen ? form.dataset.all : picked === 1 ? form.dataset.one : picked ? form.dataset.many.replace("%s", picked) : form.dataset.none;
  const place = form.querySelector("p");
  if (place.textContent !== said) place.textContent = said;
}

function pickStretch(from, to, checked) {
  const all = boxes();
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  if (start >= 0) all.slice(start, end + 1).forEach((box) => (box.checked = checked));
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches?.("input[data-pick]")) return;
  if (shiftKey && last) pickStretch(last, target, target.checked);
  last = target;
  tell();
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("input[data-pick], input[data-pick-all], form[data-picking] input")) return;
  if (target.matches("input[data-pick-all]")) boxes().forEach((box) => (box.checked = target.checked));
  // Letting a row go takes “all that match” back: what is said and what happens must not differ.
  if (!target.matches("[name=all]") && !target.checked && bar()?.elements.all) bar().elements.all.checked = false;
  tell();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off") return;
  if (event.target.closest?.("textarea, select, dialog[open], input:not([type=checkbox])")) return;
  if (event.key === "Escape" && !document.querySelector(":popover-open")) {
    boxes().forEach((box) => (box.checked = false));
    if (bar()?.elements.all) bar().elements.all.checked = false;
    return tell();
  }
  if (event.key === "b" && bar() && !bar().hidden) {
    event.preventDefault();
    return bar().querySelector("button, input:not([type=hidden])")?.focus();
  }
  const box = event.key === "x" && document.activeElement?.closest("tr")?.querySelector("input[data-pick]");
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:afterSettle", tell);
addEventListener("pageshow", tell);
tell();
