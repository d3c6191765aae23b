// Enhances: the staff shell. "/" and Ctrl+K search; g c and g p go to clients and contacts (<nav class="nav" data-go-c data-go-p>);
// n opens #new-menu; ? lists the keys (dialog#keys); [ and ] follow a[rel=prev] and a[rel=next]; j, k walk the rows of
// .table (each row's a.name takes the focus); Ctrl+Enter and Ctrl+S send the form at hand.
// Single keys rest while typing and are off altogether under <body data-keys="off">.
let waitingForTarget = 0;

const typing = (element) =>
  element.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");

function moveRow(step) {
  const rows = [...document.querySelectorAll("main .table tbody tr")].filter((row) => row.querySelector("a[href]"));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
  (row?.querySelector("a.name") ?? row?.querySelector("a[href]"))?.focus();
}

const single = {
  "/": () => document.getElementById("q")?.focus(),
  g: () => (waitingForTarget = Date.now()),
  n: () => document.getElementById("new-menu")?.togglePopover?.() && document.querySelector("#new-menu a")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  "[": () => document.querySelector("main a[rel=prev]")?.click(),
  "]": () => document.querySelector("main a[rel=next]")?.click(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
};

function send(target) {
  const form = target.closest?.("form[method=post]") ?? document.querySelector("dialog[open] form[method=post], main form[data-dirty]");
  form?.requestSubmit(form.querySelector(".btn-primary[type=submit], .btn-primary:not([type])"));
  return Boolean(form);
}

function withControl(event) {
  if (event.key === "k") {
    event.preventDefault();
    document.getElementById("q")?.focus();
  } else if ((event.key === "Enter" || event.key === "s") && send(event.target)) {
    event.preventDefault();
  }
}

function go(key) {
  const address = { c: "goC", p: "goP" }[key];
  const menu = document.querySelector("[data-go-c]");
  if (address && menu?.dataset[address]) location.assign(menu.dataset[address]);
  return Boolean(address);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) return withControl(event);
  if (document.body.dataset.keys === "off" || typing(event.target) || document.querySelector("dialog[open]")) return;
  const following = Date.now() - waitingForTarget < 1500;
  waitingForTarget = 0;
  if (following && go(event.key)) return event.preventDefault();
  const act = single[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("dialog#keys [data-close]")) document.getElementById("keys").close();
});
