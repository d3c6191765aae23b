// Enhances: <dd data-mirror="street"> beside the field named street: what is typed there shows here at once.
function mirror(field) {
  const copy = field.name && document.querySelector(`[data-mirror="${CSS.escape(field.name)}"]`);
  if (!copy) return;
  const text = field.tagName === "SELECT" ? (field.value ? field.selectedOptions[0].text : "") : field.value.trim();
  copy.textContent = text || "–";
}

document.addEventListener("input", (event) => mirror(event.target));
document.addEventListener("reset", (event) => setTimeout(() => [...event.target.elements].forEach(mirror)));
