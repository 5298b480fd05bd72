/* The count beside the form follows what is chosen. Without script "Save and count" does the same.
   What is scheduled or tested is what is saved: who has not saved yet is told so first. */
const form = document.querySelector("[data-look]");
const seen = document.querySelector("[data-seen]");
const unsaved = document.querySelector("[data-unsaved]");
const PAUSE = 400;
let timer, asked = 0, changed = false;

async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form) });
    if (answer.redirected || !answer.ok) return;
    const text = await answer.text();
    if (mine === asked) seen.innerHTML = text;
  } catch { /* no connection: the next change asks again */ }
}

form.addEventListener("input", () => { changed = true; clearTimeout(timer); timer = setTimeout(look, PAUSE); });

for (const other of document.querySelectorAll("[data-of-saved]")) {
  other.addEventListener("submit", (event) => {
    if (!changed) return;
    event.preventDefault();
    unsaved.hidden = false;
    unsaved.focus();
  });
}
