/* A picture that is wider than its place begins at the step that is open. */
for (const place of document.querySelectorAll(".canvas .scroll")) {
  const open = place.querySelector("[aria-current]") ?? place.querySelector(".node");
  if (open && place.scrollWidth > place.clientWidth) {
    const [box, own] = [open.getBoundingClientRect(), place.getBoundingClientRect()];
    place.scrollLeft += box.left + box.width / 2 - own.left - own.width / 2;
  }
}
