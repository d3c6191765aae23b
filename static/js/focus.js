// Enhances: an answer that htmx puts into the page. What carries data-focus in it takes the focus that the replaced part had,
// so that a person at the keyboard stays where they were. (autofocus would do it too, but the browser complains on the console.)
document.addEventListener("htmx:afterSettle", (event) => {
  event.target.querySelector?.("[data-focus]")?.focus();
});
