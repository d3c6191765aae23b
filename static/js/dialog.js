// Enhances: <a href="/clients/7/contacts/add/" data-dialog>: a link to a page that holds one form.
// The page is fetched and its form (form[data-dialog-form], else the first POST form of <main>) shown in a <dialog>
// made from template#dialog-shell; the title is the page's h1. The page itself stays as it is for whoever has no JavaScript.
//   Sending: POST with "HX-Request: true". 204 + HX-Redirect, or a redirect, leads on; 422 shows the form again with its errors.
//   Anything else (403, 409, 500) is left to a plain submit, so that the person sees the whole page.
//   Esc, [data-close] (also a Cancel link in the form) close; with something entered they ask once. Focus returns to the opener.
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const values = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken").map(([name, value]) => [name, String(value?.name ?? value)]));

function formOf(page) {
  return page.querySelector("form[data-dialog-form]") ?? page.querySelector("main form[method=post]") ?? page.querySelector("form[method=post]");
}

function fill(dialog, page, address) {
  const form = formOf(page);
  if (!form) return null;
  const summary = page.querySelector("main .error-summary, .error-summary");
  form.classList.remove("card");
  if (!form.getAttribute("action")) form.action = address;
  if (summary && !form.contains(summary)) (form.querySelector(".body") ?? form).prepend(summary);
  dialog.querySelector(".dialog-content").replaceChildren(form);
  dialog.querySelector("h2").textContent = page.querySelector("main h1, h1")?.textContent.trim() ?? "";
  globalThis.htmx?.process(form);
  return form;
}

function focusFirst(form) {
  const target = form.querySelector(".error-summary") ?? form.querySelector("[autofocus]");
  (target ?? form.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}

function arrive(page, address) {
  const main = page.querySelector("main");
  if (!main || !document.querySelector("main")) return location.assign(address);
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  history.pushState({}, "", address);
  globalThis.htmx?.process(main);
  (document.getElementById(new URL(address).hash.slice(1)) ?? main).focus();
}

function leave(target) {
  const here = target.pathname === location.pathname && target.search === location.search;
  location.assign(target);
  // Where only the part after # differs the browser stays: the page must be loaded anew to show what was saved.
  if (here) location.reload();
}

async function submit(dialog, state, event) {
  const form = event.target;
  event.preventDefault();
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, button),
      headers: { "HX-Request": "true", Accept: "text/html" },
    });
    const onward = response.headers.get("HX-Redirect");
    if (onward) {
      state.left = true;
      return leave(new URL(onward, location.href));
    }
    if (response.status === 422) {
      const fresh = fill(dialog, parse(await response.text()), form.action);
      if (fresh) return focusFirst(fresh);
    } else if (response.ok && response.redirected) {
      state.left = true;
      dialog.close();
      return arrive(parse(await response.text()), response.url);
    }
    form.submit();
  } catch {
    form.submit();
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function tryToClose(dialog, state) {
  const form = dialog.querySelector("form");
  const notice = dialog.querySelector("[data-unsaved]");
  if (form && !state.asked && values(form) !== state.before) {
    state.asked = true;
    (form.querySelector("footer, .actions") ?? form).prepend(notice);
    notice.hidden = false;
    return;
  }
  dialog.close();
}

async function open(opener) {
  const address = opener.href;
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  const dialog = document.getElementById("dialog-shell").content.firstElementChild.cloneNode(true);
  const form = response.ok && !response.redirected && fill(dialog, parse(await response.text()), address);
  if (!form) return location.assign(address);
  const state = { before: values(form), asked: false, left: false };
  dialog.addEventListener("submit", (event) => event.target.method !== "dialog" && submit(dialog, state, event));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    tryToClose(dialog, state);
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    tryToClose(dialog, state);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!state.left && opener.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  focusFirst(form);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("a[data-dialog]");
  if (!opener || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(opener).catch(() => location.assign(opener.href));
});
