// Enhances: <div class="drop"> around one <input type="file">: a file dropped anywhere on it is chosen.
// <p data-drop-said role="status" data-template="%s chosen, %k KB"> says what was chosen.
const zone = (event) => event.target.closest?.(".drop");

function refresh(input) {
  const here = input.closest(".drop");
  if (!here) return;
  const file = input.files[0];
  const line = here.querySelector("[data-drop-said]");
  here.classList.toggle("filled", Boolean(file));
  if (line) line.textContent = file ? line.dataset.template.replace("%s", file.name).replace("%k", Math.max(1, Math.round(file.size / 1024)).toLocaleString(document.documentElement.lang)) : "";
}

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!zone(event)) return;
    event.preventDefault();
    zone(event).classList.add("over");
  });
}

document.addEventListener("dragleave", (event) => {
  const here = zone(event);
  if (here && !here.contains(event.relatedTarget)) here.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  const here = zone(event);
  const input = here?.querySelector("input[type=file]");
  if (!input) return;
  event.preventDefault();
  here.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => event.target.type === "file" && refresh(event.target));
