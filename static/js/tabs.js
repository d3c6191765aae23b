// Enhances: <nav class="tabs"> and .portal-nav: where they scroll sideways the current tab is brought into view.
function reveal() {
  for (const current of document.querySelectorAll(":is(.tabs, .portal-nav) [aria-current]")) {
    const row = current.closest(".tabs, .portal-nav");
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }
}

reveal();
document.addEventListener("htmx:afterSettle", reveal);
