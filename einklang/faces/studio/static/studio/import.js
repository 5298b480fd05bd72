/* While the worker is at it, the bar and its words follow; when the state changes, the whole page does. */
const EVERY = 1000;

async function follow() {
  const shown = document.querySelector("[data-live]");
  if (!shown) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const there = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = there && there.querySelector("[data-live]");
  if (there && now?.dataset.live !== shown.dataset.live) {
    location.reload();
    return;
  }
  if (now) {
    shown.querySelector("label").textContent = now.querySelector("label").textContent;
    const bar = shown.querySelector("progress");
    bar.value = now.querySelector("progress").value;
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
