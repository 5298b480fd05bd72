/* Long work: looks now and then how far it is, and shows the page anew when it is done. */
const told = document.querySelector("[data-job]");
const EVERY = 2000;

async function look() {
  try {
    const answer = await fetch(told.dataset.job);
    if (answer.redirected || !answer.ok) return;
    const { open, text } = await answer.json();
    if (!open) { location.reload(); return; }
    told.querySelector("b").textContent = text;
  } catch { /* no connection: the next look may find one */ }
  setTimeout(look, EVERY);
}

if (told) setTimeout(look, EVERY);
