// Enhances: a form with one file input and a <template data-crop>: what will be kept of the chosen picture is shown and can be
// moved and zoomed, by mouse, by fingers and by sliders. NAME-x, NAME-y and NAME-size tell the server in pixels of the upright picture;
// whoever has no script sends none of them, and the middle is kept.
const SMALLEST = 64;
const MOST_ZOOM = 8;
const ENOUGH = 2048;
const between = (least, value, most) => Math.min(Math.max(value, least), Math.max(least, most));

async function decoded(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width, height } = whole;
  const scale = Math.min(1, ENOUGH / Math.max(width, height));
  if (scale === 1) return { bitmap: whole, width, height, scale };
  const bitmap = await createImageBitmap(whole, { resizeWidth: Math.ceil(width * scale), resizeHeight: Math.ceil(height * scale), resizeQuality: "high" });
  whole.close();
  return { bitmap, width, height, scale };
}

// The square that is kept; `box` tells and changes it, and everything that shows it is drawn anew.
function square(picture, shown) {
  const short = Math.min(picture.width, picture.height);
  const box = { size: short, x: (picture.width - short) / 2, y: (picture.height - short) / 2 };
  const most = between(1, short / SMALLEST, MOST_ZOOM);
  const put = (x, y, size = box.size) => {
    box.size = between(short / most, size, short);
    box.x = between(0, x, picture.width - box.size);
    box.y = between(0, y, picture.height - box.size);
    shown(box);
  };
  // `across` and `down` say which point of the square stays where it is: 0.5 is its middle.
  const zoom = (times, across = 0.5, down = 0.5) => {
    const size = between(short / most, short / times, short);
    put(box.x + (box.size - size) * across, box.y + (box.size - size) * down, size);
  };
  return { box, short, most, put, zoom };
}

function draw(canvas, picture, box) {
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture.bitmap, ...[box.x, box.y, box.size, box.size].map((pixels) => pixels * picture.scale), 0, 0, canvas.width, canvas.height);
}

// One finger or the mouse moves, two fingers or the wheel zoom.
function gestures(canvas, kept) {
  const fingers = new Map();
  const spread = () => {
    const [one, two] = [...fingers.values()];
    return Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const apart = fingers.size === 2 && spread();
    fingers.set(event.pointerId, event);
    if (apart) return kept.zoom((kept.short / kept.box.size) * (spread() / Math.max(1, apart)));
    const pixels = kept.box.size / canvas.clientWidth;
    kept.put(kept.box.x - (event.clientX - before.clientX) * pixels, kept.box.y - (event.clientY - before.clientY) * pixels);
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const frame = canvas.getBoundingClientRect();
    const times = (kept.short / kept.box.size) * (event.deltaY < 0 ? 1.1 : 1 / 1.1);
    kept.zoom(times, (event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  }, { passive: false });
}

function cropper(form, picture) {
  const node = form.querySelector("template[data-crop]").content.firstElementChild.cloneNode(true);
  const part = (name) => node.querySelector(`[data-part="${name}"]`);
  const slider = (name) => node.querySelector(`[data-move="${name}"]`);
  const say = (name, value) => {
    slider(name).value = value;
    slider(name).setAttribute("aria-valuetext", `${Math.round(value)} %`);
  };
  const kept = square(picture, (box) => {
    for (const canvas of node.querySelectorAll("canvas")) draw(canvas, picture, box);
    part("x").value = Math.floor(box.x);
    part("y").value = Math.floor(box.y);
    part("size").value = Math.max(1, Math.floor(box.size));
    say("zoom", (kept.short / box.size) * 100);
    for (const [name, room] of [["x", picture.width - box.size], ["y", picture.height - box.size]]) {
      slider(name).disabled = room < 1;
      say(name, room < 1 ? 50 : (box[name] / room) * 100);
    }
  });
  slider("zoom").max = Math.round(kept.most * 100);
  slider("zoom").disabled = kept.most === 1;
  slider("zoom").addEventListener("input", (event) => kept.zoom(event.target.value / 100));
  slider("x").addEventListener("input", (event) => kept.put((event.target.value / 100) * (picture.width - kept.box.size), kept.box.y));
  slider("y").addEventListener("input", (event) => kept.put(kept.box.x, (event.target.value / 100) * (picture.height - kept.box.size)));
  gestures(node.querySelector("canvas"), kept);
  kept.put(kept.box.x, kept.box.y);
  return node;
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  const form = input.type === "file" ? input.form : null;
  if (!form?.querySelector("template[data-crop]")) return;
  const [file] = input.files;
  form.querySelector(".crop")?.remove();
  if (!file) return;
  // What cannot be decoded here is sent as it is: the server has the sentence for it.
  const picture = await decoded(file).catch(() => null);
  if (picture && input.files[0] === file) input.closest(".drop").after(cropper(form, picture));
});
