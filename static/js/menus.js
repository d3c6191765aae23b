// Enhances: <div class="menu" popover> opened by <button popovertarget>. Up and Down move through its entries, Home and End jump.
// Where the browser knows popovers but no anchor positioning, the menu is placed under its button from here (class "placed").
const entries = (menu) => [...menu.querySelectorAll("a[href], button:not([disabled])")];

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu:popover-open:not(.filter)");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (menu && (step || event.key === "Home" || event.key === "End")) {
    event.preventDefault();
    const all = entries(menu);
    const next = step ? all.indexOf(document.activeElement) + step : event.key === "Home" ? 0 : all.length - 1;
    all[(next + all.length) % all.length]?.focus();
    return;
  }
  const opener = event.target.closest?.("button[popovertarget]");
  const target = opener && document.getElementById(opener.getAttribute("popovertarget"));
  if (event.key === "ArrowDown" && target?.matches(".menu:not(.filter)")) {
    event.preventDefault();
    target.showPopover();
    entries(target)[0]?.focus();
  }
});

function place(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`)?.getBoundingClientRect();
  if (!button || innerWidth < 640) return;
  const rtl = getComputedStyle(menu).direction === "rtl";
  const atStart = menu.classList.contains("start") !== rtl;
  const inset = atStart ? button.left : button.right - menu.offsetWidth;
  menu.classList.add("placed");
  menu.style.position = "fixed";
  menu.style.insetBlockStart = `${Math.min(button.bottom + 4, innerHeight - menu.offsetHeight - 8)}px`;
  menu.style.insetInlineStart = `${Math.max(8, rtl ? innerWidth - inset - menu.offsetWidth : inset)}px`;
}

if (!CSS.supports("position-area", "block-end")) {
  document.addEventListener("toggle", (event) => event.newState === "open" && event.target.matches?.(".menu") && place(event.target), true);
}
