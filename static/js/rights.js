// Enhances: <table data-rights>, boxes in rows, the one that lets an area be viewed with data-view.
// Unticking View unticks its row; ticking anything else ticks View.
document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-rights] tr");
  const view = row?.querySelector("[data-view]");
  if (!view) return;
  const boxes = [...row.querySelectorAll("input[type=checkbox]")];
  if (event.target === view && !view.checked) boxes.forEach((box) => (box.checked = false));
  else if (event.target !== view && event.target.checked) view.checked = true;
});
