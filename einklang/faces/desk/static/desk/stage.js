/* Slides turn by swipe, arrow keys and buttons; the picture may take the whole screen, with the Fachinformation in it. */
const stage = document.querySelector("[data-stage]");
const slides = document.querySelector("[data-slides]");
const full = document.querySelector("[data-full]");
if (stage && full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => stage.requestFullscreen());
}
if (slides) {
  const all = [...slides.children];
  const turn = document.querySelector("[data-turn]");
  const place = document.querySelector("[data-place]");
  let here = 0;
  stage.classList.add("turning");
  turn.hidden = all.length < 2;
  const tell = () => { place.textContent = `${here + 1} / ${all.length}`; };
  const go = (to) => {
    here = Math.min(Math.max(to, 0), all.length - 1);
    slides.scrollTo({ left: all[here].offsetLeft - slides.offsetLeft, behavior: "smooth" });
    tell();
  };
  for (const button of turn.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => go(here + Number(button.dataset.step)));
  }
  addEventListener("keydown", (event) => {
    if (event.target.closest("video, input, .table")) return;
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  const watch = new IntersectionObserver((seen) => {
    const shown = seen.find((each) => each.isIntersecting);
    if (shown) { here = all.indexOf(shown.target); tell(); }
  }, { root: slides, threshold: 0.6 });
  all.forEach((slide) => watch.observe(slide));
  tell();
}
