// Enhances: <form data-add-client>. The legal name follows the name until somebody writes into it; for an individual
// the name is proposed from first and last name, without special characters, until somebody writes into it.
const special = /[^\p{L}\p{N}\p{M} ._-]/gu;
const tidy = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

export function proposedName(text) {
  return tidy(tidy(text).replace(special, " ")).replace(/^[ ._-]+/, "").slice(0, 100).trim();
}

const form = document.querySelector("form[data-add-client]");
if (form) {
  const { name, legal_name: legal, individual, first_name: first, last_name: last } = form.elements;
  const touched = new Set([name, legal].filter((field) => field.value));

  const follow = (field, text) => {
    if (!touched.has(field)) field.value = text;
  };

  form.addEventListener("input", ({ target }) => {
    if (target === name || target === legal) {
      if (target.value) touched.add(target);
      else touched.delete(target);
    }
    if (individual.checked && (target === first || target === last)) follow(name, proposedName(`${first.value} ${last.value}`));
    if (!individual.checked && target === name) follow(legal, name.value);
  });
}
