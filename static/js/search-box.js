// Enhances: the search field of the staff shell (#q), which htmx fills #q-found under it for. The field becomes a combobox: Up and Down
// choose among what was found, Enter opens the choice or, without one, the page of results; Escape closes the list, a second one empties
// the field. #q-said tells screen readers how much was found.
const field = document.getElementById("q");
const list = document.getElementById("q-found");
const said = document.getElementById("q-said");

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open(wanted) {
  const shown = wanted && options().length > 0 && field.value.trim() !== "";
  list.hidden = !shown;
  field.setAttribute("aria-expanded", String(shown));
  if (!shown) choose(null);
}

function move(step) {
  if (list.hidden) open(true);
  const all = options();
  // One step beyond either end nothing is chosen, so that Enter leads to the page of results.
  const next = all.indexOf(chosen()) + step;
  choose(next === -2 ? all.at(-1) : all[next]);
}

function press(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    move(step);
  } else if (event.key === "Enter" && !list.hidden && chosen()) {
    event.preventDefault();
    location.assign(chosen().href);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    open(false);
  }
}

if (field && list) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.addEventListener("keydown", press);
  field.addEventListener("input", () => field.value.trim() || open(false));
  field.addEventListener("focus", () => open(true));
  field.form.addEventListener("submit", () => open(false));
  field.form.addEventListener("focusout", (event) => field.form.contains(event.relatedTarget) || open(false));
  // A press on an entry leaves the focus in the field, so that the list is still there when the press ends.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    choose(null);
    open(document.activeElement === field);
    said.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
  });
}
