// Enhances: <div class="error-summary" tabindex="-1"> with links to fields (components/error_summary.html).
// The summary takes the focus when the page, or a form swapped in by htmx, arrives with errors;
// its links move the focus into the field and its label into view.
const first = (root) => root.querySelector(".error-summary");

first(document)?.focus();

document.addEventListener("htmx:afterSwap", (event) => first(event.target)?.focus());

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('.error-summary a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
});
