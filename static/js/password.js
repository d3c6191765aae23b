// Enhances: <input type="checkbox" data-show-password="id_password"> (components/show_password.html): shows what is typed.
// The field is a password again before the form is sent, so that password managers and the browser's memory treat it as one.
document.addEventListener("change", (event) => {
  const field = document.getElementById(event.target.dataset?.showPassword ?? "");
  if (field) field.type = event.target.checked ? "text" : "password";
});

document.addEventListener("submit", (event) => {
  for (const box of event.target.querySelectorAll("[data-show-password]")) {
    const field = document.getElementById(box.dataset.showPassword);
    if (field) field.type = "password";
    box.checked = false;
  }
});
