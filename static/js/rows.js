// Enhances: <div data-rows data-next data-most><ul><li>...</li></ul><template>...</template><button data-rows-add></div>
// (templates/clientdesk/rows.html). Add puts a row from the template at the end; Remove empties a row and hides it, so that the
// form counts it as changed and Discard brings it back.
const inputs = (row) => [...row.querySelectorAll("input, select, textarea")];
const shown = (box) => [...box.querySelectorAll("li")].filter((row) => !row.hidden);
const tell = (box) => box.dispatchEvent(new Event("change", { bubbles: true }));

function refresh(box) {
  box.querySelector("[data-rows-add]").disabled = shown(box).length >= Number(box.dataset.most);
}

function add(box) {
  const place = Number(box.dataset.next);
  box.dataset.next = place + 1;
  const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      const said = name === "aria-label" ? place + 1 : place;
      if (value.includes("__row__")) element.setAttribute(name, value.replaceAll("__row__", said));
    }
  }
  row.dataset.added = "";
  box.querySelector("ul").append(row);
  refresh(box);
  inputs(row)[0]?.focus();
}

function remove(row) {
  const box = row.closest("[data-rows]");
  const all = shown(box);
  const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  for (const input of inputs(row)) {
    if (input.matches("[type=checkbox], [type=radio]")) input.checked = false;
    else input.value = "";
  }
  row.hidden = true;
  refresh(box);
  tell(box);
  (next ? inputs(next)[0] : box.querySelector("[data-rows-add]"))?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-rows-add], [data-rows-remove]");
  if (!button) return;
  if (button.matches("[data-rows-add]")) add(button.closest("[data-rows]"));
  else remove(button.closest("li"));
});

document.addEventListener("reset", (event) => {
  for (const box of event.target.querySelectorAll("[data-rows]")) {
    for (const row of box.querySelectorAll("li")) row.hidden = "added" in row.dataset;
    refresh(box);
  }
});
