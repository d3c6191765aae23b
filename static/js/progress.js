// Enhances: <progress class="meter"> that htmx renews (hx-get with hx-trigger="every 1s") next to, not around,
// <p class="vh" role="status" data-progress-said data-template="%s percent done">: it is told in steps of ten percent only.
let told = -1;

function tell() {
  const bar = document.querySelector("progress.meter[value]");
  const line = document.querySelector("[data-progress-said]");
  if (!bar || !line || !bar.max) return;
  const step = Math.floor((bar.value / bar.max) * 10) * 10;
  if (step === told) return;
  told = step;
  line.textContent = line.dataset.template.replace("%s", step);
}

document.addEventListener("htmx:afterSettle", tell);
tell();
