// Enhances: <div data-board> of columns (data-status) with cards (data-card): a card dragged into a column does what its button or
// link with data-to=that status does. Where it has none nothing happens, and that is said.
const board = document.querySelector("[data-board]");
const said = document.querySelector("[data-board-said]");
let dragged = null;

const column = (event) => event.target.closest?.("[data-status]");
const way = (card, status) => card?.querySelector(`[data-to="${CSS.escape(status)}"]`);

if (board) {
  for (const card of board.querySelectorAll("[data-card]")) {
    if (card.querySelector("[data-to]")) card.draggable = true;
  }
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-card]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("a").href);
    for (const one of board.querySelectorAll("[data-status]")) one.classList.toggle("takes", Boolean(way(dragged, one.dataset.status)));
  });
  board.addEventListener("dragover", (event) => {
    if (dragged && column(event)?.classList.contains("takes")) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const here = column(event);
    if (!dragged || !here) return;
    event.preventDefault();
    const act = way(dragged, here.dataset.status);
    if (act) act.click();
    else if (said) said.textContent = said.dataset.refused;
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    for (const one of board.querySelectorAll(".takes")) one.classList.remove("takes");
  });
}
