/* The editor of journeys: line numbers, checks while one types, and a copy of both texts until they are saved. */
const form = document.querySelector("[data-draft]");
const text = form.elements.text;
const tests = form.elements.tests;
const gutter = form.querySelector(".gutter");
const state = form.querySelector("[data-state]");
const checked = document.querySelector("#checked");
const [checking, done, offline, signedOut] = checked.dataset.words.split("|");
const key = `journey-texts-${form.dataset.draft}`;
const saved = written(text.defaultValue, tests.defaultValue);
const PAUSE = 400;
let timer;
let running;

function written(document, trials) {
  return JSON.stringify([document, trials]);
}

function keep() {
  sessionStorage.setItem(key, written(text.value, tests.value));
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

function number() {
  const lines = text.value.split("\n").length;
  const wrong = new Set([...checked.querySelectorAll("[data-line]")].map((link) => Number(link.dataset.line)));
  gutter.replaceChildren(...Array.from({ length: lines }, (_, line) => {
    const item = document.createElement("li");
    item.textContent = line + 1;
    item.classList.toggle("wrong", wrong.has(line + 1));
    return item;
  }));
  gutter.scrollTop = text.scrollTop;
}

async function check() {
  running?.abort();
  running = new AbortController();
  state.textContent = checking;
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), signal: running.signal });
    if (answer.redirected || answer.status === 403) { state.textContent = signedOut; return; }
    if (!answer.ok) throw new Error(answer.status);
    checked.innerHTML = await answer.text();
    text.setAttribute("aria-invalid", checked.querySelector("[data-line]") ? "true" : "false");
    state.textContent = done;
    number();
  } catch (error) {
    if (error.name !== "AbortError") state.textContent = offline;
  }
}

function go(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  text.scrollTop = Math.max(0, (line - 6) * (text.scrollHeight / lines.length));
}

text.addEventListener("input", () => { number(); keep(); });
tests.addEventListener("input", keep);
text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
checked.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  go(Number(link.dataset.line));
});

const kept = sessionStorage.getItem(key);
const restore = form.querySelector("[data-restore]");
if (kept !== null && kept !== saved) {
  restore.hidden = false;
  restore.querySelector("button").addEventListener("click", () => {
    [text.value, tests.value] = JSON.parse(kept);
    restore.hidden = true;
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
} else {
  sessionStorage.removeItem(key);
}
number();
