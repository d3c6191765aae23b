// Enhances: every htmx request. When the answer is a fault of the server, too late or does not come at all, a notice made from
// template#load-failed stands at the top of <main> with a button that loads the page again.
function show() {
  const main = document.querySelector("main");
  const shape = document.getElementById("load-failed");
  if (!main || !shape || main.querySelector("[data-load-failed]")) return;
  const notice = shape.content.firstElementChild.cloneNode(true);
  notice.classList.add("mb");
  notice.querySelector("button").addEventListener("click", () => location.reload());
  main.prepend(notice);
}

document.addEventListener("htmx:sendError", show);
document.addEventListener("htmx:timeout", show);
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401 || status === 403 || status === 404) location.reload();
  else if (status !== 422) show();
});
document.addEventListener("htmx:afterOnLoad", () => document.querySelector("[data-load-failed]")?.remove());
