/* The count beside the form follows what is chosen. Without script "Save and count" does the same. */
const form = document.querySelector("[data-look]");
const seen = document.querySelector("[data-seen]");
const PAUSE = 400;
let timer, asked = 0;

async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.look, { method: "POST", body: new FormData(form) });
    if (answer.redirected || !answer.ok) return;
    const text = await answer.text();
    if (mine === asked) seen.innerHTML = text;
  } catch { /* no connection: the next change asks again */ }
}

form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
