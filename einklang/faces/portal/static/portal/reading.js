/* On a content page: print, chapters, go on where one stopped, and say how far one came: only where the page asks. */
const film = document.querySelector(".film video");
const prose = document.querySelector(".prose");
const progress = document.querySelector("form[data-progress]");
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const link of document.querySelectorAll("a[data-at]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    film.currentTime = Number(link.dataset.at);
    film.play();
  });
}
if (progress) {
  let furthest = 0;
  const field = progress.elements.percent;
  const note = () => { furthest = Math.max(furthest, reached()); };
  if (new URLSearchParams(location.search).has("weiter")) goOn(Number(field.value) / 100);
  addEventListener("scroll", note, { passive: true });
  film?.addEventListener("timeupdate", note);
  document.addEventListener("visibilitychange", () => {
    note();
    if (document.visibilityState !== "hidden" || !furthest) return;
    field.value = Math.round(100 * furthest);
    navigator.sendBeacon(progress.action, new FormData(progress));
  });
}
function reached() {
  if (film) return film.duration ? film.currentTime / film.duration : 0;
  const { top, height } = prose.getBoundingClientRect();
  return Math.min(1, Math.max(0, (innerHeight - top) / (height || 1)));
}
function goOn(part) {
  if (film) film.addEventListener("loadedmetadata", () => { film.currentTime = part * film.duration; }, { once: true });
  else scrollTo(0, scrollY + prose.getBoundingClientRect().top + part * prose.offsetHeight - innerHeight);
}
