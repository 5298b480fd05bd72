/* The part of the page that changes by itself: the stream says that something happened, the page fetches what changed. */
const region = document.querySelector("[data-live]");
if (region) {
  const { live, stream, person } = region.dataset;
  let pending = 0;
  const refresh = async () => {
    const answer = await fetch(live, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok && !answer.redirected) region.innerHTML = await answer.text();
  };
  const source = new EventSource(stream);
  source.onmessage = (event) => {
    if (person && JSON.parse(event.data).person !== person) return;
    clearTimeout(pending);
    pending = setTimeout(refresh, 100);
  };
  addEventListener("pagehide", () => source.close());
}
