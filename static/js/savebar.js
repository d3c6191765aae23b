// Enhances: <form data-dirty> with components/savebar.html as its last part.
// The bar shows when a field differs from what the server sent and counts such fields; leaving the page then asks.
// Discard puts the sent values back and offers Undo. A form that came back with errors, or as
// <form data-dirty="unsaved">, shows the bar from the start.
const differs = (field) => {
  if (!field.name || field.type === "hidden" || field.type === "submit") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName === "SELECT") {
    const chosen = [...field.options];
    return chosen.some((option) => option.defaultSelected) ? chosen.some((option) => option.selected !== option.defaultSelected) : field.selectedIndex > 0;
  }
  return field.value !== field.defaultValue;
};

const changed = (form) => new Set([...form.elements].filter(differs).map((field) => field.name)).size;
const snapshot = (form) => [...form.elements].map((field) => [field, field.value, field.checked, [...(field.options ?? [])].map((option) => option.selected)]);

function say(form, key, count) {
  const line = form.querySelector(".savebar [role=status]");
  if (line) line.textContent = line.dataset[key].replace("%s", count);
}

function refresh(form) {
  const bar = form.querySelector(".savebar");
  if (!bar) return;
  const count = changed(form);
  const undo = bar.querySelector("[data-undo]");
  if (undo && count) undo.hidden = true;
  const waits = form.dataset.dirty === "unsaved" || Boolean(form.querySelector("[aria-invalid=true]"));
  bar.classList.toggle("shown", count > 0 || waits);
  say(form, count === 0 ? (waits ? "waits" : "none") : count === 1 ? "one" : "many", count);
}

const kept = new WeakMap();
const leaving = new WeakSet();

const formOf = (event) => event.target.closest?.("form[data-dirty]");

document.addEventListener("input", (event) => formOf(event) && refresh(formOf(event)));
document.addEventListener("change", (event) => formOf(event) && refresh(formOf(event)));
document.addEventListener("submit", (event) => formOf(event) && leaving.add(formOf(event)));

document.addEventListener("reset", (event) => {
  const form = formOf(event);
  if (!form) return;
  kept.set(form, snapshot(form));
  setTimeout(() => {
    refresh(form);
    form.querySelector(".savebar")?.classList.add("shown");
    say(form, "gone", 0);
    const undo = form.querySelector("[data-undo]");
    if (undo) undo.hidden = false;
    undo?.focus();
  });
});

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-undo]")?.closest("form");
  if (!form || !kept.has(form)) return;
  for (const [field, value, checked, options] of kept.get(form)) {
    if (field.type === "file") continue;
    if (field.options) options.forEach((selected, index) => (field.options[index].selected = selected));
    else field.value = value;
    if (checked !== undefined) field.checked = checked;
  }
  refresh(form);
  form.querySelector(".savebar .btn-primary")?.focus();
});

addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-dirty]")].some((form) => !leaving.has(form) && changed(form))) event.preventDefault();
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-dirty]").forEach(refresh));
document.querySelectorAll("form[data-dirty]").forEach(refresh);
