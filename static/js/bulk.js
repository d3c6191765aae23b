// Enhances: a list with <input class="pick" type="checkbox"> in each row, #pick-all in the head and a .savebar.bulk.waits whose
// <p role="status" data-one="1 client selected" data-many="%s clients selected"> says how many. The bar shows while rows are picked.
function refresh() {
  const bar = document.querySelector(".savebar.bulk");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("input.pick")];
  const picked = boxes.filter((box) => box.checked).length;
  const all = document.getElementById("pick-all");
  const line = bar.querySelector("[role=status]");
  bar.classList.toggle("shown", picked > 0);
  if (line) line.textContent = picked ? (picked === 1 ? line.dataset.one : line.dataset.many.replace("%s", picked)) : "";
  if (!all) return;
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
}

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-all") document.querySelectorAll("input.pick").forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches?.("#pick-all, input.pick")) refresh();
});
document.addEventListener("htmx:afterSwap", refresh);
addEventListener("pageshow", refresh);
