// Enhances: <form data-passkey="create"> and <form data-passkey="get"> (account/_passkey.html): asks the browser for a passkey and
// sends its answer in the field `credential`. The options are JSON in the page (data-options) or behind data-options-url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

function readable(options) {
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = known(options.allowCredentials);
  return read;
}

function sendable(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const url = form.dataset.optionsUrl;
  const found = url ? await (await fetch(url)).json() : JSON.parse(document.getElementById(form.dataset.options).textContent);
  return readable((found.creation_options ?? found.request_options).publicKey);
}

async function ask(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const publicKey = await options(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = JSON.stringify(sendable(credential));
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  } else {
    form.querySelector("[data-passkey-missing]").hidden = false;
    form.querySelector("button").disabled = true;
  }
}
