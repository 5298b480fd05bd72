/* Pen or finger draws a path into the SVG; the form sends the path. Without it the typed name stands. */
const pad = document.querySelector("[data-sign]");
if (pad) {
  const path = pad.querySelector("path");
  const field = document.getElementById(pad.dataset.sign);
  let drawing = false;
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(pad.getScreenCTM().inverse());
    return `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
  };
  const draw = (value) => { field.value = value; path.setAttribute("d", value); };
  draw(field.value);
  pad.addEventListener("pointerdown", (event) => { drawing = true; pad.setPointerCapture(event.pointerId); draw(`${field.value}M${place(event)}`); });
  pad.addEventListener("pointermove", (event) => { if (drawing) draw(`${field.value}L${place(event)}`); });
  pad.addEventListener("pointerup", () => { drawing = false; });
  document.querySelector("[data-sign-clear]").addEventListener("click", () => draw(""));
}
