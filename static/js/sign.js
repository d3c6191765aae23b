// Enhances: a form with one file input and a <template id="sign-pad">: one draws instead of choosing a picture.
// What is drawn goes along as a PNG in the same input; whoever draws nothing signs with the name alone.
const shell = document.getElementById("sign-pad");
const input = shell?.closest("form").querySelector("input[type=file]");

function pad() {
  const node = shell.content.firstElementChild.cloneNode(true);
  const canvas = node.querySelector("canvas");
  const said = node.querySelector("[role=status]");
  const pen = canvas.getContext("2d");
  let last = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const blank = () => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    said.textContent = said.dataset.empty;
    input.value = "";
  };
  const keep = () =>
    canvas.toBlob((picture) => {
      const files = new DataTransfer();
      files.items.add(new File([picture], "signature.png", { type: "image/png" }));
      input.files = files.files;
      said.textContent = said.dataset.drawn;
    }, "image/png");
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = at(event);
    pen.beginPath();
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#1c2b4a";
    pen.moveTo(...last);
    pen.lineTo(...here);
    pen.stroke();
    last = here;
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      if (last) keep();
      last = null;
    });
  }
  node.querySelector("[data-clear]").addEventListener("click", blank);
  blank();
  return node;
}

if (input) {
  const field = input.closest(".field");
  field.hidden = true;
  field.after(pad());
}
