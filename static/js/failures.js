// Enhances: every htmx request. When the answer is a fault of the server, too late or does not come at all, a notice made from
// template#load-failed stands at the top of <main> with a button that loads the page again. A refusal (403, 404, 409) is a whole
// page with its reason: it takes the place of this page's <main>.
function show() {
  const main = document.querySelector("main");
  const shape = document.getElementById("load-failed");
  if (!main || !shape || main.querySelector("[data-load-failed]")) return;
  const notice = shape.content.firstElementChild.cloneNode(true);
  notice.classList.add("mb");
  notice.querySelector("button").addEventListener("click", () => location.reload());
  main.prepend(notice);
}

function explain(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!main) return show();
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  main.focus();
}

// Whoever types on or leaves the page makes the awaited answer needless: that is no error to be written on the console.
htmx.logger = (_element, name, detail) => {
  if (name === "htmx:sendAbort" || name === "htmx:afterRequest") delete detail.error;
};

document.addEventListener("htmx:sendError", show);
document.addEventListener("htmx:timeout", show);
document.addEventListener("htmx:responseError", (event) => {
  const { status, responseText } = event.detail.xhr;
  if (status === 403 || status === 404 || status === 409) explain(responseText);
  else if (status !== 422) show();
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) document.querySelector("[data-load-failed]")?.remove();
});
